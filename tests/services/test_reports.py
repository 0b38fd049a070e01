"""The day's figures against an independent count, their permanence, and the chain's check."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from ktpel_desktop.core.audit import check_chain
from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.issuance import JobState, SpoilReason
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.room import ITEMS
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.core.stock import BlankBalance, PhysicalCount
from ktpel_desktop.services import (
    blanks,
    handing_over,
    intake,
    issuing,
    outbox,
    preflight,
    reports,
    shifts,
    verifying,
)
from ktpel_desktop.services.reports import _Replay, _watched
from tests.services.office import (
    BLANKS,
    BUDI,
    JOKO,
    RATNA,
    SARI,
    TONO,
    Gauge,
    World,
    approved,
    nik,
    refused,
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
    blanks.receive(world.desk, BUDI, 10, "BAST-1")
    blanks.give_back(world.desk, BUDI, 3, "BAST-2")
    leave = approved(Action.STOCK_CORRECTION, blanks.SUBJECT)
    blanks.correct(world.desk, BUDI, -1, "rusak dimakan rayap", leave)
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
    hot = day.with_sensors(temperature=Gauge(30.0, "°C"))
    for _ in range(120):  # more than one page of history
        day.clock.advance(1)
        with day.desk.unit(BUDI) as unit:
            unit.room.add(preflight._read(ITEMS[4], hot.sensors["temperature"], unit.at))
    room = reports.daily(day.desk, BUDI).room
    assert len(room) == len(ITEMS)
    assert [check.status for check in room if check.item == "temperature"] == [Status.OK]


# ---------------------------------------------------------------- days


def test_a_closed_day_never_changes(day: World) -> None:
    busy(day)
    close(day)
    first = reports.daily(day.desk, BUDI)
    day.clock.moment += timedelta(days=1)
    day.open_day()
    busy_again = day.accepted(resident=nik(40))
    intake.withdraw(day.desk, SARI, busy_again.id, "changed_mind")
    spoil_one(day, 41)
    again = reports.daily(day.desk, RATNA, 1)
    assert again == first


def test_the_next_day_begins_with_what_was_left(day: World) -> None:
    busy(day)
    close(day)
    first = reports.daily(day.desk, BUDI).balance
    shifts.open_shift(day.desk, BUDI)
    second = reports.daily(day.desk, BUDI)
    assert second.balance == BlankBalance(first.left, 0, 0, 0, 0, 0, 0)
    assert (second.shift_id, second.requests_in, second.services) == (2, 0, ())
    assert second.waiting == reports.daily(day.desk, BUDI, 1).waiting


def test_what_happens_between_two_days_is_in_the_later_one(day: World) -> None:
    request = day.verified()
    job, order = issuing.reserve(day.desk, BUDI, request.id)
    day.bench.put_on_reader(day.bench.take_blank())
    job = issuing.encode(day.desk, BUDI, job.id, order, lambda share: None)
    assert job.chip_serial is not None
    day.bench.move_to_printer(job.chip_serial)
    issuing.print_card(day.desk, BUDI, job.id, order)
    day.bench.put_on_reader(job.chip_serial)
    issuing.check_printed(day.desk, BUDI, job.id, face_ok=True)
    close(day)
    first = reports.daily(day.desk, BUDI)
    assert (first.issued, first.balance.open, first.balance.left) == (0, 1, BLANKS - 1)
    outbox.deliver(day.desk, BUDI)
    assert reports.daily(day.desk, BUDI) == first
    shifts.open_shift(day.desk, BUDI)
    second = reports.daily(day.desk, BUDI)
    assert (second.issued, second.balance.opening, second.balance.open) == (1, BLANKS, 0)
    assert second.balance.left == BLANKS - 1


def test_a_closed_day_names_who_closed_and_what_was_counted(day: World) -> None:
    close(day, left=BLANKS - 1, reason="satu lembar dicari")
    report = reports.daily(day.desk, BUDI)
    assert (report.counted, report.closed_by, report.signed_by) == (
        BLANKS - 1,
        "Budi Santoso",
        "Ratna Wulandari",
    )
    assert report.balance.left == BLANKS


def test_a_supervisor_who_closes_signs(day: World) -> None:
    close(day, RATNA)
    report = reports.daily(day.desk, BUDI)
    assert (report.closed_by, report.signed_by) == ("Ratna Wulandari", "Ratna Wulandari")


def test_an_operator_who_closes_leaves_the_signature_open(day: World) -> None:
    close(day)
    assert reports.daily(day.desk, BUDI).signed_by == ""


def test_the_first_stock_is_the_first_days_opening(day: World) -> None:
    assert reports.daily(day.desk, BUDI).balance.opening == BLANKS


@pytest.mark.parametrize("wanted", [None, 0, 1, 2])
def test_before_the_first_day_there_is_nothing_to_report(world: World, wanted: int | None) -> None:
    with refused("report.no_shift"):
        reports.daily(world.desk, BUDI, wanted)


@pytest.mark.parametrize("wanted", [0, 2, -1])
def test_a_day_that_was_not_is_not_reported(day: World, wanted: int) -> None:
    with refused("report.no_shift"):
        reports.daily(day.desk, BUDI, wanted)


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_reports_are_the_print_rooms(day: World, actor: Actor) -> None:
    with refused("role.not_allowed"):
        reports.daily(day.desk, actor)
    with refused("role.not_allowed"):
        reports.daily_pdf(day.desk, actor)
    with refused("role.not_allowed"):
        reports.print_daily(day.desk, actor)


# ---------------------------------------------------------------- the chain


def test_the_report_carries_the_chains_head_of_its_last_event(day: World) -> None:
    busy(day)
    close(day)
    with day.desk.unit(BUDI) as unit:
        shift = unit.shifts.latest()
        head = unit.events.head()
        whole = check_chain(unit.events.all())
    assert shift is not None
    assert head is not None
    assert shift.last_event == head.seq
    report = reports.daily(day.desk, BUDI)
    assert (report.chain_count, report.chain_head, report.chain_intact) == (
        whole.count,
        head.hash,
        True,
    )
    day.accepted(resident=nik(50))
    assert reports.daily(day.desk, BUDI).chain_head == head.hash


def test_the_whole_chain_is_checked_on_request(day: World) -> None:
    with day.desk.unit(BUDI) as unit:
        head = unit.events.head()
    assert head is not None
    found = reports.audit(day.desk, JOKO)
    assert (found.count, found.head, found.intact) == (head.seq, head.hash, True)


def test_the_counter_checks_no_chain(day: World) -> None:
    with refused("role.not_allowed"):
        reports.audit(day.desk, SARI)


def test_a_changed_event_is_told_by_report_and_audit(day: World) -> None:
    day.accepted()
    with sqlite3.connect(day.store.path) as database:
        database.execute("DROP TRIGGER event_update_refused")
        database.execute("UPDATE event SET actor = 'lain' WHERE seq = 3")
    database.close()
    assert reports.audit(day.desk, BUDI).first_bad == 3
    assert reports.daily(day.desk, BUDI).chain_intact is False


@pytest.mark.parametrize(
    "forgery", ["kind = 'job.MELTED'", "kind = 'request.PRODUCED', data = '{\"from\":\"VERIFIED\"}'"]
)
def test_an_event_that_is_not_the_programs_own_stops_the_report(day: World, forgery: str) -> None:
    with sqlite3.connect(day.store.path) as database:
        database.execute("DROP TRIGGER event_update_refused")
        database.execute(f"UPDATE event SET {forgery} WHERE seq = 3")
    database.close()
    with refused("report.chain_unreadable") as error:
        reports.daily(day.desk, BUDI)
    assert error.value.params == {"event": 3}


# ---------------------------------------------------------------- paper


def test_a_report_is_printed_and_journalled(day: World) -> None:
    close(day)
    pdf = reports.print_daily(day.desk, BUDI)
    head = reports.daily(day.desk, BUDI).chain_head
    assert pdf == reports.daily_pdf(day.desk, BUDI) == b"%PDF-" + head.encode()
    assert day.events("report.printed") == [("shift-1", {"head": head})]


def test_a_page_printer_that_is_off_is_told(day: World) -> None:
    close(day)
    day.bench.faults.script("page_off")
    with pytest.raises(DeviceError) as caught:
        reports.print_daily(day.desk, BUDI)
    assert caught.value.code == "page.off"
    assert day.events("report.printed") == []


# ---------------------------------------------------------------- the running day


def test_the_running_day_in_figures(day: World) -> None:
    busy(day)
    seen = reports.day_summary(day.desk, JOKO)
    assert (seen.requests_in, seen.issued, seen.documents_made, seen.handed_over) == (7, 1, 1, 1)
    assert seen.by_state[RequestState.WAITING_SIAK] == 1
    assert seen.accepted_by_hour == {8: 1, 9: 6}
    assert seen.produced_by_hour == {9: 2}
    assert seen.waiting_days == {0: 5}
    assert seen.balance.left == reports.daily(day.desk, BUDI).balance.left
    assert seen.deliveries_waiting > 0


def test_without_an_open_day_nothing_has_happened_yet(world: World) -> None:
    world.accepted()
    seen = reports.day_summary(world.desk, JOKO)
    assert (seen.requests_in, seen.accepted_by_hour) == (0, {})
    assert seen.by_state == {RequestState.ACCEPTED: 1}


@pytest.mark.parametrize("actor", [SARI, TONO])
def test_figures_are_for_who_sees_counts(day: World, actor: Actor) -> None:
    with refused("role.not_allowed"):
        reports.day_summary(day.desk, actor)


# ---------------------------------------------------------------- size


def test_a_report_grows_in_proportion_to_the_requests(day: World) -> None:
    def seconds() -> float:
        best = 9.0
        for _ in range(3):
            begin = time.perf_counter()
            reports.daily(day.desk, BUDI)
            best = min(best, time.perf_counter() - begin)
        return best

    for number in range(30):
        day.produced("PINDAH", nik(number))
    few = seconds()
    for number in range(30, 300):
        day.produced("PINDAH", nik(number))
    many = seconds()
    assert many < 1.5
    assert many < few * 25  # ten times the requests; a square would be a hundred times


def test_replaying_another_machines_moves_changes_no_figure(day: World) -> None:
    """Kinds that no figure needs pass by, and a job that goes back to its beginning takes no second blank."""
    request = day.verified()
    job, order = issuing.reserve(day.desk, BUDI, request.id)
    day.bench.put_on_reader(day.bench.take_blank())
    day.bench.faults.script("write_refused")
    with pytest.raises(DeviceError):
        issuing.encode(day.desk, BUDI, job.id, order, lambda share: None)
    with day.desk.unit(BUDI) as unit:
        assert unit.jobs.get(job.id).state is JobState.RESERVED
        unit.record("odd.kind", "shift-1")
        replay = _Replay(1)
        assert check_chain(_watched(unit.events.all(), replay)).intact
    assert (replay.left, replay.held) == (BLANKS - 1, 1)
    assert reports.daily(day.desk, BUDI).balance.open == 1
    assert Counter(replace(reports.daily(day.desk, BUDI)).waiting) == Counter(VERIFIED=1)
