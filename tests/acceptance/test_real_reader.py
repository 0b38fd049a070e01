"""The window at a real PC/SC service: a card laid, written, pulled in the middle, laid again, checked, issued."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.card_faults import Act, CardFault
from tests.acceptance.screen import Program, program, until
from tests.acceptance.technician import Technician
from tests.acceptance.test_window import (
    OPERATOR,
    VERIFIED,
    enter_until,
    finish,
    moves,
    open_from_queue,
    state,
)
from tests.devices.chip.encoders import SEED
from tests.devices.pcsc.conftest import pcsc_room, room
from tests.devices.pcsc.room import PcscRoom

__all__ = ["pcsc_room", "room"]
pytestmark = [pytest.mark.real, pytest.mark.timeout(300), pytest.mark.xdist_group("pcsc")]

SETTINGS = """
[chip]
cara = "pcsc"
[pembaca]
enkoder = "KTP Encoder 00 00"
periksa = "Check Reader 00 00"
"""


@pytest.fixture
def window(display: str, tmp_path: Path, room: PcscRoom) -> Iterator[Program]:
    technician = Technician(tmp_path)
    assert technician("rahasia", "kunci-latihan", "--benih", str(SEED)).returncode == 0
    settings = tmp_path / "kantor.toml"
    settings.write_text(SETTINGS)
    arguments = ("--pengaturan", str(settings))
    with program(display, tmp_path / "latihan", *arguments, environment=technician.environment) as found:
        yield found


def test_a_card_pulled_in_mid_writing_is_finished_and_issued(window: Program, room: PcscRoom) -> None:
    window.log_in(OPERATOR)
    window.keys("Down")
    window.still()
    open_from_queue(window, VERIFIED)
    enter_until(window, "RESERVED")
    window.keys("Return")  # nothing lies on the reader yet
    window.still()
    assert state(window) == "RESERVED"

    card = VirtualCard.from_blank("99000005000001", SEED)
    card.faults.script(CardFault(Act.PULL_AFTER, 30))
    lying = room.lay(card, "encoder")
    window.keys_until("Return", lambda: state(window) == "ENCODING", "the writing has begun")
    lying.wait_gone()
    window.still()
    assert state(window) == "ENCODING"
    assert len(card.files) > 1

    room.lay(card, "encoder")
    enter_until(window, "ENCODED")
    enter_until(window, "PRINTED")
    finish(window)
    assert moves(window, VERIFIED).count("ENCODING") == 2
    assert moves(window, VERIFIED)[-1] == "ISSUED"
    assert card.violations == []
    serial = until(lambda: window.query("SELECT chip_serial FROM job"), "the job is there")[0][0]
    assert serial == card.serial
