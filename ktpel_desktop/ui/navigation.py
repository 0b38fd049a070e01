"""The pages of the window, who is offered which, and the list at the left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import islice

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from ktpel_desktop.core.roles import Action, Actor, may
from ktpel_desktop.ui import icons, theme
from ktpel_desktop.ui.keys import sequence
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.widgets.ring import draw_ring
from ktpel_desktop.ui.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Spec:
    """A page: its name, word, icon, where its class is, and any of which actions offers it."""

    name: str
    word: str
    icon: str
    module: str
    class_name: str
    actions: frozenset[Action]
    listed: bool = True

    def make(self, place: Workplace, **what: object) -> Page:
        """Build the page. Its module is imported at its first use, for the start-up time."""
        found = getattr(import_module(f"ktpel_desktop.ui.pages.{self.module}"), self.class_name)
        made: Page = found(place, **what)
        return made


def _spec(name: str, word: str, icon: str, where: str, *actions: Action, listed: bool = True) -> Spec:
    module, class_name = where.split(".")
    return Spec(name, word, icon, module, class_name, frozenset(actions), listed)


_A = Action
EVERYBODY = frozenset(Action)
KEYS = "1234567890-"
"""The keys of the top row from left to right, one for each page of the list."""

SPECS: tuple[Spec, ...] = (
    _spec("counter", "Loket", "counter", "counter.CounterPage", _A.INTAKE),
    _spec("queue", "Antrean", "queue", "queue.QueuePage", _A.CLAIM),
    _spec("interrupted", "Pekerjaan terputus", "interrupted", "interrupted.InterruptedPage", _A.ISSUE),
    _spec("room", "Cek ruangan", "room", "room.RoomPage", _A.SEE_READINESS),
    _spec("devices", "Perangkat", "print", "devices.DevicesPage", _A.TEST_DEVICES),
    _spec("blanks", "Blangko", "stock", "blanks.BlanksPage", _A.SEE_STOCK),
    _spec("closing", "Tutup hari", "day", "closing.ClosingPage", _A.CLOSE_DAY),
    _spec("reports", "Laporan harian", "sign", "reports.ReportsPage", _A.MAKE_REPORT),
    _spec("figures", "Angka hari ini", "figures", "figures.FiguresPage", _A.SEE_COUNTS),
    _spec("audit", "Jejak audit", "audit", "audit.AuditPage", _A.READ_AUDIT, _A.CHECK_AUDIT_CHAIN),
    _spec("readiness", "Kesiapan", "bundle", "readiness.ReadinessPage", _A.SEE_READINESS),
    Spec("help", "Bantuan", "help", "help", "HelpPage", EVERYBODY),
    _spec("intake", "Terima permohonan", "accept", "intake.IntakePage", _A.INTAKE, listed=False),
    _spec("handover", "Serah terima", "handover", "handover.HandoverPage", _A.HAND_OVER_RESULT, listed=False),
    _spec(
        "hand_offs",
        "Daftar serah terima",
        "bundle",
        "hand_offs.HandOffsPage",
        _A.HAND_FILES_OVER,
        _A.HAND_RESULTS_OVER,
        listed=False,
    ),
    _spec("archive", "Arsip", "bundle", "archive.ArchivePage", _A.MAKE_REPORT, listed=False),
    _spec("notice", "Pemberitahuan", "request", "letters.NoticePage", _A.SEE_RESIDENTS, listed=False),
    _spec("referral", "Surat rujukan", "request", "letters.ReferralPage", _A.VERIFY, listed=False),
    _spec("escalations", "Surat eskalasi", "request", "escalations.EscalationsPage", _A.VERIFY, listed=False),
    _spec(
        "handovers",
        "Daftar penyerahan",
        "handover",
        "handovers.HandoversPage",
        _A.SEE_RESIDENTS,
        listed=False,
    ),
    _spec("request", "Permohonan", "request", "request.RequestPage", _A.SEE_RESIDENTS, listed=False),
    _spec("verify", "Verifikasi", "verify", "verification.VerificationPage", _A.VERIFY, listed=False),
    _spec(
        "placement", "Daftar perangkat", "server", "placement.PlacementPage", _A.SEE_READINESS, listed=False
    ),
    _spec(
        "room_minutes",
        "Berita acara ruangan",
        "request",
        "room_minutes.RoomMinutesPage",
        _A.SEE_READINESS,
        listed=False,
    ),
    _spec(
        "destruction",
        "Pemusnahan",
        "trash",
        "destruction.DestructionPage",
        _A.DESTROY_SPOILED,
        listed=False,
    ),
    _spec(
        "destruction_minutes",
        "Berita acara pemusnahan",
        "request",
        "destruction_minutes.DestructionMinutesPage",
        _A.DESTROY_SPOILED,
        listed=False,
    ),
    _spec(
        "consumables",
        "Bahan habis pakai",
        "bundle",
        "consumables.ConsumablesPage",
        _A.SEE_STOCK,
        listed=False,
    ),
    _spec(
        "physical_count",
        "Hitung fisik",
        "figures",
        "counting.PhysicalCountPage",
        _A.STOCK_COUNT,
        listed=False,
    ),
    _spec("first_stock", "Saldo awal", "stock", "counting.FirstStockPage", _A.STOCK_CORRECTION, listed=False),
    _spec("register", "Buku blangko", "request", "register.RegisterPage", _A.SEE_STOCK, listed=False),
    _spec("calibration", "Kalibrasi", "print", "calibration.CalibrationPage", _A.TEST_DEVICES, listed=False),
    _spec("issue", "Cetak KTP-el", "print", "issuance.IssuancePage", _A.ISSUE, listed=False),
)
SPEC = {spec.name: spec for spec in SPECS}


def offered(actor: Actor) -> tuple[Spec, ...]:
    """The listed pages for a person, in order; Alt and the key of KEYS opens each."""
    found = (spec for spec in SPECS if spec.listed and any(may(actor, action) for action in spec.actions))
    return tuple(islice(found, len(KEYS)))


class NavButton(QAbstractButton):
    """One entry: icon, word, key."""

    def __init__(self, spec: Spec, key: str) -> None:
        super().__init__()
        self.spec, self._key, self._over = spec, key, False
        self._waiting = 0
        self.setText(spec.word)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(theme.TARGET_COUNTER)
        self.setAccessibleName(spec.word)
        self.setAccessibleDescription(f"Alt+{key}")

    def badge(self, count: int) -> None:
        """How much waits behind it; 0 takes the badge away."""
        if count != self._waiting:
            self._waiting = count
            told = f"{count} menunggu, " if count else ""
            self.setAccessibleDescription(f"{told}Alt+{self._key}")
            self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for the longest word."""
        return QSize(262, theme.TARGET_COUNTER)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is over it."""
        self._over = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer left."""
        self._over = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground where chosen or pointed at, icon, word, key."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, here = theme.colours(), self.isChecked()
        room = QRectF(self.rect()).adjusted(theme.GAP, 2, -theme.GAP, -2)
        if here or self._over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(chosen.accent_soft if here else chosen.line))
            painter.drawRoundedRect(room, 6, 6)
        middle = (self.height() - 22) // 2
        mark = icons.icon(self.spec.icon, "accent" if here else "text")
        mark.paint(painter, int(room.left()) + 10, middle, 22, 22)
        painter.setPen(QColor(chosen.text))
        painter.setFont(theme.font(theme.BODY, bold=here))
        painter.drawText(room.adjusted(42, 0, -20, 0), int(Qt.AlignmentFlag.AlignVCenter), self.spec.word)
        painter.setPen(QColor(chosen.muted))
        painter.setFont(theme.font(theme.BODY))
        painter.drawText(
            room.adjusted(0, 0, -10, 0),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight),
            self._key,
        )
        if self._waiting:
            self._paint_badge(painter, room.right() - 28)
        painter.end()
        if self.hasFocus():
            draw_ring(self)

    def _paint_badge(self, painter: QPainter, right: float) -> None:
        """The number in a pill, in the colours of a warning."""
        chosen, text = theme.colours(), str(self._waiting)
        painter.setFont(theme.font(theme.BODY, bold=True))
        width = max(24.0, painter.fontMetrics().horizontalAdvance(text) + 2 * theme.GAP)
        pill = QRectF(right - width, (self.height() - 24) / 2, width, 24)
        painter.setPen(QPen(QColor(chosen.warn), 1))
        painter.setBrush(QColor(chosen.warn_soft))
        painter.drawRoundedRect(pill, 12, 12)
        painter.setPen(QColor(chosen.warn))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)


