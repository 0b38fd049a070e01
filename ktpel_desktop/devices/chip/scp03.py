"""Secure Channel Protocol 03: keys, cryptograms and the state of one channel. No I/O, no card, no static keys kept.

GlobalPlatform Card Specification 2.3, Amendment D, version 1.2 (the section numbers below); S16 mode is new in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import NoReturn

from cryptography.hazmat.primitives import cmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFCMAC, CounterLocation, Mode

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.chip.apdu import Command, Response
from ktpel_desktop.devices.chip.status_words import carries_data

KEY_SIZES = (16, 24, 32)
BLOCK = 16
_S8, _S16 = 8, 16
_EXTERNAL_AUTHENTICATE = 0x82
_SECURE = 0x04
_FURTHER_CLASSES = 0x40


class Level(IntFlag):
    """Parts of a security level (table 7-6)."""

    C_MAC = 0x01
    C_ENC = 0x02
    R_MAC = 0x10
    R_ENC = 0x20


LEVELS = frozenset({0x01, 0x03, 0x11, 0x13, 0x33})
"""The levels that protect something."""


class Constant(IntEnum):
    """Data derivation constants (table 4-1)."""

    CARD_CRYPTOGRAM = 0x00
    HOST_CRYPTOGRAM = 0x01
    CARD_CHALLENGE = 0x02
    S_ENC = 0x04
    S_MAC = 0x06
    S_RMAC = 0x07


@dataclass(frozen=True, slots=True, repr=False)
class SessionKeys:
    """Keys of one session. They never show themselves."""

    enc: bytes
    mac: bytes
    rmac: bytes

    def __post_init__(self) -> None:
        if len(self.enc) not in KEY_SIZES or not len(self.enc) == len(self.mac) == len(self.rmac):
            raise ValueError("session keys are three AES keys of one length")

    def __repr__(self) -> str:
        return f"SessionKeys(AES-{8 * len(self.enc)})"


def derive(key: bytes, constant: Constant, context: bytes, length: int) -> bytes:
    """`length` bytes by the data derivation scheme (4.1.5): NIST SP 800-108 with the counter in the middle."""
    fixed = bytes(11) + bytes([constant]) + b"\0" + (8 * length).to_bytes(2)
    return KBKDFCMAC(
        algorithm=algorithms.AES,
        mode=Mode.CounterMode,
        length=length,
        rlen=1,
        llen=None,
        location=CounterLocation.MiddleFixed,
        break_location=len(fixed),
        label=None,
        context=None,
        fixed=fixed + context,
    ).derive(key)


def session_keys(key_enc: bytes, key_mac: bytes, host_challenge: bytes, card_challenge: bytes) -> SessionKeys:
    """The keys of a session from a card's static keys (6.2.1)."""
    context = host_challenge + card_challenge
    return SessionKeys(
        derive(key_enc, Constant.S_ENC, context, len(key_enc)),
        derive(key_mac, Constant.S_MAC, context, len(key_mac)),
        derive(key_mac, Constant.S_RMAC, context, len(key_mac)),
    )


def card_challenge(key_enc: bytes, sequence_counter: bytes, aid: bytes, length: int) -> bytes:
    """The pseudo-random challenge of a card that counts its sessions (6.2.2.1)."""
    return derive(key_enc, Constant.CARD_CHALLENGE, sequence_counter + aid, length)


def card_cryptogram(s_mac: bytes, host_challenge: bytes, card_challenge: bytes) -> bytes:
    """By what the card proves itself (6.2.2.2); as long as the challenges."""
    return derive(s_mac, Constant.CARD_CRYPTOGRAM, host_challenge + card_challenge, len(host_challenge))


def host_cryptogram(s_mac: bytes, host_challenge: bytes, card_challenge: bytes) -> bytes:
    """By what the host proves itself (6.2.2.3)."""
    return derive(s_mac, Constant.HOST_CRYPTOGRAM, host_challenge + card_challenge, len(host_challenge))


