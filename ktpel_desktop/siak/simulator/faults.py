"""Fault switches of the training SIAK: what goes wrong, with which call, and how many times.

The vocabulary is that of design.md 6. Switches are set by code or, in training, over HTTP under /_faults.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from enum import StrEnum


class FaultKind(StrEnum):
    """What goes wrong."""

    SLOW = "slow"
    DROP_BEFORE = "drop_before"
    """The line breaks before SIAK has handled the request."""
    DROP_AFTER = "drop_after"
    """SIAK accepts, and its answer is lost."""
    SERVER_ERROR = "server_error"
    """500, nothing done."""
    SERVER_ERROR_AFTER = "server_error_after"
    """500, though it was done."""
    QUOTA = "quota"
    LOGIN = "login"
    ADDRESS = "address"
    DUPLICATE_RECORD = "duplicate_record"
    """The resident is a duplicate (look-up 12, order refused)."""
    DUPLICATE_ANSWER = "duplicate_answer"
    """The look-up lists its record twice; a delivery is "already had" at the first time."""
    STUCK_SFE = "stuck_sfe"
    """Every record waits at the centre."""
    MALFORMED = "malformed"
    """JSON that breaks off."""
    OTHER_NIK = "other_nik"
    """The answer is about somebody else."""
    TAMPERED = "tampered"
    """The order's signature does not fit."""
    OFFLINE = "offline"
    """Connections are refused."""


class Call(StrEnum):
    """Which call a fault meets."""

    ANY = "any"
    LOOK_UP = "look_up"
    PRINT_ORDER = "print_order"
    PRINT_RESULT = "print_result"
    STATUS = "status"
    HEALTH = "health"


_SEEN_BY_HEALTH = frozenset(
    {FaultKind.SLOW, FaultKind.DROP_BEFORE, FaultKind.SERVER_ERROR, FaultKind.MALFORMED}
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A switch that is on. `times` None: until it is cleared. `seconds` is the wait of SLOW."""

    kind: FaultKind
    call: Call = Call.ANY
    times: int | None = None
    seconds: float = 30.0


class FaultBoard:
    """The switches. Safe to use from the server's threads and from a test at once."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def set(
        self,
        kind: FaultKind,
        call: Call = Call.ANY,
        times: int | None = None,
        seconds: float = 30.0,
    ) -> None:
        """Switch on; a switch of the same kind and call is replaced."""
        with self._lock:
            self._drop(kind, call)
            self._faults.append(Fault(kind, call, times, seconds))

    def clear(self, kind: FaultKind | None = None) -> None:
        """Switch off one kind, or all."""
        with self._lock:
            self._faults = [fault for fault in self._faults if kind is not None and fault.kind is not kind]

    def active(self) -> tuple[Fault, ...]:
        """What is on, in the order in which it was set."""
        with self._lock:
            return tuple(self._faults)

    @property
    def offline(self) -> bool:
        """Whether connections are refused."""
        return any(fault.kind is FaultKind.OFFLINE for fault in self.active())

    def take(self, call: Call) -> Fault | None:
        """The fault that this call meets, counted down. A health probe sees faults of ANY without using them up."""
        with self._lock:
            for place, fault in enumerate(self._faults):
                if fault.kind is FaultKind.OFFLINE or fault.call not in (call, Call.ANY):
                    continue
                if call is Call.HEALTH and fault.call is Call.ANY:
                    if fault.kind in _SEEN_BY_HEALTH:
                        return fault
                    continue
                if fault.times is None:
                    return fault
                left = fault.times - 1
                self._faults[place : place + 1] = [replace(fault, times=left)] if left else []
                return fault
        return None

    def _drop(self, kind: FaultKind, call: Call) -> None:
        self._faults = [fault for fault in self._faults if (fault.kind, fault.call) != (kind, call)]
