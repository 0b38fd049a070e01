"""The workbench does with cards and blanks what the screen says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.issuance import ChipContent, SpoilReason
from ktpel_desktop.core.roles import Action
from ktpel_desktop.core.stock import Movement, MovementKind
from ktpel_desktop.devices.simulator.cards import Place
from ktpel_desktop.devices.simulator.chip import SimulatedChip
from ktpel_desktop.devices.simulator.following import FollowingStore
from ktpel_desktop.devices.simulator.hands import AutoHands
from ktpel_desktop.services import issuing
from tests.services import printroom
from tests.services.honest import OPERATOR, approval
from tests.services.printroom import OTHER, REQUEST


def following(folder: Path) -> tuple[printroom.CrashRoom, FollowingStore, SimulatedChip]:
    room = printroom.copy(printroom.template(folder, requests=2), folder)
    hands = AutoHands(room.bench)
    return room, FollowingStore(room.store, room.bench, hands), SimulatedChip(room.bench, hands)


def test_the_card_of_the_job_on_the_screen_is_brought_back(tmp_path: Path) -> None:
    room, store, chip = following(tmp_path)
    desk = replace(room.desk, store=store, chip=chip)
    serials = []
    for request_id in (REQUEST, OTHER):
        job, order = issuing.reserve(desk, OPERATOR, request_id)
        serials.append(issuing.encode(desk, OPERATOR, job.id, order, lambda share: None).chip_serial)
    for request_id, serial in zip((REQUEST, OTHER), serials, strict=True):
        with store.unit(OPERATOR, room.clock.now()) as unit:
            unit.jobs.get(f"{request_id}-1")
        probe = chip.probe()
        assert probe.serial == serial
        assert probe.content is ChipContent.FULL
    room.store.close()


def test_a_dead_blank_stays_on_the_reader_until_it_is_booked(tmp_path: Path) -> None:
    room, store, chip = following(tmp_path)
    desk = replace(room.desk, store=store, chip=chip)
    job, order = issuing.reserve(desk, OPERATOR, REQUEST)
    room.bench.faults.script("dead_on_arrival")
    for _ in range(2):
        with pytest.raises(DeviceError, match=r"chip\.mute"):
            issuing.encode(desk, OPERATOR, job.id, order, lambda share: None)
    dead = room.bench.only_at(Place.READER)
    assert dead is not None
    assert dead.dead
    issuing.spoil(desk, OPERATOR, job.id, SpoilReason.FACTORY_FAULT)
    assert room.bench.card(dead.serial).place is Place.REJECT
    leave = approval(Action.REPRINT, REQUEST)
    job, order = issuing.reserve(desk, OPERATOR, REQUEST, reprint=leave)
    assert issuing.encode(desk, OPERATOR, job.id, order, lambda share: None).chip_serial != dead.serial
    room.store.close()


def test_delivered_and_returned_blanks_lie_in_the_tray_or_not(tmp_path: Path) -> None:
    room, store, _ = following(tmp_path)
    at = room.clock.now()
    before = room.bench.tray
    with store.unit(OPERATOR, at) as unit:
        unit.stock.add(Movement(MovementKind.RECEIVED, 25, "BAST-1", at, "budi"))
        unit.stock.add(Movement(MovementKind.RETURNED, 5, "BAST-2", at, "budi"))
        assert unit.stock.balance().left == room.bench.tray
    assert room.bench.tray == before + 20
    room.store.close()
