"""APDUs in all cases and forms (ISO/IEC 7816-3, 12.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.chip.apdu import MOST_ANSWER, MOST_DATA, Command, Response

BYTE = st.integers(0, 255)
COMMANDS = st.builds(
    Command,
    BYTE,
    BYTE,
    BYTE,
    BYTE,
    st.binary(max_size=600),
    st.none() | st.integers(1, MOST_ANSWER),
)


@pytest.mark.parametrize(
    ("data", "le", "short", "extended"),
    [
        ("", None, "00A40400", "00A40400"),
        ("", 1, "00A4040001", "00A40400000001"),
        ("", 256, "00A4040000", "00A40400000100"),
        ("", 65536, None, "00A40400000000"),
        ("AABB", None, "00A4040002AABB", "00A40400000002AABB"),
        ("AABB", 5, "00A4040002AABB05", "00A40400000002AABB0005"),
        ("AABB", 256, "00A4040002AABB00", "00A40400000002AABB0100"),
        ("AABB", 65536, None, "00A40400000002AABB0000"),
        ("AA" * 255, None, "00A40400FF" + "AA" * 255, "00A404000000FF" + "AA" * 255),
        ("AA" * 256, None, None, "00A40400000100" + "AA" * 256),
        ("AA" * 256, 257, None, "00A40400000100" + "AA" * 256 + "0101"),
    ],
)
def test_each_case_has_its_short_and_its_extended_form(
    data: str, le: int | None, short: str | None, extended: str
) -> None:
    command = Command(0x00, 0xA4, 0x04, 0x00, bytes.fromhex(data), le)
    assert command.encode(extended=True) == bytes.fromhex(extended)
    assert Command.decode(bytes.fromhex(extended)) == command
    assert command.needs_extended is (short is None)
    if short is not None:
        assert command.encode(extended=False) == bytes.fromhex(short)
    else:
        with pytest.raises(ValueError):
            command.encode(extended=False)


@given(COMMANDS, st.booleans())
def test_a_command_is_what_its_bytes_say(command: Command, extended: bool) -> None:
    assert Command.decode(command.encode(extended or command.needs_extended)) == command


@given(st.binary(max_size=20))
def test_any_bytes_are_a_command_or_a_value_error(raw: bytes) -> None:
    try:
        command = Command.decode(raw)
    except ValueError:
        return
    assert raw in (command.encode(True), None if command.needs_extended else command.encode(False))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Command(256, 0, 0, 0),
        lambda: Command(0, 0, -1, 0),
        lambda: Command(0x80, 0, 0, -0x100),
        lambda: Command(0, 0x100, 0, 0),
        lambda: Command(0, 0, 0, 0, bytes(MOST_DATA + 1)),
        lambda: Command(0, 0, 0, 0, le=0),
        lambda: Command(0, 0, 0, 0, le=MOST_ANSWER + 1),
    ],
)
def test_a_command_that_no_form_can_say_is_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError):
        wrong()


def test_neither_command_nor_answer_shows_its_data() -> None:
    assert repr(Command(0x00, 0x20, 0x00, 0x01, b"123456")) == "Command(00200001, 6 bytes, le=None)"
    assert repr(Response(b"123456", 0x9000)) == "Response(6 bytes, 9000)"


def test_an_answer_is_data_and_status_word() -> None:
    assert Response.parse(bytes.fromhex("AABB6282")) == Response(b"\xaa\xbb", 0x6282)
    assert Response.parse(bytes.fromhex("9000")) == Response(b"", 0x9000)


@given(st.binary(max_size=8))
def test_an_answer_without_status_word_is_malformed(raw: bytes) -> None:
    if len(raw) >= 2:
        assert Response.parse(raw).data == raw[:-2]
        return
    with pytest.raises(DeviceError) as refused:
        Response.parse(raw)
    assert (refused.value.code, refused.value.effect) == ("chip.answer_malformed", Effect.UNKNOWN)
