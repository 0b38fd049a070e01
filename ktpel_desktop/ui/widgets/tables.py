"""Lists of any length: one table model over plain rows, described by columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QTableView,
    QWidget,
)

from ktpel_desktop.ui import icons, theme
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.ring import draw_ring

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
_ONLY_GO = QItemSelectionModel.SelectionFlag.NoUpdate
_CHOOSE_TOO = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
_CHOOSE_ONLY = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column: heading, the words of a row, the shape of its state, width in characters (0 takes the rest)."""

    title: str
    text: Callable[[T], str]
    tone: Callable[[T], Tone | None] | None = None
    width: int = 0
    right: bool = False


class RowsModel(QAbstractTableModel):
    """Rows as the services gave them; nothing is copied into items."""

    def __init__(self, columns: Sequence[Column[Any]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: list[Any] = []
        self._icons: dict[Tone, QIcon] = {tone: icons.tone_icon(tone) for tone in Tone}

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Rows; none below a row."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Columns; none below a row."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, shape, alignment."""
        column, row = self.columns[index.column()], self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return column.text(row)
        if role == Qt.ItemDataRole.DecorationRole and column.tone is not None:
            tone = column.tone(row)
            return None if tone is None else self._icons[tone]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Headings."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class RoomyStyle(QProxyStyle):
    """Fusion with air at both sides of a cell's words. For lists only: a style in Python is asked very often."""

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Wider margins, nothing else."""
        if metric in (QStyle.PixelMetric.PM_FocusFrameHMargin, QStyle.PixelMetric.PM_HeaderMargin):
            return theme.GAP
        return super().pixelMetric(metric, option, widget)


@cache
def roomy() -> RoomyStyle:
    """The one style of all lists; it must outlive them."""
    return RoomyStyle("Fusion")


class RowsView(QTableView):
    """A list of whole rows; Enter or a double click opens one. Keeps its place over a refresh."""

    opened = Signal(object)
    chosen = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column[Any]],
        name: str,
        *,
        key: Callable[[Any], object] = id,
        many: bool = False,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows = RowsModel(columns, self)
        self._key = key
        self._empty = "Belum ada."
        self.setStyle(roomy())
        self.setModel(self.rows)
        self.horizontalHeader().setStyle(roomy())
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(wrap)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIconSize(QSize(18, 18))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.TARGET)
        if wrap:
            self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            self.verticalHeader().setMinimumSectionSize(theme.TARGET)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumHeight(32)
        average = self.fontMetrics().horizontalAdvance("0")
        for place, column in enumerate(columns):
            if column.width:
                self.setColumnWidth(
                    place, column.width * average + (30 if column.tone else 0) + 2 * theme.GAP
                )
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows.rows[index.row()]))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit(self.current()))

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Replace the rows; the same rows stay chosen, and the keyboard on its row, while they are there."""
        before = {self._key(row) for row in self.selected()}
        at = self.currentIndex()
        here = self._key(self.rows.rows[at.row()]) if at.isValid() else None
        offset = self.verticalScrollBar().value()
        self.rows.show_rows(rows)
        for place, row in enumerate(rows):
            # Not selectRow: it leaves only the last of many chosen, and heeds a Ctrl key that is down by chance.
            if self._key(row) in before:
                self.selectionModel().select(self.rows.index(place, 0), _CHOOSE_TOO)
            if at.isValid() and self._key(row) == here:
                self.selectionModel().setCurrentIndex(self.rows.index(place, 0), _ONLY_GO)
        if not before and rows:
            self.selectionModel().setCurrentIndex(self.rows.index(0, 0), _CHOOSE_ONLY)
        self.verticalScrollBar().setValue(offset)
        self.setAccessibleDescription("" if rows else self._empty)

    def say_empty(self, text: str) -> None:
        """What stands in the list while it has no rows: why, and what can be done."""
        self._empty = text
        self.setAccessibleDescription("" if self.rows.rows else text)
        self.viewport().update()

    def selected(self) -> list[Any]:
        """Every chosen row."""
        return [self.rows.rows[index.row()] for index in self.selectionModel().selectedRows()]

    def current(self) -> Any | None:
        """The chosen row, None where none is."""
        chosen = self.selected()
        return chosen[0] if chosen else None

    def paintEvent(self, event: QPaintEvent) -> None:
        """With the words for an empty list, and the ring while it has the keyboard."""
        super().paintEvent(event)
        if not self.rows.rows:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(theme.colours().muted))
            room = self.viewport().rect().adjusted(theme.GAP_XL, theme.GAP_L, -theme.GAP_XL, -theme.GAP_L)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(room, int(flags), self._empty)
            painter.end()
        if self.hasFocus():
            draw_ring(self.viewport())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row, on every platform."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row = self.current()
            if row is not None:
                self.opened.emit(row)
            return
        super().keyPressEvent(event)
