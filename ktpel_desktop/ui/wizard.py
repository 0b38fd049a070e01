"""The thin Qt shell over core.flow: steps at the left, one step's fields, one row of actions.

Enter is the primary action, Alt+Left goes back, Esc leaves. A wizard's page says only what its table cannot:
the facts of the case, what is shown beside the fields, and the act behind a step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ktpel_desktop.core import flow
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.field_checks import CHECKS, Check
from ktpel_desktop.core.flow import END, Answers, Field, FieldKind, Run, Step, Wizard
from ktpel_desktop.ui import flow_words, messages, mnemonics, theme
from ktpel_desktop.ui.keys import sequence
from ktpel_desktop.ui.messages import Message
from ktpel_desktop.ui.pages.page import Page, scrolled
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.editors import Editor, LineEditor, ListEditor, Option, editor_for
from ktpel_desktop.ui.widgets.facts import Facts
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.steps import StepList
from ktpel_desktop.ui.workplace import Workplace


class WizardPage(Page):
    """One run through a wizard."""

    def __init__(self, place: Workplace, wizard: Wizard, facts: Answers) -> None:
        super().__init__(place)
        self.title.setText(flow_words.wizard_title(wizard.id))
        self.journey: Run = flow.start(wizard, facts)
        self.editors: dict[str, Editor] = {}
        self.steps = StepList()
        self.sheet_holder = QVBoxLayout()
        self.sheet: Section | None = None
        self.sheet_area: QWidget | None = None
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addWidget(self.steps)
        row.addLayout(self.sheet_holder, 1)
        self.body.addLayout(row, 1)
        self.back_button = self.action("Kembali", "back", self.go_back, key="Alt+Left", in_head=False)
        self.leave_button = self.action("Batal", "cancel", self.leave, in_head=False)
        self.primary_button = self.action("Lanjut", "next", self.proceed, primary=True, in_head=False)
        bar = QHBoxLayout()
        bar.setSpacing(theme.GAP)
        bar.addWidget(self.leave_button)
        bar.addStretch()
        bar.addWidget(self.back_button)
        bar.addWidget(self.primary_button)
        self.primary_button.setMinimumWidth(200)
        self.bar = bar
        self.body.addLayout(bar)
        for key in ("Return", "Enter"):
            self._shortcut(key, self.enter)
        self._shortcut("Esc", self.leave)

    def _shortcut(self, key: str, slot: Callable[[], None]) -> None:
        made = QShortcut(sequence(key), self)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.activated.connect(slot)

    # ------------------------------------------------------------ what a wizard's page may say itself

    def options_in_words(self, step: Step, field: Field) -> Sequence[Option]:
        """Options with their words, in the order to show them."""
        codes = flow.options(field, self.journey.known)
        return [(code, self.option_word(step.id, field.id, code)) for code in codes]

    def option_word(self, step: str, field: str, code: str) -> str:
        """An option in words."""
        return flow_words.option(self.journey.wizard.id, step, field, code) or code.replace("_", " ")

    def beside(self, step: Step) -> QWidget | None:
        """What is shown above the fields of a step."""
        return None

    def entered(self, step: Step) -> None:
        """A step is shown: the place to begin what it needs."""

    def outcomes(self, step: Step, values: Mapping[str, object]) -> Mapping[str, object]:
        """Values of the OUTCOME fields of a step; filled in by the program."""
        return {}

    def perform(self, step: Step, values: Answers) -> None:
        """The act behind a step; ends in `advance`. By default there is none."""
        self.advance(values)

    def finished(self) -> None:
        """The end was reached."""
        self.place.home()

    def primary_word(self, step: Step) -> tuple[str, str]:
        """Word and icon of the primary action."""
        wizard = self.journey.wizard.id
        if flow.is_last(self.journey):
            return flow_words.main_action(wizard, step.id) or "Selesai", "done"
        return flow_words.main_action(wizard, step.id) or "Lanjut", "next"

    # ------------------------------------------------------------ showing

    def show_step(self) -> None:
        """Build the sheet of the current step."""
        step, wizard = self.journey.current, self.journey.wizard.id
        if self.sheet_area is not None:
            self.sheet_area.hide()
            self.sheet_area.deleteLater()
        self.sheet = Section(flow_words.step_title(wizard, step.id))
        self.sheet.title.setFont(theme.font(theme.HEADING, bold=True))
        self.sheet.column.setSpacing(theme.GAP_M)
        told = flow_words.step_text(wizard, step.id)
        if told:
            words = QLabel(told)
            words.setWordWrap(True)
            self.sheet.add(words)
        beside = self.beside(step)
        if beside is not None:
            self.sheet.add(beside, 0 if isinstance(beside, (Facts, Button)) else 1)
        self.editors = {}
        grows = beside is not None and not isinstance(beside, (Facts, Button))
        for field in step.fields:
            if field.kind is FieldKind.OUTCOME:
                continue
            editor = self.make_editor(step, field)
            if editor is None:
                continue
            self._fill_draft(step, field, editor)
            self.editors[field.id] = editor
            long = isinstance(editor, ListEditor)
            grows = grows or long
            self.sheet.add(editor, 1 if long else 0)
        if not grows:
            self.sheet.column.addStretch()
        self.sheet_area = scrolled(self.sheet)
        self.sheet_holder.addWidget(self.sheet_area)
        self.sheet_area.show()  # a field that is not shown yet cannot take the focus
        self._order_focus()
        self._show_way()
        self.settle()
        self.focus_first()
        mnemonics.assign(self)
        self.entered(step)

    def _order_focus(self) -> None:
        """From the last field Tab leads to the main action, not to the head of the window."""
        last = next(reversed(self.editors.values()), None)
        if last is None or self.sheet is None:
            return
        inside = [w for w in last.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        if inside:
            QWidget.setTabOrder(inside[-1], self.primary_button)
        QWidget.setTabOrder(self.primary_button, self.back_button)
        QWidget.setTabOrder(self.back_button, self.leave_button)

    def make_editor(self, step: Step, field: Field) -> Editor | None:
        """The editor of a field; None leaves the field out."""
        wizard = self.journey.wizard.id
        options = self.options_in_words(step, field) if field.kind in _CHOSEN else ()
        made = editor_for(
            field.kind,
            flow_words.label(wizard, step.id, field.id),
            flow_words.hint(wizard, step.id, field.id),
            options,
            required=field.required,
        )
        if field.check is Check.PERCENT and isinstance(made, LineEditor):
            made.line.setMaximumWidth(160)
        return made

    def _fill_draft(self, step: Step, field: Field, editor: Editor) -> None:
        draft = self.journey.drafts.get(step.id, {}).get(field.id)
        if draft is not None:
            editor.fill(draft)

    def _show_way(self) -> None:
        """Steps gone through, the current one, and the plain way on from here."""
        way = [answered.step for answered in self.journey.trail]
        here = len(way)
        step = self.journey.step
        while step != END and step not in way[here:]:
            way.append(step)
            step = self.plain_way(self.journey.wizard.step(step))
        self.steps.show_steps([flow_words.step_title(self.journey.wizard.id, name) for name in way], here)

    def plain_way(self, step: Step) -> str:
        """Where a step leads when nothing is odd: its last way, which is always open."""
        return step.ways[-1].to

    def settle(self) -> None:
        """What may be pressed at this step."""
        if self.journey.finished:
            return
        word, icon = self.primary_word(self.journey.current)
        self.primary_button.say(word, icon)
        self.back_button.setEnabled(flow.can_go_back(self.journey) and not self.working)
        mnemonics.assign(self)

    def take_focus(self) -> None:
        """To the first open field of the step."""
        if self.sheet is not None:
            self.focus_first()

    def focus_first(self) -> None:
        """The first field that is not answered yet, else the primary action."""
        for editor in self.editors.values():
            open_still = editor.answer() in (None, False, frozenset()) or isinstance(editor, ListEditor)
            if editor.isVisibleTo(self) and open_still:
                editor.setFocus(Qt.FocusReason.TabFocusReason)
                return
        self.primary_button.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ going on

    def enter(self) -> None:
        """Enter: the button that has the focus, else the primary action."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QPushButton) and focus is not self.primary_button and self.isAncestorOf(focus):
            focus.click()
        else:
            self.primary_button.click()

    def typed(self) -> dict[str, object]:
        """What the fields answer now."""
        return {
            name: value for name, editor in self.editors.items() if (value := editor.answer()) is not None
        }

    def proceed(self) -> None:
        """The primary action: check the fields, act, go on."""
        if self.journey.finished or self.working:
            return
        step = self.journey.current
        if not self._fields_hold(step):
            return
        values = self.typed()
        values.update(self.outcomes(step, values))
        self.perform(step, values)

    def advance(self, values: Answers) -> None:
        """Answer the step and show the next one, or end."""
        try:
            self.journey = flow.answer(self.journey, values)
        except PolicyError as error:
            self._show_refusal(error)
            return
        self.place.messages.clear()
        if self.journey.finished:
            self.finished()
        else:
            self.show_step()

    def go_back(self) -> None:
        """One step back, where that is possible."""
        if not self.working and flow.can_go_back(self.journey):
            self.place.messages.clear()
            self.journey = flow.back(self.journey)
            self.show_step()

    def leave(self) -> None:
        """Give up."""
        if self.may_leave():
            self.place.messages.clear()
            self.place.home()

    def _fields_hold(self, step: Step) -> bool:
        """Check every field, show each error beside it, and sum them up."""
        wrong: list[Editor] = []
        for field in step.fields:
            editor = self.editors.get(field.id)
            if editor is None:
                continue
            error = _field_error(field, editor.answer())
            editor.show_error(error)
            if error:
                wrong.append(editor)
        if not wrong:
            return True
        named = ", ".join(editor.caption for editor in wrong)
        count = "Satu isian" if len(wrong) == 1 else f"{len(wrong)} isian"
        self.place.messages.show_message(
            Message(f"{count} perlu diperbaiki", named, "Perbaiki isian yang bertanda.", tone=Tone.WARN)
        )
        wrong[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return False

    def _show_refusal(self, error: PolicyError) -> None:
        """A refusal that names a field stands beside it as well."""
        self.place.messages.show_error(error)
        editor = self.editors.get(str(error.params.get("field", "")))
        message = messages.message_for(error)
        if editor is not None and message is not None:
            editor.show_error(message.title)
            editor.setFocus(Qt.FocusReason.OtherFocusReason)


_CHOSEN = (FieldKind.CHOICE, FieldKind.CHECKLIST)


def _field_error(field: Field, value: object) -> str:
    """What is wrong with one answer, in words; empty where nothing is."""
    if field.kind is FieldKind.CONFIRM and value is not True:
        return "Centang setelah diperiksa."
    if value in (None, "") or (field.kind is FieldKind.CHECKLIST and not value):
        if not field.required:
            return ""
        return "Pilih salah satu." if field.kind is FieldKind.CHOICE else "Isian ini wajib."
    if field.check is not None and isinstance(value, str):
        try:
            CHECKS[field.check](value)
        except PolicyError as error:
            message = messages.message_for(error)
            return "" if message is None else f"{message.title}. {message.step}"
    return ""
