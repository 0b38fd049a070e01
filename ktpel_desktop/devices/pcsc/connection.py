"""One card in one reader, for one action: connected, ours alone where that can be had, reset at the end.

Exclusive at once in SCardConnect (cards.md B3: connecting shared first leaves a gap), so that no other program sees a
card whose secure channel is open. Where another program is already in the reader, shared with a transaction, and
said so by `shared`. Nothing here has a time limit: PC/SC has none for a command, and a card that never answers holds
its reader until it is lifted (virtual-reader.md 6).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic

from smartcard import scard

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.pcsc import failures, reader_properties
from ktpel_desktop.devices.pcsc.context import Context, opened

log = logging.getLogger(__name__)

SHARED_NOTE = "pcsc.shared"
"""The note of a connection that is `shared` (resources/teks/galat/pcsc.toml)."""

_HEADER = 4  # CLA INS P1 P2 (ISO/IEC 7816-4)


class PcscConnection:
    """Implements devices.chip.connection.CardConnection; made by `connect` and good inside its `with` only."""

    def __init__(self, handle: int, protocol: int, atr: bytes, reader: str, *, shared: bool) -> None:
        self._handle, self._protocol, self._atr = handle, protocol, atr
        self._closed = self._broken = False
        self.reader = reader
        self.shared = shared
        """Another program is in the reader too: a person should be warned."""

    @property
    def atr(self) -> bytes:
        """Answer to reset of this card at this connecting."""
        return self._atr

    def transmit(self, command: bytes) -> bytes:
        """One command APDU, one answer. Raises DeviceError, UNKNOWN where the command was handed to the reader.

        After a failure this connection sends nothing more ("pcsc.connection_broken", NONE): what lies on the reader
        then must be identified anew.
        """
        if self._closed:
            raise RuntimeError("the connection is closed")
        if len(command) < _HEADER:
            raise ValueError("a command has four bytes at least")
        if self._broken:
            raise DeviceError("pcsc.connection_broken", Effect.NONE)
        log.debug("> %s, %d bytes", command[:_HEADER].hex(" "), len(command))
        began = monotonic()
        self._broken = True  # until the answer is here, whatever else comes between
        number, answer = scard.SCardTransmit(self._handle, self._protocol, list(command))
        took = (monotonic() - began) * 1000
        if number != failures.SUCCESS or not answer:
            log.debug("< failed with %s, %.0f ms", failures.written(number), took)
            raise failures.while_sending(number, self.reader)
        if len(answer) < 2:
            raise DeviceError("chip.answer_lost", Effect.UNKNOWN)
        self._broken = False
        got = bytes(answer)
        log.debug("< %d bytes, %s, %.0f ms", len(got), got[-2:].hex(), took)
        return got

    def reader_most(self) -> int | None:
        """As CardConnection."""
        return reader_properties.most_apdu_data(self._handle)

    def retire(self) -> None:
        """The card is given back: from here on, using the connection is a bug."""
        self._closed = True


@contextmanager
def connect(reader_name: str) -> Iterator[PcscConnection]:
    """Connect to the card in a reader; the card is reset and the context released at the end, whatever happens.

    Raises DeviceError with effect NONE: "chip.no_card", "chip.mute", "chip.reader_gone", "pcsc.reader_unknown",
    "pcsc.reader_in_use", "pcsc.no_service", and the others of `failures.before_sending`.
    """
    with opened() as context, ExitStack() as undo:
        handle, protocol, shared = _reach(context, reader_name)
        # In shared mode the reset is the transaction's end: later, it would hit a card that another program uses.
        undo.callback(_disconnect, handle, scard.SCARD_LEAVE_CARD if shared else scard.SCARD_RESET_CARD)
        if shared:
            log.warning("another program uses the reader %s too", reader_name)
            _checked(scard.SCardBeginTransaction(handle), reader_name)
            undo.callback(_end_transaction, handle)
        atr = _atr(handle, reader_name)
        connection = PcscConnection(handle, protocol, atr, reader_name, shared=shared)
        undo.callback(connection.retire)
        yield connection


def _reach(context: Context, reader: str) -> tuple[int, int, bool]:
    """Handle, protocol, and whether the reader is shared."""
    protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    number, handle, protocol = scard.SCardConnect(
        context.handle, reader, scard.SCARD_SHARE_EXCLUSIVE, protocols
    )
    shared = failures.unsigned(number) == failures.SHARING_VIOLATION
    if shared:
        number, handle, protocol = scard.SCardConnect(
            context.handle, reader, scard.SCARD_SHARE_SHARED, protocols
        )
    if failures.unsigned(number) == failures.UNPOWERED_CARD and _is_mute(context, reader):
        number = failures.UNRESPONSIVE_CARD
    _checked(number, reader)
    return handle, protocol, shared


def _is_mute(context: Context, reader: str) -> bool:
    """Whether the card there is silent: pcsc-lite calls it unpowered in SCardConnect (measured), as it calls one that
    another program has switched off.
    """
    try:
        states = context.changes([(reader, scard.SCARD_STATE_UNAWARE)], 0)
    except DeviceError:
        return False
    return any(seen.state & scard.SCARD_STATE_MUTE for seen in states)


def _atr(handle: int, reader: str) -> bytes:
    number, _name, _state, _protocol, atr = scard.SCardStatus(handle)
    _checked(number, reader)
    return bytes(atr)


def _checked(number: int, reader: str) -> None:
    if number != failures.SUCCESS:
        raise failures.before_sending(number, reader)


def _end_transaction(handle: int) -> None:
    _told("transaction", scard.SCardEndTransaction(handle, scard.SCARD_RESET_CARD))


def _disconnect(handle: int, disposition: int) -> None:
    _told("connection", scard.SCardDisconnect(handle, disposition))


def _told(what: str, number: int) -> None:
    """The end of an action does not fail: a card or service that has gone has nothing left open."""
    if number != failures.SUCCESS:
        log.info("the %s had gone before its end: %s", what, failures.written(number))
