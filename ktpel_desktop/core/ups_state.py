"""What the status words of a UPS mean for the work: words in, a verdict and an order out.

Source: room.md 2.2 (NUT's `ups.status`, new-drivers.txt and RFC 9271; OL and OB say only whether mains is present) and
7.3 ("finish the card in the printer, no new card, orderly stop").
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from ktpel_desktop.core.room_limits import Status, Verdict


class UpsFlag(StrEnum):
    """Words of `ups.status`."""

    ON_LINE = "OL"
    ON_BATTERY = "OB"
    LOW_BATTERY = "LB"
    HIGH_BATTERY = "HB"
    REPLACE_BATTERY = "RB"
    CHARGING = "CHRG"
    DISCHARGING = "DISCHRG"
    BYPASS = "BYPASS"
    CALIBRATING = "CAL"
    OFF = "OFF"
    OVERLOADED = "OVER"
    TRIMMING = "TRIM"
    BOOSTING = "BOOST"
    FORCED_SHUTDOWN = "FSD"
    ALARM = "ALARM"


class UpsOrder(StrEnum):
    """What the work has to do now."""

    GO_ON = "go_on"
    FINISH_CARD = "finish_card"
    """Finish the card in the printer; start no new one."""
    STOP = "stop"
    """Stop in order: the power ends soon."""


REGULATING_BRIEFLY = timedelta(minutes=1)
"""BOOST and TRIM shorter than this are the UPS doing its work."""

_F = UpsFlag


def flags_of(status: str) -> frozenset[UpsFlag]:
    """The known words of a status line; a word that a newer driver adds says nothing here."""
    known = set(UpsFlag)
    return frozenset(UpsFlag(word) for word in status.split() if word in known)


def is_clear(flags: frozenset[UpsFlag]) -> bool:
    """Whether the words say where the power comes from, and only one thing of it."""
    mains, battery = _F.ON_LINE in flags, _F.ON_BATTERY in flags
    if mains and battery:
        return False
    return mains or battery or bool(flags & {_F.OFF, _F.BYPASS, _F.FORCED_SHUTDOWN})


def judge_ups(flags: frozenset[UpsFlag], regulating_for: timedelta = timedelta()) -> Verdict:
    """The verdict on the words; `regulating_for` is how long BOOST or TRIM has stood there without a pause."""
    if not is_clear(flags):
        return Verdict(Status.UNKNOWN, "ups.unclear")
    if order(flags) is UpsOrder.STOP:
        return Verdict(Status.CRITICAL, "ups.low_battery")
    if _F.OFF in flags:
        return Verdict(Status.CRITICAL, "ups.off")
    if _F.ON_BATTERY in flags:
        return Verdict(Status.CRITICAL, "ups.on_battery")
    if _F.LOW_BATTERY in flags:
        return Verdict(Status.CRITICAL, "ups.weak_battery")
    if _F.OVERLOADED in flags:
        return Verdict(Status.CRITICAL, "ups.overloaded")
    if _F.REPLACE_BATTERY in flags:
        return Verdict(Status.WARNING, "ups.replace_battery")
    if flags & {_F.BYPASS, _F.CALIBRATING}:
        return Verdict(Status.WARNING, "ups.not_protecting")
    if flags & {_F.BOOSTING, _F.TRIMMING} and regulating_for > REGULATING_BRIEFLY:
        return Verdict(Status.WARNING, "ups.regulating")
    if _F.ALARM in flags:
        return Verdict(Status.WARNING, "ups.alarm")
    return Verdict(Status.OK, "ups.ok")


def order(flags: frozenset[UpsFlag]) -> UpsOrder:
    """What the work has to do. LB while mains is present is an old battery, not an end of power (room.md 2.2)."""
    if _F.FORCED_SHUTDOWN in flags or flags >= {_F.ON_BATTERY, _F.LOW_BATTERY}:
        return UpsOrder.STOP
    if flags & {_F.ON_BATTERY, _F.OFF}:
        return UpsOrder.FINISH_CARD
    return UpsOrder.GO_ON
