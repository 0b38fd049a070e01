"""The room standard: limits, guard bands, expiry, waivers, the verdict on the whole."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core import room
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.room import Readiness
from ktpel_desktop.core.room_items import DEFAULT_MUST, ITEM, ITEMS, Group, ItemId, RoomItem, Who
from ktpel_desktop.core.room_limits import (
    Status,
    capacity_watts,
    judge_area,
    judge_availability,
    judge_bandwidth,
    judge_power_contract,
    judge_power_load,
    judge_power_watts,
    judge_supply_voltage,
    judge_temperature,
)

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
OK, WARNING, CRITICAL, UNKNOWN = Status.OK, Status.WARNING, Status.CRITICAL, Status.UNKNOWN


@pytest.mark.parametrize(
    ("celsius", "status"),
    [
        (23.4, OK), (20.5, OK), (24.5, OK), (20.4, WARNING), (24.6, WARNING), (20.0, WARNING), (25.0, WARNING),
        (19.0, WARNING), (26.0, WARNING), (18.9, CRITICAL), (26.1, CRITICAL), (35.0, CRITICAL),
        (200.0, UNKNOWN), (85.0, UNKNOWN), (-1 / 256, UNKNOWN), (-1.0, UNKNOWN), (4.9, UNKNOWN),
        (math.nan, UNKNOWN), (math.inf, UNKNOWN), (-math.inf, UNKNOWN),
    ],
)  # fmt: skip
def test_temperature(celsius: float, status: Status) -> None:
    assert judge_temperature(celsius).status is status


def test_a_rough_thermometer_has_a_wider_guard_band() -> None:
    assert judge_temperature(20.8).status is OK
    assert judge_temperature(20.8, guard=1.0).status is WARNING


def test_3500_va_are_not_3500_w() -> None:
    assert judge_power_contract(3500).advice == "power.va_is_not_w"
    assert judge_power_contract(3500, 1.0).status is OK
    assert judge_power_contract(3500, 0.85).status is CRITICAL
    assert judge_power_contract(16 * 220).status is WARNING
    assert capacity_watts(4400, 0.8) == pytest.approx(3520)


@pytest.mark.parametrize(
    ("volt_amperes", "factor", "status"),
    [
        (4400, 0.8, OK), (4400, None, OK), (4000, None, WARNING), (2200, None, CRITICAL), (2200, 1.0, CRITICAL),
        (0, None, UNKNOWN), (math.nan, None, UNKNOWN), (-4400, 0.9, UNKNOWN),
        (4400, 0.0, UNKNOWN), (4400, 1.2, UNKNOWN), (4400, math.nan, UNKNOWN),
    ],
)  # fmt: skip
def test_power_contract(volt_amperes: float, factor: float | None, status: Status) -> None:
    assert judge_power_contract(volt_amperes, factor).status is status


@pytest.mark.parametrize(
    ("watts", "status"), [(3500, OK), (3499.9, CRITICAL), (0, UNKNOWN), (math.inf, UNKNOWN)]
)
def test_power_watts(watts: float, status: Status) -> None:
    assert judge_power_watts(watts).status is status


@pytest.mark.parametrize(
    ("mbps", "status"),
    [
        (6.3, OK), (9.0, OK), (6.29, WARNING), (6.0, WARNING), (5.7, WARNING), (5.69, CRITICAL),
        (0.0, UNKNOWN), (-1.0, UNKNOWN), (math.nan, UNKNOWN), (math.inf, UNKNOWN),
    ],
)  # fmt: skip
def test_bandwidth(mbps: float, status: Status) -> None:
    assert judge_bandwidth(mbps).status is status


@pytest.mark.parametrize(
    ("percent", "status"),
    [(100, OK), (99.5, OK), (99.4, WARNING), (98, WARNING), (97.9, CRITICAL), (0, CRITICAL), (101, UNKNOWN)],
)
def test_availability(percent: float, status: Status) -> None:
    assert judge_availability(percent).status is status


@pytest.mark.parametrize(
    ("volts", "status"), [(220, OK), (198, OK), (242, OK), (197, WARNING), (243, WARNING), (0, UNKNOWN)]
)
def test_voltage(volts: float, status: Status) -> None:
    assert judge_supply_voltage(volts).status is status


@pytest.mark.parametrize(
    ("area", "status"), [(20, OK), (25, OK), (19, OK), (18, WARNING), (12, CRITICAL), (0, UNKNOWN)]
)
def test_area(area: float, status: Status) -> None:
    assert judge_area(area).status is status


@given(item=st.sampled_from(ItemId), value=st.floats(), unit=st.sampled_from(["", *(i.unit for i in ITEMS)]))
def test_no_number_is_ever_an_error(item: ItemId, value: float, unit: str) -> None:
    verdict = room.judge(item, value, unit)
    if not math.isfinite(value):
        assert verdict.status is UNKNOWN
    check = room.measured(item, value, unit, at=NOW, source="alat")
    assert check.value is None or math.isfinite(check.value)


def test_a_foreign_unit_is_not_guessed() -> None:
    assert room.judge(ItemId.TEMPERATURE, 73.0, "°F").status is UNKNOWN
    assert room.judge(ItemId.POWER_CAPACITY, 3500, "VA").status is WARNING
    assert room.judge(ItemId.POWER_CAPACITY, 3500, "W").status is OK


def test_every_item_cites_the_instruction() -> None:
    assert [item.id for item in ITEMS] == list(ItemId)
    standard = [item for item in ITEMS if item.paragraph]
    assert all(item.paragraph.startswith(("KEDUA", "Lampiran")) for item in standard)
    beside = {ItemId.FIRE_EXTINGUISHER, ItemId.POWER_CONDITION, ItemId.POWER_LOAD, ItemId.UPS}
    assert {item.id for item in ITEMS if item.group is not Group.DEVICES} - {
        item.id for item in standard
    } == beside
    assert {ItemId.SECURED, ItemId.CABINET_LOCKED} == DEFAULT_MUST


def test_a_reading() -> None:
    check = room.measured(
        ItemId.TEMPERATURE, 23.4, "°C", at=NOW, source="TEMPer2", evidence=("8080",), must=frozenset(ItemId)
    )
    assert (check.status, check.value, check.unit, check.blocking) == (OK, 23.4, "°C", True)
    assert (check.limit, check.who) == ("20–25", Who.OPERATOR)
    assert not check.blocks


def test_a_verdict_by_one_who_knew_more() -> None:
    verdict = judge_power_contract(4400, 0.8)
    check = room.measured(ItemId.POWER_CAPACITY, 3520, "W", at=NOW, source="rekening", verdict=verdict)
    assert check.status is OK


def test_a_typed_value_has_a_name() -> None:
    check = room.measured(
        ItemId.TEMPERATURE, 23, "°C", at=NOW, source="termometer dinding", method="typed", by="siti"
    )
    assert check.by == "siti"
    assert code_of(
        lambda: room.measured(ItemId.TEMPERATURE, 23, "°C", at=NOW, source="dinding", method="typed", by=" ")
    ) == "room.name_missing"  # fmt: skip


def test_a_word_with_evidence() -> None:
    yes = room.attested(ItemId.CABINET_LOCKED, True, seen=" segel 0412 ", by="siti", at=NOW)
    no = room.attested(ItemId.CABINET_LOCKED, False, seen="kunci patah", by="siti", at=NOW)
    assert (yes.status, yes.text, yes.advice) == (OK, "segel 0412", "cabinet_locked.holds")
    assert (no.status, no.blocks, no.advice) == (CRITICAL, True, "cabinet_locked.fails")


def test_a_bare_tick_is_not_enough() -> None:
    assert code_of(
        lambda: room.attested(ItemId.SECURED, True, seen=" ", by="siti", at=NOW)
    ) == "room.evidence_missing"  # fmt: skip
    assert code_of(
        lambda: room.attested(ItemId.SECURED, True, seen="gembok", by="", at=NOW)
    ) == "room.name_missing"  # fmt: skip


def test_waiving() -> None:
    failed = room.attested(ItemId.CABINET_LOCKED, False, seen="kunci patah", by="siti", at=NOW)
    waived = room.waive(failed, by="budi", reason=" blangko di brankas lurah ", at=NOW)
    assert (waived.status, waived.waived_by, waived.waived_reason) == (
        Status.WAIVED,
        "budi",
        "blangko di brankas lurah",
    )
    assert not waived.blocks
    missing = room.unknown(ItemId.SECURED, at=NOW)
    assert missing.blocks
    assert not room.waive(missing, by="budi", reason="dijaga", at=NOW).blocks


def test_waivers_that_are_none() -> None:
    good = room.attested(ItemId.SECURED, True, seen="gembok", by="siti", at=NOW)
    missing = room.unknown(ItemId.SECURED, at=NOW)
    assert code_of(lambda: room.waive(good, by="budi", reason="x", at=NOW)) == "room.nothing_to_waive"
    assert code_of(lambda: room.waive(missing, by="", reason="x", at=NOW)) == "room.name_missing"
    assert code_of(lambda: room.waive(missing, by="budi", reason=" ", at=NOW)) == "room.reason_missing"


def test_results_expire() -> None:
    check = room.measured(ItemId.TEMPERATURE, 23, "°C", at=NOW, source="alat")
    assert room.as_of(check, NOW + timedelta(hours=2)) is check
    late = room.as_of(check, NOW + timedelta(hours=2, seconds=1))
    assert (late.status, late.advice) == (UNKNOWN, "expired")
    assert room.as_of(check, NOW - timedelta(minutes=6)).status is UNKNOWN
    assert room.as_of(check, NOW - timedelta(minutes=1)) is check


def test_a_waiver_counts_for_the_day_only() -> None:
    waived = room.waive(room.unknown(ItemId.AREA, at=NOW), by="budi", reason="belum diukur", at=NOW)
    assert room.as_of(waived, NOW + timedelta(hours=12)) is waived
    late = room.as_of(waived, NOW + timedelta(hours=13))
    assert (late.status, late.waived_by, late.waived_reason) == (UNKNOWN, "", "")


def good_room() -> list[room.RoomCheck]:
    return [replace(room.unknown(item, at=NOW), status=OK) for item in ItemId]


def test_an_empty_room_is_not_green() -> None:
    verdict = room.overall([], NOW)
    assert [check.item for check in verdict.checks] == list(ItemId)
    assert {check.status for check in verdict.checks} == {UNKNOWN}
    assert verdict.readiness is Readiness.NOT_MEASURED
    assert {check.item for check in verdict.blocking} == set(DEFAULT_MUST)


def test_readiness() -> None:
    checks = good_room()
    assert room.overall(checks, NOW).readiness is Readiness.READY
    room.require_ready(room.overall(checks, NOW))
    hot = [c for c in checks if c.item is not ItemId.TEMPERATURE] + [
        room.measured(ItemId.TEMPERATURE, 30, "°C", at=NOW, source="alat")
    ]
    assert room.overall(hot, NOW).readiness is Readiness.READY_WITH_WARNINGS
    must = frozenset({ItemId.TEMPERATURE})
    assert room.overall(hot, NOW, must).readiness is Readiness.NOT_READY
    assert code_of(lambda: room.require_ready(room.overall(hot, NOW, must))) == "room.not_ready"
    waived = [c for c in hot if c.item is not ItemId.TEMPERATURE] + [
        room.waive(hot[-1], by="budi", reason="AC diperbaiki siang ini", at=NOW)
    ]
    assert room.overall(waived, NOW, must).readiness is Readiness.READY_WITH_WARNINGS


def test_todays_setting_decides_what_blocks() -> None:
    stored = [replace(check, blocking=True, status=CRITICAL) for check in good_room()]
    assert room.overall(stored, NOW, frozenset()).blocking == ()


def test_every_item_has_a_span_of_validity() -> None:
    assert all(ITEM[item].valid_for > timedelta() for item in ItemId)


def code_of(act: object) -> str:
    assert callable(act)
    with pytest.raises(PolicyError) as caught:
        act()
    return caught.value.code


@pytest.mark.parametrize("item", [item for item in ITEMS if item.band], ids=lambda item: item.id.value)
def test_the_band_of_the_plots_is_where_the_verdict_stops_being_good(item: RoomItem) -> None:
    assert item.band is not None
    low, high = item.band
    middle = low * 1.5 if math.isinf(high) else (low + high) / 2
    assert room.judge(item.id, middle, item.unit).status is OK
    outside = [edge for edge in (low - 0.01, high + 0.01) if 0 < edge < math.inf and edge != 100.01]
    assert outside
    assert all(room.judge(item.id, edge, item.unit).status is not OK for edge in outside)


def test_a_value_that_was_looked_at_recovers_by_its_items_margin() -> None:
    def seen(value: float, before: Status) -> Status:
        verdict = judge_power_load(value)
        look = room.Look(verdict, value, "%", judge=judge_power_load)
        return room.seen(ItemId.POWER_LOAD, look, at=NOW, before=before).status

    assert seen(79.0, WARNING) is WARNING
    assert seen(77.9, WARNING) is OK
    assert seen(79.0, OK) is OK
