"""Results to the counter (step 6), and into the applicant's hands (step 7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ktpel_desktop.core.chip_load import Fault, Finding
from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import handing_over
from ktpel_desktop.services.handing_over import ChipCheck, Collection, Relation
from tests.services.office import (
    AGUS,
    BUDI,
    DIAN,
    GONE,
    JOKO,
    NAME,
    NIK,
    RATNA,
    SARI,
    TONO,
    World,
    nik,
    refused,
)

HIMSELF = Collection("", "SENDIRI", "KTP-el", (), Answer.YES, receipt_signed=True)
FAMILY = replace(HIMSELF, collector="ANDI  WIJAYA", relation=Relation.FAMILY)
PROXY = replace(HIMSELF, collector="ANDI", relation=Relation.PROXY, letter="F-1.07")


def document_at_counter(world: World, service: str = "PINDAH") -> Request:
    return world.at_counter(service)


def serial_of(world: World, request: Request) -> str:
    with world.desk.unit(BUDI) as unit:
        job = next(job for job in unit.jobs.of_request(request.id) if job.state is JobState.ISSUED)
    assert job.chip_serial is not None
    return job.chip_serial


# ---------------------------------------------------------------- step 6


def test_results_go_to_the_counter_with_both_names(day: World) -> None:
    request = day.produced("PINDAH")
    moved = handing_over.hand_to_counter(day.desk, BUDI, [request.id], "dian")
    assert [one.state for one in moved] == [RequestState.AT_COUNTER]
    assert day.events("handoff")[-1] == (
        request.id,
        {"from": "budi", "to": "dian", "state": "AT_COUNTER"},
    )
    assert day.statuses(request.id)[-1] == "AT_COUNTER"


def test_a_bundle_goes_whole_or_not_at_all(day: World) -> None:
    made, unmade = day.produced("PINDAH", nik(1)), day.verified("PINDAH", nik(2))
    with refused("request.not_allowed"):
        handing_over.hand_to_counter(day.desk, BUDI, [made.id, unmade.id], "sari")
    assert day.get(made.id).state is RequestState.PRODUCED


def test_an_empty_bundle_is_refused(day: World) -> None:
    with refused("handoff.nothing"):
        handing_over.hand_to_counter(day.desk, BUDI, [], "sari")


@pytest.mark.parametrize("receiver", ["budi", "agus", "ratna", "joko", GONE, ""])
def test_results_go_to_the_counter_only(day: World, receiver: str) -> None:
    request = day.produced("PINDAH")
    with refused("handoff.receiver"):
        handing_over.hand_to_counter(day.desk, BUDI, [request.id], receiver)


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_results_come_from_the_print_room_only(day: World, actor: Actor) -> None:
    request = day.produced("PINDAH")
    with refused("role.not_allowed"):
        handing_over.hand_to_counter(day.desk, actor, [request.id], "sari")


def test_what_waits_at_the_counter_is_listed(day: World) -> None:
    request = document_at_counter(day)
    day.produced("PINDAH", nik(2))
    assert [one.id for one in handing_over.ready(day.desk, SARI)] == [request.id]


def test_a_looker_on_sees_no_results(day: World) -> None:
    with refused("role.not_allowed"):
        handing_over.ready(day.desk, JOKO)


# ---------------------------------------------------------------- the chip answers


def test_a_good_card_answers(day: World) -> None:
    request = day.at_counter()
    day.bench.put_on_reader(serial_of(day, request))
    assert handing_over.check_chip(day.desk, SARI, request.id) == ChipCheck(Answer.YES)


def test_another_residents_card_is_told(day: World) -> None:
    mine, other = day.at_counter(resident=nik(1)), day.at_counter(resident=nik(2))
    day.bench.put_on_reader(serial_of(day, other))
    with refused("handover.other_card"):
        handing_over.check_chip(day.desk, SARI, mine.id)


def test_a_blank_is_another_card(day: World) -> None:
    request = day.at_counter()
    day.bench.put_on_reader(day.bench.take_blank())
    with refused("handover.other_card"):
        handing_over.check_chip(day.desk, SARI, request.id)


def test_a_chip_whose_content_went_bad_is_told_with_its_fault(day: World) -> None:
    request = day.at_counter()
    day.bench.put_on_reader(serial_of(day, request))
    day.bench.faults.script("foreign_content")
    check = handing_over.check_chip(day.desk, SARI, request.id)
    assert check == ChipCheck(Answer.NO, (Finding(Fault.INCOMPLETE),))


def test_a_mute_chip_is_no_answer(day: World) -> None:
    request = day.at_counter()
    day.bench.put_on_reader(serial_of(day, request))
    day.bench.faults.script("chip_mute")
    assert handing_over.check_chip(day.desk, SARI, request.id).answer is Answer.NO


def test_a_reader_without_a_word_leaves_it_unknown(day: World) -> None:
    request = day.at_counter()
    day.bench.faults.script("reader_unplugged")
    assert handing_over.check_chip(day.desk, SARI, request.id).answer is Answer.UNKNOWN


def test_an_empty_reader_asks_for_the_card(day: World) -> None:
    request = day.at_counter()
    day.bench.remove()
    with pytest.raises(DeviceError) as caught:
        handing_over.check_chip(day.desk, SARI, request.id)
    assert caught.value.code == "chip.no_card"


def test_an_operator_tests_no_cards_at_the_counter(day: World) -> None:
    with refused("role.not_allowed"):
        handing_over.check_chip(day.desk, BUDI, "AAAAAAAAAAAA")


def test_a_chip_found_bad_is_not_made_good_by_a_word(day: World) -> None:
    request = day.at_counter()
    day.bench.put_on_reader(serial_of(day, request))
    day.bench.faults.script("foreign_content")
    handing_over.check_chip(day.desk, SARI, request.id)
    with refused("handover.chip_mute"):
        handing_over.hand_over(day.desk, SARI, request.id, replace(HIMSELF, chip_answers=Answer.YES))


def test_a_mute_chip_is_not_made_good_by_a_word_but_by_an_answer(day: World) -> None:
    request = day.at_counter()
    day.bench.put_on_reader(serial_of(day, request))
    day.bench.faults.script("chip_mute")
    handing_over.check_chip(day.desk, SARI, request.id)
    for word in (Answer.YES, Answer.UNKNOWN):
        with refused("handover.chip_mute"):
            handing_over.hand_over(day.desk, SARI, request.id, replace(HIMSELF, chip_answers=word))
    assert handing_over.check_chip(day.desk, SARI, request.id).answer is Answer.YES
    done = handing_over.hand_over(day.desk, SARI, request.id, replace(HIMSELF, chip_answers=Answer.YES))
    assert done.state is RequestState.HANDED_OVER


# ---------------------------------------------------------------- step 7


def test_a_resident_collects(day: World) -> None:
    request = day.at_counter()
    done = handing_over.hand_over(day.desk, DIAN, request.id, HIMSELF)
    assert done.state is RequestState.HANDED_OVER
    assert day.statuses(request.id)[-1] == "HANDED_OVER"
    with day.desk.unit(SARI) as unit:
        kept = unit.handover(request.id)
    assert kept is not None
    assert (kept.collector, kept.relation, kept.identity) == (NAME, "SENDIRI", "KTP-el")
    assert (kept.withdrawn, kept.chip_answers) == ((), Answer.YES)
    assert (kept.by, kept.at) == ("dian", day.clock.now())


def test_one_of_the_family_collects(day: World) -> None:
    request = document_at_counter(day)
    handing_over.hand_over(day.desk, SARI, request.id, FAMILY)
    with day.desk.unit(SARI) as unit:
        kept = unit.handover(request.id)
    assert kept is not None
    assert (kept.collector, kept.relation) == ("ANDI WIJAYA", "KELUARGA")


def test_a_proxy_brings_a_power_of_attorney(day: World) -> None:
    request = document_at_counter(day)
    with refused("handover.letter_missing"):
        handing_over.hand_over(day.desk, SARI, request.id, replace(PROXY, letter=" "))
    done = handing_over.hand_over(day.desk, SARI, request.id, PROXY)
    assert done.state is RequestState.HANDED_OVER


def test_the_journal_does_not_name_who_collected(day: World) -> None:
    request = document_at_counter(day)
    handing_over.hand_over(day.desk, SARI, request.id, FAMILY)
    with day.desk.unit(SARI) as unit:
        told = str(list(unit.events.all()))
    assert "ANDI" not in told
    assert "ANDI" not in repr(FAMILY)


def test_a_nik_in_the_identity_is_masked(day: World) -> None:
    request = document_at_counter(day)
    shown = replace(HIMSELF, identity=f"KTP {NIK.reveal()}")
    handing_over.hand_over(day.desk, SARI, request.id, shown)
    with day.desk.unit(SARI) as unit:
        kept = unit.handover(request.id)
    assert kept is not None
    assert kept.identity == "KTP 3171••••••••9901"


@pytest.mark.parametrize(
    ("collection", "code"),
    [
        (replace(HIMSELF, relation="TETANGGA"), "handover.relation"),
        (replace(FAMILY, collector=" "), "handover.collector_missing"),
        (replace(PROXY, collector=""), "handover.collector_missing"),
        (replace(HIMSELF, identity=" "), "handover.identity_missing"),
        (replace(HIMSELF, receipt_signed=False), "handover.receipt_unsigned"),
        (replace(HIMSELF, withdrawn=("KTP-LAMA",)), "handover.item_unknown"),
    ],
)
def test_a_handover_that_lacks_something_is_refused(day: World, collection: Collection, code: str) -> None:
    request = document_at_counter(day)
    with refused(code):
        handing_over.hand_over(day.desk, SARI, request.id, collection)
    assert day.get(request.id).state is RequestState.AT_COUNTER


def test_an_old_card_is_withdrawn(day: World) -> None:
    request = day.at_counter("KTP-RUSAK")
    with refused("handover.not_withdrawn") as error:
        handing_over.hand_over(day.desk, SARI, request.id, HIMSELF)
    assert error.value.params == {"documents": "KTP-RUSAK"}
    done = handing_over.hand_over(
        day.desk, SARI, request.id, replace(HIMSELF, withdrawn=("KTP-RUSAK", "KTP-RUSAK"))
    )
    assert done.state is RequestState.HANDED_OVER
    with day.desk.unit(SARI) as unit:
        kept = unit.handover(request.id)
    assert kept is not None
    assert kept.withdrawn == ("KTP-RUSAK",)


def test_a_police_report_stands_for_a_lost_card(day: World) -> None:
    request = day.at_counter("KTP-PINDAH")
    lost = replace(HIMSELF, withdrawn=("LAPOR-POLISI",))
    assert handing_over.hand_over(day.desk, SARI, request.id, lost).state is RequestState.HANDED_OVER


def test_a_card_with_a_mute_chip_stays(day: World) -> None:
    request = day.at_counter()
    with refused("handover.chip_mute"):
        handing_over.hand_over(day.desk, SARI, request.id, replace(HIMSELF, chip_answers=Answer.NO))
    assert day.get(request.id).state is RequestState.AT_COUNTER


def test_a_reader_that_knows_nothing_does_not_stop_the_counter(day: World) -> None:
    request = day.at_counter()
    unknown = replace(HIMSELF, chip_answers=Answer.UNKNOWN)
    done = handing_over.hand_over(day.desk, SARI, request.id, unknown)
    assert done.state is RequestState.HANDED_OVER


def test_a_document_has_no_chip(day: World) -> None:
    request = document_at_counter(day)
    paper = replace(HIMSELF, chip_answers=Answer.NO)
    assert handing_over.hand_over(day.desk, SARI, request.id, paper).state is RequestState.HANDED_OVER


def test_a_result_that_is_not_at_the_counter_is_not_handed_over(day: World) -> None:
    request = day.produced("PINDAH")
    with refused("request.not_allowed"):
        handing_over.hand_over(day.desk, SARI, request.id, HIMSELF)


def test_a_result_is_handed_over_once(day: World) -> None:
    request = document_at_counter(day)
    handing_over.hand_over(day.desk, SARI, request.id, HIMSELF)
    with refused("request.not_allowed"):
        handing_over.hand_over(day.desk, SARI, request.id, HIMSELF)


@pytest.mark.parametrize("actor", [BUDI, AGUS, RATNA, JOKO, TONO])
def test_who_prints_does_not_hand_over(day: World, actor: Actor) -> None:
    request = document_at_counter(day)
    with refused("role.not_allowed"):
        handing_over.hand_over(day.desk, actor, request.id, HIMSELF)
