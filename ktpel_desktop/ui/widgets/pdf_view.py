"""Pages of a PDF as pictures, to be read on the screen (Qt's own viewer would need its Addons)."""

from __future__ import annotations

import pypdfium2
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeyEvent, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from ktpel_desktop.ui import theme
from ktpel_desktop.ui.widgets.ring import draw_ring

SHARP, NARROWEST, WIDEST = 1400, 480, 860
"""Pixels a page is drawn with once, and the least and most of the screen that it takes."""


def pictures(pdf: bytes, width: int) -> list[QImage]:
    """Every page, that many pixels wide."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_picture(document[place], width) for place in range(len(document))]
    finally:
        document.close()


def _picture(page: pypdfium2.PdfPage, width: int) -> QImage:
    image = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
    page.close()
    raw = image.tobytes()
    drawn = QImage(raw, image.width, image.height, image.width * 3, QImage.Format.Format_RGB888)
    return drawn.copy()  # the bytes end with this function


class PdfView(QScrollArea):
    """The pages beneath each other; arrow and page keys scroll."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.pdf = b""
        self._pages: list[tuple[QLabel, QImage]] = []
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setSpacing(theme.GAP_M)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setMinimumHeight(160)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.say("")

    def say(self, text: str) -> None:
        """Words in the place of pages."""
        self.pdf = b""
        label = QLabel(text)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._put(
            [label], Qt.AlignmentFlag(0)
        )  # over the whole width: a centred label that wraps cuts its lines

    def show_pdf(self, pdf: bytes) -> None:
        """Show all pages; one that cannot be drawn can still be printed and saved."""
        try:
            drawn = pictures(pdf, SHARP)
        except pypdfium2.PdfiumError:
            self.say(
                "Halaman tidak dapat ditampilkan di layar. Cetak atau simpan berkasnya untuk membacanya."
            )
            drawn = []
        self.pdf = pdf
        pages = []
        for number, image in enumerate(drawn, 1):
            label = QLabel()
            label.setAccessibleName(f"Halaman {number}")
            pages.append((label, image))
        if pages:
            self._put([label for label, _ in pages])
            self._pages = pages
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The page as wide as there is room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        ratio = self.devicePixelRatioF()
        width = min(WIDEST, max(NARROWEST, self.width() - 4 * theme.GAP_L))
        for label, image in self._pages:
            picture = QPixmap.fromImage(
                image.scaledToWidth(int(width * ratio), Qt.TransformationMode.SmoothTransformation)
            )
            picture.setDevicePixelRatio(ratio)
            label.setPixmap(picture)

    def _put(self, labels: list[QLabel], place: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter) -> None:
        self._pages = []
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for label in labels:
            self._column.addWidget(label, 0, place)
        self._column.addStretch()
        self.verticalScrollBar().setValue(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A page at a time by the space bar as well."""
        if event.key() == Qt.Key.Key_Space:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + bar.pageStep())
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ring while it has the keyboard."""
        super().paintEvent(event)
        if self.hasFocus():
            draw_ring(self.viewport())
