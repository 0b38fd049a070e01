"""A virtual card in a process of its own, on a socket that it was given: `python -m tests.bench.chip_card FD`."""

from __future__ import annotations

import socket
import sys

from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.vpcd import serve
from tests.devices.chip.encoders import SEED

SERIAL = "99000004000001"


def fixed(size: int) -> bytes:
    """A challenge that is always the same, so that the same APDUs come out."""
    return bytes(range(size))


def blank() -> VirtualCard:
    """The blank that every run begins with."""
    return VirtualCard.from_blank(SERIAL, SEED, random=fixed)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), blank())
