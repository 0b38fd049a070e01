"""Cards held for destruction: H1 = H0 + X + W - D, and what a deed needs to be evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.destruction import (
    LEAST_WITNESSES,
    LONGEST,
    Cause,
    Deed,
    Destruction,
    HeldBalance,
    HeldCard,
    Witness,
    approval_subject,
    check_deed,
    subject,
    tidied,
)
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import SpoilReason
from ktpel_desktop.core.spoiled import DESTROYABLE, spoil_class

WIB = timezone(timedelta(hours=7))
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HALIM, WATI = Witness("Halim Perdana", "Satpol PP"), Witness("Wati Lestari", "Kelurahan")
DEED = Deed("Halaman kantor", "Pembakaran", ("Budi Santoso",), (HALIM, WATI))


def verdict(deed: Deed, responsible: tuple[str, ...] = ("Ratna",)) -> str | None:
    try:
        check_deed(tidied(deed), responsible)
    except PolicyError as error:
        return error.code
    return None


# ---------------------------------------------------------------- the equation


@given(st.lists(st.sampled_from(["spoiled", "withdrawn", "destroyed", "night"]), max_size=60))
def test_the_equation_counts_what_lies_in_the_locked_place(happened: list[str]) -> None:
    place: set[int] = set()
    day = HeldBalance(0, 0, 0, 0)
    for number, what in enumerate(happened):
        if what == "night":
            day = HeldBalance(day.held, 0, 0, 0)
        elif what == "destroyed":
            if place:
                place.pop()
                day = replace(day, destroyed=day.destroyed + 1)
        else:
            place.add(number)
            day = replace(day, **{what: getattr(day, what) + 1})
        assert day.held == len(place)


@given(*[st.integers(0, 10_000)] * 4)
def test_both_sides_of_the_equation_are_equal(before: int, spoiled: int, withdrawn: int, burnt: int) -> None:
    found = HeldBalance(before, spoiled, withdrawn, burnt)
    assert found.held + found.destroyed == before + spoiled + withdrawn


def test_every_spoiled_card_has_a_cause_but_the_one_that_is_lost() -> None:
    held = {reason for reason in SpoilReason if spoil_class(reason) in DESTROYABLE}
    assert held == set(SpoilReason) - {SpoilReason.MISSING}
    assert {spoil_class(reason).value for reason in held} < set(Cause)


def test_a_card_is_overdue_from_midnight_in_the_office_on() -> None:
    card = HeldCard("T-1", "T", Cause.DAMAGED, datetime(2026, 11, 23, 16, 59, tzinfo=UTC))
    assert not card.overdue(card.since, WIB)
    assert card.overdue(card.since + timedelta(minutes=1), WIB)
    assert not card.overdue(card.since + timedelta(minutes=1), UTC)


# ---------------------------------------------------------------- numbers and leave


def test_the_number_of_the_minutes() -> None:
    assert Destruction(9, 2026, 3, AT, "budi", "ratna", DEED, 1).title == "3/BA-MUSNAH/2026"
    assert subject(2026, 3) == "musnah-2026-3"


@given(st.sets(st.text("AB-1/", min_size=1), max_size=5), st.sets(st.text("AB-1/", min_size=1), max_size=5))
def test_leave_is_for_a_set_of_cards(some: set[str], others: set[str]) -> None:
    assert (approval_subject(some) == approval_subject(others)) is (some == others)
    assert approval_subject(sorted(some, reverse=True)) == approval_subject(some)


# ---------------------------------------------------------------- the deed


def test_a_deed_of_two_witnesses_is_evidence() -> None:
    assert verdict(DEED) is None
    assert LEAST_WITNESSES == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"place": " \t"}, "destruction.place_missing"),
        ({"way": ""}, "destruction.way_missing"),
        ({"executors": ("", "  ")}, "destruction.executor_missing"),
        ({"witnesses": ()}, "destruction.witnesses_missing"),
        ({"witnesses": (HALIM, Witness("", " "))}, "destruction.witnesses_missing"),
        ({"witnesses": (HALIM, Witness("Wati", " "))}, "destruction.witness_incomplete"),
        ({"witnesses": (HALIM, Witness("", "Kelurahan"))}, "destruction.witness_incomplete"),
        ({"witnesses": (HALIM, Witness("HALIM  perdana", "Polsek"))}, "destruction.person_twice"),
        ({"executors": ("Budi", "budi")}, "destruction.person_twice"),
        ({"witnesses": (HALIM, Witness("budi  santoso", "Satpel"))}, "destruction.witness_involved"),
        ({"witnesses": (HALIM, Witness("ratna", "Satpel"))}, "destruction.witness_involved"),
        ({"place": "x" * (LONGEST + 1)}, "destruction.too_long"),
        ({"witnesses": (HALIM, Witness("Wati", "x" * (LONGEST + 1)))}, "destruction.too_long"),
    ],
)
def test_a_deed_that_proves_nothing_is_refused(change: dict[str, object], code: str) -> None:
    assert verdict(replace(DEED, **change)) == code  # type: ignore[arg-type]


def test_who_asked_may_have_destroyed_it() -> None:
    assert verdict(DEED, ("Budi Santoso", "Ratna")) is None


def test_a_deed_is_kept_tidy_and_without_a_nik() -> None:
    found = tidied(
        Deed(
            "  Halaman   kantor ",
            "Pembakaran",
            (" Budi  Santoso ", ""),
            (HALIM, Witness("Wati 3174041501900001", " Kelurahan"), Witness("", "")),
        )
    )
    assert (found.place, found.executors, len(found.witnesses)) == ("Halaman kantor", ("Budi Santoso",), 2)
    assert "150190" not in found.witnesses[1].name
    assert found.witnesses[1].office == "Kelurahan"


@pytest.mark.parametrize("one", [HALIM, DEED, Destruction(9, 2026, 3, AT, "budi", "ratna", DEED, 1)])
def test_no_log_names_the_people(one: object) -> None:
    assert "Halim" not in repr(one)
