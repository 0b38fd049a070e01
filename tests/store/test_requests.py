"""Requests by their port: moves, leases, numbers, the queue and the search box."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from ktpel_desktop.core.nik import FamilyCardNumber
from ktpel_desktop.core.records import RequestFilter
from ktpel_desktop.core.request import Claim, Priority, Request, RequestState, StateChange
from ktpel_desktop.core.ticket import from_number
from ktpel_desktop.store import queue
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR, OTHER, add_request, later, nik
from tests.store.raw import refusal

_S = RequestState
TICKET = "TICKET000001"


def test_a_request_comes_back_as_it_was_taken(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        request = add_request(
            unit,
            kk=FamilyCardNumber.parse("3174041501150001"),
            phone="0812",
            documents=frozenset({"KK", "AKTA"}),
            priority=Priority.ELDERLY,
            name="NI MADE 'OKA' Ñ",
        )
    with store.unit(OTHER, MORNING) as unit:
        assert unit.requests.get(request.id) == request
        with refusal("request.exists"):
            add_request(unit)
        with refusal("request.unknown"):
            unit.requests.get("nobody")


def test_no_nik_and_no_name_is_in_an_event(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        request = add_request(unit, kk=FamilyCardNumber.parse("3174041501150001"), phone="08123")
        request = unit.requests.move(request, _S.WITH_OPERATOR, reasons=("kk_missing",), data={"to": "budi"})
        unit.requests.claim(request, later(5))
        told = " ".join(f"{event.kind} {event.subject} {event.data}" for event in unit.events.all())
    for secret in (nik().reveal(), "SITI", "3174041501150001", "08123"):
        assert secret not in told


def test_moves_carry_reasons_and_result_and_are_the_history(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        request = add_request(unit)
    with store.unit(OTHER, later(1)) as unit:
        request = unit.requests.move(request, _S.WITH_OPERATOR, data={"from_name": "sari"})
        request = unit.requests.move(
            request, _S.INCOMPLETE, reasons=["kk_missing", "photo"], approver="ratna"
        )
        assert request.reasons == ("kk_missing", "photo")
        head = unit.events.head()
        assert head is not None
        assert (head.kind, head.approver) == ("request.INCOMPLETE", "ratna")
        assert head.data == {"from": "WITH_OPERATOR", "reasons": ["kk_missing", "photo"]}
    with store.unit(OPERATOR, later(2)) as unit:
        request = unit.requests.move(request, _S.ACCEPTED, result="x")
        assert (request.reasons, request.result) == ((), "x")
        request = unit.requests.move(request, _S.WITH_OPERATOR)
        assert request.result == "x"
        assert unit.requests.get(TICKET) == request
        assert unit.requests.history(TICKET) == [
            StateChange(_S.ACCEPTED, MORNING, "sari"),
            StateChange(_S.WITH_OPERATOR, later(1), "budi"),
            StateChange(_S.INCOMPLETE, later(1), "budi"),
            StateChange(_S.ACCEPTED, later(2), "sari"),
            StateChange(_S.WITH_OPERATOR, later(2), "sari"),
        ]


def test_a_request_that_moved_meanwhile_is_refused(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        request = add_request(unit)
        unit.requests.move(request, _S.WITH_OPERATOR)
        head = unit.events.head()
        with refusal("request.moved_meanwhile"):
            unit.requests.move(request, _S.CANCELLED)
        with refusal("request.moved_meanwhile"):
            unit.requests.set_documents(request, frozenset({"KK"}))
        assert unit.events.head() == head


def test_documents_are_told_once(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        request = unit.requests.set_documents(add_request(unit), frozenset({"KK", "AKTA"}))
        head = unit.events.head()
        assert head is not None
        assert (head.kind, head.data) == ("request.documents", {"documents": ["AKTA", "KK"]})
        assert unit.requests.set_documents(request, request.documents) == unit.requests.get(TICKET)
        assert unit.events.head() == head
        assert len(unit.requests.history(TICKET)) == 1


def test_a_claim_is_a_lease(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        request = unit.requests.claim(add_request(unit), later(30))
        assert request.claim == Claim("sari", later(30))
        assert unit.requests.get(TICKET) == request
    with store.unit(OTHER, later(29)) as unit:
        with refusal("request.claimed"):
            unit.requests.claim(request, later(60))
        with refusal("request.claimed"):
            unit.requests.release(request)
    with store.unit(OPERATOR, later(29)) as unit:  # renewed by its holder, which is no news
        head = unit.events.head()
        unit.requests.claim(request, later(59))
        assert unit.events.head() == head
    with store.unit(OTHER, later(59)) as unit:  # run out
        assert unit.requests.claim(request, later(90)).claim == Claim("budi", later(90))
        assert [event.actor for event in unit.events.of(TICKET) if event.kind == "claim.taken"] == [
            "sari",
            "budi",
        ]


def test_a_lease_is_released_by_its_holder_or_by_two(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        request = unit.requests.claim(add_request(unit), later(30))
        assert unit.requests.release(request).claim is None
        head = unit.events.head()
        assert unit.requests.release(request).claim is None
        assert unit.events.head() == head
        unit.requests.claim(request, later(30))
    with store.unit(OTHER, later(1)) as unit:
        assert unit.requests.release(request, approver="ratna").claim is None
        head = unit.events.head()
        assert head is not None
        assert (head.kind, head.data, head.approver) == ("claim.released", {"holder": "sari"}, "ratna")


def test_numbers_run_per_day_and_prefix(store: SqlStore) -> None:
    def take(prefix: str, ticket: str, minutes: float) -> str:
        with store.unit(OPERATOR, later(minutes)) as unit:
            day = MORNING.replace(hour=17) - timedelta(days=1)  # midnight in Jakarta
            day += timedelta(days=int(minutes // 1440))
            number = unit.requests.next_number(prefix, day)
            add_request(unit, ticket, number=number)
            return number

    assert [take("A", f"T{count}", count) for count in range(3)] == ["A-001", "A-002", "A-003"]
    assert take("AB", "T3", 3) == "AB-001"
    assert take("A", "T4", 4) == "A-004"
    assert take("A", "T5", 1440) == "A-001"


def test_the_thousandth_number_follows_the_999th(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        add_request(unit, "T1", number="A-999")
        add_request(unit, "T2", number="A-1000")
        assert unit.requests.next_number("A", MORNING - timedelta(hours=8)) == "A-1001"


@pytest.fixture
def queued(store: SqlStore) -> SqlStore:
    """Five requests: E is lawfully first, D has ended, C is claimed."""
    with store.unit(OPERATOR, MORNING) as unit:
        for place, (letter, name) in enumerate(
            {"A": "SITI AMINAH", "B": "Siti Rahayu", "C": "BUDI", "D": "SIT", "E": "ÉLAN"}.items()
        ):
            add_request(
                unit,
                letter * 3,
                name=name,
                number=f"A-00{place}",
                nik=nik(place + 1),
                accepted_at=later(10 - place),
                service="KTP_RUSAK" if letter == "B" else "KTP_BARU",
                priority=Priority.DISABLED if letter == "A" else Priority.NORMAL,
            )
        unit.requests.move(unit.requests.get("DDD"), _S.CANCELLED)
        unit.requests.claim(unit.requests.move(unit.requests.get("CCC"), _S.WITH_OPERATOR), later(60))
    return store


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (RequestFilter(), "AEDCB"),
        (RequestFilter(open_only=True), "AECB"),
        (RequestFilter(states=frozenset({_S.CANCELLED})), "D"),
        (RequestFilter(states=frozenset({_S.CANCELLED, _S.ACCEPTED})), "AEDB"),
        (RequestFilter(states=frozenset({_S.CANCELLED}), open_only=True), ""),
        (RequestFilter(claimed_by="sari"), "C"),
        (RequestFilter(service="KTP_RUSAK"), "B"),
        (RequestFilter(text="siti"), "AB"),
        (RequestFilter(text="  SiTi   rah "), "B"),
        (RequestFilter(text="sit"), "ADB"),
        (RequestFilter(text="aminah"), ""),
        (RequestFilter(text="É"), "E"),
        (RequestFilter(text="a-003"), "D"),
        (RequestFilter(text=nik(3).reveal()), "C"),
        (RequestFilter(text="3174 0415 0190 0003"), "C"),
        (RequestFilter(text="%"), ""),
        (RequestFilter(text="sit", open_only=True, service="KTP_BARU"), "A"),
        (RequestFilter(text="' OR 1=1 --"), ""),
    ],
)
def test_the_queue_and_the_search_box(queued: SqlStore, wanted: RequestFilter, found: str) -> None:
    with queued.unit(OPERATOR, MORNING) as unit:
        assert "".join(request.id[0] for request in unit.requests.find(wanted)) == found


def test_a_ticket_is_found_as_it_is_typed(store: SqlStore) -> None:
    code = from_number(123456789)
    with store.unit(OPERATOR, MORNING) as unit:
        add_request(unit, code)
        typed = f"{code[:4]}-{code[4:8]} {code[8:]}".lower()
        assert [request.id for request in unit.requests.find(RequestFilter(text=typed))] == [code]


def test_pages_of_the_queue(queued: SqlStore) -> None:
    with queued.unit(OPERATOR, MORNING) as unit:
        pages = [unit.requests.find(RequestFilter(), limit=2, offset=offset) for offset in (0, 2, 4)]
        assert [[request.id[0] for request in page] for page in pages] == [["A", "E"], ["D", "C"], ["B"]]


def test_counts_and_what_a_resident_has_open(queued: SqlStore) -> None:
    with queued.unit(OPERATOR, MORNING) as unit:
        assert unit.requests.count() == {_S.ACCEPTED: 3, _S.WITH_OPERATOR: 1, _S.CANCELLED: 1}
        add_request(unit, "FFF", nik=nik(1), service="KIA")

        def ids(found: object) -> list[str]:
            assert isinstance(found, list)
            return sorted(request.id for request in found if isinstance(request, Request))

        assert ids(unit.requests.open_of(nik(1))) == ["AAA", "FFF"]
        assert ids(unit.requests.open_of(nik(1), "KIA")) == ["FFF"]
        assert ids(unit.requests.open_of(nik(4))) == []


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (RequestFilter(), "USING INDEX request_all"),
        (RequestFilter(open_only=True), "USING INDEX request_open"),
        (RequestFilter(states=frozenset({_S.VERIFIED})), "USING INDEX request_queue (state=?)"),
        (RequestFilter(claimed_by="sari"), "USING INDEX request_claimed"),
        (RequestFilter(text="A-001"), "request_number"),
        (RequestFilter(text="siti"), "request_name"),
        (RequestFilter(text=nik().reveal()), "request_nik"),
    ],
)
def test_every_list_is_answered_by_an_index(store: SqlStore, wanted: RequestFilter, index: str) -> None:
    statement, asked = queue.search(wanted)
    with store.database.engine.connect() as connection:
        statement.run(connection, limit=1, offset=0, **asked)
        sql, fixed = statement._compiled["sqlite"]
    with closing(sqlite3.connect(store.path)) as db:
        steps = db.execute(
            f"EXPLAIN QUERY PLAN {sql}", {**fixed, **asked, "limit": 1, "offset": 0}
        ).fetchall()
    plan = "; ".join(step[3] for step in steps)
    assert index in plan
    assert "SCAN request USING INDEX" in plan or "SCAN request" not in plan
    if not (wanted.text or wanted.claimed_by):
        assert "TEMP B-TREE" not in plan
