"""An office whose chip station is the real driver over virtual cards; its printer takes what it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ktpel_desktop.core.issuance import Job
from ktpel_desktop.core.ports import Answer, CardFace, ChipStation, Health, PrintStage, unheard
from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.services import handing_over, issuing, outbox
from ktpel_desktop.services.handing_over import ChipCheck
from tests.devices.chip.encoders import VirtualChipRig
from tests.services import office
from tests.services.office import BUDI, SARI, World


class Printer:
    """Prints whatever it is told, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def health(self) -> Health:
        return Health(Answer.YES)

    def marker(self) -> int:
        return self.count

    def clear_queue(self) -> bool:
        return False

    def print_card(self, face: CardFace, tag: str, told: Callable[[PrintStage], None] = unheard) -> None:
        self.count += 1


@dataclass
class ChipWorld:
    """The office, with its cards and its reader in the hands of the test."""

    world: World
    rig: VirtualChipRig

    def reserved(self) -> Job:
        return self.world.reserved()

    def encode(self, job: Job) -> Job:
        return self.world.encode(job)

    def finish(self, job: Job) -> ChipCheck:
        """From an encoded card to the applicant's hands."""
        desk = self.world.desk
        self.world.print_card(job)
        issuing.check_printed(desk, BUDI, job.id, face_ok=True)
        outbox.deliver(desk, BUDI)
        handing_over.hand_to_counter(desk, BUDI, [job.request_id], SARI.username)
        return handing_over.check_chip(desk, SARI, job.request_id)

    def card(self, serial: str) -> VirtualCard:
        return self.rig.cards[serial]


def with_station(world: World, station: ChipStation, check: ChipStation | None = None) -> World:
    """The same office with another chip station, and a printer that does not ask the bench."""
    desk = replace(world.desk, chip=station, check_chip=check or station, card_printer=Printer())
    return replace(world, desk=desk)


def chip_world(template: Path, folder: Path) -> ChipWorld:
    """An office in the open day, its reader empty."""
    found = office.copy(template, folder)
    found.open_day()
    rig = VirtualChipRig()
    return ChipWorld(with_station(found, rig.station), rig)
