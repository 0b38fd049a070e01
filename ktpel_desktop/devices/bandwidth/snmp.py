"""The router's own counters by SNMPv2c (RFC 3416, RFC 2863): one GET over UDP, read only.

No maintained synchronous library under a permissive licence was found (pysnmp and puresnmp need an event loop), and a
GET of four numbers is small. The community is a setting of the router and is never logged.
"""

from __future__ import annotations

import contextlib
import secrets
import selectors
import socket
import time

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.line_sharing import Counters
from ktpel_desktop.devices.bandwidth import ber
from ktpel_desktop.devices.bandwidth.ber import BerError

PORT = 161
WAIT_S = 2.0
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
        self._host, self._port, self._seconds = host, port, seconds
        self._interface = interface
        self._community = community.encode()

    def counters(self) -> Counters:
        """Bytes of the WAN side, by the 64-bit counters where it has them.

        Raises DeviceError "router.silent", "router.refused", "router.nonsense".
        """
        wanted = [(*oid, self._interface) for oid in (IF_HC_IN, IF_HC_OUT, IF_IN, IF_OUT)]
        number = secrets.randbelow(1 << 31)
        values = self._ask(get_request(self._community, number, wanted), number, len(wanted))
        for received, sent in (values[:2], values[2:]):
            if received is not None and sent is not None:
                return Counters(time.monotonic(), received[0], sent[0], min(received[1], sent[1]))
        raise DeviceError("router.refused", Effect.NONE)

    def _ask(self, question: bytes, number: int, count: int) -> list[tuple[int, int] | None]:
        try:
            found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_DGRAM)
            family, kind, protocol, _, address = found[0]
            with contextlib.closing(socket.socket(family, kind, protocol)) as sock:
                sock.setblocking(False)
                sock.connect(address)  # only this router is heard
                sock.send(question)
                return self._hear(sock, number, count)
        except (OSError, UnicodeError) as error:
            raise DeviceError("router.silent", Effect.NONE) from error

    def _hear(self, sock: socket.socket, number: int, count: int) -> list[tuple[int, int] | None]:
        until, nonsense = time.monotonic() + self._seconds, False
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_READ)
            while (left := until - time.monotonic()) > 0:
                if not selector.select(left):
                    break
                try:
                    return read_response(sock.recv(65_535), number, count)
                except BlockingIOError:
                    continue
                except (
                    BerError
                ):  # a late answer to another question, or rubbish: the right one may still come
                    nonsense = True
        if nonsense:
            raise DeviceError("router.nonsense", Effect.NONE)
        raise DeviceError("router.silent", Effect.NONE)


def get_request(community: bytes, number: int, oids: list[Oid]) -> bytes:
    """A GetRequest-PDU in its message."""
    asked = b"".join(ber.pack(ber.SEQUENCE, ber.pack_oid(oid) + ber.pack(ber.NULL, b"")) for oid in oids)
    body = [*(ber.pack_integer(one) for one in (number, 0, 0)), ber.pack(ber.SEQUENCE, asked)]
    message = [
        ber.pack_integer(_VERSION_2C),
        ber.pack(ber.OCTETS, community),
        ber.pack(_GET, b"".join(body)),
    ]
    return ber.pack(ber.SEQUENCE, b"".join(message))


def read_response(data: bytes, number: int, count: int) -> list[tuple[int, int] | None]:
    """Value and width of each counter asked for, None where the router has none. Raises BerError."""
    (message,) = _these(ber.unpack(data), ber.SEQUENCE)
    version, _, answer = _these(ber.unpack(message), ber.INTEGER, ber.OCTETS, _RESPONSE)
    same, status, _, bindings = _these(
        ber.unpack(answer), ber.INTEGER, ber.INTEGER, ber.INTEGER, ber.SEQUENCE
    )
    if ber.integer(version) != _VERSION_2C or ber.integer(same) != number:
        raise BerError("another answer")
    if ber.integer(status) != 0:
        return [None] * count
    values: list[tuple[int, int] | None] = []
    for tag, binding in ber.unpack(bindings):
        if tag != ber.SEQUENCE:
            raise BerError("binding")
        parts = ber.unpack(binding)
        if len(parts) != 2 or parts[0][0] != ber.OID:
            raise BerError("binding")
        values.append(_counter(*parts[1]))
    if len(values) != count:
        raise BerError("bindings")
    return values


def _counter(tag: int, content: bytes) -> tuple[int, int] | None:
    bits = _COUNTERS.get(tag)
    if bits is None:  # noSuchObject, noSuchInstance
        return None
    value = ber.integer(content)
    if value < 0:  # unsigned by its type; some routers leave the leading zero out
        value += 1 << (8 * len(content))
    if value >= 1 << bits:
        raise BerError("counter")
    return value, bits


def _these(found: list[tuple[int, bytes]], *tags: int) -> list[bytes]:
    if [tag for tag, _ in found] != list(tags):
        raise BerError("structure")
    return [content for _, content in found]
