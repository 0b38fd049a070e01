"""A print room for crash tests: the real store on a file, the simulated bench, SIAK in the process.

`template` plays the morning once (people, blanks, room check, day, one verified request) and leaves its file;
every run starts from a copy of it, so that thousands of runs stay cheap.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Protocol

from argon2 import PasswordHasher

from ktpel_desktop.core.audit import check_chain
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.office import Office
from ktpel_desktop.core.ports import CardFace, DailyReport, ReceiptData, Sensor
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.records import Person
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Actor, Role
from ktpel_desktop.core.stock import Movement, MovementKind
from ktpel_desktop.core.subject import Subject
from ktpel_desktop.devices.simulator.card_printer import SimulatedCardPrinter
from ktpel_desktop.devices.simulator.cards import Face, Place
from ktpel_desktop.devices.simulator.chip import SimulatedChip
from ktpel_desktop.devices.simulator.page_printer import SimulatedPagePrinter
from ktpel_desktop.devices.simulator.receipt_printer import SimulatedReceiptPrinter
from ktpel_desktop.devices.simulator.workbench import Workbench
from ktpel_desktop.resource_files import load_catalogue, load_regions
from ktpel_desktop.services import preflight, shifts, verifying
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.store.sql_store import SqlStore
from tests.services.honest import OPERATOR, SUPERVISOR
from tests.services.siak_fake import FakeSiak, TestAuthority

WIB = timezone(timedelta(hours=7), "WIB")
MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
REQUEST, OTHER = "AAAAAAAAAAAA", "AAAAAAAAAAAB"
BLANKS = 40
COUNTER = Actor("sari", "Sari Dewi", Role.LOKET, "PC-2")
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
OFFICE = Office(
    "Satpel Dukcapil",
    "3171011001",
    "Gambir",
    "Gambir",
    "Jakarta Pusat",
    "PROVINSI DKI JAKARTA",
    WIB,
    training=True,
)


class SettableClock:
    def __init__(self, moment: datetime = MORNING) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def advance(self, minutes: float) -> None:
        self.moment += timedelta(minutes=minutes)


class CountedIds:
    def __init__(self) -> None:
        self.made = 0

    def ticket(self) -> str:
        from ktpel_desktop.core import ticket

        self.made += 1
        return ticket.from_number(self.made)


class PlainPapers:
    """Papers with the least that the journal needs; what they look like is tested in tests/documents."""

    def card_face(self, order: VerifiedOrder) -> CardFace:
        return CardFace(order.order.digest.encode(), b"black", 300)

    def proof(self, subject: Subject) -> bytes:
        return b"proof"

    def receipt(self, data: ReceiptData) -> bytes:
        return data.ticket.encode()

    def daily_report(self, report: DailyReport) -> bytes:
        return report.chain_head.encode()


class ResultBook(Protocol):
    """What SIAK was told."""

    @property
    def results(self) -> Mapping[str, Mapping[str, str]]: ...
    def issued_for(self, request_id: str) -> list[str]: ...


@dataclass
class PrintRoom:
    """One office with its world."""

    desk: Desk
    bench: Workbench
    book: ResultBook
    clock: SettableClock
    store: SqlStore
    blanks: int = BLANKS

    def assert_accounted(self, *request_ids: str) -> None:
        """Each request has exactly one good card and one report; every other card touched is booked as spoiled."""
        wanted = request_ids or (REQUEST,)
        with self.desk.unit(OPERATOR) as unit:
            jobs = [job for request_id in wanted for job in unit.jobs.of_request(request_id)]
            balance = unit.stock.balance()
            chain = check_chain(unit.events.all())
            states = {unit.requests.get(request_id).state for request_id in wanted}
        issued = [job for job in jobs if job.state is JobState.ISSUED]
        spoiled = [job for job in jobs if job.state is JobState.SPOILED]
        assert states == {RequestState.PRODUCED}
        assert {job.state for job in jobs} <= {JobState.ISSUED, JobState.SPOILED, JobState.CANCELLED}
        assert sorted(job.request_id for job in issued) == sorted(wanted)
        for job in issued:
            assert job.chip_serial is not None
            good = self.bench.card(job.chip_serial)
            assert good.face is Face.FULL
            assert (good.tag, good.prints) == (job.id, 1)
            assert good.memory == job.digest
            assert good.locked

        serials = {job.chip_serial for job in issued}
        marked = [card for card in self.bench.cards if not card.untouched and card.serial not in serials]
        named = {job.chip_serial for job in spoiled if job.chip_serial}
        assert all(card.prints <= 1 for card in self.bench.cards)
        assert all(card.prints == 0 or card.serial in named for card in marked)
        assert len(marked) == len([job for job in spoiled if self._was_marked(job.chip_serial)])
        assert (balance.issued, balance.spoiled, balance.open) == (len(wanted), len(spoiled), 0)
        assert balance.left == self.bench.tray + self._untouched_outside()
        assert balance.left == self.blanks - len(wanted) - len(spoiled)

        reported = sorted(key for wanted_id in wanted for key in self.book.issued_for(wanted_id))
        assert reported == sorted(job.id for job in issued)
        assert {key for key, body in self.book.results.items() if body["outcome"] == "SPOILED"} == {
            job.id for job in spoiled
        }
        assert chain.intact

    def _was_marked(self, serial: str | None) -> bool:
        # A faulty blank is spoiled before its serial is known; it is the only kind without one.
        return serial is None or not self.bench.card(serial).untouched

    def _untouched_outside(self) -> int:
        return sum(1 for card in self.bench.cards if card.untouched and card.place is not Place.TRAY)


@dataclass(kw_only=True)
class CrashRoom(PrintRoom):
    """A print room whose SIAK is the one in the process."""

    siak: FakeSiak


def build(store: SqlStore, bench: Workbench, clock: SettableClock, siak: FakeSiak) -> CrashRoom:
    sensors: Mapping[str, Sensor] = {}
    desk = Desk(
        office=OFFICE,
        catalogue=load_catalogue(),
        regions=load_regions(),
        store=store,
        clock=clock,
        ids=CountedIds(),
        siak=siak,
        authority=TestAuthority(),
        chip=SimulatedChip(bench, chunks=3),
        card_printer=SimulatedCardPrinter(bench),
        receipt_printer=SimulatedReceiptPrinter(bench.faults),
        page_printer=SimulatedPagePrinter(bench.faults),
        sensors=sensors,
        papers=PlainPapers(),
    )
    return CrashRoom(desk, bench, siak, clock, store, siak=siak)


def template(folder: Path, requests: int = 1) -> Path:
    """A store file of an office in mid-morning with `requests` verified requests, claimed by the operator."""
    path = folder / "template.db"
    clock = SettableClock()
    with SqlStore.open(path, at=MORNING, hasher=CHEAP, synchronous="OFF") as store:
        room = build(store, Workbench(blanks=BLANKS), clock, FakeSiak(clock))
        desk = room.desk
        with desk.unit(OPERATOR) as unit:
            unit.people.add(Person(OPERATOR.username, OPERATOR.name, Role.OPERATOR), "kata sandi operator")
            unit.people.add(Person(SUPERVISOR, "Ratna Wulandari", Role.PENYELIA), "kata sandi penyelia")
            unit.stock.add(
                Movement(MovementKind.OPENING, BLANKS, "BA-1", MORNING, OPERATOR.username, SUPERVISOR)
            )
        shifts.open_shift(desk, OPERATOR)
        preflight.run(desk, OPERATOR)
        for number in range(requests):
            with desk.unit(COUNTER) as unit:
                nik = Nik.parse(f"317101520590{9901 + number}")
                request = Request(
                    (REQUEST, OTHER)[number],
                    f"A-{number + 1:03}",
                    "KTP-BARU",
                    nik,
                    "SITI RAHAYU",
                    MORNING,
                    "sari",
                )
                unit.requests.add(request)
                moved = unit.requests.move(request, RequestState.WITH_OPERATOR)
            with desk.unit(OPERATOR) as unit:
                unit.requests.move(moved, RequestState.VERIFIED)
            verifying.claim(desk, OPERATOR, request.id)
    return path


def copy(source: Path, folder: Path) -> CrashRoom:
    """A print room of its own on a copy of the template. Durability is not what these runs test."""
    path = folder / "room.db"
    for old in folder.glob("room.db*"):
        old.unlink()
    shutil.copyfile(source, path)
    store = SqlStore.open(path, at=MORNING, hasher=CHEAP, synchronous="OFF")
    clock = SettableClock(MORNING + timedelta(minutes=1))
    return build(store, Workbench(blanks=BLANKS), clock, FakeSiak(clock))
