"""How the program itself looks at items of the room check that nobody types: devices of the day, blanks, chain, line.

Each look is one function from the desk to a Look; what it may raise is caught by the walk (services/preflight.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from ktpel_desktop.core import availability, power_capacity
from ktpel_desktop.core.line_sharing import (
    LEVEL,
    Evidence,
    Finding,
    Rung,
    judge_declaration,
    judge_deficit,
    judge_variation,
    weigh,
)
from ktpel_desktop.core.ports import Answer, Device, Sensor
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.core.room import Look, RoomCheck, as_of, judge
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status, Verdict, judge_availability, judge_power_load
from ktpel_desktop.services import power_declared, reports, supplies, thermometer
from ktpel_desktop.services.desk import Desk

LookAt = Callable[[Desk, Actor], Look]
RUNS = 30
"""Past line tests that deficit and variation are seen over."""

_OF_ANSWER = {Answer.YES: Status.OK, Answer.NO: Status.CRITICAL, Answer.UNKNOWN: Status.UNKNOWN}
_OF_FINDING = {
    Finding.EVIDENCE_FOR: Status.CRITICAL,
    Finding.NO_EVIDENCE: Status.OK,
    Finding.UNKNOWN: Status.UNKNOWN,
}


def all_of(desk: Desk) -> Mapping[ItemId, LookAt]:
    """Every item that can be looked at here: those of the desk's ports, and what `bootstrap` gave it beside."""
    given: dict[ItemId, LookAt] = {
        item: partial(lambda look, _desk, _actor: look(), look) for item, look in desk.looks.items()
    }
    measured = {
        ItemId(item): partial(_reading, ItemId(item), sensor) for item, sensor in desk.sensors.items()
    }
    lined = {ItemId.NETWORK_24_7: network, ItemId.BANDWIDTH_DEDICATED: sharing} if desk.line else {}
    metered: dict[ItemId, LookAt] = {}
    if desk.load_meter is not None:
        metered[ItemId.POWER_USED] = partial(_reading, ItemId.POWER_USED, desk.load_meter)
        metered[ItemId.POWER_LOAD] = load
    return {**_ALWAYS, **measured, **lined, **metered, **given}


def _reading(item: ItemId, sensor: Sensor, desk: Desk, actor: Actor) -> Look:
    reading = sensor.read()
    if reading.air is not None:
        return thermometer.look(desk, actor, reading, reading.air)
    value = float(reading.value)
    by_standard = partial(_by_standard, item, reading.unit)
    return Look(
        by_standard(value),
        value,
        reading.unit,
        source=reading.source,
        evidence=(reading.evidence,) if reading.evidence else (),
        judge=by_standard,
        method="sensor",
    )


def _by_standard(item: ItemId, unit: str, value: float) -> Verdict:
    return judge(item, value, unit)


def _device(name: str) -> LookAt:
    def look(desk: Desk, _actor: Actor) -> Look:
        device: Device = getattr(desk, name)
        health = device.health()
        advice = health.notes[0] if health.notes else f"device.{health.ready.value}"
        told = tuple(f"{key}={value}" for key, value in sorted(health.readings.items()))
        return Look(Verdict(_OF_ANSWER[health.ready], advice), evidence=(*health.notes[1:], *told))

    return look


def _supplies(desk: Desk, actor: Actor) -> Look:
    found = supplies.look(desk, actor)
    left = found.ribbon_left
    if left is None:
        return Look(Verdict(Status.UNKNOWN, "supplies.not_known"))
    if 0 in (left, found.film_left):
        verdict = Verdict(Status.CRITICAL, "supplies.empty")
    elif found.warnings:
        verdict = Verdict(Status.WARNING, found.warnings[0])
    else:
        verdict = Verdict(Status.OK, "supplies.ok")
    return Look(verdict, left, "kartu", source=found.ribbon_source, evidence=found.warnings[1:])


def _blanks(desk: Desk, actor: Actor) -> Look:
    with desk.unit(actor) as unit:
        left = unit.stock.balance().left
    verdict = Verdict(Status.OK, "blanks.ok") if left else Verdict(Status.CRITICAL, "blanks.none")
    return Look(verdict, left, "keping")


def _chain(desk: Desk, actor: Actor) -> Look:
    report = reports.audit(desk, actor)
    if report.intact:
        return Look(Verdict(Status.OK, "chain.ok"), report.count, "peristiwa", evidence=(report.head,))
    return Look(Verdict(Status.CRITICAL, "chain.broken"), report.first_bad, "peristiwa")


