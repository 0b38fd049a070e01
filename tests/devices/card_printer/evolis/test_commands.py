"""Commands as bytes and answers as values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.devices.card_printer.evolis import commands
from ktpel_desktop.devices.card_printer.evolis.commands import Command, Kind, Refusal, Reply, Sensor


@pytest.mark.parametrize(
    ("command", "sent", "kind"),
    [
        (commands.MODEL, b"\x1bRtp\r", Kind.READ),
        (commands.SERIAL, b"\x1bRsn\r", Kind.READ),
        (commands.FIRMWARE, b"\x1bRfv\r", Kind.READ),
        (commands.HEAD, b"\x1bRkn\r", Kind.READ),
        (commands.RIBBON, b"\x1bRr\r", Kind.READ),
        (commands.LAST_ANSWER, b"\x1bRlr\r", Kind.READ),
        (commands.PANELS_PRINTED, b"\x1bRco;p\r", Kind.READ),
        (commands.CARDS_INSERTED, b"\x1bRco;c\r", Kind.READ),
        (commands.RIBBON_USED, b"\x1bRco;l\r", Kind.READ),
        (commands.CLEANINGS, b"\x1bRco;n\r", Kind.READ),
        (commands.sensor(Sensor.CARD_INSIDE), b"\x1bRse;c\r", Kind.READ),
        (commands.HOST_MANAGES_ERRORS, b"\x1bPem;2\r", Kind.SET),
        (commands.ribbon("ymcko"), b"\x1bPr;ymcko\r", Kind.SET),
        (commands.insertion("F"), b"\x1bPmi;F;s\r", Kind.SET),
        (commands.FRONT, b"\x1bSr\r", Kind.SET),
        (commands.CLEAR_STATUS, b"\x1bScs\r", Kind.SET),
        (commands.download("y", 128, b"\x1b\r;"), b"\x1bDb;y;128;\x1b\r;\r", Kind.SET),
        (commands.download_compressed("k", 1016, b"\x00\xff"), b"\x1bDbc;k;1016;2;\x00\xff\r", Kind.SET),
        (commands.INSERT, b"\x1bSi\r", Kind.MOVE),
        (commands.TO_STATION, b"\x1bSic\r", Kind.MOVE),
        (commands.START, b"\x1bSs\r", Kind.MOVE),
        (commands.PRINT, b"\x1bSe\r", Kind.PRINT),
        (commands.EJECT, b"\x1bSe\r", Kind.MOVE),
        (commands.REJECT, b"\x1bSer\r", Kind.MOVE),
        (commands.RESET, b"\x1bSrs\r", Kind.MOVE),
    ],
)
def test_a_command_is_these_bytes_and_can_do_this_at_the_most(
    command: Command, sent: bytes, kind: Kind
) -> None:
    assert command.encoded() == sent
    assert command.kind is kind


def test_the_header_for_the_log_never_holds_a_face() -> None:
    assert commands.download("k", 2, b"face").header == "Db;k;2"


@pytest.mark.parametrize(
    ("command", "raw", "reply"),
    [
        (commands.PANELS_PRINTED, b"120", Reply("120")),
        (commands.PANELS_PRINTED, b"1", Reply("1")),
        (commands.PANELS_PRINTED, b"ERROR CDE", Reply("ERROR CDE", Refusal.COMMAND)),
        (commands.PANELS_PRINTED, b"ERROR TIME", Reply("ERROR TIME", Refusal.OTHER)),
        (commands.INSERT, b"OK", Reply("OK")),
        (commands.INSERT, b"0", Reply("0")),
        (commands.INSERT, b"1", Reply("1", Refusal.COMMAND)),
        (commands.INSERT, b"2", Reply("2", Refusal.PARAMETER)),
        (commands.INSERT, b"T", Reply("T", Refusal.TIMEOUT)),
        (commands.INSERT, b"C", Reply("C", Refusal.COVER)),
        (commands.INSERT, b"F", Reply("F", Refusal.FEEDER)),
        (commands.INSERT, b"R", Reply("R", Refusal.RIBBON)),
        (commands.INSERT, b"K", Reply("K", Refusal.MECHANICAL)),
        (commands.INSERT, b"D", Reply("D", Refusal.DATA)),
        (commands.INSERT, b"W", Reply("W", Refusal.WAITING)),
        (commands.INSERT, b"?", None),
        (commands.INSERT, b"okay", None),
        (commands.INSERT, b"", None),
        (commands.INSERT, b"O\x01K", None),
        (commands.INSERT, b"\xc3\x96K", None),
    ],
)
def test_an_answer_means_this(command: Command, raw: bytes, reply: Reply | None) -> None:
    assert commands.read_reply(command, raw) == reply


@given(st.binary(max_size=40), st.sampled_from([commands.MODEL, commands.INSERT, commands.PRINT]))
def test_any_bytes_are_an_answer_or_none(raw: bytes, command: Command) -> None:
    reply = commands.read_reply(command, raw)
    assert reply is None or reply.text


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0), ("41", 41), ("", None), ("-1", None), ("٣", None), ("9" * 10, None)]
)
def test_a_counter_is_a_plain_number(text: str, value: int | None) -> None:
    assert commands.number(text) == value
