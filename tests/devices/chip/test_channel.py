"""Opening the secure channel: what is said, what is refused, and that a card is never asked twice."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.devices.chip.apdu import Command, Response
from ktpel_desktop.devices.chip.capabilities import Capabilities
from ktpel_desktop.devices.chip.channel import SecureChannel, open_channel, read_handshake
from ktpel_desktop.devices.chip.exchange import exchange
from ktpel_desktop.devices.chip.keys import Handshake, MasterKeys, OpenedKeys, card_keys
from ktpel_desktop.devices.chip.scp03 import Scp03, SessionKeys
from tests.devices.chip.conversation import Answer as Said
from tests.devices.chip.conversation import Talking, outcome, whole
from tests.devices.chip.second_scp03 import CardSide

AID = bytes.fromhex("F04B5450454C01")
DIVERSIFICATION = bytes(3) + bytes.fromhex("20260000000001")
MASTER = bytes(range(16))
KEYS = MasterKeys({0x30: MASTER})
INITIALIZE = "8050300008484848484848484800"


def challenge(size: int) -> bytes:
    return b"H" * size


def card_side(size: int = 8, i: int | None = None, count_all: bool = True) -> CardSide:
    keys = card_keys(MASTER, DIVERSIFICATION)
    return CardSide(
        keys.enc, keys.mac, size=size, i=i, count_all=count_all, diversification=DIVERSIFICATION, aid=AID
    )


def answering(card: CardSide, do: Callable[[bytes], tuple[bytes, int]]) -> Talking:
    """A card that authenticates and then does what the test wants with each clear command."""

    def answer(raw: bytes) -> bytes:
        if raw[1] == 0x50:
            return card.initialize_update(raw[5:-1], b"C" * card.size) + b"\x90\0"
        if raw[1] == 0x82:
            return b"\x90\0" if card.external_authenticate(raw) else b"\x63\xc9"
        return card.give(*do(card.take(raw)))

    return Talking(answer)


@pytest.mark.parametrize(
    ("size", "level", "count_all", "max_data", "max_answer"),
    [
        (8, 0x01, True, 247, 256),
        (8, 0x03, True, 239, 256),
        (8, 0x11, True, 247, 248),
        (8, 0x13, True, 239, 248),
        (8, 0x33, True, 239, 239),
        (8, 0x33, False, 239, 239),
        (16, 0x33, True, 223, 239),
        (16, 0x01, True, 239, 256),
    ],
)
def test_a_channel_carries_as_much_as_it_says(
    size: int, level: int, count_all: bool, max_data: int, max_answer: int
) -> None:
    received: list[bytes] = []

    def do(data: bytes) -> tuple[bytes, int]:
        received.append(data)
        return bytes(max_answer), 0x9000

    card = answering(card_side(size, count_all=count_all), do)
    channel = open_channel(
        exchange(card), KEYS, key_version=0x30, aid=AID, level=level, s16=size == 16, count_all=count_all
    )
    assert (channel.max_data, channel.max_answer) == (max_data, max_answer)
    for data in (bytes(max_data), b""):
        answer = channel.send(Command(0x80, 0xE2, 0, 0, data, 256))
        assert (len(answer.data), answer.sw) == (max_answer, 0x9000)
    assert received == [bytes(max_data), b""]
    assert max(map(len, card.sent)) <= 5 + 255 + 1
    with pytest.raises(ValueError):
        channel.send(Command(0x80, 0xE2, 0, 0, bytes(max_data + 1)))


def test_an_extended_channel_carries_a_whole_file_at_once() -> None:
    capable = Capabilities(True, False, 4096, 4096)
    card = answering(card_side(), lambda data: (data, 0x9000))
    channel = open_channel(exchange(card, capable), KEYS, key_version=0x30, aid=AID, capabilities=capable)
    assert (channel.max_data, channel.max_answer) == (4079, 4079)
    data = bytes(range(256)) * 15
    assert channel.send(Command(0x80, 0xE2, 0, 0, data, 4096)).data == data
    assert len(card.sent) == 3


def test_each_channel_has_a_fresh_challenge() -> None:
    cards = [answering(card_side(), lambda data: (data, 0x9000)) for _ in range(2)]
    for card in cards:
        open_channel(exchange(card), KEYS, key_version=0x30, aid=AID)
    assert cards[0].sent[0][:5] == cards[1].sent[0][:5] == bytes.fromhex("8050300008")
    assert cards[0].sent[0] != cards[1].sent[0]


def refused(*said: tuple[str, Said], level: int = 0x33) -> DeviceError:
    with whole(*said) as card, pytest.raises(DeviceError) as error:
        open_channel(exchange(card), KEYS, key_version=0x30, aid=AID, level=level, random_bytes=challenge)
    assert error.value.effect is Effect.NONE
    return error.value


def initialized(card: CardSide | None = None) -> str:
    return (card or card_side()).initialize_update(challenge(8), b"C" * 8).hex() + "9000"


def test_a_card_of_other_keys_is_not_sent_an_authentication() -> None:
    other = CardSide(bytes(16), bytes(16), diversification=DIVERSIFICATION, aid=AID)
    assert refused((INITIALIZE, initialized(other))).code == "chip.keys_wrong"


def test_a_pseudo_random_challenge_that_does_not_follow_from_the_keys_is_refused() -> None:
    card = card_side()
    card.aid = b"\xa0\0\0\1\x51\0\0\0"
    assert refused((INITIALIZE, initialized(card))).code == "chip.keys_wrong"


class WrongAboutItself:
    """A key source that gives keys for whatever card."""

    def open(self, handshake: Handshake) -> OpenedKeys:
        return OpenedKeys(SessionKeys(bytes(16), bytes(16), bytes(16)), bytes(8))

    def health(self) -> Health:
        return Health(Answer.YES)


def test_keys_that_do_not_fit_cost_the_card_no_try_even_if_their_source_says_they_do() -> None:
    with whole((INITIALIZE, initialized())) as card, pytest.raises(DeviceError) as error:
        open_channel(exchange(card), WrongAboutItself(), key_version=0x30, aid=AID, random_bytes=challenge)
    assert (error.value.code, error.value.effect) == ("chip.keys_wrong", Effect.NONE)


def authenticate(level: int = 0x33) -> str:
    """The EXTERNAL AUTHENTICATE that is right after `initialized()`."""
    answer = card_side().initialize_update(challenge(8))
    opened = KEYS.open(read_handshake(answer, challenge(8), 0x30, level, AID))
    return Scp03(opened.session, level).external_authenticate(opened.host_cryptogram).encode(False).hex()


@pytest.mark.parametrize(
    ("word", "code", "params"),
    [
        ("63C9", "chip.auth_refused", {"tries": 9}),
        ("63C1", "chip.auth_refused", {"tries": 1}),
        ("6300", "chip.auth_refused", {"tries": "?"}),
        ("63C0", "chip.blocked", None),
        ("6983", "chip.blocked", None),
        ("6985", "chip.conditions", None),
        ("6982", "chip.not_authenticated", None),
        ("6F00", "chip.refused", {"sw": "6F00", "step": "EXTERNAL AUTHENTICATE"}),
    ],
)
def test_a_refused_authentication_is_told_with_its_tries_and_never_repeated(
    word: str, code: str, params: dict[str, object] | None
) -> None:
    error = refused((INITIALIZE, initialized()), (authenticate(), word))
    assert error.code == code
    assert params is None or error.params == params


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("6A88", "chip.key_version_unknown"),
        ("6985", "chip.conditions"),
        ("6983", "chip.blocked"),
        ("6D00", "chip.command_unknown"),
        ("6A86", "chip.refused"),
    ],
)
def test_a_refused_first_step_is_told(word: str, code: str) -> None:
    assert refused((INITIALIZE, word)).code == code


def test_scp02_is_named_and_refused() -> None:
    answer = "00000000000000000000200200016B4524ABEE7CF32EA3838BC148F39000"
    assert refused((INITIALIZE, answer)).code == "chip.scp02_unsupported"


def test_another_key_version_than_the_wanted_one_is_refused() -> None:
    card = card_side()
    card.version = 0x31
    error = refused((INITIALIZE, initialized(card)))
    assert (error.code, error.params) == ("chip.key_version_unknown", {"version": "30"})


@pytest.mark.parametrize(
    ("i", "level", "code"),
    [
        (0x10, 0x11, "chip.level_unsupported"),
        (0x30, 0x33, "chip.level_unsupported"),
        (0x71, 0x33, "chip.answer_malformed"),
        (0x60, 0x33, "chip.answer_malformed"),
    ],
)
def test_an_i_parameter_that_does_not_fit_is_refused_before_a_try_is_spent(
    i: int, level: int, code: str
) -> None:
    answer = bytearray(card_side().initialize_update(challenge(8)))
    answer[12] = i
    assert refused((INITIALIZE, answer.hex() + "9000"), level=level).code == code


@given(st.binary(max_size=50), st.sampled_from([8, 16]), st.booleans())
def test_any_answer_is_a_handshake_or_a_declared_error(tail: bytes, size: int, begun: bool) -> None:
    data = bytes(10) + b"\x30\x03" + tail if begun else tail
    found = outcome(lambda: read_handshake(data, bytes(size), 0x30, 0x33, AID))
    if isinstance(found, DeviceError):
        assert found.effect is Effect.NONE
        assert found.code in {
            "chip.answer_malformed",
            "chip.scp02_unsupported",
            "chip.key_version_unknown",
            "chip.level_unsupported",
        }
        return
    assert len(found.card_challenge) == len(found.card_cryptogram) == size


def opened(do: Callable[[bytes], bytes]) -> SecureChannel:
    """An open channel whose card then answers these raw bytes."""
    card = card_side()

    def answer(raw: bytes) -> bytes:
        if raw[1] == 0x50:
            return card.initialize_update(raw[5:-1]) + b"\x90\0"
        if raw[1] == 0x82:
            assert card.external_authenticate(raw)
            return b"\x90\0"
        return do(raw)

    return open_channel(exchange(Talking(answer)), KEYS, key_version=0x30, aid=AID)


def test_after_a_lost_answer_the_channel_is_used_no_more() -> None:
    def lose(_: bytes) -> bytes:
        raise DeviceError("chip.answer_lost", Effect.UNKNOWN)

    channel = opened(lose)
    codes = []
    for _ in range(2):
        with pytest.raises(DeviceError) as failed:
            channel.send(Command(0x00, 0xB0, 0, 0, le=256))
        codes.append(failed.value.code)
    assert codes == ["chip.answer_lost", "chip.channel_broken"]


def test_a_refusal_inside_the_channel_is_an_answer_like_any_other() -> None:
    channel = opened(lambda _: b"\x6a\x82")
    assert channel.send(Command(0x00, 0xB0, 0, 0, le=256)) == Response(b"", 0x6A82)
    assert channel.send(Command(0x00, 0xB0, 0, 0, le=256)) == Response(b"", 0x6A82)
