"""Receipts: printed, copied, kept and printed later; whatever the printer does, the request is in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ktpel_desktop.core.errors import Effect
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import intake, receipts
from ktpel_desktop.services.receipts import WAITING_LIST, LateOutcome, ReceiptOutcome
from tests.services.office import BUDI, JOKO, SARI, World, nik, refused


def numbers(world: World) -> list[str]:
    return [request.number for request in receipts.waiting(world.desk, SARI)]


def fails(world: World, request_id: str, fault: str = "receipt_off") -> ReceiptOutcome:
    world.bench.faults.script(fault)
    return receipts.print_receipt(world.desk, SARI, request_id)


def why(outcome: ReceiptOutcome | LateOutcome) -> tuple[str, Effect]:
    assert outcome.failure is not None
    return outcome.failure.code, outcome.failure.effect


def test_a_receipt_masks_the_resident_and_lists_what_is_missing(world: World) -> None:
    request = world.accepted("KTP-RUSAK", documents=frozenset({"KTP-RUSAK"}))
    data = receipts.receipt_data(world.desk, SARI, request.id)
    assert (data.number, data.ticket, data.service) == ("A-001", request.id, "KTP-el karena rusak")
    assert (data.name_masked, data.nik_masked) == ("S••• R•••••", "3171••••••••9901")
    assert data.documents == ("KTP-el yang rusak",)
    assert data.missing == ("Fotokopi Kartu Keluarga (KK)",)
    assert data.promised_at == request.accepted_at + timedelta(hours=24)
    assert (data.copy, data.training) == (0, True)


def test_a_receipt_is_printed_and_journalled(world: World) -> None:
    request = world.accepted()
    outcome = receipts.print_receipt(world.desk, SARI, request.id)
    assert (outcome.printed, outcome.failure, outcome.data) == (True, None, request.id.encode())
    assert world.events("receipt.printed") == [(request.id, {"copy": 0})]
    assert numbers(world) == []


def test_each_further_print_is_a_copy(world: World) -> None:
    request = world.accepted()
    for _ in range(3):
        receipts.print_receipt(world.desk, SARI, request.id)
    assert [data["copy"] for _, data in world.events("receipt.printed")] == [0, 1, 2]


def test_a_printer_that_is_off_never_stops_the_counter(world: World) -> None:
    request = world.accepted()
    outcome = fails(world, request.id)
    assert (outcome.printed, why(outcome)) == (False, ("receipt.off", Effect.NONE))
    told = {"copy": 0, "error": "receipt.off", "effect": "none"}
    assert world.events("receipt.failed") == [(request.id, told)]
    assert world.events("receipt.waiting") == [(WAITING_LIST, {"request": request.id})]
    assert world.get(request.id) == request


def test_a_receipt_that_waited_is_printed_later_and_is_no_copy(world: World) -> None:
    first, second = world.accepted(), world.accepted(resident=nik(2))
    for request in (first, second, first):
        fails(world, request.id)
    assert numbers(world) == [first.number, second.number]
    assert receipts.print_waiting(world.desk, SARI) == LateOutcome((first.number, second.number), 0)
    assert numbers(world) == []
    assert [data["copy"] for _, data in world.events("receipt.printed")] == [0, 0]
    assert receipts.print_waiting(world.desk, SARI) == LateOutcome((), 0)


def test_printing_later_stops_at_the_first_that_fails(world: World) -> None:
    made = [world.accepted(resident=nik(number)) for number in range(3)]
    for request in made:
        fails(world, request.id)
    world.bench.faults.script("receipt_no_paper")
    outcome = receipts.print_waiting(world.desk, SARI)
    assert (outcome.printed, outcome.left, outcome.failed) == ((), 3, made[0].number)
    assert why(outcome) == ("receipt.no_paper", Effect.NONE)
    assert numbers(world) == [request.number for request in made]


def test_of_a_torn_receipt_nobody_knows_and_the_next_is_a_copy(world: World) -> None:
    request = world.accepted()
    outcome = fails(world, request.id, "receipt_torn")
    assert (outcome.printed, why(outcome)) == (False, ("receipt.torn", Effect.UNKNOWN))
    assert numbers(world) == []
    assert receipts.receipt_data(world.desk, SARI, request.id).copy == 1


def test_a_waiting_receipt_that_tears_waits_no_longer(world: World) -> None:
    request = world.accepted()
    fails(world, request.id)
    world.bench.faults.script("receipt_torn")
    outcome = receipts.print_waiting(world.desk, SARI)
    assert (outcome.left, outcome.failed) == (0, request.number)
    assert why(outcome) == ("receipt.torn", Effect.UNKNOWN)
    assert numbers(world) == []


def test_a_copy_that_could_not_be_printed_waits_as_a_copy(world: World) -> None:
    request = world.accepted()
    receipts.print_receipt(world.desk, SARI, request.id)
    fails(world, request.id)
    receipts.print_waiting(world.desk, SARI)
    assert [data["copy"] for _, data in world.events("receipt.printed")] == [0, 1]


def test_printing_from_the_request_itself_ends_the_waiting(world: World) -> None:
    request = world.accepted()
    fails(world, request.id)
    receipts.print_receipt(world.desk, SARI, request.id)
    assert numbers(world) == []


def test_a_request_that_has_ended_needs_no_receipt(world: World) -> None:
    request = world.accepted()
    fails(world, request.id)
    intake.withdraw(world.desk, SARI, request.id, "changed_mind")
    assert numbers(world) == []
    assert receipts.print_waiting(world.desk, SARI) == LateOutcome((), 0)


def test_what_waits_outlives_the_program(world: World) -> None:
    request = world.accepted()
    fails(world, request.id)
    with type(world.store).open(world.store.path, at=world.clock.now()) as store:
        desk = replace(world.desk, store=store)
        assert receipts.waiting(desk, SARI) == (request,)
        assert receipts.print_waiting(desk, SARI) == LateOutcome((request.number,), 0)
    assert numbers(world) == []


@pytest.mark.parametrize("actor", [BUDI, JOKO])
def test_only_the_counter_prints_receipts(world: World, actor: Actor) -> None:
    request = world.accepted()
    for act in (
        lambda: receipts.print_receipt(world.desk, actor, request.id),
        lambda: receipts.receipt_data(world.desk, actor, request.id),
        lambda: receipts.waiting(world.desk, actor),
        lambda: receipts.print_waiting(world.desk, actor),
    ):
        with refused("role.not_allowed"):
            act()
    assert world.events("receipt.printed") == []
