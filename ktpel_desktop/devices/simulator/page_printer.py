"""Simulated laser printer: takes a PDF, with faults by script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import USUAL, Answer, Health, PageQueue, PrinterChoice
from ktpel_desktop.devices.simulator.faults import Faults
from ktpel_desktop.devices.simulator.paper_tray import PaperTray


class SimulatedPagePrinter:
    """Documents go to `folder` as halaman-NNNN-title.pdf, and to `printed`."""

    def __init__(self, faults: Faults, folder: Path | None = None) -> None:
        self._faults = faults
        self._tray = PaperTray("halaman", ".pdf", folder)
        self.chosen: list[PrinterChoice] = []

    @property
    def printed(self) -> Sequence[bytes]:
        """Every document that came out."""
        return self._tray.sheets

    def health(self) -> Health:
        if self._faults.pending("page_silent"):
            return Health(Answer.UNKNOWN, ("page.silent",))
        if self._faults.pending("page_off"):
            return Health(Answer.NO, ("page.off",))
        if self._faults.pending("page_no_paper"):
            return Health(Answer.NO, ("page.no_paper",))
        return Health(Answer.YES)

    def queues(self) -> Sequence[PageQueue]:
        """Two, so that there is something to choose in training; both lay their paper into one folder."""
        return (
            PageQueue("laser-latihan", self.health(), ("main", "manual"), usual=True),
            PageQueue("laser-cadangan", Health(Answer.UNKNOWN, ("page.silent",))),
        )

    def print_pdf(self, pdf: bytes, title: str, choice: PrinterChoice = USUAL) -> None:
        if not pdf.startswith(b"%PDF-"):
            raise DeviceError("page.not_pdf", Effect.NONE)
        trays = next((one.trays for one in self.queues() if one.name == choice.queue or one.usual), ())
        if choice.tray and choice.tray not in trays:
            raise DeviceError("page.no_tray", Effect.NONE, tray=choice.tray)
        if self._faults.strikes("page_off", "print_pdf") is not None:
            raise DeviceError("page.off", Effect.NONE)
        if self._faults.strikes("page_no_paper", "print_pdf") is not None:
            raise DeviceError("page.no_paper", Effect.NONE)
        self._faults.strikes("page_silent", "print_pdf")  # no status line; the page comes out all the same
        self._tray.put(pdf, title)
        self.chosen.append(choice)
        if self._faults.strikes("page_answer_lost", "print_pdf") is not None:
            raise DeviceError("page.answer_lost", Effect.UNKNOWN)
