"""Periods: the sum of their days in one walk over the chain, and an export that is journalled."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.daily import DailyReport
from ktpel_desktop.core.period import DayFigures, Form, PeriodReport
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import intake, outbox, period_reports, preflight, reports, shifts, verifying
from ktpel_desktop.services.replay import Replay
from tests.services.office import (
    AGUS,
    BLANKS,
    BUDI,
    JOKO,
    RATNA,
    SARI,
    TODAY,
    TONO,
    World,
    approved,
    nik,
    refused,
)
from tests.services.test_reports import busy, close, spoil_one

TOMORROW = TODAY + timedelta(days=1)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def told(world: World, first: date = YEAR[0], last: date = YEAR[1]) -> PeriodReport:
    return period_reports.report(world.desk, BUDI, first, last)


def next_day(world: World) -> None:
    """Close, sleep, and open the next morning."""
    close(world)
    world.clock.moment += timedelta(days=1)
    world.open_day()


def three_days(world: World) -> None:
    """A busy day, one with a spoiled card and a document, and one that is still open."""
    busy(world)
    next_day(world)
    spoil_one(world, 41)
    world.produced("PINDAH", nik(42))
    next_day(world)
    world.accepted(resident=nik(43))


# ---------------------------------------------------------------- days and their sum


def same(day: DayFigures, daily: DailyReport) -> None:
    """The period tells of the day what the day's own report tells."""
    assert day.requests_in == daily.requests_in
    assert (day.incomplete, day.rejected, day.handed_over) == (
        daily.incomplete,
        daily.rejected,
        daily.handed_over,
    )
    assert (day.issued, day.documents_made) == (daily.issued, daily.documents_made)
    assert (day.spoiled, day.withdrawn) == (daily.spoiled, daily.withdrawn)
    assert (day.balance, day.counted) == (daily.balance, daily.counted)
    assert (day.median_minutes, day.outage_minutes) == (daily.median_minutes, daily.outage_minutes)


def test_each_day_is_as_its_daily_report_tells_it(day: World) -> None:
    three_days(day)
    found = told(day)
    assert [(one.day, one.shift_id, one.closed) for one in found.days] == [
        (TODAY, 1, True),
        (TOMORROW, 2, True),
        (TODAY + timedelta(days=2), 3, False),
    ]
    for one in found.days:
        same(one, reports.daily(day.desk, BUDI, one.shift_id))
    last = reports.daily(day.desk, BUDI, 3)
    assert found.waiting == last.waiting
    assert (found.chain_count, found.chain_head, found.chain_intact) == (
        last.chain_count,
        last.chain_head,
        True,
    )


def test_the_days_together(day: World) -> None:
    three_days(day)
    found = told(day)
    assert (found.total("requests_in"), found.total("issued"), found.total("documents_made")) == (10, 1, 2)
    assert found.spoiled == {"CACAT_PABRIK": 2}
    assert [(one.name, one.came, one.done) for one in found.services] == [
        ("KTP-el baru (WNI 17 tahun ke atas)", 8, 1),
        ("Pindah WNI", 2, 2),
    ]
    with day.desk.unit(BUDI) as unit:
        assert found.balance == unit.stock.balance()
    assert found.balanced
    assert found.carried_over
    assert (found.differences, found.days[1].carried) == (0, found.days[0].balance.left)


def test_a_part_of_the_days_begins_with_what_was_left(day: World) -> None:
    three_days(day)
    whole, part = told(day), told(day, TOMORROW, TOMORROW)
    assert part.days == whole.days[1:2]
    assert part.balance == whole.days[1].balance
    assert part.balance.opening == whole.days[0].balance.left
    assert (part.total("requests_in"), part.services[1].done) == (2, 1)
    assert part.chain_count < whole.chain_count


def test_a_closed_period_never_changes(day: World) -> None:
    busy(day)
    next_day(day)
    before = told(day, TODAY, TODAY)
    spoil_one(day, 41)
    close(day)
    assert told(day, TODAY, TODAY) == before


def test_two_days_on_one_date_are_two_rows(day: World) -> None:
    close(day)
    day.open_day()
    found = told(day, TODAY, TODAY)
    assert [(one.day, one.shift_id) for one in found.days] == [(TODAY, 1), (TODAY, 2)]


