"""What is left of the consumables, how long it lasts, and that a ribbon put in leaves the store."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.consumables import Consumption
from ktpel_desktop.core.forecast import DAYS, LEAST_DAYS, Forecast, days_left
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.stock import MovementKind
from ktpel_desktop.services import consumables, outbox, reports, stock, supplies
from ktpel_desktop.services.consumables import Level
from tests.services.office import BLANKS, BUDI, JOKO, RATNA, SARI, TONO, World, approved, nik, refused
from tests.services.test_reports import close


def level(world: World, code: str) -> Level:
    return next(one for one in consumables.levels(world.desk, RATNA) if one.consumable.code == code)


def worked(world: World, days: int, cards: int = 2) -> None:
    """So many closed days, each with so many cards."""
    for day in range(days):
        for card in range(cards):
            world.reporting(nik(day * 10 + card))
            outbox.deliver(world.desk, BUDI)
        close(world)
        world.clock.moment += timedelta(days=1)
        world.open_day()


# ---------------------------------------------------------------- levels


def test_every_item_of_the_list_is_told_in_its_order(world: World) -> None:
    found = consumables.levels(world.desk, RATNA)
    assert [one.consumable for one in found] == list(world.desk.consumables)
    assert {one.left for one in found} == {0}
    assert all(one.low for one in found)


def test_what_is_left_and_whether_to_order(world: World) -> None:
    stock.receive(world.desk, BUDI, 3, "BAST-1", item="pita")
    assert (level(world, "pita").left, level(world, "pita").low) == (3, False)
    stock.take_out(world.desk, BUDI, MovementKind.LOST, 1, "sobek", item="pita")
    assert (level(world, "pita").left, level(world, "pita").low) == (2, True)
    assert level(world, "film").left == 0


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_the_store_is_the_print_rooms(world: World, actor: Actor) -> None:
    with refused("role.not_allowed"):
        consumables.levels(world.desk, actor)
    with refused("role.not_allowed"):
        consumables.blanks_last(world.desk, actor)


# ---------------------------------------------------------------- a ribbon leaves the store


def test_a_ribbon_put_into_the_printer_leaves_the_store(world: World) -> None:
    stock.receive(world.desk, BUDI, 2, "BAST-1", item="pita")
    supplies.ribbon_changed(world.desk, BUDI, "R-77")
    assert level(world, "pita").left == 1
    assert level(world, "film").left == 0
    ((subject, said),) = world.events("stock.PAKAI")
    assert (subject, said["quantity"], said["document"]) == ("pita", 1, "dipasang R-77")


def test_a_film_put_into_the_printer_leaves_the_store(world: World) -> None:
    stock.receive(world.desk, BUDI, 2, "BAST-1", item="film")
    supplies.film_changed(world.desk, BUDI, "F-1")
    assert (level(world, "film").left, level(world, "pita").left) == (1, 0)


def test_a_ribbon_of_which_the_store_knows_nothing_is_put_in_all_the_same(world: World) -> None:
    supplies.ribbon_changed(world.desk, BUDI, "R-77")
    supplies.film_changed(world.desk, BUDI, "F-1")
    assert world.events("stock.PAKAI") == []
    assert len(world.events("ribbon.changed")) == 1


# ---------------------------------------------------------------- forecast


def test_blanks_last_by_the_median_of_the_offices_own_days(day: World) -> None:
    assert consumables.blanks_last(day.desk, BUDI) == Forecast(None, 0)
    worked(day, LEAST_DAYS)
    left = BLANKS - 2 * LEAST_DAYS
    assert consumables.blanks_last(day.desk, BUDI) == Forecast(left // 2, LEAST_DAYS)
    day.reporting(nik(90))
    outbox.deliver(day.desk, BUDI)  # the day that runs says nothing yet
    assert consumables.blanks_last(day.desk, BUDI) == Forecast((left - 1) // 2, LEAST_DAYS)


def test_ribbons_last_by_the_cards_that_they_give(day: World) -> None:
    stock.receive(day.desk, BUDI, 2, "BAST-1", item="pita")
    worked(day, LEAST_DAYS)
    each = day.desk.supplies.ribbon_prints
    assert level(day, "pita").forecast == Forecast(2 * each // 2, LEAST_DAYS)


def test_other_items_last_by_what_was_used(day: World) -> None:
    stock.receive(day.desk, BUDI, 9, "BAST-1", item="struk")
    stock.take_out(day.desk, BUDI, MovementKind.USED, 3, "loket", item="struk")
    worked(day, LEAST_DAYS, cards=0)
    assert level(day, "struk").forecast == Forecast(6, LEAST_DAYS)


@given(st.integers(0, 5000), st.lists(st.integers(0, 99), max_size=2 * DAYS))
def test_nothing_is_said_of_too_few_days_or_of_none_used(left: int, used: list[int]) -> None:
    found = days_left(left, used)
    assert found.basis == min(len(used), DAYS)
    looked = sorted(used[-DAYS:])
    if len(looked) < LEAST_DAYS or not any(looked[len(looked) // 2 :]):
        assert found.days is None
    if found.days is not None:
        assert 0 <= found.days <= 2 * left


# ---------------------------------------------------------------- the day's report


def test_the_report_tells_what_was_there_came_and_went(day: World) -> None:
    stock.receive(day.desk, BUDI, 5, "BAST-1", item="pita")
    stock.take_out(day.desk, BUDI, MovementKind.USED, 1, "dipasang", item="pita")
    assert reports.daily(day.desk, BUDI).consumables == (
        Consumption("pita", "Pita pencetak kartu", "gulung", 0, 5, 1),
    )
    close(day)
    day.open_day()
    stock.loan(day.desk, BUDI, MovementKind.LENT, 2, "BAST-P1", "Kelurahan Senen", item="pita")
    stock.receive(day.desk, BUDI, 1, "BAST-2", item="toner")
    assert reports.daily(day.desk, BUDI).consumables == (
        Consumption("pita", "Pita pencetak kartu", "gulung", 4, 0, 2),
        Consumption("toner", "Toner printer laser", "buah", 0, 1, 0),
    )
    assert reports.daily(day.desk, BUDI, 1).consumables[0].left == 4
    assert reports.daily(day.desk, BUDI).balance.left == BLANKS


def test_a_correction_comes_or_goes_by_its_sign_and_two_do_not_cancel(day: World) -> None:
    stock.receive(day.desk, BUDI, 5, "BAST-1", item="pita")
    close(day)
    day.open_day()
    for quantity in (3, -3):
        approval = approved(Action.STOCK_CORRECTION, "pita")
        stock.correct(day.desk, BUDI, quantity, "hitung ulang", approval, item="pita")
    (found,) = reports.daily(day.desk, BUDI).consumables
    assert (found.opening, found.came, found.went, found.left) == (5, 3, 3, 5)
