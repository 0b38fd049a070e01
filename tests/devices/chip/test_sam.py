"""The SAM as aplet-acuan.md, section 3, has it: what is sent, what may come back, and one PIN once."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.chip.connection import CardConnection
from ktpel_desktop.devices.chip.keys import Handshake
from ktpel_desktop.devices.chip.sam import SamKeys, read_opened_keys
from tests.devices.chip.conversation import Answer as Said
from tests.devices.chip.conversation import Conversation

SELECT = ("00A4040007F04B545053414D00", "6F098407F04B545053414D9000")
VERIFY = "0020000106313233343536"
HANDSHAKE = Handshake(
    key_version=0x31,
    diversification=bytes.fromhex("00000020260000000001"),
    host_challenge=b"H" * 8,
    card_challenge=b"C" * 8,
    card_cryptogram=b"X" * 8,
    sequence_counter=b"\0\0\x07",
    aid=bytes.fromhex("F04B5450454C01"),
)
OPEN = (
    "8010310038"
    "800A00000020260000000001"
    "81084848484848484848"
    "82084343434343434343"
    "83085858585858585858"
    "8403000007"
    "8507F04B5450454C01"
    "00"
)
OPENED = "8010" + "E1" * 16 + "8110" + "A1" * 16 + "8210" + "B1" * 16 + "8308" + "C1" * 8 + "9000"


class Slot:
    """One SAM slot: each connection is the next conversation, and must be held to its end and closed."""

    def __init__(self, *conversations: list[tuple[str, Said]]) -> None:
        self._waiting = [Conversation(*lines) for lines in conversations]
        self.closed = 0

    def open(self) -> AbstractContextManager[CardConnection]:
        return self._opened()

    @contextmanager
    def _opened(self) -> Iterator[CardConnection]:
        conversation = self._waiting.pop(0)
        try:
            yield conversation
        finally:
            self.closed += 1
            assert conversation.over()

    def over(self) -> bool:
        return not self._waiting


def refused(*said: tuple[str, Said], handshake: Handshake = HANDSHAKE) -> DeviceError:
    slot = Slot(list(said))
    with pytest.raises(DeviceError) as error:
        SamKeys(slot.open, "123456").open(handshake)
    assert (slot.closed, slot.over()) == (1, True)
    assert error.value.effect is Effect.NONE
    return error.value


def test_the_sam_checks_the_card_and_gives_session_keys_only() -> None:
    slot = Slot([SELECT, (VERIFY, "9000"), (OPEN, OPENED)])
    opened = SamKeys(slot.open, "123456").open(HANDSHAKE)
    assert opened.session.enc == b"\xe1" * 16
    assert opened.session.mac == b"\xa1" * 16
    assert opened.session.rmac == b"\xb1" * 16
    assert opened.host_cryptogram == b"\xc1" * 8
    assert slot.over()


def test_a_card_without_counter_is_told_without_it() -> None:
    bare = Handshake(0x31, bytes(10), b"H" * 16, b"C" * 16, b"X" * 16, None, HANDSHAKE.aid)
    sent = "801031004B800A" + "00" * 10 + "8110" + "48" * 16 + "8210" + "43" * 16 + "8310" + "58" * 16
    answer = "8020" + "E1" * 32 + "8120" + "A1" * 32 + "8220" + "B1" * 32 + "8310" + "C1" * 16 + "9000"
    slot = Slot([SELECT, (VERIFY, "9000"), (sent + "8507F04B5450454C0100", answer)])
    assert len(SamKeys(slot.open, b"123456").open(bare).host_cryptogram) == 16


@pytest.mark.parametrize(
    ("word", "code", "params"),
    [
        ("6300", "chip.keys_wrong", {}),
        ("6A88", "sam.key_version_unknown", {"version": "31"}),
        ("6982", "sam.refused", {"sw": "6982", "step": "OPEN CHANNEL"}),
        ("6A80", "sam.refused", {"sw": "6A80", "step": "OPEN CHANNEL"}),
        ("9000", "sam.answer_malformed", {}),
        (OPENED[2:], "sam.answer_malformed", {}),
        ("8400" + OPENED, "sam.answer_malformed", {}),
        (OPENED.replace("8308" + "C1" * 8, "8310" + "C1" * 16), "sam.answer_malformed", {}),
        (OPENED.replace("8010" + "E1" * 16, "8018" + "E1" * 24), "sam.answer_malformed", {}),
        ("", "sam.answer_malformed", {}),
    ],
)
def test_a_sam_that_gives_no_keys_is_told(word: str, code: str, params: dict[str, object]) -> None:
    error = refused(SELECT, (VERIFY, "9000"), (OPEN, word))
    assert (error.code, error.params) == (code, params)


@pytest.mark.parametrize("answer", ["6A82", "6D00", "9000", "6F098407F04B5450454C019000", "84009000"])
def test_another_card_in_the_slot_is_never_sent_a_pin(answer: str) -> None:
    assert refused((SELECT[0], answer)).code == "sam.not_this_kind"


@pytest.mark.parametrize(
    ("word", "code", "params"),
    [
        ("63C2", "sam.pin_wrong", {"tries": 2}),
        ("6300", "sam.pin_wrong", {"tries": "?"}),
        ("63C0", "sam.blocked", {}),
        ("6983", "sam.blocked", {}),
    ],
)
def test_a_refused_pin_is_never_sent_again(word: str, code: str, params: dict[str, object]) -> None:
    slot = Slot([SELECT, (VERIFY, word)])
    keys = SamKeys(slot.open, "123456")
    for _ in range(3):
        with pytest.raises(DeviceError) as error:
            keys.open(HANDSHAKE)
        assert (error.value.code, error.value.params, error.value.effect) == (code, params, Effect.NONE)
    assert keys.health().notes == (code,)
    assert slot.closed == 1


def test_a_verification_refused_for_another_reason_is_told() -> None:
    error = refused(SELECT, (VERIFY, "6700"))
    assert (error.code, error.params) == ("sam.refused", {"sw": "6700", "step": "VERIFY"})


def test_a_sam_out_of_reach_is_told_as_the_sams_failure_and_not_the_cards() -> None:
    pulled = DeviceError("chip.pulled", Effect.UNKNOWN)
    error = refused(SELECT, (VERIFY, "9000"), (OPEN, pulled))
    assert (error.code, error.params) == ("sam.unreachable", {"reason": "chip.pulled"})


def empty_slot(code: str) -> Callable[[], AbstractContextManager[CardConnection]]:
    def connect() -> AbstractContextManager[CardConnection]:
        raise DeviceError(code, Effect.NONE)

    return connect


def test_a_failure_that_already_is_the_sams_is_told_as_it_is() -> None:
    with pytest.raises(DeviceError) as failed:
        SamKeys(empty_slot("sam.slot_empty"), "123456").open(HANDSHAKE)
    assert failed.value.code == "sam.slot_empty"


def test_an_empty_slot_is_told_as_the_sams_failure() -> None:
    keys = SamKeys(empty_slot("chip.no_card"), "123456")
    with pytest.raises(DeviceError) as failed:
        keys.open(HANDSHAKE)
    assert failed.value.code == "sam.unreachable"
    assert keys.health().ready is Answer.NO


def test_health_names_the_sam_and_tries_no_pin() -> None:
    slot = Slot(
        [SELECT, ("80CA004500", "4507202600000000019000")],
        [SELECT, ("80CA004500", "9000")],
        [SELECT, ("80CA004500", DeviceError("pcsc.reader_lost", Effect.UNKNOWN))],
    )
    keys = SamKeys(slot.open, "123456")
    assert keys.health().readings == {"serial": "20260000000001"}
    assert keys.health().notes == ("sam.answer_malformed",)
    assert keys.health().notes == ("sam.unreachable",)


@pytest.mark.parametrize("pin", ["12345", "1" * 17, b""])
def test_a_pin_has_6_to_16_bytes(pin: str | bytes) -> None:
    with pytest.raises(ValueError):
        SamKeys(Slot().open, pin)


def test_a_pin_is_never_shown() -> None:
    assert "123456" not in repr(SamKeys(Slot().open, "123456"))


@given(st.binary(max_size=120))
def test_any_answer_is_keys_or_a_value_error(data: bytes) -> None:
    try:
        read_opened_keys(data, 8)
    except ValueError:
        return