def test_a_day_belongs_to_the_local_date(day: World) -> None:
    close(day)
    day.clock.moment += timedelta(hours=17)  # 01.00 the next day in Jakarta, still the same day in UTC
    day.open_day()
    assert [one.shift_id for one in told(day, TOMORROW, TOMORROW).days] == [2]


def test_a_count_that_differs_is_told(day: World) -> None:
    close(day, left=BLANKS - 1, reason="satu lembar dicari")
    found = told(day)
    assert (found.days[0].difference, found.differences, found.balanced) == (-1, 1, True)


def test_an_outage_over_the_night_is_counted_in_working_time_only(day: World) -> None:
    day.siak.down = True
    with day.desk.unit(BUDI) as unit:
        outbox.note_reachable(unit, reachable=False)
    day.clock.advance(30)
    next_day(day)
    day.clock.advance(20)
    with day.desk.unit(BUDI) as unit:
        outbox.note_reachable(unit, reachable=True)
    assert [one.outage_minutes for one in told(day).days] == [30, 20]


# ---------------------------------------------------------------- who, when, why


def test_the_workload_is_by_name_and_adds_up(day: World) -> None:
    day.produced(resident=nik(1))
    day.produced("PINDAH", nik(2))
    request = day.accepted("PINDAH", nik(3))
    intake.hand_to_operator(day.desk, SARI, [request.id], AGUS.username)
    verifying.claim(day.desk, AGUS, request.id)
    verifying.look_up(day.desk, AGUS, request.id)
    verifying.decide_complete(day.desk, AGUS, request.id)
    verifying.make_document(day.desk, AGUS, request.id, "REG-2")
    found = told(day)
    assert [(one.name, one.claims, one.cards, one.documents) for one in found.workloads] == [
        ("Agus Salim", 1, 0, 1),
        ("Budi Santoso", 2, 1, 1),
    ]
    assert sum(one.cards for one in found.workloads) == found.total("issued")
    assert sum(one.documents for one in found.workloads) == found.total("documents_made")


def test_hours_are_local(day: World) -> None:
    day.accepted(resident=nik(1))
    day.clock.advance(125)
    day.produced("PINDAH", nik(2))
    found = told(day)
    assert found.accepted_by_hour == {8: 1, 10: 1}
    assert found.produced_by_hour == {10: 1}


def test_why_requests_wait(day: World) -> None:
    first = day.claimed("KTP-RUSAK", nik(1), documents=frozenset())
    verifying.decide_incomplete(day.desk, BUDI, first.id, ["KTP-RUSAK", "form_unsigned"])
    second = day.claimed(resident=nik(2))
    verifying.decide_wait(day.desk, BUDI, second.id, "SENT_FOR_ENROLLMENT")
    papers = {need.code: need.text for need in day.desk.catalogue.get("KTP-RUSAK").requirements}
    assert [(one.state, one.reason, one.count, one.is_paper) for one in told(day).waiting_reasons] == [
        ("INCOMPLETE", papers["KTP-RUSAK"], 1, True),
        ("INCOMPLETE", "form_unsigned", 1, False),
        ("WAITING_SIAK", "SENT_FOR_ENROLLMENT", 1, False),
    ]
    assert told(day).waiting == {"INCOMPLETE": 1, "WAITING_SIAK": 1}


def test_waivers_and_approvals_are_counted(day: World) -> None:
    preflight.attest(day.desk, BUDI, "secured", False, "kunci patah")
    leave = approved(Action.WAIVE_ROOM, "secured")
    preflight.waive(day.desk, BUDI, "secured", "dijaga petugas", leave)
    with day.desk.unit(BUDI) as unit:
        unit.record("approval.given", "secured", {"action": "waive_room"}, approver=RATNA.username)
    found = told(day)
    assert (found.waivers, found.approvals) == ({"secured": 1}, {"waive_room": 1})
    assert (found.days[0].waivers, found.days[0].approvals) == (1, 1)


def test_a_service_that_the_catalogue_no_longer_knows_is_told_under_its_code(day: World) -> None:
    day.produced("PINDAH", nik(1))
    smaller = type(day.desk.catalogue)([one for one in day.desk.catalogue if one.code != "PINDAH"])
    found = period_reports.report(replace(day.desk, catalogue=smaller), BUDI, *YEAR)
    assert [(one.code, one.name, one.came, one.done) for one in found.services] == [
        ("PINDAH", "PINDAH", 1, 1)
    ]


