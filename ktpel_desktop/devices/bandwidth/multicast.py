"""One question to everybody in the local network segment, and the answers of a limited time."""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections.abc import Iterator

_MOST_ANSWERS = 256
_DATAGRAM = 65_535


def ask_all(
    question: bytes, destination: tuple[str, int], *, seconds: float, interface: str = ""
) -> Iterator[tuple[str, bytes]]:
    """Sender and content of each answer. One packet is sent, not beyond the segment. Raises OSError when it cannot be.

    `interface` is the own address of the card to ask from; the system's choice where it is empty.
    """
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sock:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        if interface:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
        sock.sendto(question, destination)
        until = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_READ)
            for _ in range(_MOST_ANSWERS):
                left = until - time.monotonic()
                if left <= 0 or not selector.select(left):
                    return
                with contextlib.suppress(BlockingIOError, ConnectionError):  # an ICMP word back is no answer
                    content, (sender, *_) = sock.recvfrom(_DATAGRAM)
                    yield sender, content
