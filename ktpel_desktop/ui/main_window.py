"""The window: login or a page, its frame, and what runs beside the pages (lamps, outbox, lock, scanner)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QCloseEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ktpel_desktop.core import ticket
from ktpel_desktop.core.audit import read_anchor
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import Job
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import accounts
from ktpel_desktop.ui import theme
from ktpel_desktop.ui.background import Background
from ktpel_desktop.ui.chrome import Head, LampStrip, TrainingBanner
from ktpel_desktop.ui.keys import sequence
from ktpel_desktop.ui.messages import Message
from ktpel_desktop.ui.navigation import SPEC, Navigation, offered
from ktpel_desktop.ui.pages.login import LoginPage
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.runner import Lane, Runner
from ktpel_desktop.ui.scanning import ScanFilter
from ktpel_desktop.ui.theme import Mode, Tone
from ktpel_desktop.ui.workplace import Workplace

REFRESH_MS, LOCK_MS = 5_000, 5 * 60_000


class MainWindow(QMainWindow):
    """One PC of the room."""

    def __init__(self, place: Workplace, *, network_ms: int = 15_000, lock_ms: int = LOCK_MS) -> None:
        super().__init__()
        self.place = place
        self.page: Page | None = None
        self._nav_name = ""
        self._closing = False
        self._locked_by: Actor | None = None
        place.go, place.home = self.go, self.home
        place.runner.on_failure = place.messages.show_error
        self.setWindowTitle(f"KTP-el – {place.desk.office.name}")
        self.setMinimumSize(1024, 680)
        self.resize(1280, 800)
        self._build()
        self._shortcuts()
        self._timers(network_ms, lock_ms)
        self.login.start()

    def _build(self) -> None:
        office = self.place.desk.office
        self.banner = TrainingBanner()
        if not office.training:
            self.banner.hide()
        self.head = Head(office.name, self.lock, self.log_out, self.change_theme)
        self.navigation = Navigation(self.go)
        self.lamps = LampStrip()
        self.pages = QStackedWidget()
        self.login = LoginPage(self.place, self.welcome)
        inner = QWidget()
        beside = QHBoxLayout(inner)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self.navigation)
        beside.addWidget(self.pages, 1)
        self.work = QWidget()
        column = QVBoxLayout(self.work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(inner, 1)
        column.addWidget(self.lamps)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.login)
        self.stack.addWidget(self.work)
        holder = QWidget()
        message_room = QVBoxLayout(holder)
        message_room.setContentsMargins(theme.GAP_L, theme.GAP, theme.GAP_L, 0)
        message_room.addWidget(self.place.messages)
        self._message_holder = holder
        self.place.messages.installEventFilter(self)
        holder.hide()
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for widget in (self.banner, holder):
            rows.addWidget(widget)
        rows.addWidget(self.stack, 1)
        self.setCentralWidget(whole)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The message's room is there only while there is a message."""
        if watched is self.place.messages:
            if event.type() is QEvent.Type.ShowToParent:
                self._message_holder.show()
            elif event.type() is QEvent.Type.HideToParent:
                self._message_holder.hide()
        return False

    def _touched(self) -> None:
        """Somebody is there: the lock is put off."""
        if self._lock_timer.isActive():
            self._lock_timer.start()

    def _shortcuts(self) -> None:
        def key(text: str, slot: Callable[[], object]) -> None:
            shortcut = QShortcut(sequence(text), self)
            shortcut.activated.connect(lambda *_: slot())

        key("F1", self.show_help)
        key("F5", lambda: self.page.refresh() if self.page else None)
        self.scanner = ScanFilter(self._scanned, self._touched, self)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self.scanner)

    def _timers(self, network_ms: int, lock_ms: int) -> None:
        def every(milliseconds: int, slot: Callable[[], None]) -> QTimer:
            timer = QTimer(self)
            timer.setInterval(milliseconds)
            timer.timeout.connect(slot)
            return timer

        self.background = Background(
            self.place, self.lamps, self.navigation, self._job_on_screen, network_ms, self.close, self
        )
        self.place.recount = self.background.recount
        self._refresh_timer = every(REFRESH_MS, self._refresh_page)
        self._lock_timer = every(lock_ms, self.lock)
        self._lock_timer.setSingleShot(True)

    # ------------------------------------------------------------ people

    def welcome(self, actor: Actor) -> None:
        """Somebody logged in: the page left open when it is who locked, the first page otherwise."""
        same = self._locked_by is not None and self._locked_by.username == actor.username
        self._locked_by = None
        self.place.actor = actor
        self.head.show_person(actor)
        self.stack.setCurrentWidget(self.work)
        for timer in (self._refresh_timer, self._lock_timer):
            timer.start()
        self._nav_shown(actor)
        if same and self.page is not None:
            self.page.take_focus()
        else:
            self._drop_page()  # what somebody else left open is not for these eyes
            self.go(offered(actor)[0].name)
        self.background.begin(again=same)

    def _nav_shown(self, actor: Actor) -> None:
        self.navigation.show_for(offered(actor))
        self.navigation.mark(self._nav_name)

    def lock(self) -> None:
        """Lock the PC; what is open stays open, and devices finish what they do."""
        if self.place.actor is None:
            return
        self._locked_by = self.place.actor
        self._stop_timers()  # deliveries go on: whoever locked is still at work here
        self.place.messages.clear()
        self.stack.setCurrentWidget(self.login)
        self.login.start(self._locked_by)

    def log_out(self) -> None:
        """Leave the PC to the next person."""
        actor = self.place.actor
        if actor is None or (self.page is not None and not self._can_leave()):
            return
        self.place.runner.run(Lane.QUERY, lambda: accounts.logout(self.place.desk, actor), owner=self)
        self._drop_page()
        self._stop_timers()
        self.background.end()
        self._nav_name = ""
        self.place.actor = None
        self.place.messages.clear()
        self.stack.setCurrentWidget(self.login)
        self.login.start()

    def _stop_timers(self) -> None:
        for timer in (self._refresh_timer, self._lock_timer):
            timer.stop()

    # ------------------------------------------------------------ pages

    def go(self, name: str, **what: object) -> None:
        """Open a page; the one that is open is left for good."""
        if self.place.actor is None or self.stack.currentWidget() is not self.work or not self._can_leave():
            return
        spec = SPEC[name]
        self.place.messages.clear()
        self._drop_page()
        if spec.listed:
            self._nav_name = name
        self.page = spec.make(self.place, **what)
        self.pages.addWidget(self.page)
        self.pages.setCurrentWidget(self.page)
        self.navigation.mark(self._nav_name)
        self.page.refresh()
        self.page.take_focus()

    def home(self) -> None:
        """Back to the listed page that was open last."""
        self.go(self._nav_name)

    def show_help(self) -> None:
        """The help page of what is open, in the place of nothing: work stays open."""
        if self.page is not None and self.stack.currentWidget() is self.work:
            from ktpel_desktop.ui.pages.help import HelpDialog  # noqa: PLC0415 - for the start-up time

            HelpDialog(self, self.page.topic).open()

    def _can_leave(self) -> bool:
        if self.page is None or self.page.may_leave():
            return True
        self.place.messages.show_message(Message(*self.page.why_not(), tone=Tone.WARN))
        return False

    def _drop_page(self) -> None:
        if self.page is not None:
            self.pages.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
            self.page = None

    def _refresh_page(self) -> None:
        """Read again what can be seen; a window that is put away asks for nothing."""
        page = self.page
        if self.place.actor is None or page is None or page.working:
            return
        if page.isVisible() and not self.isMinimized():
            page.refresh()

    def _job_on_screen(self) -> str:
        job = getattr(self.page, "job", None)
        return job.id if isinstance(job, Job) else ""

    def _scanned(self, text: str) -> None:
        """A receipt was scanned somewhere: its request opens. A report's code is held against the audit chain."""
        anchor = read_anchor(text)
        try:
            code = "" if anchor is not None else ticket.parse(text)
        except PolicyError:
            return
        if QApplication.activeModalWidget() is not None:
            self.place.messages.say(
                "Pindaian diabaikan", "Selesaikan dahulu jendela yang terbuka.", Tone.WARN
            )
        elif self.stack.currentWidget() is not self.work:
            return
        elif anchor is not None:
            if self.place.may(Action.CHECK_AUDIT_CHAIN):
                self.go("audit", anchor=anchor)
        elif self.place.may(Action.SEE_RESIDENTS):
            self.go("request", request_id=code)

    # ------------------------------------------------------------ beside the pages

    def change_theme(self) -> None:
        """Light, dark, high contrast, in turn."""
        modes = list(Mode)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, modes[(modes.index(theme.mode()) + 1) % len(modes)])

    # ------------------------------------------------------------ the end

    def closeEvent(self, event: QCloseEvent) -> None:
        """Wait for the device lane: a card in the machine is finished first."""
        runner: Runner = self.place.runner
        if not runner.busy(Lane.DEVICE):
            event.accept()
            return
        event.ignore()
        if not self._closing:
            self._closing = True
            self.place.messages.show_message(
                Message(
                    "Menunggu perangkat selesai",
                    "Kartu di dalam perangkat diselesaikan dahulu.",
                    "Program menutup sendiri sesudahnya. Jangan matikan komputer.",
                    tone=Tone.ACTIVE,
                )
            )
            runner.when_idle(Lane.DEVICE, self, self._close_again)

    def _close_again(self) -> None:
        self._closing = False
        self.close()
