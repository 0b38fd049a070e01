"""What the screens show."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ktpel_desktop.core.records import RequestFilter
from ktpel_desktop.core.request import Ageing, Interval, Priority, RequestState, StepStatus
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.services_catalogue import Product
from ktpel_desktop.core.stock import PhysicalCount
from ktpel_desktop.services import handing_over, intake, outbox, queries, shifts, verifying
from ktpel_desktop.services.desk import Desk
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
    nik,
    refused,
)
from tests.services.test_handing_over import HIMSELF

DONE, NOW, WAITING, STOPPED, NOT_YET, SKIPPED = (
    StepStatus.DONE,
    StepStatus.NOW,
    StepStatus.WAITING,
    StepStatus.STOPPED,
    StepStatus.NOT_YET,
    StepStatus.SKIPPED,
)


def close_day(world: World, left: int = BLANKS) -> None:
    shifts.close(world.desk, BUDI, PhysicalCount(left, left, left), second_counter="agus")


# ---------------------------------------------------------------- lists


def test_the_queue_has_lawful_priorities_first(world: World) -> None:
    normal = world.accepted(resident=nik(1))
    world.clock.advance(1)
    elderly = world.accepted(resident=nik(2), priority=Priority.ELDERLY)
    found = queries.queue(world.desk, BUDI, RequestFilter())
    assert [request.id for request in found] == [elderly.id, normal.id]
    assert queries.queue(world.desk, BUDI, RequestFilter(), limit=1, offset=1)[0].id == normal.id


def test_the_counter_sees_what_lies_at_the_counter(day: World) -> None:
    accepted = day.accepted(resident=nik(1))
    day.claimed(resident=nik(2))
    told = day.claimed(resident=nik(3))
    verifying.decide_incomplete(day.desk, BUDI, told.id, ["form_unsigned"])
    made = day.at_counter("PINDAH", nik(4))
    found = queries.counter_queue(day.desk, SARI)
    assert {request.id for request in found} == {accepted.id, told.id, made.id}


@pytest.mark.parametrize("actor", [JOKO, TONO])
def test_who_serves_nobody_sees_no_residents(world: World, actor: Actor) -> None:
    request = world.accepted()
    with refused("role.not_allowed"):
        queries.queue(world.desk, actor, RequestFilter())
    with refused("role.not_allowed"):
        queries.counter_queue(world.desk, actor)
    with refused("role.not_allowed"):
        queries.request_view(world.desk, actor, request.id)


# ---------------------------------------------------------------- one request


def test_a_new_request_stands_at_its_first_step(world: World) -> None:
    request = world.accepted()
    view = queries.request_view(world.desk, SARI, request.id)
    assert view.request == request
    assert view.timeline == (DONE, NOW, *[NOT_YET] * 7)
    assert (view.jobs, view.handover) == ((), None)
    assert [change.state for change in view.history] == [RequestState.ACCEPTED]
    assert [delivery.payload["status"] for delivery in view.deliveries] == ["ACCEPTED"]
    assert {event.subject for event in view.events} == {request.id}
    assert NIK.reveal() not in repr(view)
    assert "SITI" not in repr(view)


def test_a_request_walks_through_the_nine_steps(day: World) -> None:
    request = day.at_counter()
    outbox.deliver(day.desk, BUDI)
    view = queries.request_view(day.desk, SARI, request.id)
    assert view.timeline == (DONE, DONE, DONE, SKIPPED, DONE, DONE, WAITING, DONE, NOT_YET)
    assert len(view.jobs) == 1
    handing_over.hand_over(day.desk, SARI, request.id, HIMSELF)
    handed = queries.request_view(day.desk, SARI, request.id)
    assert handed.timeline == (DONE, DONE, DONE, SKIPPED, DONE, DONE, DONE, NOT_YET, NOT_YET)
    assert handed.handover is not None
    outbox.deliver(day.desk, BUDI)
    close_day(day, BLANKS - 1)
    done = queries.request_view(day.desk, SARI, request.id)
    assert done.timeline == (DONE, DONE, DONE, SKIPPED, *[DONE] * 5)
    shifts.open_shift(day.desk, BUDI)
    assert queries.request_view(day.desk, SARI, request.id).timeline == done.timeline


def test_a_request_of_the_open_day_is_not_reported_yet(day: World) -> None:
    close_day(day)
    shifts.open_shift(day.desk, BUDI)
    request = day.accepted()
    intake.withdraw(day.desk, SARI, request.id, "changed_mind")
    assert queries.request_view(day.desk, SARI, request.id).timeline[8] is NOT_YET


def test_a_request_from_before_the_first_day_is_not_reported_yet(world: World) -> None:
    request = world.accepted()
    intake.withdraw(world.desk, SARI, request.id, "changed_mind")
    assert queries.request_view(world.desk, SARI, request.id).timeline[8] is NOT_YET
    shifts.open_shift(world.desk, BUDI)
    assert queries.request_view(world.desk, SARI, request.id).timeline[8] is NOT_YET
    close_day(world)
    assert queries.request_view(world.desk, SARI, request.id).timeline[8] is DONE


def test_the_clock_stands_while_the_applicant_is_waited_for(world: World) -> None:
    request = world.claimed()
    world.clock.advance(10)
    verifying.decide_incomplete(world.desk, BUDI, request.id, ["form_unsigned"])
    world.clock.moment += timedelta(days=3)
    view = queries.request_view(world.desk, BUDI, request.id)
    assert (view.service_time, view.ageing) == (timedelta(minutes=10), Ageing.IN_TIME)


def test_the_clock_stands_during_an_outage(world: World) -> None:
    request = world.with_operator()
    with world.desk.unit(BUDI) as unit:
        outbox.note_reachable(unit, reachable=False)
    world.clock.advance(60)
    with world.desk.unit(BUDI) as unit:
        outbox.note_reachable(unit, reachable=True)
    world.clock.advance(5)
    view = queries.request_view(world.desk, BUDI, request.id)
    assert view.service_time == timedelta(minutes=5)


def test_an_outage_may_still_last(world: World) -> None:
    with world.desk.unit(BUDI) as unit:
        outbox.note_reachable(unit, reachable=False)
        found = queries.outages(unit.events.of(outbox.SIAK))
    assert found == (Interval(world.clock.now(), None),)


def test_the_ends_of_outages_pair_with_their_beginnings(world: World) -> None:
    with world.desk.unit(BUDI) as unit:
        for kind in (outbox.ONLINE, outbox.OFFLINE, outbox.OFFLINE, outbox.ONLINE, outbox.ONLINE):
            unit.record(kind, outbox.SIAK)
        found = queries.outages(unit.events.of(outbox.SIAK))
    assert found == (Interval(world.clock.now(), world.clock.now()),)


def test_the_clock_of_an_ended_request_stands(world: World) -> None:
    request = world.accepted()
    world.clock.advance(30)
    intake.withdraw(world.desk, SARI, request.id, "changed_mind")
    world.clock.moment += timedelta(days=30)
    view = queries.request_view(world.desk, SARI, request.id)
    assert (view.service_time, view.ageing) == (timedelta(minutes=30), Ageing.IN_TIME)


@pytest.mark.parametrize(
    ("hours", "ageing"),
    [(17, Ageing.IN_TIME), (18, Ageing.DUE_SOON), (24, Ageing.LATE), (14 * 24, Ageing.BEYOND_LAW)],
)
def test_a_request_ages_by_its_service_time(world: World, hours: int, ageing: Ageing) -> None:
    request = world.accepted()
    world.clock.moment += timedelta(hours=hours)
    assert queries.request_view(world.desk, SARI, request.id).ageing is ageing


def test_the_newest_status_counts_as_published(world: World) -> None:
    request = world.accepted()
    outbox.deliver(world.desk, BUDI)
    assert queries.request_view(world.desk, SARI, request.id).timeline[7] is DONE
    intake.hand_to_operator(world.desk, SARI, [request.id], "budi")
    assert queries.request_view(world.desk, SARI, request.id).timeline[7] is NOT_YET


def test_a_request_that_never_told_its_status_is_not_published(world: World) -> None:
    request = world.accepted()
    with world.desk.unit(BUDI) as unit:
        assert unit.outbox.of_request(request.id)
    assert queries._published(()) is False


# ---------------------------------------------------------------- what can be done next

_A, _S = Action, RequestState


def next_for(desk: Desk, actor: Actor, request_id: str) -> tuple[Action, ...]:
    return queries.request_view(desk, actor, request_id).next_actions


def test_the_counter_hands_on_prints_or_withdraws_what_it_accepted(world: World) -> None:
    request = world.accepted()
    assert next_for(world.desk, SARI, request.id) == (
        _A.HAND_FILES_OVER,
        _A.PRINT_RECEIPT,
        _A.CANCEL_REQUEST,
    )
    assert next_for(world.desk, BUDI, request.id) == ()


def test_work_on_a_file_begins_with_a_claim(world: World) -> None:
    request = world.with_operator()
    assert next_for(world.desk, BUDI, request.id) == (_A.CLAIM,)
    verifying.claim(world.desk, BUDI, request.id)
    assert next_for(world.desk, BUDI, request.id) == (_A.VERIFY,)
    assert next_for(world.desk, AGUS, request.id) == (_A.RELEASE_CLAIM,)
    assert next_for(world.desk, SARI, request.id) == ()
    world.clock.advance(31)
    assert next_for(world.desk, BUDI, request.id) == (_A.CLAIM,)


@pytest.mark.parametrize(("service", "action"), [("KTP-BARU", _A.ISSUE), ("PINDAH", _A.MAKE_DOCUMENT)])
def test_a_verified_file_ends_in_a_card_or_a_document(world: World, service: str, action: Action) -> None:
    request = world.verified(service)
    assert next_for(world.desk, BUDI, request.id) == (action,)


@pytest.mark.parametrize(
    ("state", "counter", "room"),
    [
        (_S.INCOMPLETE, (_A.COMPLETE_FILE, _A.CANCEL_REQUEST), ()),
        (_S.WAITING_SIAK, (_A.CANCEL_REQUEST,), (_A.CLAIM,)),
        (_S.WAITING_BLANK, (_A.CANCEL_REQUEST,), (_A.CLAIM,)),
        (_S.PRODUCED, (), (_A.HAND_RESULTS_OVER,)),
        (_S.AT_COUNTER, (_A.HAND_OVER_RESULT,), (_A.DESTROY_SPOILED,)),
        (_S.HANDED_OVER, (), ()),
        (_S.REJECTED, (), ()),
        (_S.CANCELLED, (), ()),
    ],
)
def test_what_is_next_follows_from_state_and_role(
    world: World, state: RequestState, counter: tuple[Action, ...], room: tuple[Action, ...]
) -> None:
    from dataclasses import replace

    request = replace(world.accepted(), state=state)
    now = world.clock.now()
    assert queries.next_actions(SARI, request, Product.CARD, now) == counter
    assert queries.next_actions(BUDI, request, Product.CARD, now) == room
    assert queries.next_actions(RATNA, request, Product.CARD, now) == room
    assert queries.next_actions(JOKO, request, Product.CARD, now) == ()
