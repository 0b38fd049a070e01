"""SCP03 against the second implementation in second_scp03.py: all sizes, levels and modes, with and without damage."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.chip import scp03
from ktpel_desktop.devices.chip.apdu import Command, Response
from ktpel_desktop.devices.chip.scp03 import LEVELS, Scp03, SessionKeys
from tests.devices.chip.conversation import outcome
from tests.devices.chip.second_scp03 import CardSide, aes, blocks, cmac, xor

WARNINGS = (0x9000, 0x6282, 0x63C2)


@dataclass
class Both:
    host: Scp03
    card: CardSide


def opened(
    level: int = 0x33, *, bits: int = 128, s16: bool = False, i: int | None = None, count_all: bool = True
) -> Both:
    """Host and card after EXTERNAL AUTHENTICATE."""
    size = 16 if s16 else 8
    enc, mac = bytes(range(bits // 8)), bytes(range(100, 100 + bits // 8))
    card = CardSide(enc, mac, size=size, i=i, count_all=count_all)
    host_challenge, random_challenge = b"H" * size, b"C" * size
    answer = card.initialize_update(host_challenge, random_challenge)
    challenge, cryptogram = answer[13 : 13 + size], answer[13 + size : 13 + 2 * size]
    session = scp03.session_keys(enc, mac, host_challenge, challenge)
    assert scp03.card_cryptogram(session.mac, host_challenge, challenge) == cryptogram
    host = Scp03(session, level, s16, count_all)
    first = host.external_authenticate(scp03.host_cryptogram(session.mac, host_challenge, challenge))
    assert card.external_authenticate(first.encode(False))
    assert host.unwrap(Response(b"", 0x9000)).sw == 0x9000
    return Both(host, card)


MODES = st.builds(
    opened,
    st.sampled_from(sorted(LEVELS)),
    bits=st.sampled_from([128, 192, 256]),
    s16=st.booleans(),
    i=st.none(),
    count_all=st.booleans(),
)
RANDOM_CHALLENGES = st.builds(opened, bits=st.sampled_from([128, 192, 256]), i=st.just(0x60))
CLASSES = st.sampled_from([0x00, 0x80, 0x84])
TALK = st.tuples(
    st.builds(
        Command,
        CLASSES,
        st.integers(0, 255),
        st.integers(0, 255),
        st.integers(0, 255),
        st.binary(max_size=223) | st.binary(min_size=256, max_size=600),
        st.none() | st.sampled_from([1, 256, 257, 65536]),
    ),
    st.binary(max_size=300),
    st.sampled_from([*WARNINGS, 0x6982, 0x6A84]),
)


@given(MODES | RANDOM_CHALLENGES, st.lists(TALK, max_size=5))
def test_what_is_wrapped_here_is_understood_there_and_back(
    both: Both, talks: list[tuple[Command, bytes, int]]
) -> None:
    for command, answer, sw in talks:
        wrapped = both.host.wrap(command)
        assert (wrapped.cla, wrapped.le) == (command.cla & 0xF0 | 0x04, command.le)
        assert both.card.take(wrapped.encode(wrapped.needs_extended)) == command.data
        back = both.host.unwrap(Response.parse(both.card.give(answer, sw)))
        assert back == Response(answer if sw in WARNINGS else b"", sw)


@given(
    st.sampled_from([0x11, 0x13, 0x33]),
    st.booleans(),
    st.binary(max_size=60),
    st.sampled_from(WARNINGS),
    st.data(),
)
def test_any_flipped_bit_of_an_answer_is_refused(
    level: int, s16: bool, answer: bytes, sw: int, data: st.DataObject
) -> None:
    both = opened(level, s16=s16)
    both.card.take(both.host.wrap(Command(0x00, 0xB0, 0, 0, le=256)).encode(False))
    raw = bytearray(both.card.give(answer, sw))
    bit = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(DeviceError) as refused:
        both.host.unwrap(Response.parse(bytes(raw)))
    assert (refused.value.code, refused.value.effect) == ("chip.channel_broken", Effect.UNKNOWN)


def test_every_single_bit_of_one_answer_is_protected() -> None:
    right = opened()
    right.card.take(right.host.wrap(Command(0x00, 0xB0, 0, 0, le=256)).encode(False))
    raw = right.card.give(b"seventeen bytes!!", 0x9000)
    for bit in range(8 * len(raw)):
        both = opened()
        both.card.take(both.host.wrap(Command(0x00, 0xB0, 0, 0, le=256)).encode(False))
        damaged = bytearray(raw)
        damaged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(DeviceError):
            both.host.unwrap(Response.parse(bytes(damaged)))


@given(MODES, st.binary(max_size=80), st.integers(0, 0xFFFF))
def test_whatever_comes_back_is_an_answer_or_a_broken_channel(both: Both, data: bytes, sw: int) -> None:
    both.host.wrap(Command(0x00, 0xB0, 0, 0, le=256))
    answer = outcome(lambda: both.host.unwrap(Response(data, sw)))
    if isinstance(answer, DeviceError):
        assert answer.code == "chip.channel_broken"
        with pytest.raises(DeviceError):
            both.host.wrap(Command(0x00, 0xB0, 0, 0, le=256))


def test_after_a_failure_nothing_more_is_said_or_believed() -> None:
    both = opened()
    both.host.wrap(Command(0x00, 0xB0, 0, 0, le=256))
    with pytest.raises(DeviceError):
        both.host.unwrap(Response(b"", 0x9000))
    for use in (
        lambda: both.host.wrap(Command(0x00, 0xB0, 0, 0, le=256)),
        lambda: both.host.unwrap(Response(b"", 0x6A82)),
        lambda: both.host.external_authenticate(bytes(8)),
    ):
        with pytest.raises(DeviceError) as refused:
            use()
        assert (refused.value.code, refused.value.effect) == ("chip.channel_broken", Effect.UNKNOWN)


def test_an_answer_of_an_earlier_command_is_refused() -> None:
    both = opened()
    command = Command(0x00, 0xB0, 0, 0, le=256)
    both.card.take(both.host.wrap(command).encode(False))
    old = Response.parse(both.card.give(b"same", 0x9000))
    assert both.host.unwrap(old).data == b"same"
    both.host.wrap(command)
    with pytest.raises(DeviceError):
        both.host.unwrap(old)


def test_an_error_word_comes_bare_and_with_data_breaks_the_channel() -> None:
    both = opened()
    both.host.wrap(Command(0x00, 0xB0, 0, 0, le=256))
    assert both.host.unwrap(Response(b"", 0x6A82)) == Response(b"", 0x6A82)
    both.host.wrap(Command(0x00, 0xB0, 0, 0, le=256))
    with pytest.raises(DeviceError):
        both.host.unwrap(Response(b"\0" * 8, 0x6A82))


def padding_with_right_mac(both: Both, clear_blocks: bytes) -> Response:
    """What a card with the right keys but a wrong padding would send."""
    icv, data = aes(both.card.s_enc, b"\x80" + both.card.counter.to_bytes(15)), b""
    for block in blocks(clear_blocks):
        icv = aes(both.card.s_enc, xor(block, icv))
        data += icv
    return Response(data + cmac(both.card.s_rmac, both.card.chain + data + b"\x90\0")[:8], 0x9000)


@pytest.mark.parametrize("clear", [bytes(16), b"\x01" * 16, b"\x80" + bytes(31), b"x" * 15 + b"\x81"])
def test_a_wrong_padding_breaks_the_channel_even_under_a_right_mac(clear: bytes) -> None:
    both = opened()
    both.card.take(both.host.wrap(Command(0x00, 0xB0, 0, 0, le=256)).encode(False))
    with pytest.raises(DeviceError):
        both.host.unwrap(padding_with_right_mac(both, clear))


def test_data_that_is_no_whole_block_breaks_the_channel_even_under_a_right_mac() -> None:
    both = opened()
    both.card.take(both.host.wrap(Command(0x00, 0xB0, 0, 0, le=256)).encode(False))
    mac = cmac(both.card.s_rmac, both.card.chain + b"short" + b"\x90\0")[:8]
    with pytest.raises(DeviceError):
        both.host.unwrap(Response(b"short" + mac, 0x9000))


def test_a_card_that_counts_otherwise_is_not_understood() -> None:
    both = opened(count_all=True)
    both.card.count_all = False
    both.card.take(both.host.wrap(Command(0x00, 0xB0, 0, 0, le=256)).encode(False))
    with pytest.raises(DeviceError):
        both.host.unwrap(Response.parse(both.card.give(b"data", 0x9000)))


def test_the_order_of_use_is_held() -> None:
    keys = SessionKeys(bytes(16), bytes(16), bytes(16))
    with pytest.raises(ValueError):
        Scp03(keys, 0x33).wrap(Command(0x00, 0xB0, 0, 0))
    with pytest.raises(ValueError):
        Scp03(keys, 0x33).unwrap(Response(b"", 0x9000))
    with pytest.raises(ValueError):
        Scp03(keys, 0x33).external_authenticate(bytes(16))
    for cla in (0x01, 0x40, 0xC0):
        with pytest.raises(ValueError):
            opened().host.wrap(Command(cla, 0xB0, 0, 0))
    state = Scp03(keys, 0x33)
    state.external_authenticate(bytes(8))
    with pytest.raises(ValueError):
        state.external_authenticate(bytes(8))


@pytest.mark.parametrize("level", [0x00, 0x02, 0x10, 0x23, 0x31, 0xFF])
def test_a_level_that_protects_nothing_or_is_none_is_refused(level: int) -> None:
    with pytest.raises(ValueError):
        Scp03(SessionKeys(bytes(16), bytes(16), bytes(16)), level)


def test_session_keys_are_three_aes_keys_of_one_length_and_never_shown() -> None:
    assert repr(SessionKeys(b"A" * 24, b"B" * 24, b"C" * 24)) == "SessionKeys(AES-192)"
    for sizes in ((16, 16, 24), (8, 8, 8), (16, 24, 16)):
        with pytest.raises(ValueError):
            SessionKeys(*(bytes(size) for size in sizes))
