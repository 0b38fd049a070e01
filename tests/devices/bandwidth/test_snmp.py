"""The small SNMPv2c client: real answers of net-snmp 5.9, whatever else a router may say, and nobody there."""

import contextlib
import socket
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.ber_tlv import TlvError, encode, parse
from ktpel_desktop.devices.bandwidth.snmp import (
    IF_HC_IN,
    IF_HC_OUT,
    IF_IN,
    IF_OUT,
    INTEGER,
    NULL,
    OCTETS,
    SEQUENCE,
    Oid,
    SnmpRouter,
    encode_integer,
    encode_oid,
    get_request,
    read_integer,
    read_response,
)
from tests.devices.bandwidth.servers import answering
from tests.devices.sensors.outcomes import code_of


def asked(interface: int) -> list[Oid]:
    return [(*oid, interface) for oid in (IF_HC_IN, IF_HC_OUT, IF_IN, IF_OUT)]


OIDS = asked(1)
# net-snmp's snmpd 5.9.3 on Debian 12, community "ktpel-baca", request 77
ASKED = bytes.fromhex(
    "305e020101040a6b7470656c2d62616361a04d02014d0201000201003042300f060b2b060102011f01010106040500300f060b2b"
    "060102011f0101010a040500300e060a2b060102010202010a040500300e060a2b0601020102020110040500"
)
ANSWERED = bytes.fromhex(
    "306c020101040a6b7470656c2d62616361a25b02014d02010002010030503013060b2b060102011f010101060446042d2f161930"
    "12060b2b060102011f0101010a0446030f97623012060a2b060102010202010a0441042d2f16193011060a2b06010201020201100441030f9762"
)
NO_INSTANCE = bytes.fromhex(
    "3062020101040a6b7470656c2d62616361a25102014e02010002010030463010060c2b060102011f01010106876781003010060c2b"
    "060102011f0101010a87678100300f060b2b060102010202010a87678100300f060b2b060102010202011087678100"
)


def response(number: int, values: list[tuple[int, bytes]], *, status: int = 0) -> bytes:
    bindings = b"".join(
        encode(SEQUENCE, encode_oid(oid) + encode(tag, value))
        for oid, (tag, value) in zip(OIDS, values, strict=True)
    )
    body = b"".join(map(encode_integer, (number, status, 0))) + encode(SEQUENCE, bindings)
    message = encode_integer(1) + encode(OCTETS, b"x") + encode(0xA2, body)
    return encode(SEQUENCE, message)


# ------------------------------------------------------------------ bytes


def test_the_question_is_the_one_that_a_real_agent_answered() -> None:
    assert get_request(b"ktpel-baca", 77, asked(4)) == ASKED


def test_real_answers() -> None:
    values = [(758060569, 64), (1021794, 64), (758060569, 32), (1021794, 32)]
    assert read_response(ANSWERED, 77, asked(4)) == values
    assert read_response(NO_INSTANCE, 78, asked(999)) == [None] * 4


def test_an_answer_to_another_question_is_none() -> None:
    for number, oids in (
        (76, asked(4)),
        (77, asked(4)[:3]),
        (77, asked(5)),  # of another interface
        (77, asked(4)[::-1]),
    ):
        with pytest.raises(TlvError):
            read_response(ANSWERED, number, oids)


def test_an_error_of_the_router_is_no_counter() -> None:
    assert read_response(response(5, [(NULL, b"")] * 4, status=2), 5, OIDS) == [None] * 4


def test_counters_are_unsigned_and_fit_their_width() -> None:
    huge = response(
        5, [(0x46, b"\xff" * 8), (0x46, b"\x00" + b"\xff" * 8), (0x41, b"\xff" * 4), (0x41, b"\x01")]
    )
    assert read_response(huge, 5, OIDS) == [(2**64 - 1, 64), (2**64 - 1, 64), (2**32 - 1, 32), (1, 32)]
    with pytest.raises(TlvError):
        read_response(response(5, [(0x41, b"\x01\x00\x00\x00\x00")] * 4), 5, OIDS)
    with pytest.raises(TlvError):
        read_response(response(5, [(0x41, b"")] * 4), 5, OIDS)


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    with contextlib.suppress(TlvError):
        read_response(data, 77, asked(4))


@given(st.integers(0, len(ANSWERED) - 1), st.integers(0, 255))
def test_a_changed_byte_is_refused_or_read(place: int, value: int) -> None:
    changed = bytearray(ANSWERED)
    changed[place] = value
    with contextlib.suppress(TlvError):
        assert len(read_response(bytes(changed), 77, asked(4))) == 4


@given(st.integers(-(2**62), 2**62))
def test_integers_come_back(value: int) -> None:
    (one,) = parse(encode_integer(value))
    assert (one.tag, read_integer(one.value)) == (INTEGER, value)


def test_object_identifiers_as_x690_has_them() -> None:
    assert encode_oid((2, 999, 3)) == bytes.fromhex("0603883703")
    assert encode_oid((1, 3, 6, 1, 4, 1, 311)) == bytes.fromhex("06072b060104018237")


# ------------------------------------------------------------------ a router


Agent = Callable[[bytes, int], list[bytes]]
"""What an agent sends back to a question with that number."""


@contextlib.contextmanager
def agent(answer: Agent) -> Iterator[int]:
    def answers(question: bytes) -> list[bytes]:
        (message,) = parse(question)
        number, *_ = message.children()[2].children()
        return answer(question, read_integer(number.value))

    with answering(answers) as (_, port):
        yield port


HC = [(0x46, b"\x10\x00"), (0x46, b"\x20"), (0x41, b"\x01"), (0x41, b"\x02")]
OLD = [(0x81, b""), (0x81, b""), (0x41, b"\x10\x00"), (0x41, b"\x20")]
NONE = [(0x80, b"")] * 4


@pytest.mark.parametrize(
    ("answer", "bits"),
    [
        (lambda _, number: [response(number, HC)], 64),
        (lambda _, number: [response(number, OLD)], 32),
        (
            lambda _, number: [b"\x00", response(number + 1, OLD), response(number, HC)],
            64,
        ),  # rubbish before it
    ],
)
def test_a_router_that_counts(answer: Agent, bits: int) -> None:
    with agent(answer) as port:
        found = SnmpRouter("127.0.0.1", 1, "x", port=port).counters()
    assert (found.received, found.sent, found.bits) == (4096, 32, bits)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda _, number: [], "router.silent"),  # a wrong community is answered by nothing
        (lambda _, number: [response(number, NONE)], "router.refused"),
        (lambda _, number: [b"<html>"], "router.nonsense"),
        (lambda question, _: [question], "router.nonsense"),  # an echo
    ],
)
def test_a_router_that_does_not(answer: Agent, code: str) -> None:
    with agent(answer) as port:
        assert code_of(SnmpRouter("127.0.0.1", 1, "x", port=port, seconds=0.3).counters) == code


@pytest.mark.parametrize("host", ["127.0.0.1", "tidak-ada.invalid", "bad..name"])
def test_no_router_at_all(host: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    assert code_of(SnmpRouter(host, 1, "x", port=port, seconds=0.2).counters) == "router.silent"
