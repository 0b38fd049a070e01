"""What was sent, what was answered, and what the driver makes of it."""

import pytest

from ktpel_desktop.core.errors import Effect
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.card_printer.evolis import commands
from ktpel_desktop.devices.card_printer.evolis.commands import Command, Refusal, Sensor
from ktpel_desktop.devices.card_printer.evolis.conversation import Conversation
from ktpel_desktop.devices.card_printer.evolis.failures import Reach
from ktpel_desktop.devices.card_printer.evolis.settings import Patience
from ktpel_desktop.devices.usb_printer_link import LinkLost, Lost
from tests.devices.card_printer.evolis.rigs import RecordedLine, failure

NONE, UNKNOWN = Effect.NONE, Effect.UNKNOWN


def talk(*answers: bytes | Lost, printing: bool = True) -> tuple[Conversation, RecordedLine]:
    line = RecordedLine(*answers)
    return Conversation(line, Patience(), printing=printing), line


def test_a_question_and_its_answer() -> None:
    spoken, line = talk(b"Primacy\x00")
    assert spoken.ask(commands.MODEL) == "Primacy"
    assert line.written == b"\x1bRtp\r"


@pytest.mark.parametrize(
    "pieces",
    [
        (b"OK\x00",),
        (b"O", b"K\x00"),
        (b"", b"O", b"", b"K", b"\x00"),
        (b"\x00OK\r\n",),
        (b"OK\r",),
        (b"OK\x00\x00\x00",),
    ],
)
def test_an_answer_may_come_in_pieces(pieces: tuple[bytes, ...]) -> None:
    spoken, _ = talk(*pieces)
    spoken.order(commands.FRONT)


@pytest.mark.parametrize("pieces", [(b"OK\x00OK\x00",), (b"x" * 600,), (b"",) * 40, (b"OK",), (b"\x00\x00",)])
def test_an_answer_without_end_or_with_a_second_one_is_none(pieces: tuple[bytes, ...]) -> None:
    spoken, _ = talk(*pieces)
    assert failure(lambda: spoken.ask(commands.MODEL)) == ("printer.silent", NONE)


def test_sensors_say_yes_no_or_nothing() -> None:
    spoken, _ = talk(b"1\x00", b"0\x00", b"7\x00", b"ERROR CDE\x00")
    seen = [spoken.see(Sensor.CARD_INSIDE) for _ in range(4)]
    assert seen == [Answer.YES, Answer.NO, Answer.UNKNOWN, Answer.UNKNOWN]


def test_a_counter_that_is_no_number_is_no_counter() -> None:
    spoken, _ = talk(b"many\x00")
    assert failure(lambda: spoken.count(commands.PANELS_PRINTED)) == ("printer.silent", NONE)


REFUSED_FIRST = [
    (commands.FRONT, Refusal.COVER, "printer.door_open", NONE),
    (commands.FRONT, Refusal.MECHANICAL, "printer.still_jammed", NONE),
    (commands.FRONT, Refusal.COMMAND, "printer.refused", NONE),
    (commands.FRONT, Refusal.TIMEOUT, "printer.refused", NONE),
    (commands.INSERT, Refusal.FEEDER, "printer.no_card", NONE),
    (commands.INSERT, Refusal.WAITING, "printer.no_card", NONE),
    (commands.INSERT, Refusal.COVER, "printer.door_open", NONE),
    (commands.INSERT, Refusal.RIBBON, "printer.ribbon_out", NONE),
    (commands.INSERT, Refusal.COMMAND, "printer.refused", NONE),
    (commands.INSERT, Refusal.PARAMETER, "printer.refused", NONE),
    (commands.INSERT, Refusal.MECHANICAL, "printer.jam_in_transport", UNKNOWN),
    (commands.INSERT, Refusal.TIMEOUT, "printer.lost_before_print", UNKNOWN),
    (commands.INSERT, Refusal.DATA, "printer.refused_mid_card", UNKNOWN),
    (commands.PRINT, Refusal.COVER, "printer.door_open_mid_card", UNKNOWN),
    (commands.PRINT, Refusal.RIBBON, "printer.ribbon_out_mid_card", UNKNOWN),
    (commands.PRINT, Refusal.MECHANICAL, "printer.jam", UNKNOWN),
    (commands.PRINT, Refusal.TIMEOUT, "printer.answer_lost", UNKNOWN),
    (commands.PRINT, Refusal.FEEDER, "printer.refused_mid_card", UNKNOWN),
    (commands.PRINT, Refusal.COMMAND, "printer.refused_mid_card", UNKNOWN),
]


