"""Step 5: one blank becomes one card. The page shows the job's state and offers only what that state allows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ktpel_desktop.core.issuance import Job, JobState, PrintAnswer, SpoilReason
from ktpel_desktop.core.ports import PrintStage, Step
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.request import Request
from ktpel_desktop.core.roles import Action
from ktpel_desktop.services import issuing, outbox, queries
from ktpel_desktop.services.approvals import Approval
from ktpel_desktop.services.queries import RequestView
from ktpel_desktop.ui import mnemonics, theme, words
from ktpel_desktop.ui.dialogs import AskApproval
from ktpel_desktop.ui.keys import sequence
from ktpel_desktop.ui.pages import handing, issuance_choices, issuance_lane, issuance_questions, read_back
from ktpel_desktop.ui.pages.issuance_states import PLACE, STEPS, TOLD, TONES, WITH_PROOF
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.device_work import SILENT, DeviceWork
from ktpel_desktop.ui.widgets.face_check import FaceCheck
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.odd_things import OddThings
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.proof import Proof
from ktpel_desktop.ui.widgets.steps import StepList
from ktpel_desktop.ui.workplace import Workplace

_J = JobState


class IssuancePage(Page):
    """Reserve, encode, print, look, report."""

    topic = "cetak"
    heading = "Cetak KTP-el"

    def __init__(self, place: Workplace, request_id: str = "", job: Job | None = None) -> None:
        super().__init__(place)
        self.request_id = job.request_id if job else request_id
        self.job = job
        self.request: Request | None = None
        self.order: VerifiedOrder | None = None
        self._reprint: Approval | None = None
        self._late: Approval | None = None
        self.read_button = read_back.button(self)
        self.steps = StepList()
        self.sheet = Section()
        self.sheet.title.setFont(theme.font(theme.HEADING, bold=True))
        self.head, self.told = QLabel(), QLabel()
        self.head.setFont(theme.font(theme.HEADING, bold=True))
        self.told.setWordWrap(True)
        self.lamp = Lamp("Keadaan")
        self.work = DeviceWork()
        self.work.silent.connect(lambda: place.messages.say(*SILENT, Tone.WARN))
        self.proof = Proof(place)
        self.warned = OddThings("Perhatikan")
        self.proof.warned.connect(self.warned.show_codes)
        self.face_check = FaceCheck()
        self.face_check.changed.connect(place.messages.clear)  # what is said of open points is old
        for widget in (self.head, self.told, self.lamp, self.work, self.warned):
            self.sheet.add(widget)
        self.sheet.add(self.proof, 100)  # all the room there is; the stretch below is for states without it
        self.sheet.column.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(theme.GAP_M)
        left.addWidget(self.steps)
        left.addWidget(self.face_check)
        left.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addLayout(left)
        row.addWidget(self.sheet, 1)
        self.body.addLayout(row, 1)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(theme.GAP)
        self.body.addLayout(self.buttons)
        self.primary: Button | None = None
        for key in ("Return", "Enter"):
            shortcut = QShortcut(sequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.enter)
        leave = QShortcut(sequence("Esc"), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.leave)
        self.ask(queries.request_view, self.request_id, done=self._begin, failed=self._gone)

    def _gone(self, error: Exception) -> None:
        self.place.home()
        self.place.messages.show_error(error)

    def _begin(self, view: RequestView) -> None:
        """The request's open job is taken up where it stands; else a new one can be begun."""
        request = self.request = view.request
        service = self.place.desk.catalogue.get(request.service).name
        self.say_below(f"{request.number} · {request.name} · {service}")
        if self.job is None:
            self.job = next((job for job in view.jobs if job.open), None)
        if self.job is not None and self.job.state not in (_J.REPORTING, _J.ISSUED, _J.SPOILED, _J.CANCELLED):
            self.act(
                issuing.order_for,
                self.job.id,
                lane=Lane.NETWORK,
                done=self._have_order,
                failed=self._no_order,
            )
        self.show_state()

    def _have_order(self, order: VerifiedOrder) -> None:
        self.order = order
        self.show_state()

    def _no_order(self, error: Exception) -> None:
        self.place.messages.show_error(error)
        self.show_state()

    # ------------------------------------------------------------ showing

    @property
    def state(self) -> JobState | None:
        """The job's state; None before there is a job."""
        return self.job.state if self.job else None

    def show_state(self, running: str = "") -> None:
        """Show the job as it is, and what can be done."""
        state = self.state
        title, told = TOLD[state]
        self.head.setText(running or title)
        self.told.setText(told)
        spoiled = self.job is not None and self.job.spoil_reason is not None
        if self.job is not None and self.job.spoil_reason is not None:
            self.told.setText(f"Sebab: {words.word('spoil_reason', self.job.spoil_reason)}. {told}")
        word = words.word("job_state", state) if state else "Belum dimulai"
        self.lamp.show_state(TONES.get(state, Tone.ACTIVE) if state else Tone.UNKNOWN, word)
        self.work.end()
        self.steps.show_steps(STEPS, min(PLACE[state], len(STEPS)))
        self.read_button.setVisible(read_back.can_show(self))
        wanted = state in WITH_PROOF and not spoiled and self.order is not None
        self.proof.show_subject(self.order.subject if wanted and self.order is not None else None)
        looked_at = state is _J.PRINTED
        if looked_at and not self.face_check.isVisibleTo(self):
            self.face_check.begin()
        self.face_check.setVisible(looked_at)
        self._show_choices()
        if looked_at and not self.working:
            self.face_check.ask_next()

    def _show_choices(self) -> None:
        while (item := self.buttons.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, QWidget):
                widget.hide()
                widget.deleteLater()
        self._guarded.clear()
        choices = issuance_choices.of(self)
        made = [
            self.action(one.word, one.icon, one.slot, primary=place == 0, in_head=False)
            for place, one in enumerate(choices)
        ]
        for button in reversed(made[1:]):
            self.buttons.addWidget(button)
        self.buttons.addStretch()
        self.buttons.addWidget(made[0])
        made[0].setMinimumWidth(240)
        self.primary = made[0]
        for button in made:
            button.setEnabled(not self.working)
        if not self.working:
            made[0].show()  # what is not shown yet cannot take the focus
            made[0].setFocus(Qt.FocusReason.OtherFocusReason)
        mnemonics.assign(self)

    def enter(self) -> None:
        """Enter: the button that has the focus, else the main one."""
        focus = QApplication.focusWidget()
        if self.face_check.tick(focus):
            if not self.face_check.missing() and self.primary is not None:
                self.primary.setFocus(Qt.FocusReason.OtherFocusReason)
        elif isinstance(focus, QPushButton) and self.isAncestorOf(focus):
            focus.click()
        elif self.primary is not None:
            self.primary.click()

    def leave(self) -> None:
        """Back to the list, unless something runs."""
        if self.may_leave():
            self.place.home()

    # ------------------------------------------------------------ acts

    def _moved(self, job: Job) -> None:
        self.job = job
        self.show_state()
        if job.state is _J.REPORTING:
            self.report()

    def fetch_order(self) -> None:
        """Ask SIAK for the order again."""
        if self.job is not None:
            self.act(issuing.order_for, self.job.id, lane=Lane.NETWORK, done=self._have_order)

    def reserve(self) -> None:
        """Order and blank. A second card of the request, or one out of hours, needs a second person first."""

        def failed(error: Exception) -> None:
            if not self._asked_leave(error, self.reserve):
                self.place.messages.show_error(error)
            self.show_state()

        self.act(
            issuing.reserve,
            self.request_id,
            reprint=self._reprint,
            out_of_hours=self._late,
            lane=Lane.NETWORK,
            done=self._reserved,
            failed=failed,
        )

    def _asked_leave(self, error: Exception, again: Callable[[], object]) -> bool:
        """Where only a second person's leave is missing, ask for it and try again with it."""
        action = issuance_questions.leave_needed(error)

        def given(approval: Approval) -> None:
            if approval.action is Action.REPRINT:
                self._reprint = approval
            else:
                self._late = approval
            again()

        if action is not None:
            AskApproval(self, self.place, action, self.request_id, given)
        return action is not None

    def _reserved(self, both: tuple[Job, VerifiedOrder]) -> None:
        self.job, self.order = both
        self.show_state()

    def _with_device(
        self,
        running: str,
        function: Callable[..., Job],
        *arguments: object,
        progress: Callable[[Any], object] | None = None,
        measured: bool = False,
        watched: bool = True,
        **named: object,
    ) -> None:
        """One act at a device (`measured`, `watched`: DeviceWork); whatever happens, the journal says what it did."""
        if self.job is None or self.working:
            return
        self.work.begin(measured=measured, watched=watched)  # before its lane can ask whether to stop
        self.head.setText(running)
        self.told.setText("Tunggu sampai selesai; layar ini berubah dengan sendirinya.")
        self.lamp.show_state(Tone.ACTIVE, "perangkat bekerja")
        self.act(
            function,
            self.job.id,
            *arguments,
            lane=Lane.DEVICE,
            done=self._moved,
            failed=self._look_again,
            progress=progress,
            **named,
        )

    def _progress(self, step: Step) -> None:
        self.work.show_step(step)
        self.told.setText(words.chip_step(step))

    def _look_again(self, error: Exception) -> None:
        """After a failure: the words, and the job as the journal has it."""
        if not self._asked_leave(error, self.print_card):
            self.place.messages.show_error(error)

        def seen(view: RequestView) -> None:
            self.job = next(
                (job for job in reversed(view.jobs) if self.job and job.id == self.job.id), self.job
            )
            self.show_state()

        self.ask(queries.request_view, self.request_id, done=seen)
        self.show_state()

    def encode(self) -> None:
        """Write the chip, or finish a writing that was cut off. Until the first writing command it can be stopped."""
        self._with_device(
            "Menulis chip … jangan angkat kartu",
            partial(issuance_lane.encode, self.work),
            self.order,
            progress=self._progress,
            measured=True,
        )

    def print_card(self) -> None:
        """Print the face, once."""
        self._with_device(
            "Mencetak … jangan matikan printer",
            issuance_lane.print_card,
            self.order,
            progress=self._stage,
            watched=False,  # the chip's reader has no part in it
            out_of_hours=self._late,
        )

    def _stage(self, stage: PrintStage) -> None:
        self.told.setText(f"{words.word('print_stage', stage)} …")

    def check(self, *, face_ok: bool = True, faults: tuple[str, ...] = ()) -> None:
        """Read the card back and say how its face looks."""
        self._with_device("Membaca chip …", issuing.check_printed, face_ok=face_ok, faults=faults)

    def good_face(self) -> None:
        """Every point was looked at; else the keyboard goes to the one that was not."""
        if self.face_check.ask_next():
            told = f"Belum dicentang: {self.face_check.told_missing()}."
            self.place.messages.say("Periksa kartu dahulu", told, Tone.WARN)
        else:
            self.check()

    def ask_bad_face(self) -> None:
        """A card that is spoiled for its face is spoiled for good: what is wrong is asked, and with it once more."""
        issuance_questions.ask_bad_face(
            self, self.face_check.seen_bad(), lambda faults: self.check(face_ok=False, faults=faults)
        )

    def hand_over(self) -> None:
        """Step 6 for this one card."""
        if self.request is not None:
            handing.results_to_counter(self, [self.request], self.place.home)

    def cancel(self) -> None:
        """Nothing was touched: the blank goes back."""
        self._move_card(issuing.cancel)

    def _move_card(self, act: Callable[..., Job], *values: object) -> None:
        """Asks the reader, and in a one-machine room moves the card: the device's lane; what fails is looked up."""
        if self.job is not None:
            self.act(act, self.job.id, *values, lane=Lane.DEVICE, done=self._moved, failed=self._look_again)

    def report(self) -> None:
        """Deliver what waits, this report with it; then look what became of the job."""

        def looked(view: RequestView) -> None:
            self.job = next((job for job in view.jobs if self.job and job.id == self.job.id), self.job)
            self.show_state()
            if self.job is not None and self.job.state is _J.REPORTING:
                self.place.messages.say(
                    "Laporan menunggu SIAK",
                    "Kartu sudah baik; laporan dikirim lagi dengan sendirinya. Pekerjaan lain dapat dimulai.",
                    Tone.WARN,
                )

        self.act(
            outbox.deliver,
            lane=Lane.NETWORK,
            done=lambda _outcome: self.ask(queries.request_view, self.request_id, done=looked),
            failed=self._look_again,
        )

    # ------------------------------------------------------------ questions

    def ask_unknown(self) -> None:
        """What came out of the printer."""
        issuance_questions.ask_unknown(self, self.place, self.request_id, self._answer)

    def _answer(self, answer: PrintAnswer, approval: Approval | None) -> None:
        self._with_device("Memeriksa …", issuing.answer_unknown, answer, approval)

    def ask_spoil(self) -> None:
        """Withdraw this card, with its reason."""
        reported = self.state is _J.REPORTING
        issuance_questions.ask_spoil(
            self, self.place, self.request_id, reported=reported, spoiled=self._spoil
        )

    def _spoil(self, reason: SpoilReason, approval: Approval | None) -> None:
        self._move_card(issuing.spoil, reason, approval)

    def ask_reprint(self) -> None:
        """Another card for the same request, which a second person must allow."""

        def approved(approval: Approval) -> None:
            self._reprint = approval
            self.job, self.order = None, None
            self.reserve()

        AskApproval(self, self.place, Action.REPRINT, self.request_id, approved)
