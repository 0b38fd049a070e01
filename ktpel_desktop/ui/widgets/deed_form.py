"""Where and how cards are destroyed, by whom and before whom, to be typed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ktpel_desktop.core.destruction import LEAST_WITNESSES, USUAL_WAY, Deed, Witness
from ktpel_desktop.ui import mnemonics, theme
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.editors import LineEditor
from ktpel_desktop.ui.widgets.panel import Section


class DeedForm(Section):
    """Place, way, and as many people as there were; lines left empty count for nobody."""

    def __init__(self, place: str, executor: str) -> None:
        super().__init__("Pelaksanaan")
        self.place, self.way = LineEditor("Tempat"), LineEditor("Cara")
        self.place.fill(place)
        self.way.fill(USUAL_WAY)
        self.executors: list[LineEditor] = []
        self.witnesses: list[tuple[LineEditor, LineEditor]] = []
        for field in (self.place, self.way):
            self.add(field)
        self._acting, self._seeing = QGridLayout(), QGridLayout()
        for grid, word, slot in (
            (self._acting, "Tambah pelaksana", self.add_executor),
            (self._seeing, "Tambah saksi", self.add_witness),
        ):
            grid.setHorizontalSpacing(theme.GAP)
            self.column.addLayout(grid)
            more = Button(word, "plus", slot=slot)
            self.column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch()
        self.add_executor()
        self.executors[0].fill(executor)
        for _ in range(LEAST_WITNESSES):
            self.add_witness()
        self.setFocusProxy(self.witnesses[0][0])

    def add_executor(self) -> None:
        """A line for one more who destroys."""
        line = LineEditor(f"Pelaksana {len(self.executors) + 1}")
        self._acting.addWidget(line, len(self.executors), 0)
        self.executors.append(line)
        self._lead_to(line)

    def add_witness(self) -> None:
        """A line for one more who sees it."""
        row = len(self.witnesses)
        name, office = LineEditor(f"Saksi {row + 1}"), LineEditor(f"Instansi saksi {row + 1}")
        self._seeing.addWidget(name, row, 0)
        self._seeing.addWidget(office, row, 1)
        self.witnesses.append((name, office))
        self._lead_to(name)

    def _lead_to(self, line: QWidget) -> None:
        if self.isVisible():
            mnemonics.assign(self.window())
            line.setFocus(Qt.FocusReason.OtherFocusReason)

    def deed(self) -> Deed:
        """What was typed."""
        return Deed(
            place=_text(self.place),
            way=_text(self.way),
            executors=tuple(map(_text, self.executors)),
            witnesses=tuple(Witness(_text(name), _text(office)) for name, office in self.witnesses),
        )


def _text(line: LineEditor) -> str:
    return line.line.text()
