"""Simulated receipt printer: takes ESC/POS bytes whole, with faults by script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.devices.simulator.faults import Faults
from ktpel_desktop.devices.simulator.paper_tray import PaperTray


class SimulatedReceiptPrinter:
    """Receipts go to `folder` as struk-NNNN.bin, and to `printed`."""

    def __init__(self, faults: Faults, folder: Path | None = None) -> None:
        self._faults = faults
        self._tray = PaperTray("struk", ".bin", folder)

    @property
    def printed(self) -> Sequence[bytes]:
        """Every receipt that came out, torn ones as far as they came."""
        return self._tray.sheets

    def health(self) -> Health:
        if self._faults.pending("receipt_silent"):
            return Health(Answer.UNKNOWN, ("receipt.silent",))
        if self._faults.pending("receipt_off"):
            return Health(Answer.NO, ("receipt.off",))
        if self._faults.pending("receipt_no_paper"):
            return Health(Answer.NO, ("receipt.no_paper",))
        return Health(Answer.YES)

    def send(self, data: bytes) -> None:
        if self._faults.strikes("receipt_off", "send") is not None:
            raise DeviceError("receipt.off", Effect.NONE)
        if self._faults.strikes("receipt_no_paper", "send") is not None:
            raise DeviceError("receipt.no_paper", Effect.NONE)
        if self._faults.strikes("receipt_torn", "send") is not None:
            self._tray.put(data[: len(data) // 2])
            raise DeviceError("receipt.torn", Effect.UNKNOWN)
        self._faults.strikes("receipt_silent", "send")  # a printer without a status line prints all the same
        self._tray.put(data)
