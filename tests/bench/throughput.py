"""card.throughput: cards through the whole program, against the time that its devices themselves take.

Reader and card printer are the simulated ones with their own pace (the printer is driven by the real USB driver), so
that what is left is what the operator waits for because of us: order, face, bitmaps, journal, report.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.devices.simulator.evolis import SimulatedEvolisPrinter
from ktpel_desktop.services import issuing, outbox
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.training.people import OPERATOR
from tests.bench import office as offices
from tests.bench.measure import Figure, figure

RUNS = 4


def measure(folder: Path, runs: int | None) -> list[Figure]:
    """One figure, a sample a card."""
    count = RUNS if runs is None else runs
    waited = 0.0

    def pace(seconds: float) -> None:
        nonlocal waited
        began = time.perf_counter()
        time.sleep(seconds)
        waited += time.perf_counter() - began

    with offices.opened(folder) as office:
        offices.begin(office)
        requests = offices.verified(office, count + 1)
        desk = replace(office.desk, card_printer=SimulatedEvolisPrinter(office.bench, office.hands))
        _issue(desk, requests.pop())
        office.bench.pace = pace
        whole, devices = [], []
        for request_id in requests:
            waited = 0.0
            began = time.perf_counter()
            _issue(desk, request_id)
            whole.append((time.perf_counter() - began) * 1000)
            devices.append(waited * 1000)
    return [
        figure(
            "card.throughput",
            whole,
            devices,
            unit="ms",
            peer="the time that simulated reader and printer take for the same card",
            target=None,
            note="Order over HTTP, face, chip, bitmaps over the USB driver, read-back, report; every commit durable.",
        )
    ]


def _issue(desk: Desk, request_id: str) -> None:
    job, order = issuing.reserve(desk, OPERATOR, request_id)
    issuing.encode(desk, OPERATOR, job.id, order, lambda step: None)
    issuing.print_card(desk, OPERATOR, job.id, order)
    done = issuing.check_printed(desk, OPERATOR, job.id, face_ok=True)
    if done.state is not JobState.REPORTING:
        raise AssertionError(f"the card was not good: {done.state}")
    outbox.deliver(desk, OPERATOR)
