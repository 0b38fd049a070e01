"""The office's papers behind core.ports.Papers: plain data in, bytes out."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ktpel_desktop.core.office import Office
from ktpel_desktop.core.ports import CardFace, DailyReport, ReceiptData
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.subject import Subject

if TYPE_CHECKING:
    from ktpel_desktop.documents.card_face import FaceArtist


class PaperWriter:
    """Draws with the templates, fonts and words of `resources` for one office.

    `receipt_mm` is the width of the receipt printer's roll: 58 or 80. What draws is imported when first needed:
    the window must not wait for Pillow, reportlab and python-escpos to open.
    """

    def __init__(self, resources: Path, office: Office, *, receipt_mm: int = 80) -> None:
        if receipt_mm not in (58, 80):
            raise ValueError("a receipt roll is 58 or 80 mm wide")
        self._resources = resources
        self._office = office
        self._receipt_mm = receipt_mm

    def card_face(self, order: VerifiedOrder) -> CardFace:
        """The face to print. Its date is the day SIAK issued the order, so that a repeated print is the same."""
        issued_on = order.order.issued_at.astimezone(self._office.timezone).date()
        return self._artist.render(order, issued_on=issued_on, training=self._office.training)

    def proof(self, subject: Subject) -> bytes:
        return self._artist.proof(subject, training=self._office.training)

    def receipt(self, data: ReceiptData) -> bytes:
        from ktpel_desktop.documents import receipt  # noqa: PLC0415

        paper = receipt.MM58 if self._receipt_mm == 58 else receipt.MM80
        return receipt.receipt(data, self._office.timezone, paper)

    def daily_report(self, report: DailyReport) -> bytes:
        from ktpel_desktop.documents import daily_report  # noqa: PLC0415

        return daily_report.daily_report(report, self._resources, self._office.timezone)

    @cached_property
    def _artist(self) -> FaceArtist:
        from ktpel_desktop.documents.card_face import FaceArtist  # noqa: PLC0415

        return FaceArtist(self._resources)
