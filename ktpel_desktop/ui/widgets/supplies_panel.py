"""Ribbon, rest and cleaning of the card printer: what is left, what is due, and what was done about it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ktpel_desktop.core.supplies import Supplies
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.panel import Section


class SuppliesPanel(Section):
    """Three lamps one below the other, and the page's buttons beside them."""

    def __init__(self) -> None:
        super().__init__("Pita dan perawatan pencetak kartu")
        self.ribbon, self.rest, self.cleaning = Lamp("Pita"), Lamp("Istirahat"), Lamp("Pembersihan")
        lamps = QVBoxLayout()
        lamps.setSpacing(theme.GAP_S)
        for lamp in (self.ribbon, self.rest, self.cleaning):
            lamps.addWidget(lamp)
        self._bar = QHBoxLayout()
        self._bar.setSpacing(theme.GAP)
        self._bar.addLayout(lamps, 1)
        self.column.addLayout(self._bar)

    def add_button(self, button: Button) -> None:
        """One of the page's buttons."""
        self._bar.addWidget(button)

    def show_supplies(self, found: Supplies) -> None:
        """What is known now."""
        source = words.word("ribbon_source", found.ribbon_source)
        left = "sisa tidak diketahui" if found.ribbon_left is None else f"sisa {found.ribbon_left} kartu"
        low = "printer.ribbon_low" in found.warnings
        tone = Tone.UNKNOWN if found.ribbon_left is None else Tone.WARN if low else Tone.OK
        self.ribbon.show_state(
            tone, f"{left} ({source})", f"Pita biasanya cukup untuk {found.measured_yield} kartu."
        )
        self.rest.show_state(
            Tone.WARN if found.rest_due else Tone.OK,
            f"{found.cards_since_rest} kartu sejak istirahat" + (", istirahatkan" if found.rest_due else ""),
        )
        self.cleaning.show_state(
            Tone.WARN if found.cleaning_due else Tone.OK,
            f"{found.cards_since_cleaning} kartu sejak dibersihkan"
            + (", bersihkan" if found.cleaning_due else ""),
        )
