"""A room with one machine: feed, encode at the station, print, put out; or reject where anything is in doubt."""

import pytest

from ktpel_desktop.core.errors import Effect
from ktpel_desktop.core.issuance import ChipContent
from ktpel_desktop.core.ports import CardFeeder, Spot
from ktpel_desktop.devices.card_printer.evolis import EvolisSettings
from ktpel_desktop.devices.simulator.cards import Face, Place, SimulatedCard
from ktpel_desktop.devices.simulator.chip import SimulatedChip
from ktpel_desktop.devices.simulator.evolis import Lie
from tests.devices.card_printer.evolis.rigs import Rig, face, failure
from tests.devices.contract import LOAD

NONE, UNKNOWN = Effect.NONE, Effect.UNKNOWN


@pytest.fixture
def rig() -> Rig:
    return Rig(EvolisSettings(inline_encoder=True))


def only_card(rig: Rig) -> SimulatedCard:
    (card,) = rig.bench.cards
    return card


def encode(rig: Rig) -> str:
    """What the PC/SC reader inside does, between feeding and printing."""
    chip = SimulatedChip(rig.bench, chunks=3)
    serial = chip.probe().serial
    chip.write(serial, LOAD, lambda step: None)
    assert chip.probe().content is ChipContent.FULL
    return serial


def test_one_card_goes_from_the_tray_to_the_output(rig: Rig) -> None:
    feeder: CardFeeder = rig.printer
    assert feeder.spot() is Spot.NOWHERE
    feeder.feed_to_station()
    assert feeder.spot() is Spot.STATION
    serial = encode(rig)
    before = rig.printer.marker()
    rig.printer.print_card(face("T-1"), "T-1")
    card = rig.card(serial)
    assert (card.face, card.place, card.tag, card.prints) == (Face.FULL, Place.OUT, "T-1", 1)
    assert card.holds(LOAD.digest)
    assert rig.printer.marker() == before + 1
    assert feeder.spot() is Spot.NOWHERE


def test_a_day_of_cards_leaves_every_count_right(rig: Rig) -> None:
    for number in range(3):
        rig.printer.feed_to_station()
        encode(rig)
        rig.printer.print_card(face(f"T-{number}"), f"T-{number}")
    rig.printer.feed_to_station()
    rig.printer.reject()
    assert (rig.printer.marker(), rig.printer.supplies().cards, rig.printer.supplies().ribbon_used) == (
        3,
        4,
        3,
    )
    assert (rig.bench.census()[Place.OUT], rig.bench.census()[Place.REJECT], rig.bench.tray) == (3, 1, 1)


def test_a_doubtful_card_goes_to_the_box_and_the_next_one_comes(rig: Rig) -> None:
    rig.printer.feed_to_station()
    serial = encode(rig)
    rig.printer.reject()
    assert (rig.card(serial).place, rig.card(serial).prints) == (Place.REJECT, 0)
    rig.printer.feed_to_station()
    assert encode(rig) != serial


def test_a_card_is_put_out_unprinted(rig: Rig) -> None:
    rig.printer.feed_to_station()
    rig.printer.eject()
    assert (only_card(rig).place, only_card(rig).face, rig.bench.counter) == (Place.OUT, Face.NONE, 0)


def test_without_a_card_at_the_station_nothing_is_printed(rig: Rig) -> None:
    assert failure(lambda: rig.printer.print_card(face(), "T")) == ("printer.no_card", NONE)
    assert failure(rig.printer.eject) == ("printer.no_card", NONE)
    assert failure(rig.printer.reject) == ("printer.no_card", NONE)
    assert rig.bench.cards == ()


def test_a_second_card_is_not_fed_onto_the_first(rig: Rig) -> None:
    rig.printer.feed_to_station()
    assert failure(rig.printer.feed_to_station) == ("printer.card_left_inside", NONE)


