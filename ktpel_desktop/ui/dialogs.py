"""Small windows over a page: a second person's approval, one choice, a few lines. None blocks; each calls back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ktpel_desktop.core.roles import Action
from ktpel_desktop.services import approvals
from ktpel_desktop.services.approvals import Approval
from ktpel_desktop.ui import messages, mnemonics, theme, words
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.editors import Editor, LineEditor, Option, RadioEditor
from ktpel_desktop.ui.workplace import Workplace


class Ask(QDialog):
    """A heading, fields, a place for what is wrong, Cancel and one main action."""

    def __init__(self, parent: QWidget, title: str, told: str, main: str, icon: str) -> None:
        super().__init__(parent.window())
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        heading, text = QLabel(title), QLabel(told)
        heading.setFont(theme.font(theme.HEADING, bold=True))
        text.setWordWrap(True)
        if not told:
            text.hide()
        self.panel = messages.MessagePanel()
        self.fields = QVBoxLayout()
        self.fields.setSpacing(theme.GAP_M)
        self.main_button = Button(main, icon, primary=True, slot=self.settle)
        self.main_button.setDefault(True)
        self.cancel_button = Button("Batal", "cancel", slot=self.reject)
        bar = QHBoxLayout()
        bar.addWidget(self.cancel_button)
        bar.addStretch()
        bar.addWidget(self.main_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP_XL, theme.GAP_L, theme.GAP_XL, theme.GAP_L)
        column.setSpacing(theme.GAP_M)
        for widget in (heading, text, self.panel):
            column.addWidget(widget)
        column.addLayout(self.fields)
        column.addSpacing(theme.GAP)
        column.addLayout(bar)

    def begin(self, focus: QWidget) -> None:
        """Open it with the focus in its first field."""
        mnemonics.assign(self)
        self.open()
        focus.setFocus(Qt.FocusReason.TabFocusReason)

    def settle(self) -> None:
        """The main action."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """With an edge of its own, where no window manager draws one."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QColor(theme.colours().mark))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class AskApproval(Ask):
    """The second person logs in beside the first, for one act on one subject; `told` says what, else the act's word."""

    def __init__(
        self,
        parent: QWidget,
        place: Workplace,
        action: Action,
        subject: str,
        given: Callable[[Approval], object],
        told: str = "",
    ) -> None:
        what = told or words.word("action", action)
        super().__init__(
            parent,
            "Persetujuan orang kedua",
            f"Untuk: {what}. Penyelia masuk dengan akunnya sendiri; kedua nama dicatat.",
            "Setujui",
            "shield",
        )
        self._place, self._action, self._subject, self._given = place, action, subject, given
        self.username = LineEditor("Nama pengguna penyelia")
        self.password = LineEditor("Kata sandi")
        self.password.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.fields.addWidget(self.username)
        self.fields.addWidget(self.password)
        self.begin(self.username)

    def settle(self) -> None:
        """Ask for the approval, once."""
        if not self.main_button.isEnabled():
            return
        self.main_button.setEnabled(False)
        name, password = self.username.line.text(), self.password.line.text()
        desk, me = self._place.desk, self._place.me
        self._place.runner.run(
            Lane.QUERY,
            lambda: approvals.approve(desk, me, name, password, self._action, self._subject),
            owner=self,
            done=self._approved,
            failed=self._refused,
        )

    def _approved(self, approval: Approval) -> None:
        self.accept()
        self._given(approval)

    def _refused(self, error: Exception) -> None:
        self.main_button.setEnabled(True)
        self.panel.show_error(error)
        self.password.line.selectAll()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)


class AskFields(Ask):
    """A few fields, all to be answered that are required."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        told: str,
        main: tuple[str, str],
        editors: Sequence[Editor],
        given: Callable[[list[object]], object],
    ) -> None:
        super().__init__(parent, title, told, *main)
        self.editors, self._given = list(editors), given
        for editor in self.editors:
            self.fields.addWidget(editor)
        self.begin(self.editors[0])

    def settle(self) -> None:
        """Take the answers when none is missing."""
        first: Editor | None = None
        for editor in self.editors:
            missing = editor.required and editor.answer() in (None, False, frozenset())
            editor.show_error("Isian ini wajib." if missing else "")
            first = editor if missing and first is None else first
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.accept()
        self._given([editor.answer() for editor in self.editors])


def ask_choice(
    parent: QWidget,
    title: str,
    told: str,
    options: Sequence[Option],
    main: tuple[str, str],
    given: Callable[[str], object],
    *,
    caption: str = "Pilih",
) -> AskFields:
    """One of a few options."""
    editor = RadioEditor(caption, options)
    if len(options) == 1:
        editor.fill(options[0][0])
    return AskFields(parent, title, told, main, [editor], lambda answers: given(str(answers[0])))
