"""Non-blocking TCP sockets for both ends of a line test."""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
import sys
from typing import Any

Address = tuple[Any, ...]
"""As getaddrinfo gives it: two parts for IPv4, four for IPv6."""

_UNDER_WAY = {0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0)}

_LINGER = "hh" if sys.platform == "win32" else "ii"


def prepare(sock: socket.socket) -> None:
    """Non-blocking, small lines at once, and cubic where the system has it.

    A BBR sender pushes the steady stream of a camera aside and reads more than the room's share (room.md 3.5).
    """
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    congestion = getattr(socket, "TCP_CONGESTION", None)
    if congestion is not None:
        with contextlib.suppress(OSError):  # the system's own choice stays
            sock.setsockopt(socket.IPPROTO_TCP, congestion, b"cubic")


def begin_connect(address: Address, family: int, receive_buffer: int = 0) -> socket.socket:
    """A socket on its way to the address. Raises OSError."""
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        prepare(sock)
        if receive_buffer:  # before connecting, for the window's scale is agreed there
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        code = sock.connect_ex(address)
        if code not in _UNDER_WAY:
            raise OSError(code, "connect")
    except BaseException:
        sock.close()
        raise
    return sock


def connect_failure(sock: socket.socket) -> int:
    """The error of a connect that has ended; 0 when it is connected."""
    return int(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))


def cut(sock: socket.socket) -> None:
    """Close at once: what still waits to be sent is thrown away, so that it does not burden the next measurement."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(_LINGER, 1, 0))
    sock.close()
