"""Calibration is a function of the journal, belongs to one printer, and moves every card that is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ktpel_desktop.core.calibration import Calibration
from ktpel_desktop.core.errors import DeviceError, Effect, PolicyError
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.ports import CardFace, PrintStage, unheard
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import calibration, issuing
from tests.services.chip_worlds import Printer
from tests.services.desks import PlainPapers
from tests.services.office import BUDI, JOKO, RATNA, SARI, TONO, World, refused

MOVED = Calibration(0.4, -0.2, 1.01)


class PlacingPapers(PlainPapers):
    """Faces that tell where they were put; one that would lose ink is refused."""

    cuts = False

    def placed(self, face: CardFace, calibration: Calibration) -> CardFace:
        if self.cuts:
            raise PolicyError("face.placement_cuts")
        return replace(face, colour=face.colour + f" {calibration}".encode())


class Recorder(Printer):
    """Keeps what it printed; fails as it is told."""

    def __init__(self, error: DeviceError | None = None) -> None:
        super().__init__()
        self.error = error
        self.printed: list[tuple[CardFace, str]] = []

    def clear_queue(self) -> bool:
        return False

    def print_card(self, face: CardFace, tag: str, told: Callable[[PrintStage], None] = unheard) -> None:
        self.printed.append((face, tag))
        if self.error is not None:
            raise self.error
        super().print_card(face, tag, told)


def with_printer(world: World, printer: Recorder, papers: PlainPapers | None = None) -> World:
    desk = replace(world.desk, card_printer=printer, papers=papers or PlacingPapers())
    return replace(world, desk=desk)


def test_nothing_kept_is_exact(day: World) -> None:
    found = calibration.current(day.desk, BUDI)
    assert (found.calibration, found.at, found.by) == (Calibration(), None, "")


def test_the_newest_word_counts_and_tells_who_and_when(day: World) -> None:
    calibration.keep(day.desk, BUDI, Calibration(1.0))
    day.clock.advance(minutes=5)
    assert calibration.keep(day.desk, RATNA, MOVED) == calibration.current(day.desk, BUDI)
    found = calibration.current(day.desk, TONO)
    assert (found.calibration, found.at, found.by) == (MOVED, day.clock.now(), "ratna")
    assert day.events("printer.calibrated")[-1] == (
        "kalibrasi:pencetak",
        {"right_mm": 0.4, "down_mm": -0.2, "stretch": 1.01},
    )


def test_another_printer_or_tray_has_its_own(day: World) -> None:
    calibration.keep(day.desk, BUDI, MOVED)
    other = replace(day.desk, card_printer_name="pencetak-2")
    assert calibration.current(other, BUDI).calibration == Calibration()


def test_every_card_is_printed_where_the_printer_puts_it_right(day: World) -> None:
    printer = Recorder()
    room = with_printer(day, printer)
    calibration.keep(room.desk, BUDI, MOVED)
    assert room.print_card(room.encoded()).state is JobState.PRINTED
    assert str(MOVED).encode() in printer.printed[0][0].colour


def test_a_face_that_would_lose_ink_costs_no_blank(day: World) -> None:
    papers = PlacingPapers()
    room = with_printer(day, Recorder(), papers)
    request = room.verified()
    papers.cuts = True
    with refused("face.placement_cuts"):
        issuing.reserve(room.desk, BUDI, request.id)
    with room.desk.unit(BUDI) as unit:
        assert list(unit.jobs.of_request(request.id)) == []


def test_a_face_that_would_lose_ink_later_is_not_sent(day: World) -> None:
    papers, printer = PlacingPapers(), Recorder()
    room = with_printer(day, printer, papers)
    job = room.encoded()
    papers.cuts = True
    with refused("face.placement_cuts"):
        room.print_card(job)
    assert (room.job(job.id).state, printer.printed) == (JobState.ENCODED, [])


def test_the_alignment_card_is_printed_and_journalled(day: World) -> None:
    printer = Recorder()
    room = with_printer(day, printer)
    calibration.print_lines(room.desk, TONO, MOVED)
    ((face, tag),) = printer.printed
    assert tag == "KALIBRASI"
    assert f"pencetak {MOVED} 2026-11-23" in face.colour.decode()
    assert day.events("printer.alignment_printed") == [("kalibrasi:pencetak", MOVED.told())]
    assert calibration.current(room.desk, BUDI).calibration == Calibration()


def test_look_at_the_card_is_what_the_person_does_anyway(day: World) -> None:
    room = with_printer(day, Recorder(DeviceError("printer.look_at_card", Effect.UNKNOWN)))
    calibration.print_lines(room.desk, BUDI, MOVED)
    assert len(day.events("printer.alignment_printed")) == 1


@pytest.mark.parametrize("effect", [Effect.NONE, Effect.UNKNOWN])
def test_every_other_failure_is_told_and_not_called_printed(day: World, effect: Effect) -> None:
    room = with_printer(day, Recorder(DeviceError("printer.jam", effect)))
    with pytest.raises(DeviceError):
        calibration.print_lines(room.desk, BUDI, MOVED)
    assert day.events("printer.alignment_printed") == []


def test_the_preview_is_the_card_that_would_be_printed(day: World) -> None:
    face = day.desk.papers.alignment_card("pencetak", MOVED, day.clock.now().date())
    assert calibration.preview(day.desk, BUDI, MOVED) == day.desk.papers.picture(face)


@pytest.mark.parametrize("actor", [SARI, JOKO])
def test_who_may_not_test_devices_may_not_calibrate(day: World, actor: Actor) -> None:
    acts: tuple[Callable[..., object], ...] = (
        calibration.keep,
        calibration.print_lines,
        calibration.preview,
    )
    for act in acts:
        with refused("role.not_allowed"):
            act(day.desk, actor, MOVED)
    with refused("role.not_allowed"):
        calibration.current(day.desk, actor)
