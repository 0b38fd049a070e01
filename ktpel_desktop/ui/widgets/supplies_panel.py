"""Ribbon, rest and cleaning of the card printer: what is left, what is due, and what was done about it."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from ktpel_desktop.core.supplies import RibbonSource, Supplies
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.panel import Section


class SuppliesPanel(Section):
    """Lamps in two columns, and the page's buttons beneath: no reminder is so long that it widens the window."""

    def __init__(self) -> None:
        super().__init__("Pita dan perawatan printer kartu")
        self.ribbon, self.film, self.blanks = Lamp("Pita"), Lamp("Film"), Lamp("Blangko di lemari")
        self.rest, self.cleaning = Lamp("Istirahat"), Lamp("Pembersihan")
        lamps = QGridLayout()
        lamps.setHorizontalSpacing(theme.GAP_L)
        lamps.setVerticalSpacing(theme.GAP_S)
        for place, lamp in enumerate((self.ribbon, self.blanks, self.rest, self.cleaning, self.film)):
            lamps.addWidget(lamp, place // 2, place % 2)
            lamps.setColumnStretch(place % 2, 1)
        self.film.hide()
        self._bar = QHBoxLayout()
        self._bar.setSpacing(theme.GAP)
        self._bar.addStretch()
        self.column.addLayout(lamps)
        self.column.addLayout(self._bar)

    def add_button(self, button: Button) -> None:
        """One of the page's buttons."""
        self._bar.insertWidget(self._bar.count() - 1, button)

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
            told = f"{words.thousands(found.blanks_left)} lembar" if found.blanks_left else "habis"
            self.blanks.show_state(Tone.OK if found.blanks_left else Tone.BAD, told)
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
    told = (
        "sisa tidak diketahui" if left is None else f"sisa {left} kartu" + (", hampir habis" if low else "")
    )
    tone = Tone.UNKNOWN if left is None else Tone.WARN if low else Tone.OK
    lamp.show_state(tone, f"{told} ({words.word('ribbon_source', source)})", detail)
