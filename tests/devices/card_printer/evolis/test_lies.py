"""Each way in which the printer or its line lies: the code, the honest effect, and what the world then shows."""

import io

import pytest
from PIL import Image, ImageChops

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.issuance import PrintAnswer
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.simulator.cards import Face, Place
from ktpel_desktop.devices.simulator.evolis import Lie, LinkLie
from tests.devices.card_printer.evolis.rigs import Rig, face, failure, furthest, text_on

NONE, UNKNOWN, DONE = Effect.NONE, Effect.UNKNOWN, None
HALF, FULL, WHITE = Face.HALF, Face.FULL, Face.NONE


TICKET = face("TICKET-1")


@pytest.fixture
def rig() -> Rig:
    return Rig()


def outcome(rig: Rig) -> tuple[str, Effect | None]:
    """What the driver says of a print."""
    try:
        rig.printer.print_card(TICKET, "TICKET-1")
    except DeviceError as error:
        return error.code, error.effect
    return "done", DONE


# lie: what the driver says; what can be seen on the card, where it is, how many were counted
LIES = {
    Lie.FEEDER_MISSES: ("printer.no_card", NONE, WHITE, Place.PRINTER, 0),
    Lie.JAM_FEEDING: ("printer.jam_in_transport", UNKNOWN, WHITE, Place.PRINTER, 0),
    Lie.JAM_PRINTING: ("printer.jam", UNKNOWN, HALF, Place.PRINTER, 0),
    Lie.RIBBON_ENDS: ("printer.ribbon_out_mid_card", UNKNOWN, HALF, Place.PRINTER, 0),
    Lie.RIBBON_TEARS: ("printer.ribbon_out_mid_card", UNKNOWN, WHITE, Place.PRINTER, 0),
    Lie.DOOR_OPENS: ("printer.door_open_mid_card", UNKNOWN, HALF, Place.PRINTER, 0),
    Lie.STAYS_INSIDE: ("printer.card_stuck", UNKNOWN, FULL, Place.PRINTER, 1),
    Lie.OUT_NOT_PRINTED: ("printer.counter_odd", UNKNOWN, WHITE, Place.OUT, 0),
    Lie.NOTHING_DONE: ("printer.answer_lost", UNKNOWN, WHITE, Place.PRINTER, 0),
    Lie.SILENT: ("printer.answer_lost", UNKNOWN, FULL, Place.OUT, 1),
    Lie.NOT_COUNTED: ("printer.counter_odd", UNKNOWN, FULL, Place.OUT, 0),
    Lie.COUNTED_TWICE: ("printer.counter_odd", UNKNOWN, FULL, Place.OUT, 2),
    Lie.COUNTED_INSIDE: ("printer.card_stuck", UNKNOWN, WHITE, Place.PRINTER, 1),
    Lie.CARD_LOST: ("printer.answer_lost", UNKNOWN, FULL, Place.LOST, 1),
    # every proof the printer can give is false: only the operator's eye at the read-back sees a white card
    Lie.COUNTED_OUT: ("done", DONE, WHITE, Place.OUT, 1),
}


def test_every_lie_of_a_two_machine_room_has_its_row() -> None:
    assert set(LIES) == set(Lie) - {Lie.JAM_LEAVING_STATION}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_told_with_an_honest_effect(rig: Rig, lie: Lie) -> None:
    serial = rig.feed()
    rig.machine.lies = [lie]
    *told, seen, place, counted = LIES[lie]
    assert outcome(rig) == tuple(told)
    card = rig.card(serial)
    assert (card.face, card.place, rig.bench.counter) == (seen, place, counted)
    assert rig.machine.lies == []
    assert rig.given_back


@pytest.mark.parametrize(
    "lie", [lie for lie, row in LIES.items() if row[3] is Place.PRINTER and row[1] is UNKNOWN]
)
def test_a_card_left_inside_is_never_printed_over(rig: Rig, lie: Lie) -> None:
    serial = rig.feed()
    rig.machine.lies = [lie]
    outcome(rig)
    before = rig.card(serial)
    rig.machine.power_cycle()
    rig.machine.door_open = rig.machine.ribbon_ended = False
    assert outcome(rig) == ("printer.card_left_inside", NONE)
    assert rig.card(serial) == before


def test_what_a_person_finds_agrees_with_the_card() -> None:
    for lie, answer in (
        (Lie.SILENT, PrintAnswer.CARD_GOOD),
        (Lie.NOTHING_DONE, PrintAnswer.NOT_PRINTED),
        (Lie.JAM_PRINTING, PrintAnswer.CARD_SPOILED),
        (Lie.CARD_LOST, PrintAnswer.CARD_MISSING),
    ):
        rig = Rig()
        serial = rig.feed()
        rig.machine.lies = [lie]
        outcome(rig)
        assert rig.bench.what_came_out(serial) is answer


