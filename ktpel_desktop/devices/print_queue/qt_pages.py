"""Pages painted on a printer of the system by Qt's print support: the way to a maker's driver on Windows.

Pictures come in at their final size and are drawn pixel by pixel to the page rectangle, since QPageSize rounds
millimetres to whole points and a CR80 page so has no exact size in Qt (feasibility.md 4). Qt's own success says
nothing about the job: it is read from the print system. Needs the application's QGuiApplication; QPrinter may be
painted on in any thread. The one module outside `ui` that knows Qt (design.md 3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QTransform
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.print_queue.jobs import Document, Size

_DPI = 300
_SAME = 30
"""Hundredths of a millimetre: what rounding to points can do to a size, and a little."""


class QtPages:
    """The printers that Qt sees. `to_file` paints into a PDF file instead, for trying out."""

    def __init__(self, to_file: str | None = None) -> None:
        self._to_file = to_file

    def media(self, queue: str) -> tuple[Size, ...]:
        return tuple(map(_measure, QPrinterInfo.printerInfo(queue).supportedPageSizes()))

    def paint(
        self, queue: str, document: Document, pages: Sequence[bytes], begun: Callable[[], None]
    ) -> None:
        images = [_along(document, QImage.fromData(page)) for page in pages]
        if not images or any(image.isNull() for image in images):
            raise DeviceError("queue.refused", Effect.NONE, status="picture")
        printer = self._printer(queue, document)
        painter = QPainter()
        if not painter.begin(printer):
            raise DeviceError("queue.refused", Effect.NONE, status="begin")
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)  # else a PDF gets JPEG
        try:
            begun()
        except DeviceError:
            printer.abort()
            painter.end()
            raise
        for position, image in enumerate(images):
            if position and not printer.newPage():
                printer.abort()
                painter.end()
                raise DeviceError("queue.answer_lost", Effect.UNKNOWN)
            painter.drawImage(_place(printer, document, image), image)
        if not painter.end():
            raise DeviceError("queue.answer_lost", Effect.UNKNOWN)

    def _printer(self, queue: str, document: Document) -> QPrinter:
        """A printer set to the document's page. Raises "queue.refused" where it has no such page."""
        info = QPrinterInfo.printerInfo(queue)
        printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
        if self._to_file is not None:
            printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
            printer.setOutputFileName(self._to_file)
        elif info.isNull():
            raise DeviceError("queue.unknown", Effect.NONE, queue=queue)
        printer.setResolution(document.dpi or _DPI)
        printer.setDocName(document.title)
        printer.setCopyCount(1)
        if document.strict:
            printer.setDuplex(QPrinter.DuplexMode.DuplexNone)
        if document.size is not None:
            page = _page(info, document.size)
            printer.setPageSize(page)
            printer.setPageOrientation(QPageLayout.Orientation.Portrait)
            if document.strict and not _measure(printer.pageLayout().pageSize()).near(document.size, _SAME):
                raise DeviceError("queue.refused", Effect.NONE, status="page size")
        printer.setFullPage(True)
        printer.setPageMargins(QMarginsF(0, 0, 0, 0))
        return printer


def _page(info: QPrinterInfo, wanted: Size) -> QPageSize:
    """The printer's own page of that size: a made-up one is refused by many drivers."""
    offered = [page for page in info.supportedPageSizes() if _measure(page).near(wanted, _SAME)]
    if offered:
        return offered[0]
    return QPageSize(
        QSizeF(wanted.width / 100, wanted.height / 100),
        QPageSize.Unit.Millimeter,
        "",
        QPageSize.SizeMatchPolicy.ExactMatch,
    )


def _measure(page: QPageSize) -> Size:
    size = page.size(QPageSize.Unit.Millimeter)
    return Size(round(size.width() * 100), round(size.height() * 100))


def _along(document: Document, image: QImage) -> QImage:
    """A page on its side is turned to lie along the paper; a picture of strict size stays as it was made."""
    on_side = image.width() > image.height() and not document.strict
    return image.transformed(QTransform().rotate(90)) if on_side else image


def _place(printer: QPrinter, document: Document, image: QImage) -> QRectF:
    """Where on the paper, in device pixels: as large as it is where strict, else as large as fits the page."""
    if document.strict:
        dpi = document.dpi or _DPI
        across, along = printer.logicalDpiX() / dpi, printer.logicalDpiY() / dpi
        return QRectF(0, 0, image.width() * across, image.height() * along)
    paper = printer.paperRect(QPrinter.Unit.DevicePixel)
    fitted = image.size().scaled(paper.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    return QRectF(0, 0, fitted.width(), fitted.height())
