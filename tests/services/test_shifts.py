"""Opening and closing the day by a blind double count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import SpoilReason
from ktpel_desktop.core.records import Shift
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.stock import PhysicalCount
from ktpel_desktop.services import issuing, outbox, reports, shifts
from ktpel_desktop.services.approvals import Approval
from tests.services.office import (
    AGUS,
    BLANKS,
    BUDI,
    GONE,
    JOKO,
    NIK,
    RATNA,
    SARI,
    TONO,
    World,
    approved,
    refused,
)
from tests.services.test_stock import new_office


def count(first: int = BLANKS, second: int | None = None, books: int = 0) -> PhysicalCount:
    return PhysicalCount(first, first if second is None else second, books)


def leave(number: int = 1) -> Approval:
    return approved(Action.STOCK_CORRECTION, f"shift-{number}")


def close(
    world: World,
    counted: PhysicalCount,
    reason: str = "",
    by: Approval | None = None,
    supplies: dict[str, int] | None = None,
) -> Shift:
    return shifts.close(world.desk, BUDI, counted, reason, by, second_counter="agus", supplies=supplies)


# ---------------------------------------------------------------- opening


def test_a_day_is_opened_once(world: World) -> None:
    shift = shifts.open_shift(world.desk, BUDI)
    assert (shift.id, shift.opened_by, shift.opened_at) == (1, "budi", world.clock.now())
    assert shifts.current(world.desk, SARI) == shift
    with refused("shift.already_open"):
        shifts.open_shift(world.desk, RATNA)


def test_before_the_first_day_there_is_none(world: World) -> None:
    assert shifts.current(world.desk, SARI) is None


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_the_day_is_the_print_rooms(day: World, actor: Actor) -> None:
    with refused("role.not_allowed"):
        shifts.open_shift(day.desk, actor)
    with refused("role.not_allowed"):
        shifts.can_close(day.desk, actor)
    with refused("role.not_allowed"):
        shifts.close(day.desk, actor, count(), second_counter="agus")


# ---------------------------------------------------------------- closing


def test_a_day_is_closed_when_both_counts_and_the_books_agree(day: World) -> None:
    day.clock.advance(480)
    shift = close(day, count())
    assert (shift.closed_by, shift.closed_at) == ("budi", day.clock.now())
    assert day.events("shift.counted") == [
        (
            "shift-1",
            {"first": BLANKS, "second": BLANKS, "books": BLANKS, "second_counter": "agus", "reason": ""},
        )
    ]
    assert shifts.current(day.desk, BUDI) is None


def test_what_is_left_of_ribbon_and_film_is_journalled(day: World) -> None:
    close(day, count(), supplies={"ribbon_left": 40, "film_left": 0})
    ((_, data),) = day.events("shift.counted")
    assert (data["ribbon_left"], data["film_left"]) == (40, 0)
    assert reports.daily(day.desk, BUDI).supplies == {"ribbon_left": 40, "film_left": 0}


def test_what_was_not_read_off_the_printer_is_not_told(day: World) -> None:
    close(day, count(), supplies={"film_left": 100})
    assert reports.daily(day.desk, BUDI).supplies == {"film_left": 100}


@pytest.mark.parametrize("supplies", [{"ribbon_left": -1}, {"film_left": 101}, {"toner_left": 50}])
def test_supplies_are_percents_of_what_the_printer_has(day: World, supplies: dict[str, int]) -> None:
    with refused("shift.supplies"):
        close(day, count(), supplies=supplies)
    assert shifts.current(day.desk, BUDI) is not None


def test_the_next_day_follows(day: World) -> None:
    close(day, count())
    assert shifts.open_shift(day.desk, AGUS).id == 2


def test_what_the_count_says_of_the_books_is_not_believed(day: World) -> None:
    with refused("shift.reason_missing"):
        close(day, count(BLANKS - 1, books=BLANKS - 1))


def test_two_counts_that_differ_are_counted_again(day: World) -> None:
    with refused("shift.counts_disagree"):
        close(day, count(BLANKS, BLANKS - 1), "tidak tahu", leave())


def test_a_difference_is_explained_and_approved(day: World) -> None:
    with refused("shift.reason_missing") as error:
        close(day, count(BLANKS - 2), "  ", leave())
    assert error.value.params == {"difference": -2}
    with refused("approval.missing"):
        close(day, count(BLANKS - 2), "dua lembar belum ketemu")
    with refused("approval.for_another"):
        close(day, count(BLANKS - 2), "dua lembar belum ketemu", leave(2))
    close(day, count(BLANKS - 2), "dua lembar belum ketemu", leave())
    with day.desk.unit(BUDI) as unit:
        told = [event for event in unit.events.of("shift-1") if event.kind != "shift.opened"]
        assert unit.stock.balance().left == BLANKS  # explained, not corrected
    assert [event.approver for event in told] == ["ratna", "ratna"]
    assert told[0].data["reason"] == "dua lembar belum ketemu"


def test_a_nik_in_the_reason_is_masked(day: World) -> None:
    close(day, count(0), f"dipakai untuk {NIK.reveal()}", leave())
    ((_, data),) = day.events("shift.counted")
    assert data["reason"] == "dipakai untuk 3171••••••••9901"


@pytest.mark.parametrize(("first", "second"), [(-1, 5), (5, -1)])
def test_a_count_is_not_negative(day: World, first: int, second: int) -> None:
    with refused("shift.count_negative"):
        close(day, count(first, second))


@pytest.mark.parametrize("second", ["budi", GONE, "nobody", "", JOKO.username, TONO.username])
def test_the_second_counter_is_another_active_person_of_the_office(day: World, second: str) -> None:
    with refused("shift.second_counter"):
        shifts.close(day.desk, BUDI, count(), second_counter=second)


def test_a_day_that_was_not_opened_is_not_closed(world: World) -> None:
    assert shifts.can_close(world.desk, BUDI) == ["shift.not_open"]
    with refused("shift.not_open"):
        close(world, count())


def test_an_open_card_keeps_the_day_open(day: World) -> None:
    request = day.verified()
    job, _ = issuing.reserve(day.desk, BUDI, request.id)
    assert shifts.can_close(day.desk, BUDI) == ["shift.jobs_open"]
    with refused("shift.jobs_open"):
        close(day, count(BLANKS - 1))
    issuing.cancel(day.desk, BUDI, job.id)
    assert shifts.can_close(day.desk, BUDI) == []
    close(day, count())


def test_a_report_on_its_way_to_siak_may_stay_over_night(day: World) -> None:
    day.reporting()
    assert shifts.can_close(day.desk, BUDI) == []
    close(day, count(BLANKS - 1))
    assert outbox.deliver(day.desk, BUDI).delivered > 0


def test_a_spoiled_card_is_no_longer_in_the_cabinet(day: World) -> None:
    request = day.verified()
    job, _ = issuing.reserve(day.desk, BUDI, request.id)
    day.bench.put_on_reader(day.bench.take_blank())
    issuing.spoil(day.desk, BUDI, job.id, SpoilReason.FACTORY_FAULT)
    with refused("shift.reason_missing"):
        close(day, count(BLANKS))
    close(day, count(BLANKS - 1))


@given(
    first=st.integers(-1, 25),
    second=st.integers(-1, 25),
    reason=st.sampled_from(["", "hilang"]),
    by=st.sampled_from([None, leave(), leave(2)]),
)
def test_a_day_closes_exactly_when_the_rule_says_so(
    first: int, second: int, reason: str, by: Approval | None
) -> None:
    with new_office() as world:
        shifts.open_shift(world.desk, BUDI)
        may = first == second >= 0 and (first == 0 or (reason != "" and by == leave()))
        try:
            close(world, PhysicalCount(first, second, 0), reason, by)
        except PolicyError:
            assert not may
            assert shifts.current(world.desk, BUDI) is not None
        else:
            assert may
            assert shifts.current(world.desk, BUDI) is None