@pytest.mark.parametrize(
    ("door", "ribbon", "told"),
    [(True, False, ("printer.door_open", NONE)), (False, True, ("printer.ribbon_out", NONE))],
)
def test_what_can_be_seen_before_is_refused_before(
    rig: Rig, door: bool, ribbon: bool, told: tuple[str, Effect]
) -> None:
    serial = rig.feed()
    rig.machine.door_open, rig.machine.ribbon_ended = door, ribbon
    assert outcome(rig) == told
    assert rig.card(serial).prints == 0
    assert not [heard for heard in rig.machine.heard if heard.startswith(("S", "D"))]
    rig.machine.door_open = rig.machine.ribbon_ended = False
    assert outcome(rig) == ("done", DONE)


def test_a_ribbon_of_another_kind_is_refused(rig: Rig) -> None:
    rig.feed()
    rig.machine.ribbon_loaded = "ko"
    assert outcome(rig) == ("printer.ribbon_wrong", NONE)


# ---------------------------------------------------------------- the bitmaps that stay


@pytest.fixture
def torn(rig: Rig) -> str:
    """Serial of a card that is inside, white, when its ribbon has torn and a new one was put in."""
    serial = rig.feed()
    rig.machine.lies = [Lie.RIBBON_TEARS]
    assert outcome(rig) == ("printer.ribbon_out_mid_card", UNKNOWN)
    assert rig.card(serial).face is WHITE
    rig.machine.change_ribbon()
    rig.machine.heard.clear()
    return serial


def test_the_same_job_is_printed_from_the_bitmaps_that_are_still_there(rig: Rig, torn: str) -> None:
    assert outcome(rig) == ("done", DONE)
    card = rig.card(torn)
    assert (card.face, card.tag, card.prints, card.place) == (FULL, "TICKET-1", 1, Place.OUT)
    assert rig.bench.counter == 1
    assert [heard for heard in rig.machine.heard if heard[0] in "DPS"] == ["Se"]


def test_a_ribbon_that_tears_again_leaves_it_as_it_was(rig: Rig, torn: str) -> None:
    rig.machine.lies = [Lie.RIBBON_TEARS]
    assert outcome(rig) == ("printer.ribbon_out_mid_card", UNKNOWN)
    assert outcome(rig) == ("printer.ribbon_out", NONE)
    rig.machine.change_ribbon()
    assert outcome(rig) == ("done", DONE)
    assert rig.card(torn).prints == 1


@pytest.mark.parametrize(("text", "tag"), [("TICKET-1", "TICKET-2"), ("TICKET-2", "TICKET-1")])
def test_another_job_or_face_is_never_printed_on_the_card_inside(
    rig: Rig, torn: str, text: str, tag: str
) -> None:
    assert failure(lambda: rig.printer.print_card(face(text), tag)) == ("printer.card_left_inside", NONE)
    assert rig.card(torn).prints == 0


def test_a_program_started_anew_does_not_know_whose_they_are(rig: Rig, torn: str) -> None:
    rig.printer = type(rig.printer)(rig.settings, rig.backend)
    assert outcome(rig) == ("printer.card_left_inside", NONE)


def test_they_are_gone_with_the_power(rig: Rig, torn: str) -> None:
    rig.machine.power_cycle()
    assert outcome(rig) == ("printer.card_left_inside", NONE)


def test_a_card_that_was_taken_out_and_fed_again_is_sent_anew(rig: Rig, torn: str) -> None:
    rig.world.take_out_by_hand()
    rig.bench.move_to_printer(torn)
    assert outcome(rig) == ("done", DONE)
    assert rig.card(torn).prints == 1
    assert [heard for heard in rig.machine.heard if heard[0] == "D"]


def test_an_error_that_is_not_the_ribbons_ends_the_second_try(rig: Rig, torn: str) -> None:
    rig.machine.lies = [Lie.NOTHING_DONE]
    assert outcome(rig) == ("printer.answer_lost", UNKNOWN)
    assert outcome(rig) == ("printer.card_left_inside", NONE)
    assert rig.card(torn).prints == 0


def test_a_card_is_not_put_out_while_a_bitmap_might_be_printed_on_it(rig: Rig, torn: str) -> None:
    assert failure(rig.printer.eject) == ("printer.bitmap_kept", NONE)
    rig.printer.reject()
    assert rig.card(torn).place is Place.REJECT


