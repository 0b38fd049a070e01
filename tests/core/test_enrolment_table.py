"""The enrolment table in the code says what the data says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ktpel_desktop.core import enrolment
from ktpel_desktop.core.enrolment import TABLE, Enrolment

DATA = Path(__file__).parents[2] / "resources" / "data" / "enrolment_states.csv"
ROWS = list(csv.DictReader(DATA.read_text(encoding="utf-8").splitlines()))


def test_the_table_is_the_data_in_its_order() -> None:
    told = [(code, state.printing.value) for code, state in TABLE.items()]
    assert told == [(row["state"], row["printable"]) for row in ROWS]
    assert [state.value for state in Enrolment] == [row["state"] for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["state"])
def test_a_first_card_needs_the_state_that_says_yes(row: dict[str, str]) -> None:
    verdict = enrolment.judge(row["state"], first=True)
    assert verdict.printable is (row["printable"] == "yes")
    assert verdict.advice == row["state"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["state"])
def test_a_further_card_may_also_follow_a_printed_one(row: dict[str, str]) -> None:
    verdict = enrolment.judge(row["state"], first=False)
    assert verdict.printable is (row["printable"] in {"yes", "done"})
    again = row["printable"] == "done"
    assert verdict.advice == (enrolment.PRINT_AGAIN if again else row["state"])


@pytest.mark.parametrize("first", [True, False])
def test_a_word_of_tomorrow_is_never_printed(first: bool) -> None:
    verdict = enrolment.judge("SUDAH REKAM", first=first)
    assert (verdict.printable, verdict.advice) == (False, enrolment.UNKNOWN_STATE)
