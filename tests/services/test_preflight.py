"""The room check: isolated items, attested words, waivers, and what keeps the room from printing."""

from __future__ import annotations

import logging
import math
from datetime import timedelta

import pytest

from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.room import Readiness, RoomCheck
from ktpel_desktop.core.room_items import ITEM, ITEMS, Group, ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.services import issuing, preflight
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.preflight import NOT_CHECKED
from tests.services.office import (
    BUDI,
    JOKO,
    RATNA,
    SARI,
    TONO,
    Gauge,
    World,
    approved,
    broken,
    refused,
)

WELL = {
    "temperature": Gauge(23.0, "°C"),
    "bandwidth": Gauge(9.0, "Mbps"),
    "power_condition": Gauge(220.0, "V"),
}


def status(checks: tuple[RoomCheck, ...], item: str) -> Status:
    return next(check.status for check in checks if check.item == item)


def blocking(desk: Desk) -> tuple[str, ...]:
    with desk.unit(BUDI) as unit:
        return preflight.blocks_printing(desk, unit)


# ---------------------------------------------------------------- a run


def test_every_item_of_the_instruction_is_told_in_order(world: World) -> None:
    told: list[RoomCheck] = []
    checks = preflight.run(world.with_sensors(**WELL), BUDI, told.append)
    assert [check.item for check in checks] == [item.id for item in ITEMS]
    assert sorted(told, key=lambda check: list(ItemId).index(check.item)) == list(checks)


def test_a_reading_is_judged_and_kept_with_its_value(world: World) -> None:
    desk = world.with_sensors(**WELL)
    preflight.run(desk, BUDI)
    kept = preflight.history(desk, BUDI, "temperature")
    assert [(check.value, check.unit, check.status) for check in kept] == [(23.0, "°C", Status.OK)]
    assert kept[0].evidence == ("mentah",)


def test_a_room_without_sensors_is_unknown_and_not_green(world: World) -> None:
    checks = preflight.run(world.desk, BUDI)
    room_itself = [check for check in checks if ITEM[check.item].group is not Group.DEVICES]
    assert {check.status for check in room_itself} == {Status.UNKNOWN}


def test_a_broken_sensor_hides_no_other(world: World) -> None:
    desk = world.with_sensors(**{**WELL, "temperature": Gauge(0, "°C", broken("sensor.missing"))})
    checks = preflight.run(desk, BUDI)
    assert status(checks, "temperature") is Status.UNKNOWN
    assert next(c.advice for c in checks if c.item == "temperature") == "sensor.missing"
    assert status(checks, "bandwidth") is Status.OK


def test_a_bug_in_a_sensor_hides_no_other_and_is_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    desk = world.with_sensors(**{**WELL, "temperature": Gauge(0, "°C", ZeroDivisionError())})
    with caplog.at_level(logging.ERROR):
        checks = preflight.run(desk, BUDI)
    assert status(checks, "temperature") is Status.UNKNOWN
    assert next(c.advice for c in checks if c.item == "temperature") == "sensor.bug"
    assert status(checks, "bandwidth") is Status.OK
    assert "temperature" in caplog.text


@pytest.mark.parametrize(
    ("value", "unit"), [(math.nan, "°C"), (math.inf, "°C"), (200.0, "°C"), (23.0, "parsec"), ("x", "°C")]
)
def test_nonsense_is_unknown(world: World, value: float, unit: str) -> None:
    checks = preflight.run(world.with_sensors(temperature=Gauge(value, unit)), BUDI)
    assert status(checks, "temperature") is Status.UNKNOWN


def test_a_sensor_for_an_attested_item_is_not_asked(world: World) -> None:
    checks = preflight.run(world.with_sensors(secured=Gauge(1.0, "")), BUDI)
    assert status(checks, "secured") is Status.UNKNOWN


def test_a_reading_without_evidence_has_none(world: World) -> None:
    desk = world.with_sensors(temperature=Gauge(23.0, "°C", evidence=""))
    preflight.run(desk, BUDI)
    assert preflight.history(desk, BUDI, "temperature")[0].evidence == ()


