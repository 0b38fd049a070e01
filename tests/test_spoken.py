"""Codes in words, where there is a word and where there is none."""

from datetime import date

import pytest

from ktpel_desktop import spoken


def test_a_code_has_its_word_and_one_without_is_made_readable() -> None:
    assert spoken.word("request_state", "ACCEPTED") == "Diterima loket"
    assert spoken.word("request_state", "NOT_KNOWN") == "NOT KNOWN"
    assert spoken.word("no_such_table", "a.code_of_ours") == "a: code of ours"


def test_counts_keep_their_order_under_the_words_of_their_codes() -> None:
    assert spoken.named({"ACCEPTED": 2, "NOT_KNOWN": 0}, "request_state") == [
        ("Diterima loket", 2),
        ("NOT KNOWN", 0),
    ]


@pytest.mark.parametrize("typed", ["23/11/2026", " 23-11-2026 ", "2026-11-23"])
def test_a_day_is_read_as_people_and_programs_write_it(typed: str) -> None:
    assert spoken.typed_day(typed) == date(2026, 11, 23)


@pytest.mark.parametrize("typed", ["", "31/02/2026", "11/23/2026", "besok", "2026", "23/11-2026"])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert spoken.typed_day(typed) is None
