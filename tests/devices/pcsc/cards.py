"""Cards of the PC/SC tests: one that answers, and what can go wrong with it in mid-command."""

from __future__ import annotations

from threading import Event

from ktpel_desktop.devices.simulator.virtual_card.linked import CardPulled, CardSilent

ATR = bytes.fromhex("3B8B80014B54504C2D54455354303145")
SELECT = bytes.fromhex("00A4040000")
PULL, HANG = bytes.fromhex("80010000"), bytes.fromhex("80020000")


class Plain:
    """Answers its name to everything but PULL (it is gone) and HANG (it never answers)."""

    def __init__(self, name: bytes = b"one") -> None:
        self.name = name
        self.seen: list[str] = []
        self.hanging = Event()

    @property
    def atr(self) -> bytes:
        return ATR

    def power_on(self) -> None:
        self.seen.append("on")

    def reset(self) -> None:
        self.seen.append("reset")

    def power_off(self) -> None:
        self.seen.append("off")

    def process(self, command: bytes) -> bytes:
        if command[:4] == PULL:
            raise CardPulled
        if command[:4] == HANG:
            self.hanging.set()
            raise CardSilent
        self.seen.append(command.hex())
        return self.name + b"\x90\x00"


class Dead(Plain):
    """Lies in the field; the reader makes nothing of how it answers to power."""

    @property
    def atr(self) -> bytes:
        """Longer than an ATR may be: to vpcd a card is there, and powering it has failed."""
        return bytes(64)
