"""A virtual KTP-el card: the reference applet on a chip with power, faults and memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from ktpel_desktop.devices.simulator.virtual_card.answer_to_reset import build_atr
from ktpel_desktop.devices.simulator.virtual_card.applet import Applet
from ktpel_desktop.devices.simulator.virtual_card.command_bytes import Command
from ktpel_desktop.devices.simulator.virtual_card.files import Eeprom
from ktpel_desktop.devices.simulator.virtual_card.key_derivation import training_masters
from ktpel_desktop.devices.simulator.virtual_card.powered_chip import PoweredChip, real_time

MOST_SHORT, MOST_EXTENDED = 255, 2048


class VirtualCard(PoweredChip):
    """One card, by its serial of 14 digits and the master keys by version.

    `i` as in INITIALIZE UPDATE (10 pseudo-random challenge, 20 R-MAC, 60 R-MAC and R-ENC, 01 S16). `installed` False is
    a card without the applet. `count_all` False is a card that counts commands with data only. A dict from `save`
    gives the memory back.
    """

    def __init__(
        self,
        serial: str,
        masters: Mapping[int, bytes],
        *,
        i: int = 0x70,
        atr: bytes | None = None,
        extended: bool = False,
        chaining: bool = False,
        installed: bool = True,
        count_all: bool = True,
        saved: Mapping[str, Any] | None = None,
        random: Callable[[int], bytes] = os.urandom,
        sleep: Callable[[float], None] = real_time,
    ) -> None:
        if len(serial) != 14 or not serial.isdecimal() or not serial.isascii():
            raise ValueError("a card's serial has 14 digits")
        made = build_atr(b"KTP-EL", extended=extended, chaining=chaining) if atr is None else atr
        super().__init__(made, extended=extended, chaining=chaining, sleep=sleep)
        self.serial = serial
        self.eeprom = Eeprom() if saved is None else Eeprom.load(saved["eeprom"])
        self.dead = saved is not None and bool(saved["dead"])
        self._applet = Applet(
            serial,
            masters,
            self.eeprom,
            i=i,
            most_data=MOST_EXTENDED if extended else MOST_SHORT,
            installed=installed,
            count_all=count_all,
            random=random,
        )

    @classmethod
    def from_blank(cls, serial: str, seed: int = 7, bits: int = 128, **options: Any) -> VirtualCard:
        """A blank under the training keys of this seed, as its manufacturer delivers it."""
        return cls(serial, training_masters(seed, bits), **options)

    @property
    def violations(self) -> list[str]:
        """Each breach of what the profile demands of a host, in order."""
        return self._applet.violations

    @property
    def files(self) -> dict[int, bytes]:
        """What lies in the files, by their identifiers: for tests, which need no key to look."""
        return {file.fid: bytes(file.content) for file in self.eeprom.files}

    def save(self) -> dict[str, Any]:
        """The state without power, as plain values for JSON; keys are not in it."""
        return {"serial": self.serial, "dead": self.dead, "eeprom": self.eeprom.save()}

    @classmethod
    def load(cls, saved: Mapping[str, Any], masters: Mapping[int, bytes], **options: Any) -> VirtualCard:
        """The card that `save` described."""
        return cls(saved["serial"], masters, saved=saved, **options)

    def _answer(self, command: Command, status: int | None, *, torn: bool) -> bytes:
        return self._applet.answer(command, status, torn=torn)

    def _forget(self) -> None:
        self._applet.forget()
