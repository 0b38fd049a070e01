"""Names and values in two columns, to be read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ktpel_desktop.ui import theme


class Facts(QWidget):
    """A small table of name and value; values can be marked and copied by keyboard readers."""

    def __init__(self, rows: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GAP_L)
        self._grid.setVerticalSpacing(theme.GAP_S + 2)
        self._grid.setColumnStretch(1, 1)
        self.show_rows(rows)

    def show_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Replace all rows."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, (name, value) in enumerate(rows):
            caption, text = QLabel(name), QLabel(value)
            text.setFont(theme.font(theme.BODY, bold=True))
            text.setWordWrap(True)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setAccessibleName(f"{name}: {value}")
            self._grid.addWidget(caption, place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(text, place, 1)
