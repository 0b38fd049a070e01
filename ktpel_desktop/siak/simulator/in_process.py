"""The training SIAK straight behind the real client, without a socket.

For crash tests: `SiakClient(access, InProcess(exchange))` meets the same decisions, bytes and faults as over HTTP,
and each fault shows itself as the exception that httpx would raise on a real line.
"""

from __future__ import annotations

import httpx

from ktpel_desktop.siak.simulator.exchange import Account, Asked, Exchange
from ktpel_desktop.siak.transport import SiakAccess

ADDRESS = "http://127.0.0.1"


class InProcess(httpx.BaseTransport):
    """An httpx transport whose other end is the exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._exchange.faults.offline:
            raise httpx.ConnectError("connection refused", request=request)
        patience = request.extensions["timeout"]["read"]
        late = False

        def wait(seconds: float) -> bool:
            nonlocal late
            late = patience is not None and seconds > patience
            return True

        asked = Asked(
            request.method,
            request.url.path,
            request.headers.get("authorization", ""),
            request.read(),
        )
        reply = self._exchange.handle(asked, wait)
        if late:
            # SIAK goes on and does it; only the caller no longer waits.
            raise httpx.ReadTimeout("no answer in time", request=request)
        if reply is None:
            raise httpx.RemoteProtocolError("server disconnected without sending a response", request=request)
        return httpx.Response(reply.status, headers={"content-type": reply.media}, content=reply.body)


def access(account: Account | None = None, url: str = ADDRESS) -> SiakAccess:
    """The access that the training SIAK admits."""
    known = Account() if account is None else account
    return SiakAccess(url=url, user_id=known.user_id, password=known.password)
