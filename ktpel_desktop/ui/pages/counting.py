"""Stock counted blind by two persons: the same steps at the day's end, at any time, and for the first stock."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ktpel_desktop.core import flow
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.flow import Answers, Field, Step, Wizard
from ktpel_desktop.core.flows import COUNTING, OPENING
from ktpel_desktop.core.records import Person
from ktpel_desktop.core.roles import Action
from ktpel_desktop.core.stock import BLANK, PhysicalCount
from ktpel_desktop.services import counting, stock
from ktpel_desktop.services.approvals import Approval
from ktpel_desktop.ui import flow_words, words
from ktpel_desktop.ui.dialogs import AskApproval
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import Editor, RadioEditor
from ktpel_desktop.ui.widgets.facts import Facts
from ktpel_desktop.ui.wizard import WizardPage
from ktpel_desktop.ui.workplace import Workplace


class CountingPage(WizardPage):
    """Both figures and, where the wizard compares, the books. Page by page, for the books must not lie beneath."""

    def __init__(self, place: Workplace, wizard: Wizard, item: str = BLANK) -> None:
        super().__init__(place, wizard, {})
        self.item = item
        self.people: Sequence[Person] = ()
        self.second_counter = ""
        self.counted: PhysicalCount | None = None

    def make_editor(self, step: Step, field: Field) -> Editor | None:
        """The first to count is who sits here; the second is one of the others."""
        made = super().make_editor(step, field)
        if field.id == "second_by" and made is not None:
            people = [(p.username, f"{p.name} – {words.word('role', p.role)}") for p in self.people]
            return RadioEditor(made.caption, people, values={p.username: p.name for p in self.people})
        if field.id == "first_by" and made is not None:
            made.fill(self.place.me.name)
        return made

    def beside(self, step: Step) -> QWidget | None:
        """Both counts, and the books where they are compared."""
        count = self.counted
        if count is None or step.id not in ("comparison", "document"):
            return None
        rows = [
            ("Hitungan pertama", words.number(count.first)),
            ("Hitungan kedua", words.number(count.second)),
        ]
        if step.id == "comparison":
            told = "sama" if count.agrees else f"selisih {count.difference:+d}"
            rows += [("Menurut buku", words.number(count.books)), ("Hasil", told)]
        return Facts(rows)

    def outcomes(self, step: Step, values: Answers) -> Answers:
        """Whether both counts and the books say the same."""
        if step.id == "comparison" and self.counted is not None:
            return {"agrees": "yes" if self.counted.agrees else "no"}
        return {}

    def perform(self, step: Step, values: Answers) -> None:
        """Compare after both counts; nobody begins who has nobody to count after him."""
        if step.id == "first_count" and not self.people:
            self.place.messages.show_error(PolicyError("shift.second_counter"))
            return
        if step.id != "second_count":
            self.advance(values)
            return
        editor = self.editors["second_by"]
        self.second_counter = editor.chosen() if isinstance(editor, RadioEditor) else ""

        def compared(count: PhysicalCount) -> None:
            self.counted = count
            self.advance(values)

        def refused(error: Exception) -> None:
            if isinstance(error, PolicyError) and error.code == "shift.counts_disagree":
                self._count_again()
            self.place.messages.show_error(error)

        first = self.journey.known["first_count"]
        self.act(
            counting.compare, first, values["second_count"], item=self.item, done=compared, failed=refused
        )

    def _count_again(self) -> None:
        """Two counts that differ say nothing of the cabinet: both count once more, blind as before."""
        journey = flow.start(self.journey.wizard, self.journey.facts)
        for answered in self.journey.trail:
            if answered.step == "first_count":
                break
            journey = flow.answer(journey, answered.values)
        self.journey = journey
        self.show_step()


class _CabinetPage(CountingPage):
    """A count of one item, begun from its page and led back to it."""

    topic = "blangko"

    def __init__(self, place: Workplace, wizard: Wizard, item: str) -> None:
        super().__init__(place, wizard, item)
        self.name = next((one.name for one in place.desk.consumables if one.code == item), "blangko")
        self.title.setText(f"{flow_words.wizard_title(wizard.id)}: {self.name}")
        self.primary_button.setEnabled(False)
        self.ask(counting.second_counters, done=self._start, failed=self._refused)

    def _start(self, people: Sequence[Person]) -> None:
        self.people = people
        self.primary_button.setEnabled(True)
        self.show_step()

    def _refused(self, error: Exception) -> None:
        self.finished()
        self.place.messages.show_error(error)

    def finished(self) -> None:
        """Back to where the item stands."""
        self.place.go("blanks" if self.item == BLANK else "consumables")

    def leave(self) -> None:
        """Give up: nothing was written down."""
        if self.may_leave():
            self.finished()


class PhysicalCountPage(_CabinetPage):
    """A count at any time: journalled; a difference needs its reason and the penyelia."""

    def __init__(self, place: Workplace, item: str = BLANK) -> None:
        super().__init__(place, COUNTING, item)

    def perform(self, step: Step, values: Answers) -> None:
        """Journal the count when all is said."""
        if self.counted is None or not flow.can_finish(self.journey, values):
            super().perform(step, values)
        elif self.counted.agrees:
            self._journal("", None)
        else:
            reason = str(values["difference_reason"])
            AskApproval(
                self,
                self.place,
                Action.STOCK_CORRECTION,
                self.item,
                lambda approval: self._journal(reason, approval),
            )

    def _journal(self, reason: str, approval: Approval | None) -> None:
        self.act(
            stock.count,
            self.counted,
            reason,
            approval,
            second_counter=self.second_counter,
            item=self.item,
            done=lambda _none: self._told(),
        )

    def _told(self) -> None:
        self.finished()
        count, say = self.counted, self.place.messages.say
        if count is not None and count.agrees:
            say("Hitung fisik cocok", f"{self.name}: {count.first}, sama dengan buku.")
        elif count is not None:
            text = f"{self.name}: dihitung {count.first}, menurut buku {count.books}. Koreksi dicatat tersendiri."
            say("Selisih dicatat", text, Tone.WARN)


class FirstStockPage(_CabinetPage):
    """The stock on the program's first day: counted by two, with its paper, approved by the penyelia."""

    def __init__(self, place: Workplace, item: str = BLANK) -> None:
        super().__init__(place, OPENING, item)

    def perform(self, step: Step, values: Answers) -> None:
        """Write the first stock down when both counted the same and the paper is named."""
        if self.counted is None or step.id != "document":
            super().perform(step, values)
            return
        document = str(values["document"])
        AskApproval(
            self,
            self.place,
            Action.STOCK_CORRECTION,
            self.item,
            lambda approval: self._write_down(document, approval),
        )

    def _write_down(self, document: str, approval: Approval) -> None:
        self.act(
            stock.opening,
            self.counted,
            document,
            approval,
            second_counter=self.second_counter,
            item=self.item,
            done=lambda _balance: self._told(),
        )

    def _told(self) -> None:
        self.finished()
        if self.counted is not None:
            self.place.messages.say("Saldo awal dicatat", f"{self.name}: {self.counted.first}.")
