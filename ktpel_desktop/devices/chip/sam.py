"""Keys from a SAM in a second slot: the reference command set (aplet-acuan.md, section 3).

The master keys and a card's static keys never leave the SAM: it checks the card's cryptogram and gives the session
keys, or nothing. A SAM locks after three wrong PINs, so a PIN it refused is never sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from ktpel_desktop.core import ber_tlv
from ktpel_desktop.core.ber_tlv import TlvError
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.devices.chip.apdu import Command, Response, Sender
from ktpel_desktop.devices.chip.connection import CardConnection
from ktpel_desktop.devices.chip.exchange import exchange
from ktpel_desktop.devices.chip.files import SERIAL, read_serial
from ktpel_desktop.devices.chip.keys import Handshake, OpenedKeys
from ktpel_desktop.devices.chip.scp03 import SessionKeys
from ktpel_desktop.devices.chip.status_words import SW, tries_left

AID = bytes.fromhex("F04B545053414D")
PIN_SIZES = range(6, 17)
_SELECT, _VERIFY, _OPEN_CHANNEL = 0xA4, 0x20, 0x10
_FCI, _AID = 0x6F, 0x84
_DIVERSIFICATION, _HOST, _CARD, _CRYPTOGRAM, _COUNTER, _APPLET = 0x80, 0x81, 0x82, 0x83, 0x84, 0x85
_S_ENC, _S_MAC, _S_RMAC, _HOST_CRYPTOGRAM = 0x80, 0x81, 0x82, 0x83


class SamKeys:
    """KeySource over a SAM. `open_sam` connects to it for one action.

    Errors have the effect NONE: nothing was written to the resident's card.
    """

    def __init__(
        self, open_sam: Callable[[], AbstractContextManager[CardConnection]], pin: str | bytes
    ) -> None:
        self._open_sam = open_sam
        self._pin = pin.encode() if isinstance(pin, str) else bytes(pin)
        if len(self._pin) not in PIN_SIZES:
            raise ValueError("the PIN of a SAM has 6 to 16 bytes")
        self._refused: int | str | None = None

    def __repr__(self) -> str:
        return "SamKeys()"

    def open(self, handshake: Handshake) -> OpenedKeys:
        """As KeySource.

        Raises DeviceError "chip.keys_wrong", "sam.unreachable", "sam.not_this_kind", "sam.pin_wrong", "sam.blocked",
        "sam.key_version_unknown", "sam.refused", "sam.answer_malformed".
        """
        self._check_pin_not_refused()
        with ExitStack() as stack:
            sam = self._reach(stack)
            self._verify(sam)
            answer = sam.send(_open_channel(handshake))
        return _read_keys(answer, handshake)

    def health(self) -> Health:
        """Whether a SAM of this kind answers; its PIN is not tried. Never raises."""
        try:
            self._check_pin_not_refused()
            with ExitStack() as stack:
                serial = _serial(self._reach(stack))
        except DeviceError as error:
            return Health(Answer.NO, (error.code,))
        return Health(Answer.YES, (), {"serial": serial})

    def _reach(self, stack: ExitStack) -> Sender:
        """The SAM, connected and selected."""
        try:
            connection = stack.enter_context(self._open_sam())
        except DeviceError as error:
            raise _unreachable(error) from error
        sam = _Told(exchange(connection))
        answer = sam.send(Command(0x00, _SELECT, 0x04, 0x00, AID, 256))
        if answer.sw != SW.OK or not _names_aid(answer.data):
            raise DeviceError("sam.not_this_kind", Effect.NONE)
        return sam

    def _verify(self, sam: Sender) -> None:
        sw = sam.send(Command(0x00, _VERIFY, 0x00, 0x01, self._pin)).sw
        if sw == SW.OK:
            return
        left = tries_left(sw)
        if sw == SW.BLOCKED or left == 0:
            self._refused = 0
        elif left is not None or sw == SW.AUTHENTICATION_FAILED:
            self._refused = "?" if left is None else left
        else:
            raise _refusal(sw, "VERIFY")
        self._check_pin_not_refused()

    def _check_pin_not_refused(self) -> None:
        if self._refused == 0:
            raise DeviceError("sam.blocked", Effect.NONE)
        if self._refused is not None:
            raise DeviceError("sam.pin_wrong", Effect.NONE, tries=self._refused)


class _Told:
    """Failures on the way to the SAM, told as the SAM's: the words of a card's failure would mislead."""

    def __init__(self, following: Sender) -> None:
        self._following = following

    def send(self, command: Command) -> Response:
        try:
            return self._following.send(command)
        except DeviceError as error:
            if error.code == "chip.answer_malformed":
                raise DeviceError("sam.answer_malformed", Effect.NONE) from error
            raise _unreachable(error) from error


def _unreachable(error: DeviceError) -> DeviceError:
    if error.code.startswith("sam."):
        return error
    return DeviceError("sam.unreachable", Effect.NONE, reason=error.code)


def _refusal(sw: int, step: str) -> DeviceError:
    return DeviceError("sam.refused", Effect.NONE, sw=f"{sw:04X}", step=step)


def _names_aid(data: bytes) -> bool:
    try:
        return ber_tlv.find_once(ber_tlv.parse_one(data, _FCI).children(), _AID) == AID
    except TlvError:
        return False


def _serial(sam: Sender) -> str:
    try:
        return read_serial(sam, SERIAL)
    except DeviceError as error:
        if error.code.startswith("sam."):
            raise
        raise DeviceError("sam.answer_malformed", Effect.NONE) from error


def _open_channel(handshake: Handshake) -> Command:
    parts = [
        (_DIVERSIFICATION, handshake.diversification),
        (_HOST, handshake.host_challenge),
        (_CARD, handshake.card_challenge),
        (_CRYPTOGRAM, handshake.card_cryptogram),
    ]
    if handshake.sequence_counter is not None:
        parts.append((_COUNTER, handshake.sequence_counter))
    parts.append((_APPLET, handshake.aid))
    data = b"".join(ber_tlv.encode(tag, value) for tag, value in parts)
    return Command(0x80, _OPEN_CHANNEL, handshake.key_version, 0, data, 256)


def _read_keys(answer: Response, handshake: Handshake) -> OpenedKeys:
    if answer.sw == SW.AUTHENTICATION_FAILED:
        raise DeviceError("chip.keys_wrong", Effect.NONE)
    if answer.sw == SW.REFERENCE_NOT_FOUND:
        raise DeviceError("sam.key_version_unknown", Effect.NONE, version=f"{handshake.key_version:02X}")
    if answer.sw != SW.OK:
        raise _refusal(answer.sw, "OPEN CHANNEL")
    try:
        return read_opened_keys(answer.data, len(handshake.host_challenge))
    except ValueError:
        raise DeviceError("sam.answer_malformed", Effect.NONE) from None


def read_opened_keys(data: bytes, cryptogram_size: int) -> OpenedKeys:
    """The answer to OPEN CHANNEL. Raises ValueError (TlvError among them)."""
    parts = ber_tlv.parse(data)
    enc, mac, rmac, cryptogram = (
        ber_tlv.find_once(parts, tag) for tag in (_S_ENC, _S_MAC, _S_RMAC, _HOST_CRYPTOGRAM)
    )
    if len(parts) != 4 or len(cryptogram) != cryptogram_size:
        raise ValueError("not the answer to OPEN CHANNEL")
    return OpenedKeys(SessionKeys(enc, mac, rmac), cryptogram)
