"""Receipts on the continuous form of the dot-matrix printer, for offices whose counter has no receipt printer."""

from __future__ import annotations

from ktpel_desktop.core.ports import DotMatrixPrinter, Health


class FormReceipts:
    """The receipt printer that is the dot-matrix printer; its failures keep that one's words."""

    def __init__(self, printer: DotMatrixPrinter) -> None:
        self._printer = printer

    def health(self) -> Health:
        return self._printer.health()

    def send(self, data: bytes) -> None:
        self._printer.send_raw(data, "Tanda terima")
