"""File commands over a plain exchange or a secure channel (ISO/IEC 7816-4, clause 11; ISO/IEC 7816-9).

A refused command has the effect NONE where neither it nor one before it in the same call changed the card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from ktpel_desktop.core import ber_tlv
from ktpel_desktop.core.ber_tlv import TlvError
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.chip.apdu import MOST_SHORT_ANSWER, Command, Response, Sender
from ktpel_desktop.devices.chip.status_words import SW, effect_of, failure

_SELECT, _GET_DATA, _READ, _READ_ODD = 0xA4, 0xCA, 0xB0, 0xB1
_CREATE, _UPDATE, _UPDATE_ODD, _DELETE, _ACTIVATE = 0xE0, 0xD6, 0xD7, 0xE4, 0x44
_BY_SFI = 0x80
_MOST_P1_P2 = 0x7FFF
"""The last offset that P1 and P2 can say."""
_FCI, _AID, _LIFE_CYCLE, _PROPRIETARY, _FILES, _MOST_DATA = 0x6F, 0x84, 0x8A, 0xA5, 0xDF20, 0xDF21
_FCP, _SIZE, _DESCRIPTOR, _FID, _SFI, _ACCESS = 0x62, 0x80, 0x82, 0x83, 0x88, 0x8C
_TRANSPARENT = b"\x01"
_UPDATE_AND_READ = 0x03
_OFFSET, _DATA = 0x54, 0x53
SERIAL = Command(0x80, _GET_DATA, 0x00, 0x45, le=MOST_SHORT_ANSWER)
SERIAL_TAG = 0x45
_SERIAL_SIZE = 7
ACTIVATE = Command(0x80, _ACTIVATE, 0, 0)


@dataclass(frozen=True, slots=True)
class FciOfApplet:
    """What the applet says about itself: life cycle (ISO/IEC 7816-4, table 14), files, most bytes of command data."""

    aid: bytes
    life_cycle: int
    files: int
    max_data: int


@dataclass(frozen=True, slots=True)
class FileControl:
    """A transparent file to be made. `update` and `read` are its access bytes (aplet-acuan.md, section 1)."""

    fid: int
    sfi: int
    size: int
    update: int
    read: int

    def encode(self) -> bytes:
        """Its file control parameters, DO 62."""
        parts = (
            (_SIZE, self.size.to_bytes(2)),
            (_DESCRIPTOR, _TRANSPARENT),
            (_FID, self.fid.to_bytes(2)),
            (_SFI, bytes([self.sfi << 3])),
            (_ACCESS, bytes((_UPDATE_AND_READ, self.update, self.read))),
        )
        return ber_tlv.encode(_FCP, b"".join(ber_tlv.encode(tag, value) for tag, value in parts))


def select_application(card: Sender, aid: bytes) -> FciOfApplet:
    """Make the applet current, which ends a secure channel.

    Raises DeviceError "chip.other_kind" where the card has no such applet.
    """
    answer = card.send(Command(0x00, _SELECT, 0x04, 0x00, aid, MOST_SHORT_ANSWER))
    if answer.sw == SW.NOT_FOUND:
        raise DeviceError("chip.other_kind", Effect.NONE)
    if answer.sw != SW.OK:
        raise failure(answer.sw, "SELECT", Effect.NONE)
    try:
        return read_fci(answer.data)
    except TlvError:
        raise DeviceError("chip.answer_malformed", Effect.NONE) from None


def read_fci(data: bytes) -> FciOfApplet:
    """The applet's FCI. Raises TlvError."""
    parts = ber_tlv.parse_one(data, _FCI).children()
    own = ber_tlv.parse(ber_tlv.find_once(parts, _PROPRIETARY))
    return FciOfApplet(
        aid=ber_tlv.find_once(parts, _AID),
        life_cycle=_number(ber_tlv.find_once(parts, _LIFE_CYCLE), 1),
        files=_number(ber_tlv.find_once(own, _FILES), 1),
        max_data=_number(ber_tlv.find_once(own, _MOST_DATA), 2),
    )


def read_serial(card: Sender, command: Command = SERIAL, tag: int = SERIAL_TAG) -> str:
    """The card's serial, 14 digits. Free; the card is not changed."""
    answer = card.send(command)
    if answer.sw != SW.OK:
        raise failure(answer.sw, "GET DATA", Effect.NONE)
    try:
        digits = ber_tlv.parse_one(answer.data, tag).value.hex()
    except TlvError:
        digits = ""
    if len(digits) != 2 * _SERIAL_SIZE or not digits.isdecimal():
        raise DeviceError("chip.answer_malformed", Effect.NONE)
    return digits