def test_an_empty_tray_and_an_open_door_move_nothing(rig: Rig) -> None:
    rig.machine.door_open = True
    assert failure(rig.printer.feed_to_station) == ("printer.door_open", NONE)
    rig.machine.door_open = False
    for _ in range(5):
        rig.printer.feed_to_station()
        rig.printer.eject()
    assert failure(rig.printer.feed_to_station) == ("printer.no_card", NONE)


def test_a_full_box_is_told_before_the_card_moves(rig: Rig) -> None:
    rig.machine.reject_limit = 0
    rig.printer.feed_to_station()
    assert failure(rig.printer.reject) == ("printer.reject_full", NONE)
    assert rig.printer.spot() is Spot.STATION
    assert "printer.reject_full" in rig.printer.health().notes


def test_a_jam_before_encoding_leaves_a_blank_that_nobody_calls_a_blank(rig: Rig) -> None:
    rig.machine.lies = [Lie.JAM_FEEDING]
    assert failure(rig.printer.feed_to_station) == ("printer.jam_in_transport", UNKNOWN)
    card = only_card(rig)
    assert (card.content, card.face, card.place) == (ChipContent.BLANK, Face.NONE, Place.PRINTER)
    assert rig.printer.spot() is Spot.INSIDE
    assert failure(rig.printer.feed_to_station) == ("printer.card_left_inside", NONE)
    assert failure(rig.printer.reject) == ("printer.jam_in_transport", UNKNOWN)
    rig.printer.clear_status()
    rig.printer.reject()
    assert only_card(rig).place is Place.REJECT


def test_a_jam_after_encoding_is_unknown_and_the_card_is_written_and_white(rig: Rig) -> None:
    rig.printer.feed_to_station()
    serial = encode(rig)
    rig.machine.lies = [Lie.JAM_LEAVING_STATION]
    assert failure(lambda: rig.printer.print_card(face(), "T")) == ("printer.jam_in_transport", UNKNOWN)
    card = rig.card(serial)
    assert (card.content, card.face, card.prints, rig.bench.counter) == (ChipContent.FULL, Face.NONE, 0, 0)


@pytest.mark.parametrize("verb", ["eject", "reject"])
def test_a_card_that_does_not_move_though_the_printer_says_so_is_seen(rig: Rig, verb: str) -> None:
    rig.printer.feed_to_station()
    rig.machine.lies = [Lie.STAYS_INSIDE]
    assert failure(getattr(rig.printer, verb)) == ("printer.move_unclear", UNKNOWN)


def test_a_feed_whose_answer_is_lost_is_unknown(rig: Rig) -> None:
    def silent(name: str) -> None:
        if name == "read" and rig.machine.heard[-1:] == ["Sic"]:
            rig.backend.present = False

    rig.backend.on_transfer = silent
    assert failure(rig.printer.feed_to_station) == ("printer.move_unclear", UNKNOWN)
    rig.backend.plug_in()
    rig.backend.on_transfer = lambda name: None
    assert rig.printer.spot() is Spot.STATION  # the sensors tell a person what happened


def test_a_station_that_sees_no_card_is_not_believed(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.world, "at_station", lambda: False)
    assert failure(rig.printer.feed_to_station) == ("printer.move_unclear", UNKNOWN)


def test_sensors_that_contradict_each_other_know_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.world, "at_station", lambda: True)
    assert rig.printer.spot() is Spot.UNKNOWN
    for act in (rig.printer.feed_to_station, rig.printer.eject, rig.printer.reject):
        assert failure(act) == ("printer.state_unknown", NONE)


def test_a_reset_forgets_bitmaps_and_errors(rig: Rig) -> None:
    rig.printer.feed_to_station()
    rig.machine.lies = [Lie.RIBBON_ENDS]
    assert failure(lambda: rig.printer.print_card(face(), "T"))[0] == "printer.ribbon_out_mid_card"
    rig.printer.reset()
    rig.printer.eject()
    assert only_card(rig).face is Face.HALF
