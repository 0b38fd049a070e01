"""One small HTTP exchange with a router in the own network, within one limit of time and one of size.

A router that sends a byte a second would hold httpx for hours, as its limits are per read; here the whole exchange has
one deadline. HTTP/1.0, so that no answer comes in chunks.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from urllib.parse import urlsplit

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.bandwidth.sockets import begin_connect, connect_failure, cut

TIME_S = 4.0
LIMIT = 256 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})[ \r\n]")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r\n", re.IGNORECASE)


def fetch(method: str, address: str, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """The body of an answer 200. Raises DeviceError "router.silent", "router.refused", "router.nonsense"."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 80
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [f"{method} {target} HTTP/1.0", f"Host: {host}:{port}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + body
        sock = begin_connect((host, port), socket.AF_INET)
    except (OSError, ValueError) as error:  # ValueError: no address, or no ASCII in it
        raise DeviceError("router.silent", Effect.NONE) from error
    try:
        answer = _exchange(sock, request, time.monotonic() + TIME_S)
    except OSError as error:
        raise DeviceError("router.silent", Effect.NONE) from error
    finally:
        cut(sock)
    head, found, content = answer.partition(b"\r\n\r\n")
    status = _STATUS.match(head)
    if not found or status is None:
        raise DeviceError("router.nonsense", Effect.NONE)
    if status[1] != b"200":
        raise DeviceError("router.refused", Effect.NONE)
    return content


def _exchange(sock: socket.socket, request: bytes, until: float) -> bytes:
    """Everything that comes back, until the other end closes or its Content-Length is there."""
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        while (left := until - time.monotonic()) > 0:
            if not selector.select(left):
                continue
            if request:
                if failure := connect_failure(sock):
                    raise OSError(failure, "connect")
                request = request[sock.send(request) :]
                if not request:
                    selector.modify(sock, selectors.EVENT_READ)
                continue
            piece = sock.recv(16_384)
            answer += piece
            if not piece or _is_whole(bytes(answer)):
                return bytes(answer)
            if len(answer) > LIMIT:
                raise DeviceError("router.nonsense", Effect.NONE)
    raise DeviceError("router.silent", Effect.NONE)


def _is_whole(answer: bytes) -> bool:
    head, found, content = answer.partition(b"\r\n\r\n")
    length = _LENGTH.search(head + b"\r\n") if found else None
    return length is not None and len(content) >= int(length[1])