# ---------------------------------------------------------------- the line


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        (LinkLie.SHORT_READS, ("done", DONE)),
        (LinkLie.EMPTY_READS, ("printer.silent", NONE)),
        (LinkLie.GARBAGE, ("printer.silent", NONE)),
        (LinkLie.TWO_ANSWERS, ("printer.silent", NONE)),
        (LinkLie.NO_END, ("printer.silent", NONE)),
        (LinkLie.STALLED_OUT, ("printer.silent", NONE)),
        (LinkLie.STALLED_IN, ("printer.silent", NONE)),
    ],
)
def test_a_line_that_lies_from_the_beginning(rig: Rig, lie: LinkLie, told: tuple[str, Effect | None]) -> None:
    serial = rig.feed()
    rig.backend.lies = {lie}
    assert outcome(rig) == told
    assert rig.card(serial).prints == (told[0] == "done")
    assert rig.given_back


@pytest.mark.parametrize("lie", list(LinkLie))
def test_a_line_that_lies_from_the_order_to_print_on(rig: Rig, lie: LinkLie) -> None:
    serial = rig.feed()

    def begin(name: str) -> None:
        if rig.machine.heard[-1:] == ["Db;o;2"] and name == "write":
            rig.backend.lies = {lie}

    rig.backend.on_transfer = begin
    if lie is LinkLie.SHORT_READS:
        assert outcome(rig) == ("done", DONE)
    else:
        assert outcome(rig) == ("printer.answer_lost", UNKNOWN)
    assert rig.card(serial).prints == (lie is not LinkLie.STALLED_OUT)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (1, ("printer.offline", NONE)),
        (20, ("printer.offline", NONE)),
        (105, ("printer.lost_before_print", UNKNOWN)),
        (300_000, ("printer.lost_before_print", UNKNOWN)),
        (1_700_000, ("printer.lost_before_print", UNKNOWN)),
    ],
)
def test_the_cable_comes_out_in_mid_transfer(rig: Rig, written: int, told: tuple[str, Effect]) -> None:
    serial = rig.feed()
    rig.backend.unplug_after = written
    assert outcome(rig) == told
    assert rig.card(serial).prints == 0
    rig.backend.plug_in()
    assert rig.printer.marker() == 0
    assert rig.given_back


def test_the_cable_comes_out_right_after_the_order_to_print(rig: Rig) -> None:
    serial = rig.feed()

    def pull(name: str) -> None:
        if name == "read" and rig.machine.heard[-1:] == ["Se"]:
            rig.backend.present = False

    rig.backend.on_transfer = pull
    assert outcome(rig) == ("printer.unplugged_mid_card", UNKNOWN)
    assert (rig.card(serial).face, rig.bench.counter) == (FULL, 1)


def test_half_a_bitmap_left_in_the_printer_makes_it_silent_not_wrong(rig: Rig) -> None:
    """Without a reset of the bus the printer takes the next questions for pixels, until the power goes off."""
    rig.feed()
    rig.backend.unplug_after = 300_000
    outcome(rig)
    rig.backend.present, rig.backend.unplug_after = True, None
    assert rig.printer.health().ready is Answer.UNKNOWN
    assert outcome(rig) == ("printer.silent", NONE)
    rig.machine.power_cycle()
    assert rig.printer.health().ready is Answer.YES


# ---------------------------------------------------------------- the picture


def test_the_card_that_comes_out_is_the_artwork_that_was_sent(rig: Rig) -> None:
    card = face("TICKET-1")
    serial = rig.feed()
    rig.printer.print_card(card, "TICKET-1")
    (drawn,) = rig.machine.drawn
    with Image.open(io.BytesIO(card.black)) as sent:
        assert ImageChops.difference(drawn.black().convert("L"), sent.convert("L")).getbbox() is None
    with Image.open(io.BytesIO(card.colour)) as sent:
        assert furthest(drawn.colour(), sent.convert("RGB")) <= 1
    assert drawn.varnished()
    assert (text_on(drawn), rig.card(serial).tag) == ("TICKET-1", "TICKET-1")
    with Image.open(io.BytesIO(drawn.png())) as whole:
        assert whole.size == (1016, 648)
        assert whole.getpixel((30, 30)) == (0, 0, 0)


def test_the_order_of_commands_is_that_of_the_drivers_in_use(rig: Rig) -> None:
    rig.feed()
    rig.printer.print_card(face(), "T")
    acted = [heard for heard in rig.machine.heard if not heard.startswith("R")]
    assert acted == [
        *("Pem;2", "Pr;ymcko", "Pmi;F;s", "Si", "Ss", "Sr"),
        *("Db;y;128", "Db;m;128", "Db;c;128", "Db;k;2", "Db;o;2", "Se"),
    ]
