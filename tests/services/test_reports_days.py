"""Reports over several days, the chain they rest on, and the running day."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from ktpel_desktop.core.audit import check_chain
from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.core.stock import BlankBalance
from ktpel_desktop.services import (
    intake,
    issuing,
    outbox,
    reports,
    shifts,
)
from ktpel_desktop.services.replay import Replay, watched
from tests.services.office import (
    BLANKS,
    BUDI,
    JOKO,
    RATNA,
    SARI,
    TONO,
    World,
    nik,
    refused,
)
from tests.services.test_reports import busy, close, spoil_one

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
    day.reporting()
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
        "",
    )
    assert report.balance.left == BLANKS


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
    ((subject, said),) = day.events("report.printed")
    assert (subject, said["head"], said["copy"], said["archived"]) == ("shift-1", head, 0, True)


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
        replay = Replay(1)
        assert check_chain(watched(unit.events.all(), replay)).intact
    assert (replay.left, replay.held) == (BLANKS - 1, 1)
    assert reports.daily(day.desk, BUDI).balance.open == 1
    assert Counter(replace(reports.daily(day.desk, BUDI)).waiting) == Counter(VERIFIED=1)
