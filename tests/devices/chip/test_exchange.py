"""Whole commands and whole answers over what one APDU can hold, and an end to every card's lies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.chip.apdu import Command, Response
from ktpel_desktop.devices.chip.capabilities import Capabilities
from ktpel_desktop.devices.chip.exchange import exchange
from tests.devices.chip.conversation import Talking, outcome, whole

READ = Command(0x00, 0xB0, 0, 0, le=256)


def test_a_command_goes_out_short_wherever_that_holds_it() -> None:
    with whole(("00B0000000", "AABB9000")) as card:
        assert exchange(card, Capabilities(True, False, 65535, 65536)).send(READ) == Response(
            b"\xaa\xbb", 0x9000
        )
    long = Command(0x00, 0xD6, 0, 0, bytes(256))
    with whole(("00D60000000100" + "00" * 256, "9000")) as card:
        assert exchange(card, Capabilities(True, False, 65535, 65536)).send(long).sw == 0x9000


def test_an_answer_in_parts_is_collected() -> None:
    with whole(("80CA004500", "6102"), ("00C0000002", "AABB6101"), ("00C0000001", "CC9000")) as card:
        assert exchange(card).send(Command(0x80, 0xCA, 0, 0x45, le=256)) == Response(b"\xaa\xbb\xcc", 0x9000)


def test_get_response_goes_without_secure_messaging_on_the_commands_channel() -> None:
    with whole(("05B0000000", "6101"), ("01C0000001", "AA9000")) as card:
        exchange(card).send(Command(0x05, 0xB0, 0, 0, le=256))
    with whole(("6200000000", "6101"), ("42C0000001", "AA9000")) as card:
        exchange(card).send(Command(0x62, 0, 0, 0, le=256))


def test_a_wrong_le_is_put_right_once() -> None:
    with whole(("00B0000000", "6C02"), ("00B0000002", "AABB9000")) as card:
        assert exchange(card).send(READ).data == b"\xaa\xbb"
    with whole(("00B0000000", "6102"), ("00C0000002", "6C01"), ("00C0000001", "AA9000")) as card:
        assert exchange(card).send(READ).data == b"\xaa"
    with whole(("00B0000000", "6C02"), ("00B0000002", "6C03")) as card, pytest.raises(DeviceError) as refused:
        exchange(card).send(READ)
    assert refused.value.code == "chip.answer_malformed"


def test_a_command_without_answer_is_never_repeated() -> None:
    with whole(("00D6000001AA", "6C02")) as card:
        assert exchange(card).send(Command(0x00, 0xD6, 0, 0, b"\xaa")).sw == 0x6C02


def test_long_data_is_chained_where_the_card_can() -> None:
    command = Command(0x80, 0xE2, 1, 2, bytes(range(7)), le=256)
    with whole(
        ("90E2010203000102", "9000"), ("90E2010203030405", "9000"), ("80E20102010600", "AA9000")
    ) as card:
        assert exchange(card, Capabilities(chaining=True, most_data=3)).send(command).data == b"\xaa"


def test_a_chain_ends_where_the_card_refuses_a_part() -> None:
    command = Command(0x80, 0xE2, 1, 2, bytes(6))
    with whole(("90E2010203000000", "6884")) as card:
        assert exchange(card, Capabilities(chaining=True, most_data=3)).send(command).sw == 0x6884


def test_what_a_card_cannot_be_sent_is_a_fault_of_the_caller() -> None:
    with whole() as card:
        with pytest.raises(ValueError):
            exchange(card).send(Command(0x00, 0xD6, 0, 0, bytes(256)))
        with pytest.raises(ValueError):
            exchange(card).send(Command(0x00, 0xB0, 0, 0, le=257))


def test_after_the_card_took_the_command_nothing_is_certainly_undone() -> None:
    lost = DeviceError("chip.reader_gone", Effect.NONE)
    with whole(("00B0000000", "6102"), ("00C0000002", lost)) as card, pytest.raises(DeviceError) as failed:
        exchange(card).send(READ)
    assert (failed.value.code, failed.value.effect) == ("chip.reader_gone", Effect.UNKNOWN)
    before = DeviceError("chip.reader_gone", Effect.NONE)
    with whole(("00B0000000", before)) as card, pytest.raises(DeviceError) as failed:
        exchange(card).send(READ)
    assert failed.value.effect is Effect.NONE


@pytest.mark.parametrize("lie", ["6100", "AA6100", "6C01", "AA" * 256 + "6100", "6101", "AA6C02", "", "90"])
def test_a_card_that_lies_for_ever_is_stopped(lie: str) -> None:
    card = Talking(lambda _: bytes.fromhex(lie))
    with pytest.raises(DeviceError) as refused:
        exchange(card).send(READ)
    assert (refused.value.code, refused.value.effect) == ("chip.answer_malformed", Effect.UNKNOWN)
    assert len(card.sent) <= 302


@given(
    st.lists(st.binary(max_size=6) | st.sampled_from([b"\x61\x00", b"\xaa\x61\x01", b"\x6c\x05"]), min_size=1)
)
def test_whatever_a_card_says_there_is_an_end_and_only_the_declared_error(answers: list[bytes]) -> None:
    turn = iter(range(1_000_000))
    card = Talking(lambda _: answers[next(turn) % len(answers)])
    answer = outcome(lambda: exchange(card).send(READ))
    if isinstance(answer, DeviceError):
        assert answer.code == "chip.answer_malformed"
        return
    assert answer.sw >> 8 != 0x61
