"""Lay a virtual card on vpcd by hand: python -m ktpel_desktop.devices.simulator.virtual_card --help."""

from __future__ import annotations

import argparse
import socket

from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.key_derivation import training_masters
from ktpel_desktop.devices.simulator.virtual_card.linked import LinkedCard
from ktpel_desktop.devices.simulator.virtual_card.sam import VirtualSam
from ktpel_desktop.devices.simulator.virtual_card.vpcd import FIRST_PORT, serve


def main(arguments: list[str] | None = None) -> int:
    """Answer until the reader goes away or Ctrl+C takes the card away."""
    parser = argparse.ArgumentParser(prog="virtual_card", description="A virtual card for pcscd with vpcd.")
    parser.add_argument("--port", type=int, default=FIRST_PORT)
    parser.add_argument("--serial", default="20260000000001", help="14 digits")
    parser.add_argument("--seed", type=int, default=7, help="of the training master keys")
    parser.add_argument("--sam", action="store_true", help="a SAM instead of a blank")
    parser.add_argument("--pin", default="123456", help="of the SAM")
    given = parser.parse_args(arguments)
    masters = training_masters(given.seed)
    card: LinkedCard = (
        VirtualSam(given.serial, masters, given.pin) if given.sam else VirtualCard(given.serial, masters)
    )
    try:
        serve(socket.create_connection(("127.0.0.1", given.port)), card)
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        parser.exit(1, f"vpcd at port {given.port}: {error}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
