"""One small HTTP exchange with a router in the own network, within one limit of time and one of size."""

from __future__ import annotations

import time

import httpx

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.http_deadline import DeadlineTransport

TIME_S = 4.0
LIMIT = 256 * 1024


def fetch(method: str, address: str, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """The body of an answer 200. Raises DeviceError "router.silent", "router.refused", "router.nonsense"."""
    content = b""
    try:
        with (
            httpx.Client(
                transport=DeadlineTransport(time.monotonic() + TIME_S),
                timeout=TIME_S,
                follow_redirects=False,
                trust_env=False,  # the router stands in this network; a proxy of the environment does not reach it
                headers={"Accept-Encoding": "identity"},
            ) as client,
            client.stream(method, address, content=body, headers=headers) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise DeviceError("router.refused", Effect.NONE)
            for piece in answer.iter_raw():
                content += piece
                if len(content) > LIMIT:
                    raise DeviceError("router.nonsense", Effect.NONE)
    except httpx.RemoteProtocolError as error:
        raise DeviceError("router.nonsense", Effect.NONE) from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:  # ValueError: no such host name can be
        raise DeviceError("router.silent", Effect.NONE) from error
    return content
