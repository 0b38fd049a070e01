"""The router's own counters by SNMPv2c (RFC 3416, RFC 2863): one GET over UDP, read only.

No maintained synchronous library under a permissive licence was found (pysnmp and puresnmp need an event loop), and a
GET of four numbers is small: data objects as core.ber_tlv has them, with the contents of ITU-T X.690. The community is
a setting of the router and is never logged.
"""

from __future__ import annotations

import contextlib
import secrets
import selectors
import socket
import time

from ktpel_desktop.core.ber_tlv import TlvError, encode, parse
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.line_sharing import Counters

PORT = 161
WAIT_S = 2.0
INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
_VERSION_2C = 1
_GET, _RESPONSE = 0xA0, 0xA2
_COUNTERS = {0x41: 32, 0x46: 64}
Oid = tuple[int, ...]
IF_HC_IN, IF_HC_OUT = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6), (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 10)
IF_IN, IF_OUT = (1, 3, 6, 1, 2, 1, 2, 2, 1, 10), (1, 3, 6, 1, 2, 1, 2, 2, 1, 16)


class SnmpRouter:
    """A router that answers SNMP; `interface` is the ifIndex of its WAN side."""

    def __init__(
        self, host: str, interface: int, community: str, *, port: int = PORT, seconds: float = WAIT_S
    ) -> None:
        if interface < 1:
            raise ValueError("an ifIndex begins with 1 (RFC 2863)")
        self._host, self._port, self._seconds = host, port, seconds
        self._interface = interface
        self._community = community.encode()

    def counters(self) -> Counters:
        """Bytes of the WAN side, by the 64-bit counters where it has them.

        Raises DeviceError "router.silent", "router.refused", "router.nonsense".
        """
        wanted = [(*oid, self._interface) for oid in (IF_HC_IN, IF_HC_OUT, IF_IN, IF_OUT)]
        number = secrets.randbelow(1 << 31)
        values = self._ask(number, wanted)
        for received, sent in (values[:2], values[2:]):
            if received is not None and sent is not None:
                return Counters(time.monotonic(), received[0], sent[0], min(received[1], sent[1]))
        raise DeviceError("router.refused", Effect.NONE)

    def _ask(self, number: int, wanted: list[Oid]) -> list[tuple[int, int] | None]:
        try:
            found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_DGRAM)
            family, kind, protocol, _, address = found[0]
            with contextlib.closing(socket.socket(family, kind, protocol)) as sock:
                sock.setblocking(False)
                sock.connect(address)  # only this router is heard
                sock.send(get_request(self._community, number, wanted))
                return self._hear(sock, number, wanted)
        except (OSError, UnicodeError) as error:
            raise DeviceError("router.silent", Effect.NONE) from error

    def _hear(self, sock: socket.socket, number: int, wanted: list[Oid]) -> list[tuple[int, int] | None]:
        until, nonsense = time.monotonic() + self._seconds, False
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_READ)
            while (left := until - time.monotonic()) > 0:
                if not selector.select(left):
                    break
                try:
                    return read_response(sock.recv(65_535), number, wanted)
                except BlockingIOError:
                    continue
                except TlvError:
                    nonsense = True  # rubbish, or late and to another question: the right one may still come
        if nonsense:
            raise DeviceError("router.nonsense", Effect.NONE)
        raise DeviceError("router.silent", Effect.NONE)


def get_request(community: bytes, number: int, oids: list[Oid]) -> bytes:
    """A GetRequest-PDU in its message."""
    asked = b"".join(encode(SEQUENCE, encode_oid(oid) + encode(NULL, b"")) for oid in oids)
    body = b"".join(encode_integer(one) for one in (number, 0, 0)) + encode(SEQUENCE, asked)
    message = encode_integer(_VERSION_2C) + encode(OCTETS, community) + encode(_GET, body)
    return encode(SEQUENCE, message)


def read_response(data: bytes, number: int, oids: list[Oid]) -> list[tuple[int, int] | None]:
    """Value and width of each counter asked for, None where the router has none. Raises TlvError."""
    (message,) = _these(data, SEQUENCE)
    version, _, answer = _these(message, INTEGER, OCTETS, _RESPONSE)
    same, status, _, bindings = _these(answer, INTEGER, INTEGER, INTEGER, SEQUENCE)
    if read_integer(version) != _VERSION_2C or read_integer(same) != number:
        raise TlvError("another answer")
    if read_integer(status) != 0:
        return [None] * len(oids)
    found = _these(bindings, *[SEQUENCE] * len(oids))
    return [_counter(oid, binding) for oid, binding in zip(oids, found, strict=True)]


def _counter(oid: Oid, binding: bytes) -> tuple[int, int] | None:
    parts = parse(binding)
    if len(parts) != 2 or parts[0].encode() != encode_oid(oid):  # what was not asked is not the line's
        raise TlvError("binding")
    content, bits = parts[1].value, _COUNTERS.get(parts[1].tag)
    if bits is None:  # noSuchObject, noSuchInstance
        return None
    value = read_integer(content)
    if value < 0:  # unsigned by its type; some routers leave the leading zero out
        value += 1 << (8 * len(content))
    if value >= 1 << bits:
        raise TlvError("counter")
    return value, bits


def _these(data: bytes, *tags: int) -> list[bytes]:
    """The values of the data objects in `data`, which have these tags. Raises TlvError."""
    found = parse(data)
    if [one.tag for one in found] != list(tags):
        raise TlvError("structure")
    return [one.value for one in found]


def encode_integer(value: int) -> bytes:
    """A signed integer."""
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def read_integer(content: bytes) -> int:
    """A signed integer of at most 64 bits and a leading zero. Raises TlvError."""
    if not 1 <= len(content) <= 9:
        raise TlvError("integer")
    return int.from_bytes(content, "big", signed=True)


def encode_oid(arcs: Oid) -> bytes:
    """An object identifier of at least two arcs."""
    first, second, *rest = arcs
    content = bytearray()
    for arc in (40 * first + second, *rest):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(0x80 | arc & 0x7F)
        content += bytes(reversed(septets))
    return encode(OID, bytes(content))
