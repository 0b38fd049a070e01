"""The reference applet on the card: its commands and who may give them (aplet-acuan.md, 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ktpel_desktop.devices.simulator.virtual_card.command_bytes import (
    SECURE,
    Command,
    Ins,
    Refused,
    Sw,
    encode,
)
from ktpel_desktop.devices.simulator.virtual_card.files import (
    ACTIVATED,
    BY_READING_KEY,
    BY_WRITING_KEY,
    FREE,
    MOST_TRIES,
    Eeprom,
    ElementaryFile,
)
from ktpel_desktop.devices.simulator.virtual_card.key_derivation import (
    WRITING,
    derive_session_keys,
    derive_static_keys,
    pseudo_random_challenge,
)
from ktpel_desktop.devices.simulator.virtual_card.linked import CardPulled
from ktpel_desktop.devices.simulator.virtual_card.powered_chip import give
from ktpel_desktop.devices.simulator.virtual_card.secure_channel import (
    C_ENC,
    C_MAC,
    PSEUDO_RANDOM,
    R_ENC,
    R_MAC,
    S16,
    ChannelBroken,
    SecureChannel,
    offers,
)

AID = bytes.fromhex("F04B5450454C01")

_SCP03 = 0x03
_SERIAL_TAG = 0x45
_WRITING_LEVEL, _READING_LEVEL = C_MAC | C_ENC, C_MAC | C_ENC | R_MAC | R_ENC
_FOR_READING = {BY_WRITING_KEY: frozenset({0x30}), BY_READING_KEY: frozenset({0x30, 0x31})}
_LAST_SEQUENCE = 0xFFFFFF
_EITHER_CLASS = frozenset({Ins.CREATE_FILE, Ins.UPDATE_BINARY, Ins.DELETE_FILE, Ins.ACTIVATE_FILE})
_CLASS_00 = frozenset({Ins.SELECT, Ins.READ_BINARY})
_UNWRAPPED = frozenset({Ins.SELECT, Ins.INITIALIZE_UPDATE})

Answer = tuple[bytes, int]


class Applet:
    """One applet with its memory. `violations` lists each breach of what the profile demands of a host."""

    def __init__(
        self,
        serial: str,
        masters: Mapping[int, bytes],
        eeprom: Eeprom,
        *,
        i: int,
        most_data: int,
        installed: bool,
        count_all: bool,
        random: Callable[[int], bytes],
    ) -> None:
        self.violations: list[str] = []
        self._eeprom = eeprom
        self._serial = bytes.fromhex(serial)
        self._masters = masters
        self._i = i
        self._most_data = most_data
        self._installed = installed
        self._count_all = count_all
        self._random = random
        self._commands: dict[int, Callable[[Command], Answer]] = {
            Ins.SELECT: self._select,
            Ins.GET_DATA: self._get_data,
            Ins.INITIALIZE_UPDATE: self._initialize_update,
            Ins.EXTERNAL_AUTHENTICATE: self._external_authenticate,
            Ins.READ_BINARY: self._read_binary,
            Ins.UPDATE_BINARY: self._update_binary,
            Ins.CREATE_FILE: self._create_file,
            Ins.DELETE_FILE: self._delete_file,
            Ins.ACTIVATE_FILE: self._activate_file,
        }
        self.forget()

    @property
    def diversification(self) -> bytes:
        return bytes(3) + self._serial

    def forget(self) -> None:
        """What a reset ends."""
        self._selected = False
        self._channel: SecureChannel | None = None
        self._waiting: SecureChannel | None = None
        self._current: ElementaryFile | None = None
        self._torn = False

    def answer(self, command: Command, status: int | None, *, torn: bool) -> bytes:
        """Answer one command as it travels. Raises Refused, and CardPulled where it is torn."""
        self._check_class(command)
        self._torn = torn
        waiting, self._waiting = self._waiting, None
        if command.ins == Ins.EXTERNAL_AUTHENTICATE:
            self._waiting = waiting
            channel = None
        else:
            channel = self._channel if command.secure else None
        if command.secure and command.ins != Ins.EXTERNAL_AUTHENTICATE:
            command = self._unwrap(command)
        try:
            if len(command.data) > self._most_data:
                raise Refused(Sw.WRONG_LENGTH)
            data, sw = self._do(command, status)
        except Refused as refusal:
            data, sw = b"", refusal.sw
        return data + sw.to_bytes(2, "big") if channel is None else channel.wrap(data, sw)

    def _check_class(self, command: Command) -> None:
        plain = command.cla & ~SECURE
        if command.ins not in self._commands:
            raise Refused(Sw.UNKNOWN_INS if plain in {0x00, 0x80} else Sw.UNKNOWN_CLA)
        classes = (
            {0x00, 0x80} if command.ins in _EITHER_CLASS else {0x00} if command.ins in _CLASS_00 else {0x80}
        )
        if plain not in classes or (command.secure and command.ins in _UNWRAPPED):
            raise Refused(Sw.UNKNOWN_CLA)
        if command.ins == Ins.EXTERNAL_AUTHENTICATE and not command.secure:
            raise Refused(Sw.UNKNOWN_CLA)
        if command.ins != Ins.SELECT and not self._selected:
            raise Refused(Sw.CONDITIONS)

    def _unwrap(self, command: Command) -> Command:
        if self._channel is None:
            self._breach(command, "in no channel")
            raise Refused(Sw.NOT_ALLOWED_SECURITY)
        try:
            return self._channel.unwrap(command)
        except ChannelBroken:
            self._channel = None
            raise Refused(Sw.NOT_ALLOWED_SECURITY) from None

    def _do(self, command: Command, status: int | None) -> Answer:
        if status is not None:
            return b"", status
        if self._torn and command.ins != Ins.UPDATE_BINARY:
            raise CardPulled
        return self._commands[command.ins](command)

    # --- free, and the way into a channel

    def _select(self, command: Command) -> Answer:
        self._channel = None
        if command.p1 != 0x04 or command.p2 not in {0x00, 0x0C}:
            raise Refused(Sw.WRONG_P1_P2)
        if command.data != AID or not self._installed:
            raise Refused(Sw.NOT_FOUND)
        self._selected, self._current = True, None
        if command.le is None or command.p2 == 0x0C:
            return b"", Sw.OK
        own = encode(0xDF20, bytes((len(self._eeprom.files),)))
        own += encode(0xDF21, self._most_data.to_bytes(2, "big"))
        life_cycle = encode(0x8A, bytes((self._eeprom.life_cycle,)))
        return give(command, encode(0x6F, encode(0x84, AID) + life_cycle + encode(0xA5, own))), Sw.OK

    def _get_data(self, command: Command) -> Answer:
        if command.data:
            raise Refused(Sw.WRONG_LENGTH)
        if (command.p1, command.p2) != (0x00, _SERIAL_TAG):
            raise Refused(Sw.NO_SUCH_KEY)  # 6A88 is "referenced data not found" here
        return give(command, encode(_SERIAL_TAG, self._serial)), Sw.OK

    def _initialize_update(self, command: Command) -> Answer:
        self._channel = None
        size = 16 if self._i & S16 else 8
        version, host_challenge = command.p1, command.data
        if version not in self._masters:
            raise Refused(Sw.NO_SUCH_KEY)
        if command.p2:
            raise Refused(Sw.WRONG_P1_P2)
        if len(host_challenge) != size:
            raise Refused(Sw.WRONG_LENGTH)
        keys = derive_static_keys(self._masters[version], self.diversification)
        sequence = b""
        if self._i & PSEUDO_RANDOM:
            sequence = self._next_sequence(version)
            challenge = pseudo_random_challenge(keys, sequence, AID, size)
        else:
            challenge = self._random(size)
        session = derive_session_keys(keys, host_challenge, challenge)
        told = self.diversification + bytes((version, _SCP03, self._i)) + challenge
        answer = give(command, told + session.card_cryptogram + sequence)
        self._waiting = SecureChannel(session, version, count_all=self._count_all)
        return answer, Sw.OK

    def _next_sequence(self, version: int) -> bytes:
        """Counted here, so that no two sessions ever have the same pseudo-random challenge."""
        number = self._eeprom.counters.get(version, 0) + 1
        if number > _LAST_SEQUENCE:
            raise Refused(Sw.CONDITIONS)
        self._eeprom.counters[version] = number
        return number.to_bytes(3, "big")

    def _external_authenticate(self, command: Command) -> Answer:
        waiting, self._waiting = self._waiting, None
        if self._eeprom.tries == 0:
            raise Refused(Sw.BLOCKED)
        if waiting is None:
            raise Refused(Sw.CONDITIONS)
        if command.p2 or not offers(self._i, command.p1):
            raise Refused(Sw.WRONG_P1_P2)
        if len(command.data) != (32 if self._i & S16 else 16):
            raise Refused(Sw.WRONG_LENGTH)
        self._eeprom.tries -= 1  # before looking, so that no power loss gives a try back
        if not waiting.authenticate(command):
            raise Refused(Sw.TRIES_LEFT | self._eeprom.tries)
        self._eeprom.tries = MOST_TRIES
        self._channel = waiting
        return b"", Sw.OK

    # --- files

    def _read_binary(self, command: Command) -> Answer:
        if command.data or command.le is None:
            raise Refused(Sw.WRONG_LENGTH)
        file, offset = self._address(command)
        self._check_reading(file, command)
        most = command.le
        if command.secure and self._channel is not None and not command.extended:
            room = self._channel.most_clear_answer
            if room < most < 256:
                raise Refused(Sw.WRONG_LENGTH)  # the answer would be longer than an APDU
            most = min(most, room)
        data = file.read(offset, most)
        self._current = file
        return data, Sw.OK if len(data) == most else Sw.END_OF_FILE

    def _update_binary(self, command: Command) -> Answer:
        self._check_writing(command)
        if not command.data:
            raise Refused(Sw.WRONG_LENGTH)
        file, offset = self._address(command)
        if file.update_rule not in {FREE, BY_WRITING_KEY, BY_READING_KEY}:
            raise Refused(Sw.NOT_ALLOWED_SECURITY)
        file.check_update(offset, len(command.data))
        self._current = file
        if self._torn:
            file.update(offset, command.data[: len(command.data) // 2])
            raise CardPulled
        file.update(offset, command.data)
        return b"", Sw.OK

    def _create_file(self, command: Command) -> Answer:
        self._check_writing(command)
        self._check_no_parameters(command)
        self._current = self._eeprom.create(command.data)
        return b"", Sw.OK

    def _delete_file(self, command: Command) -> Answer:
        self._check_writing(command)
        self._check_no_parameters(command)
        if len(command.data) != 2:
            raise Refused(Sw.WRONG_LENGTH)
        if self._eeprom.delete(int.from_bytes(command.data, "big")) is self._current:
            self._current = None
        return b"", Sw.OK

    def _activate_file(self, command: Command) -> Answer:
        self._check_writing(command)
        self._check_no_parameters(command)
        if command.data:
            raise Refused(Sw.WRONG_LENGTH)
        self._eeprom.life_cycle = ACTIVATED
        return b"", Sw.OK

    def _address(self, command: Command) -> tuple[ElementaryFile, int]:
        """File and offset (ISO/IEC 7816-4, 11.3.2)."""
        if not command.p1 & 0x80:
            if self._current is None:
                raise Refused(Sw.NO_CURRENT_FILE)
            return self._current, command.p1 << 8 | command.p2
        sfi = command.p1 & 0x7F
        if not 1 <= sfi <= 30:
            raise Refused(Sw.WRONG_P1_P2)
        return self._eeprom.by_sfi(sfi), command.p2

    # --- who may

    def _check_writing(self, command: Command) -> None:
        channel = self._channel if command.secure else None
        if channel is None:
            self._breach(command, "in clear")
        elif not channel.has(_WRITING_LEVEL):
            self._breach(command, f"at level {channel.level:02X}")
        elif channel.version != WRITING:
            self._breach(command, f"under key version {channel.version:02X}")
        if self._eeprom.life_cycle == ACTIVATED:
            raise Refused(Sw.CONDITIONS)
        if channel is None or not channel.has(_WRITING_LEVEL) or channel.version != WRITING:
            raise Refused(Sw.NOT_ALLOWED_SECURITY)

    def _check_reading(self, file: ElementaryFile, command: Command) -> None:
        if file.read_rule == FREE:
            return
        channel = self._channel if command.secure else None
        if channel is None:
            self._breach(command, f"of {file.fid:04X} in clear")
        elif not channel.has(_READING_LEVEL):
            self._breach(command, f"of {file.fid:04X} at level {channel.level:02X}")
        elif channel.version in _FOR_READING.get(file.read_rule, frozenset()):
            return
        raise Refused(Sw.NOT_ALLOWED_SECURITY)

    def _check_no_parameters(self, command: Command) -> None:
        if command.p1 or command.p2:
            raise Refused(Sw.WRONG_P1_P2)

    def _breach(self, command: Command, how: str) -> None:
        self.violations.append(f"{command.name} {how}")