def test_a_run_is_journalled_with_all_results(world: World) -> None:
    preflight.run(world.with_sensors(**WELL), BUDI)
    ((subject, data),) = world.events("room.checked")
    assert subject == "ruangan"
    assert data["temperature"] == "ok"
    assert set(data) == {item.id.value for item in ITEMS}


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_the_print_room_checks_its_room(world: World, actor: Actor) -> None:
    with refused("role.not_allowed"):
        preflight.run(world.desk, actor)
    with refused("role.not_allowed"):
        preflight.attest(world.desk, actor, "secured", True, "kunci terpasang")
    with refused("role.not_allowed"):
        preflight.waive(world.desk, actor, "secured", "alasan", None)


# ---------------------------------------------------------------- words and typed readings


def test_a_word_is_kept_with_what_was_seen_and_by_whom(world: World) -> None:
    check = preflight.attest(world.desk, BUDI, "cabinet_locked", True, " segel 0042 ")
    assert (check.status, check.text, check.by) == (Status.OK, "segel 0042", "Budi Santoso")
    assert world.events("room.attested") == [("ruangan", {"item": "cabinet_locked", "status": "ok"})]


def test_a_word_counts_in_the_next_run_until_it_is_too_old(world: World) -> None:
    preflight.attest(world.desk, BUDI, "cabinet_locked", True, "segel 0042")
    assert status(preflight.run(world.desk, BUDI), "cabinet_locked") is Status.OK
    world.clock.moment += timedelta(hours=25)
    assert status(preflight.run(world.desk, BUDI), "cabinet_locked") is Status.UNKNOWN


def test_a_typed_reading_names_its_instrument(world: World) -> None:
    check = preflight.attest(world.desk, BUDI, "temperature", 27.5, "termometer dinding")
    assert (check.status, check.value, check.unit) == (Status.CRITICAL, 27.5, "°C")
    assert (check.method, check.source, check.by) == ("typed", "termometer dinding", "Budi Santoso")


def test_a_typed_reading_may_have_another_unit(world: World) -> None:
    check = preflight.attest(world.desk, BUDI, "power_capacity", 5500, "rekening PLN", unit="VA")
    assert (check.status, check.unit) == (Status.OK, "VA")


def test_a_typed_reading_survives_a_run_without_a_sensor(world: World) -> None:
    preflight.attest(world.desk, BUDI, "area", 21, "meteran")
    assert status(preflight.run(world.desk, BUDI), "area") is Status.OK


def test_a_bare_tick_is_refused(world: World) -> None:
    with refused("room.evidence_missing"):
        preflight.attest(world.desk, BUDI, "secured", True, " ")
    with refused("room.evidence_missing"):
        preflight.attest(world.desk, BUDI, "temperature", 23.0, " ")


def test_a_measured_item_wants_a_value_and_an_attested_one_a_word(world: World) -> None:
    with refused("room.value_needed"):
        preflight.attest(world.desk, BUDI, "temperature", True, "terasa sejuk")
    with refused("room.word_needed"):
        preflight.attest(world.desk, BUDI, "secured", 1.0, "kunci")


def test_an_item_that_the_standard_does_not_have_is_refused(world: World) -> None:
    with refused("room.item_unknown"):
        preflight.attest(world.desk, BUDI, "humidity", 40.0, "alat")
    with refused("room.item_unknown"):
        preflight.waive(world.desk, BUDI, "humidity", "alasan", None)
    with refused("room.item_unknown"):
        preflight.history(world.desk, BUDI, "humidity")


# ---------------------------------------------------------------- what blocks


def test_a_day_without_a_room_check_blocks(world: World) -> None:
    assert blocking(world.desk) == (NOT_CHECKED,)
    preflight.run(world.desk, BUDI)
    assert blocking(world.desk) == ()
    world.clock.moment += timedelta(days=1)
    assert blocking(world.desk) == (NOT_CHECKED,)


def test_the_day_of_the_check_is_the_offices_day(world: World) -> None:
    world.clock.moment = world.clock.moment.replace(hour=16, minute=50)  # 23.50 WIB
    preflight.run(world.desk, BUDI)
    world.clock.advance(20)
    assert blocking(world.desk) == (NOT_CHECKED,)