class Scp03:
    """The state of one channel: each command is wrapped, sent, and its answer unwrapped, in this order.

    `count_all` is the standard: the encryption counter counts every command (6.2.6). False is for cards that count
    only commands with data. After any failure nothing more is wrapped or unwrapped.
    """

    def __init__(self, keys: SessionKeys, level: int, s16: bool = False, count_all: bool = True) -> None:
        if level not in LEVELS:
            raise ValueError(f"no security level: {level:02X}")
        self._level = Level(level)
        self._mac_size = _S16 if s16 else _S8
        self._count_all = count_all
        self._enc = algorithms.AES(keys.enc)
        self._block = Cipher(self._enc, modes.ECB()).encryptor()  # noqa: S305  # single blocks, as 6.2.6 says
        self._c_mac, self._r_mac = cmac.CMAC(algorithms.AES(keys.mac)), cmac.CMAC(algorithms.AES(keys.rmac))
        self._chaining = bytes(BLOCK)
        self._counter = 0
        self._opened = False
        self._authenticating = False
        self._awaiting = False
        self._broken = False

    @property
    def mac_size(self) -> int:
        """Bytes of a MAC: 8, or 16 in S16 mode."""
        return self._mac_size

    @property
    def level(self) -> Level:
        """What is protected."""
        return self._level

    def external_authenticate(self, host_cryptogram: bytes) -> Command:
        """The command that opens the channel: MACed, never encrypted, not counted, its answer without MAC (6.2.3)."""
        self._refuse_if_broken()
        if len(host_cryptogram) != self._mac_size or self._opened:
            raise ValueError("a channel is opened once, by a cryptogram as long as its MACs")
        self._opened = self._authenticating = True
        return self._with_mac(Command(0x80, _EXTERNAL_AUTHENTICATE, self._level, 0, host_cryptogram))

    def wrap(self, command: Command) -> Command:
        """The command as it is sent. Raises DeviceError "chip.channel_broken" after a failure."""
        self._refuse_if_broken()
        if not self._opened:
            raise ValueError("EXTERNAL AUTHENTICATE comes first")
        self._authenticating = False
        if command.data or self._count_all:
            self._counter += 1
        if command.data and self._level & Level.C_ENC:
            command = _with_data(command, self._encrypt(command.data))
        return self._with_mac(command)

    def unwrap(self, response: Response) -> Response:
        """The clear answer to the command wrapped last.

        An error word comes bare (6.2.5) and is passed on as it is. Raises DeviceError "chip.channel_broken" where
        anything else is not exactly what the card must have sent.
        """
        self._refuse_if_broken()
        if not self._awaiting:
            raise ValueError("no command is waiting for an answer")
        self._awaiting = False
        if self._authenticating or not self._level & Level.R_MAC:
            return response
        if not carries_data(response.sw):
            if response.data:
                self._break()
            return response
        return Response(self._decrypt(self._check_mac(response)), response.sw)

    def give_up(self) -> None:
        """Use no more: an answer was lost, so that both sides may count differently."""
        self._broken = True

    def _with_mac(self, command: Command) -> Command:
        """C-MAC over chaining value, modified header with the new Lc, and data, without Le (6.2.4)."""
        data = command.data + bytes(self._mac_size)
        sent = Command(_secure_class(command.cla), command.ins, command.p1, command.p2, data, command.le)
        signed = self._chaining + sent.header + sent.lc(sent.needs_extended) + command.data
        self._chaining = _cmac(self._c_mac, signed)
        self._awaiting = True
        return _with_data(sent, command.data + self._chaining[: self._mac_size])

    def _check_mac(self, response: Response) -> bytes:
        """The data before the R-MAC (6.2.5)."""
        data, mac = response.data[: -self._mac_size], response.data[-self._mac_size :]
        right = _cmac(self._r_mac, self._chaining + data + response.sw.to_bytes(2))
        if not bytes_eq(mac, right[: self._mac_size]):
            self._break()
        return data

    def _encrypt(self, data: bytes) -> bytes:
        """C-ENC (6.2.6): AES-CBC over data, 80 and zeros."""
        padded = data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)
        encryptor = self._cipher(self._counter.to_bytes(BLOCK)).encryptor()
        return encryptor.update(padded) + encryptor.finalize()

    def _decrypt(self, data: bytes) -> bytes:
        """R-ENC (6.2.7): the same counter with 80 before it; no data is not encrypted."""
        if not data or not self._level & Level.R_ENC:
            return data
        if len(data) % BLOCK:
            self._break()
        decryptor = self._cipher(b"\x80" + self._counter.to_bytes(BLOCK - 1)).decryptor()
        padded = decryptor.update(data) + decryptor.finalize()
        clear = padded.rstrip(b"\0")
        if not clear.endswith(b"\x80") or len(padded) - len(clear) >= BLOCK:
            self._break()
        return clear[:-1]

    def _cipher(self, counter_block: bytes) -> Cipher[modes.CBC]:
        return Cipher(self._enc, modes.CBC(self._block.update(counter_block)))

    def _refuse_if_broken(self) -> None:
        if self._broken:
            raise DeviceError("chip.channel_broken", Effect.UNKNOWN)

    def _break(self) -> NoReturn:
        self._broken = True
        raise DeviceError("chip.channel_broken", Effect.UNKNOWN)


def _with_data(command: Command, data: bytes) -> Command:
    return Command(command.cla, command.ins, command.p1, command.p2, data, command.le)


def _secure_class(cla: int) -> int:
    """Without logical channel, with GlobalPlatform's secure messaging (6.2.4); only the basic channel is used here."""
    if cla & _FURTHER_CLASSES or cla & 0x03:
        raise ValueError("only the basic logical channel is used")
    return cla & 0xF0 | _SECURE


def _cmac(keyed: cmac.CMAC, data: bytes) -> bytes:
    mac = keyed.copy()  # keeps the key's schedule
    mac.update(data)
    return mac.finalize()
