"""The training office that the benches work in: real store on the disk, real client, simulated bench without waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path
from random import Random

from ktpel_desktop.bootstrap import TrainingOffice, open_training
from ktpel_desktop.services import intake, verifying
from ktpel_desktop.settings import Settings
from ktpel_desktop.siak.simulator.eligibility import pick
from ktpel_desktop.training.people import LOKET, OPERATOR, application, open_the_day, papers_for, settle_in

SEED = "ukur"
CARD = "KTP-RUSAK"


def opened(folder: Path) -> TrainingOffice:
    """An office at any hour of any day; every commit is durable, as in the program."""
    every_day = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
    hours = replace(Settings(), opens=time(0, 0), closes=time(23, 59, 59), working_days=every_day)
    return open_training(folder, hours, seed=SEED, pace=lambda seconds: None)


def begin(office: TrainingOffice) -> None:
    """People, blanks, room, day."""
    settle_in(office.desk)
    open_the_day(office.desk)


def verified(office: TrainingOffice, count: int) -> list[str]:
    """So many requests for a card, verified and claimed by the operator."""
    desk = office.desk
    service = desk.catalogue.get(CARD)
    day = desk.clock.now().astimezone(desk.office.timezone).date()
    residents = pick(office.city, CARD, count, Random(1), day)
    found = []
    for resident in residents:
        request = intake.accept(desk, LOKET, application(resident, service, papers_for(service)))
        intake.hand_to_operator(desk, LOKET, [request.id], OPERATOR.username)
        verifying.claim(desk, OPERATOR, request.id)
        verifying.look_up(desk, OPERATOR, request.id)
        verifying.decide_complete(desk, OPERATOR, request.id)
        found.append(request.id)
    return found
