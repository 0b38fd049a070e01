"""Simulated dot-matrix printer: keeps the bytes of whole forms, with faults by script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.devices.simulator.faults import Faults
from ktpel_desktop.devices.simulator.paper_tray import PaperTray


class SimulatedDotMatrixPrinter:
    """Forms go to `folder` as form-NNNN-title.prn, and to `printed`."""

    def __init__(self, faults: Faults, folder: Path | None = None) -> None:
        self._faults = faults
        self._tray = PaperTray("form", ".prn", folder)

    @property
    def printed(self) -> Sequence[bytes]:
        """Everything that came out."""
        return self._tray.sheets

    def health(self) -> Health:
        if self._faults.pending("form_off"):
            return Health(Answer.NO, ("page.off",))
        if self._faults.pending("form_no_paper"):
            return Health(Answer.NO, ("page.no_paper",))
        return Health(Answer.YES)

    def send_raw(self, data: bytes, title: str) -> None:
        if self._faults.strikes("form_off", "send_raw") is not None:
            raise DeviceError("page.off", Effect.NONE)
        if self._faults.strikes("form_no_paper", "send_raw") is not None:
            raise DeviceError("page.no_paper", Effect.NONE)
        self._tray.put(data, title)
        if self._faults.strikes("form_answer_lost", "send_raw") is not None:
            raise DeviceError("page.answer_lost", Effect.UNKNOWN)
