"""A result that cannot be handed over has an end: two persons take it back, and the resident gets another."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.devices.simulator.cards import Place
from ktpel_desktop.services import handing_over, intake, queries, reports, stock, verifying
from ktpel_desktop.services.handing_over import RESULT_REASONS, Withdrawal
from tests.services.honest import HonestOperator
from tests.services.office import (
    AGUS,
    BLANKS,
    BUDI,
    JOKO,
    NIK,
    RATNA,
    SARI,
    TONO,
    World,
    approved,
    nik,
    refused,
)
from tests.services.test_handing_over import HIMSELF, serial_of


def withdraw(world: World, request: Request, reason: str = "chip_mute", actor: Actor = BUDI) -> Withdrawal:
    leave = approved(Action.DESTROY_SPOILED, request.id, actor)
    return handing_over.withdraw_result(world.desk, actor, request.id, reason, leave)


def test_a_mute_card_ends_its_request_and_begins_another(day: World) -> None:
    request = day.at_counter()
    day.clock.advance(5)
    done = withdraw(day, request)
    assert (done.request.state, done.request.reasons) == (RequestState.CANCELLED, ("chip_mute",))
    assert day.statuses(request.id)[-1] == "CANCELLED"
    again = done.again
    assert again is not None
    assert again == day.get(again.id)
    assert (again.service, again.state) == ("KTP-RUSAK", RequestState.ACCEPTED)
    assert (again.nik, again.name, again.kk, again.phone) == (
        request.nik,
        request.name,
        request.kk,
        request.phone,
    )
    assert again.documents == {"KTP-RUSAK", "KK-SALINAN"}
    assert (again.accepted_by, again.accepted_at) == ("budi", day.clock.now())
    assert (again.result, again.reasons, again.claim) == ("", (), None)
    assert day.statuses(again.id) == ["ACCEPTED"]


def test_both_journals_name_the_other_and_the_card(day: World) -> None:
    request = day.at_counter()
    again = withdraw(day, request, "damaged").again
    assert again is not None
    assert day.events("result.withdrawn") == [
        (
            request.id,
            {"reason": "damaged", "product": "card", "job": f"{request.id}-1", "again": again.id},
        )
    ]
    assert day.events("intake.accepted_again") == [(again.id, {"of": request.id})]
    with day.desk.unit(BUDI) as unit:
        told = unit.events.of(request.id)[-3:]
    assert {event.approver for event in told if event.kind in ("result.withdrawn", "request.CANCELLED")} == {
        "ratna"
    }


def test_the_new_card_is_made_and_handed_over(day: World) -> None:
    request = day.at_counter()
    day.bench.reject(day.bench.card(serial_of(day, request)))
    again = withdraw(day, request).again
    assert again is not None
    day.siak.enrolment = "CARD_ISSUED"
    intake.hand_to_operator(day.desk, SARI, [again.id], "budi")
    verifying.claim(day.desk, BUDI, again.id)
    verifying.look_up(day.desk, BUDI, again.id)
    verifying.decide_complete(day.desk, BUDI, again.id)
    HonestOperator(day.bench).issue(day.desk, again.id)
    handing_over.hand_to_counter(day.desk, BUDI, [again.id], "sari")
    taken = handing_over.Collection("", "SENDIRI", "KTP-el", ("KTP-RUSAK",), Answer.YES, receipt_signed=True)
    assert handing_over.hand_over(day.desk, SARI, again.id, taken).state is RequestState.HANDED_OVER
    assert day.bench.card(serial_of(day, request)).place is Place.REJECT


def test_the_card_stays_issued_in_the_books_of_blanks(day: World) -> None:
    request = day.at_counter()
    before = stock.balance(day.desk, BUDI)
    withdraw(day, request)
    after = stock.balance(day.desk, BUDI)
    assert after == before
    assert (after.issued, after.spoiled, after.left) == (1, 0, BLANKS - 1)


@pytest.mark.parametrize("reason", RESULT_REASONS)
def test_the_report_counts_cards_to_be_destroyed(day: World, reason: str) -> None:
    withdraw(day, day.at_counter(), reason)
    report = reports.daily(day.desk, BUDI)
    assert (report.withdrawn, report.spoiled, report.issued) == ({reason: 1}, {}, 1)


def test_a_document_is_no_card_to_be_destroyed(day: World) -> None:
    request = day.at_counter("PINDAH")
    again = withdraw(day, request, "wrong_data").again
    assert again is not None
    assert (again.service, again.documents) == ("PINDAH", request.documents)
    assert reports.daily(day.desk, BUDI).withdrawn == {}
    with refused("handover.no_chip"):
        withdraw(day, day.at_counter("PINDAH", nik(2)))


def test_what_nobody_fetched_is_not_made_again(day: World) -> None:
    request = day.at_counter()
    assert withdraw(day, request, "not_fetched").again is None
    with day.desk.unit(BUDI) as unit:
        assert unit.requests.open_of(NIK) == []


def test_a_service_that_takes_an_old_card_still_takes_it(day: World) -> None:
    day.siak.enrolment = "CARD_ISSUED"
    request = day.at_counter("KTP-PINDAH")
    again = withdraw(day, request).again
    assert again is not None
    assert (again.service, again.documents) == ("KTP-PINDAH", request.documents)


def test_a_request_that_is_open_already_takes_its_place(day: World) -> None:
    request = day.at_counter()
    applied = day.accepted("KTP-RUSAK")
    again = withdraw(day, request).again
    assert again is not None
    assert again.id == applied.id
    assert day.events("intake.accepted_again") == []


def test_the_timeline_stops_at_the_counter(day: World) -> None:
    request = day.at_counter()
    withdraw(day, request)
    view = queries.request_view(day.desk, BUDI, request.id)
    assert view.timeline[6] == "stopped"
    assert view.next_actions == ()


def test_it_takes_two(day: World) -> None:
    request = day.at_counter()
    with refused("approval.missing"):
        handing_over.withdraw_result(day.desk, BUDI, request.id, "damaged", None)
    for leave in (
        approved(Action.REPRINT, request.id),
        approved(Action.DESTROY_SPOILED, "OTHER"),
        approved(Action.DESTROY_SPOILED, request.id, AGUS),
    ):
        with refused("approval.for_another"):
            handing_over.withdraw_result(day.desk, BUDI, request.id, "damaged", leave)
    assert day.get(request.id).state is RequestState.AT_COUNTER


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_the_counter_does_not_write_off_what_it_holds(day: World, actor: Actor) -> None:
    with refused("role.not_allowed"):
        withdraw(day, day.at_counter("PINDAH"), "damaged", actor)


def test_a_penyelia_may_take_it_back_with_another(day: World) -> None:
    request = day.at_counter("PINDAH")
    leave = approved(Action.DESTROY_SPOILED, request.id, RATNA, AGUS)
    done = handing_over.withdraw_result(day.desk, RATNA, request.id, "damaged", leave)
    assert done.request.ended


def test_the_reason_is_one_of_the_offices(day: World) -> None:
    request = day.at_counter("PINDAH")
    with refused("request.reason_unknown"):
        withdraw(day, request, "SITI tidak mau")


@pytest.mark.parametrize("state", ["accepted", "verified", "produced", "handed_over"])
def test_only_what_lies_at_the_counter_is_withdrawn(day: World, state: str) -> None:
    if state == "handed_over":
        request = day.at_counter("PINDAH")
        handing_over.hand_over(day.desk, SARI, request.id, HIMSELF)
    else:
        request = getattr(day, state)("PINDAH")
    with refused("request.not_allowed"):
        withdraw(day, request, "damaged")


def test_nothing_of_it_is_kept_when_a_part_fails(day: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request = day.at_counter()

    def fails(*_: object) -> None:
        raise PolicyError("request.exists")

    monkeypatch.setattr(handing_over, "accept_again", fails)
    with refused("request.exists"):
        withdraw(day, request)
    assert day.get(request.id) == request
    assert day.events("result.withdrawn") == []
