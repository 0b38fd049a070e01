"""The counter: three verbs, today's queue, what is missing and why. Read standing, so larger than elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from ktpel_desktop.core import ticket
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.services import intake, queries, receipts
from ktpel_desktop.services.receipts import LateOutcome
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.pages import handing, listing, receipt_words
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.lines import Line
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.workplace import Workplace


class CounterPage(Page):
    """Accept, hand over, look up."""

    topic = "loket"
    heading = "Loket"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        verbs = QHBoxLayout()
        verbs.setSpacing(theme.GAP_M)
        for word, icon, slot, key, primary in (
            ("Terima permohonan", "accept", lambda: place.go("intake"), "F2", True),
            ("Serah terima", "handover", lambda: place.go("handover"), "F3", False),
            ("Cari", "search", self.focus_search, "F4", False),
        ):
            button = self.action(word, icon, slot, key=key, primary=primary, in_head=False)
            button.setMinimumHeight(64)
            button.setFont(theme.font(theme.HEADING, bold=True))
            verbs.addWidget(button, 1)
        self.search = Line()
        self.search.setPlaceholderText("Pindai tanda terima, atau ketik nomor, nama, NIK lengkap")
        self.search.setMinimumHeight(theme.TARGET_COUNTER)
        self.search.setFont(theme.font(theme.HEADING))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Cari permohonan")
        self.search.returnPressed.connect(self.look_for)
        self.search.textChanged.connect(lambda text: None if text else self.refresh())
        self.sheet = Section("Antrean loket hari ini")
        self.counts = QLabel()
        self.sheet.head.addWidget(self.counts)
        self.table = RowsView(
            (
                listing.number(),
                listing.applicant(),
                listing.service(place),
                listing.state(),
                Column("Keterangan", self._remark),
            ),
            "Antrean loket",
            key=lambda request: request.id,
            many=True,
        )
        self.table.opened.connect(lambda request: place.go("request", request_id=request.id))
        self.remark = QLabel()
        self.remark.setWordWrap(True)
        self.remark.setMinimumHeight(2 * self.remark.fontMetrics().height())
        self.notice_button = self.action(
            "Pemberitahuan kekurangan", "request", self.open_notice, key="F9", in_head=False
        )
        self.notice_button.hide()
        self.table.chosen.connect(self._told)
        told = QHBoxLayout()
        told.addWidget(self.remark, 1)
        told.addWidget(self.notice_button)
        self.sheet.add(self.table, 1)
        self.sheet.column.addLayout(told)
        bar = QHBoxLayout()
        self.hand_button = self.action(
            "Serahkan berkas ke operator", "bundle", self.hand_files, key="F6", in_head=False
        )
        self.open_button = self.action("Buka permohonan", "request", self.open_chosen, in_head=False)
        self.late_button = self.action(
            "Cetak struk tertunda", "print", self.print_waiting, key="F7", in_head=False
        )
        self.late_button.hide()
        bar.addWidget(self.hand_button)
        bar.addWidget(
            self.action("Daftar serah", "bundle", lambda: place.go("hand_offs"), key="F8", in_head=False)
        )
        bar.addWidget(self.late_button)
        bar.addStretch()
        bar.addWidget(self.open_button)
        column = QVBoxLayout()
        column.setSpacing(theme.GAP_M)
        column.addLayout(verbs)
        column.addWidget(self.search)
        column.addWidget(self.sheet, 1)
        column.addLayout(bar)
        self.body.addLayout(column)
        self.setFocusProxy(self.search)

    def _remark(self, request: Request) -> str:
        """What the person at the counter must know in one look."""
        if request.state is RequestState.INCOMPLETE:
            return f"Kurang: {words.reasons_of(request, self.place.desk.catalogue)}"
        if request.state is RequestState.AT_COUNTER:
            return "Siap diserahkan"
        missing = self.place.desk.catalogue.get(request.service).missing(request.documents)
        return f"Berkas kurang {len(missing)}" if missing else "Berkas lengkap"

    def _told(self, request: Request | None) -> None:
        """The whole remark on the chosen row: in the list it may be cut."""
        told = "" if request is None else f"{request.number} · {request.name}: {self._remark(request)}"
        self.remark.setText(told)
        self.notice_button.setVisible(request is not None and request.state is RequestState.INCOMPLETE)

    def refresh(self) -> None:
        """The counter's queue, unless something was looked for; and the receipts that could not be printed yet."""
        self.ask(receipts.waiting, done=self._show_waiting)
        if not self.search.text():
            self.ask(queries.counter_queue, done=self._show)

    def _show(self, found: Sequence[Request]) -> None:
        self.table.say_empty(
            "Tidak ada yang cocok. Ketik nomor, awal nama, atau NIK lengkap 16 angka."
            if self.search.text()
            else "Tidak ada berkas di loket. F2 menerima permohonan; yang sudah di operator dicari dengan F4."
        )
        self.table.show_rows(found)
        ready = sum(request.state is RequestState.AT_COUNTER for request in found)
        short = sum(request.state is RequestState.INCOMPLETE for request in found)
        self.counts.setText(f"{len(found)} permohonan · {ready} siap diambil · {short} belum lengkap")
        self.sheet.title.setText("Hasil pencarian" if self.search.text() else "Antrean loket hari ini")

    def _show_waiting(self, found: Sequence[Request]) -> None:
        """The button is there only while something waits, and says how much."""
        self.late_button.say(f"Cetak struk tertunda: {len(found)}")
        self.late_button.setVisible(bool(found))

    def print_waiting(self) -> None:
        """F7."""

        def done(outcome: LateOutcome) -> None:
            self.place.messages.show_message(receipt_words.late(outcome))
            self.refresh()

        self.act(receipts.print_waiting, lane=Lane.DEVICE, done=done)

    def focus_search(self) -> None:
        """F4."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def look_for(self) -> None:
        """A scanned ticket opens its request at once; anything else is looked for."""
        text = self.search.text()
        try:
            code = ticket.parse(text)
        except PolicyError:
            self.act(intake.find, text, done=self._found)
        else:
            self.search.clear()
            self.place.go("request", request_id=code)

    def _found(self, found: Sequence[Request]) -> None:
        self._show(found)
        if found:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.place.messages.say(
                "Tidak ditemukan", "Periksa nomor, nama, atau NIK (16 angka lengkap).", Tone.WARN
            )

    def open_chosen(self) -> None:
        """Open the chosen request."""
        request = self.table.current()
        if request is not None:
            self.place.go("request", request_id=request.id)

    def open_notice(self) -> None:
        """F9: what the chosen applicant lacks, on paper."""
        request = self.table.current()
        if request is not None and request.state is RequestState.INCOMPLETE:
            self.place.go("notice", request_id=request.id)

    def hand_files(self) -> None:
        """Step 2: the chosen files, or all accepted ones, go to an operator by name."""
        chosen = [r for r in self.table.selected() if r.state is RequestState.ACCEPTED]
        if len(self.table.selected()) < 2:
            chosen = [r for r in self.table.rows.rows if r.state is RequestState.ACCEPTED]
        handing.files_to_operator(self, chosen, self.refresh)
