"""A figure and its peer: both timed in turn in one run, told as medians with their quartiles beside them."""

from __future__ import annotations

import gc
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

Sample = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of bench.json. `spread` holds first and third quartile of value, peer and ratio of each pair."""

    name: str
    value: float
    unit: str
    peer: str
    peer_value: float
    ratio: float
    target: float | None
    spread: dict[str, tuple[float, float]]
    runs: int
    note: str = ""
    facts: dict[str, float] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        return None if self.target is None else self.ratio <= self.target


@dataclass(frozen=True, slots=True)
class Peer:
    """What a figure is held against."""

    what: str
    sample: Sample


def compare(
    name: str,
    ours: Sample,
    peer: Peer,
    *,
    runs: int,
    target: float | None,
    unit: str = "ms",
    warm: int = 1,
    note: str = "",
    facts: dict[str, float] | None = None,
) -> Figure:
    """Both, in turn, who comes first changing with every run; `warm` pairs before are not counted."""
    mine: list[float] = []
    others: list[float] = []
    for run in range(-warm, runs):
        pair = [(mine, ours), (others, peer.sample)]
        for kept, sample in pair if run % 2 == 0 else reversed(pair):
            gc.collect()
            taken = sample()
            if run >= 0:
                kept.append(taken)
    return figure(name, mine, others, unit=unit, peer=peer.what, target=target, note=note, facts=facts)


def figure(
    name: str,
    mine: Sequence[float],
    others: Sequence[float],
    *,
    unit: str,
    peer: str,
    target: float | None,
    note: str = "",
    facts: dict[str, float] | None = None,
) -> Figure:
    """The figure of samples that were taken in pairs."""
    value, peer_value = statistics.median(mine), statistics.median(others)
    ratios = [one / other for one, other in zip(mine, others, strict=True)]
    spread = {"value": _quartiles(mine), "peer": _quartiles(others), "ratio": _quartiles(ratios)}
    return Figure(
        name,
        _short(value),
        unit,
        peer,
        _short(peer_value),
        _short(value / peer_value),
        target,
        spread,
        len(mine),
        note,
        facts or {},
    )


def worst(
    name: str,
    mine: Sequence[float],
    allowed: float,
    *,
    unit: str,
    peer: str,
    note: str,
    facts: dict[str, float] | None = None,
) -> Figure:
    """The largest of the samples against what is allowed."""
    limits = [allowed] * len(mine)
    made = figure(name, mine, limits, unit=unit, peer=peer, target=1.0, note=note, facts=facts)
    return replace(made, value=_short(max(mine)), ratio=_short(max(mine) / allowed))


def timed(work: Callable[[], object], times: int = 1) -> Sample:
    """Milliseconds of one call, as the mean of `times` calls in a row."""

    def sample() -> float:
        began = time.perf_counter()
        for _ in range(times):
            work()
        return (time.perf_counter() - began) * 1000 / times

    return sample


def write(path: Path, machine: dict[str, object], figures: Sequence[Figure]) -> None:
    """bench.json."""
    plain = {"machine": machine, "figures": [{**asdict(one), "met": one.met} for one in figures]}
    path.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def table(figures: Sequence[Figure]) -> str:
    """What is printed: figure, peer, ratio with its quartiles, target, and what exactly was measured."""
    rows = [("figure", "value", "peer", "ratio", "quartiles", "target", "")]
    for one in figures:
        low, high = one.spread["ratio"]
        verdict = {True: "met", False: "MISSED", None: ""}[one.met]
        rows.append(
            (
                one.name,
                f"{one.value:g} {one.unit}",
                f"{one.peer_value:g} {one.unit}",
                f"{one.ratio:.2f}",
                f"{low:.2f} – {high:.2f}",
                "" if one.target is None else f"{one.target:g}",
                verdict,
            )
        )
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    notes = [f"{one.name}: against {one.peer}. {one.note}".rstrip() for one in figures]
    return "\n".join(line.rstrip() for line in [*lines, "", *notes])


def _quartiles(values: Sequence[float]) -> tuple[float, float]:
    if len(values) < 2:
        return _short(values[0]), _short(values[0])
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return _short(first), _short(third)


def _short(value: float) -> float:
    return float(f"{value:.4g}")
