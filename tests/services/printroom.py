"""A print room for crash tests: the real store on a file, the simulated bench, SIAK in the process.

`template` plays the morning once (people, blanks, room check, day, one verified request) and leaves its file;
every run starts from a copy of it, so that thousands of runs stay cheap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL

from ktpel_desktop.core.audit import check_chain
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.records import Person
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Actor, Role
from ktpel_desktop.core.stock import Movement, MovementKind
from ktpel_desktop.devices.simulator.cards import Face, Place
from ktpel_desktop.devices.simulator.workbench import Workbench
from ktpel_desktop.services import preflight, shifts, verifying
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.store.server import ServerDatabase
from ktpel_desktop.store.sql_store import SqlStore
from tests.services.desks import MORNING, SettableClock, desk, open_copy
from tests.services.honest import OPERATOR, SUPERVISOR, looks_blank
from tests.services.siak_fake import FakeSiak
from tests.store.database import QUICK
from tests.store.postgres_server import copy_of

REQUEST, OTHER = "AAAAAAAAAAAA", "AAAAAAAAAAAB"
BLANKS = 40
COUNTER = Actor("sari", "Sari Dewi", Role.LOKET, "PC-2")


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
        marked = [card for card in self.bench.cards if not looks_blank(card) and card.serial not in serials]
        named = {job.chip_serial for job in spoiled if job.chip_serial}
        assert all(card.prints <= 1 for card in self.bench.cards)
        assert all(card.prints == 0 or card.serial in named for card in marked)
        assert len(marked) == len([job for job in spoiled if self._was_marked(job.chip_serial)])
        assert (balance.issued, balance.spoiled, balance.open) == (len(wanted), len(spoiled), 0)
        assert balance.left == self.bench.tray + self._blanks_outside()
        assert balance.left == self.blanks - len(wanted) - len(spoiled)

        reported = sorted(key for wanted_id in wanted for key in self.book.issued_for(wanted_id))
        assert reported == sorted(job.id for job in issued)
        assert {key for key, body in self.book.results.items() if body["outcome"] == "SPOILED"} == {
            job.id for job in spoiled
        }
        assert chain.intact

    def _was_marked(self, serial: str | None) -> bool:
        # A faulty blank is spoiled before its serial is known; it is the only kind without one.
        return serial is None or not looks_blank(self.bench.card(serial))

    def _blanks_outside(self) -> int:
        # A blank whose fault nobody has met counts as one: books and hands agree until it is tried.
        return sum(1 for card in self.bench.cards if looks_blank(card) and card.place is not Place.TRAY)


@dataclass(kw_only=True)
class CrashRoom(PrintRoom):
    """A print room whose SIAK is the one in the process."""

    siak: FakeSiak


def build(store: SqlStore, bench: Workbench, clock: SettableClock, siak: FakeSiak) -> CrashRoom:
    return CrashRoom(desk(store, bench, clock, siak), bench, siak, clock, store, siak=siak)


def template(folder: Path, requests: int = 1) -> Path:
    """A store file of an office in mid-morning with `requests` verified requests, claimed by the operator."""
    path = folder / "template.db"
    with SqlStore.open(path, at=MORNING, hasher=QUICK, synchronous="OFF") as store:
        furnish(store, requests)
    return path


def furnish(store: SqlStore, requests: int = 1) -> None:
    """Bring an empty store to mid-morning."""
    clock = SettableClock()
    room = build(store, Workbench(blanks=BLANKS), clock, FakeSiak(clock))
    with room.desk.unit(OPERATOR) as unit:
        unit.people.add(Person(OPERATOR.username, OPERATOR.name, Role.OPERATOR), "kata sandi operator")
        unit.people.add(Person(SUPERVISOR, "Ratna Wulandari", Role.PENYELIA), "kata sandi penyelia")
        unit.stock.add(Movement(MovementKind.OPENING, BLANKS, "BA-1", MORNING, OPERATOR.username, SUPERVISOR))
    shifts.open_shift(room.desk, OPERATOR)
    preflight.run(room.desk, OPERATOR)
    for number in range(requests):
        with room.desk.unit(COUNTER) as unit:
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
        with room.desk.unit(OPERATOR) as unit:
            unit.requests.move(moved, RequestState.VERIFIED)
        verifying.claim(room.desk, OPERATOR, request.id)


def copy(source: Path, folder: Path) -> CrashRoom:
    """A print room of its own on a copy of the template."""
    store, clock = open_copy(source, folder)
    return build(store, Workbench(blanks=BLANKS), clock, FakeSiak(clock))


def on_server(source: URL) -> CrashRoom:
    """A print room of its own on a copy of a furnished database of the server."""
    store = SqlStore(ServerDatabase.open(copy_of(source)), QUICK)
    clock = SettableClock(MORNING + timedelta(minutes=1))
    return build(store, Workbench(blanks=BLANKS), clock, FakeSiak(clock))
