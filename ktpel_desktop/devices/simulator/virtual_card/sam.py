"""A virtual SAM: it keeps the master keys and gives session keys for one card and one session (aplet-acuan.md, 3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ktpel_desktop.devices.simulator.virtual_card.answer_to_reset import build_atr
from ktpel_desktop.devices.simulator.virtual_card.command_bytes import (
    Command,
    Ins,
    Refused,
    Sw,
    decode,
    encode,
)
from ktpel_desktop.devices.simulator.virtual_card.key_derivation import (
    derive_session_keys,
    derive_static_keys,
    pseudo_random_challenge,
    same,
)
from ktpel_desktop.devices.simulator.virtual_card.linked import CardPulled
from ktpel_desktop.devices.simulator.virtual_card.powered_chip import PoweredChip, give, real_time

SAM_AID = bytes.fromhex("F04B545053414D")
MOST_PIN_TRIES = 3

_CLASS = {Ins.SELECT: 0x00, Ins.GET_DATA: 0x80, Ins.VERIFY: 0x00, Ins.OPEN_CHANNEL: 0x80}
_DIVERSIFICATION, _HOST, _CARD, _CRYPTOGRAM, _SEQUENCE, _AID = range(0x80, 0x86)


class VirtualSam(PoweredChip):
    """One SAM. `opened` lists (key version, diversification data) of each channel it gave keys for."""

    def __init__(
        self,
        serial: str,
        masters: Mapping[int, bytes],
        pin: str,
        *,
        atr: bytes | None = None,
        chaining: bool = False,
        sleep: Callable[[float], None] = real_time,
    ) -> None:
        if len(serial) != 14 or not serial.isdecimal() or not serial.isascii():
            raise ValueError("a SAM's serial has 14 digits")
        if not 6 <= len(pin.encode()) <= 16:
            raise ValueError("a SAM's PIN has 6 to 16 bytes")
        super().__init__(
            build_atr(b"KTP-SAM", chaining=chaining) if atr is None else atr, chaining=chaining, sleep=sleep
        )
        self.serial = serial
        self.tries = MOST_PIN_TRIES
        self.opened: list[tuple[int, bytes]] = []
        self._masters = masters
        self._pin = pin.encode()
        self._commands: dict[int, Callable[[Command], bytes]] = {
            Ins.SELECT: self._select,
            Ins.GET_DATA: self._get_data,
            Ins.VERIFY: self._verify,
            Ins.OPEN_CHANNEL: self._open_channel,
        }
        self._forget()

    def _forget(self) -> None:
        self._selected = self._verified = False

    def _answer(self, command: Command, status: int | None, *, torn: bool) -> bytes:
        if command.ins not in self._commands:
            raise Refused(Sw.UNKNOWN_INS if command.cla in {0x00, 0x80} else Sw.UNKNOWN_CLA)
        if command.cla != _CLASS[Ins(command.ins)]:
            raise Refused(Sw.UNKNOWN_CLA)
        if command.ins != Ins.SELECT and not self._selected:
            raise Refused(Sw.CONDITIONS)
        if status is not None:
            raise Refused(status)
        if torn:
            raise CardPulled
        return self._commands[command.ins](command) + Sw.OK.to_bytes(2, "big")

    def _select(self, command: Command) -> bytes:
        if command.p1 != 0x04 or command.p2 not in {0x00, 0x0C}:
            raise Refused(Sw.WRONG_P1_P2)
        if command.data != SAM_AID:
            raise Refused(Sw.NOT_FOUND)
        self._selected = True
        if command.le is None or command.p2 == 0x0C:
            return b""
        return give(command, encode(0x6F, encode(0x84, SAM_AID)))

    def _get_data(self, command: Command) -> bytes:
        if command.data:
            raise Refused(Sw.WRONG_LENGTH)
        if (command.p1, command.p2) != (0x00, 0x45):
            raise Refused(Sw.NO_SUCH_KEY)
        return give(command, encode(0x45, bytes.fromhex(self.serial)))

    def _verify(self, command: Command) -> bytes:
        """ISO/IEC 7816-4, 11.6.6; without data it only tells."""
        if (command.p1, command.p2) != (0x00, 0x01):
            raise Refused(Sw.WRONG_P1_P2)
        if not command.data:
            if self._verified:
                return b""
            raise Refused(Sw.TRIES_LEFT | self.tries if self.tries else Sw.BLOCKED)
        self._verified = False
        if self.tries == 0:
            raise Refused(Sw.BLOCKED)
        if not 6 <= len(command.data) <= 16:
            raise Refused(Sw.WRONG_LENGTH)
        self.tries -= 1
        if not same(command.data, self._pin):
            raise Refused(Sw.TRIES_LEFT | self.tries)
        self.tries, self._verified = MOST_PIN_TRIES, True
        return b""

    def _open_channel(self, command: Command) -> bytes:
        if not self._verified:
            raise Refused(Sw.NOT_ALLOWED_SECURITY)
        if command.p2:
            raise Refused(Sw.WRONG_P1_P2)
        if command.p1 not in self._masters:
            raise Refused(Sw.NO_SUCH_KEY)
        told = decode(command.data)
        sequence = told.pop(_SEQUENCE, None)
        size = len(told.get(_HOST, b""))
        lengths = {tag: len(value) for tag, value in told.items() if tag != _AID}
        if (
            size not in {8, 16}
            or lengths != {_DIVERSIFICATION: 10, _HOST: size, _CARD: size, _CRYPTOGRAM: size}
            or not 5 <= len(told.get(_AID, b"")) <= 16
            or (sequence is not None and len(sequence) != 3)
        ):
            raise Refused(Sw.WRONG_DATA)
        keys = derive_static_keys(self._masters[command.p1], told[_DIVERSIFICATION])
        if sequence is not None and not same(
            pseudo_random_challenge(keys, sequence, told[_AID], size), told[_CARD]
        ):
            raise Refused(Sw.DOES_NOT_FIT)
        session = derive_session_keys(keys, told[_HOST], told[_CARD])
        if not same(session.card_cryptogram, told[_CRYPTOGRAM]):
            raise Refused(Sw.DOES_NOT_FIT)
        answer = encode(0x80, session.enc) + encode(0x81, session.mac) + encode(0x82, session.rmac)
        answer = give(command, answer + encode(0x83, session.host_cryptogram))
        self.opened.append((command.p1, told[_DIVERSIFICATION]))
        return answer
