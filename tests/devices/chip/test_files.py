"""File commands byte by byte, and any file of any size in any parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core import ber_tlv
from ktpel_desktop.core.ber_tlv import TlvError
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.chip import files
from ktpel_desktop.devices.chip.apdu import Command, Response
from ktpel_desktop.devices.chip.exchange import exchange
from ktpel_desktop.devices.chip.files import FciOfApplet, FileControl
from tests.devices.chip.conversation import Answer, Conversation, outcome, whole

AID = bytes.fromhex("F04B5450454C01")
SELECT = "00A4040007F04B5450454C0100"
FCI = "6F178407F04B5450454C018A0103A509DF200102DF210200FF"


class Memory:
    """One transparent file, as ISO/IEC 7816-4, 11.3 has it; `most` bytes go out in one answer."""

    def __init__(self, content: bytes, most: int = 65536) -> None:
        self.content = bytearray(content)
        self.most = most
        self.commands: list[Command] = []

    def send(self, command: Command) -> Response:
        self.commands.append(command)
        offset, data = self._where(command)
        if command.ins & 0xFE == 0xD6:
            self.content[offset : offset + len(data)] = data
            return Response(b"", 0x9000)
        if offset > len(self.content):
            return Response(b"", 0x6B00)
        assert command.le is not None
        if command.ins == 0xB1:
            room = min(command.le, self.most)
            header = len(ber_tlv.encode(0x53, bytes(room))) - room
            part = bytes(self.content[offset : offset + room - header])
            return Response(ber_tlv.encode(0x53, part), 0x9000 if len(part) == room - header else 0x6282)
        part = bytes(self.content[offset : offset + min(command.le, self.most)])
        return Response(part, 0x9000 if len(part) == min(command.le, self.most) else 0x6282)

    def _where(self, command: Command) -> tuple[int, bytes]:
        if command.ins & 1:
            assert (command.p1, command.p2) == (0, 0)
            offset, *rest = ber_tlv.parse(command.data)
            assert offset.tag == 0x54
            return int.from_bytes(offset.value), rest[0].value if rest else b""
        if command.p1 & 0x80:
            assert command.p1 == 0x80 | 2
            return command.p2, command.data
        return command.p1 << 8 | command.p2, command.data


def refused(conversation: tuple[str, Answer], *more: tuple[str, Answer], act: object) -> DeviceError:
    with whole(conversation, *more) as card, pytest.raises(DeviceError) as error:
        assert callable(act)
        act(exchange(card))
    return error.value


# ------------------------------------------------------------------ the applet and its serial


def test_the_applet_says_its_life_cycle_and_how_much_it_holds() -> None:
    with whole((SELECT, FCI + "9000")) as card:
        assert files.select_application(exchange(card), AID) == FciOfApplet(AID, 3, 2, 255)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("6A82", "chip.other_kind"),
        ("6D00", "chip.command_unknown"),
        ("9000", "chip.answer_malformed"),
        ("84009000", "chip.answer_malformed"),
        (FCI[:-2] + "9000", "chip.answer_malformed"),
        (FCI.replace("6F17", "6F18").replace("8A0103", "8A020003") + "9000", "chip.answer_malformed"),
        ("6F0F8407F04B5450454C018A02" + "0003A500" + "9000", "chip.answer_malformed"),
    ],
)
def test_a_card_without_the_applet_or_with_another_answer_is_told(answer: str, code: str) -> None:
    error = refused((SELECT, answer), act=lambda card: files.select_application(card, AID))
    assert (error.code, error.effect) == (code, Effect.NONE)


@given(st.binary(max_size=40) | st.binary(max_size=12).map(lambda own: ber_tlv.encode(0x6F, own)))
def test_any_fci_is_one_or_a_tlv_error(data: bytes) -> None:
    try:
        files.read_fci(data)
    except TlvError:
        return


def test_the_serial_is_14_digits() -> None:
    with whole(("80CA004500", "4507202600000000019000")) as card:
        assert files.read_serial(exchange(card)) == "20260000000001"
    with whole(("00CA5F2100", "5F2107202600000000019000")) as card:
        other = Command.decode(bytes.fromhex("00CA5F2100"))
        assert files.read_serial(exchange(card), other, 0x5F21) == "20260000000001"


@pytest.mark.parametrize(
    "answer", ["", "4507" + "2026000000000A", "4506" + "20" * 6, "4407" + "20" * 7, "4507" + "20" * 7 + "00"]
)
def test_a_serial_of_another_shape_is_malformed(answer: str) -> None:
    assert refused(("80CA004500", answer + "9000"), act=files.read_serial).code == "chip.answer_malformed"


def test_a_refused_serial_is_told() -> None:
    error = refused(("80CA004500", "6A88"), act=files.read_serial)
    assert error.params == {"sw": "6A88", "step": "GET DATA"}


# ------------------------------------------------------------------ reading


def test_a_file_is_read_by_its_short_identifier_and_then_by_offsets() -> None:
    with whole(
        ("00B0830004", "AABBCCDD9000"), ("00B0000404", "AABBCCDD9000"), ("00B0000801", "EE9000")
    ) as card:
        assert files.read_binary(exchange(card), 3, 9, 4).hex() == "aabbccddaabbccddee"


def test_a_file_ends_where_the_card_says_so() -> None:
    with whole(("00B0830004", "AABB6282")) as card:
        assert files.read_binary(exchange(card), 3, 9, 4) == b"\xaa\xbb"
    with whole(("00B0830002", "AABB9000"), ("00B0000202", "6B00")) as card:
        assert files.read_binary(exchange(card), 3, 9, 2) == b"\xaa\xbb"
    with whole(("00B0830002", "6282")) as card:
        assert files.read_binary(exchange(card), 3, 9, 2) == b""
    with whole() as card:
        assert files.read_binary(exchange(card), 3, 0) == b""


@given(
    st.sampled_from([0, 1, 238, 239, 240, 8192, 32767, 32768, 32769, 40000]),
    st.integers(0, 41000),
    st.sampled_from([16, 64, 239, 256, 4096, 65536]),
)
def test_any_file_is_read_whole_in_as_few_parts_as_may_be(size: int, length: int, chunk: int) -> None:
    content = bytes(at * 31 % 251 for at in range(size))
    card = Memory(content)
    told: list[int] = []
    assert files.read_binary(card, 2, length, chunk, told.append) == content[:length]
    assert told == sorted(told)
    if 0 < length <= min(size, 32767):
        assert len(card.commands) == -(-length // chunk)
        assert told[-1] == length


def test_a_card_that_answers_in_smaller_parts_is_heard_out() -> None:
    content = bytes(range(200)) * 5
    assert files.read_binary(Memory(content, most=64), 2, 1000, 239) == content


@pytest.mark.parametrize("answer", ["9000", "AABB9000"])
def test_a_card_that_gives_nothing_or_too_much_is_malformed(answer: str) -> None:
    error = refused(("00B0830001", answer), act=lambda card: files.read_binary(card, 3, 1))
    assert (error.code, error.effect) == ("chip.answer_malformed", Effect.NONE)


def test_a_card_that_gives_byte_by_byte_is_stopped() -> None:
    card = Memory(bytes(8192), most=1)
    with pytest.raises(DeviceError) as error:
        files.read_binary(card, 2, 8192, 239)
    assert error.value.code == "chip.answer_malformed"
    assert len(card.commands) < 300


def test_an_odd_answer_behind_the_15_bit_offset_is_malformed() -> None:
    class Odd(Memory):
        def send(self, command: Command) -> Response:
            return Response(b"\x54\x00", 0x9000) if command.ins == 0xB1 else super().send(command)

    with pytest.raises(DeviceError) as error:
        files.read_binary(Odd(bytes(40000)), 2, 40000, 256)
    assert error.value.code == "chip.answer_malformed"


@pytest.mark.parametrize(
    ("word", "code"),
    [("6A82", "chip.file_missing"), ("6982", "chip.not_authenticated"), ("6B00", "chip.refused")],
)
def test_a_refused_reading_changes_nothing(word: str, code: str) -> None:
    error = refused(("00B0830001", word), act=lambda card: files.read_binary(card, 3, 1))
    assert (error.code, error.effect) == (code, Effect.NONE)


@pytest.mark.parametrize("sfi", [0, 31, -1])
def test_a_short_file_identifier_is_1_to_30(sfi: int) -> None:
    with pytest.raises(ValueError):
        files.read_binary(Memory(b""), sfi, 1)
    with pytest.raises(ValueError):
        files.update_binary(Memory(b""), sfi, b"x", 239)


# ------------------------------------------------------------------ making, writing, locking


def test_a_file_is_made_by_its_control_parameters() -> None:
    with whole(("80E0000015621380020400820101830201018801088C03033031", "9000")) as card:
        files.create_file(exchange(card), FileControl(0x0101, 1, 1024, 0x30, 0x31))


@pytest.mark.parametrize(
    ("word", "code", "effect"),
    [
        ("6A89", "chip.file_exists", Effect.NONE),
        ("6A84", "chip.no_space", Effect.NONE),
        ("6581", "chip.memory_failed", Effect.UNKNOWN),
        ("6985", "chip.conditions", Effect.NONE),
        ("6982", "chip.not_authenticated", Effect.NONE),
    ],
)
def test_a_file_that_is_not_made_is_told_with_its_effect(word: str, code: str, effect: Effect) -> None:
    control = FileControl(0x0101, 1, 1024, 0x30, 0x31)
    header = "80E00000" + f"{len(control.encode()):02X}" + control.encode().hex()
    error = refused((header, word), act=lambda card: files.create_file(card, control))
    assert (error.code, error.effect) == (code, effect)


def test_a_file_is_written_in_parts() -> None:
    told: list[int] = []
    with whole(("80D6830003010203", "9000"), ("80D6000303040506", "9000"), ("80D600060107", "9000")) as card:
        files.update_binary(exchange(card), 3, bytes(range(1, 8)), 3, told.append)
    assert told == [3, 6, 7]


@given(st.sampled_from([0, 1, 239, 240, 32767, 32768, 40000]), st.sampled_from([16, 239, 4096, 65535]))
def test_any_file_is_written_whole_in_parts_that_fit(size: int, chunk: int) -> None:
    data = bytes(at * 31 % 251 for at in range(size))
    card = Memory(bytes(size))
    files.update_binary(card, 2, data, chunk)
    assert bytes(card.content) == data
    assert all(len(command.data) <= chunk for command in card.commands)


@pytest.mark.parametrize("chunk", [4, 5, 6])
def test_a_chunk_that_holds_no_part_of_a_long_file_is_a_fault_of_the_caller(chunk: int) -> None:
    card = Memory(bytes(32790))
    with pytest.raises(ValueError):
        files.update_binary(card, 2, bytes(32790), chunk)
    assert max(len(command.data) for command in card.commands) <= chunk


def test_a_write_refused_at_first_changed_nothing_and_later_something() -> None:
    first = refused(("80D6830001AA", "6985"), act=lambda card: files.update_binary(card, 3, b"\xaa", 1))
    assert (first.code, first.effect) == ("chip.conditions", Effect.NONE)
    torn = refused(
        ("80D6830001AA", "9000"),
        ("80D6000101BB", "6985"),
        act=lambda card: files.update_binary(card, 3, b"\xaa\xbb", 1),
    )
    assert (torn.code, torn.effect) == ("chip.conditions", Effect.UNKNOWN)
    lost = refused(
        ("80D6830001AA", "9000"),
        ("80D6000101BB", DeviceError("chip.reader_gone", Effect.NONE)),
        act=lambda card: files.update_binary(card, 3, b"\xaa\xbb", 1),
    )
    assert (lost.code, lost.effect) == ("chip.reader_gone", Effect.UNKNOWN)


def test_a_file_is_deleted_or_was_not_there() -> None:
    with whole(("80E40000020101", "9000"), ("80E40000020101", "6A82")) as card:
        sender = exchange(card)
        assert files.delete_file(sender, 0x0101) is True
        assert files.delete_file(sender, 0x0101) is False
    error = refused(("80E40000020101", "6985"), act=lambda card: files.delete_file(card, 0x0101))
    assert error.code == "chip.conditions"


def test_the_applet_is_locked_by_its_command() -> None:
    with whole(("80440000", "9000"), ("00440000", "9000")) as card:
        files.activate(exchange(card))
        files.activate(exchange(card), Command.decode(bytes.fromhex("00440000")))
    error = refused(("80440000", "6581"), act=files.activate)
    assert (error.code, error.effect) == ("chip.memory_failed", Effect.UNKNOWN)


@given(st.lists(st.binary(min_size=2, max_size=6), min_size=40, max_size=40))
def test_whatever_a_card_answers_only_declared_errors_come_out(answers: list[bytes]) -> None:
    """Conversation checks what is sent; here anything may be."""

    class Anything(Conversation):
        def transmit(self, command: bytes) -> bytes:
            return answers.pop() if answers else b"\x6f\x00"

    card = exchange(Anything())
    for act in (
        lambda: files.select_application(card, AID),
        lambda: files.read_serial(card),
        lambda: files.read_binary(card, 2, 20, 4),
        lambda: files.create_file(card, FileControl(1, 1, 1, 0, 0)),
        lambda: files.update_binary(card, 2, bytes(9), 4),
        lambda: files.delete_file(card, 1),
    ):
        came = outcome(act)
        assert not isinstance(came, DeviceError) or came.code.startswith("chip.")
