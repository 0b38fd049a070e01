"""The office's papers behind core.papers.Papers: plain data in, bytes out."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ktpel_desktop.core import period
from ktpel_desktop.core.calibration import Calibration
from ktpel_desktop.core.daily import DailyReport
from ktpel_desktop.core.letters import EscalationLetter, IncompleteNotice, ReadBack, ReferralLetter
from ktpel_desktop.core.office import Office
from ktpel_desktop.core.papers import (
    DestructionMinutes,
    HandOffList,
    HandoverList,
    ReadinessReport,
    ReceiptData,
    RoomMinutes,
)
from ktpel_desktop.core.period import PeriodReport
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.register import StockRegister
from ktpel_desktop.core.subject import Subject
from ktpel_desktop.documents import print_head, receipt_paper
from ktpel_desktop.documents.escp import Form, Pins

if TYPE_CHECKING:
    from ktpel_desktop.documents.card_face import FaceArtist


class PaperWriter:
    """Draws with the templates, fonts and words of `resources` for one office.

    `receipt_mm` is the width of the receipt printer's roll: 58, 76 or 80; `receipt_page` names its code page
    (receipt_paper); `head` names the card printer's dots (resources/kartu/kepala.toml); `form` is the dot-matrix
    printer's, `receipt_on_form` where receipts go there, too. What draws is imported when first needed: the window
    must not wait for Pillow, reportlab and python-escpos to open.
    """

    def __init__(
        self,
        resources: Path,
        office: Office,
        *,
        receipt_mm: int = 80,
        receipt_page: str = "ASCII",
        head: str = print_head.DEFAULT,
        form: Form = Form(Pins.NINE, 22),  # noqa: B008 - frozen
        receipt_on_form: bool = False,
    ) -> None:
        if receipt_mm not in receipt_paper.PAPERS:
            raise ValueError("a receipt roll is 58, 76 or 80 mm wide")
        self._resources = resources
        self._office = office
        self._paper = receipt_paper.PAPERS[receipt_mm]
        self._page = receipt_paper.CODE_PAGES[receipt_page]
        self._head = head
        self._form = form
        self._receipt_on_form = receipt_on_form

    def card_face(self, order: VerifiedOrder) -> CardFace:
        """The face to print. Its date is the day SIAK issued the order, so that a repeated print is the same."""
        issued_on = order.order.issued_at.astimezone(self._office.timezone).date()
        return self._artist.render(order, issued_on=issued_on, training=self._office.training)

    def proof(self, subject: Subject) -> bytes:
        return self._artist.proof(subject, training=self._office.training)

    def face_warnings(self, subject: Subject) -> tuple[str, ...]:
        """Codes of what the operator should look at on the proof: photo, signature, long name. Never a refusal."""
        return self._artist.warnings(subject)

    def test_card(self) -> CardFace:
        """A card of nobody with CONTOH across it: the printer's test."""
        return self._artist.test_card(training=self._office.training)

    def alignment_card(self, name: str, calibration: Calibration, day: date) -> CardFace:
        """Rulers, crosses and patches for one printer and tray, placed by the calibration it tells."""
        from ktpel_desktop.documents.alignment_face import alignment_face  # noqa: PLC0415
        from ktpel_desktop.documents.face_placement import placed  # noqa: PLC0415

        card = alignment_face(self._artist, name, day, calibration, training=self._office.training)
        return placed(card, calibration, may_cut=True)

    def placed(self, face: CardFace, calibration: Calibration) -> CardFace:
        """The face as this printer must be told to put it; one that would lose ink at an edge is refused."""
        from ktpel_desktop.documents.face_placement import placed  # noqa: PLC0415

        return placed(face, calibration)

    def picture(self, face: CardFace) -> bytes:
        """Both layers in one PNG, for the screen."""
        from ktpel_desktop.documents.face_pictures import seen  # noqa: PLC0415

        return seen(face)

    def receipt(self, data: ReceiptData) -> bytes:
        if self._receipt_on_form:
            from ktpel_desktop.documents import form_papers  # noqa: PLC0415

            return form_papers.receipt_form(data, self._office.timezone, self._form)
        from ktpel_desktop.documents import receipt  # noqa: PLC0415

        return receipt.receipt(data, self._office.timezone, self._paper, self._page)

    def hand_off_form(self, told: HandOffList) -> bytes:
        from ktpel_desktop.documents import form_papers  # noqa: PLC0415

        return form_papers.hand_off_form(told, self._office.timezone, self._form)

    def daily_report(self, report: DailyReport) -> bytes:
        from ktpel_desktop.documents import daily_report  # noqa: PLC0415

        return daily_report.daily_report(report, self._resources, self._office.timezone)

    def readiness_report(self, report: ReadinessReport) -> bytes:
        from ktpel_desktop.documents import readiness_report  # noqa: PLC0415

        return readiness_report.readiness_report(report, self._resources)

    def readiness_data(self, report: ReadinessReport) -> bytes:
        from ktpel_desktop.documents import readiness_data  # noqa: PLC0415

        return readiness_data.readiness_data(report)

    def room_minutes(self, minutes: RoomMinutes) -> bytes:
        from ktpel_desktop.documents import room_minutes  # noqa: PLC0415

        return room_minutes.room_minutes(minutes, self._resources, self._office.timezone)

    def period(self, report: PeriodReport, form: period.Form) -> bytes:
        if form is period.Form.PDF:
            from ktpel_desktop.documents import period_report  # noqa: PLC0415

            return period_report.period_report(report, self._resources)
        if form is period.Form.XLSX:
            from ktpel_desktop.documents import period_xlsx  # noqa: PLC0415

            return period_xlsx.period_xlsx(report)
        if form is period.Form.CSV:
            from ktpel_desktop.documents import period_csv  # noqa: PLC0415

            return period_csv.period_csv(report)
        from ktpel_desktop.documents import period_data  # noqa: PLC0415

        return period_data.period_data(report)

    def destruction_minutes(self, told: DestructionMinutes) -> bytes:
        from ktpel_desktop.documents import destruction_minutes  # noqa: PLC0415

        return destruction_minutes.destruction_minutes(told, self._resources, self._office.timezone)

    def hand_off_list(self, told: HandOffList) -> bytes:
        from ktpel_desktop.documents import hand_off_list  # noqa: PLC0415

        return hand_off_list.hand_off_list(told, self._resources, self._office.timezone)

    def copy_of(self, pdf: bytes, copy: int) -> bytes:
        from ktpel_desktop.documents import copy_mark  # noqa: PLC0415

        return copy_mark.copy_of(pdf, copy)

    def incomplete_notice(self, notice: IncompleteNotice) -> bytes:
        from ktpel_desktop.documents import incomplete_notice  # noqa: PLC0415

        return incomplete_notice.incomplete_notice(notice, self._resources)

    def referral_letter(self, letter: ReferralLetter) -> bytes:
        from ktpel_desktop.documents import referral_letter  # noqa: PLC0415

        return referral_letter.referral_letter(letter, self._resources)

    def escalation_letter(self, letter: EscalationLetter) -> bytes:
        from ktpel_desktop.documents import escalation_letter  # noqa: PLC0415

        return escalation_letter.escalation_letter(letter, self._resources)

    def read_back(self, sheet: ReadBack) -> bytes:
        """Spelt as the card will be."""
        from ktpel_desktop.documents import read_back  # noqa: PLC0415

        return read_back.read_back(sheet, self._resources, self._artist.template)

    def handover_list(self, told: HandoverList) -> bytes:
        from ktpel_desktop.documents import handover_list  # noqa: PLC0415

        return handover_list.handover_list(told, self._resources, self._office.timezone)

    def stock_register(self, told: StockRegister) -> bytes:
        from ktpel_desktop.documents import stock_register  # noqa: PLC0415

        return stock_register.stock_register(told, self._resources, self._office.timezone)

    @cached_property
    def _artist(self) -> FaceArtist:
        from ktpel_desktop.documents.card_face import FaceArtist  # noqa: PLC0415

        return FaceArtist(self._resources, head=self._head)
