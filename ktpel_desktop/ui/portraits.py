"""Pictures of every page without a screen: for `potret`, the head-less day, and for looking at what one made.

Called where no event loop runs. The window is a real one over a real desk; a page is drawn once the lanes have
nothing left to bring.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from ktpel_desktop.core.records import RequestFilter
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Action, Actor, may
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import theme
from ktpel_desktop.ui.app import build_application, build_window
from ktpel_desktop.ui.main_window import MainWindow
from ktpel_desktop.ui.navigation import offered
from ktpel_desktop.ui.theme import Mode
from ktpel_desktop.ui.workplace import SampleAccount

SIZE = QSize(1280, 800)
SETTLE_MS, PATIENCE_MS = 60, 20_000
_TRANSIENT: tuple[tuple[str, Action, frozenset[RequestState]], ...] = (
    ("intake", Action.INTAKE, frozenset()),
    ("handover", Action.HAND_OVER_RESULT, frozenset()),
    ("request", Action.SEE_RESIDENTS, frozenset(RequestState)),
    ("verify", Action.VERIFY, frozenset({RequestState.WITH_OPERATOR})),
    ("room_minutes", Action.SEE_READINESS, frozenset()),
    ("hand_offs", Action.SEE_RESIDENTS, frozenset()),
    ("handovers", Action.SEE_RESIDENTS, frozenset()),
    ("archive", Action.MAKE_REPORT, frozenset()),
    ("destruction", Action.DESTROY_SPOILED, frozenset()),
    ("destruction_minutes", Action.DESTROY_SPOILED, frozenset()),
    ("consumables", Action.SEE_STOCK, frozenset()),
    ("register", Action.SEE_STOCK, frozenset()),
    ("physical_count", Action.STOCK_COUNT, frozenset()),
    ("first_stock", Action.STOCK_CORRECTION, frozenset()),
    ("notice", Action.SEE_RESIDENTS, frozenset({RequestState.INCOMPLETE})),
    ("escalations", Action.VERIFY, frozenset()),
    ("calibration", Action.TEST_DEVICES, frozenset()),
    ("placement", Action.SEE_READINESS, frozenset()),
    ("issue", Action.ISSUE, frozenset({RequestState.VERIFIED, RequestState.PRODUCED})),
)


def render_pages(
    desk: Desk,
    actors: Sequence[Actor],
    out_dir: Path,
    *,
    dark: bool = False,
    scale: float = 1.0,
    people_hint: Sequence[SampleAccount] = (),
) -> list[Path]:
    """Draw the login page and every page of each actor into PNG files; returns their paths.

    Pages that belong to a request show the first one that fits; nothing is changed in the store but journal
    entries of looking. `scale` is the device pixel ratio.
    """
    mode = Mode.DARK if dark else Mode.LIGHT
    build_application(mode)
    out_dir.mkdir(parents=True, exist_ok=True)
    window = build_window(desk, people_hint=people_hint, network_period=3600, lock_after=3600)
    window.resize(SIZE)
    window.show()
    made: list[Path] = []

    def draw(name: str) -> None:
        _settle(window)
        path = out_dir / f"{name}-{mode}-{int(scale * 100)}.png"
        picture(window, scale).save(str(path))
        made.append(path)

    try:
        draw("00-masuk")
        for actor in actors:
            _portraits_of(window, actor, draw)
    finally:
        window.place.runner.close()
        window.place.actor = None
        window.close()
        window.deleteLater()
    return made


def _portraits_of(window: MainWindow, actor: Actor, draw: Callable[[str], None]) -> None:
    role = actor.role.value.lower()
    window.welcome(actor)
    for spec in offered(actor):
        window.go(spec.name)
        draw(f"{role}-{spec.name}")
    for name, action, states in _TRANSIENT:
        if not may(actor, action):
            continue
        what = {}
        if states:
            request_id = _a_request(window.place.desk, actor, states)
            if request_id is None:
                continue
            what["request_id"] = request_id
        window.go(offered(actor)[0].name)
        window.go(name, **what)
        draw(f"{role}-{name}")
    window.log_out()


def _a_request(desk: Desk, actor: Actor, states: frozenset[RequestState]) -> str | None:
    with desk.unit(actor) as unit:
        found = unit.requests.find(RequestFilter(states), 1)
    return found[0].id if found else None


def picture(widget: QWidget, scale: float = 1.0) -> QPixmap:
    """The widget as it looks on a screen of that many device pixels to a pixel."""
    drawn = QPixmap(widget.size() * scale)
    drawn.setDevicePixelRatio(scale)
    drawn.fill(theme.colours().window)
    widget.render(drawn)
    return drawn


def _settle(window: MainWindow) -> None:
    """Let the lanes bring what the page asked for, then let it be laid out."""
    loop, runner, rounds = QEventLoop(), window.place.runner, [0]

    def look() -> None:
        rounds[0] += 1
        if (rounds[0] > 1 and runner.quiet()) or rounds[0] * SETTLE_MS > PATIENCE_MS:
            QTimer.singleShot(SETTLE_MS, loop.quit)
        else:
            QTimer.singleShot(SETTLE_MS, look)

    QTimer.singleShot(SETTLE_MS, look)
    loop.exec()