def load(desk: Desk, actor: Actor) -> Look:
    """Watts now as a share of what the declared connection carries. Raises DeviceError of the meter."""
    assert desk.load_meter is not None  # noqa: S101 - `all_of` offers it only then
    with desk.unit(actor) as unit:
        supply = power_declared.newest(unit)
    found = None if supply is None else power_capacity.capacity(supply)
    if found is None:
        return Look(Verdict(Status.UNKNOWN, "power.not_declared"))
    reading = desk.load_meter.read()
    percent = 100 * reading.value / found.watts
    evidence = (
        f"{reading.value:.0f} W / {found.watts:.0f} W",
        *([reading.evidence] * bool(reading.evidence)),
    )
    return Look(
        judge_power_load(percent),
        round(percent, 1),
        "%",
        source=reading.source,
        evidence=evidence,
        judge=judge_power_load,
    )


def network(desk: Desk, actor: Actor) -> Look:
    """Share of the last 24 hours in which the line was up, by the probes of each minute."""
    now = desk.clock.now()
    with desk.unit(actor) as unit:
        found = availability.availability(unit.room.moments(now - availability.DAY), now)
    evidence = (
        f"terpantau={found.watched_percent:.1f} %",
        f"putus={found.down.total_seconds() / 60:.0f} menit",
        f"terlama={found.longest.total_seconds() / 60:.0f} menit",
    )
    if found.percent is None:
        return Look(Verdict(Status.UNKNOWN, "network.not_measured"), source="probe", evidence=evidence)

    def judged(percent: float) -> Verdict:
        verdict = judge_availability(percent)
        gaps = verdict.status is Status.OK and found.longest > availability.LONGEST_GAP
        return Verdict(Status.WARNING, "network.gaps") if gaps else verdict

    percent = round(found.percent, 2)
    return Look(judged(percent), percent, "%", source="probe", evidence=evidence, judge=judged)


def sharing(desk: Desk, actor: Actor) -> Look:
    """Whether others use the line, from the router's counters down to a declaration."""
    assert desk.line is not None  # noqa: S101 - `all_of` offers it only then
    seen = list(desk.line.sharing())
    with desk.unit(actor) as unit:
        now = unit.at
        runs = [check.value for check in unit.room.history(ItemId.BANDWIDTH, RUNS) if check.value is not None]
        words = [c for c in unit.room.history(ItemId.BANDWIDTH_DEDICATED, RUNS) if c.method == "attested"]
    found = weigh(
        [
            *seen,
            judge_deficit(desk.line.contract_mbps, runs),
            judge_variation(runs),
            _declared(words[0] if words else None, now),
        ]
    )
    decisive = next((rung.value for rung, level in LEVEL.items() if level == found.level), "")
    return Look(
        Verdict(_OF_FINDING[found.finding], found.finding.value),
        text=words[0].text if words else "",
        source=decisive,
        evidence=tuple(_told(one) for one in found.evidence),
    )


def _declared(word: RoomCheck | None, now: datetime) -> Evidence:
    """The newest declaration. Who says that others do use the line needs no document for it."""
    if word is not None and word.status is Status.CRITICAL:
        return Evidence(Rung.DECLARATION, Finding.EVIDENCE_FOR, "declared_shared")
    if word is None:
        return judge_declaration("", valid=False)
    return judge_declaration(word.document or word.text, valid=as_of(word, now).status is not Status.UNKNOWN)


def _told(one: Evidence) -> str:
    """One rung for the minutes, as codes that the screen and the paper put into words."""
    value = "" if one.value is None else f" {one.value:g} {one.unit}".rstrip()
    return f"{one.rung.value} {one.finding.value} {one.why}{value}"


_ALWAYS: dict[ItemId, LookAt] = {
    ItemId.CARD_PRINTER: _device("card_printer"),
    ItemId.CHIP_READER: _device("chip"),
    ItemId.RECEIPT_PRINTER: _device("receipt_printer"),
    ItemId.PAGE_PRINTER: _device("page_printer"),
    ItemId.SIAK: _device("siak"),
    ItemId.SUPPLIES: _supplies,
    ItemId.BLANKS: _blanks,
    ItemId.AUDIT_CHAIN: _chain,
}
