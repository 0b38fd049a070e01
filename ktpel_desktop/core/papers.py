"""The office's papers: what stands on each, as plain data, and the port that sets it in type.

The same data always gives the same bytes. `copy` of a paper is how often it was printed before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from ktpel_desktop.core.calibration import Calibration
from ktpel_desktop.core.daily import DailyReport
from ktpel_desktop.core.destruction import Cause, Deed
from ktpel_desktop.core.letters import EscalationLetter, IncompleteNotice, ReadBack, ReferralLetter
from ktpel_desktop.core.office import Office
from ktpel_desktop.core.period import Form, PeriodReport
from ktpel_desktop.core.placement import PlacedDevice
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.core.power_capacity import Budget, Capacity, Fit
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.readiness import Application, OfficeReadiness
from ktpel_desktop.core.register import StockRegister
from ktpel_desktop.core.room import RoomVerdict
from ktpel_desktop.core.subject import Subject


@dataclass(frozen=True, slots=True, repr=False)
class ReceiptData:
    """What stands on an applicant's receipt: never a full NIK or name."""

    office: str
    number: str
    ticket: str
    service: str
    name_masked: str
    nik_masked: str
    accepted_at: datetime
    promised_at: datetime
    documents: tuple[str, ...]
    missing: tuple[str, ...]
    status_url: str
    complaints: str
    copy: int = 0
    training: bool = False


@dataclass(frozen=True, slots=True)
class ReadinessReport:
    """Whether the office is ready and what stands there, for Sudin and Dinas. No residents' data.

    `needed` is what the register draws, `supply` what was declared (None before), `by` who made the report.
    """

    office: Office
    at: datetime
    by: str
    found: OfficeReadiness
    application: Application
    register: Sequence[PlacedDevice]
    needed: Budget
    supply: Capacity | None
    fit: Fit
    copy: int = 0


@dataclass(frozen=True, slots=True)
class RoomMinutes:
    """The minutes of the room check: every item as it counted at `at`, with its value, source and waiver.

    `by` is who walked through the room that day, empty where nobody did yet.
    """

    office: str
    place: str
    at: datetime
    verdict: RoomVerdict
    by: str
    training: bool
    copy: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class HandedFile:
    """One line of a hand-off list: never a full NIK or name; `papers` are the documents in the file."""

    number: str
    ticket: str
    service: str
    name_masked: str
    nik_masked: str
    papers: int


@dataclass(frozen=True, slots=True)
class HandOffList:
    """What `giver` gave to `receiver` (names) at `at`: files to an operator, or results to the counter.

    `number` is the journal's, `copy` how often it was printed before.
    """

    office: str
    place: str
    number: int
    at: datetime
    giver: str
    receiver: str
    to_operator: bool
    files: Sequence[HandedFile]
    copy: int
    training: bool


@dataclass(frozen=True, slots=True, repr=False)
class DestroyedCard:
    """One line of the destruction minutes: never a full NIK or name; `chip_serial` is empty where none is known."""

    number: str
    ticket: str
    name_masked: str
    nik_masked: str
    chip_serial: str
    cause: Cause


@dataclass(frozen=True, slots=True, repr=False)
class DestructionMinutes:
    """The minutes of one destruction (SE 470.13/11176/SJ). `recorder` and `approver` are names, the latter the
    penyelia's; `copy` is how often they were printed before.
    """

    office: str
    kelurahan: str
    title: str
    at: datetime
    deed: Deed
    recorder: str
    approver: str
    cards: Sequence[DestroyedCard]
    copy: int
    training: bool


@dataclass(frozen=True, slots=True, repr=False)
class HandedOver:
    """One line of a handover list: `relation` is a code, `withdrawn` how many old papers were given up."""

    number: str
    service: str
    name_masked: str
    nik_masked: str
    collector_masked: str
    relation: str
    withdrawn: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class HandoverList:
    """Results that were handed to applicants on one working day; `number` is its shift."""

    office: str
    place: str
    number: int
    opened_at: datetime
    results: Sequence[HandedOver]
    copy: int
    training: bool


class Papers(Protocol):
    """Bytes of papers and card faces from plain data; the same data always gives the same bytes."""

    def card_face(self, order: VerifiedOrder) -> CardFace: ...
    def placed(self, face: CardFace, calibration: Calibration) -> CardFace:
        """The face where this printer must be told to put it. Raises PolicyError "face.placement_cuts"."""
        ...

    def alignment_card(self, name: str, calibration: Calibration, day: date) -> CardFace:
        """Rulers and crosses for the printer or tray `name`, so placed; it tells the day and the numbers."""
        ...

    def picture(self, face: CardFace) -> bytes:
        """PNG of both layers as the eye sees them on the card, for the screen."""
        ...

    def proof(self, subject: Subject) -> bytes:
        """PNG of the face with CONTOH over it, never printable as a card."""
        ...

    def test_card(self) -> CardFace:
        """A card of nobody, marked as a test: what the printer makes of text, photo and signature."""
        ...

    def face_warnings(self, subject: Subject) -> tuple[str, ...]:
        """Codes of what a person should look at on the proof: photo, signature, long name. Never a refusal."""
        ...

    def receipt(self, data: ReceiptData) -> bytes:
        """Bytes for the printer of receipts: ESC/POS, or ESC/P where receipts go on continuous form."""
        ...

    def daily_report(self, report: DailyReport) -> bytes:
        """PDF, A4."""
        ...

    def readiness_report(self, report: ReadinessReport) -> bytes:
        """PDF, A4."""
        ...

    def readiness_data(self, report: ReadinessReport) -> bytes:
        """JSON by resources/laporan/kesiapan.schema.json."""
        ...

    def period(self, report: PeriodReport, form: Form) -> bytes:
        """PDF (A4), XLSX, CSV, or JSON by resources/laporan/periode.schema.json."""
        ...

    def room_minutes(self, minutes: RoomMinutes) -> bytes:
        """PDF, A4."""
        ...

    def destruction_minutes(self, told: DestructionMinutes) -> bytes:
        """PDF, A4."""
        ...

    def hand_off_list(self, told: HandOffList) -> bytes:
        """PDF, A4."""
        ...

    def stock_register(self, told: StockRegister) -> bytes:
        """PDF, A4 on its side."""
        ...

    def handover_list(self, told: HandoverList) -> bytes:
        """PDF, A4."""
        ...

    def hand_off_form(self, told: HandOffList) -> bytes:
        """ESC/P bytes for the dot-matrix printer."""
        ...

    def copy_of(self, pdf: bytes, copy: int) -> bytes:
        """A paper that was printed before, each of its pages marked as the copy of this number."""
        ...

    def incomplete_notice(self, notice: IncompleteNotice) -> bytes:
        """PDF, A5."""
        ...

    def referral_letter(self, letter: ReferralLetter) -> bytes:
        """PDF, A4."""
        ...

    def escalation_letter(self, letter: EscalationLetter) -> bytes:
        """PDF, A4."""
        ...

    def read_back(self, sheet: ReadBack) -> bytes:
        """PDF, A5, with CONTOH across. Raises PolicyError "face.character_unknown", "face.text_missing"."""
        ...
