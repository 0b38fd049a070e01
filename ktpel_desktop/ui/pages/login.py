"""Who sits down at this PC. In training the sample accounts stand beside it, ready to be taken."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import accounts
from ktpel_desktop.ui import mnemonics, theme, words
from ktpel_desktop.ui.keys import sequence
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.lines import Line
from ktpel_desktop.ui.widgets.mark import Mark
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.workplace import SampleAccount, Workplace


class LoginPage(QWidget):
    """Name, password, Enter."""

    def __init__(self, place: Workplace, entered: Callable[[Actor], None]) -> None:
        super().__init__()
        self.place, self._entered = place, entered
        self._running = False
        sheet = Section()
        sheet.setFixedWidth(420)
        sheet.column.setContentsMargins(32, 32, 32, 32)
        sheet.column.setSpacing(theme.GAP)
        mark = Mark("card", 48)
        self.title = QLabel("Layanan KTP-el")
        self.title.setFont(theme.font(theme.TITLE, bold=True))
        self.office = QLabel(place.desk.office.name)
        self.office.setWordWrap(True)
        self.username, self.password = Line(), Line()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        for widget in (mark, self.title, self.office):
            sheet.add(widget)
        sheet.column.addSpacing(theme.GAP_M)
        for caption, line in (("Nama pengguna", self.username), ("Kata sandi", self.password)):
            label = QLabel(caption)
            label.setBuddy(line)
            line.setMinimumHeight(theme.TARGET)
            line.setAccessibleName(caption)
            sheet.add(label)
            sheet.add(line)
        sheet.column.addSpacing(theme.GAP)
        self.enter_button = Button("Masuk", "next", primary=True, slot=self.enter)
        self.enter_button.setMinimumHeight(theme.TARGET_COUNTER)
        sheet.add(self.enter_button)
        self.pc_label = QLabel(f"{place.pc} · sif dan jejak audit mencatat siapa yang masuk")
        self.pc_label.setWordWrap(True)
        sheet.add(self.pc_label)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_XL)
        row.addStretch()
        row.addWidget(sheet, 0, Qt.AlignmentFlag.AlignVCenter)
        if place.samples:
            row.addWidget(self._samples(place), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch()
        column = QVBoxLayout(self)
        column.addStretch()
        column.addLayout(row)
        column.addStretch()
        for key in ("Return", "Enter"):
            shortcut = QShortcut(sequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._enter_key)
        mnemonics.assign(self)

    def _samples(self, place: Workplace) -> QWidget:
        sheet = Section("Akun latihan")
        sheet.setFixedWidth(380)
        told = QLabel("Pilih satu akun, lalu tekan Enter. Akun ini hanya ada dalam latihan.")
        told.setWordWrap(True)
        sheet.add(told)
        for sample in place.samples:
            button = Button(f"{sample.name} · {words.word('role', sample.role.upper())}", "person")
            button.setToolTip(f"{sample.username} / {sample.password}")
            button.clicked.connect(lambda *_, chosen=sample: self.take(chosen))
            sheet.add(button)
        return sheet

    def take(self, sample: SampleAccount) -> None:
        """Fill in a sample account."""
        self.username.setText(sample.username)
        self.password.setText(sample.password)
        self.enter_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def start(self, locked: Actor | None = None) -> None:
        """Clear the password and wait for a person; a locked PC names who locked it."""
        self.password.clear()
        self.title.setText("Terkunci" if locked else "Layanan KTP-el")
        if locked:
            self.username.setText(locked.username)
            self.office.setText(f"{locked.name} sedang bekerja di {self.place.pc}. Pekerjaan tetap terbuka.")
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.username.clear()
            self.office.setText(self.place.desk.office.name)
            self.username.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter_key(self) -> None:
        focus = self.focusWidget()
        if isinstance(focus, Button) and focus is not self.enter_button:
            focus.click()
        elif focus is self.username and not self.password.text():
            self.password.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.enter()

    def enter(self) -> None:
        """Try name and password, once at a time."""
        if self._running:
            return
        self._running = True
        self.enter_button.setEnabled(False)
        self.place.messages.clear()
        name, password = self.username.text().strip(), self.password.text()
        self.place.runner.run(
            Lane.QUERY,
            lambda: accounts.login(self.place.desk, name, password, self.place.pc),
            owner=self,
            done=self._in,
            failed=self._refused,
        )

    def _in(self, actor: Actor) -> None:
        self._ready_again()
        self.password.clear()
        self._entered(actor)

    def _refused(self, error: Exception) -> None:
        self._ready_again()
        self.place.messages.show_error(error)
        self.password.selectAll()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ready_again(self) -> None:
        self._running = False
        self.enter_button.setEnabled(True)
