"""The issuance's crash tests with the real driver: whatever fails and wherever the power goes, one good card.

The card's tag is read off its ink: what came out is what was sent, or the room's accounts do not hold.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect, PolicyError
from ktpel_desktop.core.issuance import JobState, SpoilReason
from ktpel_desktop.core.ports import CardFace, PrintStage, unheard
from ktpel_desktop.devices.card_printer.evolis import panels
from ktpel_desktop.devices.simulator.cards import Face, Place
from ktpel_desktop.devices.simulator.evolis import Lie, SimulatedEvolisPrinter
from ktpel_desktop.devices.simulator.faults import FAULTS
from ktpel_desktop.services import issuing
from tests.devices.card_printer.evolis import issuance_room
from tests.devices.card_printer.evolis.issuance_room import EvolisRoom, OperatorAtTheMachine
from tests.services import printroom
from tests.services.honest import OPERATOR
from tests.services.printroom import OTHER, REQUEST

PRINTER_FAULTS: dict[str, dict[str, object]] = {
    "printer_offline": {"verb": "print_card"},
    "printer_door_open": {},
    "ribbon_out": {},
    "printer_no_card": {},
    "ribbon_out_mid_card": {},
    "jam_mid_card": {},
    "printed_card_stuck": {},
    "printed_answer_lost": {},
    "accepted_not_printed": {},
    "printed_not_counted": {},
    "counted_not_printed": {},
    "printed_card_lost": {},
}


@pytest.fixture(scope="session")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return printroom.template(tmp_path_factory.mktemp("evolis-morning"), requests=2)


@pytest.fixture(autouse=True)
def _each_face_is_packed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of prints of a few faces; how faces are packed is tested in test_panels.py."""
    monkeypatch.setattr(panels, "downloads", lru_cache(maxsize=8)(panels.downloads))


