"""The proof picture of a card's face: what the printed card must look like. Never a card that could be printed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel

from ktpel_desktop.core.subject import Subject
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.workplace import Workplace

WIDTH, HEIGHT = 560, 353


class Proof(QLabel):
    """Drawn once for a subject, in the store's lane; kept in memory while its page is open.

    Signals: `warned` with the codes of what should be looked at (core.ports.Papers.face_warnings).
    """

    warned = Signal(object)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._of: Subject | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName("Contoh muka kartu untuk dibandingkan")
        self.hide()

    def show_subject(self, subject: Subject | None) -> None:
        """Show the face of these data; None hides it."""
        self.setVisible(subject is not None)
        if subject is None or subject is self._of:
            return
        self._of = subject
        self.setPixmap(QPixmap())
        papers = self._place.desk.papers
        self._place.runner.run(
            Lane.QUERY,
            lambda: (papers.proof(subject), papers.face_warnings(subject)),
            owner=self,
            done=self._drawn,
        )

    def _drawn(self, drawn: tuple[bytes, tuple[str, ...]]) -> None:
        png, warnings = drawn
        self.warned.emit(warnings)
        picture = QPixmap()
        if not picture.loadFromData(png):
            return  # papers without pictures; the card itself is looked at anyway
        ratio = self.devicePixelRatioF()
        picture = picture.scaled(
            int(WIDTH * ratio),
            int(HEIGHT * ratio),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        picture.setDevicePixelRatio(ratio)
        self.setPixmap(picture)
