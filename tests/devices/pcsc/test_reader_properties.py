"""What a reader says of the length of APDUs: byte by byte as PC/SC part 10 has it, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartcard import scard

from ktpel_desktop.devices.pcsc.connection import connect
from tests.devices.pcsc.fake_scard import FakeScard, installed
from tests.devices.pcsc.test_failures import NUMBERS

READER = "Encoder 00 00"
FEATURES = scard.SCARD_CTL_CODE(3400)
PROPERTIES = 0x42000001
# FEATURE_VERIFY_PIN_DIRECT, then FEATURE_GET_TLV_PROPERTIES: tag, length, control code big-endian
OFFERED = bytes.fromhex("0604 42330006 1204 42000001")
VENDOR = bytes.fromhex("0B02 2F07")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> FakeScard:
    return installed(monkeypatch)


def asked(service: FakeScard, features: bytes = OFFERED, properties: bytes = b"") -> int | None:
    service.controls = {FEATURES: features, PROPERTIES: properties}
    with connect(READER) as card:
        return card.reader_most()


@pytest.mark.parametrize(
    ("said", "most"),
    [("00000000", 0), ("00010000", 256), ("00000100", 65536), ("F4010000", 500), ("FFFFFFFF", 0xFFFFFFFF)],
)
def test_the_size_is_four_bytes_little_endian(service: FakeScard, said: str, most: int) -> None:
    assert asked(service, properties=VENDOR + b"\x0a\x04" + bytes.fromhex(said) + b"\x09\x01\x00") == most
    assert [code for (code,) in service.arguments("SCardControl")] == [FEATURES, PROPERTIES]
    assert "SCardTransmit" not in service.names()
    assert service.balanced()


@pytest.mark.parametrize(
    ("features", "properties"),
    [
        (b"", b""),
        (OFFERED[:6], b"\x0a\x04\0\0\1\0"),
        (OFFERED[:-1], b"\x0a\x04\0\0\1\0"),
        (b"\x12", b"\x0a\x04\0\0\1\0"),
        (OFFERED, b""),
        (OFFERED, VENDOR),
        (OFFERED, b"\x0a"),
        (OFFERED, b"\x0a\x04\0\0\1"),
        (OFFERED, b"\x0a\x03\0\0\1"),
        (OFFERED, b"\x0a\x00"),
    ],
)
def test_a_reader_that_says_nothing_or_not_to_its_end_says_nothing(
    service: FakeScard, features: bytes, properties: bytes
) -> None:
    assert asked(service, features, properties) is None


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("before", [0, 1])
def test_a_question_that_fails_is_no_answer_and_no_failure(
    service: FakeScard, number: int, before: int
) -> None:
    service.will("SCardControl", *[0] * before, number)
    assert asked(service, properties=b"\x0a\x04\0\0\1\0") is None
    assert service.balanced()


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_whatever_a_driver_says_there_is_a_number_or_nothing(features: bytes, properties: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        found = asked(installed(patch), OFFERED + features, properties)
        assert found is None or 0 <= found <= 0xFFFFFFFF
