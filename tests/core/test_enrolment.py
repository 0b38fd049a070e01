"""Enrolment states and printing."""

from __future__ import annotations

import pytest

from ktpel_desktop import resource_files
from ktpel_desktop.core.enrolment import PRINT_AGAIN, TABLE, UNKNOWN_STATE, Enrolment, judge


def test_the_table_says_what_the_source_list_says() -> None:
    source = resource_files.enrolment_states()
    assert list(TABLE) == list(Enrolment) == list(source)
    for code, state in TABLE.items():
        assert state.code == code
        assert state.printing == source[code]["printable"]


@pytest.mark.parametrize(
    ("word", "first", "again"),
    [
        ("PRINT_READY_RECORD", True, True),
        ("CARD_ISSUED", False, True),
        ("CARD_PRINTED", False, True),
        ("SENT_FOR_CARD_PRINTING", False, False),
        ("SENT_FOR_ENROLLMENT", False, False),
        ("DUPLICATE_RECORD", False, False),
        ("A_STATE_OF_TOMORROW", False, False),
        ("", False, False),
    ],
)
def test_who_may_be_printed(word: str, first: bool, again: bool) -> None:
    assert judge(word, first=True).printable is first
    assert judge(word, first=False).printable is again


def test_advice() -> None:
    assert judge("CARD_ISSUED", first=True).advice == "CARD_ISSUED"
    assert judge("CARD_ISSUED", first=False).advice == PRINT_AGAIN
    assert judge("PRINT_READY_RECORD", first=False).advice == "PRINT_READY_RECORD"
    assert judge("SUDAH REKAM", first=True).advice == UNKNOWN_STATE
