"""One context of the PC/SC service: opened, used, and released whatever happened in between.

The service has 200 contexts for all programs together, and one that is forgotten is lost until it restarts
(virtual-reader.md 6); so nothing outside this module opens one, and everything that does uses `opened` or `close`.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event

from smartcard import scard

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.devices.pcsc import failures

log = logging.getLogger(__name__)

_SOCKET = "/run/pcscd/pcscd.comm"
_admitted = Event()
"""Whether the service has let this program in before."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What SCardGetStatusChange said of one reader: dwEventState as it came, and the ATR."""

    name: str
    state: int
    atr: bytes = b""


class Context:
    """An established context. Raises DeviceError with effect NONE: no card is touched here."""

    def __init__(self) -> None:
        number, self.handle = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        if number != failures.SUCCESS:
            raise _refusal(number)
        _admitted.set()

    def names(self) -> tuple[str, ...]:
        """Names of the readers that are plugged in; none is no failure."""
        number, names = scard.SCardListReaders(self.handle, [])
        if failures.unsigned(number) == failures.NO_READERS:
            return ()
        if number != failures.SUCCESS:
            raise failures.before_sending(number)
        return tuple(names)

    def changes(self, known: Sequence[tuple[str, int]], milliseconds: int) -> tuple[Seen, ...]:
        """Wait until a reader is no longer as it is known here, at most so long. Empty when the time is out."""
        if not known:
            return ()
        number, states = scard.SCardGetStatusChange(self.handle, milliseconds, list(known))
        if failures.unsigned(number) in (failures.TIMEOUT, failures.CANCELLED):
            return ()
        if number != failures.SUCCESS:
            raise failures.before_sending(number)
        return tuple(Seen(name, state, bytes(atr)) for name, state, atr in states)

    def cancel(self) -> None:
        """End the `changes` that another thread waits in."""
        scard.SCardCancel(self.handle)

    def close(self) -> None:
        """Give the context back. Never fails: what has gone with the service need not be given back."""
        try:
            number = scard.SCardReleaseContext(self.handle)
        except (SystemError, scard.error):  # pyscard's answer to a context that the service never had
            log.warning("the context could not be released")
        else:
            if number != failures.SUCCESS:
                log.info("the context had gone before its release: %s", failures.written(number))


@contextmanager
def opened() -> Iterator[Context]:
    """A context for one action."""
    context = Context()
    try:
        yield context
    finally:
        context.close()


def _refusal(number: int) -> DeviceError:
    """Why there is no context. A full service just hangs up, and pcsc-lite's client makes of that either
    "no service" or "security violation" (both measured), the number of a refusal by polkit too.
    """
    plain = failures.unsigned(number)
    full = (plain == failures.SECURITY_VIOLATION and _admitted.is_set()) or (
        plain == failures.NO_SERVICE and _somebody_listens()
    )
    return failures.too_many_users() if full else failures.before_sending(number)


def _somebody_listens() -> bool:
    """Whether pcscd takes connections; on Windows the service has no socket."""
    if not hasattr(socket, "AF_UNIX"):
        return False
    with socket.socket(socket.AF_UNIX) as knock:
        knock.settimeout(0.2)
        try:
            knock.connect(os.environ.get("PCSCLITE_CSOCK_NAME", _SOCKET))
        except OSError:
            return False
        return True
