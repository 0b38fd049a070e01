"""The side ways of a file: waiting for blanks and for SIAK, documents, cards already in work."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.errors import GatewayError
from ktpel_desktop.core.records import RequestFilter
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.stock import Movement, MovementKind
from ktpel_desktop.services import intake, issuing, queries, verifying
from tests.services.office import (
    AGUS,
    BLANKS,
    BUDI,
    NIK,
    RATNA,
    SARI,
    World,
    nik,
    refused,
)


def empty_cabinet(world: World) -> None:
    with world.desk.unit(BUDI) as unit:
        unit.stock.add(Movement(MovementKind.RETURNED, BLANKS, "BA-9", unit.at, "budi"))


def fill_cabinet(world: World) -> None:
    with world.desk.unit(BUDI) as unit:
        unit.stock.add(Movement(MovementKind.RECEIVED, 5, "BA-10", unit.at, "budi"))


# ---------------------------------------------------------------- with a card in work


def with_card_in_work(world: World) -> Request:
    world.open_day()
    request = world.verified()
    issuing.reserve(world.desk, BUDI, request.id)
    return request


def test_a_request_with_a_card_in_work_stays_where_it_is(world: World) -> None:
    request = with_card_in_work(world)
    with refused("verifying.job_open"):
        verifying.decide_wait(world.desk, BUDI, request.id, "no_print_order")
    with refused("verifying.job_open"):
        verifying.decide_reject(world.desk, BUDI, request.id, ["deceased"])


# ---------------------------------------------------------------- blanks


def test_a_verified_file_waits_for_blanks_when_the_cabinet_is_empty(world: World) -> None:
    request = world.verified()
    empty_cabinet(world)
    decided = verifying.decide_wait(world.desk, BUDI, request.id, verifying.NO_BLANK)
    assert (decided.state, decided.reasons) == (RequestState.WAITING_BLANK, ("no_blank",))


def test_nobody_waits_for_blanks_that_are_there(world: World) -> None:
    request = world.verified()
    with refused("verifying.blanks_left") as error:
        verifying.decide_wait(world.desk, BUDI, request.id, verifying.NO_BLANK)
    assert error.value.params == {"left": BLANKS}


def test_a_file_goes_on_when_blanks_have_come(world: World) -> None:
    request = world.verified()
    empty_cabinet(world)
    verifying.decide_wait(world.desk, BUDI, request.id, verifying.NO_BLANK)
    with refused("verifying.no_blank"):
        verifying.blanks_arrived(world.desk, BUDI, request.id)
    fill_cabinet(world)
    assert verifying.blanks_arrived(world.desk, AGUS, request.id).state is RequestState.VERIFIED
    assert world.statuses(request.id)[-2:] == ["WAITING_BLANK", "VERIFIED"]


def test_only_a_file_that_waits_for_blanks_gets_one(world: World) -> None:
    request = world.verified()
    with refused("verifying.not_waiting"):
        verifying.blanks_arrived(world.desk, BUDI, request.id)


def test_the_counter_hands_out_no_blanks(world: World) -> None:
    request = world.verified()
    with refused("role.not_allowed"):
        verifying.blanks_arrived(world.desk, SARI, request.id)


# ---------------------------------------------------------------- asking SIAK again


def waiting(world: World) -> Request:
    request = world.claimed()
    return verifying.decide_wait(world.desk, BUDI, request.id, "SENT_FOR_ENROLLMENT")


def test_a_waiting_file_comes_back_when_it_can_be_printed(world: World) -> None:
    request = waiting(world)
    assert verifying.recheck(world.desk, AGUS, request.id).state is RequestState.WITH_OPERATOR
    assert world.statuses(request.id)[-1] == "WITH_OPERATOR"


def test_a_waiting_file_stays_while_it_cannot(world: World) -> None:
    request = waiting(world)
    world.siak.enrolment = "SENT_FOR_ENROLLMENT"
    assert verifying.recheck(world.desk, BUDI, request.id).state is RequestState.WAITING_SIAK
    assert world.events("verifying.rechecked") == [
        (request.id, {"enrolment": "SENT_FOR_ENROLLMENT", "printable": False})
    ]


def test_a_waiting_file_stays_while_siak_is_away(world: World) -> None:
    request = waiting(world)
    world.siak.down = True
    with pytest.raises(GatewayError):
        verifying.recheck(world.desk, BUDI, request.id)
    assert world.get(request.id).state is RequestState.WAITING_SIAK


def test_a_file_that_does_not_wait_is_not_asked_for(world: World) -> None:
    request = world.claimed()
    with refused("verifying.not_waiting"):
        verifying.recheck(world.desk, BUDI, request.id)


def test_a_file_in_a_colleagues_hand_is_not_asked_for(world: World) -> None:
    request = waiting(world)
    verifying.claim(world.desk, AGUS, request.id)
    with refused("request.claimed"):
        verifying.recheck(world.desk, BUDI, request.id)
    assert verifying.recheck(world.desk, AGUS, request.id).state is RequestState.WITH_OPERATOR


def test_the_counter_asks_siak_nothing(world: World) -> None:
    request = waiting(world)
    with refused("role.not_allowed"):
        verifying.recheck(world.desk, SARI, request.id)


def test_an_applicant_may_withdraw_while_siak_is_waited_for(world: World) -> None:
    request = waiting(world)
    assert intake.withdraw(world.desk, SARI, request.id, "moved_away").state is RequestState.CANCELLED


# ---------------------------------------------------------------- documents


def test_a_document_is_made_under_its_register_number(world: World) -> None:
    request = world.verified("KK-UBAH")
    made = verifying.make_document(world.desk, BUDI, request.id, " REG  42 ")
    assert (made.state, made.result, made.claim) == (RequestState.PRODUCED, "REG 42", None)
    assert world.statuses(request.id)[-1] == "PRODUCED"


@pytest.mark.parametrize("reference", ["", "  ", NIK.reveal(), "KK 3171 0120 0115 0007"])
def test_a_reference_is_no_number_of_a_resident(world: World, reference: str) -> None:
    request = world.verified("KK-UBAH")
    with refused("verifying.reference"):
        verifying.make_document(world.desk, BUDI, request.id, reference)


def test_a_card_is_never_a_document(world: World) -> None:
    request = world.verified("KTP-BARU")
    with refused("verifying.not_a_document"):
        verifying.make_document(world.desk, BUDI, request.id, "REG-1")


def test_a_document_needs_a_verified_file_in_hand(world: World) -> None:
    request = world.claimed("KK-UBAH")
    with refused("request.not_allowed"):
        verifying.make_document(world.desk, BUDI, request.id, "REG-1")
    verifying.release(world.desk, BUDI, request.id)
    with refused("verifying.claim_needed"):
        verifying.make_document(world.desk, BUDI, request.id, "REG-1")


def test_the_counter_makes_no_documents(world: World) -> None:
    request = world.verified("KK-UBAH")
    with refused("role.not_allowed"):
        verifying.make_document(world.desk, SARI, request.id, "REG-1")


def test_a_supervisor_may_do_an_operators_work(world: World) -> None:
    request = world.with_operator(resident=nik(3))
    verifying.claim(world.desk, RATNA, request.id)
    verifying.look_up(world.desk, RATNA, request.id)
    assert verifying.decide_complete(world.desk, RATNA, request.id).state is RequestState.VERIFIED
    held = queries.queue(world.desk, RATNA, RequestFilter(claimed_by="ratna"))
    assert [one.id for one in held] == [request.id]
