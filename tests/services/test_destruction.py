"""Cards are held until two persons destroy them before witnesses; each once, with numbered minutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ktpel_desktop.core.destruction import (
    OF_OLD_CARD,
    OF_RESULT,
    Cause,
    HeldBalance,
    Witness,
    approval_subject,
    old_card,
)
from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.issuance import SpoilReason
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.stock import PhysicalCount
from ktpel_desktop.services import destruction, issuing, shifts, stock
from ktpel_desktop.services.handing_over import RESULT_REASONS
from ktpel_desktop.services.replay import Replay, watched
from tests.services import office
from tests.services.held_cards import DEED, HALIM, WATI, destroy, given_up, spoiled, taken_back
from tests.services.office import AGUS, BUDI, JOKO, NAME, RATNA, SARI, TONO, World, approved, nik, refused


def held(day: World) -> dict[str, Cause]:
    return {line.card.id: line.card.cause for line in destruction.held(day.desk, BUDI)}


def balance(day: World, shift: int = 1) -> HeldBalance:
    """The equation as the chain tells it."""
    replay = Replay(shift)
    with day.desk.unit(BUDI) as unit:
        list(watched(unit.events.all(), replay))
    return replay.day.invalid


# ---------------------------------------------------------------- what is held


def test_a_spoiled_card_is_held_with_its_cause_and_chip(day: World) -> None:
    card = spoiled(day, SpoilReason.PRINT_FAILED)
    (line,) = destruction.held(day.desk, BUDI)
    assert (line.card.id, line.card.cause, line.card.since) == (card, Cause.PRINT_FAILED, day.clock.now())
    assert line.card.chip_serial == day.job(card).chip_serial
    assert (line.number, line.nik_masked, line.overdue) == ("A-001", nik(1).masked, False)
    assert not set(NAME.split()) & set(line.name_masked.split())
    assert "SITI" not in repr(line)


def test_a_lost_card_is_held_by_nobody(day: World) -> None:
    spoiled(day, SpoilReason.MISSING)
    assert held(day) == {}
    assert balance(day) == HeldBalance(0, 0, 0, 0)


@pytest.mark.parametrize("reason", RESULT_REASONS)
def test_a_card_taken_back_at_the_counter_is_held(day: World, reason: str) -> None:
    card = taken_back(day, reason)
    assert held(day) == {card: OF_RESULT[reason]}


@pytest.mark.parametrize(
    ("service", "code"), [("KTP-UBAH", "KTP-LAMA"), ("KTP-RUSAK", "KTP-RUSAK"), ("AKTA-MATI", "KTP-ALMARHUM")]
)
def test_an_old_card_given_up_at_handover_is_held(day: World, service: str, code: str) -> None:
    request = given_up(day, service)
    (line,) = destruction.held(day.desk, BUDI)
    assert (line.card.id, line.card.cause) == (old_card(request, code), OF_OLD_CARD[code])
    assert (line.card.request_id, line.card.chip_serial) == (request, None)


def test_a_lost_old_card_and_a_paper_are_not_held(day: World) -> None:
    given_up(day, lost=True)
    given_up(day, "KK-UBAH", nik(4))
    assert held(day) == {}
    assert balance(day) == HeldBalance(0, 0, 0, 0)


def test_every_card_and_every_reason_of_the_office_has_its_cause(day: World) -> None:
    codes = {item.code for service in day.desk.catalogue for item in service.withdrawn}
    assert set(OF_OLD_CARD) == {code for code in codes if code.startswith("KTP-")}
    assert set(OF_RESULT) == set(RESULT_REASONS)


def test_the_longest_held_comes_first_and_a_night_is_too_long(day: World) -> None:
    begun_before = day.encoded(nik(8))
    first = spoiled(day)
    day.clock.moment = datetime(2026, 11, 23, 16, 59, tzinfo=UTC)  # 23.59 WIB
    assert not destruction.held(day.desk, BUDI)[0].overdue
    day.clock.advance(1)
    assert destruction.held(day.desk, BUDI)[0].overdue
    second = given_up(day, "AKTA-MATI")
    issuing.spoil(day.desk, BUDI, begun_before.id, SpoilReason.DAMAGED)
    assert next(iter(held(day))) == first
    assert set(held(day)) == {first, begun_before.id, old_card(second, "KTP-ALMARHUM")}
    assert destruction.count_held(day.desk, BUDI) == 3


# ---------------------------------------------------------------- destroying


def test_all_held_cards_are_destroyed_by_default_and_held_no_more(day: World) -> None:
    cards = [spoiled(day), taken_back(day), old_card(given_up(day), "KTP-LAMA")]
    made = destroy(day)
    assert (made.title, made.cards, made.by, made.approver) == ("1/BA-MUSNAH/2026", 3, "budi", "ratna")
    assert (made.deed, made.at) == (DEED, day.clock.now())
    assert held(day) == {}
    with day.desk.unit(BUDI) as unit:
        assert [card.id for card in unit.destructions.cards(made.id)] == cards
    assert destruction.recorded(day.desk, RATNA) == (made,)


def test_the_journal_names_cards_and_nobody(day: World) -> None:
    card = spoiled(day)
    made = destroy(day)
    assert day.events("cards.destroyed") == [("musnah-2026-1", {"cards": [card]})]
    with day.desk.unit(BUDI) as unit:
        (event,) = unit.events.of("musnah-2026-1")
    assert (event.seq, event.actor, event.approver) == (made.id, "budi", "ratna")


def test_chosen_cards_only(day: World) -> None:
    first, second = spoiled(day), taken_back(day)
    destroy(day, [second])
    assert list(held(day)) == [first]


def test_a_card_is_destroyed_once(day: World) -> None:
    card = spoiled(day)
    destroy(day, [card])
    with refused("destruction.not_held"):
        destroy(day, [card])
    with refused("destruction.nothing"):
        destroy(day)
    with refused("destruction.nothing"):
        destroy(day, [])
    assert len(destruction.recorded(day.desk, BUDI)) == 1


def test_an_open_or_handed_over_card_is_not_destroyed(day: World) -> None:
    job = day.encoded()
    with refused("destruction.not_held"):
        destroy(day, [job.id])


def test_numbers_count_without_gaps_in_the_year_of_the_office(day: World) -> None:
    for number in (1, 2):
        spoiled(day, resident=nik(number))
        assert destroy(day).title == f"{number}/BA-MUSNAH/2026"
    card = spoiled(day, resident=nik(3))
    with refused("destruction.witnesses_missing"):
        destroy(day, deed=replace(DEED, witnesses=(HALIM,)))
    assert destroy(day, [card]).number == 3
    spoiled(day, resident=nik(4))
    day.clock.moment = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # midnight in Jakarta
    assert destroy(day).title == "1/BA-MUSNAH/2027"


def test_leave_is_for_these_cards_and_no_others(day: World) -> None:
    card, other = spoiled(day), taken_back(day)
    with refused("approval.missing"):
        destruction.destroy(day.desk, BUDI, DEED, None)
    for leave in (
        approved(Action.DESTROY_SPOILED, approval_subject([card])),
        approved(Action.REPRINT, approval_subject([card, other])),
        approved(Action.DESTROY_SPOILED, approval_subject([card, other]), AGUS),
    ):
        with refused("approval.for_another"):
            destruction.destroy(day.desk, BUDI, DEED, leave)
    assert approval_subject([other, card]) == approval_subject([card, other])
    assert len(held(day)) == 2


def test_neither_who_asks_nor_who_approves_is_a_witness(day: World) -> None:
    card = spoiled(day)
    for name in (BUDI.name, RATNA.name.upper()):
        with refused("destruction.witness_involved"):
            destroy(
                day, [card], replace(DEED, executors=("Agus",), witnesses=(HALIM, Witness(name, "Satpel")))
            )


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_who_may_not(day: World, actor: Actor) -> None:
    spoiled(day)
    made = destroy(day)
    with refused("role.not_allowed"):
        destroy(day, [], actor=actor)
    for read in (destruction.held, destruction.recorded, destruction.count_held):
        with refused("role.not_allowed"):
            read(day.desk, actor)
    for act in (destruction.sheet, destruction.pdf, destruction.print_out):
        with refused("role.not_allowed"):
            act(day.desk, actor, made.id)


# ---------------------------------------------------------------- minutes


def test_the_minutes_name_people_and_mask_residents(day: World) -> None:
    card = spoiled(day, SpoilReason.ENCODE_FAILED)
    request = given_up(day)
    told = destruction.sheet(day.desk, BUDI, destroy(day).id)
    assert (told.title, told.recorder, told.approver) == ("1/BA-MUSNAH/2026", BUDI.name, RATNA.name)
    assert (told.deed.witnesses, told.copy, told.training) == ((HALIM, WATI), 0, True)
    made, old = told.cards
    assert (made.cause, made.chip_serial) == (Cause.ENCODE_FAILED, day.job(card).chip_serial)
    assert (old.ticket, old.chip_serial, old.nik_masked) == (request, "", nik(3).masked)
    assert not set(NAME.split()) & set(made.name_masked.split())
    with refused("destruction.unknown"):
        destruction.sheet(day.desk, BUDI, 1)


def test_each_further_print_is_a_numbered_copy_with_its_digest(day: World) -> None:
    spoiled(day)
    made = destroy(day)
    papers = [destruction.print_out(day.desk, BUDI, made.id) for _ in range(2)]
    assert papers[0] != papers[1]
    told = day.events(destruction.PRINTED)
    assert [(subject, data["copy"]) for subject, data in told] == [("musnah-2026-1", 0), ("musnah-2026-1", 1)]
    assert len({data["digest"] for _, data in told}) == 2
    day.bench.faults.script("page_off")
    with pytest.raises(DeviceError):
        destruction.print_out(day.desk, BUDI, made.id)
    assert destruction.sheet(day.desk, BUDI, made.id).copy == 2


# ---------------------------------------------------------------- the equation of the day


def test_each_day_tells_what_was_held_before_came_went_and_is_left(day: World) -> None:
    first = spoiled(day)
    taken_back(day)
    given_up(day)
    destroy(day, [first])
    assert balance(day) == HeldBalance(before=0, spoiled=1, withdrawn=2, destroyed=1)
    left = stock.balance(day.desk, BUDI).left
    shifts.close(day.desk, BUDI, PhysicalCount(left, left, left), second_counter=AGUS.username)
    day.clock.advance(timedelta(days=1).total_seconds() / 60)
    day.open_day()
    destroy(day)
    assert balance(day, 1).held == 2
    assert balance(day, 2) == HeldBalance(before=2, spoiled=0, withdrawn=0, destroyed=2)


ACTS = st.lists(
    st.sampled_from(["spoil", "lose", "take back", "give up", "destroy one", "destroy all"]), max_size=7
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_the_chain_and_the_rows_agree_whatever_happened(
    office_template: Path, tmp_path_factory: pytest.TempPathFactory, acts: list[str]
) -> None:
    day = office.copy(office_template, tmp_path_factory.mktemp("acts"))
    try:
        day.open_day()
        for number, act in enumerate(acts, 1):
            cards = list(held(day))
            if act == "spoil":
                spoiled(day, resident=nik(number))
            elif act == "lose":
                spoiled(day, SpoilReason.MISSING, nik(number))
            elif act == "take back":
                taken_back(day, resident=nik(number))
            elif act == "give up":
                given_up(day, resident=nik(number))
            elif cards:
                destroy(day, cards[:1] if act == "destroy one" else None)
            found = balance(day)
            assert found.held == len(held(day))
            assert found.destroyed == sum(one.cards for one in destruction.recorded(day.desk, BUDI))
    finally:
        day.store.close()
