"""A power cut at every boundary of an issuance, crossed with every way a device or SIAK can fail."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from ktpel_desktop.core.issuance import Job, JobState
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import issuing, recovery
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.store.server import ServerDatabase
from ktpel_desktop.store.sql_store import SqlStore
from tests.services import printroom
from tests.services.honest import HonestOperator
from tests.services.power import Fuse, PowerCut, fused_desk
from tests.services.printroom import REQUEST, CrashRoom
from tests.store.database import QUICK
from tests.store.postgres_server import fresh_database

# name of the bench's fault, and how it is scripted; "siak:" faults disturb the line to SIAK
BEHAVIOURS: dict[str, tuple[str, dict[str, object]]] = {
    "all well": ("", {}),
    "reader unplugged at the first look": ("reader_unplugged", {"verb": "probe"}),
    "reader unplugged at the write": ("reader_unplugged", {"verb": "write"}),
    "no card": ("no_card", {"verb": "probe"}),
    "no card at the write": ("no_card", {"verb": "write"}),
    "chip mute once": ("chip_mute", {"verb": "probe"}),
    "chip mute after the write": ("chip_mute", {"verb": "probe", "after": 1}),
    "wrong card at the look": ("wrong_card", {"verb": "probe"}),
    "wrong card at the write": ("wrong_card", {"verb": "write"}),
    "wrong card at the read-back": ("wrong_card", {"verb": "probe", "after": 2}),
    "chip dead from the factory": ("dead_on_arrival", {}),
    "chip already written": ("foreign_content", {"verb": "probe"}),
    "chip found written at the write": ("foreign_content", {"verb": "write"}),
    "write refused": ("write_refused", {}),
    "pulled before the first command": ("card_pulled", {"at": 0}),
    "pulled at command 1": ("card_pulled", {"at": 1}),
    "pulled at command 2": ("card_pulled", {"at": 2}),
    "pulled at command 3": ("card_pulled", {"at": 3}),
    "pulled at the lock": ("card_pulled", {"at": 5}),
    "torn once": ("torn_write", {"at": 3}),
    "torn twice": ("torn_write", {"at": 3, "times": 2}),
    "torn at the lock": ("torn_write", {"at": 5}),
    "write answer lost after acting": ("write_answer_lost", {}),
    "write lost without acting": ("write_lost", {}),
    "chip holds something else": ("verify_differs", {}),
    "chip dies in the write": ("chip_dies", {"at": 2}),
    "printer offline at the marker": ("printer_offline", {"verb": "marker"}),
    "printer offline at the print": ("printer_offline", {"verb": "print_card"}),
    "printer door open": ("printer_door_open", {}),
    "ribbon out": ("ribbon_out", {}),
    "printer takes no card": ("printer_no_card", {}),
    "ribbon torn in mid-card": ("ribbon_out_mid_card", {}),
    "jam in mid-card": ("jam_mid_card", {}),
    "card stuck after printing": ("printed_card_stuck", {}),
    "print answer lost after acting": ("printed_answer_lost", {}),
    "print lost without acting": ("accepted_not_printed", {}),
    "printed, not counted": ("printed_not_counted", {}),
    "counted, not printed": ("counted_not_printed", {}),
    "printed card lost": ("printed_card_lost", {}),
    "two jams": ("jam_mid_card", {"times": 2}),
    "no order: offline": ("siak:print_order", {"faults": ("offline",)}),
    "no order: answer lost": ("siak:print_order", {"faults": ("lost_after_acting",)}),
    "no order: refused once": ("siak:print_order", {"faults": ("refused",)}),
    "report offline": ("siak:deliver", {"faults": ("offline", "offline")}),
    "report lost without acting": ("siak:deliver", {"faults": ("lost_without_acting",)}),
    "report answer lost after acting": ("siak:deliver", {"faults": ("lost_after_acting",)}),
    "report arrives twice": ("siak:deliver", {"faults": ("arrives_twice", "arrives_twice")}),
}


ON_SERVER = ("torn once", "print answer lost after acting")
"""One for the chip and one for the printer: a run takes seconds there, where a database is copied for every cut."""
Morning = Callable[[Path], CrashRoom]
"""Makes a print room in mid-morning; its folder is for the embedded file."""


@pytest.fixture(scope="session")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Morning:
    return partial(printroom.copy, printroom.template(tmp_path_factory.mktemp("morning")))


@pytest.fixture(scope="session")
def morning_on_server() -> Morning:
    furnished = fresh_database()
    with SqlStore(ServerDatabase.open(furnished), QUICK) as store:
        printroom.furnish(store)
    return lambda _folder: printroom.on_server(furnished)


def prepared(morning: Morning, folder: Path, behaviour: str) -> CrashRoom:
    room = morning(folder)
    fault, options = BEHAVIOURS[behaviour]
    if fault.startswith("siak:"):
        faults = options["faults"]
        assert isinstance(faults, tuple)
        room.siak.faults[fault.removeprefix("siak:")].extend(faults)
    elif fault:
        room.bench.faults.script(fault, **options)  # type: ignore[arg-type]
    return room


def boundaries(morning: Morning, folder: Path, behaviour: str) -> int:
    """How many boundaries the run passes when the power stays on."""
    room = prepared(morning, folder, behaviour)
    fuse = Fuse()
    HonestOperator(room.bench).issue(fused_desk(room.desk, fuse), REQUEST)
    room.assert_accounted()
    room.store.close()
    return fuse.passed


def play_with_cuts(morning: Morning, folder: Path, behaviour: str) -> None:
    """Run the issuance once for every boundary, with the power cut there, and check the world afterwards."""
    for at in range(1, boundaries(morning, folder, behaviour) + 1):
        room = prepared(morning, folder, behaviour)
        fuse = Fuse(at)
        try:
            HonestOperator(room.bench).issue(fused_desk(room.desk, fuse), REQUEST)
        except PowerCut:
            room.clock.advance(minutes=3)
            HonestOperator(room.bench).issue(room.desk, REQUEST)
        try:
            assert fuse.gone
            room.assert_accounted()
        except AssertionError as error:
            error.add_note(f"power cut {at}: {fuse.names[-1]}")
            raise
        finally:
            room.store.close()


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_a_power_cut_at_any_boundary_leaves_one_good_card(
    behaviour: str, morning: Morning, tmp_path: Path
) -> None:
    play_with_cuts(morning, tmp_path, behaviour)


@pytest.mark.real
@pytest.mark.parametrize("behaviour", ON_SERVER)
def test_so_it_does_on_the_rooms_server(behaviour: str, morning_on_server: Morning, tmp_path: Path) -> None:
    play_with_cuts(morning_on_server, tmp_path, behaviour)


def test_sending_again_after_a_restart_would_be_caught(
    morning: Morning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deliberate mistake 1: a print in doubt is taken up again at ENCODED, as if nothing had been sent."""

    def mistaken(desk: Desk, actor: Actor) -> tuple[Job, ...]:
        with desk.unit(actor) as unit:
            for job in unit.jobs.in_states(frozenset({JobState.PRINTING})):
                unit.jobs.move(job, JobState.ENCODED)
        return ()

    monkeypatch.setattr(recovery, "recover", mistaken)
    with pytest.raises(AssertionError):
        play_with_cuts(morning, tmp_path, "all well")


def test_an_unknown_outcome_treated_as_a_failure_would_be_caught(
    morning: Morning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deliberate mistake 2: a lost answer counts as "not printed", so the card is sent again."""
    monkeypatch.setattr(issuing, "after_print", lambda effect: JobState.ENCODED)
    with pytest.raises(AssertionError):
        play_with_cuts(morning, tmp_path, "print answer lost after acting")


def test_journalling_only_after_printing_would_be_caught(
    morning: Morning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deliberate mistake 3: the intent to print is written down when the card is already out."""

    def mistaken(desk: Desk, actor: Actor, job: str, order: VerifiedOrder) -> Job:
        with desk.unit(actor) as unit:
            known = unit.jobs.get(job)
        marker = desk.card_printer.marker()
        desk.card_printer.print_card(desk.papers.card_face(order), known.id)
        with desk.unit(actor) as unit:
            known = unit.jobs.move(known, JobState.PRINTING, printer_marker=marker)
            return unit.jobs.move(known, JobState.PRINTED)

    monkeypatch.setattr(issuing, "print_card", mistaken)
    with pytest.raises(AssertionError):
        play_with_cuts(morning, tmp_path, "all well")
