"""What the printer tells of itself: health in three values, readings with names that stay, supplies."""

import pytest

from ktpel_desktop.core.errors import Effect
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.card_printer.evolis import Identity, Supplies
from ktpel_desktop.devices.simulator.evolis import LinkLie
from tests.devices.card_printer.evolis.rigs import Rig, face, failure

IDENTITY = {"model": "SIMULATED", "serial": "SIM000001", "firmware": "1.0", "head": "HEAD0001"}


def test_a_ready_printer_tells_everything_and_moves_nothing() -> None:
    rig = Rig()
    rig.feed()
    health = rig.printer.health()
    assert (health.ready, health.notes) == (Answer.YES, ())
    assert health.readings == {
        **IDENTITY,
        "counter": "0",
        "panels": "0",
        "ribbon": "ymcko",
        "ribbon_used": "0",
        "cards_inserted": "0",
        "cleanings": "1",
    }
    assert {heard[0] for heard in rig.machine.heard} == {"R"}


@pytest.mark.parametrize(
    ("attribute", "value", "ready", "notes"),
    [
        ("door_open", True, Answer.NO, ("printer.door_open",)),
        ("ribbon_ended", True, Answer.NO, ("printer.ribbon_out",)),
        ("reject_limit", 0, Answer.YES, ("printer.reject_full",)),
    ],
)
def test_what_is_wrong_has_its_note(
    attribute: str, value: object, ready: Answer, notes: tuple[str, ...]
) -> None:
    rig = Rig()
    setattr(rig.machine, attribute, value)
    health = rig.printer.health()
    assert (health.ready, health.notes) == (ready, notes)


@pytest.mark.parametrize("lie", [lie for lie in LinkLie if lie is not LinkLie.SHORT_READS])
def test_health_never_raises_and_calls_silence_unknown(lie: LinkLie) -> None:
    rig = Rig()
    rig.backend.lies = {lie}
    health = rig.printer.health()
    assert (health.ready, health.notes) == (Answer.UNKNOWN, ("printer.silent",))


@pytest.mark.parametrize(
    ("refused", "ready"),
    [("Rse", Answer.UNKNOWN), ("Rr", Answer.YES), ("Rkn", Answer.YES)],
)
def test_a_model_that_does_not_know_a_question_is_not_thereby_broken(refused: str, ready: Answer) -> None:
    rig = Rig()
    rig.machine.refuses = {refused}
    assert rig.printer.health().ready is ready


def test_a_printer_without_card_sensor_is_not_printed_on() -> None:
    """Nobody could ever prove that the card came out."""
    rig = Rig()
    serial = rig.feed()
    rig.machine.refuses = {"Rse"}
    assert failure(lambda: rig.printer.print_card(face(), "T")) == ("printer.state_unknown", Effect.NONE)
    assert rig.card(serial).prints == 0


def test_the_identity() -> None:
    rig = Rig()
    assert rig.printer.identity() == Identity(**IDENTITY)
    rig.machine.refuses = {"Rkn"}
    assert rig.printer.identity().head == ""


def test_supplies_are_counted_as_cards_are_printed() -> None:
    rig = Rig()
    for _ in range(2):
        rig.feed()
        rig.printer.print_card(face(), "T")
    assert rig.printer.supplies() == Supplies(ribbon_kind="ymcko", ribbon_used=2, cards=2, cleanings=1)


def test_what_the_printer_does_not_tell_is_left_out() -> None:
    rig = Rig()
    rig.machine.refuses = {"Rco", "Rr"}
    assert rig.printer.supplies() == Supplies()
    assert Supplies().readings() == {}
