"""The application object and the loop around the window; called by `bootstrap` with a desk that is ready."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import theme
from ktpel_desktop.ui.garbage import WindowThreadCollector
from ktpel_desktop.ui.indonesian import IndonesianTranslator, speak_indonesian
from ktpel_desktop.ui.main_window import MainWindow
from ktpel_desktop.ui.messages import MessagePanel
from ktpel_desktop.ui.reader_watch import ReaderWatch, RolesOf, WatchedReaders
from ktpel_desktop.ui.runner import Runner
from ktpel_desktop.ui.theme import Mode
from ktpel_desktop.ui.workplace import SampleAccount, SampleResident, Workplace

log = logging.getLogger(__name__)


def build_application(mode: Mode | None = None) -> QApplication:
    """The one application object, in Indonesian and in the theme."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("ktpel-desktop")
    application.setApplicationDisplayName("KTP-el")
    speak_indonesian()
    if application.findChild(QObject, "indonesia") is None:
        translator = IndonesianTranslator(application)
        translator.setObjectName("indonesia")
        application.installTranslator(translator)
    if application.findChild(WindowThreadCollector) is None:
        WindowThreadCollector(application)
    theme.apply(application, mode or theme.preferred())
    return application


def build_window(
    desk: Desk,
    *,
    pc: str = "PC-1",
    people_hint: Sequence[SampleAccount] = (),
    resident_for: Callable[[str], SampleResident | None] | None = None,
    reader_watch: ReaderWatch | None = None,
    reader_roles: RolesOf | None = None,
    network_period: float = 15.0,
    lock_after: float = 300.0,
) -> MainWindow:
    """The window over a desk; its runner is `window.place.runner` and must be closed at the end.

    `reader_watch` is waited for from the start and closed with the runner; `reader_roles` names what readers are for.
    """
    runner = Runner()
    place = Workplace(
        desk=desk,
        runner=runner,
        messages=MessagePanel(),
        pc=pc,
        readers=None if reader_watch is None else WatchedReaders(reader_watch, runner, reader_roles),
        samples=tuple(people_hint),
        resident_for=resident_for,
    )
    return MainWindow(place, network_ms=int(network_period * 1000), lock_ms=int(lock_after * 1000))


def run(
    desk: Desk,
    *,
    pc: str = "PC-1",
    people_hint: Sequence[SampleAccount] = (),
    resident_for: Callable[[str], SampleResident | None] | None = None,
    reader_watch: ReaderWatch | None = None,
    reader_roles: RolesOf | None = None,
    network_period: float = 15.0,
    lock_after: float = 300.0,
    mode: Mode | None = None,
    full_screen: bool = False,
) -> int:
    """Show the window until it is closed. Returns the exit code; the device lane has ended by then.

    In training only: `people_hint` are sample accounts that the login page shows with their passwords, and
    `resident_for` gives the intake a sample resident for a service.
    """
    application = build_application(mode)
    window = build_window(
        desk,
        pc=pc,
        people_hint=people_hint,
        resident_for=resident_for,
        reader_watch=reader_watch,
        reader_roles=reader_roles,
        network_period=network_period,
        lock_after=lock_after,
    )
    signal.signal(signal.SIGINT, lambda *_: window.close())
    signal.signal(signal.SIGTERM, lambda *_: window.close())
    awake = QTimer()  # Python handles a signal only between two of its own steps
    awake.timeout.connect(lambda: None)
    awake.start(500)
    if full_screen:
        window.showFullScreen()
    else:
        window.show()
    code = application.exec()
    if not window.place.runner.close():
        log.error("the device lane did not end")
        return 1
    return code
