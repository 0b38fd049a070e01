"""The operator's table: claims, look-up and comparison, decisions, waiting."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ktpel_desktop.core.errors import GatewayError
from ktpel_desktop.core.flows_room import INCOMPLETE_REASONS, REJECT_REASONS, WAITING_REASONS
from ktpel_desktop.core.nik import NikFinding
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import intake, verifying
from tests.services.office import (
    AGUS,
    BIODATA,
    BUDI,
    JOKO,
    KK,
    NAME,
    SARI,
    TONO,
    World,
    approved,
    refused,
)

OTHERS = [SARI, JOKO, TONO]


# ---------------------------------------------------------------- claims


def test_a_claim_is_a_lease_for_the_offices_time(world: World) -> None:
    request = world.claimed()
    assert request.claim is not None
    assert (request.claim.by, request.claim.until) == ("budi", world.clock.now() + timedelta(minutes=30))


def test_a_claim_is_renewed_by_its_holder(world: World) -> None:
    request = world.claimed()
    world.clock.advance(20)
    again = verifying.claim(world.desk, BUDI, request.id)
    assert again.claim is not None
    assert again.claim.until == world.clock.now() + timedelta(minutes=30)


def test_a_claimed_file_is_nobody_elses(world: World) -> None:
    request = world.claimed()
    with refused("request.claimed") as error:
        verifying.claim(world.desk, AGUS, request.id)
    assert error.value.params["holder"] == "budi"


def test_a_lease_that_ran_out_frees_the_file(world: World) -> None:
    request = world.claimed()
    world.clock.advance(31)
    taken = verifying.claim(world.desk, AGUS, request.id)
    assert taken.claim is not None
    assert taken.claim.by == "agus"


def test_a_file_at_the_counter_cannot_be_claimed(world: World) -> None:
    request = world.accepted()
    with refused("verifying.not_in_work"):
        verifying.claim(world.desk, BUDI, request.id)


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_print_room_claims(world: World, actor: Actor) -> None:
    request = world.with_operator()
    with refused("role.not_allowed"):
        verifying.claim(world.desk, actor, request.id)
    with refused("role.not_allowed"):
        verifying.release(world.desk, actor, request.id)


def test_who_holds_a_file_puts_it_back(world: World) -> None:
    request = world.claimed()
    assert verifying.release(world.desk, BUDI, request.id).claim is None
    assert world.get(request.id).claim is None


def test_a_file_that_nobody_holds_is_free_already(world: World) -> None:
    request = world.with_operator()
    assert verifying.release(world.desk, BUDI, request.id).claim is None


def test_anothers_claim_is_released_by_two_persons(world: World) -> None:
    request = world.claimed()
    with refused("approval.missing"):
        verifying.release(world.desk, AGUS, request.id)
    with refused("approval.for_another"):
        wrong = approved(Action.RELEASE_CLAIM, "another", AGUS)
        verifying.release(world.desk, AGUS, request.id, wrong)
    leave = approved(Action.RELEASE_CLAIM, request.id, AGUS)
    assert verifying.release(world.desk, AGUS, request.id, leave).claim is None
    with world.desk.unit(BUDI) as unit:
        released = next(event for event in unit.events.all() if event.kind == "claim.released")
    assert (released.actor, released.approver, released.data) == ("agus", "ratna", {"holder": "budi"})


def test_a_lease_that_ran_out_is_released_by_anybody(world: World) -> None:
    request = world.claimed()
    world.clock.advance(31)
    assert verifying.release(world.desk, AGUS, request.id).claim is None


# ---------------------------------------------------------------- look-up and comparison


def test_a_file_that_agrees_shows_no_difference(world: World) -> None:
    found = verifying.look_up(world.desk, BUDI, world.claimed().id)
    assert (found.differences, found.nik_findings) == ((), ())
    assert (found.enrolment, found.printable, found.advice) == (
        "PRINT_READY_RECORD",
        True,
        "PRINT_READY_RECORD",
    )


@pytest.mark.parametrize("theirs", ["siti rahayu", " Siti  Rahayu", "SITIRAHAYU"])
def test_case_and_spaces_are_no_difference(world: World, theirs: str) -> None:
    world.siak.fields = {**BIODATA, "NAMA_LGKP": theirs}
    assert verifying.look_up(world.desk, BUDI, world.claimed().id).differences == ()


def test_another_name_is_a_difference(world: World) -> None:
    world.siak.fields = {**BIODATA, "NAMA_LGKP": "SITI RAHMI"}
    found = verifying.look_up(world.desk, BUDI, world.claimed().id)
    assert [(one.field, one.file, one.siak) for one in found.differences] == [
        ("NAMA_LGKP", NAME, "SITI RAHMI")
    ]
    assert "SITI" not in repr(found.differences[0])


@pytest.mark.parametrize(
    ("theirs", "shown"), [("3171012001150008", "3171••••••••0008"), ("", ""), ("12", "")]
)
def test_another_family_card_is_a_difference_and_stays_masked(world: World, theirs: str, shown: str) -> None:
    world.siak.fields = {**BIODATA, "NO_KK": theirs}
    found = verifying.look_up(world.desk, BUDI, world.claimed().id)
    assert [(one.field, one.file, one.siak) for one in found.differences] == [("NO_KK", KK.masked, shown)]


def test_a_file_without_a_family_card_is_not_compared_by_it(world: World) -> None:
    assert verifying.look_up(world.desk, BUDI, world.claimed(kk=None).id).differences == ()


def test_a_nik_that_differs_from_the_biodata_is_a_finding(world: World) -> None:
    world.siak.fields = {**BIODATA, "TGL_LHR": "1990-05-13", "JENIS_KLMIN": "LAKI-LAKI"}
    found = verifying.look_up(world.desk, BUDI, world.claimed().id)
    assert found.nik_findings == (NikFinding.DATE_DIFFERS, NikFinding.SEX_DIFFERS)


def test_biodata_that_says_nothing_finds_nothing(world: World) -> None:
    world.siak.fields = {"NAMA_LGKP": NAME, "NO_KK": KK.reveal(), "TGL_LHR": "?", "JENIS_KLMIN": ""}
    assert verifying.look_up(world.desk, BUDI, world.claimed().id).nik_findings == ()


def test_what_was_shown_is_journalled_as_codes(world: World) -> None:
    world.siak.fields = {**BIODATA, "NAMA_LGKP": "SITI RAHMI", "TGL_LHR": "1990-05-13"}
    request = world.claimed()
    verifying.look_up(world.desk, BUDI, request.id)
    assert world.events("verifying.looked_up") == [
        (
            request.id,
            {
                "visit": 2,
                "enrolment": "PRINT_READY_RECORD",
                "printable": True,
                "differences": ["NAMA_LGKP"],
                "findings": ["date_differs"],
            },
        )
    ]


def test_siak_that_cannot_be_reached_passes_through(world: World) -> None:
    request = world.claimed()
    world.siak.down = True
    with pytest.raises(GatewayError) as caught:
        verifying.look_up(world.desk, BUDI, request.id)
    assert caught.value.code == "siak.offline"
    assert world.events("verifying.looked_up") == []


def test_a_look_up_needs_the_file_in_hand(world: World) -> None:
    request = world.with_operator()
    with refused("verifying.claim_needed"):
        verifying.look_up(world.desk, BUDI, request.id)
    verifying.claim(world.desk, AGUS, request.id)
    with refused("verifying.claim_needed"):
        verifying.look_up(world.desk, BUDI, request.id)
    world.clock.advance(31)
    with refused("verifying.claim_needed"):
        verifying.look_up(world.desk, AGUS, request.id)


@pytest.mark.parametrize("actor", OTHERS)
def test_residents_are_looked_up_by_the_print_room_only(world: World, actor: Actor) -> None:
    request = world.claimed()
    with refused("role.not_allowed"):
        verifying.look_up(world.desk, actor, request.id)


@pytest.mark.parametrize(
    ("service", "documents", "printable"),
    [
        ("KTP-BARU", None, False),
        ("KTP-MUDA", None, False),
        ("KTP-HILANG", None, True),
        ("KTP-RUSAK", None, True),
        ("KTP-UBAH", None, True),
        ("KTP-PINDAH", None, True),
        ("KTP-LUAR", None, False),
        ("KTP-LUAR", {"KK-SALINAN", "KTP-RUSAK"}, True),
        ("KTP-LUAR", {"KK-SALINAN", "LAPOR-POLISI"}, True),
        ("KTP-WNA", None, False),
        ("KTP-WNA", {"KK-SALINAN", "PASPOR", "ITAP", "KTP-LAMA"}, True),
    ],
)
def test_a_printed_card_is_replaced_where_an_old_one_is_given_up_or_lost(
    world: World, service: str, documents: set[str] | None, printable: bool
) -> None:
    world.siak.enrolment = "CARD_ISSUED"
    file = world.application(service).documents if documents is None else frozenset(documents)
    found = verifying.look_up(world.desk, BUDI, world.claimed(service, documents=file).id)
    assert found.printable is printable
    assert found.advice == ("PRINT_AGAIN" if printable else "CARD_ISSUED")


def test_a_state_that_nobody_knows_is_not_printable(world: World) -> None:
    world.siak.enrolment = "SUDAH REKAM"
    found = verifying.look_up(world.desk, BUDI, world.claimed().id)
    assert (found.printable, found.advice) == (False, "UNKNOWN_STATE")


def test_a_document_asks_for_no_enrolment(world: World) -> None:
    world.siak.enrolment = "UNREGISTERED"
    found = verifying.look_up(world.desk, BUDI, world.claimed("KIA-BARU").id)
    assert (found.printable, found.advice) == (True, "NOT_NEEDED")


# ---------------------------------------------------------------- complete


def test_a_file_that_was_looked_up_is_verified(world: World) -> None:
    request = world.claimed()
    verifying.look_up(world.desk, BUDI, request.id)
    decided = verifying.decide_complete(world.desk, BUDI, request.id)
    assert decided.state is RequestState.VERIFIED
    assert decided.claim is not None  # who verified goes on to print
    assert world.statuses(request.id)[-1] == "VERIFIED"


def test_differences_and_findings_do_not_refuse(world: World) -> None:
    world.siak.fields = {**BIODATA, "NAMA_LGKP": "SITI RAHMI", "TGL_LHR": "1991-01-01"}
    assert world.verified().state is RequestState.VERIFIED


def test_nothing_is_verified_unseen(world: World) -> None:
    request = world.claimed()
    with refused("verifying.look_up_needed"):
        verifying.decide_complete(world.desk, BUDI, request.id)


def test_a_colleagues_look_up_does_not_count(world: World) -> None:
    request = world.claimed()
    verifying.look_up(world.desk, BUDI, request.id)
    verifying.release(world.desk, BUDI, request.id)
    verifying.claim(world.desk, AGUS, request.id)
    with refused("verifying.look_up_needed"):
        verifying.decide_complete(world.desk, AGUS, request.id)


def test_a_look_up_of_an_earlier_visit_does_not_count(world: World) -> None:
    request = world.claimed()
    verifying.look_up(world.desk, BUDI, request.id)
    verifying.decide_incomplete(world.desk, BUDI, request.id, ["form_unsigned"])
    intake.complete(world.desk, SARI, request.id, [])
    intake.hand_to_operator(world.desk, SARI, [request.id], "budi")
    verifying.claim(world.desk, BUDI, request.id)
    with refused("verifying.look_up_needed"):
        verifying.decide_complete(world.desk, BUDI, request.id)


def test_a_resident_who_cannot_be_printed_is_not_verified_for_a_card(world: World) -> None:
    world.siak.enrolment = "SENT_FOR_ENROLLMENT"
    request = world.claimed()
    verifying.look_up(world.desk, BUDI, request.id)
    with refused("verifying.not_printable") as error:
        verifying.decide_complete(world.desk, BUDI, request.id)
    assert error.value.params == {"enrolment": "SENT_FOR_ENROLLMENT"}


def test_the_newest_look_up_counts(world: World) -> None:
    world.siak.enrolment = "SENT_FOR_ENROLLMENT"
    request = world.claimed()
    verifying.look_up(world.desk, BUDI, request.id)
    world.siak.enrolment = "PRINT_READY_RECORD"
    verifying.look_up(world.desk, BUDI, request.id)
    assert verifying.decide_complete(world.desk, BUDI, request.id).state is RequestState.VERIFIED


def test_a_resident_who_cannot_be_printed_gets_a_document(world: World) -> None:
    world.siak.enrolment = "UNREGISTERED"
    assert world.verified("KK-UBAH").state is RequestState.VERIFIED


def test_a_file_with_gaps_is_not_verified(world: World) -> None:
    request = world.claimed("KTP-RUSAK", documents=frozenset({"KTP-RUSAK"}))
    verifying.look_up(world.desk, BUDI, request.id)
    with refused("verifying.documents_missing") as error:
        verifying.decide_complete(world.desk, BUDI, request.id)
    assert error.value.params == {"documents": "KK-SALINAN"}


# ---------------------------------------------------------------- incomplete, wait, reject


@pytest.mark.parametrize("reason", [*INCOMPLETE_REASONS, "KK-SALINAN"])
def test_an_applicant_is_told_what_is_missing(world: World, reason: str) -> None:
    request = world.claimed()
    decided = verifying.decide_incomplete(world.desk, BUDI, request.id, [reason, reason])
    assert (decided.state, decided.reasons) == (RequestState.INCOMPLETE, (reason,))
    assert decided.claim is None
    assert world.statuses(request.id)[-1] == "INCOMPLETE"


@pytest.mark.parametrize("reason", [*WAITING_REASONS, "SENT_FOR_ENROLLMENT", "DUPLICATE_RECORD"])
def test_a_file_waits_for_siak(world: World, reason: str) -> None:
    request = world.claimed()
    decided = verifying.decide_wait(world.desk, BUDI, request.id, reason)
    assert (decided.state, decided.reasons) == (RequestState.WAITING_SIAK, (reason,))
    assert decided.claim is None
    assert world.statuses(request.id)[-1] == "WAITING_SIAK"


@pytest.mark.parametrize("reason", REJECT_REASONS)
def test_a_request_is_refused_with_its_reason(world: World, reason: str) -> None:
    request = world.claimed()
    decided = verifying.decide_reject(world.desk, BUDI, request.id, [reason])
    assert (decided.state, decided.reasons) == (RequestState.REJECTED, (reason,))
    assert world.statuses(request.id)[-1] == "REJECTED"


def test_a_decision_against_the_applicant_needs_a_reason(world: World) -> None:
    request = world.claimed()
    with refused("request.reason_missing"):
        verifying.decide_incomplete(world.desk, BUDI, request.id, [])
    with refused("request.reason_missing"):
        verifying.decide_reject(world.desk, BUDI, request.id, [])


def test_reasons_are_codes(world: World) -> None:
    request = world.claimed()
    with refused("request.reason_unknown"):
        verifying.decide_incomplete(world.desk, BUDI, request.id, ["KK-SALINAN", "SITI belum datang"])
    with refused("request.reason_unknown"):
        verifying.decide_wait(world.desk, BUDI, request.id, "besok saja")
    with refused("request.reason_unknown"):
        verifying.decide_reject(world.desk, BUDI, request.id, ["KK-SALINAN"])


def test_decisions_need_the_file_in_hand(world: World) -> None:
    request = world.with_operator()
    with refused("verifying.claim_needed"):
        verifying.decide_complete(world.desk, BUDI, request.id)
    with refused("verifying.claim_needed"):
        verifying.decide_incomplete(world.desk, BUDI, request.id, ["KK-SALINAN"])
    with refused("verifying.claim_needed"):
        verifying.decide_wait(world.desk, BUDI, request.id, "siak_offline")
    with refused("verifying.claim_needed"):
        verifying.decide_reject(world.desk, BUDI, request.id, ["deceased"])


@pytest.mark.parametrize("actor", OTHERS)
def test_decisions_are_the_print_rooms(world: World, actor: Actor) -> None:
    request = world.claimed()
    with refused("role.not_allowed"):
        verifying.decide_complete(world.desk, actor, request.id)
    with refused("role.not_allowed"):
        verifying.decide_incomplete(world.desk, actor, request.id, ["KK-SALINAN"])
    with refused("role.not_allowed"):
        verifying.decide_wait(world.desk, actor, request.id, "siak_offline")
    with refused("role.not_allowed"):
        verifying.decide_reject(world.desk, actor, request.id, ["deceased"])
