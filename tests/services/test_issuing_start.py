"""Who may begin or print a card, and when: the rule that Grogol Selatan taught (domain.md 0)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ktpel_desktop.core.errors import DeviceError, GatewayError
from ktpel_desktop.core.issuance import Job, JobState, SpoilReason
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.services import issuing, outbox, preflight, stock, verifying
from ktpel_desktop.services.approvals import Approval
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

EVENING = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # 20.00 WIB
BEFORE_OPENING = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # Tuesday, 06.00 WIB
OPENING = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # 07.30 WIB


def late(request_id: str, actor: Actor = BUDI) -> Approval:
    return approved(Action.PRINT_OUT_OF_HOURS, request_id, actor)


def at(world: World, moment: datetime) -> None:
    """Time has come to this moment; on a new day the room is checked first."""
    new_day = moment.date() != world.clock.moment.date() or moment == BEFORE_OPENING
    world.clock.moment = moment
    if new_day:
        preflight.run(world.desk, BUDI)


def in_printer(world: World) -> Job:
    """A job reserved and encoded in hours, its card in the printer."""
    job = world.encoded()
    world.bench.move_to_printer(job.chip_serial)
    return job


# ---------------------------------------------------------------- the hour


@pytest.mark.parametrize("moment", [EVENING, BEFORE_OPENING])
def test_a_card_begun_in_hours_is_not_next_copy_opening_by_one_person(day: World, moment: datetime) -> None:
    job = in_printer(day)
    at(day, moment)
    with refused("approval.missing") as error:
        day.print_card(job)
    assert error.value.params == {"action": "print_out_of_hours"}
    assert day.job(job.id).state is JobState.ENCODED
    assert day.bench.counter == 0


@pytest.mark.parametrize("moment", [EVENING, BEFORE_OPENING])
def test_two_persons_may_print_out_of_hours_and_both_are_journalled(day: World, moment: datetime) -> None:
    job = in_printer(day)
    at(day, moment)
    assert day.print_card(job, late(job.request_id)).state is JobState.PRINTED
    with day.desk.unit(BUDI) as unit:
        (intent,) = [event for event in unit.events.of(job.request_id) if event.kind == "job.PRINTING"]
    assert (intent.actor, intent.approver) == ("budi", "ratna")


def test_from_opening_on_one_person_prints(day: World) -> None:
    job = in_printer(day)
    at(day, BEFORE_OPENING)
    at(day, OPENING)
    assert day.print_card(job).state is JobState.PRINTED
    with day.desk.unit(BUDI) as unit:
        assert {event.approver for event in unit.events.of(job.request_id)} == {None}


def test_leave_for_the_evening_is_for_one_request_and_one_person(day: World) -> None:
    job = in_printer(day)
    at(day, EVENING)
    for leave in (late("OTHER"), late(job.request_id, AGUS), approved(Action.REPRINT, job.request_id)):
        with refused("approval.for_another"):
            day.print_card(job, leave)
    assert day.bench.counter == 0


def test_a_card_is_not_begun_out_of_hours_by_one_person(day: World) -> None:
    day.clock.moment = EVENING
    preflight.run(day.desk, BUDI)
    request = day.verified()
    with refused("approval.missing"):
        issuing.reserve(day.desk, BUDI, request.id)
    assert day.siak.orders == {}
    job, _ = issuing.reserve(day.desk, BUDI, request.id, out_of_hours=late(request.id))
    assert day.events("issuing.approved") == [(request.id, {"job": job.id, "action": "print_out_of_hours"})]


def test_a_reprint_out_of_hours_records_both_leaves(day: World) -> None:
    job = day.reserved()
    day.bench.put_on_reader(day.bench.take_blank())
    issuing.spoil(day.desk, BUDI, job.id, SpoilReason.FACTORY_FAULT)
    day.clock.moment = EVENING
    verifying.claim(day.desk, BUDI, job.request_id)
    reprint, night = approved(Action.REPRINT, job.request_id), late(job.request_id)
    with refused("approval.missing") as error:
        issuing.reserve(day.desk, BUDI, job.request_id, reprint=reprint)
    assert error.value.params == {"action": "print_out_of_hours"}
    with refused("approval.missing") as error:
        issuing.reserve(day.desk, BUDI, job.request_id, out_of_hours=night)
    assert error.value.params == {"action": "reprint"}
    second, _ = issuing.reserve(day.desk, BUDI, job.request_id, reprint=reprint, out_of_hours=night)
    with day.desk.unit(BUDI) as unit:
        told = [event for event in unit.events.of(job.request_id) if event.kind == "issuing.approved"]
    assert [(event.data["action"], event.data["job"], event.approver) for event in told] == [
        ("print_out_of_hours", second.id, "ratna"),
        ("reprint", second.id, "ratna"),
    ]


# ---------------------------------------------------------------- the room, the day, the blanks


def test_no_card_is_begun_or_printed_while_no_day_is_open(world: World) -> None:
    request = world.verified()
    with refused("issuing.no_shift"):
        issuing.reserve(world.desk, BUDI, request.id)


def test_an_unchecked_room_begins_no_card(day: World) -> None:
    job = in_printer(day)
    day.clock.moment = OPENING
    with refused("issuing.room_blocks") as error:
        day.print_card(job)
    assert error.value.params == {"items": "not_checked"}
    assert day.job(job.id).state is JobState.ENCODED


def test_a_room_that_failed_prints_no_card_until_two_persons_answer_for_it(day: World) -> None:
    request = day.verified()
    preflight.attest(day.desk, BUDI, ItemId.CABINET_LOCKED, False, "kunci patah")
    with day.desk.unit(BUDI) as unit:
        blocking = preflight.blocks_printing(day.desk, unit)
    assert blocking
    with refused("issuing.room_blocks") as error:
        issuing.reserve(day.desk, BUDI, request.id)
    assert error.value.params == {"items": ", ".join(blocking)}
    for item in blocking:
        leave = approved(Action.WAIVE_ROOM, ItemId(item).value)
        preflight.waive(day.desk, BUDI, item, "kipas dipasang", leave)
    assert issuing.reserve(day.desk, BUDI, request.id)[0].state is JobState.RESERVED


def test_without_a_blank_no_order_is_asked_for(day: World) -> None:
    request = day.verified()
    stock.give_back(day.desk, BUDI, BLANKS, "BAST-1")
    with refused("issuing.no_blank"):
        issuing.reserve(day.desk, BUDI, request.id)
    assert day.siak.orders == {}


# ---------------------------------------------------------------- the request


def test_a_document_is_no_card(day: World) -> None:
    request = day.verified("PINDAH")
    with refused("issuing.not_a_card"):
        issuing.reserve(day.desk, BUDI, request.id)


@pytest.mark.parametrize("state", ["accepted", "with_operator", "claimed", "produced"])
def test_only_a_verified_file_becomes_a_card(day: World, state: str) -> None:
    request = getattr(day, state)()
    with refused("issuing.not_verified"):
        issuing.reserve(day.desk, BUDI, request.id)


def test_only_who_holds_the_file_begins_its_card(day: World) -> None:
    request = day.verified()
    with refused("issuing.claim_needed"):
        issuing.reserve(day.desk, AGUS, request.id)
    day.clock.advance(31)
    with refused("issuing.claim_needed"):
        issuing.reserve(day.desk, BUDI, request.id)
    verifying.release(day.desk, BUDI, request.id)
    with refused("issuing.claim_needed"):
        issuing.reserve(day.desk, BUDI, request.id)


def test_a_request_has_one_job_at_a_time(day: World) -> None:
    job = day.reserved()
    with refused("issuing.job_open"):
        issuing.reserve(day.desk, BUDI, job.request_id)


def test_a_second_card_of_a_request_takes_two(day: World) -> None:
    job = day.encoded()
    issuing.spoil(day.desk, BUDI, job.id, SpoilReason.DAMAGED)
    with refused("approval.missing"):
        issuing.reserve(day.desk, BUDI, job.request_id)
    leave = approved(Action.REPRINT, job.request_id)
    second, _ = issuing.reserve(day.desk, BUDI, job.request_id, reprint=leave)
    assert second.id == f"{job.request_id}-2"


def test_a_cancelled_job_makes_no_reprint(day: World) -> None:
    job = day.reserved()
    assert issuing.cancel(day.desk, BUDI, job.id).state is JobState.CANCELLED
    assert issuing.reserve(day.desk, BUDI, job.request_id)[0].id == f"{job.request_id}-2"
    assert stock.balance(day.desk, BUDI).left == BLANKS - 1


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_the_counter_prints_nothing(day: World, actor: Actor) -> None:
    job = day.reserved()
    order = issuing.order_for(day.desk, BUDI, job.id)
    for act in (
        lambda: issuing.reserve(day.desk, actor, job.request_id),
        lambda: issuing.order_for(day.desk, actor, job.id),
        lambda: issuing.cancel(day.desk, actor, job.id),
        lambda: issuing.encode(day.desk, actor, job.id, order, lambda share: None),
        lambda: issuing.print_card(day.desk, actor, job.id, order),
        lambda: issuing.check_printed(day.desk, actor, job.id, face_ok=True),
        lambda: issuing.spoil(day.desk, actor, job.id, SpoilReason.DAMAGED),
        lambda: issuing.interrupted(day.desk, actor),
    ):
        with refused("role.not_allowed"):
            act()


def test_a_penyelia_may_print(day: World) -> None:
    request = day.with_operator()
    verifying.claim(day.desk, RATNA, request.id)
    verifying.look_up(day.desk, RATNA, request.id)
    verifying.decide_complete(day.desk, RATNA, request.id)
    assert issuing.reserve(day.desk, RATNA, request.id)[0].created_by == "ratna"


# ---------------------------------------------------------------- the order


def test_an_order_that_siak_does_not_give_costs_no_blank(day: World) -> None:
    request = day.verified()
    day.siak.faults["print_order"].append("refused")
    with pytest.raises(GatewayError):
        issuing.reserve(day.desk, BUDI, request.id)
    assert stock.balance(day.desk, BUDI).left == BLANKS


def test_a_face_that_cannot_be_drawn_costs_no_blank(day: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request = day.verified()

    def too_long(*_: object) -> None:
        raise DeviceError("face.does_not_fit")

    monkeypatch.setattr(type(day.desk.papers), "card_face", too_long)
    with pytest.raises(DeviceError):
        issuing.reserve(day.desk, BUDI, request.id)
    assert stock.balance(day.desk, BUDI).left == BLANKS


def test_an_order_that_changed_is_refused_at_every_step(day: World) -> None:
    job, order = issuing.reserve(day.desk, BUDI, day.verified().id)
    other, theirs = issuing.reserve(day.desk, BUDI, day.verified(resident=nik(2)).id)
    assert order.order.nik == NIK
    with refused("order.content_changed"):
        issuing.encode(day.desk, BUDI, job.id, theirs, lambda share: None)
    with refused("order.content_changed"):
        issuing.print_card(day.desk, BUDI, job.id, theirs)
    day.siak.orders[other.id] = "ORDER-99"
    with refused("order.content_changed") as error:
        issuing.order_for(day.desk, BUDI, other.id)
    assert error.value.params == {"order": other.order_id}


def test_the_same_job_meets_the_same_order_again(day: World) -> None:
    request = day.verified()
    day.siak.faults["print_order"].append("lost_after_acting")
    with pytest.raises(GatewayError):
        issuing.reserve(day.desk, BUDI, request.id)
    job, order = issuing.reserve(day.desk, BUDI, request.id)
    assert day.siak.orders == {job.id: order.order.order_id}
    outbox.deliver(day.desk, BUDI)
