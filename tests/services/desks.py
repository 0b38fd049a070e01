"""What every office of these tests stands on: clock, ids, papers, simulated devices, and the real store on a file."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from ktpel_desktop.core import ticket
from ktpel_desktop.core.calibration import Calibration
from ktpel_desktop.core.daily import DailyReport
from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.core.letters import EscalationLetter, IncompleteNotice, ReadBack, ReferralLetter
from ktpel_desktop.core.office import Office
from ktpel_desktop.core.papers import (
    DestructionMinutes,
    HandOffList,
    HandoverList,
    Papers,
    ReadinessReport,
    ReceiptData,
    RoomMinutes,
)
from ktpel_desktop.core.period import Form, PeriodReport
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.register import StockRegister
from ktpel_desktop.core.subject import Subject
from ktpel_desktop.devices.simulator.card_printer import SimulatedCardPrinter
from ktpel_desktop.devices.simulator.chip import SimulatedChip
from ktpel_desktop.devices.simulator.dot_matrix_printer import SimulatedDotMatrixPrinter
from ktpel_desktop.devices.simulator.page_printer import SimulatedPagePrinter
from ktpel_desktop.devices.simulator.receipt_printer import SimulatedReceiptPrinter
from ktpel_desktop.devices.simulator.workbench import Workbench
from ktpel_desktop.resource_files import load_catalogue, load_consumables, load_regions
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.store.sql_store import SqlStore
from tests.services.siak_fake import PROFILE, FakeSiak, TestAuthority
from tests.store.database import QUICK

WIB = timezone(timedelta(hours=7), "WIB")
MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday, 08.00 WIB
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
        self.made += 1
        return ticket.from_number(self.made)


class PlainPapers:
    """Papers with the least that the journal needs; what they look like is tested in tests/documents."""

    def card_face(self, order: VerifiedOrder) -> CardFace:
        return CardFace(order.order.digest.encode(), b"black", 300)

    def placed(self, face: CardFace, calibration: Calibration) -> CardFace:
        return face

    def alignment_card(self, name: str, calibration: Calibration, day: date) -> CardFace:
        return CardFace(f"{name} {calibration} {day}".encode(), b"black", 300)

    def picture(self, face: CardFace) -> bytes:
        return face.colour + face.black

    def proof(self, subject: Subject) -> bytes:
        return b"proof"

    def test_card(self) -> CardFace:
        return CardFace(b"test", b"black", 300)

    def face_warnings(self, subject: Subject) -> tuple[str, ...]:
        return ()

    def receipt(self, data: ReceiptData) -> bytes:
        return data.ticket.encode()

    def daily_report(self, report: DailyReport) -> bytes:
        return f"{report.chain_head}{_copy(report.copy)}".encode()

    def readiness_report(self, report: ReadinessReport) -> bytes:
        return f"{report.found.readiness} {len(report.register)}{_copy(report.copy)}".encode()

    def readiness_data(self, report: ReadinessReport) -> bytes:
        return f"{{{report.found.stage}}}".encode()

    def period(self, report: PeriodReport, form: Form) -> bytes:
        return f"{form} {report}".encode()

    def handover_list(self, told: HandoverList) -> bytes:
        return f"penyerahan {told.number} {len(told.results)} salinan {told.copy}".encode()

    def stock_register(self, told: StockRegister) -> bytes:
        return f"buku blangko {told.month:%m-%Y} {told.before} {told.after} salinan {told.copy}".encode()

    def destruction_minutes(self, told: DestructionMinutes) -> bytes:
        return f"{told.title} {len(told.cards)} {told.copy}".encode()

    def hand_off_list(self, told: HandOffList) -> bytes:
        return f"{told.number} {len(told.files)} {told.copy}".encode()

    def hand_off_form(self, told: HandOffList) -> bytes:
        return self.hand_off_list(told)

    def incomplete_notice(self, notice: IncompleteNotice) -> bytes:
        return f"{notice.number} {notice.reasons} {notice.lacking} {notice.copy}".encode()

    def referral_letter(self, letter: ReferralLetter) -> bytes:
        return f"{letter.letter} {letter.referral} {letter.nik} {letter.copy}".encode()

    def escalation_letter(self, letter: EscalationLetter) -> bytes:
        return f"{letter.letter} {len(letter.stuck)} {letter.copy}".encode()

    def read_back(self, sheet: ReadBack) -> bytes:
        return f"{sheet.number} {sheet.copy}".encode()

    def room_minutes(self, minutes: RoomMinutes) -> bytes:
        return f"{minutes.by} {minutes.verdict.readiness}{_copy(minutes.copy)}".encode()

    def copy_of(self, pdf: bytes, copy: int) -> bytes:
        return pdf + _copy(copy).encode()


def _copy(copy: int) -> str:
    return f" ke-{copy}" if copy else ""


class MemoryArchive:
    """An archive that can be told to refuse."""

    def __init__(self) -> None:
        self.papers: dict[str, bytes] = {}
        self.full = False

    def keep(self, paper: bytes, form: str, year: int) -> str:
        if self.full:
            raise StoreError("archive.not_written", folder=str(year), cause="penuh")
        digest = hashlib.sha256(paper).hexdigest()
        self.papers[digest] = paper
        return digest

    def read(self, digest: str) -> bytes:
        if digest not in self.papers:
            raise StoreError("archive.missing", digest=digest)
        if hashlib.sha256(self.papers[digest]).hexdigest() != digest:
            raise StoreError("archive.altered", digest=digest)
        return self.papers[digest]


def desk(
    store: SqlStore,
    bench: Workbench,
    clock: SettableClock,
    siak: FakeSiak,
    papers: Papers | None = None,
) -> Desk:
    chip = SimulatedChip(bench, chunks=3)
    return Desk(
        office=OFFICE,
        catalogue=load_catalogue(),
        consumables=load_consumables(),
        regions=load_regions(),
        store=store,
        clock=clock,
        ids=CountedIds(),
        siak=siak,
        authority=TestAuthority(),
        profile=PROFILE,
        chip=chip,
        check_chip=chip,
        card_printer=SimulatedCardPrinter(bench),
        receipt_printer=SimulatedReceiptPrinter(bench.faults),
        page_printer=SimulatedPagePrinter(bench.faults),
        sensors={},
        papers=papers or PlainPapers(),
        archive=MemoryArchive(),
        dot_matrix=SimulatedDotMatrixPrinter(bench.faults),
    )


def open_copy(source: Path, folder: Path) -> tuple[SqlStore, SettableClock]:
    """A store of its own on a copy of a template. Durability is not what these tests are about."""
    path = folder / "office.db"
    for old in folder.glob("office.db*"):
        old.unlink()
    shutil.copyfile(source, path)
    store = SqlStore.open(path, at=MORNING, hasher=QUICK, synchronous="OFF")
    return store, SettableClock(MORNING + timedelta(minutes=1))