def read_binary(
    card: Sender,
    sfi: int,
    length: int,
    chunk: int = MOST_SHORT_ANSWER,
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """The first `length` bytes of a file, fewer where the file ends before.

    Each command asks for as much as `chunk` allows. `progress` hears how many bytes are there. Raises DeviceError
    "chip.file_missing" where there is no such file.
    """
    _check_sfi(sfi)
    found = bytearray()
    rounds = 8 * (length // chunk + 1)  # an honest card may answer in smaller parts, but not byte by byte
    while len(found) < length and rounds:
        rounds -= 1
        wanted = min(chunk, length - len(found))
        answer = card.send(_read_command(sfi, len(found), wanted, chunk))
        if found and answer.sw == SW.OFFSET_OUTSIDE:
            return bytes(found)
        if answer.sw not in {SW.OK, SW.END_OF_FILE}:
            _refuse_file(answer.sw, "READ BINARY", Effect.NONE)
        part = _read_part(answer, len(found))
        if len(part) > wanted or (not part and answer.sw == SW.OK):
            raise DeviceError("chip.answer_malformed", Effect.NONE)
        found += part
        if progress:
            progress(len(found))
        if answer.sw == SW.END_OF_FILE:
            return bytes(found)
    if len(found) < length:
        raise DeviceError("chip.answer_malformed", Effect.NONE)
    return bytes(found)


def create_file(card: Sender, file: FileControl) -> None:
    """Make a file, filled with zeros, and make it current.

    Raises DeviceError "chip.file_exists" where there is one, "chip.no_space".
    """
    _done(card.send(Command(0x80, _CREATE, 0, 0, file.encode())), "CREATE FILE")


def update_binary(
    card: Sender, sfi: int, data: bytes, chunk: int, progress: Callable[[int], None] | None = None
) -> None:
    """Write a file from its first byte on, at most `chunk` bytes of command data at a time.

    `progress` hears how many bytes are written. After a failure the effect is NONE only where no part was written.
    """
    _check_sfi(sfi)
    at = 0
    while at < len(data):
        command, size = _update_command(sfi, at, data, chunk)
        try:
            _done(card.send(command), "UPDATE BINARY")
        except DeviceError as error:
            if at and error.effect is Effect.NONE:
                error.effect = Effect.UNKNOWN
            raise
        at += size
        if progress:
            progress(at)


def delete_file(card: Sender, fid: int) -> bool:
    """Delete a file; False where there was none."""
    answer = card.send(Command(0x80, _DELETE, 0, 0, fid.to_bytes(2)))
    if answer.sw == SW.NOT_FOUND:
        return False
    _done(answer, "DELETE FILE")
    return True


def activate(card: Sender, command: Command = ACTIVATE) -> None:
    """Lock the applet for ever."""
    _done(card.send(command), "ACTIVATE FILE")


def _read_command(sfi: int, at: int, wanted: int, chunk: int) -> Command:
    if at == 0:
        return Command(0x00, _READ, _BY_SFI | sfi, 0, le=wanted)
    if at <= _MOST_P1_P2:
        return Command(0x00, _READ, at >> 8, at & 0xFF, le=wanted)
    header = len(ber_tlv.encode(_DATA, bytes(wanted))) - wanted
    return Command(0x00, _READ_ODD, 0, 0, _offset(at), min(wanted + header, chunk))


def _read_part(answer: Response, at: int) -> bytes:
    if at <= _MOST_P1_P2 or not answer.data:
        return answer.data
    try:
        return ber_tlv.parse_one(answer.data, _DATA).value
    except TlvError:
        raise DeviceError("chip.answer_malformed", Effect.NONE) from None


def _update_command(sfi: int, at: int, data: bytes, chunk: int) -> tuple[Command, int]:
    """The command for the bytes at `at`, and how many it holds."""
    part = data[at : at + chunk]
    if at == 0:
        return Command(0x80, _UPDATE, _BY_SFI | sfi, 0, part), len(part)
    if at <= _MOST_P1_P2:
        return Command(0x80, _UPDATE, at >> 8, at & 0xFF, part), len(part)
    offset = _offset(at)
    header = len(offset) + len(ber_tlv.encode(_DATA, part)) - len(part)
    part = part[: max(0, chunk - header)]
    if not part:
        raise ValueError(f"{chunk} bytes of command data hold no part of so long a file")
    return Command(0x80, _UPDATE_ODD, 0, 0, offset + ber_tlv.encode(_DATA, part)), len(part)


def _offset(at: int) -> bytes:
    return ber_tlv.encode(_OFFSET, at.to_bytes(3).lstrip(b"\0"))


def _number(value: bytes, size: int) -> int:
    if len(value) != size:
        raise TlvError(f"a number of {size} bytes has {len(value)}")
    return int.from_bytes(value)


def _check_sfi(sfi: int) -> None:
    if not 1 <= sfi <= 30:
        raise ValueError("a short file identifier is 1 to 30")


def _done(answer: Response, step: str) -> None:
    if answer.sw != SW.OK:
        _refuse_file(answer.sw, step, effect_of(answer.sw))


def _refuse_file(sw: int, step: str, effect: Effect) -> NoReturn:
    if sw == SW.NOT_FOUND:
        raise DeviceError("chip.file_missing", effect, step=step)
    if sw == SW.FILE_EXISTS:
        raise DeviceError("chip.file_exists", effect)
    raise failure(sw, step, effect)
