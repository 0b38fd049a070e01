"""Help inside the program: short pages in Markdown, one per screen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ktpel_desktop import resource_files
from ktpel_desktop.ui import mnemonics, theme
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.workplace import Workplace


def names() -> list[str]:
    """Every help page there is."""
    return sorted(path.stem for path in resource_files.path("panduan", "bantuan").glob("*.md"))


def text_of(name: str) -> str:
    """A help page in Markdown. Raises StoreError "resources.missing"."""
    return resource_files.path("panduan", "bantuan", f"{name}.md").read_text(encoding="utf-8")


def title_of(name: str) -> str:
    """The first heading of a help page."""
    first = text_of(name).lstrip().splitlines()
    return first[0].lstrip("# ") if first else name


def browser(name: str) -> QTextBrowser:
    """A view of one help page."""
    view = QTextBrowser()
    view.setOpenLinks(False)
    view.setAccessibleName("Bantuan")
    view.document().setDocumentMargin(theme.GAP_L)
    view.setMarkdown(text_of(name))
    return view


class HelpPage(Page):
    """All help pages."""

    topic = "mulai"
    heading = "Bantuan"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.list = QListWidget()
        self.list.setFixedWidth(240)
        self.list.setAccessibleName("Daftar bantuan")
        for name in names():
            item = QListWidgetItem(title_of(name), self.list)
            item.setData(Qt.ItemDataRole.UserRole, name)
        self.view = browser("mulai")
        self.list.currentItemChanged.connect(lambda item, *_: self._open(item))
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addWidget(self.list)
        row.addWidget(self.view, 1)
        self.body.addLayout(row, 1)
        self.setFocusProxy(self.list)
        for index in range(self.list.count()):
            if self.list.item(index).data(Qt.ItemDataRole.UserRole) == "mulai":
                self.list.setCurrentRow(index)

    def _open(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.view.setMarkdown(text_of(item.data(Qt.ItemDataRole.UserRole)))


class HelpDialog(QDialog):
    """The help of the page that is open, beside it."""

    def __init__(self, parent: QWidget, topic: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Bantuan")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 560)
        self.close_button = Button("Tutup", "cancel", primary=True, slot=self.accept)
        self.close_button.setDefault(True)
        column = QVBoxLayout(self)
        column.addWidget(browser(topic), 1)
        column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        mnemonics.assign(self)
