"""One editor per kind of wizard field: what is shown, what it answers, and its error beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIntValidator, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ktpel_desktop.core.flow import FieldKind
from ktpel_desktop.ui import icons, theme
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.lines import Line
from ktpel_desktop.ui.widgets.tables import roomy
from ktpel_desktop.ui.widgets.ticks import Choice, Tick

LONG = 8
"""From so many options on a choice is a list to search in by typing."""
Option = tuple[str, str]


class Editor(QWidget):
    """Caption, the control, a hint, and the error. `answer` is what the wizard engine takes."""

    changed = Signal()

    def __init__(self, caption: str, hint: str = "", *, required: bool = True) -> None:
        super().__init__()
        self.caption = caption
        self.required = required
        self.label = QLabel(caption if required else f"{caption} (boleh kosong)")
        self.label.setWordWrap(True)
        self._hint, self._error = QLabel(hint), QLabel()
        self._mark, self._error_row = QLabel(), QWidget()
        self._hint.setWordWrap(True)
        self._error.setWordWrap(True)
        row = QHBoxLayout(self._error_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._mark)
        row.addWidget(self._error, 1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.GAP_S)
        self.column.addWidget(self.label)
        if not hint:
            self._hint.hide()  # setVisible(True) would make a window of what has no parent yet
        self._error_row.hide()

    def _hold(self, control: QWidget, focus: QWidget | None = None) -> None:
        """Take the control in, name it, and let the label lead to it."""
        self.column.addWidget(control)
        self.column.addWidget(self._hint)
        self.column.addWidget(self._error_row)
        to = focus or control
        to.setAccessibleName(self.caption)
        to.setAccessibleDescription(self._hint.text())
        self.label.setBuddy(to)
        self.setFocusProxy(to)

    def answer(self) -> object:
        """The value; None where nothing was answered."""
        raise NotImplementedError

    def fill(self, value: object) -> None:
        """Show a value answered before."""
        raise NotImplementedError

    def show_error(self, text: str) -> None:
        """The error beside the field; an empty text takes it away."""
        self._mark.setPixmap(icons.tone_icon(Tone.BAD).pixmap(18, 18))
        colours = QPalette(self._error.palette())
        colours.setColor(QPalette.ColorRole.WindowText, QColor(theme.colours().bad))
        self._error.setPalette(colours)
        self._error.setText(text)
        self._error_row.setVisible(bool(text))
        if focus := self.focusProxy():
            focus.setAccessibleDescription(text or self._hint.text())

    def error(self) -> str:
        """The error shown."""
        return self._error.text()


class LineEditor(Editor):
    """One line of text, or a whole number."""

    def __init__(self, caption: str, hint: str = "", *, required: bool = True, number: bool = False) -> None:
        super().__init__(caption, hint, required=required)
        self.line = Line()
        self.line.setMinimumHeight(theme.TARGET)
        self._number = number
        if number:
            self.line.setValidator(QIntValidator(0, 999_999, self.line))
            self.line.setMaximumWidth(160)
        self.line.textChanged.connect(lambda *_: self.changed.emit())
        self._hold(self.line)

    def answer(self) -> object:
        """The text, or the number where it is one."""
        text = self.line.text().strip()
        if self._number:
            return int(text) if text.isdecimal() else None
        return text or None

    def fill(self, value: object) -> None:
        """Show it; numbers that mask themselves are shown in full to who types them."""
        reveal = getattr(value, "reveal", None)
        self.line.setText(str(reveal() if reveal is not None else value))


class TickEditor(Editor):
    """One thing to confirm."""

    def __init__(self, caption: str, hint: str = "") -> None:
        super().__init__(caption, hint)
        self.box = Tick(caption.replace("&", "&&"))
        self.box.setMinimumHeight(theme.TARGET)
        self.box.toggled.connect(lambda *_: self.changed.emit())
        self.label.hide()
        self._hold(self.box)
        self.label.setBuddy(self)  # the box speaks for itself

    def answer(self) -> object:
        """Whether it is ticked."""
        return self.box.isChecked()

    def fill(self, value: object) -> None:
        """Show it."""
        self.box.setChecked(value is True)


class RadioEditor(Editor):
    """One of a few options, all seen at once."""

    def __init__(
        self, caption: str, options: Sequence[Option], hint: str = "", *, values: Mapping[str, object] = {}
    ) -> None:
        super().__init__(caption, hint)
        self._values = {code: values.get(code, code) for code, _ in options}
        self.buttons: dict[str, QRadioButton] = {}
        group, box = QButtonGroup(self), QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for code, text in options:
            button = Choice(text.replace("&", "&&"))
            button.setMinimumHeight(32)
            group.addButton(button)
            column.addWidget(button)
            button.toggled.connect(lambda *_: self.changed.emit())
            self.buttons[code] = button
        first = next(iter(self.buttons.values()), None)
        self._hold(box, first)
        if first is not None:
            first.setAccessibleName(first.text())
            first.setAccessibleDescription(caption)
            self.label.setBuddy(first)

    def chosen(self) -> str:
        """The chosen option's code; empty where none is."""
        return next((code for code, button in self.buttons.items() if button.isChecked()), "")

    def answer(self) -> object:
        """The chosen option's value."""
        return self._values.get(self.chosen())

    def fill(self, value: object) -> None:
        """Choose it."""
        for code, known in self._values.items():
            if known == value:
                self.buttons[code].setChecked(True)
                self.setFocusProxy(self.buttons[code])


