"""Ribbon, rest and cleaning of the card printer: what is left, what is due, and what was done about it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ktpel_desktop.core.supplies import RibbonSource, Supplies
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.panel import Section


class SuppliesPanel(Section):
    """Lamps one below the other, and the page's buttons beside them."""

    def __init__(self) -> None:
        super().__init__("Pita dan perawatan pencetak kartu")
        self.ribbon, self.film, self.blanks = Lamp("Pita"), Lamp("Film"), Lamp("Blangko di lemari")
        self.rest, self.cleaning = Lamp("Istirahat"), Lamp("Pembersihan")
        lamps = QVBoxLayout()
        lamps.setSpacing(theme.GAP_S)
        for lamp in (self.ribbon, self.film, self.rest, self.cleaning, self.blanks):
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
        usual = f"Pita biasanya cukup untuk {found.measured_yield} kartu."
        ribbon_low, film_low = (code in found.warnings for code in ("printer.ribbon_low", "printer.film_low"))
        _show_left(self.ribbon, found.ribbon_left, found.ribbon_source, usual, low=ribbon_low)
        self.film.setVisible(found.film_source is not None)
        if found.film_source is not None:
            _show_left(self.film, found.film_left, found.film_source, low=film_low)
        self.blanks.setVisible(found.blanks_left is not None)
        if found.blanks_left is not None:
            self.blanks.show_state(Tone.OK if found.blanks_left else Tone.BAD, f"{found.blanks_left} lembar")
        self.rest.show_state(
            Tone.WARN if found.rest_due else Tone.OK,
            f"{found.cards_since_rest} kartu sejak istirahat" + (", istirahatkan" if found.rest_due else ""),
        )
        self.cleaning.show_state(
            Tone.WARN if found.cleaning_due else Tone.OK,
            f"{found.cards_since_cleaning} kartu sejak dibersihkan"
            + (", bersihkan" if found.cleaning_due else ""),
        )


def _show_left(lamp: Lamp, left: int | None, source: RibbonSource, detail: str = "", *, low: bool) -> None:
    told = "sisa tidak diketahui" if left is None else f"sisa {left} kartu"
    tone = Tone.UNKNOWN if left is None else Tone.WARN if low else Tone.OK
    lamp.show_state(tone, f"{told} ({words.word('ribbon_source', source)})", detail)
