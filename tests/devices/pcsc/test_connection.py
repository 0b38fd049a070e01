"""A connection over a scripted service: what is sent, what a failure means, and that nothing stays open."""

import itertools
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartcard import scard

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.chip.connection import CardConnection
from ktpel_desktop.devices.pcsc.connection import connect
from ktpel_desktop.devices.pcsc.readers import list_readers
from tests.devices.pcsc.fake_scard import ATR, CALLS, FakeScard, installed
from tests.devices.pcsc.test_failures import NUMBERS

SELECT = bytes.fromhex("00A4040007A0000002471001")
SHARED = scard.SCARD_E_SHARING_VIOLATION
READER = "Encoder 00 00"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> FakeScard:
    return installed(monkeypatch)


def test_a_card_is_ours_alone_and_reset_at_the_end(service: FakeScard) -> None:
    service.answer = [1, 2, 0x90, 0x00]
    with connect(READER) as card:
        plain: CardConnection = card
        assert plain.atr == ATR
        assert plain.transmit(SELECT) == b"\x01\x02\x90\x00"
        assert not card.shared
    both = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    assert service.arguments("SCardConnect") == [(READER, scard.SCARD_SHARE_EXCLUSIVE, both)]
    assert service.arguments("SCardTransmit") == [(scard.SCARD_PROTOCOL_T1, list(SELECT))]
    assert service.arguments("SCardDisconnect") == [(scard.SCARD_RESET_CARD,)]
    assert "SCardBeginTransaction" not in service.names()
    assert service.balanced()


def test_with_another_program_in_the_reader_it_is_shared_and_says_so(service: FakeScard) -> None:
    service.will("SCardConnect", SHARED)
    with connect(READER) as card:
        assert card.shared
        assert service.transactions
        card.transmit(SELECT)
    shares = [arguments[1] for arguments in service.arguments("SCardConnect")]
    assert shares == [scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_SHARE_SHARED]
    # The card is reset while it is still ours, not under the hands of the other program.
    assert service.arguments("SCardEndTransaction") == [(scard.SCARD_RESET_CARD,)]
    assert service.arguments("SCardDisconnect") == [(scard.SCARD_LEAVE_CARD,)]
    assert service.balanced()


@pytest.mark.parametrize(
    ("state", "answer", "code"),
    [
        (scard.SCARD_STATE_PRESENT | scard.SCARD_STATE_MUTE, 0, "chip.mute"),
        (scard.SCARD_STATE_PRESENT, 0, "pcsc.card_reset"),
        (scard.SCARD_STATE_MUTE, scard.SCARD_E_NO_SERVICE, "pcsc.card_reset"),
    ],
)
def test_an_unpowered_card_is_mute_only_where_the_reader_says_so(
    service: FakeScard, state: int, answer: int, code: str
) -> None:
    service.will("SCardConnect", scard.SCARD_W_UNPOWERED_CARD)
    service.will("SCardGetStatusChange", answer)
    service.states[READER] = state
    with pytest.raises(DeviceError) as caught, connect(READER):
        pass
    assert (caught.value.code, caught.value.effect) == (code, Effect.NONE)
    assert service.balanced()


def test_a_reader_that_another_program_holds_alone_is_in_use(service: FakeScard) -> None:
    service.will("SCardConnect", SHARED, SHARED)
    with pytest.raises(DeviceError) as caught, connect(READER):
        pass
    assert (caught.value.code, caught.value.effect) == ("pcsc.reader_in_use", Effect.NONE)
    assert service.balanced()


@pytest.mark.parametrize(
    ("call", "number"),
    list(
        itertools.product(
            ("SCardEstablishContext", "SCardConnect", "SCardBeginTransaction", "SCardStatus"), NUMBERS
        )
    ),
)
def test_whatever_fails_before_sending_leaves_nothing_open_and_nothing_done(
    service: FakeScard, call: str, number: int
) -> None:
    if call == "SCardBeginTransaction":
        service.will("SCardConnect", SHARED)
    service.will(call, number, number)
    with pytest.raises(DeviceError) as caught, connect(READER):
        pytest.fail("it did not fail")
    assert caught.value.effect is Effect.NONE
    assert "SCardTransmit" not in service.names()
    assert service.balanced()


@pytest.mark.parametrize("number", NUMBERS)
def test_whatever_fails_while_sending_is_unknown_and_nothing_more_is_sent(
    service: FakeScard, number: int
) -> None:
    service.will("SCardTransmit", 0, number)
    with connect(READER) as card:
        card.transmit(SELECT)
        with pytest.raises(DeviceError) as caught:
            card.transmit(SELECT)
        assert caught.value.effect is Effect.UNKNOWN
        with pytest.raises(DeviceError) as again:
            card.transmit(SELECT)
        assert (again.value.code, again.value.effect) == ("pcsc.connection_broken", Effect.NONE)
    assert service.names().count("SCardTransmit") == 2
    assert service.balanced()


