"""The counter: taking in, receipts, completing, withdrawing, handing files to the operator."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ktpel_desktop.core.flows_counter import DUPLICATE_REASONS
from ktpel_desktop.core.request import Priority, RequestState
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import intake, verifying
from ktpel_desktop.services.intake import WITHDRAW_REASONS, Application
from tests.services.office import (
    BUDI,
    DIAN,
    GONE,
    JOKO,
    KK,
    NAME,
    NIK,
    RATNA,
    SARI,
    TONO,
    World,
    nik,
    refused,
)

# ---------------------------------------------------------------- accept


def test_an_application_becomes_a_request(world: World) -> None:
    request = intake.accept(world.desk, SARI, world.application())
    assert (request.service, request.nik, request.kk, request.name) == ("KTP-BARU", NIK, KK, NAME)
    assert (request.state, request.accepted_by) == (RequestState.ACCEPTED, "sari")
    assert request.accepted_at == world.clock.now()
    assert world.get(request.id) == request


def test_a_request_is_journalled_without_the_resident(world: World) -> None:
    request = world.accepted()
    with world.desk.unit(BUDI) as unit:
        told = str(list(unit.events.all()))
    assert request.id in told
    assert not any(secret in told for secret in (NAME, "SITI", NIK.reveal(), KK.reveal(), "0812"))


def test_an_application_shows_nobody_in_its_text(world: World) -> None:
    assert NAME not in repr(world.application())
    assert NIK.reveal() not in repr(world.application())


def test_the_applicant_sees_the_request_on_the_website(world: World) -> None:
    assert world.statuses(world.accepted().id) == ["ACCEPTED"]


def test_numbers_run_through_the_day_and_begin_again(world: World) -> None:
    assert [world.accepted(resident=nik(i)).number for i in range(3)] == ["A-001", "A-002", "A-003"]
    world.clock.moment += timedelta(days=1)
    assert world.accepted(resident=nik(4)).number == "A-001"


def test_the_day_of_the_numbers_is_the_offices_day(world: World) -> None:
    world.clock.moment = world.clock.moment.replace(hour=16, minute=59)  # 23.59 WIB
    assert world.accepted(resident=nik(1)).number == "A-001"
    world.clock.advance(2)
    assert world.accepted(resident=nik(2)).number == "A-001"


def test_lawful_priorities_have_numbers_of_their_own(world: World) -> None:
    world.accepted(resident=nik(1))
    assert world.accepted(resident=nik(2), priority=Priority.ELDERLY).number == "P-001"


def test_a_file_with_gaps_is_taken_in(world: World) -> None:
    request = world.accepted(documents=frozenset())
    assert request.documents == frozenset()


def test_spaces_in_name_and_phone_are_tidied(world: World) -> None:
    request = world.accepted(name="  SITI   RAHAYU ", phone=" 0812 3456 ")
    assert (request.name, request.phone) == (NAME, "0812 3456")


def test_a_request_needs_no_phone_and_no_family_card(world: World) -> None:
    request = world.accepted(phone="", kk=None)
    assert (request.phone, request.kk) == ("", None)


def test_a_request_needs_a_name(world: World) -> None:
    with refused("intake.name_missing"):
        world.accepted(name="  ")


@pytest.mark.parametrize("phone", ["tidak ada", "12", "0812/3456", "٠٨١٢٣٤٥٦"])
def test_a_phone_number_consists_of_digits(world: World, phone: str) -> None:
    with refused("intake.phone"):
        world.accepted(phone=phone)


def test_a_document_that_the_service_does_not_ask_for_is_refused(world: World) -> None:
    with refused("intake.document_unknown") as error:
        world.accepted(documents=frozenset({"KK-SALINAN", "SKP"}))
    assert error.value.params == {"service": "KTP-BARU", "count": 1}


def test_an_unknown_service_is_refused(world: World) -> None:
    with refused("service.unknown"):
        intake.accept(world.desk, SARI, Application("KTP-LAMA", NIK, KK, NAME))


def test_the_same_service_twice_is_refused_with_the_open_ticket(world: World) -> None:
    first = world.accepted()
    with refused("intake.duplicate") as error:
        world.accepted()
    assert error.value.params == {"ticket": first.id, "number": first.number}


@pytest.mark.parametrize("reason", DUPLICATE_REASONS)
def test_a_second_request_is_taken_in_for_a_reason_that_is_journalled(world: World, reason: str) -> None:
    first = world.accepted()
    second = world.accepted(duplicate_reason=reason)
    assert world.events("intake.duplicate_accepted") == [(second.id, {"open": first.id, "reason": reason})]


@pytest.mark.parametrize("reason", ["   ", "untuk SITI yang lain"])
def test_a_reason_of_ones_own_words_is_refused(world: World, reason: str) -> None:
    world.accepted()
    with refused("request.reason_unknown"):
        world.accepted(duplicate_reason=reason)


def test_a_reason_without_a_duplicate_is_nothing(world: World) -> None:
    world.accepted(duplicate_reason="other_child")
    assert world.events("intake.duplicate_accepted") == []


def test_an_ended_request_is_no_duplicate(world: World) -> None:
    intake.withdraw(world.desk, SARI, world.accepted().id, "changed_mind")
    assert world.accepted().number == "A-002"


def test_another_service_of_the_same_resident_is_no_duplicate(world: World) -> None:
    world.accepted("KTP-BARU")
    assert world.accepted("KK-UBAH").state is RequestState.ACCEPTED


@pytest.mark.parametrize("actor", [BUDI, RATNA, JOKO, TONO])
def test_only_the_counter_takes_in(world: World, actor: Actor) -> None:
    with refused("role.not_allowed"):
        intake.accept(world.desk, actor, world.application())


def test_open_requests_of_the_resident_are_shown_as_a_warning(world: World) -> None:
    other = world.accepted("KK-UBAH")
    same = world.accepted("KTP-BARU")
    world.accepted("KTP-BARU", resident=nik(5))
    assert intake.duplicates(world.desk, SARI, NIK, "KTP-BARU") == (same, other)


def test_the_warning_is_for_the_counter(world: World) -> None:
    with refused("role.not_allowed"):
        intake.duplicates(world.desk, BUDI, NIK, "KTP-BARU")


# ---------------------------------------------------------------- find, reveal


@pytest.mark.parametrize(
    "typed", ["A-001", "a-001", "siti", " SITI  RAHAYU ", "3171015205909901", "3171 0152 0590 9901"]
)
def test_a_request_is_found_by_number_name_and_nik(world: World, typed: str) -> None:
    request = world.accepted()
    world.accepted(resident=nik(7), name="ANDI")
    assert intake.find(world.desk, SARI, typed) == (request,)


def test_a_request_is_found_by_its_ticket_as_scanned(world: World) -> None:
    request = world.accepted()
    scanned = f"{request.id[:4]}-{request.id[4:8]} {request.id[8:]}".lower()
    assert intake.find(world.desk, SARI, scanned) == (request,)


def test_nothing_typed_finds_nobody(world: World) -> None:
    world.accepted()
    assert intake.find(world.desk, SARI, "  ") == ()


def test_a_looker_on_finds_nobody(world: World) -> None:
    with refused("role.not_allowed"):
        intake.find(world.desk, JOKO, "siti")


def test_each_reveal_of_a_nik_is_journalled(world: World) -> None:
    request = world.accepted()
    assert [intake.reveal_nik(world.desk, actor, request.id) for actor in (SARI, BUDI)] == [
        "3171015205909901"
    ] * 2
    assert world.events("nik.revealed") == [(request.id, {})] * 2


@pytest.mark.parametrize("actor", [JOKO, TONO])
def test_a_nik_is_not_revealed_to_who_serves_nobody(world: World, actor: Actor) -> None:
    request = world.accepted()
    with refused("role.not_allowed"):
        intake.reveal_nik(world.desk, actor, request.id)
    assert world.events("nik.revealed") == []


# ---------------------------------------------------------------- complete, withdraw


def incomplete(world: World) -> str:
    request = world.claimed("KTP-RUSAK", documents=frozenset({"KTP-RUSAK"}))
    return verifying.decide_incomplete(world.desk, BUDI, request.id, ["KK-SALINAN"]).id


def test_a_completed_file_is_accepted_again(world: World) -> None:
    request_id = incomplete(world)
    request = intake.complete(world.desk, SARI, request_id, ["KK-SALINAN"])
    assert request.state is RequestState.ACCEPTED
    assert request.documents == {"KTP-RUSAK", "KK-SALINAN"}
    assert request.reasons == ()
    assert world.statuses(request_id)[-1] == "ACCEPTED"


def test_a_file_that_still_lacks_something_stays_incomplete(world: World) -> None:
    request_id = incomplete(world)
    with refused("intake.still_missing") as error:
        intake.complete(world.desk, SARI, request_id, [])
    assert error.value.params == {"documents": "KK-SALINAN"}
    assert world.get(request_id).state is RequestState.INCOMPLETE


def test_a_file_that_was_incomplete_for_another_reason_needs_no_new_document(world: World) -> None:
    request = world.claimed()
    verifying.decide_incomplete(world.desk, BUDI, request.id, ["form_unsigned"])
    assert intake.complete(world.desk, SARI, request.id, []).state is RequestState.ACCEPTED


def test_a_wrong_document_completes_nothing(world: World) -> None:
    with refused("intake.document_unknown"):
        intake.complete(world.desk, SARI, incomplete(world), ["SKP"])


def test_only_an_incomplete_file_can_be_completed(world: World) -> None:
    with refused("request.not_allowed"):
        intake.complete(world.desk, SARI, world.accepted().id, [])


def test_an_operator_completes_no_file(world: World) -> None:
    with refused("role.not_allowed"):
        intake.complete(world.desk, BUDI, incomplete(world), ["KK-SALINAN"])


@pytest.mark.parametrize("reason", WITHDRAW_REASONS)
def test_an_applicant_withdraws(world: World, reason: str) -> None:
    request = intake.withdraw(world.desk, SARI, world.accepted().id, reason)
    assert (request.state, request.reasons) == (RequestState.CANCELLED, (reason,))
    assert world.statuses(request.id) == ["ACCEPTED", "CANCELLED"]


def test_free_text_is_no_reason(world: World) -> None:
    request = world.accepted()
    with refused("request.reason_unknown"):
        intake.withdraw(world.desk, SARI, request.id, "SITI tidak jadi")


def test_a_file_in_work_cannot_be_withdrawn(world: World) -> None:
    with refused("request.not_allowed"):
        intake.withdraw(world.desk, SARI, world.with_operator().id, "changed_mind")


def test_a_result_at_the_counter_is_not_the_applicants_to_withdraw(day: World) -> None:
    request = day.at_counter("PINDAH")
    with refused("intake.result_made"):
        intake.withdraw(day.desk, SARI, request.id, "changed_mind")
    assert day.get(request.id).state is RequestState.AT_COUNTER


def test_an_operator_withdraws_nothing(world: World) -> None:
    with refused("role.not_allowed"):
        intake.withdraw(world.desk, BUDI, world.accepted().id, "changed_mind")


# ---------------------------------------------------------------- hand-off, step 2


def test_files_are_handed_over_with_both_names_and_the_time(world: World) -> None:
    ids = [world.accepted(resident=nik(i)).id for i in range(2)]
    world.clock.advance(5)
    moved = intake.hand_to_operator(world.desk, SARI, ids, "budi")
    assert [request.state for request in moved] == [RequestState.WITH_OPERATOR] * 2
    names = {"from": "sari", "to": "budi", "state": "WITH_OPERATOR"}
    assert world.events("handoff") == [(ids[0], names), (ids[1], names)]
    with world.desk.unit(BUDI) as unit:
        handed = next(event for event in unit.events.all() if event.kind == "handoff")
    assert handed.at == world.clock.now()


def test_the_same_file_named_twice_is_handed_over_once(world: World) -> None:
    request = world.accepted()
    assert len(intake.hand_to_operator(world.desk, SARI, [request.id, request.id], "budi")) == 1


def test_files_are_handed_over_all_or_none(world: World) -> None:
    ready, gone = world.accepted(resident=nik(1)), world.with_operator(resident=nik(2))
    with refused("request.not_allowed"):
        intake.hand_to_operator(world.desk, SARI, [ready.id, gone.id], "budi")
    assert world.get(ready.id).state is RequestState.ACCEPTED


def test_nothing_chosen_is_nothing_handed_over(world: World) -> None:
    with refused("handoff.nothing"):
        intake.hand_to_operator(world.desk, SARI, [], "budi")


@pytest.mark.parametrize("receiver", ["dian", "joko", "tono", GONE, "nobody", ""])
def test_files_go_to_an_active_operator_only(world: World, receiver: str) -> None:
    with refused("handoff.receiver"):
        intake.hand_to_operator(world.desk, SARI, [world.accepted().id], receiver)


def test_an_operator_hands_no_files_to_operators(world: World) -> None:
    request = world.accepted()
    with refused("role.not_allowed"):
        intake.hand_to_operator(world.desk, BUDI, [request.id], "agus")


def test_a_scan_twice_moves_the_file_once(world: World) -> None:
    request = world.accepted()
    intake.hand_to_operator(world.desk, SARI, [request.id], "budi")
    with refused("request.not_allowed"):
        intake.hand_to_operator(world.desk, DIAN, [request.id], "budi")
