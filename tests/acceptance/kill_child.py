"""The program as a process of its own, working on one request until it is produced: to be killed at will.

Everything is the training office's own: database, SIAK over HTTP, bench on disk. The processes come from a fork
server that has imported the program already, so that a hundred deaths take seconds.
"""

from __future__ import annotations

import importlib
import multiprocessing
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from ktpel_desktop.bootstrap import open_training
from ktpel_desktop.devices.simulator.card_printer import SimulatedCardPrinter
from ktpel_desktop.devices.simulator.chip import SimulatedChip
from tests.acceptance.morning import MORNING, SEED
from tests.services.desks import SettableClock
from tests.services.honest import HonestOperator
from tests.services.power import Fuse, fused_desk, kill

# What the program imports when it first needs it, the fork server needs from the start.
for _late in (
    "documents.card_face",
    "siak.client",
    "siak.simulator.opening",
    "siak.simulator.server",
    "store.sql_store",
):
    importlib.import_module(f"ktpel_desktop.{_late}")

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])


def work(folder: Path, request_id: str, boundary: int, told: Connection) -> None:
    """Open the office and issue the card; at boundary `boundary` (0: never) kill this process by SIGKILL."""
    with open_training(folder, clock=SettableClock(MORNING), seed=SEED, pace=lambda seconds: None) as office:
        desk = replace(
            office.desk,
            store=office.store,
            chip=SimulatedChip(office.bench, chunks=3),
            card_printer=SimulatedCardPrinter(office.bench),
        )
        fuse = Fuse(boundary, kill)
        told.send("begun")
        HonestOperator(office.bench).issue(fused_desk(desk, fuse), request_id)
        told.send(fuse.passed)


def start(folder: Path, request_id: str, boundary: int = 0) -> tuple[ForkServerProcess, Connection]:
    """A process at work; what it tells is "begun", then the number of boundaries it passed."""
    here, there = _CONTEXT.Pipe(duplex=False)
    child = _CONTEXT.Process(target=work, args=(folder, request_id, boundary, there))
    child.start()
    there.close()
    return child, here
