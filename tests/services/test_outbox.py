"""Deliveries: one bad message never holds up the others, a line that is down stops the round and the clock."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

import ktpel_desktop
from ktpel_desktop.core.errors import Effect, GatewayError
from ktpel_desktop.core.issuance import JobState, SpoilReason
from ktpel_desktop.core.outbox import NO_ENTRY, NO_LINE, Delivery
from ktpel_desktop.core.ports import Reception
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Action
from ktpel_desktop.services import issuing, outbox
from ktpel_desktop.services.outbox import Outcome
from tests.services.office import BUDI, SARI, World, approved, nik

HALF_A_MINUTE = 0.5


def fails(world: World, *errors: GatewayError | None) -> list[str]:
    """SIAK answers the next deliveries so; returns the ids as they are tried."""
    tried: list[str] = []
    answers = list(errors)
    really = world.siak.deliver

    def deliver(item: Delivery) -> Reception:
        tried.append(item.id)
        error = answers.pop(0) if answers else None
        if error is not None:
            raise error
        return really(item)

    setattr(world.siak, "deliver", deliver)  # noqa: B010 - a method for this one object
    return tried


def line(world: World) -> list[str]:
    return [kind for kind in ("siak.offline", "siak.online") for _ in world.events(kind)]


def queued(world: World, number: int) -> list[str]:
    """So many requests, each with its first status, oldest first."""
    found = []
    for place in range(number):
        found.append(f"{world.accepted(resident=nik(place)).id}-S1")
        world.clock.advance(1)
    return found


def test_what_is_due_is_delivered_oldest_first(world: World) -> None:
    ids = queued(world, 3)
    tried = fails(world)
    assert [item.id for item in outbox.waiting(world.desk, SARI)] == ids
    assert outbox.deliver(world.desk, SARI, limit=2) == Outcome(2, 0, 0, 1)
    assert outbox.deliver(world.desk, SARI) == Outcome(1, 0, 0, 0)
    assert outbox.deliver(world.desk, SARI) == Outcome(0, 0, 0, 0)
    assert tried == ids
    assert set(world.siak.statuses) == set(ids)


@pytest.mark.parametrize("code", sorted(NO_ENTRY))
def test_who_is_not_let_in_stops_the_round_without_an_outage(world: World, code: str) -> None:
    ids = queued(world, 3)
    tried = fails(world, GatewayError(code))
    assert outbox.deliver(world.desk, SARI) == Outcome(0, 1, 0, 3)
    assert tried == ids[:1]
    assert line(world) == []


@pytest.mark.parametrize("code", sorted(NO_LINE))
def test_a_line_that_is_down_stops_the_round_and_begins_an_outage(world: World, code: str) -> None:
    ids = queued(world, 3)
    tried = fails(world, GatewayError(code), GatewayError(code))
    assert outbox.deliver(world.desk, SARI) == Outcome(0, 1, 0, 3)
    assert line(world) == ["siak.offline"]
    assert outbox.deliver(world.desk, SARI) == Outcome(0, 1, 0, 3)
    assert line(world) == ["siak.offline"]
    assert tried == ids[:2]
    world.clock.advance(HALF_A_MINUTE)
    assert outbox.deliver(world.desk, SARI) == Outcome(3, 0, 0, 0)
    assert line(world) == ["siak.offline", "siak.online"]


@pytest.mark.parametrize("code", ["siak.timeout", "siak.connection_lost"])
def test_an_answer_that_never_came_is_an_outage_too(world: World, code: str) -> None:
    queued(world, 2)
    fails(world, GatewayError(code, Effect.UNKNOWN))
    assert outbox.deliver(world.desk, SARI) == Outcome(0, 1, 0, 2)
    assert line(world) == ["siak.offline"]


def test_a_refused_delivery_keeps_the_others_going(world: World) -> None:
    ids = queued(world, 3)
    tried = fails(world, None, GatewayError("siak.request_malformed"))
    assert outbox.deliver(world.desk, SARI) == Outcome(2, 0, 1, 1)
    assert tried == ids
    assert line(world) == []
    (kept,) = outbox.waiting(world.desk, SARI)
    assert (kept.id, kept.attempts, kept.last_error) == (ids[1], 1, "siak.request_malformed")


def test_a_failed_delivery_waits_longer_each_time(world: World) -> None:
    queued(world, 1)
    tried = fails(world, *[GatewayError("siak.offline")] * 3)
    for wait in (0.5, 1.0, 2.0):
        outbox.deliver(world.desk, SARI)
        world.clock.advance(wait - 0.1)
        assert outbox.deliver(world.desk, SARI) == Outcome(0, 0, 0, 1)
        world.clock.advance(0.1)
    assert outbox.deliver(world.desk, SARI).delivered == 1
    assert len(tried) == 4


# ---------------------------------------------------------------- cards


def test_a_card_is_issued_when_siak_has_its_result(day: World) -> None:
    job = day.reporting()
    outbox.deliver(day.desk, BUDI)
    assert day.job(job.id).state is JobState.ISSUED
    request = day.get(job.request_id)
    assert (request.state, request.result) == (RequestState.PRODUCED, job.id)
    assert day.siak.issued_for(job.request_id) == [job.id]
    assert day.statuses(job.request_id)[-1] == "PRODUCED"


def test_an_answer_that_comes_twice_changes_nothing(day: World) -> None:
    job = day.reporting()
    (item,) = [one for one in outbox.waiting(day.desk, BUDI) if one.id == job.id]
    outbox.deliver(day.desk, BUDI)
    events = len(day.events("job.ISSUED"))
    outbox._settle(day.desk, BUDI, item)
    assert len(day.events("job.ISSUED")) == events == 1


def withdraw(world: World, job_id: str, request_id: str) -> None:
    leave = approved(Action.DESTROY_SPOILED, request_id)
    issuing.spoil(world.desk, BUDI, job_id, SpoilReason.DAMAGED, leave)


def test_a_withdrawn_card_is_told_under_its_one_id(day: World) -> None:
    job = day.reporting()
    withdraw(day, job.id, job.request_id)
    outbox.deliver(day.desk, BUDI)
    told = day.siak.results[job.id]
    assert (told["outcome"], told["reason"]) == ("SPOILED", "RUSAK_FISIK")
    assert day.job(job.id).state is JobState.SPOILED
    assert day.get(job.request_id).state is RequestState.VERIFIED


def test_a_card_withdrawn_after_siak_heard_of_it_needs_a_person(day: World) -> None:
    """The answer was lost: SIAK holds the card for issued, the office has withdrawn it."""
    job = day.reporting()
    place = [item.id for item in outbox.waiting(day.desk, BUDI)].index(job.id)
    day.siak.faults["deliver"].extend([*[""] * place, "lost_after_acting"])
    outbox.deliver(day.desk, BUDI)
    assert day.job(job.id).state is JobState.REPORTING
    withdraw(day, job.id, job.request_id)
    day.clock.advance(1)
    assert outbox.deliver(day.desk, BUDI).refused == 1
    (kept,) = outbox.waiting(day.desk, BUDI)
    assert (kept.id, kept.last_error) == (job.id, "siak.result_conflict")


def test_a_card_withdrawn_while_its_result_is_on_the_way_is_not_taken_for_told(day: World) -> None:
    job = day.reporting()
    really = day.siak.deliver

    def deliver(item: Delivery) -> Reception:
        answer = really(item)
        if item.id == job.id and item.payload["outcome"] == "ISSUED":
            withdraw(day, job.id, job.request_id)
        return answer

    setattr(day.siak, "deliver", deliver)  # noqa: B010 - a method for this one object
    outbox.deliver(day.desk, BUDI)
    assert day.job(job.id).state is JobState.SPOILED
    (kept,) = [one for one in outbox.waiting(day.desk, BUDI) if one.id == job.id]
    assert kept.payload["outcome"] == "SPOILED"
    assert outbox.deliver(day.desk, BUDI).refused == 1


# ---------------------------------------------------------------- the fake itself


def codes(path: Path) -> set[str]:
    tree: Any = ast.parse(path.read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {text for text in texts if isinstance(text, str) and text.startswith("siak.")}


def test_the_fake_siak_fails_with_codes_that_the_gateway_has() -> None:
    gateway = Path(ktpel_desktop.__file__).parent / "siak"
    real = set().union(*(codes(path) for path in gateway.glob("*.py")))
    assert codes(Path(__file__).with_name("siak_fake.py")) <= real