@pytest.mark.parametrize(("command", "refusal", "code", "effect"), REFUSED_FIRST)
def test_a_refusal_has_the_effect_of_what_may_have_been_begun(
    command: Command, refusal: Refusal, code: str, effect: Effect
) -> None:
    spoken, _ = talk(refusal.value.encode() + b"\x00")
    assert failure(lambda: spoken.order(command)) == (code, effect)


@pytest.mark.parametrize("refusal", [refusal for refusal in Refusal if refusal is not Refusal.OTHER])
@pytest.mark.parametrize("moved", [commands.INSERT, commands.PRINT])
def test_after_a_card_moved_no_refusal_is_harmless(moved: Command, refusal: Refusal) -> None:
    spoken, _ = talk(b"OK\x00", refusal.value.encode() + b"\x00")
    spoken.order(moved)
    assert failure(lambda: spoken.order(commands.FRONT))[1] is UNKNOWN


@pytest.mark.parametrize(
    ("command", "how", "code", "effect"),
    [
        (commands.MODEL, Lost.UNPLUGGED, "printer.offline", NONE),
        (commands.FRONT, Lost.TIMED_OUT, "printer.silent", NONE),
        (commands.INSERT, Lost.TIMED_OUT, "printer.lost_before_print", UNKNOWN),
        (commands.INSERT, Lost.UNPLUGGED, "printer.lost_before_print", UNKNOWN),
        (commands.PRINT, Lost.TIMED_OUT, "printer.answer_lost", UNKNOWN),
        (commands.PRINT, Lost.STALLED, "printer.answer_lost", UNKNOWN),
        (commands.PRINT, Lost.UNPLUGGED, "printer.unplugged_mid_card", UNKNOWN),
    ],
)
def test_a_lost_answer_is_unknown_once_something_may_have_acted(
    command: Command, how: Lost, code: str, effect: Effect
) -> None:
    spoken, _ = talk(how)
    assert failure(lambda: spoken.order(command)) == (code, effect)


def test_moving_without_printing_has_its_own_words() -> None:
    spoken, _ = talk(Lost.TIMED_OUT, printing=False)
    assert failure(lambda: spoken.order(commands.TO_STATION)) == ("printer.move_unclear", UNKNOWN)


def test_a_command_that_cannot_be_written_counts_as_sent() -> None:
    class Broken(RecordedLine):
        def write(self, data: bytes, timeout: int) -> None:
            raise LinkLost(Lost.UNPLUGGED)

    spoken = Conversation(Broken(), Patience(), printing=True)
    assert failure(lambda: spoken.order(commands.PRINT)) == ("printer.unplugged_mid_card", UNKNOWN)
    assert spoken.reach is Reach.INKED


def test_nothing_is_ever_sent_twice() -> None:
    spoken, line = talk(Lost.TIMED_OUT)
    failure(lambda: spoken.order(commands.PRINT))
    assert line.written == b"\x1bSe\r"


def test_all_questions_of_a_look_share_one_second() -> None:
    line = RecordedLine(b"A\x00", b"B\x00", b"C\x00")
    spoken = Conversation(line, Patience(), until=0.8, clock=lambda: 0.3 * line.written.count(b"\r"))
    assert (spoken.ask(commands.MODEL), spoken.ask(commands.SERIAL)) == ("A", "B")
    assert failure(lambda: spoken.ask(commands.HEAD)) == ("printer.silent", NONE)
