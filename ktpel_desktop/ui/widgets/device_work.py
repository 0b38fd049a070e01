"""How far a device is: bar and bytes, a way out as long as nothing was written, and words when it stays silent."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ktpel_desktop.core.errors import UserCancelled
from ktpel_desktop.core.ports import Progress, Step
from ktpel_desktop.ui import theme
from ktpel_desktop.ui.widgets.buttons import Button

SILENCE_MS = 15_000
"""After so long without a word from the reader the operator is told what to do (cards.md B2)."""
_TOLD = (
    f"Tidak ada jawaban selama {SILENCE_MS // 1000} detik. Angkat kartu dari pembaca; bila tetap begini, cabut dan "
    "pasang lagi kabel USB pembaca. Lalu letakkan kartu yang sama: program memeriksa isi chip dahulu."
)
SILENT = ("Pembaca chip tidak menjawab", _TOLD)
"""A reader that hangs holds its lane until the card or the cable is taken away; only a person can do that."""


class DeviceWork(QWidget):
    """Shown while a device acts.

    Signals: `silent` when a watched device has said nothing for SILENCE_MS.
    """

    silent = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setAccessibleName("Kemajuan")
        self.bar.setMinimumHeight(24)
        self.stop = Button("Berhenti, belum ada yang ditulis", "cancel", slot=self._ask_to_stop)
        self._stop_asked = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(SILENCE_MS)
        self._patience.timeout.connect(self.silent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.bar)
        column.addWidget(self.stop)
        self.hide()

    def begin(self, *, measured: bool, watched: bool) -> None:
        """Work begins. `measured`: it tells its steps; `watched`: it must not stay silent."""
        self._stop_asked = False
        self.bar.setRange(0, 100 if measured else 0)
        self.bar.setValue(0)
        self.stop.hide()
        self.show()
        if watched:
            self._patience.start()

    def show_step(self, step: Step) -> None:
        """A step was told."""
        self.bar.setValue(int(step.share * 100))
        self.stop.setVisible(step.may_stop and not self._stop_asked)
        self._patience.start()

    def end(self) -> None:
        """Work has ended, one way or another."""
        self._patience.stop()
        self.hide()

    def until_stopped(self, report: Progress) -> Progress:
        """`report` for the device's lane; it breaks off at the first step that may be stopped, once that was asked."""

        def told(step: Step) -> None:
            report(step)
            if step.may_stop and self._stop_asked:
                raise UserCancelled

        return told

    def _ask_to_stop(self) -> None:
        self._stop_asked = True
        self.stop.hide()
