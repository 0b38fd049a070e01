"""Whether others use the room's line: rungs of evidence, strongest first, and what may be said of them together.

The instruction wants a line that is not shared, above all not with CCTV (Lampiran, Bandwidth). No measurement proves
that: idle delay moves by less than 2 ms with 92 % of a line taken by cameras, and an 8 Mbps line shared with a camera
passes a floor of 6 (room.md 3.5). So a rung says "evidence for sharing", "no evidence" or "unknown", and the sum of
silences is "no other use detected, by evidence of rung n", never "not shared". Words: resources/teks/galat.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ktpel_desktop.core.line_rate import CAP_MBPS, FILLS_CAP

FOREIGN_SHARE = 0.05
"""Share of the line's bytes that are not the room's own, above which the line is shared."""
LEAST_WINDOW_S = 8.0
"""A shorter look at the counters says nothing: they move in steps on many routers."""
LEAST_WAN_BYTES = 250_000
"""Less than this on the whole line is too little for a share: keep-alives alone would make "half of it foreign"."""
CAMERA_MBPS = 1.0
"""The least bitrate of one camera (room.md 3.5: 1 to 4)."""
STABLE_RUNS = 5
DEFICIT_SPREAD = 0.10
"""A deficit that spreads no more than this share of the contract from day to day is stable."""
VARIATION = 0.15
"""Coefficient of variation of the runs above which use by others is likely."""


class Rung(StrEnum):
    """Kinds of evidence, strongest first."""

    ROUTER_COUNTERS = "router_counters"
    DEFICIT = "deficit"
    CAMERAS = "cameras"
    VARIATION = "variation"
    DECLARATION = "declaration"


class Finding(StrEnum):
    """What a rung, or all of them together, may be said to show."""

    EVIDENCE_FOR = "sharing.evidence_for"
    NO_EVIDENCE = "sharing.no_evidence"
    UNKNOWN = "sharing.unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One rung's finding. `why` is a code or a short fact for the minutes; `value` in `unit` where there is one."""

    rung: Rung
    finding: Finding
    why: str
    value: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Counters:
    """Bytes received and sent since some start, and the moment in seconds of a steady clock.

    `bits` is the width at which they begin again at zero: 64 for IF-MIB's HC counters, 32 for UPnP's ui4.
    """

    at: float
    received: int
    sent: int
    bits: int = 64


@dataclass(frozen=True, slots=True)
class SharingVerdict:
    """All rungs that were asked, and the strongest thing that may be said. `level` counts rungs from 1."""

    finding: Finding
    level: int | None
    evidence: tuple[Evidence, ...]


LEVEL: dict[Rung, int] = {rung: number for number, rung in enumerate(Rung, start=1)}


def moved(before: Counters, after: Counters) -> int | None:
    """Bytes both ways between two readings; None where a counter was reset in between.

    A counter of 32 bits may have gone round once. More than half its width is taken for a reset, not for traffic.
    """
    total = 0
    for early, late in ((before.received, after.received), (before.sent, after.sent)):
        step = late - early
        if step < 0 and after.bits < 64:
            step %= 1 << after.bits
        if step < 0 or step >= 1 << (after.bits - 1):
            return None
        total += step
    return total


def judge_counters(
    wan: tuple[Counters, Counters], own: Sequence[tuple[Counters, Counters]], *, complete: bool
) -> Evidence:
    """Bytes on the line against those of the room's machines over the same window.

    `complete` says that every machine of the room is among `own`; without that, foreign bytes may be a colleague's
    and prove nothing, while their absence counts. Traffic between the room's own machines is on their cards only,
    so it hides as much foreign traffic: measure while they have nothing to say to each other.
    """
    seconds = wan[1].at - wan[0].at
    line, ours = moved(*wan), [moved(*pair) for pair in own]
    if line is None or not ours or any(one is None for one in ours):
        return Evidence(Rung.ROUTER_COUNTERS, Finding.UNKNOWN, "counters_unusable")
    if not seconds >= LEAST_WINDOW_S:
        return Evidence(Rung.ROUTER_COUNTERS, Finding.UNKNOWN, "window_too_short")
    if line < LEAST_WAN_BYTES:
        # Also a router whose counters stand still (hardware offload): silence of the counter is no silence of the line.
        return Evidence(Rung.ROUTER_COUNTERS, Finding.UNKNOWN, "too_little_traffic")
    foreign = line - sum(one for one in ours if one is not None)
    if foreign < -FOREIGN_SHARE * line:
        return Evidence(Rung.ROUTER_COUNTERS, Finding.UNKNOWN, "counters_disagree")
    mbps = round(max(foreign, 0) * 8 / seconds / 1e6, 3)
    if foreign <= FOREIGN_SHARE * line:
        return Evidence(Rung.ROUTER_COUNTERS, Finding.NO_EVIDENCE, "no_foreign_bytes", mbps, "Mbps")
    finding = Finding.EVIDENCE_FOR if complete else Finding.UNKNOWN
    why = "foreign_bytes" if complete else "machines_not_all_counted"
    return Evidence(Rung.ROUTER_COUNTERS, finding, why, mbps, "Mbps")


