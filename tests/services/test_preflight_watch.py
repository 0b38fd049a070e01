"""The room check: devices of the day, looks in the background, recovery, declarations, the mains going."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.power_capacity import Connection
from ktpel_desktop.core.roles import Action
from ktpel_desktop.core.room import Look, RoomCheck
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status, Verdict
from ktpel_desktop.core.thermometer import AirSensor
from ktpel_desktop.services import power_declared, preflight
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.preflight import NOT_CHECKED
from tests.services.office import BLANKS, BUDI, Gauge, World, approved, broken, refused
from tests.services.test_preflight import WELL, blocking, status


def check_of(desk: Desk, item: ItemId) -> RoomCheck:
    return next(check for check in preflight.latest(desk, BUDI) if check.item is item)


def looking(world: World, **looks: Look) -> Desk:
    return replace(
        world.desk, looks={ItemId(name): partial(lambda found: found, look) for name, look in looks.items()}
    )


MAINS, BATTERY = (
    Look(Verdict(Status.OK, "ups.ok"), 100, "%"),
    Look(Verdict(Status.CRITICAL, "ups.on_battery"), 60, "%"),
)


def test_devices_blanks_and_chain_stand_in_the_same_list(world: World) -> None:
    checks = preflight.run(world.desk, BUDI)
    assert status(checks, "card_printer") is Status.OK
    assert status(checks, "audit_chain") is Status.OK
    assert check_of(world.desk, ItemId.BLANKS).value == BLANKS
    assert {check.method for check in checks if check.item is ItemId.BLANKS} == {"asked"}


def test_one_item_is_looked_at_alone_and_is_no_room_check(world: World) -> None:
    desk = world.with_sensors(**WELL)
    checks = preflight.run(desk, BUDI, items=[ItemId.TEMPERATURE])
    assert [check.item for check in checks] == [ItemId.TEMPERATURE]
    assert blocking(desk) == (NOT_CHECKED,)


def test_what_is_asked_is_not_typed(world: World) -> None:
    with refused("room.not_typed"):
        preflight.attest(world.desk, BUDI, "disk", True, "dilihat")


def test_the_background_keeps_what_changes_and_every_ten_minutes_what_does_not(world: World) -> None:
    desk = looking(world, ups=MAINS)
    for _ in range(5):
        preflight.watch(desk, BUDI, [ItemId.UPS])
        world.clock.advance(4)
    assert len(preflight.history(desk, BUDI, "ups")) == 2
    preflight.watch(looking(world, ups=BATTERY), BUDI, [ItemId.UPS])
    assert len(preflight.history(desk, BUDI, "ups")) == 3


def test_the_background_leaves_a_waiver_until_it_ends(world: World) -> None:
    desk = world.with_sensors(temperature=Gauge(30.0, "°C"))
    preflight.run(desk, BUDI)
    preflight.waive(
        desk, BUDI, "temperature", "AC sedang diperbaiki", approved(Action.WAIVE_ROOM, "temperature")
    )
    preflight.watch(desk, BUDI, [ItemId.TEMPERATURE])
    assert check_of(desk, ItemId.TEMPERATURE).status is Status.WAIVED


def test_on_battery_no_card_is_begun_and_with_the_mains_it_goes_on(world: World) -> None:
    world.open_day()
    preflight.watch(looking(world, ups=BATTERY), BUDI, [ItemId.UPS])
    with world.desk.unit(BUDI) as unit:
        assert preflight.on_battery(unit)
    world.clock.advance(1)
    preflight.watch(looking(world, ups=MAINS), BUDI, [ItemId.UPS])
    with world.desk.unit(BUDI) as unit:
        assert not preflight.on_battery(unit)


def test_a_verdict_gets_better_only_well_within_the_limit(world: World) -> None:
    seen = []
    for celsius in (26.2, 25.9, 24.6, 24.4, 24.1):
        preflight.run(world.with_sensors(temperature=Gauge(celsius, "°C")), BUDI, items=[ItemId.TEMPERATURE])
        seen.append(check_of(world.desk, ItemId.TEMPERATURE).status)
    assert seen == [Status.CRITICAL, Status.CRITICAL, Status.WARNING, Status.WARNING, Status.OK]


def test_an_instrument_judges_by_what_it_is(world: World) -> None:
    coarse = Gauge(24.2, "°C", air=AirSensor())
    preflight.run(world.with_sensors(temperature=coarse), BUDI, items=[ItemId.TEMPERATURE])
    assert check_of(world.desk, ItemId.TEMPERATURE).status is Status.WARNING


def test_the_office_chooses_what_blocks(world: World) -> None:
    desk = replace(
        world.with_sensors(temperature=Gauge(30.0, "°C")), room_must=frozenset({ItemId.TEMPERATURE})
    )
    preflight.run(desk, BUDI)
    assert blocking(desk) == ("temperature",)
    assert blocking(world.desk) == ()


def test_power_is_declared_by_its_papers(world: World) -> None:
    supply = Connection(3500, 16, document="rekening PLN 12/2025")
    check = power_declared.declare(world.desk, BUDI, supply)
    assert (check.status, check.advice, check.value) == (Status.WARNING, "power.va_is_not_w", 2975)
    with world.desk.unit(BUDI) as unit:
        assert power_declared.newest(unit) == replace(supply, document="")
    with refused("room.evidence_missing"):
        power_declared.declare(world.desk, BUDI, Connection(3500))
    nothing = Connection(document="rekening")
    with refused("room.power_unclear"):
        power_declared.declare(world.desk, BUDI, nothing)


def test_a_declaration_counts_no_longer_than_its_document(world: World) -> None:
    until = world.clock.now() + timedelta(days=30)
    desk = world.desk
    preflight.attest(
        desk, BUDI, "power_dedicated", True, "MCB ruang 3", document="BA 7/2026", valid_until=until
    )
    assert check_of(desk, ItemId.POWER_DEDICATED).document == "BA 7/2026"
    world.clock.advance(60 * 24 * 31)
    assert check_of(desk, ItemId.POWER_DEDICATED).status is Status.UNKNOWN
    with refused("room.document_expired"):
        preflight.attest(desk, BUDI, "power_dedicated", True, "MCB", valid_until=until)


# ---------------------------------------------------------------- what goes on to count


def test_a_waiver_stands_while_the_item_is_no_better_and_ends_when_it_is(world: World) -> None:
    hot, good = (world.with_sensors(temperature=Gauge(celsius, "°C")) for celsius in (30.0, 23.0))
    preflight.run(hot, BUDI)
    preflight.waive(hot, BUDI, "temperature", "AC diperbaiki", approved(Action.WAIVE_ROOM, "temperature"))
    for desk, expected in ((hot, Status.WAIVED), (good, Status.OK)):
        world.clock.advance(20)
        preflight.run(desk, BUDI)
        assert check_of(desk, ItemId.TEMPERATURE).status is expected


def test_a_typed_reading_stands_while_the_instrument_is_broken_until_it_expires(world: World) -> None:
    broken_stick = world.with_sensors(temperature=Gauge(0, "°C", broken("sensor.missing")))
    preflight.attest(broken_stick, BUDI, "temperature", 23.0, "termometer dinding")
    preflight.run(broken_stick, BUDI)
    assert check_of(broken_stick, ItemId.TEMPERATURE).method == "typed"
    assert len(preflight.history(broken_stick, BUDI, "temperature")) == 1
    world.clock.advance(60 * 3)
    preflight.run(broken_stick, BUDI)
    assert check_of(broken_stick, ItemId.TEMPERATURE).advice == "sensor.missing"


def test_an_instrument_that_sees_is_believed_before_a_typed_reading(world: World) -> None:
    preflight.attest(world.desk, BUDI, "temperature", 23.0, "termometer dinding")
    hot = world.with_sensors(temperature=Gauge(30.0, "°C"))
    preflight.run(hot, BUDI)
    assert check_of(hot, ItemId.TEMPERATURE).status is Status.CRITICAL


def test_a_scheduled_walk_is_not_the_days_room_check(world: World) -> None:
    desk = world.with_sensors(**WELL)
    preflight.run(desk, BUDI, by_person=False)
    assert check_of(desk, ItemId.TEMPERATURE).status is Status.OK
    assert blocking(desk) == (NOT_CHECKED,)


def test_a_ups_that_is_not_heard_any_more_brings_no_mains_back_but_a_penyelia_may(world: World) -> None:
    silent = Look(Verdict(Status.UNKNOWN, "ups.unclear"))
    for look in (BATTERY, silent):
        preflight.watch(looking(world, ups=look), BUDI, [ItemId.UPS])
        world.clock.advance(1)
    with world.desk.unit(BUDI) as unit:
        assert preflight.on_battery(unit)
    preflight.waive(world.desk, BUDI, "ups", "listrik ada, NUT rusak", approved(Action.WAIVE_ROOM, "ups"))
    with world.desk.unit(BUDI) as unit:
        assert not preflight.on_battery(unit)


def test_battery_that_was_heard_of_long_ago_holds_nobody_up(world: World) -> None:
    preflight.watch(looking(world, ups=BATTERY), BUDI, [ItemId.UPS])
    world.clock.advance(61)
    with world.desk.unit(BUDI) as unit:
        assert not preflight.on_battery(unit)


def test_what_is_looked_at_does_not_flap_at_its_limit_either(world: World) -> None:
    power_declared.declare(world.desk, BUDI, Connection(4400, document="rekening"))  # 3740 W
    seen = []
    for watts in (3060.0, 2980.0, 2900.0):  # 81.8, 79.7 and 77.5 %
        desk = replace(world.desk, load_meter=Gauge(watts, "W"))
        preflight.run(desk, BUDI, items=[ItemId.POWER_LOAD])
        seen.append(check_of(desk, ItemId.POWER_LOAD).status)
    assert seen == [Status.WARNING, Status.WARNING, Status.OK]


def test_what_a_failure_was_about_is_kept_as_evidence(world: World) -> None:
    odd = DeviceError("meter.not_json", Effect.NONE, raw="<html>")
    preflight.run(world.with_sensors(temperature=Gauge(0, "°C", odd)), BUDI, items=[ItemId.TEMPERATURE])
    assert check_of(world.desk, ItemId.TEMPERATURE).evidence == ("raw=<html>",)
