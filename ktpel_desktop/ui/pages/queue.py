"""The operator's queue: filters, search as one types, claims, and bundles for the counter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel

from ktpel_desktop.core.records import RequestFilter
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import queries, verifying
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import theme
from ktpel_desktop.ui.dialogs import AskApproval
from ktpel_desktop.ui.pages import handing, listing
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.widgets.lines import Line
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.widgets.ticks import Tick
from ktpel_desktop.ui.workplace import Workplace

_S = RequestState
FILTERS: tuple[tuple[str, frozenset[RequestState]], ...] = (
    ("Untuk dikerjakan", frozenset({_S.WITH_OPERATOR, _S.VERIFIED})),
    ("Menunggu", frozenset({_S.WAITING_SIAK, _S.WAITING_BLANK, _S.INCOMPLETE})),
    ("Selesai dibuat", frozenset({_S.PRODUCED})),
    ("Semua yang terbuka", frozenset()),
)
SHOWN = 200
NOBODY, HAND = "–", "Serahkan hasil ke loket"
TYPING_MS = 150


_MADE = RequestFilter(frozenset({_S.PRODUCED}))


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """What fits; where nothing does, how many requests are in which state; the results to be handed over."""

    rows: tuple[Request, ...]
    states: Mapping[RequestState, int]
    made: tuple[Request, ...] | None


def look(desk: Desk, actor: Actor, wanted: RequestFilter, limit: int) -> Found:
    """Read it. While somebody types only the rows are read: each key asks once."""
    rows = queries.queue(desk, actor, wanted, limit)
    made = None if wanted.text else queries.queue(desk, actor, _MADE, limit)
    if rows:
        return Found(rows, {}, made)
    with desk.unit(actor) as unit:
        return Found(rows, unit.requests.count(), made)


def advice(text: str, states: Mapping[RequestState, int], *, mine: bool = False) -> str:
    """Why the list is empty, and where work waits."""
    if text:
        return f"Tidak ada yang cocok dengan “{text}”. Ketik nomor, awal nama, atau NIK lengkap 16 angka."
    told = "Tidak ada klaim Anda di sini. " if mine else "Tidak ada berkas di sini. "
    elsewhere = [
        f"{states[state]} {words}"
        for state, words in (
            (_S.WITH_OPERATOR, "menunggu verifikasi"),
            (_S.VERIFIED, "siap dicetak"),
            (_S.WAITING_SIAK, "menunggu SIAK"),
            (_S.WAITING_BLANK, "menunggu blangko"),
            (_S.PRODUCED, "selesai dibuat, belum diserahkan ke loket"),
            (_S.ACCEPTED, "masih di loket"),
            (_S.INCOMPLETE, "belum lengkap"),
            (_S.AT_COUNTER, "siap diambil di loket"),
        )
        if states.get(state)
    ]
    if not elsewhere:
        return told + "Belum ada permohonan yang terbuka; loket menyerahkan berkas setelah menerimanya."
    return told + f"Di tempat lain: {', '.join(elsewhere)}. Ganti saringan untuk melihatnya."


class QueuePage(Page):
    """Who is next, who works on what."""

    topic = "antrean"
    heading = "Antrean"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._made: tuple[Request, ...] = ()
        self.search = Line()
        self.search.setPlaceholderText("Cari nomor, nama, atau NIK lengkap")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumHeight(theme.TARGET)
        self.search.setAccessibleName("Cari di antrean")
        self.filter = QComboBox()
        self.filter.setMinimumHeight(theme.TARGET)
        self.filter.addItems([word for word, _ in FILTERS])
        self.filter.setAccessibleName("Saring")
        self.filter.currentIndexChanged.connect(lambda *_: self.refresh())
        caption = QLabel("Saring")
        caption.setBuddy(self.filter)
        self.mine = Tick("Punya saya")
        self.mine.setMinimumHeight(theme.TARGET)
        self.mine.toggled.connect(lambda *_: self.refresh())
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda *_: self._typing.start())
        self.search.returnPressed.connect(self._to_table)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_M)
        row.addWidget(self.search, 1)
        row.addWidget(caption)
        row.addWidget(self.filter)
        row.addWidget(self.mine)
        self.body.addLayout(row)
        sheet = Section()
        sheet.column.setContentsMargins(1, 1, 1, theme.GAP)
        self.table = RowsView(
            (
                listing.number(),
                listing.applicant(),
                listing.service(place),
                listing.state(),
                listing.waiting(place),
                Column("Dikerjakan", self._holder, width=10),
            ),
            "Antrean operator",
            key=lambda request: request.id,
            many=True,
        )
        self.table.setFrameShape(RowsView.Shape.NoFrame)
        self.table.opened.connect(lambda request: place.go("request", request_id=request.id))
        self.table.chosen.connect(lambda *_: self.settle())
        self.count = QLabel()
        self.count.setContentsMargins(theme.GAP_L, 0, 0, 0)
        sheet.add(self.table, 1)
        sheet.add(self.count)
        self.body.addWidget(sheet, 1)
        self._build_bar()
        self.setFocusProxy(self.table)
        self.settle()

    def _build_bar(self) -> None:
        self.action("Surat eskalasi", "request", lambda: self.place.go("escalations"), key="F9")
        bar = QHBoxLayout()
        self.claim_button = self.action(
            "Klaim dan kerjakan", "edit", self.claim, key="F2", primary=True, in_head=False
        )
        self.release_button = self.action("Lepas klaim", "minus", self.release, key="F3", in_head=False)
        self.hand_button = self.action(HAND, "bundle", self.hand_results, key="F6", in_head=False)
        bar.addWidget(self.claim_button)
        bar.addWidget(self.release_button)
        bar.addStretch()
        bar.addWidget(self.hand_button)
        bar.addWidget(
            self.action("Daftar serah", "bundle", lambda: self.place.go("hand_offs"), key="F8", in_head=False)
        )
        self.body.addLayout(bar)

    def _holder(self, request: Request) -> str:
        if request.claim is None or self.place.desk.clock.now() >= request.claim.until:
            return NOBODY
        return "saya" if request.claim.by == self.place.me.username else self.place.name_of(request.claim.by)

    def _to_table(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Ask for what fits search and filter."""
        states = FILTERS[self.filter.currentIndex()][1]
        text = self.search.text().strip()
        wanted = RequestFilter(
            states=frozenset() if text else states,
            text=text,
            claimed_by=self.place.me.username if self.mine.isChecked() else "",
            open_only=not text,
        )
        self.ask(look, wanted, SHOWN, done=lambda found: self._show(text, found))

    def _show(self, text: str, found: Found) -> None:
        if text != self.search.text().strip():
            return  # an answer to something no longer asked
        self.table.say_empty(advice(text, found.states, mine=self.mine.isChecked()))
        self.table.show_rows(found.rows)
        more = " – persempit pencarian untuk melihat sisanya" if len(found.rows) == SHOWN else ""
        self.count.setText(f"{len(found.rows)} permohonan{more}")
        if found.made is not None and found.made != self._made:
            self._made = found.made
            self.hand_button.say(f"Serahkan {len(found.made)} hasil ke loket" if found.made else HAND)
        self.settle()

    def settle(self) -> None:
        """What the chosen row allows."""
        request = self.table.current()
        workable = request is not None and request.state in (
            _S.WITH_OPERATOR,
            _S.VERIFIED,
            _S.WAITING_SIAK,
            _S.WAITING_BLANK,
        )
        if not self.working:
            self.claim_button.setEnabled(workable)
            self.release_button.setEnabled(request is not None and self._holder(request) != NOBODY)
            self.hand_button.setEnabled(bool(self._made))

    def claim(self) -> None:
        """Take the chosen file and open it."""
        request = self.table.current()
        if request is not None:
            self.act(
                verifying.claim,
                request.id,
                done=lambda claimed: self.place.go("request", request_id=claimed.id),
            )

    def release(self) -> None:
        """Put it back; somebody else's claim needs a second person."""
        request: Request | None = self.table.current()
        if request is None:
            return
        if request.claimed_by_other(self.place.me.username, self.place.desk.clock.now()):
            AskApproval(
                self,
                self.place,
                Action.RELEASE_CLAIM,
                request.id,
                lambda approval: self._release(request, approval),
            )
        else:
            self._release(request, None)

    def _release(self, request: Request, approval: object) -> None:
        self.act(verifying.release, request.id, approval, done=lambda _r: self.refresh())

    def hand_results(self) -> None:
        """Step 6: results that are made go to the counter by name."""
        made = [r for r in self.table.selected() if r.state is _S.PRODUCED]
        if len(self.table.selected()) < 2:
            made = list(self._made)
        handing.results_to_counter(self, made, self.refresh)

    def focus_search(self) -> None:
        """Type to search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
