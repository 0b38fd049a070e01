"""A process of its own: the real program in training, up to its login page. Arguments: the data folder.

Nothing is replaced but the event loop's beginning, where a watcher for the first paint is hung in.
"""

from __future__ import annotations

import sys
from typing import Any


def main() -> int:
    """As `ktpel-desktop --latihan --data FOLDER`; with --work the counter's clerk logs in and SIAK is asked."""
    from PySide6.QtWidgets import QApplication

    from ktpel_desktop.__main__ import main as program

    original = QApplication.exec

    def watched(*arguments: Any) -> int:
        from tests.bench.first_paint import FirstPaint

        application = QApplication.instance()
        assert isinstance(application, QApplication)
        FirstPaint(application, _work if "--work" in sys.argv else None)
        return original()

    QApplication.exec = watched  # type: ignore[method-assign]
    return program(["--latihan", "--data", sys.argv[1]])


def _work() -> None:
    """Log in and ask SIAK: everything that a working day keeps in memory is loaded from here on."""
    from PySide6.QtWidgets import QApplication

    from ktpel_desktop.services import accounts
    from ktpel_desktop.training import people
    from ktpel_desktop.ui.main_window import MainWindow

    window = next(found for found in QApplication.topLevelWidgets() if isinstance(found, MainWindow))
    desk = window.place.desk
    window.welcome(accounts.login(desk, people.LOKET.username, people.PASSWORD, people.PC))
    desk.siak.health()


if __name__ == "__main__":
    sys.exit(main())
