"""A training office in mid-morning with one verified request, as a folder to be copied for each killed run."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from ktpel_desktop.bootstrap import TRAINING_BLANKS, open_training
from ktpel_desktop.services import intake, verifying
from ktpel_desktop.siak.simulator.eligibility import pick
from ktpel_desktop.siak.simulator.registry import Registry
from ktpel_desktop.training.people import LOKET, OPERATOR, application, open_the_day, papers_for, settle_in
from tests.services.desks import SettableClock
from tests.services.printroom import PrintRoom

MORNING = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
SEED = "bunuh"


@dataclass
class ReportedTo:
    """The training SIAK's book, read as the crash tests read it."""

    registry: Registry

    @property
    def results(self) -> dict[str, dict[str, str]]:
        return {key: dict(body) for key, body in self.registry.results.items()}

    def issued_for(self, request_id: str) -> list[str]:
        return list(self.registry.issued(request_id))


def make(folder: Path) -> str:
    """Make the office; returns the request's id."""
    with open_training(folder, clock=SettableClock(MORNING), seed=SEED, pace=lambda seconds: None) as office:
        desk = office.desk
        settle_in(desk)
        open_the_day(desk)
        service = desk.catalogue.get("KTP-RUSAK")
        resident = pick(office.city, service.code, 1, Random(1), MORNING.date())[0]
        request = intake.accept(desk, LOKET, application(resident, service, papers_for(service)))
        intake.hand_to_operator(desk, LOKET, [request.id], OPERATOR.username)
        verifying.claim(desk, OPERATOR, request.id)
        verifying.look_up(desk, OPERATOR, request.id)
        verifying.decide_complete(desk, OPERATOR, request.id)
        return request.id


def copy(template: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder, ignore=shutil.ignore_patterns("*.lock"))
    return folder


def assert_accounted(folder: Path, request_id: str) -> None:
    """Open what is left and compare journal, bench and SIAK's book."""
    clock = SettableClock(MORNING)
    with open_training(folder, clock=clock, seed=SEED, pace=lambda seconds: None) as office:
        room = PrintRoom(
            replace(office.desk, store=office.store),
            office.bench,
            ReportedTo(office.siak.registry),
            clock,
            office.store,
            TRAINING_BLANKS,
        )
        room.assert_accounted(request_id)
