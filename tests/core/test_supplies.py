"""Ribbon, rest and cleaning: what is told goes before what is counted, and counts are counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core import supplies
from ktpel_desktop.core.supplies import Printed, PrinterDiary, Ribbon, RibbonSource, Supplies, SuppliesPolicy

MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
POLICY = SuppliesPolicy()


def cards(count: int, first: int = 1, every: float = 1.0) -> tuple[Printed, ...]:
    return tuple(
        Printed(seq, MORNING + timedelta(minutes=every * seq)) for seq in range(first, first + count)
    )


def ribbons(*seqs: int) -> tuple[Ribbon, ...]:
    return tuple(Ribbon(seq, f"R-{seq}") for seq in seqs)


def judged(diary: PrinterDiary, policy: SuppliesPolicy = POLICY, **readings: str) -> Supplies:
    now = diary.printed[-1].at if diary.printed else MORNING
    return supplies.judge(policy, diary, readings, now, 7)


def test_without_a_word_and_a_ribbon_nobody_knows() -> None:
    told = judged(PrinterDiary(cards(50)))
    assert (told.ribbon_left, told.ribbon_source, told.ribbon_serial) == (None, RibbonSource.UNKNOWN, "")
    assert (told.measured_yield, told.warnings, told.blanks_left) == (200, (), 7)


def test_what_the_printer_tells_goes_before_what_is_counted() -> None:
    diary = PrinterDiary(cards(50), ribbons(0))
    assert (judged(diary).ribbon_left, judged(diary).ribbon_source) == (150, RibbonSource.COUNTED)
    told = judged(diary, ribbon_left="12", since_cleaning="1000")
    assert (told.ribbon_left, told.ribbon_source) == (12, RibbonSource.PRINTER)
    assert (told.cleaning_due, told.warnings) == (True, ("printer.ribbon_low", "printer.cleaning_due"))


def test_a_printer_that_tells_what_a_ribbon_gave_is_held_against_what_ribbons_give_here() -> None:
    """The maker says 200; the last ribbon of this office gave 126."""
    told = judged(PrinterDiary(cards(127), ribbons(0, 127)), ribbon_used="110")
    assert (told.ribbon_left, told.ribbon_source, told.warnings[0]) == (
        16,
        RibbonSource.PRINTER,
        "printer.ribbon_low",
    )
    assert judged(PrinterDiary(), ribbon_used="250").ribbon_left == 0


@pytest.mark.parametrize("odd", ["", "-3", "1.5", "banyak", "²"])
def test_a_reading_that_is_no_count_tells_nothing(odd: str) -> None:
    assert judged(PrinterDiary((), ribbons(0)), ribbon_left=odd).ribbon_source is RibbonSource.COUNTED


def test_the_yield_of_lombok_barat_is_measured() -> None:
    """125 to 127 cards from a ribbon rated for 200 (domain.md 7)."""
    diary = PrinterDiary(cards(126 + 1 + 125 + 1 + 110), ribbons(0, 127, 253))
    told = judged(diary)
    assert told.measured_yield == 125
    assert (told.ribbon_left, told.warnings) == (15, ("printer.ribbon_low", "printer.rest_due"))


def test_a_ribbon_put_in_twice_gave_nothing_and_is_no_measure() -> None:
    assert judged(PrinterDiary(cards(10, first=3), ribbons(1, 2))).measured_yield == 200


def test_what_the_box_says_counts_until_the_first_ribbon_has_ended() -> None:
    diary = PrinterDiary(cards(10), (Ribbon(0, "R", 250),))
    assert (judged(diary).measured_yield, judged(diary).ribbon_left) == (250, 240)


def test_a_pause_as_long_as_a_rest_is_one() -> None:
    before, after = cards(99), cards(5, first=140)
    assert supplies.since_rest(POLICY, PrinterDiary((*before, *after)), after[-1].at) == 5
    assert supplies.since_rest(POLICY, PrinterDiary(before), before[-1].at + timedelta(minutes=29)) == 99
    assert supplies.since_rest(POLICY, PrinterDiary(before), before[-1].at + timedelta(minutes=30)) == 0


def test_a_hundred_cards_in_a_row_ask_for_a_rest_and_get_one() -> None:
    assert not judged(PrinterDiary(cards(99))).rest_due
    assert judged(PrinterDiary(cards(100))).warnings == ("printer.rest_due",)
    assert judged(PrinterDiary(cards(100), rested=100)).cards_since_rest == 1


def test_a_cleaning_noted_here_goes_before_an_older_figure_in_the_settings() -> None:
    diary = PrinterDiary(cards(30), cleaned=20)
    assert judged(diary, since_cleaning="1500").cards_since_cleaning == 10
    assert judged(diary, since_cleaning="4").cards_since_cleaning == 4
    assert judged(PrinterDiary(cards(30)), since_cleaning="1500").cards_since_cleaning == 1500
    assert judged(PrinterDiary(cards(30))).cards_since_cleaning == 30


@given(
    st.lists(st.sampled_from(["card", "ribbon", "rest", "clean"]), max_size=80),
    st.integers(1, 50),
    st.integers(0, 40),
)
def test_counts_are_those_of_a_plain_walk(acts: Sequence[str], prints: int, low: int) -> None:
    policy = SuppliesPolicy(ribbon_prints=prints, ribbon_low=low, rest_after=5, cleaning_every=9)
    since = {"ribbon": 0, "rest": 0, "clean": 0}
    given_by: list[int] = []
    seen: set[str] = set()
    for act in acts:
        if act == "card":
            since = {name: count + 1 for name, count in since.items()}
            continue
        if act == "ribbon" and "ribbon" in seen and since["ribbon"]:
            given_by.append(since["ribbon"])
        since[act] = 0
        seen.add(act)
    places = {name: [seq for seq, act in enumerate(acts) if act == name] for name in (*since, "card")}
    diary = PrinterDiary(
        tuple(Printed(seq, MORNING + timedelta(minutes=seq / 10)) for seq in places["card"]),
        ribbons(*places["ribbon"]),
        places["rest"][-1] if places["rest"] else None,
        places["clean"][-1] if places["clean"] else None,
    )
    told = judged(diary, policy)
    last = sorted(given_by[-supplies.RIBBONS_MEASURED :])
    assert told.measured_yield == (last[(len(last) - 1) // 2] if last else prints)
    assert (told.cards_since_rest, told.cards_since_cleaning) == (since["rest"], since["clean"])
    assert (told.rest_due, told.cleaning_due) == (since["rest"] >= 5, since["clean"] >= 9)
    left = max(0, told.measured_yield - since["ribbon"]) if places["ribbon"] else None
    assert told.ribbon_left == left
    assert ("printer.ribbon_low" in told.warnings) == (left is not None and left <= low)


def test_a_film_is_counted_where_the_printer_has_one() -> None:
    policy, printed = SuppliesPolicy(film_prints=500), cards(4, first=10)
    unknown = judged(PrinterDiary(printed), policy)
    assert (unknown.film_left, unknown.film_source) == (None, RibbonSource.UNKNOWN)
    new = judged(PrinterDiary(printed, film=Ribbon(9)), policy)
    assert (new.film_left, new.film_source) == (496, RibbonSource.COUNTED)
    low = judged(PrinterDiary(printed, film=Ribbon(9, "F", 20)), policy)
    assert "printer.film_low" in low.warnings
    told = judged(PrinterDiary(), film_left="77")
    assert (told.film_left, told.film_source) == (77, RibbonSource.PRINTER)
    assert judged(PrinterDiary(printed)).film_source is None