def judge_deficit(contract_mbps: float | None, measured_mbps: Sequence[float]) -> Evidence:
    """Contract minus measured, over the last days. Runs that filled the test's cap say nothing about more."""
    runs = _usable(measured_mbps)
    if contract_mbps is None or not math.isfinite(contract_mbps) or contract_mbps <= 0:
        return Evidence(Rung.DEFICIT, Finding.UNKNOWN, "contract_not_stated")
    if len(runs) < STABLE_RUNS:
        return Evidence(Rung.DEFICIT, Finding.UNKNOWN, "too_few_runs")
    typical = statistics.median(runs)
    if contract_mbps > CAP_MBPS and typical >= FILLS_CAP * CAP_MBPS:
        return Evidence(Rung.DEFICIT, Finding.UNKNOWN, "test_stops_at_cap")
    deficit = contract_mbps - typical
    told = round(deficit, 2)
    if deficit < max(CAMERA_MBPS, FOREIGN_SHARE * contract_mbps):
        return Evidence(Rung.DEFICIT, Finding.NO_EVIDENCE, "contract_is_met", told, "Mbps")
    if statistics.pstdev(runs) > DEFICIT_SPREAD * contract_mbps:
        return Evidence(Rung.DEFICIT, Finding.UNKNOWN, "deficit_not_stable", told, "Mbps")
    return Evidence(Rung.DEFICIT, Finding.EVIDENCE_FOR, "stable_deficit", told, "Mbps")


def judge_cameras(answers: int | None) -> Evidence:
    """Cameras that answered a probe in the same network segment; None where no probe could be sent.

    A camera there does not have to send over this line, but it can. Silence says little: other segments are not
    reached, and discovery is often switched off.
    """
    if answers is None:
        return Evidence(Rung.CAMERAS, Finding.UNKNOWN, "not_probed")
    if answers == 0:
        return Evidence(Rung.CAMERAS, Finding.NO_EVIDENCE, "no_camera_answered", 0.0)
    return Evidence(Rung.CAMERAS, Finding.EVIDENCE_FOR, "cameras_answered", float(answers))


def judge_variation(measured_mbps: Sequence[float]) -> Evidence:
    """How much the runs differ, as their coefficient of variation."""
    runs = _usable(measured_mbps)
    if len(runs) < STABLE_RUNS:
        return Evidence(Rung.VARIATION, Finding.UNKNOWN, "too_few_runs")
    spread = statistics.pstdev(runs) / statistics.fmean(runs)
    told = round(100 * spread, 1)
    if spread > VARIATION:
        return Evidence(Rung.VARIATION, Finding.EVIDENCE_FOR, "runs_vary", told, "%")
    return Evidence(Rung.VARIATION, Finding.NO_EVIDENCE, "runs_agree", told, "%")


def judge_declaration(document: str, *, valid: bool) -> Evidence:
    """A person's word with its document, renewed each year. A word is never a measurement, but it is no silence."""
    if not document.strip():
        return Evidence(Rung.DECLARATION, Finding.UNKNOWN, "no_document")
    if not valid:
        return Evidence(Rung.DECLARATION, Finding.UNKNOWN, "document_expired")
    return Evidence(Rung.DECLARATION, Finding.NO_EVIDENCE, "declared")


def weigh(evidence: Iterable[Evidence]) -> SharingVerdict:
    """One sentence for all rungs: any evidence for sharing stands, else the strongest rung that saw nothing."""
    rungs = tuple(sorted(evidence, key=lambda one: LEVEL[one.rung]))
    for finding in (Finding.EVIDENCE_FOR, Finding.NO_EVIDENCE):
        for one in rungs:
            if one.finding is finding:
                return SharingVerdict(finding, LEVEL[one.rung], rungs)
    return SharingVerdict(Finding.UNKNOWN, None, rungs)


def _usable(mbps: Sequence[float]) -> list[float]:
    return [one for one in mbps if math.isfinite(one) and one > 0]