def test_words_alone_are_no_check(world: World) -> None:
    preflight.attest(world.desk, BUDI, "secured", True, "kunci")
    assert blocking(world.desk) == (NOT_CHECKED,)


def test_what_nobody_could_measure_does_not_block(world: World) -> None:
    preflight.run(world.desk, BUDI)
    assert status(preflight.latest(world.desk, BUDI), "secured") is Status.UNKNOWN
    assert blocking(world.desk) == ()


def test_an_open_cabinet_blocks(day: World) -> None:
    preflight.attest(day.desk, BUDI, "cabinet_locked", False, "kunci patah")
    assert blocking(day.desk) == ("cabinet_locked",)


def test_a_warm_room_does_not_block(world: World) -> None:
    desk = world.with_sensors(temperature=Gauge(29.0, "°C"))
    preflight.run(desk, BUDI)
    assert blocking(desk) == ()


def test_a_blocked_room_prints_nothing(day: World) -> None:
    request = day.verified()
    preflight.attest(day.desk, BUDI, "cabinet_locked", False, "kunci patah")
    with refused("issuing.room_blocks"):
        issuing.reserve(day.desk, BUDI, request.id)


# ---------------------------------------------------------------- waivers


def test_a_supervisor_answers_for_a_failed_item(day: World) -> None:
    preflight.attest(day.desk, BUDI, "cabinet_locked", False, "kunci patah")
    leave = approved(Action.WAIVE_ROOM, "cabinet_locked")
    check = preflight.waive(day.desk, BUDI, "cabinet_locked", " dijaga Satpol PP ", leave)
    assert (check.status, check.waived_by, check.waived_reason) == (
        Status.WAIVED,
        RATNA.name,
        "dijaga Satpol PP",
    )
    assert blocking(day.desk) == ()
    assert day.events("room.waived") == [("ruangan", {"item": "cabinet_locked", "status": "waived"})]


def test_a_waiver_is_for_the_day_only(day: World) -> None:
    preflight.attest(day.desk, BUDI, "cabinet_locked", False, "kunci patah")
    leave = approved(Action.WAIVE_ROOM, "cabinet_locked")
    preflight.waive(day.desk, BUDI, "cabinet_locked", "dijaga", leave)
    day.clock.moment += timedelta(hours=13)
    assert status(preflight.latest(day.desk, BUDI), "cabinet_locked") is Status.UNKNOWN


def test_a_waiver_needs_the_second_person(day: World) -> None:
    preflight.attest(day.desk, BUDI, "cabinet_locked", False, "kunci patah")
    with refused("approval.missing"):
        preflight.waive(day.desk, BUDI, "cabinet_locked", "dijaga", None)
    with refused("approval.for_another"):
        other = approved(Action.WAIVE_ROOM, "secured")
        preflight.waive(day.desk, BUDI, "cabinet_locked", "dijaga", other)


def test_a_waiver_needs_a_reason_and_something_to_waive(day: World) -> None:
    leave = approved(Action.WAIVE_ROOM, "cabinet_locked")
    with refused("room.reason_missing"):
        preflight.waive(day.desk, BUDI, "cabinet_locked", " ", leave)
    preflight.attest(day.desk, BUDI, "cabinet_locked", True, "segel 1")
    with refused("room.nothing_to_waive"):
        preflight.waive(day.desk, BUDI, "cabinet_locked", "dijaga", leave)


# ---------------------------------------------------------------- looking on


@pytest.mark.parametrize("actor", [BUDI, RATNA, JOKO, TONO])
def test_readiness_is_open_to_who_looks_on(world: World, actor: Actor) -> None:
    assert len(preflight.latest(world.desk, actor)) == len(ITEMS)
    assert preflight.verdict(world.desk, actor).readiness is Readiness.NOT_MEASURED
    assert preflight.history(world.desk, actor, ItemId.AREA) == ()


def test_the_counter_has_no_business_with_the_room(world: World) -> None:
    with refused("role.not_allowed"):
        preflight.latest(world.desk, SARI)
    with refused("role.not_allowed"):
        preflight.history(world.desk, SARI, "area")
