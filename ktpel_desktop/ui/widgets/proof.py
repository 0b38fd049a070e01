"""The proof picture of a card's face: what the printed card must look like. Never a card that could be printed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel

from ktpel_desktop.core.subject import Subject
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.workplace import Workplace

WIDTH, HEIGHT = 560, 353
LEAST_WIDTH, LEAST_HEIGHT = 336, 212
"""Where room is scarce the picture shrinks, so that it is never seen in part."""


class Proof(QLabel):
    """Drawn once for a subject, in the store's lane; kept in memory while its page is open.

    Signals: `warned` with the codes of what should be looked at (core.ports.Papers.face_warnings);
    with none when the face is hidden.
    """

    warned = Signal(object)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._of: Subject | None = None
        self._wanted = False
        self._codes: tuple[str, ...] = ()
        self._whole = QPixmap()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName("Contoh muka kartu untuk dibandingkan")
        self.hide()

    def show_subject(self, subject: Subject | None) -> None:
        """Show the face of these data; None hides it."""
        self._wanted = subject is not None
        self.setVisible(self._wanted)
        if subject is None or subject is self._of:
            self.warned.emit(self._codes if self._wanted else ())
            return
        self._of, self._codes, self._whole = subject, (), QPixmap()
        self.setPixmap(QPixmap())
        self.warned.emit(())
        papers = self._place.desk.papers
        self._place.runner.run(
            Lane.QUERY,
            lambda: (papers.proof(subject), papers.face_warnings(subject)),
            owner=self,
            done=lambda drawn: self._drawn(subject, *drawn),
        )

    def _drawn(self, subject: Subject, png: bytes, warnings: tuple[str, ...]) -> None:
        if subject is not self._of:
            return  # another face was asked for meanwhile
        self._codes = warnings
        if self._wanted:
            self.warned.emit(warnings)
        if self._whole.loadFromData(png):  # else papers without pictures; the card itself is looked at anyway
            self._fit()

    def _fit(self) -> None:
        """The whole picture, as large as there is room for."""
        if self._whole.isNull():
            return
        ratio = self.devicePixelRatioF()
        picture = self._whole.scaled(
            self.size().boundedTo(QSize(WIDTH, HEIGHT)) * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        picture.setDevicePixelRatio(ratio)
        self.setPixmap(picture)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit it again."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """Its full size, before it is drawn too."""
        return QSize(WIDTH, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """As small as can still be compared with a card."""
        return QSize(LEAST_WIDTH, LEAST_HEIGHT)