@pytest.mark.parametrize(("answer", "code"), [([], "chip.pulled"), ([0x90], "chip.answer_lost")])
def test_success_without_a_status_word_is_none(service: FakeScard, answer: list[int], code: str) -> None:
    service.answer = answer
    with connect(READER) as card, pytest.raises(DeviceError) as caught:
        card.transmit(SELECT)
    assert (caught.value.code, caught.value.effect) == (code, Effect.UNKNOWN)
    assert service.balanced()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_breaks_inside_leaves_nothing_open(service: FakeScard, error: type[BaseException]) -> None:
    service.will("SCardConnect", SHARED)
    with pytest.raises(error), connect(READER):
        raise error
    assert service.balanced()


@pytest.mark.parametrize("call", ["SCardEndTransaction", "SCardDisconnect", "SCardReleaseContext"])
def test_an_end_that_fails_does_not_hide_what_was_done(service: FakeScard, call: str) -> None:
    service.will(call, scard.SCARD_E_NO_SERVICE)
    service.will("SCardConnect", SHARED)
    with connect(READER) as card:
        assert card.transmit(SELECT) == b"\x90\x00"
    assert service.balanced()


def test_a_release_that_breaks_inside_pyscard_is_survived(
    service: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_handle: int) -> int:
        raise SystemError("returned a result with an exception set")

    monkeypatch.setattr(service, "SCardReleaseContext", broken)
    with connect(READER) as card:
        card.transmit(SELECT)


def test_a_command_without_a_header_is_a_bug_and_is_not_sent(service: FakeScard) -> None:
    with connect(READER) as card:
        with pytest.raises(ValueError, match="four bytes"):
            card.transmit(b"\x00\xa4\x04")
        card.transmit(SELECT)
    assert service.names().count("SCardTransmit") == 1


def test_a_connection_is_of_no_use_after_its_end(service: FakeScard) -> None:
    with connect(READER) as card:
        pass
    with pytest.raises(RuntimeError):
        card.transmit(SELECT)
    assert "SCardTransmit" not in service.names()


def test_the_traffic_log_holds_headers_lengths_and_status_words_only(
    service: FakeScard, caplog: pytest.LogCaptureFixture
) -> None:
    secret = bytes.fromhex("C0FFEE11223344")
    service.answer = [*secret, 0x61, 0x07]
    with caplog.at_level(logging.DEBUG), connect(READER) as card:
        card.transmit(bytes.fromhex("00D6812207") + secret)
        service.will("SCardTransmit", scard.SCARD_E_NOT_TRANSACTED)
        with pytest.raises(DeviceError):
            card.transmit(bytes.fromhex("00D6812207") + secret)
    told = caplog.text.lower().replace(" ", "")
    assert "00d68122" in told
    assert "12bytes" in told
    assert "9bytes,6107" in told
    assert "0x80100016" in told
    assert "c0ffee" not in told
    assert not any(f"{byte:02x}" * 2 in told for byte in secret[3:])


# ------------------------------------------------------------------ no service, no place, no permission


def test_a_service_that_let_us_in_before_and_refuses_now_is_full(service: FakeScard) -> None:
    """pcsc-lite's client says "security violation" of both (measured); permission is not lost in mid-work."""
    service.will("SCardEstablishContext", 0x8010006A)
    assert list_readers().reason == "pcsc.access_denied"
    assert list_readers().names == (READER,)
    service.will("SCardEstablishContext", 0x8010006A)
    assert list_readers().reason == "pcsc.too_many_users"
    assert service.balanced()


def test_a_service_that_listens_and_hangs_up_is_full(service: FakeScard) -> None:
    service.listens = True
    service.will("SCardEstablishContext", scard.SCARD_E_NO_SERVICE)
    assert list_readers().reason == "pcsc.too_many_users"


def test_no_service_and_no_reader_are_answers(service: FakeScard) -> None:
    service.will("SCardEstablishContext", scard.SCARD_E_NO_SERVICE)
    assert list_readers().reason == "pcsc.no_service"
    service.will("SCardListReaders", scard.SCARD_E_NO_READERS_AVAILABLE)
    assert list_readers().reason == "chip.reader_gone"
    service.will("SCardListReaders", scard.SCARD_E_SERVICE_STOPPED)
    assert list_readers().reason == "pcsc.service_stopped"
    assert service.balanced()


# ------------------------------------------------------------------ any misfortune

numbers = st.sampled_from([0, 0, 0, *NUMBERS])
scripts = st.dictionaries(st.sampled_from(CALLS), st.lists(numbers, max_size=4))


@given(scripts, st.booleans(), st.integers(0, 3), st.sampled_from([None, ValueError, KeyboardInterrupt]))
def test_after_any_misfortune_nothing_is_open_and_the_effect_is_honest(
    script: dict[str, list[int]], shared: bool, commands: int, breaks: type[BaseException] | None
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        service = installed(patch)
        if shared:
            service.will("SCardConnect", SHARED)
        for call, answers in script.items():
            service.will(call, *answers)
        try:
            with connect(READER) as card:
                for _ in range(commands):
                    card.transmit(SELECT)
                if breaks is not None:
                    raise breaks
        except DeviceError as error:
            effect = error.effect
        except (ValueError, KeyboardInterrupt):
            effect = None
        else:
            effect = None
        assert service.balanced()
        if effect is not None:
            assert (effect is Effect.UNKNOWN) == ("SCardTransmit" in service.names())
