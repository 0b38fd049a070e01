"""An office for tests of the use cases: the real store on a file, people with roles, SIAK and devices in the process.

Days are played in fast motion: `World` has one verb for each stretch of a request's way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from ktpel_desktop.core.daily import DailyReport
from ktpel_desktop.core.errors import DeviceError, Effect, GatewayError, PolicyError
from ktpel_desktop.core.issuance import Job, JobState
from ktpel_desktop.core.letters import EscalationLetter, IncompleteNotice, ReadBack, ReferralLetter
from ktpel_desktop.core.nik import FamilyCardNumber, Nik
from ktpel_desktop.core.papers import (
    DestructionMinutes,
    HandOffList,
    HandoverList,
    ReadinessReport,
    RoomMinutes,
)
from ktpel_desktop.core.period import Form, PeriodReport
from ktpel_desktop.core.ports import Answer, Health, Reading, SiakRecord
from ktpel_desktop.core.records import Person
from ktpel_desktop.core.register import StockRegister
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Action, Actor, Role
from ktpel_desktop.core.stock import Movement, MovementKind
from ktpel_desktop.core.thermometer import AirSensor
from ktpel_desktop.devices.simulator.workbench import Workbench
from ktpel_desktop.services import handing_over, intake, issuing, preflight, shifts, verifying
from ktpel_desktop.services.approvals import Approval
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.intake import Application
from ktpel_desktop.store.sql_store import SqlStore
from tests.services.desks import MORNING, PlainPapers, SettableClock, desk, open_copy
from tests.services.honest import HonestOperator
from tests.services.siak_fake import FakeSiak
from tests.store.database import QUICK

TODAY = date(2026, 11, 23)
BLANKS = 20
PASSWORD = "kata sandi yang panjang"

SARI = Actor("sari", "Sari Dewi", Role.LOKET, "PC-2")
DIAN = Actor("dian", "Dian Puspita", Role.LOKET, "PC-2")
BUDI = Actor("budi", "Budi Santoso", Role.OPERATOR, "PC-1")
AGUS = Actor("agus", "Agus Salim", Role.OPERATOR, "PC-3")
RATNA = Actor("ratna", "Ratna Wulandari", Role.PENYELIA, "PC-1")
JOKO = Actor("joko", "Joko Lurah", Role.PEMANTAU, "PC-9")
TONO = Actor("tono", "Tono Admin", Role.ADMIN, "PC-9")
PEOPLE = (SARI, DIAN, BUDI, AGUS, RATNA, JOKO, TONO)
GONE = "lina"
"""Username of a counter officer whose account is no longer active."""

NIK = Nik.parse("3171015205909901")
KK = FamilyCardNumber.parse("3171012001150007")
NAME = "SITI RAHAYU"
BIODATA = {
    "NAMA_LGKP": NAME,
    "NO_KK": KK.reveal(),
    "TGL_LHR": "1990-05-12",
    "JENIS_KLMIN": "PEREMPUAN",
    "STATUS_KAWIN": "KAWIN",
}


def nik(number: int) -> Nik:
    """NIK of the n-th resident, all of them women born on 12 May 1990."""
    return Nik.parse(f"317101520590{number + 1:04d}")


class Siak(FakeSiak):
    """What the look-up says can be set; `down` makes SIAK unreachable."""

    def __init__(self, clock: SettableClock) -> None:
        super().__init__(clock)
        self.enrolment = "PRINT_READY_RECORD"
        self.fields: Mapping[str, str] = BIODATA
        self.down = False

    def look_up(self, nik: Nik) -> SiakRecord:
        if self.down:
            raise GatewayError("siak.offline", Effect.NONE)
        return SiakRecord(nik, self.fields, self.enrolment)


class Pages(PlainPapers):
    """Reports that a printer takes for PDF."""

    def daily_report(self, report: DailyReport) -> bytes:
        return b"%PDF-" + super().daily_report(report)

    def readiness_report(self, report: ReadinessReport) -> bytes:
        return b"%PDF-" + super().readiness_report(report)

    def room_minutes(self, minutes: RoomMinutes) -> bytes:
        return b"%PDF-" + super().room_minutes(minutes)

    def handover_list(self, told: HandoverList) -> bytes:
        return b"%PDF-" + super().handover_list(told)

    def stock_register(self, told: StockRegister) -> bytes:
        return b"%PDF-" + super().stock_register(told)

    def period(self, report: PeriodReport, form: Form) -> bytes:
        return (b"%PDF-" if form is Form.PDF else b"") + super().period(report, form)

    def destruction_minutes(self, told: DestructionMinutes) -> bytes:
        return b"%PDF-" + super().destruction_minutes(told)

    def hand_off_list(self, told: HandOffList) -> bytes:
        return b"%PDF-" + super().hand_off_list(told)

    def incomplete_notice(self, notice: IncompleteNotice) -> bytes:
        return b"%PDF-" + super().incomplete_notice(notice)

    def referral_letter(self, letter: ReferralLetter) -> bytes:
        return b"%PDF-" + super().referral_letter(letter)

    def escalation_letter(self, letter: EscalationLetter) -> bytes:
        return b"%PDF-" + super().escalation_letter(letter)

    def read_back(self, sheet: ReadBack) -> bytes:
        return b"%PDF-" + super().read_back(sheet)


class Gauge:
    """A sensor that says what it was told to say."""

    def __init__(
        self,
        value: float,
        unit: str,
        error: Exception | None = None,
        evidence: str = "mentah",
        air: AirSensor | None = None,
    ) -> None:
        self.value, self.unit, self.error, self.evidence, self.air = value, unit, error, evidence, air

    def health(self) -> Health:
        return Health(Answer.YES)

    def read(self) -> Reading:
        if self.error is not None:
            raise self.error
        return Reading(self.value, self.unit, "alat uji", self.evidence, self.air)


def broken(code: str) -> DeviceError:
    return DeviceError(code, Effect.NONE)


def approved(action: Action, subject: str, actor: Actor = BUDI, by: Actor = RATNA) -> Approval:
    """Leave as `approvals.approve` gives it; how it is come by is tested with that function."""
    return Approval(action, subject, actor.username, by.username)


@dataclass
class World:
    """One office with its people, devices and SIAK."""

    desk: Desk
    clock: SettableClock
    siak: Siak
    bench: Workbench
    store: SqlStore

    def application(self, service: str = "KTP-BARU", resident: Nik = NIK, **changes: object) -> Application:
        needs = self.desk.catalogue.get(service).requirements
        documents = frozenset(need.code for need in needs if need.mandatory)
        plain = Application(service, resident, KK, NAME, "0812 3456 789", documents)
        return replace(plain, **changes)  # type: ignore[arg-type]

    def accepted(self, service: str = "KTP-BARU", resident: Nik = NIK, **changes: object) -> Request:
        return intake.accept(self.desk, SARI, self.application(service, resident, **changes))

    def with_operator(self, service: str = "KTP-BARU", resident: Nik = NIK, **changes: object) -> Request:
        request = self.accepted(service, resident, **changes)
        return intake.hand_to_operator(self.desk, SARI, [request.id], BUDI.username)[0]

    def claimed(self, service: str = "KTP-BARU", resident: Nik = NIK, **changes: object) -> Request:
        request = self.with_operator(service, resident, **changes)
        return verifying.claim(self.desk, BUDI, request.id)

    def verified(self, service: str = "KTP-BARU", resident: Nik = NIK, **changes: object) -> Request:
        request = self.claimed(service, resident, **changes)
        verifying.look_up(self.desk, BUDI, request.id)
        return verifying.decide_complete(self.desk, BUDI, request.id)

    def reserved(self, resident: Nik = NIK) -> Job:
        request = self.verified(resident=resident)
        return issuing.reserve(self.desk, BUDI, request.id)[0]

    def encoded(self, resident: Nik = NIK) -> Job:
        job = self.reserved(resident)
        self.blank_on_reader()
        return self.encode(job)

    def printed(self, resident: Nik = NIK) -> Job:
        job = self.encoded(resident)
        self.bench.move_to_printer(job.chip_serial)
        return self.print_card(job)

    def unknown(self, resident: Nik = NIK, fault: str = "printed_answer_lost") -> Job:
        """A job whose print nobody can tell of."""
        job = self.encoded(resident)
        self.bench.move_to_printer(job.chip_serial)
        self.bench.faults.script(fault)
        job = self.print_card(job)
        assert job.state is JobState.PRINT_UNKNOWN
        return job

    def reporting(self, resident: Nik = NIK) -> Job:
        job = self.printed(resident)
        self.on_reader(job)
        return issuing.check_printed(self.desk, BUDI, job.id, face_ok=True)

    def encode(self, job: Job) -> Job:
        order = issuing.order_for(self.desk, BUDI, job.id)
        return issuing.encode(self.desk, BUDI, job.id, order, lambda share: None)

    def print_card(self, job: Job, out_of_hours: Approval | None = None) -> Job:
        order = issuing.order_for(self.desk, BUDI, job.id)
        return issuing.print_card(self.desk, BUDI, job.id, order, out_of_hours=out_of_hours)

    def blank_on_reader(self) -> str:
        """Serial of the blank that was laid there."""
        return self.bench.put_on_reader(self.bench.take_blank()).serial

    def on_reader(self, job: Job) -> None:
        """The card of a job lies there."""
        assert job.chip_serial is not None
        self.bench.put_on_reader(job.chip_serial)

    def job(self, job_id: str) -> Job:
        with self.desk.unit(BUDI) as unit:
            return unit.jobs.get(job_id)

    def produced(self, service: str = "KTP-BARU", resident: Nik = NIK, **changes: object) -> Request:
        request = self.verified(service, resident, **changes)
        if service.startswith("KTP"):
            HonestOperator(self.bench).issue(self.desk, request.id)
            return self.get(request.id)
        return verifying.make_document(self.desk, BUDI, request.id, "REG-1")

    def at_counter(self, service: str = "KTP-BARU", resident: Nik = NIK, **changes: object) -> Request:
        request = self.produced(service, resident, **changes)
        return handing_over.hand_to_counter(self.desk, BUDI, [request.id], SARI.username)[0]

    def get(self, request_id: str) -> Request:
        with self.desk.unit(BUDI) as unit:
            return unit.requests.get(request_id)

    def states(self, request_id: str) -> list[RequestState]:
        with self.desk.unit(BUDI) as unit:
            return [change.state for change in unit.requests.history(request_id)]

    def events(self, kind: str) -> list[tuple[str, Mapping[str, object]]]:
        """Subject and data of every event of a kind."""
        with self.desk.unit(BUDI) as unit:
            return [(event.subject, event.data) for event in unit.events.all() if event.kind == kind]

    def statuses(self, request_id: str) -> list[str]:
        """Statuses put into the outbox for the website."""
        with self.desk.unit(BUDI) as unit:
            return [
                item.payload["status"]
                for item in unit.outbox.of_request(request_id)
                if "status" in item.payload
            ]

    def open_day(self) -> None:
        shifts.open_shift(self.desk, BUDI)
        preflight.run(self.desk, BUDI)

    def with_sensors(self, **sensors: Gauge) -> Desk:
        return replace(self.desk, sensors=sensors)


def template(folder: Path) -> Path:
    """A store file of an office with people and blanks, before its first day."""
    path = folder / "template.db"
    opening = Movement(MovementKind.OPENING, BLANKS, "BA-1", MORNING, BUDI.username, RATNA.username)
    with SqlStore.open(path, at=MORNING, hasher=QUICK, synchronous="OFF") as store:
        with store.unit(TONO, MORNING) as unit:
            for actor in PEOPLE:
                unit.people.add(Person(actor.username, actor.name, actor.role), PASSWORD)
            unit.people.add(Person(GONE, "Lina", Role.LOKET, active=False), PASSWORD)
        with store.unit(BUDI, MORNING) as unit:
            unit.stock.add(opening)
    return path


def copy(source: Path, folder: Path) -> World:
    """A world of its own on a copy of the template."""
    store, clock = open_copy(source, folder)
    siak, bench = Siak(clock), Workbench(blanks=BLANKS)
    return World(desk(store, bench, clock, siak, Pages()), clock, siak, bench, store)


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[PolicyError]]:
    """The block must be refused with exactly this code, and the refusal must name no resident."""
    with pytest.raises(PolicyError) as error:
        yield error
    assert error.value.code == code, f"{error.value} instead of {code}"
    assert not any(secret in str(error.value) for secret in ("SITI", NIK.reveal(), KK.reveal()))
