"""Power cuts at every boundary: proxies around the ports that burn a fuse before and after each effect.

A fuse set to n goes off at the n-th boundary the run passes. In one process it raises `PowerCut`; in the child
of the SIGKILL tests it kills the process. Running with n = 1, 2, 3 … until the fuse no longer goes off covers
every boundary, as SQLite's own crash tests do.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services.desk import Desk


class PowerCut(BaseException):
    """The power went away here. Not an Exception: no code of the program may catch it."""


def cut() -> None:
    raise PowerCut


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Fuse:
    """Goes off once, at boundary `at` (1 …); never, where `at` is 0."""

    def __init__(self, at: int = 0, go_off: Callable[[], None] = cut) -> None:
        self.at = at
        self.passed = 0
        self.names: list[str] = []
        self._go_off = go_off

    @property
    def gone(self) -> bool:
        return 0 < self.at <= self.passed

    def burn(self, boundary: str) -> None:
        self.passed += 1
        self.names.append(boundary)
        if self.passed == self.at:
            self._go_off()


class Fused:
    """A port whose named methods burn the fuse before and after."""

    def __init__(self, port: Any, fuse: Fuse, name: str, methods: frozenset[str]) -> None:
        self._port, self._fuse, self._name, self._methods = port, fuse, name, methods

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._port, attribute)
        if attribute not in self._methods:
            return found

        def fused(*args: Any, **kwargs: Any) -> Any:
            self._fuse.burn(f"before {self._name}.{attribute}")
            result = found(*args, **kwargs)
            self._fuse.burn(f"after {self._name}.{attribute}")
            return result

        return fused


class FusedStore:
    """A store that burns the fuse before and after each commit."""

    def __init__(self, store: Any, fuse: Fuse) -> None:
        self._store, self._fuse = store, fuse

    @contextmanager
    def unit(self, actor: Actor, at: datetime) -> Iterator[UnitOfWork]:
        with self._store.unit(actor, at) as unit:
            yield unit
            self._fuse.burn("before commit")
        self._fuse.burn("after commit")


def fused_desk(desk: Desk, fuse: Fuse) -> Desk:
    """The same desk with a fuse at every commit and every effect."""
    store: Any = FusedStore(desk.store, fuse)
    chip: Any = Fused(desk.chip, fuse, "chip", frozenset({"probe", "write"}))
    printer: Any = Fused(desk.card_printer, fuse, "card_printer", frozenset({"marker", "print_card"}))
    siak: Any = Fused(desk.siak, fuse, "siak", frozenset({"print_order", "deliver"}))
    check: Any = chip if desk.check_chip is desk.chip else desk.check_chip
    moves = frozenset({"spot", "feed_to_station", "eject", "reject"})
    feeder: Any = None if desk.feeder is None else Fused(desk.feeder, fuse, "feeder", moves)
    desk = replace(desk, feeder=feeder, check_chip=check)
    return replace(desk, store=store, chip=chip, card_printer=printer, siak=siak)