class ListEditor(Editor):
    """One of many options, found by typing."""

    def __init__(self, caption: str, options: Sequence[Option], hint: str = "") -> None:
        super().__init__(caption, hint)
        self.search, self.list = Line(), QListWidget()
        self.search.setPlaceholderText("Ketik untuk mencari …")
        self.search.setMinimumHeight(theme.TARGET)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.list.setAccessibleName(f"{caption}: daftar pilihan")
        self.list.setMinimumHeight(240)
        for code, text in options:
            item = QListWidgetItem(text, self.list)
            item.setData(Qt.ItemDataRole.UserRole, code)
            item.setSizeHint(QSize(0, 32))
        self.list.setStyle(roomy())
        self.list.setCurrentRow(0)
        self.list.currentRowChanged.connect(lambda _row: self.changed.emit())
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        self._hold(box, self.search)
        self.column.setStretch(1, 1)

    def _narrow(self, text: str) -> None:
        """Leave the options that hold every word typed; choose the first of them."""
        asked = text.casefold().split()
        first = -1
        for row in range(self.list.count()):
            item = self.list.item(row)
            fits = all(part in item.text().casefold() for part in asked)
            item.setHidden(not fits)
            first = row if fits and first < 0 else first
        self.list.setCurrentRow(first)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down in the search line move in the list."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down.value: 1, Qt.Key.Key_Up.value: -1}.get(event.key(), 0)
            if step:
                self._step(step)
                return True
        return False

    def _step(self, step: int) -> None:
        row = self.list.currentRow() + step
        while 0 <= row < self.list.count():
            if not self.list.item(row).isHidden():
                self.list.setCurrentRow(row)
                return
            row += step

    def answer(self) -> object:
        """The chosen option."""
        row = self.list.currentRow()
        if row < 0 or self.list.item(row).isHidden():
            return None
        return self.list.item(row).data(Qt.ItemDataRole.UserRole)

    def fill(self, value: object) -> None:
        """Choose it."""
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == value:
                self.list.setCurrentRow(row)


class SelectEditor(Editor):
    """One of some options where there is no room to show them all: a list that opens."""

    def __init__(self, caption: str, options: Sequence[Option], hint: str = "") -> None:
        super().__init__(caption, hint)
        self.box = QComboBox()
        self.box.setMinimumHeight(theme.TARGET)
        self.box.setMaxVisibleItems(12)
        for code, text in options:
            self.box.addItem(text, code)
        self.box.currentIndexChanged.connect(lambda *_: self.changed.emit())
        self._hold(self.box)

    def answer(self) -> object:
        """The chosen option's code."""
        return self.box.currentData()

    def fill(self, value: object) -> None:
        """Choose it."""
        self.box.setCurrentIndex(self.box.findData(value))


class ChecksEditor(Editor):
    """Any number of options."""

    def __init__(
        self, caption: str, options: Sequence[Option], hint: str = "", *, required: bool = False
    ) -> None:
        super().__init__(caption, hint)
        self.required = required  # "one at least"; the caption says nothing of it
        self.boxes: dict[str, QCheckBox] = {}
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        for place, (code, text) in enumerate(options):
            tick = Tick(text.replace("&", "&&"))
            tick.setMinimumHeight(32)
            tick.toggled.connect(lambda *_: self.changed.emit())
            grid.addWidget(tick, place, 0)
            self.boxes[code] = tick
        first = next(iter(self.boxes.values()), None)
        self._hold(box, first)
        if first is not None:
            first.setAccessibleName(first.text())
            first.setAccessibleDescription(caption)
        if not options:
            self.hide()

    def answer(self) -> object:
        """The codes that are ticked."""
        return frozenset(code for code, box in self.boxes.items() if box.isChecked())

    def fill(self, value: object) -> None:
        """Tick them."""
        ticked = value if isinstance(value, frozenset | set | tuple | list) else ()
        for code, box in self.boxes.items():
            box.setChecked(code in ticked)


def editor_for(
    kind: FieldKind,
    caption: str,
    hint: str,
    options: Sequence[Option],
    *,
    required: bool,
) -> Editor:
    """The editor of a field's kind."""
    makers: dict[FieldKind, Callable[[], Editor]] = {
        FieldKind.TEXT: lambda: LineEditor(caption, hint, required=required),
        FieldKind.NUMBER: lambda: LineEditor(caption, hint, required=required, number=True),
        FieldKind.CONFIRM: lambda: TickEditor(caption, hint),
        FieldKind.YES_NO: lambda: RadioEditor(
            caption, (("ya", "Ya"), ("tidak", "Tidak")), hint, values={"ya": True, "tidak": False}
        ),
        FieldKind.CHOICE: lambda: (
            ListEditor(caption, options, hint)
            if len(options) >= LONG
            else RadioEditor(caption, options, hint)
        ),
        FieldKind.CHECKLIST: lambda: ChecksEditor(caption, options, hint, required=required),
    }
    return makers[kind]()
