"""The minutes say how the room counts now, to everybody who may see it; a print leaves its digest in the journal."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.roles import Action
from ktpel_desktop.core.room import Readiness
from ktpel_desktop.core.room_items import ITEMS, ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.services import preflight, room_minutes
from tests.services.office import AGUS, BUDI, JOKO, RATNA, SARI, World, approved, refused


def attest_must_items(world: World) -> None:
    for item in (ItemId.SECURED, ItemId.CABINET_LOCKED):
        preflight.attest(world.desk, BUDI, item, True, "terkunci")


def test_the_minutes_are_the_room_as_it_counts_now(day: World) -> None:
    attest_must_items(day)
    found = room_minutes.minutes(day.desk, JOKO)
    assert (found.office, found.place, found.by, found.training) == (
        "Satpel Dukcapil",
        "Gambir",
        "Budi Santoso",
        True,
    )
    assert found.at == day.clock.now()
    assert found.verdict == preflight.verdict(day.desk, JOKO)
    assert [check.item for check in found.verdict.checks] == [item.id for item in ITEMS]


def test_what_is_overdue_is_unknown(day: World) -> None:
    attest_must_items(day)
    assert room_minutes.minutes(day.desk, BUDI).verdict.readiness is Readiness.READY_WITH_WARNINGS
    day.clock.advance(25 * 60)
    stale = room_minutes.minutes(day.desk, BUDI).verdict
    assert stale.readiness is Readiness.NOT_MEASURED
    assert {c.advice for c in stale.checks if c.item is ItemId.SECURED} == {"expired"}


def test_a_waiver_stands_there_with_its_name_and_reason(day: World) -> None:
    preflight.attest(day.desk, BUDI, ItemId.CABINET_LOCKED, False, "kunci patah")
    leave = approved(Action.WAIVE_ROOM, ItemId.CABINET_LOCKED)
    preflight.waive(day.desk, BUDI, ItemId.CABINET_LOCKED, "dijaga satpam", leave)
    checks = {check.item: check for check in room_minutes.minutes(day.desk, RATNA).verdict.checks}
    found = checks[ItemId.CABINET_LOCKED]
    assert (found.status, found.waived_by, found.waived_reason, found.text) == (
        Status.WAIVED,
        "Ratna Wulandari",
        "dijaga satpam",
        "kunci patah",
    )


def test_who_walked_is_todays_last_one_and_nobody_on_a_day_without_a_walk(day: World) -> None:
    preflight.run(day.desk, AGUS)
    preflight.run(day.desk, RATNA, items=[ItemId.DISK])  # one item is no walk through the room
    assert room_minutes.minutes(day.desk, JOKO).by == "Agus Salim"
    day.clock.advance(timedelta(days=1).total_seconds() / 60)
    preflight.run(day.desk, BUDI, by_person=False)
    assert room_minutes.minutes(day.desk, JOKO).by == ""


def test_a_print_is_journalled_with_its_digest_and_the_readiness(day: World) -> None:
    printed = room_minutes.print_out(day.desk, BUDI)
    assert printed == room_minutes.pdf(day.desk, BUDI)
    told = {
        "digest": hashlib.sha256(printed).hexdigest(),
        "archived": True,
        "readiness": "not_measured",
        "copy": 0,
        "edition": "2026-11-23",
    }
    assert day.events(room_minutes.PRINTED) == [(preflight.SUBJECT, told)]


def test_looking_leaves_nothing_and_a_print_is_no_room_check(world: World) -> None:
    room_minutes.pdf(world.desk, JOKO)
    assert world.events(room_minutes.PRINTED) == []
    room_minutes.print_out(world.desk, BUDI)
    with world.desk.unit(BUDI) as unit:
        assert preflight.blocks_printing(world.desk, unit) == (preflight.NOT_CHECKED,)


def test_a_printer_that_is_off_is_told_and_nothing_is_journalled(day: World) -> None:
    day.bench.faults.script("page_off")
    with pytest.raises(DeviceError) as caught:
        room_minutes.print_out(day.desk, BUDI)
    assert caught.value.code == "page.off"
    assert day.events(room_minutes.PRINTED) == []


def test_who_may(day: World) -> None:
    with refused("role.not_allowed"):
        room_minutes.pdf(day.desk, SARI)
    with refused("role.not_allowed"):
        room_minutes.print_out(day.desk, JOKO)
