"""The head of the audit chain as a QR code, to be compared with the chain itself at any later time."""

from __future__ import annotations

from typing import Any

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from ktpel_desktop.documents import report_page as page

QUIET_ZONE = 4
"""White modules around the code (ISO/IEC 18004)."""


class ChainCode(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """A square of `side` points with what core.audit.Anchor reads back."""

    def __init__(self, text: str, side: float = 27 * mm) -> None:
        super().__init__()
        self.width = self.height = side
        code: Any = QrCodeWidget(text, barLevel="M").qr
        code.make()
        self._rows = [[bool(cell) for cell in row] for row in code.modules]

    def draw(self) -> None:
        """Every run of dark modules as one bar: a tenth of the bytes of single squares."""
        side = self.width / (len(self._rows) + 2 * QUIET_ZONE)
        path = self.canv.beginPath()
        for line, row in enumerate(self._rows):
            y = self.height - (QUIET_ZONE + line + 1) * side
            start = None
            for place, dark in enumerate([*row, False]):
                if dark and start is None:
                    start = place
                elif not dark and start is not None:
                    path.rect((QUIET_ZONE + start) * side, y, (place - start) * side, side)
                    start = None
        self.canv.setFillColor(page.INK)
        self.canv.drawPath(path, stroke=0, fill=1)
