"""How the program reaches SIAK: httpx with explicit time-outs, the system's trust store, and honest failures.

Nothing is sent twice by itself: only a connection that never came about is tried once more (design.md 6). What is
told of a failure is its code and its effect: NONE where no byte of the request left, UNKNOWN from then on. Neither
address, body nor answer gets into an exception, for they hold numbers of residents and the password.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import NoReturn

import httpx
import truststore

from ktpel_desktop.core.errors import Effect, GatewayError

LARGEST_ANSWER = 2_000_000
"""Bytes. A print order with pictures has some ten thousand; more is not an answer."""

_CONNECT_AGAIN = 1


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `whole` bounds one answer that trickles in byte by byte, which `read` alone would not."""

    connect: float = 5.0
    read: float = 20.0
    write: float = 10.0
    pool: float = 5.0
    whole: float = 60.0


@dataclass(frozen=True, slots=True)
class SiakAccess:
    """Where SIAK is and who asks. `agency` is the path element(s) of the Dukcapil service (domain.md 4).

    `ip_user` is the address that the service has on its list. Plain http is refused but on loopback, unless
    `plain_http` says that the line itself is protected (the VPN of the Dinas).
    """

    url: str
    agency: str = "dki/kelurahan"
    user_id: str = ""
    password: str = field(default="", repr=False)
    ip_user: str = "127.0.0.1"
    timeouts: Timeouts = Timeouts()
    client_certificate: Path | None = None
    client_key: Path | None = None
    proxy: str | None = field(default=None, repr=False)
    plain_http: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class HttpAnswer:
    """What came back, whole."""

    status: int
    media: str
    body: bytes


class _Trouble(Enum):
    OFFLINE = auto()
    TLS = auto()
    TIMEOUT = auto()
    LOST = auto()
    TOO_LONG = auto()


def _raise(trouble: _Trouble) -> NoReturn:
    match trouble:
        case _Trouble.OFFLINE:
            raise GatewayError("siak.offline")
        case _Trouble.TLS:
            raise GatewayError("siak.tls")
        case _Trouble.TIMEOUT:
            raise GatewayError("siak.timeout", Effect.UNKNOWN)
        case _Trouble.LOST:
            raise GatewayError("siak.connection_lost", Effect.UNKNOWN)
        case _Trouble.TOO_LONG:
            raise GatewayError("siak.answer_too_long", Effect.UNKNOWN)


class Wire:
    """One open way to SIAK: sends a request, gives the whole answer or a GatewayError."""

    def __init__(self, access: SiakAccess, transport: httpx.BaseTransport | None = None) -> None:
        """`transport` takes the place of the network in tests and in the in-process simulator.

        Raises GatewayError "siak.address_malformed", "siak.plain_http", "siak.client_certificate".
        """
        url = _checked(access)
        self._whole = access.timeouts.whole
        self._client = httpx.Client(
            base_url=url,
            timeout=httpx.Timeout(
                connect=access.timeouts.connect,
                read=access.timeouts.read,
                write=access.timeouts.write,
                pool=access.timeouts.pool,
            ),
            auth=httpx.BasicAuth(access.user_id, access.password) if access.user_id else None,
            follow_redirects=False,
            trust_env=False,  # a proxy is the office's setting, never a left-over of the environment
            transport=transport if transport is not None else _network(access, url),
        )

    def close(self) -> None:
        """Close kept connections."""
        self._client.close()

    def ask(
        self, method: str, path: str, body: Mapping[str, str] | None = None, timeout: float | None = None
    ) -> HttpAnswer:
        """Send once and read the whole answer. `timeout` replaces every time-out of this call.

        Raises GatewayError: NONE "siak.offline", "siak.tls"; UNKNOWN "siak.timeout", "siak.connection_lost",
        "siak.answer_too_long".
        """
        trouble = _Trouble.LOST
        # The error is raised behind the handlers, so that httpx's exception, which holds the request with its
        # numbers, does not hang on it as its context.
        try:
            return self._whole_answer(method, path, body, timeout)
        except _TooLongError:
            trouble = _Trouble.TOO_LONG
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            trouble = _Trouble.TLS if _is_tls(error) else _Trouble.OFFLINE
        except (httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol):
            trouble = _Trouble.OFFLINE
        except httpx.TimeoutException:
            trouble = _Trouble.TIMEOUT
        except httpx.HTTPError:
            trouble = _Trouble.LOST
        _raise(trouble)

    def _whole_answer(
        self, method: str, path: str, body: Mapping[str, str] | None, timeout: float | None
    ) -> HttpAnswer:
        chosen = httpx.USE_CLIENT_DEFAULT if timeout is None else httpx.Timeout(timeout)
        ends = time.monotonic() + (self._whole if timeout is None else timeout)
        json = None if body is None else dict(body)
        read = bytearray()
        with self._client.stream(method, path, json=json, timeout=chosen) as response:
            for piece in response.iter_bytes():
                read += piece
                if len(read) > LARGEST_ANSWER:
                    raise _TooLongError
                if time.monotonic() > ends:
                    raise httpx.ReadTimeout("trickling")
            media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            return HttpAnswer(response.status_code, media, bytes(read))


class _TooLongError(Exception):
    pass


def _checked(access: SiakAccess) -> httpx.URL:
    url: httpx.URL | None = None
    with suppress(httpx.InvalidURL, ValueError):
        url = httpx.URL(access.url)
    if url is None or url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise GatewayError("siak.address_malformed")
    if url.scheme == "http" and url.host not in ("127.0.0.1", "::1", "localhost") and not access.plain_http:
        raise GatewayError("siak.plain_http")
    return url


def _network(access: SiakAccess, url: httpx.URL) -> httpx.HTTPTransport:
    context = _tls(access) if url.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    proxy = None if access.proxy is None else httpx.Proxy(access.proxy)
    return httpx.HTTPTransport(verify=context, proxy=proxy, retries=_CONNECT_AGAIN, trust_env=False)


def _tls(access: SiakAccess) -> ssl.SSLContext:
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if access.client_certificate is None:
        return context
    readable = True
    try:
        context.load_cert_chain(access.client_certificate, access.client_key)
    except (OSError, ssl.SSLError):
        readable = False
    if not readable:
        raise GatewayError("siak.client_certificate", file=access.client_certificate.name)
    return context


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