def script(room: EvolisRoom, fault: str, **options: object) -> None:
    if fault:
        room.bench.faults.script(fault, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", PRINTER_FAULTS)
def test_the_driver_tells_the_effect_that_the_fault_has(fault: str, morning: Path, tmp_path: Path) -> None:
    room = issuance_room.copy(morning, tmp_path)
    serial = room.bench.take_blank().serial
    room.bench.move_to_printer(serial)
    script(room, fault, **PRINTER_FAULTS[fault])
    with pytest.raises(DeviceError) as failed:
        room.printer.print_card(issuance_room.drawn_once("J"), "J")
    assert failed.value.effect is FAULTS[fault].effect
    if failed.value.effect is Effect.NONE:
        assert room.bench.card(serial).prints == 0
    assert room.bench.faults.waiting() == {}
    room.store.close()


REPRESENTATIVE = (
    *("", "printer_door_open", "ribbon_out_mid_card", "jam_mid_card", "printed_answer_lost"),
    *("accepted_not_printed", "printed_not_counted", "counted_not_printed", "printed_card_lost"),
)
"""All that differs in what the driver says and what the world shows; the rest ends like one of these."""


@pytest.mark.parametrize("fault", REPRESENTATIVE)
def test_a_power_cut_at_any_boundary_leaves_one_good_card(fault: str, morning: Path, tmp_path: Path) -> None:
    def prepare(room: EvolisRoom) -> None:
        script(room, fault, **PRINTER_FAULTS.get(fault, {}))

    assert issuance_room.play_with_cuts(morning, tmp_path, prepare, issuance_room.at_ports) > 30


@pytest.mark.parametrize("fault", ["", "jam_mid_card", "printed_answer_lost"])
def test_a_power_cut_in_the_middle_of_the_printing_leaves_one_good_card(
    fault: str, morning: Path, tmp_path: Path
) -> None:
    def prepare(room: EvolisRoom) -> None:
        script(room, fault)

    assert issuance_room.play_with_cuts(morning, tmp_path, prepare, issuance_room.inside_the_print) >= 30


def test_an_unknown_effect_called_none_would_be_caught(
    morning: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deliberate mistake: the effect of a lost answer is called NONE, so the card is printed a second time."""
    honest = SimulatedEvolisPrinter.print_card

    def mistaken(
        self: SimulatedEvolisPrinter, face: CardFace, tag: str, told: Callable[[PrintStage], None] = unheard
    ) -> None:
        try:
            honest(self, face, tag)
        except DeviceError as error:
            raise DeviceError("printer.offline", Effect.NONE) from error

    monkeypatch.setattr(SimulatedEvolisPrinter, "print_card", mistaken)

    def prepare(room: EvolisRoom) -> None:
        script(room, "printed_answer_lost")

    with pytest.raises(AssertionError):
        issuance_room.play_with_cuts(morning, tmp_path, prepare, issuance_room.at_ports)


# ---------------------------------------------------------------- two cards swapped between reader and printer


def encoded_job(room: EvolisRoom, operator: OperatorAtTheMachine, request_id: str) -> tuple[str, str]:
    """Work on a request until its chip is written: job id and chip serial."""
    for _ in range(20):
        with room.desk.unit(OPERATOR) as unit:
            jobs = [job for job in unit.jobs.of_request(request_id) if job.state is JobState.ENCODED]
        if jobs:
            assert jobs[0].chip_serial is not None
            room.bench.remove()
            return jobs[0].id, jobs[0].chip_serial
        operator.step(room.desk, request_id)
    raise AssertionError("not encoded")


def test_swapped_cards_are_caught_at_the_read_back(morning: Path, tmp_path: Path) -> None:
    room = issuance_room.copy(morning, tmp_path)
    operator = OperatorAtTheMachine(room.bench)
    (first, card_one), (second, card_two) = (
        encoded_job(room, operator, request_id) for request_id in (REQUEST, OTHER)
    )
    for job, wrong_card in ((first, card_two), (second, card_one)):
        room.bench.move_to_printer(wrong_card)
        assert issuing.print_card(
            room.desk, OPERATOR, job, issuing.order_for(room.desk, OPERATOR, job)
        ).state is (JobState.PRINTED)
    assert (room.bench.card(card_two).tag, room.bench.card(card_one).tag) == (
        first,
        second,
    )  # as the ink says

    room.bench.put_on_reader(card_two)  # the card with the first job's face
    with pytest.raises(PolicyError) as other:
        issuing.check_printed(room.desk, OPERATOR, first, face_ok=True)
    assert other.value.code == "issuing.other_card"
    for job, own_card in ((first, card_one), (second, card_two)):
        room.bench.put_on_reader(own_card)  # its own chip, and on it the other's face: the eye says no
        seen = room.bench.card(own_card).tag == job
        checked = issuing.check_printed(room.desk, OPERATOR, job, face_ok=seen)
        assert (checked.state, checked.spoil_reason) == (JobState.SPOILED, SpoilReason.PRINT_FAILED)
    for serial in (card_one, card_two):
        room.bench.reject(serial)
    for request_id in (REQUEST, OTHER):
        operator.issue(room.desk, request_id)
    room.assert_accounted(REQUEST, OTHER)
    room.store.close()


def test_a_white_card_that_every_proof_calls_printed_is_caught_by_the_eye(
    morning: Path, tmp_path: Path
) -> None:
    room = issuance_room.copy(morning, tmp_path)
    operator = OperatorAtTheMachine(room.bench)
    job, card = encoded_job(room, operator, REQUEST)
    room.bench.move_to_printer(card)
    honest, machine = room.printer.driver.print_card, room.printer.machine

    def lying(face: CardFace, tag: str, told: Callable[[PrintStage], None] = unheard) -> None:
        machine.lies = [Lie.COUNTED_OUT]
        honest(face, tag)

    room.printer.driver.print_card = lying  # type: ignore[method-assign]
    order = issuing.order_for(room.desk, OPERATOR, job)
    assert issuing.print_card(room.desk, OPERATOR, job, order).state is JobState.PRINTED
    assert (room.bench.card(card).face, room.bench.card(card).place) == (Face.NONE, Place.OUT)
    room.printer.driver.print_card = honest  # type: ignore[method-assign]
    room.bench.put_on_reader(card)
    assert issuing.check_printed(room.desk, OPERATOR, job, face_ok=False).state is JobState.SPOILED
    room.bench.reject(card)
    operator.issue(room.desk, REQUEST)
    room.store.close()
