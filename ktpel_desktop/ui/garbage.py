"""Python's cycle collector works in the window's thread only.

A widget may end in its own thread only, but the collector runs wherever the next object is made: in a lane that
asks the store, in the training server's thread. A closed page that Python finds there takes the program down with it
(seen: five of a hundred head-less days on a busy machine, always inside SQLAlchemy). So the collector is switched off
and called here, by its own thresholds.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

PERIOD_MS = 1000


class WindowThreadCollector(QObject):
    """Collects in the thread of `parent` for as long as its event loop runs; nothing else collects from here on."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self)
        timer.timeout.connect(collect_due)
        timer.start(PERIOD_MS)


def collect_due() -> None:
    """Collect the oldest generation that is over its threshold, as the collector would have done by itself."""
    over = [
        generation
        for generation, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
        if count > limit
    ]
    if over:
        gc.collect(over[-1])
