"""The day's figures against an independent count, their permanence, and the chain's check."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from ktpel_desktop.core.issuance import SpoilReason
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.room import measured
from ktpel_desktop.core.room_items import ITEMS, ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.core.stock import BlankBalance, PhysicalCount
from ktpel_desktop.services import (
    handing_over,
    intake,
    issuing,
    outbox,
    preflight,
    reports,
    shifts,
    stock,
    verifying,
)
from tests.services.office import (
    BLANKS,
    BUDI,
    SARI,
    Gauge,
    World,
    approved,
    nik,
)
from tests.services.test_handing_over import HIMSELF


def close(world: World, actor: Actor = BUDI, left: int | None = None, reason: str = "") -> None:
    with world.desk.unit(actor) as unit:
        counted = unit.stock.balance().left if left is None else left
        shift = unit.shifts.current()
    assert shift is not None
    leave = approved(Action.STOCK_CORRECTION, shifts.subject(shift), actor) if reason else None
    count = PhysicalCount(counted, counted, 0)
    shifts.close(world.desk, actor, count, reason, leave, second_counter="agus")


def spoil_one(world: World, number: int) -> None:
    """A faulty blank for the n-th resident, booked."""
    request = world.verified(resident=nik(number))
    job, _ = issuing.reserve(world.desk, BUDI, request.id)
    world.bench.put_on_reader(world.bench.take_blank())
    issuing.spoil(world.desk, BUDI, job.id, SpoilReason.FACTORY_FAULT)


def busy(world: World) -> None:
    """A day with one of everything, the first resident served after an hour."""
    first = world.accepted(resident=nik(1))
    world.clock.advance(60)
    intake.hand_to_operator(world.desk, SARI, [first.id], "budi")
    verifying.claim(world.desk, BUDI, first.id)
    verifying.look_up(world.desk, BUDI, first.id)
    verifying.decide_complete(world.desk, BUDI, first.id)
    from tests.services.honest import HonestOperator

    HonestOperator(world.bench).issue(world.desk, first.id)
    handing_over.hand_to_counter(world.desk, BUDI, [first.id], "sari")
    handing_over.hand_over(world.desk, SARI, first.id, HIMSELF)
    world.produced("PINDAH", nik(2))
    told = world.claimed(resident=nik(3))
    verifying.decide_incomplete(world.desk, BUDI, told.id, ["form_unsigned"])
    intake.complete(world.desk, SARI, told.id, [])
    refusal = world.claimed(resident=nik(4))
    verifying.decide_reject(world.desk, BUDI, refusal.id, ["not_entitled"])
    spoil_one(world, 5)
    stuck = world.claimed(resident=nik(6))
    verifying.decide_wait(world.desk, BUDI, stuck.id, "SENT_FOR_ENROLLMENT")
    stock.receive(world.desk, BUDI, 10, "BAST-1")
    stock.give_back(world.desk, BUDI, 3, "BAST-2")
    leave = approved(Action.STOCK_CORRECTION, stock.SUBJECT)
    stock.correct(world.desk, BUDI, -1, "rusak dimakan rayap", leave)
    gone = world.verified(resident=nik(7))
    job, _ = issuing.reserve(world.desk, BUDI, gone.id)
    issuing.cancel(world.desk, BUDI, job.id)


# ---------------------------------------------------------------- figures


def test_a_busy_day_in_figures(day: World) -> None:
    busy(day)
    report = reports.daily(day.desk, BUDI)
    assert (report.requests_in, report.issued, report.documents_made, report.handed_over) == (7, 1, 1, 1)
    assert (report.incomplete, report.rejected) == (1, 1)
    assert report.waiting == {"ACCEPTED": 1, "VERIFIED": 2, "WAITING_SIAK": 1, "PRODUCED": 1}
    assert report.spoiled == {"CACAT_PABRIK": 1}
    assert report.services == (
        ("KTP-el baru (WNI 17 tahun ke atas)", 6, 1),
        ("Pindah WNI", 1, 1),
    )
    assert report.balance == BlankBalance(
        opening=BLANKS, received=10, corrected=-1, issued=1, spoiled=1, returned=3, open=0
    )
    assert (report.office, report.place, report.shift_id) == ("Satpel Dukcapil", "Gambir", 1)
    assert (report.counted, report.closed_by, report.signed_by) == (None, "", "")
    assert report.training is True


def test_the_report_agrees_with_plain_sql_over_the_tables(day: World) -> None:
    busy(day)
    report = reports.daily(day.desk, BUDI)
    with sqlite3.connect(day.store.path) as database:
        requests = dict(database.execute("SELECT state, count(*) FROM request GROUP BY state").fetchall())
        jobs = dict(database.execute("SELECT state, count(*) FROM job GROUP BY state").fetchall())
        left = database.execute("SELECT akhir FROM v_blangko").fetchone()[0]
    database.close()
    ended = {"HANDED_OVER", "REJECTED", "CANCELLED"}
    assert report.requests_in == sum(requests.values())
    assert report.waiting == {state: number for state, number in requests.items() if state not in ended}
    assert (report.issued, report.spoiled["CACAT_PABRIK"]) == (jobs["ISSUED"], jobs["SPOILED"])
    assert report.balance.left == left


def test_the_median_is_from_acceptance_to_result(day: World) -> None:
    assert reports.daily(day.desk, BUDI).median_minutes is None
    for number, minutes in enumerate((10, 40, 20)):
        request = day.accepted("PINDAH", nik(number))
        day.clock.advance(minutes)
        intake.hand_to_operator(day.desk, SARI, [request.id], "budi")
        verifying.claim(day.desk, BUDI, request.id)
        verifying.look_up(day.desk, BUDI, request.id)
        verifying.decide_complete(day.desk, BUDI, request.id)
        verifying.make_document(day.desk, BUDI, request.id, "REG-1")
    assert reports.daily(day.desk, BUDI).median_minutes == 20


def test_a_completed_file_is_not_taken_in_twice(day: World) -> None:
    request = day.claimed("KTP-RUSAK", documents=frozenset())
    verifying.decide_incomplete(day.desk, BUDI, request.id, ["KTP-RUSAK"])
    intake.complete(day.desk, SARI, request.id, ["KTP-RUSAK", "KK-SALINAN"])
    report = reports.daily(day.desk, BUDI)
    assert (report.requests_in, report.incomplete, report.waiting) == (1, 1, {"ACCEPTED": 1})


def test_the_oldest_waiting_is_told_in_days(day: World) -> None:
    assert reports.daily(day.desk, BUDI).oldest_waiting_days == 0
    day.accepted()
    day.clock.moment += timedelta(days=3, hours=5)
    assert reports.daily(day.desk, BUDI).oldest_waiting_days == 3


def test_an_outage_counts_within_the_day_only(world: World) -> None:
    def line(*, reachable: bool) -> None:
        with world.desk.unit(BUDI) as unit:
            outbox.note_reachable(unit, reachable=reachable)

    line(reachable=False)
    world.clock.advance(300)
    shifts.open_shift(world.desk, BUDI)
    world.clock.advance(20)
    line(reachable=True)
    world.clock.advance(60)
    line(reachable=False)
    world.clock.advance(7)
    assert reports.daily(world.desk, BUDI).outage_minutes == 27
    close(world)
    world.clock.advance(600)
    line(reachable=True)
    assert reports.daily(world.desk, BUDI).outage_minutes == 27


def test_the_room_is_told_as_it_was_at_the_end_of_the_day(day: World) -> None:
    desk = day.with_sensors(temperature=Gauge(23.0, "°C"))
    preflight.run(desk, BUDI)
    day.clock.advance(1)
    close(day)
    for _ in range(120):  # more than one page of history
        day.clock.advance(1)
        with day.desk.unit(BUDI) as unit:
            unit.room.add(measured(ItemId.TEMPERATURE, 30.0, "°C", at=unit.at, source="alat uji"))
    room = reports.daily(day.desk, BUDI).room
    assert len(room) == len(ITEMS)
    assert [check.status for check in room if check.item == "temperature"] == [Status.OK]
