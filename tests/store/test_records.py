"""Deliveries, shifts, handovers and room checks by their ports."""

from dataclasses import replace

import pytest

from ktpel_desktop.core.outbox import Delivery, DeliveryKind
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.records import Handover, Shift
from ktpel_desktop.core.room import attested, measured, unknown, waive
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR, OTHER, add_request, later
from tests.store.raw import refusal

TICKET = "TICKET000001"
RESULT = Delivery(
    "J-1", DeliveryKind.PRINT_RESULT, TICKET, MORNING, {"outcome": "ISSUED", "chip_serial": "04AA"}
)


@pytest.fixture
def posted(store: SqlStore) -> SqlStore:
    """A request whose result waits in the outbox."""
    with store.unit(OPERATOR, MORNING) as unit:
        add_request(unit)
        unit.outbox.put(RESULT)
    return store


def test_a_delivery_waits_until_it_has_arrived(posted: SqlStore) -> None:
    with posted.unit(OPERATOR, later(1)) as unit:
        assert unit.outbox.waiting() == [RESULT]
        unit.outbox.failed(RESULT.id, "siak.offline", later(2))
        unit.outbox.failed(RESULT.id, "siak.timeout", later(3))
        tried = replace(RESULT, attempts=2, next_at=later(3), last_error="siak.timeout")
        assert unit.outbox.get(RESULT.id) == tried
    with posted.unit(OPERATOR, later(5)) as unit:
        unit.outbox.delivered(RESULT.id)
        unit.outbox.delivered(RESULT.id)
        unit.outbox.failed(RESULT.id, "siak.timeout", later(9))
        done = replace(tried, delivered_at=later(5))
        assert unit.outbox.get(RESULT.id) == done
        assert unit.outbox.waiting() == []
        assert unit.outbox.of_request(TICKET) == [done]
        kinds = [event.kind for event in unit.events.of(TICKET) if event.kind.startswith("delivery.")]
        assert kinds == ["delivery.queued", "delivery.delivered"]


def test_the_oldest_delivery_comes_first(posted: SqlStore) -> None:
    with posted.unit(OPERATOR, MORNING) as unit:
        for name, minutes in (("c", 2), ("b", 1), ("a", 2)):
            unit.outbox.put(replace(RESULT, id=name, created_at=later(minutes)))
        assert [delivery.id for delivery in unit.outbox.waiting()] == ["J-1", "b", "a", "c"]


def test_the_same_delivery_is_kept_once_and_one_on_the_way_may_be_replaced(posted: SqlStore) -> None:
    withdrawn = replace(RESULT, payload={"outcome": "SPOILED"}, created_at=later(1))
    with posted.unit(OPERATOR, later(1)) as unit:
        unit.outbox.put(RESULT)
        assert len([event for event in unit.events.of(TICKET) if event.kind == "delivery.queued"]) == 1
        unit.outbox.failed(RESULT.id, "siak.offline", later(30))
        unit.outbox.put(withdrawn)
        found = unit.outbox.get(RESULT.id)
        assert (found.payload, found.next_at, found.attempts) == ({"outcome": "SPOILED"}, None, 1)
        unit.outbox.delivered(RESULT.id)
        unit.outbox.put(withdrawn)
        with refusal("outbox.delivered"):
            unit.outbox.put(RESULT)
        with refusal("outbox.delivered"):
            unit.outbox.put(replace(withdrawn, kind=DeliveryKind.STATUS))


def test_an_unknown_delivery_is_told(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        for ask in (unit.outbox.get, unit.outbox.delivered):
            with refusal("outbox.unknown"):
                ask("nobody")
        with refusal("outbox.unknown"):
            unit.outbox.failed("nobody", "siak.offline", MORNING)


def test_shifts_follow_each_other(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        assert (unit.shifts.current(), unit.shifts.latest()) == (None, None)
        with refusal("shift.not_open"):
            unit.shifts.close()
        first = unit.shifts.open()
        assert first == Shift(1, MORNING, "sari", first_event=1)
        assert unit.shifts.current() == unit.shifts.latest() == first
        with refusal("shift.already_open"):
            unit.shifts.open()
    with store.unit(OTHER, later(480)) as unit:
        unit.record("test.more", "x")
        closed = unit.shifts.close(approver="ratna")
        assert closed == replace(first, closed_at=later(480), closed_by="budi", last_event=3)
        head = unit.events.head()
        assert head is not None
        assert (head.seq, head.kind, head.approver) == (3, "shift.closed", "ratna")
        assert (unit.shifts.current(), unit.shifts.latest()) == (None, closed)
        second = unit.shifts.open()
        assert (second.id, second.first_event) == (2, 4)
        assert unit.shifts.latest() == second


def test_a_handover_is_kept_once_and_its_event_names_nobody(posted: SqlStore) -> None:
    told = Handover(
        TICKET, "Ani Lestari", "anak", "KK 3174…", ("KTP lama",), Answer.UNKNOWN, later(9), "sari"
    )
    with posted.unit(OPERATOR, later(9)) as unit:
        assert unit.handover(TICKET) is None
        unit.add_handover(told)
        assert unit.handover(TICKET) == told
        with refusal("handover.exists"):
            unit.add_handover(told)
        head = unit.events.head()
        assert head is not None
        assert head.data == {"relation": "anak", "withdrawn": ["KTP lama"], "chip_answers": "unknown"}


def test_room_checks_come_back_newest_first(store: SqlStore) -> None:
    hot = measured(
        ItemId.TEMPERATURE, 27.25, "°C", at=MORNING, source="TEMPer", evidence=("8001", "ffff"), by="sari"
    )
    area = attested(ItemId.SECURED, holds=True, seen="segel 12", by="sari", at=MORNING)
    dark = unknown(ItemId.POWER_CONDITION, at=later(5))
    waived = waive(replace(dark, blocking=True), by="ratna", reason="UPS dipinjam", at=later(6))
    with store.unit(OPERATOR, MORNING) as unit:
        for check in (hot, area, dark, waived):
            unit.room.add(check)
        unit.room.add(replace(hot, value=24.0, measured_at=MORNING))
    with store.unit(OPERATOR, MORNING) as unit:
        latest = {check.item: check for check in unit.room.latest()}
        assert latest == {
            ItemId.TEMPERATURE: replace(hot, value=24.0),
            ItemId.SECURED: area,
            ItemId.POWER_CONDITION: waived,
        }
        assert unit.room.history(ItemId.TEMPERATURE) == [replace(hot, value=24.0), hot]
        assert unit.room.history("temperature", limit=1) == [replace(hot, value=24.0)]
        assert unit.room.history("area") == []
