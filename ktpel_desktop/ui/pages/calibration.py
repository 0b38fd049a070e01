"""Where the card printer puts the face: print lines, measure, type the numbers, look, keep, and print once more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPixmap, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel

from ktpel_desktop.core.calibration import FARTHEST_MM, LEAST_STRETCH, MOST_STRETCH, Calibration
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.services import calibration
from ktpel_desktop.services.calibration import Calibrated
from ktpel_desktop.ui import mnemonics, theme, words
from ktpel_desktop.ui.keys import sequence
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import LineEditor
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.workplace import Workplace

REST_MS = 300
"""The picture is drawn again once nobody has typed for so long."""
PICTURE_WIDTH = 560
LINES, LINES_AGAIN = "Cetak kartu garis", "Cetak sekali lagi untuk memastikan"
"""One button: what is kept is to be confirmed, until a number is changed again."""
_PARTS = (("right_mm", 1.0), ("down_mm", 1.0), ("stretch", 0.01))
"""What each field says, and what its unit is worth."""


class CalibrationPage(Page):
    """Three numbers, the alignment card as it would come out, and what to do with it."""

    topic = "perangkat"
    heading = "Kalibrasi printer kartu"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.say_below("Cetak kartu garis pada kartu polos, ukur pergeserannya, lalu isi angkanya di sini.")
        self.right = LineEditor("Geser ke kanan (mm)", f"–{FARTHEST_MM:g} sampai {FARTHEST_MM:g}")
        self.down = LineEditor("Geser ke bawah (mm)", f"–{FARTHEST_MM:g} sampai {FARTHEST_MM:g}")
        self.stretch = LineEditor("Ukuran (persen)", f"{LEAST_STRETCH * 100:g} sampai {MOST_STRETCH * 100:g}")
        self.fields = (self.right, self.down, self.stretch)
        self.who = QLabel()
        self.who.setWordWrap(True)
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName("Kartu garis seperti akan tercetak")
        left = Section("Angka")
        for field in self.fields:
            left.add(field)
        left.add(self.who)
        left.column.addStretch(1)
        left.setFixedWidth(300)
        shown = Section("Kartu garis")
        shown.add(self.picture, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addWidget(left)
        row.addWidget(shown, 1)
        self.body.addLayout(row, 1)
        bar = QHBoxLayout()
        bar.setSpacing(theme.GAP)
        bar.addWidget(self.action("Kembali", "back", self.leave, in_head=False))
        self.lines_button = self.action(LINES, "print", self.print_lines, in_head=False)
        bar.addWidget(self.lines_button)
        bar.addWidget(self.action("Cetak kartu uji", "print", self.print_test, in_head=False))
        bar.addStretch()
        keep = self.action("Simpan", "done", self.keep, primary=True, in_head=False)
        bar.addWidget(keep)
        self.body.addLayout(bar)
        leave = QShortcut(sequence("Esc"), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.leave)
        for field, after in zip(self.fields, (self.down.line, self.stretch.line, keep), strict=True):
            field.line.returnPressed.connect(partial(after.setFocus, Qt.FocusReason.TabFocusReason))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._draw)
        for field in self.fields:
            field.changed.connect(self._typed)
        self.setFocusProxy(self.right.line)
        self.ask(calibration.current, done=self._fill)

    def _fill(self, found: Calibrated) -> None:
        self._tell_who(found)
        if any(field.line.text() for field in self.fields):
            return  # somebody types already
        kept = found.calibration
        self.right.fill(words.number(kept.right_mm))
        self.down.fill(words.number(kept.down_mm))
        self.stretch.fill(words.number(kept.stretch * 100))
        self.right.line.selectAll()  # the keyboard is there: what is typed replaces it
        self._rest.stop()
        self._draw()

    def _tell_who(self, found: Calibrated) -> None:
        zone = self.place.desk.office.timezone
        self.who.setText(
            "Belum pernah dikalibrasi."
            if found.at is None
            else f"Terakhir oleh {found.by}, {words.moment(found.at.astimezone(zone))}."
        )

    def chosen(self) -> Calibration | None:
        """The numbers typed; None, with a word beside the field, where one does not fit."""
        parts: dict[str, float] = {}
        for field, (name, unit) in zip(self.fields, _PARTS, strict=True):
            number = words.parse_number(str(field.answer() or ""))
            wrong = "Isi sebuah angka, misalnya 0,5." if number is None else ""
            if number is not None:
                parts[name] = number * unit
                try:
                    Calibration(**{name: parts[name]})
                except PolicyError:
                    wrong = "Di luar batas."
            field.show_error(wrong)
        if any(field.error() for field in self.fields):
            return None
        return Calibration(**parts)

    def _typed(self) -> None:
        self._rest.start()
        self._name_lines(LINES)

    def _name_lines(self, word: str) -> None:
        if self.lines_button.accessibleName() != word:
            self.lines_button.say(word)
            mnemonics.assign(self)

    def leave(self) -> None:
        """Back to the devices, unless the printer works."""
        if self.may_leave():
            self.place.go("devices")

    def _draw(self) -> None:
        if self.place.actor is None:
            return  # logged out before the rest was over
        found = self.chosen()
        if found is not None:
            self.ask(calibration.preview, found, done=self._drawn)

    def _drawn(self, png: bytes) -> None:
        picture = QPixmap()
        if picture.loadFromData(png):
            ratio = self.devicePixelRatioF()
            picture = picture.scaledToWidth(
                int(PICTURE_WIDTH * ratio), Qt.TransformationMode.SmoothTransformation
            )
            picture.setDevicePixelRatio(ratio)
            self.picture.setPixmap(picture)

    def print_lines(self) -> None:
        """A card with lines and nobody's data."""
        told = ("Kartu garis dikirim ke printer", "Ukur jarak garis ke tepi kartu, lalu perbaiki angkanya.")
        self._print(calibration.print_lines, told)

    def print_test(self) -> None:
        """A card of nobody, with text, photo and signature."""
        told = ("Kartu uji dikirim ke printer", "Lihat letak tulisan, foto, dan tanda tangan.")
        self._print(calibration.print_test, told)

    def _print(self, act: Callable[..., None], told: tuple[str, str]) -> None:
        found = self.chosen()
        if found is not None:
            self.act(act, found, lane=Lane.DEVICE, done=lambda _none: self.place.messages.say(*told))

    def keep(self) -> None:
        """From now on every card is placed so."""
        found = self.chosen()
        if found is None:
            return

        def done(kept: Calibrated) -> None:
            self._tell_who(kept)
            if self.chosen() == kept.calibration:
                self._name_lines(LINES_AGAIN)
            self.place.messages.say(
                "Kalibrasi disimpan", "Cetak kartu garis sekali lagi untuk memastikan.", Tone.OK
            )

        self.act(calibration.keep, found, done=done)
