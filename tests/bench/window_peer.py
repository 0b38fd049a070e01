"""A process of its own: a bare PySide6 main window with a table, up to its first paint."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget, QTableWidgetItem

ROWS, COLUMNS = 50, 8


def main() -> int:
    """As any first example of PySide6."""
    application = QApplication([])
    table = QTableWidget(ROWS, COLUMNS)
    for row in range(ROWS):
        for column in range(COLUMNS):
            table.setItem(row, column, QTableWidgetItem(f"{row} {column}"))
    window = QMainWindow()
    window.setCentralWidget(table)
    window.resize(1280, 800)
    window.show()
    from tests.bench.first_paint import FirstPaint

    FirstPaint(application)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
