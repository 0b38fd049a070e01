"""The states of a request, its moves, its claim, and what it shows of its resident."""

from dataclasses import replace

import pytest

from ktpel_desktop.core.nik import FamilyCardNumber, Nik
from ktpel_desktop.core.ports import Answer, CardFace
from ktpel_desktop.core.records import Handover, RequestFilter
from ktpel_desktop.core.request import ENDED, TRANSITIONS, Claim, Priority, Request, RequestState
from tests.core.lives import START, S, at, followers

NIK = "3174050101900001"
REQUEST = Request(
    id="23456789ABCD",
    number="A-012",
    service="KTP_BARU",
    nik=Nik(NIK),
    name="BUDI SANTOSO",
    accepted_at=START,
    accepted_by="rini",
    kk=FamilyCardNumber("3174050101200001"),
    phone="081234567890",
)

# ------------------------------------------------------------------ states


def test_every_state_can_be_reached() -> None:
    found, edge = {S.ACCEPTED}, [S.ACCEPTED]
    while edge:
        edge = [to for state in edge for to in followers(state) if to not in found]
        found |= set(edge)
    assert found == set(RequestState)


@pytest.mark.parametrize("state", sorted(set(RequestState) - ENDED))
def test_every_request_can_come_to_an_end(state: RequestState) -> None:
    found, edge = {state}, [state]
    while edge:
        edge = [to for origin in edge for to in followers(origin) if to not in found]
        found |= set(edge)
    assert found & ENDED


@pytest.mark.parametrize("state", sorted(ENDED))
def test_nothing_follows_an_end(state: RequestState) -> None:
    assert not followers(state)


def test_no_result_is_handed_over_without_the_counter_having_it() -> None:
    assert [origin for origin, to in TRANSITIONS if to is S.HANDED_OVER] == [S.AT_COUNTER]


def test_nothing_is_produced_that_was_not_verified() -> None:
    assert [origin for origin, to in TRANSITIONS if to is S.PRODUCED] == [S.VERIFIED]


def test_a_result_that_exists_goes_to_the_counter() -> None:
    assert followers(S.PRODUCED) == [S.AT_COUNTER]


def test_a_result_at_the_counter_is_handed_over_or_withdrawn() -> None:
    assert followers(S.AT_COUNTER) == [S.HANDED_OVER, S.CANCELLED]


@pytest.mark.parametrize("move", sorted(TRANSITIONS))
def test_every_move_says_what_it_means(move: tuple[RequestState, RequestState]) -> None:
    assert TRANSITIONS[move].strip()


@pytest.mark.parametrize("state", list(RequestState))
def test_a_request_has_ended_exactly_in_the_ended_states(state: RequestState) -> None:
    assert replace(REQUEST, state=state).ended is (state in ENDED)


def test_lawful_priorities_stand_beside_the_normal_one() -> None:
    assert set(Priority) - {Priority.NORMAL} == {"LANSIA", "DISABILITAS", "IBU_HAMIL", "DARURAT"}


# ------------------------------------------------------------------ claims


def claimed(by: str) -> Request:
    return replace(REQUEST, claim=Claim(by, at(30)))


def test_a_request_without_a_claim_is_nobodys() -> None:
    assert not REQUEST.claimed_by_other("sari", START)


def test_my_own_claim_does_not_keep_me_away() -> None:
    assert not claimed("sari").claimed_by_other("sari", START)


@pytest.mark.parametrize(("minutes", "kept_away"), [(0, True), (29, True), (30, False), (31, False)])
def test_anothers_claim_keeps_me_away_until_it_has_run_out(minutes: int, kept_away: bool) -> None:
    assert claimed("budi").claimed_by_other("sari", at(minutes)) is kept_away


def test_a_request_shows_nothing_of_its_resident() -> None:
    assert repr(REQUEST) == str(REQUEST) == "Request('23456789ABCD', KTP_BARU, ACCEPTED)"


@pytest.mark.parametrize(
    "holder",
    [
        RequestFilter(text=NIK),
        CardFace(b"BUDI", b"BUDI", 300),
        Handover(REQUEST.id, "BUDI", "pemohon", NIK, (), Answer.YES, START, "rini"),
    ],
)
def test_what_travels_with_a_request_shows_nothing_of_its_resident(holder: object) -> None:
    assert not any(secret in f"{holder!r} {holder}" for secret in (NIK, "BUDI"))
