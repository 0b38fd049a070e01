"""A line to type in, with air around its words and high enough to hit."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from ktpel_desktop.ui import theme


class Line(QLineEdit):
    """A QLineEdit with margins."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextMargins(theme.GAP, 0, theme.GAP, 0)
        self.setMinimumHeight(theme.TARGET)
