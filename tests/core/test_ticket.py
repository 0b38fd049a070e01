"""Ticket codes: what a scanner or a tired hand gives is one request's code, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core import ticket
from ktpel_desktop.core.errors import PolicyError

CODES = st.integers(0, 32**11 - 1).map(ticket.from_number)
PLACES = st.integers(0, ticket.LENGTH - 1)
OTHERS = st.sampled_from("IO01" + ".,;:/\\_+*#@!?\"'<>|~äÄéß€–²٣ａ\x00\x7f")


def refusal(text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        ticket.parse(text)
    return caught.value.code


def test_the_alphabet_has_thirty_two_characters_that_no_eye_confuses() -> None:
    assert len(set(ticket.ALPHABET)) == 32
    assert not set(ticket.ALPHABET) & set("IO01")


@given(CODES)
def test_a_code_from_a_number_is_read_back_as_itself(code: str) -> None:
    assert ticket.parse(code) == code
    assert len(code) == ticket.LENGTH


@given(st.integers(0, 32**11 - 1), st.integers(0, 32**11 - 1))
def test_two_numbers_never_share_a_code(one: int, other: int) -> None:
    assert (ticket.from_number(one) == ticket.from_number(other)) is (one == other)


@given(CODES, st.lists(st.tuples(PLACES, st.sampled_from(" -\t\n")), max_size=6))
def test_case_spaces_and_hyphens_do_not_matter(code: str, marks: list[tuple[int, str]]) -> None:
    typed = code.lower()
    for place, mark in marks:
        typed = typed[:place] + mark + typed[place:]
    assert ticket.parse(typed) == code


@given(CODES)
def test_every_single_wrong_character_is_caught(code: str) -> None:
    for place in range(ticket.LENGTH):
        for wrong in ticket.ALPHABET.replace(code[place], ""):
            assert refusal(code[:place] + wrong + code[place + 1 :]) == "ticket.check_character"


@given(CODES)
def test_swapped_neighbours_are_caught_but_for_one_known_pair(code: str) -> None:
    # Luhn mod N cannot tell the first character of the alphabet from the last when they stand side by side.
    blind = {ticket.ALPHABET[0], ticket.ALPHABET[-1]}
    for place in range(ticket.LENGTH - 1):
        pair = {code[place], code[place + 1]}
        if len(pair) == 2 and pair != blind:
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert refusal(swapped) == "ticket.check_character"


@given(CODES, PLACES, OTHERS)
def test_a_character_outside_the_alphabet_is_refused(code: str, place: int, other: str) -> None:
    assert refusal(code[:place] + other + code[place + 1 :]) == "ticket.malformed"


@given(CODES, st.integers(0, ticket.LENGTH - 1))
def test_a_code_cut_short_is_refused(code: str, length: int) -> None:
    assert refusal(code[:length]) == "ticket.malformed"


@given(CODES, st.sampled_from(ticket.ALPHABET))
def test_a_code_with_a_character_too_many_is_refused(code: str, more: str) -> None:
    assert refusal(code + more) == "ticket.malformed"


@given(st.text())
def test_any_text_is_a_code_or_a_refusal(text: str) -> None:
    try:
        found = ticket.parse(text)
    except PolicyError as error:
        found = error.code
    assert found in {"ticket.malformed", "ticket.check_character"} or ticket.parse(found) == found


def test_a_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(PolicyError) as caught:
        ticket.parse("3174050101900001")
    assert not caught.value.params


@given(CODES)
def test_a_code_in_fours_is_read_back(code: str) -> None:
    told = ticket.in_fours(code)
    assert [len(part) for part in told.split(" ")] == [4, 4, 4]
    assert ticket.parse(told) == code