class Navigation(QWidget):
    """The list at the left."""

    def __init__(self, go: Callable[[str], None]) -> None:
        super().__init__()
        self._go = go
        self.buttons: list[NavButton] = []
        self._shortcuts: list[QShortcut] = []
        self._waiting: dict[str, int] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, theme.GAP_M, 0, theme.GAP_M)
        self._column.setSpacing(2)
        self._column.addStretch()
        self.setFixedWidth(278)
        self.setAccessibleName("Halaman")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Its own ground and a line at the right."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().nav))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), QColor(theme.colours().line))
        painter.end()

    def show_for(self, specs: Sequence[Spec]) -> None:
        """Offer these pages."""
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons, self._shortcuts = [], []
        for place, (key, spec) in enumerate(zip(KEYS, specs, strict=False)):
            button = NavButton(spec, key)
            button.badge(self._waiting.get(spec.name, 0))
            button.clicked.connect(lambda *_, name=spec.name: self._go(name))
            self._column.insertWidget(place, button)
            shortcut = QShortcut(sequence(f"Alt+{key}"), self)
            shortcut.activated.connect(lambda name=spec.name: self._go(name))
            self.buttons.append(button)
            self._shortcuts.append(shortcut)

    def badge(self, name: str, count: int) -> None:
        """How much waits on a page, for whoever is offered it."""
        self._waiting[name] = count
        for button in self.buttons:
            if button.spec.name == name:
                button.badge(count)

    def waiting(self, name: str) -> int:
        """How much waits on a page, as far as it was counted."""
        return self._waiting.get(name, 0)

    def forget(self) -> None:
        """Another person: what waited for the one before is not theirs."""
        for name in list(self._waiting):
            self.badge(name, 0)

    def mark(self, name: str) -> None:
        """Show which page is open; a page that is not listed leaves the mark where it was."""
        for button in self.buttons:
            if button.spec.name == name:
                button.setChecked(True)
