"""The card's side of a secure channel by SCP03 (GlobalPlatform Amendment D 1.1.1), once the challenges are known."""

from __future__ import annotations

from dataclasses import replace

from ktpel_desktop.devices.simulator.virtual_card.cmac import (
    BLOCK,
    cmac,
    decrypt_cbc,
    encrypt_block,
    encrypt_cbc,
    pad,
    unpad,
)
from ktpel_desktop.devices.simulator.virtual_card.command_bytes import Command
from ktpel_desktop.devices.simulator.virtual_card.key_derivation import SessionKeys, same

C_MAC, C_ENC, R_MAC, R_ENC = 0x01, 0x02, 0x10, 0x20  # bits of the security level (Amendment D, table 7-6)
S16, PSEUDO_RANDOM, CAN_R_MAC, CAN_R_ENC = 0x01, 0x10, 0x20, 0x40  # bits of i (Amendment D, table 5-1)

_LEVELS = frozenset({0x00, 0x01, 0x03, 0x11, 0x13, 0x33})
_ANSWER_BLOCK = 0x80  # first byte of the counter block for answers (Amendment D, 6.2.7)


class ChannelBroken(Exception):
    """The command is not from the other end of this channel."""


def offers(i: int, level: int) -> bool:
    """Whether a card with this i parameter can work at this security level."""
    return (
        level in _LEVELS
        and not (level & R_MAC and not i & CAN_R_MAC)
        and not (level & R_ENC and not i & CAN_R_ENC)
    )


class SecureChannel:
    """From the two challenges to the end of the session. `level` is None until the host has proven itself.

    `count_all` False is a deviation of some cards: only commands with data count for encryption.
    """

    def __init__(self, keys: SessionKeys, version: int, *, count_all: bool = True) -> None:
        self.version = version
        self.level: int | None = None
        self._keys = keys
        self._size = len(keys.host_cryptogram)
        self._chain = bytes(BLOCK)
        self._counter = 0
        self._count_all = count_all

    def has(self, bits: int) -> bool:
        """Whether the channel is open and its level has all these bits."""
        return self.level is not None and self.level & bits == bits

    @property
    def most_clear_answer(self) -> int:
        """How many bytes of clear data an answer of 256 bytes holds (Amendment D, 6.2.7)."""
        room = 256 - (self._size if self.has(R_MAC) else 0)
        return room // BLOCK * BLOCK - 1 if self.has(R_ENC) else room

    def authenticate(self, command: Command) -> bool:
        """EXTERNAL AUTHENTICATE: the host's cryptogram and the first MAC (Amendment D, 7.1.2)."""
        cryptogram = command.data[: -self._size]
        good = self._check(command) & same(cryptogram, self._keys.host_cryptogram)
        self.level = command.p1 if good else None
        return good

    def unwrap(self, command: Command) -> Command:
        """The clear command. Raises ChannelBroken where its MAC or its padding is wrong."""
        if not self.has(C_MAC) or not self._check(command):
            raise ChannelBroken
        data = command.data[: -self._size]
        if data or self._count_all:
            self._counter += 1
        if data and self.has(C_ENC):
            clear = None if len(data) % BLOCK else unpad(decrypt_cbc(self._keys.enc, self._iv(0), data))
            if clear is None:
                raise ChannelBroken
            data = clear
        return replace(command, data=data)

    def wrap(self, data: bytes, sw: int) -> bytes:
        """The answer as it travels. Only 9000 and warnings carry a MAC (Amendment D, 6.2.5)."""
        status = sw.to_bytes(2, "big")
        if not self.has(R_MAC) or (sw != 0x9000 and sw >> 8 not in {0x62, 0x63}):
            return data + status
        if data and self.has(R_ENC):
            data = encrypt_cbc(self._keys.enc, self._iv(_ANSWER_BLOCK), pad(data))
        return data + cmac(self._keys.rmac, self._chain + data + status)[: self._size] + status

    def _check(self, command: Command) -> bool:
        """The MAC of a command, which becomes the chaining value of the next (Amendment D, 6.2.4)."""
        data, mac = command.data[: -self._size], command.data[-self._size :]
        whole = cmac(self._keys.mac, self._chain + command.header + command.length + data)
        if not same(mac, whole[: self._size]):
            return False
        self._chain = whole
        return True

    def _iv(self, first: int) -> bytes:
        return encrypt_block(self._keys.enc, bytes((first,)) + self._counter.to_bytes(BLOCK - 1, "big"))
