"""The link of a virtual card to vpcd, the virtual reader of vsmartcard, over TCP.

vpcd listens and the card connects; one connection is one card on the reader, its end is the card's removal. Each
message is a length (2 bytes, big-endian) and that many bytes; one byte alone controls (vpcd.h), more is an APDU.

vpcd knows no mute card: an empty message would block it (and with it every program at that reader) until the next
one, so a chip that answers nothing leaves the reader.
"""

from __future__ import annotations

import socket
from contextlib import suppress

from ktpel_desktop.devices.simulator.virtual_card.linked import CardPulled, CardSilent, LinkedCard

FIRST_PORT = 0x8C7B  # 35963: slot 0 of an unconfigured vpcd; slot 1 is the next port

_POWER_OFF, _POWER_ON, _RESET, _GIVE_ATR = 0, 1, 2, 4
_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)  # Linux only, as vpcd's Debian package


def serve(sock: socket.socket, card: LinkedCard) -> None:
    """Answer the reader until the card is pulled or the connection ends; then the connection is closed."""
    with sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            _converse(sock, card)
        except CardPulled:
            pass
        except ConnectionError:
            pass  # the reader has gone
        finally:
            with suppress(CardPulled):
                card.power_off()
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def _converse(sock: socket.socket, card: LinkedCard) -> None:
    while True:
        length = int.from_bytes(_receive(sock, 2), "big")
        message = _receive(sock, length)
        if length != 1:
            try:
                _send(sock, card.process(message))
            except CardSilent:
                continue  # the reader waits; only taking the card away ends that
        elif message[0] == _GIVE_ATR:
            _send(sock, card.atr)
        elif message[0] == _POWER_ON:
            card.power_on()
        elif message[0] == _RESET:
            card.reset()
        elif message[0] == _POWER_OFF:
            card.power_off()


def _send(sock: socket.socket, answer: bytes) -> None:
    if not answer:
        raise CardPulled
    sock.sendall(len(answer).to_bytes(2, "big") + answer)


def _receive(sock: socket.socket, count: int) -> bytes:
    """`count` bytes. vpcd 3.3 sends length and bytes apart: without quick ACKs each APDU waits 44 ms."""
    parts = b""
    while len(parts) < count:
        if _QUICK_ACK is not None:
            sock.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)  # Linux forgets it after each use
        received = sock.recv(count - len(parts))
        if not received:
            raise ConnectionResetError
        parts += received
    return parts
