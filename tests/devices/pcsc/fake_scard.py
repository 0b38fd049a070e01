"""pyscard's raw module with a script in place of a service: each call answers the next number scripted for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from smartcard import scard

from ktpel_desktop.devices.pcsc import connection, context, monitor, reader_properties

ATR = bytes.fromhex("3B8B80014B54504C2D54455354303145")
CALLS = (
    "SCardEstablishContext",
    "SCardListReaders",
    "SCardGetStatusChange",
    "SCardConnect",
    "SCardBeginTransaction",
    "SCardStatus",
    "SCardControl",
    "SCardTransmit",
    "SCardEndTransaction",
    "SCardDisconnect",
    "SCardReleaseContext",
)


class FakeScard:
    """Counts what is open; constants are pyscard's own."""

    error = scard.error

    def __init__(self) -> None:
        self.script: dict[str, list[int]] = defaultdict(list)
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.readers: list[str] = ["Encoder 00 00"]
        self.states: dict[str, int] = {}
        self.answer: Sequence[int] = [0x90, 0x00]
        self.controls: dict[int, bytes] = {}
        self.open: set[int] = set()
        self.cards: set[int] = set()
        self.transactions: set[int] = set()
        self.established = self.released = 0
        self.listens = False

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("SCARD_"):
            raise AttributeError(name)
        return getattr(scard, name)

    def will(self, call: str, *numbers: int) -> None:
        self.script[call] += numbers

    def names(self) -> list[str]:
        return [name for name, _ in self.calls]

    def arguments(self, call: str) -> list[tuple[Any, ...]]:
        return [arguments for name, arguments in self.calls if name == call]

    def _next(self, call: str, *arguments: Any) -> int:
        self.calls.append((call, arguments))
        return self.script[call].pop(0) if self.script[call] else 0

    def SCardEstablishContext(self, scope: int) -> tuple[int, int]:
        number = self._next("SCardEstablishContext", scope)
        if number:
            return number, 0
        self.established += 1
        self.open.add(self.established)
        return 0, self.established

    def SCardReleaseContext(self, handle: int) -> int:
        number = self._next("SCardReleaseContext", handle)
        self.released += 1
        self.open.remove(handle)  # releasing twice, or what was never opened, is an error of the test
        return number

    def SCardListReaders(self, handle: int, groups: Sequence[str]) -> tuple[int, list[str]]:
        assert handle in self.open
        number = self._next("SCardListReaders", handle)
        return (number, []) if number else (0, list(self.readers))

    def SCardGetStatusChange(
        self, handle: int, milliseconds: int, known: Iterable[tuple[str, int]]
    ) -> tuple[int, list[tuple[str, int, list[int]]]]:
        assert handle in self.open
        number = self._next("SCardGetStatusChange", milliseconds, list(known))
        answer: list[tuple[str, int, list[int]]] = []
        changed = False
        for name, before in known:
            state = self.states.get(name, scard.SCARD_STATE_EMPTY)
            changed = changed or before == 0 or (state != before and name != monitor.PLUGGED)
            answer.append((name, state | scard.SCARD_STATE_CHANGED, list(ATR)))
        if number:
            return number, []
        return (0, answer) if changed else (scard.SCARD_E_TIMEOUT, [])

    def SCardCancel(self, handle: int) -> int:
        return self._next("SCardCancel", handle)

    def SCardConnect(self, handle: int, name: str, share: int, protocols: int) -> tuple[int, int, int]:
        assert handle in self.open
        number = self._next("SCardConnect", name, share, protocols)
        if number:
            return number, 0, 0
        card = 1000 + len(self.calls)
        self.cards.add(card)
        return 0, card, scard.SCARD_PROTOCOL_T1

    def SCardDisconnect(self, card: int, disposition: int) -> int:
        self.cards.remove(card)
        return self._next("SCardDisconnect", disposition)

    def SCardStatus(self, card: int) -> tuple[int, str, int, int, list[int]]:
        assert card in self.cards
        return self._next("SCardStatus"), "", 0, 0, list(ATR)

    def SCardBeginTransaction(self, card: int) -> int:
        number = self._next("SCardBeginTransaction")
        if not number:
            self.transactions.add(card)
        return number

    def SCardEndTransaction(self, card: int, disposition: int) -> int:
        self.transactions.remove(card)
        return self._next("SCardEndTransaction", disposition)

    def SCardTransmit(self, card: int, protocol: int, command: list[int]) -> tuple[int, Sequence[int]]:
        assert card in self.cards
        number = self._next("SCardTransmit", protocol, command)
        return number, [] if number else self.answer

    def SCardControl(self, card: int, code: int, sent: Sequence[int]) -> tuple[int, list[int]]:
        assert card in self.cards
        assert not sent
        number = self._next("SCardControl", code)
        if number or code not in self.controls:
            return number or scard.SCARD_E_UNSUPPORTED_FEATURE, []
        return 0, list(self.controls[code])

    def balanced(self) -> bool:
        """Whether everything that was opened was given back."""
        return self.established == self.released and not (self.open or self.cards or self.transactions)


def installed(patch: pytest.MonkeyPatch) -> FakeScard:
    """The fake in the place of pyscard; the service has not let us in before."""
    fake = FakeScard()
    for module in (context, connection, monitor, reader_properties):
        patch.setattr(module, "scard", fake)
    context._admitted.clear()
    patch.setattr(context, "_somebody_listens", lambda: fake.listens)  # a real one may run beside us
    return fake
