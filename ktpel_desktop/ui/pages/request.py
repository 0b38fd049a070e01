"""One request: the nine steps, what lies in the file, what happened, and what can be done next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Action
from ktpel_desktop.services import handing_over, intake, queries, receipts, referrals, verifying
from ktpel_desktop.services.handing_over import RESULT_REASONS, Withdrawal
from ktpel_desktop.services.intake import WITHDRAW_REASONS
from ktpel_desktop.services.queries import RequestView
from ktpel_desktop.services.receipts import ReceiptOutcome
from ktpel_desktop.ui import mnemonics, theme, words
from ktpel_desktop.ui.dialogs import AskApproval, AskFields, ask_choice
from ktpel_desktop.ui.pages import handing, history
from ktpel_desktop.ui.pages.page import Page, scrolled
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.editors import ChecksEditor, LineEditor
from ktpel_desktop.ui.widgets.facts import Facts
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.widgets.timeline import Timeline
from ktpel_desktop.ui.workplace import Workplace

REVEAL_MS = 20_000
LETTERS = {"notice": "Pemberitahuan kekurangan", "referral": "Surat rujukan"}
"""Pages of papers for the applicant, and their buttons."""
_A = Action


class RequestPage(Page):
    """Everything known of one request."""

    topic = "permohonan"
    heading = "Permohonan"

    def __init__(self, place: Workplace, request_id: str) -> None:
        super().__init__(place)
        self.request_id = request_id
        self.view: RequestView | None = None
        self._next: tuple[Action, ...] | None = None
        self._letter = ""
        self._build_head()
        self.timeline = Timeline()
        steps = Section("Sembilan langkah")
        steps.add(self.timeline)
        self.body.addWidget(steps)
        self.next_row = QHBoxLayout()
        self.next_row.setSpacing(theme.GAP)
        self.body.addLayout(self.next_row)
        self.facts, self.papers = Facts(), Facts()
        file = Section("Berkas")
        inside = QWidget()
        within = QVBoxLayout(inside)
        within.setContentsMargins(0, 0, theme.GAP, 0)
        within.addWidget(self.facts)
        self.reveal_button = self.action("Tampilkan NIK", "eye", self.reveal, in_head=False)
        if not place.may(Action.REVEAL_NIK):
            self.reveal_button.hide()
        file.head.addWidget(self.reveal_button)
        caption = QLabel("Dokumen")
        caption.setFont(theme.font(theme.BODY, bold=True))
        within.addSpacing(theme.GAP)
        within.addWidget(caption)
        within.addWidget(self.papers)
        within.addStretch()
        file.add(scrolled(inside), 1)
        self.log = RowsView(
            (
                Column("Waktu", lambda e: words.day_and_clock(place.local(e.at)), width=11),
                Column("Kejadian", lambda e: history.text_of(e, place)),
                Column("Oleh", lambda e: place.names_of(e.actor, e.approver), width=12),
            ),
            "Riwayat",
            key=lambda event: event.seq,
        )
        past = Section("Riwayat")
        past.add(self.log, 1)
        grid = QGridLayout()
        grid.setSpacing(theme.GAP_L)
        grid.addWidget(file, 0, 0)
        grid.addWidget(past, 0, 1)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 6)
        self.body.addLayout(grid, 1)
        self._hide = QTimer(self)
        self._hide.setSingleShot(True)
        self._hide.setInterval(REVEAL_MS)
        self._hide.timeout.connect(lambda: self._show_facts(None))

    def _build_head(self) -> None:
        self.letter_button = self.action("Surat", "request", self.open_letter, key="F9")
        self.letter_button.hide()
        self.action("Kembali", "back", self.place.home, key="Esc")
        self.state_lamp, self.age_lamp = Lamp(""), Lamp("Waktu layanan")
        lamps = QHBoxLayout()
        lamps.setSpacing(theme.GAP_XL)
        lamps.addWidget(self.state_lamp)
        lamps.addWidget(self.age_lamp)
        lamps.addStretch(1)
        self.body.addLayout(lamps)

    # ------------------------------------------------------------ showing

    def refresh(self) -> None:
        """Read it again."""
        self.ask(queries.request_view, self.request_id, done=self._show, failed=self._gone)

    def _gone(self, error: Exception) -> None:
        self.place.home()
        self.place.messages.show_error(error)

    def _show(self, view: RequestView) -> None:
        first = self.view is None
        changed = self.view is None or self.view.events != view.events or self.view.request != view.request
        self.view = view
        request = view.request
        self.title.setText(f"{request.number} · {request.name}")
        reasons = words.reasons_of(request, self.place.desk.catalogue)
        service = self.place.desk.catalogue.get(request.service).name
        why = "Kurang" if request.state is RequestState.INCOMPLETE else "Alasan"
        self.say_below(f"{service}. {why}: {reasons}" if reasons else service)
        self.state_lamp.show_state(words.REQUEST_TONES[request.state], words.state_of(request))
        self.age_lamp.show_state(
            words.AGEING_TONES[view.ageing],
            f"{words.span(view.service_time)}, {words.word('ageing', view.ageing).lower()}",
        )
        self.timeline.show_steps(view.timeline)
        if not changed:
            return
        self._letter = self._letter_of(view)
        self.letter_button.say(LETTERS.get(self._letter, "Surat"))
        self.letter_button.setVisible(bool(self._letter))
        if not self._hide.isActive():
            self._show_facts(None)
        self._show_papers(request)
        self.log.show_rows(history.told(view.events))
        self._show_next(view, focus=first)

    def _letter_of(self, view: RequestView) -> str:
        """The page of the paper that this request's applicant is given now; empty where there is none."""
        if view.request.state is RequestState.INCOMPLETE:
            return "notice"
        may = self.place.may(Action.VERIFY)
        return "referral" if may and referrals.basis(view.request, view.events) is not None else ""

    def _show_facts(self, nik: str | None) -> None:
        if self.view is None:
            return
        request, view = self.view.request, self.view
        rows = [
            ("Kode", request.id),
            ("NIK", nik or request.nik.masked),
            ("No. KK", request.kk.masked if request.kk else "–"),
            ("Telepon", request.phone or "–"),
            (
                "Diterima",
                f"{words.moment(self.place.local(request.accepted_at))} oleh {self.place.name_of(request.accepted_by)}",
            ),
            ("Prioritas", words.word("priority", request.priority)),
        ]
        if request.claim is not None and self.place.desk.clock.now() < request.claim.until:
            until = words.clock(self.place.local(request.claim.until))
            rows.append(("Dikerjakan", f"{self.place.name_of(request.claim.by)}, sampai {until}"))
        if view.jobs:
            rows.append(("Pekerjaan cetak", words.word("job_state", view.jobs[-1].state)))
        rows.append(("Kiriman status", history.deliveries(view.deliveries)))
        if view.handover is not None:
            rows.append(
                (
                    "Diserahkan kepada",
                    f"{view.handover.collector} ({words.word('relation', view.handover.relation)})",
                )
            )
        self.facts.show_rows(rows)

    def _show_papers(self, request: Request) -> None:
        service = self.place.desk.catalogue.get(request.service)
        missing = {need.code for need in service.missing(request.documents)}
        self.papers.show_rows(
            [
                (
                    "Ada"
                    if need.code in request.documents
                    else ("Kurang" if need.code in missing else "Tidak ada"),
                    need.text,
                )
                for need in service.requirements
            ]
        )

    def _show_next(self, view: RequestView, *, focus: bool) -> None:
        """One button for each thing that can be done now; the first is the main one."""
        while (item := self.next_row.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, QWidget):
                widget.hide()
                widget.deleteLater()
        self._guarded[3:] = []  # letter, back, and the NIK stay
        first: Button | None = None
        for action in view.next_actions:
            made = self._button_for(action, view.request, primary=first is None)
            if made is not None:
                self.next_row.addWidget(made)
                first = first or made
        self.next_row.addStretch()
        mnemonics.assign(self)
        if focus and first is not None:
            first.show()  # what is not shown yet cannot take the focus
            first.setFocus()

    def _button_for(self, action: Action, request: Request, *, primary: bool) -> Button | None:
        go = self.place.go
        known: dict[Action, tuple[str, str, Callable[[], object]]] = {
            _A.CLAIM: ("Klaim dan kerjakan", "edit", self._claim),
            _A.VERIFY: self._verify_button(request),
            _A.ISSUE: ("Cetak KTP-el", "print", lambda: go("issue", request_id=request.id)),
            _A.MAKE_DOCUMENT: ("Dokumen sudah dibuat", "request", self._make_document),
            _A.RELEASE_CLAIM: ("Lepas klaim petugas lain", "shield", self._release_other),
            _A.PRINT_RECEIPT: ("Cetak ulang tanda terima", "print", self._print_receipt),
            _A.CANCEL_REQUEST: ("Pemohon membatalkan", "trash", self._withdraw),
            _A.DESTROY_SPOILED: ("Tarik hasil dari loket …", "trash", self._take_back),
            _A.COMPLETE_FILE: ("Lengkapi berkas", "plus", self._complete),
            _A.HAND_OVER_RESULT: ("Serah terima", "handover", lambda: go("handover", request_id=request.id)),
            _A.HAND_FILES_OVER: (
                "Serahkan berkas ke operator",
                "bundle",
                lambda: handing.files_to_operator(self, [request], self._again),
            ),
            _A.HAND_RESULTS_OVER: (
                "Serahkan hasil ke loket",
                "bundle",
                lambda: handing.results_to_counter(self, [request], self._again),
            ),
        }
        if action not in known:
            return None
        word, icon, slot = known[action]
        return self.action(
            word, icon, slot, primary=primary and action is not _A.DESTROY_SPOILED, in_head=False
        )

    def _verify_button(self, request: Request) -> tuple[str, str, Callable[[], object]]:
        if request.state is RequestState.WAITING_SIAK:
            return "Tanya SIAK lagi", "refresh", self._recheck
        if request.state is RequestState.WAITING_BLANK:
            return "Blangko sudah ada", "stock", self._blanks
        return "Verifikasi", "verify", lambda: self.place.go("verify", request_id=request.id)

    # ------------------------------------------------------------ acts

    def open_letter(self) -> None:
        """F9: what the applicant is given, to be read and printed."""
        if self._letter:
            self.place.go(self._letter, request_id=self.request_id)

    def _said(self, title: str, text: str = "", tone: Tone = Tone.OK) -> None:
        self.place.messages.say(title, text, tone)
        self._again()

    def _again(self) -> None:
        self.view = None
        self.refresh()

    def reveal(self) -> None:
        """The NIK for a short while; each time is in the audit trail."""

        def done(nik: str) -> None:
            self._show_facts(f"{nik[:6]} {nik[6:12]} {nik[12:]}")
            self._hide.start()

        self.act(intake.reveal_nik, self.request_id, done=done)

    def _claim(self) -> None:
        self.act(verifying.claim, self.request_id, done=lambda _r: self._said("Permohonan diklaim"))

    def _recheck(self) -> None:
        def done(request: Request) -> None:
            still = request.state is RequestState.WAITING_SIAK
            self._said(
                "SIAK belum dapat memproses" if still else "SIAK sudah siap",
                "Coba lagi nanti." if still else "Permohonan kembali ke antrean operator.",
                Tone.WARN if still else Tone.OK,
            )

        self.act(verifying.recheck, self.request_id, lane=Lane.NETWORK, done=done)

    def _blanks(self) -> None:
        self.act(verifying.blanks_arrived, self.request_id, done=lambda _r: self._said("Siap dicetak"))

    def _release_other(self) -> None:
        AskApproval(
            self,
            self.place,
            Action.RELEASE_CLAIM,
            self.request_id,
            lambda approval: self.act(
                verifying.release, self.request_id, approval, done=lambda _r: self._said("Klaim dilepas")
            ),
        )

    def _make_document(self) -> None:
        AskFields(
            self,
            "Dokumen sudah dibuat di SIAK",
            "Tulis nomor register dokumen, bukan NIK atau No. KK.",
            ("Simpan", "done"),
            [LineEditor("Nomor register")],
            lambda answers: self.act(
                verifying.make_document,
                self.request_id,
                str(answers[0]),
                done=lambda _r: self._said("Dokumen tercatat"),
            ),
        )

    def _print_receipt(self) -> None:
        def done(outcome: ReceiptOutcome) -> None:
            if outcome.failure is None:
                self._said("Tanda terima tercetak")
            else:
                self.place.messages.show_error(outcome.failure)

        self.act(receipts.print_receipt, self.request_id, lane=Lane.DEVICE, done=done)

    def _withdraw(self) -> None:
        ask_choice(
            self,
            "Pemohon membatalkan",
            "Permohonan ditutup tanpa hasil. Ini tidak dapat diurungkan.",
            [(reason, words.word("withdraw_reason", reason)) for reason in WITHDRAW_REASONS],
            ("Tutup permohonan", "trash"),
            lambda reason: self.act(
                intake.withdraw, self.request_id, reason, done=lambda _r: self._said("Permohonan dibatalkan")
            ),
        )

    def _take_back(self) -> None:
        """A result that cannot be handed over: operator and penyelia take it back; the resident loses nothing."""

        def done(withdrawal: Withdrawal) -> None:
            again = withdrawal.again
            told = f"Permohonan pengganti {again.number} sudah dibuat di loket." if again else ""
            self._said("Hasil ditarik; simpan untuk dimusnahkan", told)

        def given(reason: str) -> None:
            AskApproval(
                self,
                self.place,
                Action.DESTROY_SPOILED,
                self.request_id,
                lambda approval: self.act(
                    handing_over.withdraw_result, self.request_id, reason, approval, done=done
                ),
            )

        options = [(code, words.word("result_reason", code)) for code in RESULT_REASONS]
        told = "Kartu atau dokumen tidak diserahkan. Bila masih diperlukan, permohonan pengganti dibuat."
        ask_choice(self, "Tarik hasil dari loket", told, options, ("Tarik", "trash"), given)

    def _complete(self) -> None:
        if self.view is None:
            return
        service = self.place.desk.catalogue.get(self.view.request.service)
        lying = self.view.request.documents
        editor = ChecksEditor(
            "Dokumen yang dibawa sekarang",
            [(need.code, need.text) for need in service.requirements if need.code not in lying],
        )

        def done(_request: Request) -> None:
            self._said("Berkas lengkap", "Permohonan siap diserahkan lagi ke operator.")

        def given(answers: list[object]) -> None:
            brought = answers[0] if isinstance(answers[0], frozenset) else frozenset()
            self.act(intake.complete, self.request_id, brought, done=done)

        told = words.reasons_of(self.view.request, self.place.desk.catalogue)
        AskFields(self, "Lengkapi berkas", f"Kurang: {told}", ("Simpan", "done"), [editor], given)
