"""An httpx transport whose whole conversation ends by a moment, however slowly the other side drips its bytes.

httpx's own time-outs count from byte to byte, so that a broken meter or router which sends its headers one byte a
second would hold the room check for hours.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx


class DeadlineTransport(httpx.HTTPTransport):
    """`ends` is a moment of time.monotonic(). One connection, no proxy, no second try."""

    def __init__(self, ends: float) -> None:
        # No certificates for the pool that is replaced: loading them takes longer than a meter's answer.
        super().__init__(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trust_env=False)
        self._pool = httpcore.ConnectionPool(
            max_connections=1,
            max_keepalive_connections=0,
            network_backend=_DeadlineBackend(httpcore.SyncBackend(), ends),
        )


def _left(ends: float, timeout: float | None, late: type[Exception]) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise late("the whole answer took too long")
    return left if timeout is None else min(left, timeout)


class _DeadlineBackend(httpcore.NetworkBackend):
    def __init__(self, inner: httpcore.NetworkBackend, ends: float) -> None:
        self._inner, self._ends = inner, ends

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        wait = _left(self._ends, timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(
            self._inner.connect_tcp(host, port, wait, local_address, socket_options), self._ends
        )

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, ends: float) -> None:
        self._inner, self._ends = inner, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._ends, timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._ends, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        wait = _left(self._ends, timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(self._inner.start_tls(ssl_context, server_hostname, wait), self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