# ---------------------------------------------------------------- one walk


def test_the_chain_is_walked_once_whatever_the_period(day: World, monkeypatch: pytest.MonkeyPatch) -> None:
    three_days(day)
    seen: list[int] = []
    take = Replay.take

    def counted(self: Replay, event: Event) -> None:
        seen.append(event.seq)
        take(self, event)

    monkeypatch.setattr(Replay, "take", counted)
    found = told(day)
    assert seen == list(range(1, found.chain_count + 1))


def test_portions_fit_together(day: World, monkeypatch: pytest.MonkeyPatch) -> None:
    three_days(day)
    whole = told(day)
    monkeypatch.setattr(period_reports, "PORTION", 7)
    assert told(day) == whole
    assert whole.chain_count > 70


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_periods_are_the_print_rooms(day: World, actor: Actor) -> None:
    with refused("role.not_allowed"):
        period_reports.report(day.desk, actor, *YEAR)
    with refused("role.not_allowed"):
        period_reports.preview(day.desk, actor, *YEAR)
    with refused("role.not_allowed"):
        period_reports.export(day.desk, actor, *YEAR, Form.CSV, "laporan bulanan")
    assert day.events(period_reports.EXPORTED) == []


def test_a_period_without_a_working_day_is_none(day: World) -> None:
    with refused("report.span_empty"):
        told(day, TOMORROW, YEAR[1])
    with refused("report.span_empty"):
        told(day, YEAR[0], TODAY - timedelta(days=1))


def test_before_the_first_day_there_is_none(world: World) -> None:
    with refused("report.span_empty"):
        told(world)


def test_a_period_goes_forward(day: World) -> None:
    with refused("report.span_reversed"):
        told(day, TOMORROW, TODAY)


def test_an_event_of_somebody_else_is_not_reckoned_with(day: World) -> None:
    with day.desk.unit(BUDI) as unit:
        unit.record("job.FOUND", "T-1", {"job": "T-1"})
    with refused("report.chain_unreadable"):
        told(day)


# ---------------------------------------------------------------- exports


def test_an_export_is_journalled_with_its_reason_and_digest(day: World) -> None:
    busy(day)
    reason = "laporan ke Sudin, ditanya 3171015205909901"
    made = period_reports.export(day.desk, BUDI, TODAY, TODAY, Form.XLSX, f"  {reason} ")
    assert made.content == day.desk.papers.period(made.report, Form.XLSX)
    (subject, said), *more = day.events(period_reports.EXPORTED)
    assert more == []
    assert subject == "2026-11-23..2026-11-23"
    assert "3171015205909901" not in str(said["reason"])
    assert str(said["reason"]).startswith("laporan ke Sudin, ditanya ")
    assert (said["form"], said["head"]) == ("xlsx", made.report.chain_head)
    assert said["digest"] == hashlib.sha256(made.content).hexdigest()


def test_an_export_has_a_reason(day: World) -> None:
    with refused("report.reason_missing"):
        period_reports.export(day.desk, BUDI, *YEAR, Form.PDF, "  ")
    assert day.events(period_reports.EXPORTED) == []


def test_looking_is_not_journalled(day: World) -> None:
    before = told(day).chain_count
    assert period_reports.preview(day.desk, BUDI, *YEAR) == day.desk.papers.period(told(day), Form.PDF)
    assert told(day).chain_count == before


def test_no_resident_is_in_a_period(day: World) -> None:
    busy(day)
    said = str(told(day))
    for secret in ("SITI", "RAHAYU", nik(1).reveal(), "3171012001150007"):
        assert secret not in said


def test_the_days_may_be_closed_and_opened_at_will(world: World) -> None:
    """No shift at all between two others: a period of days without work still has its books."""
    for _ in range(4):
        shifts.open_shift(world.desk, BUDI)
        close(world)
    found = told(world)
    assert [one.shift_id for one in found.days] == [1, 2, 3, 4]
    assert (found.balanced, found.balance.left, found.median_minutes) == (True, BLANKS, None)
