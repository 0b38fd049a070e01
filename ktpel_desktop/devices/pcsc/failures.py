"""Every number that PC/SC answers instead of success, as a DeviceError with an honest effect.

One number means different things before and after a command went out, so there are two tables. What the numbers
mean in practice was measured (virtual-reader.md 6, cards.md B3); their names are those of pcsc-lite's pcsclite.h
and of Microsoft's "Smart Card Return Values", and the small ones are Windows' system errors, which its PC/SC
passes on where a driver or the service fails.
"""

from __future__ import annotations

from ktpel_desktop.core.errors import DeviceError, Effect

SUCCESS = 0
CANCELLED = 0x80100002
INVALID_HANDLE = 0x80100003
NO_MEMORY = 0x80100006
WAITED_TOO_LONG = 0x80100007
UNKNOWN_READER = 0x80100009
TIMEOUT = 0x8010000A
SHARING_VIOLATION = 0x8010000B
NO_SMARTCARD = 0x8010000C
UNKNOWN_CARD = 0x8010000D
PROTO_MISMATCH = 0x8010000F
SYSTEM_CANCELLED = 0x80100012
COMM_ERROR = 0x80100013
INVALID_ATR = 0x80100015
NOT_TRANSACTED = 0x80100016
READER_UNAVAILABLE = 0x80100017
SHUTDOWN = 0x80100018
CARD_UNSUPPORTED = 0x8010001C
NO_SERVICE = 0x8010001D
SERVICE_STOPPED = 0x8010001E
NO_ACCESS = 0x80100027
NO_READERS = 0x8010002E
COMM_DATA_LOST = 0x8010002F
SERVER_TOO_BUSY = 0x80100031
UNSUPPORTED_CARD = 0x80100065
UNRESPONSIVE_CARD = 0x80100066
UNPOWERED_CARD = 0x80100067
RESET_CARD = 0x80100068
REMOVED_CARD = 0x80100069
SECURITY_VIOLATION = 0x8010006A

_NAME_UNKNOWN = frozenset({UNKNOWN_READER})
# ACCESS_DENIED 5 aside, Windows answers these where a reader was pulled out: INVALID_HANDLE 6, NOT_READY 21,
# BAD_COMMAND 22, DEV_NOT_EXIST 55, NO_SUCH_DEVICE 433, DEVICE_NOT_CONNECTED 1167, DEVICE_REMOVED 1617.
_READER_LOST = frozenset({READER_UNAVAILABLE, NO_READERS, 6, 21, 22, 55, 433, 1167, 1617})
# FILE_NOT_FOUND 2 is what an absent service's pipe gives; SERVICE_NOT_ACTIVE 1062, RPC_S_SERVER_UNAVAILABLE 1722.
_NO_SERVICE = frozenset({NO_SERVICE, 2, 1062, 1722})
# pcsc-lite answers COMM_ERROR (measured) and then INVALID_HANDLE for what was opened before its restart. Windows adds
# OPERATION_ABORTED 995, SHUTDOWN_IN_PROGRESS 1115, RPC_S_CALL_FAILED 1726.
_SERVICE_STOPPED = frozenset(
    {SERVICE_STOPPED, COMM_ERROR, INVALID_HANDLE, SYSTEM_CANCELLED, SHUTDOWN, 995, 1115, 1726}
)
_ACCESS_DENIED = frozenset({SECURITY_VIOLATION, NO_ACCESS, 5})
_TOO_MANY_USERS = frozenset({NO_MEMORY, SERVER_TOO_BUSY})
_READER_IN_USE = frozenset({SHARING_VIOLATION, 32, 170})  # Windows' SHARING_VIOLATION and BUSY
_NO_CARD = frozenset({NO_SMARTCARD, REMOVED_CARD, 1112})  # Windows' NO_MEDIA_IN_DRIVE
_CARD_RESET = frozenset({RESET_CARD, UNPOWERED_CARD})
_CARD_UNSUPPORTED = frozenset({UNSUPPORTED_CARD, CARD_UNSUPPORTED, UNKNOWN_CARD, PROTO_MISMATCH, INVALID_ATR})
# Windows adds CRC 23, GEN_FAILURE 31, SEM_TIMEOUT 121, IO_DEVICE 1117, TIMEOUT 1460.
_ANSWER_LOST = frozenset(
    {NOT_TRANSACTED, TIMEOUT, WAITED_TOO_LONG, COMM_DATA_LOST, UNRESPONSIVE_CARD, 23, 31, 121, 1117, 1460}
)


def unsigned(number: int) -> int:
    """The number as pcsclite.h writes it: Windows' pyscard answers the same one as a negative number."""
    return number & 0xFFFFFFFF


def written(number: int) -> str:
    """The number as manuals and search engines know it."""
    plain = unsigned(number)
    return f"0x{plain:08X}" if plain > 0xFFFF else str(plain)


def before_sending(number: int, reader: str = "") -> DeviceError:
    """A failure while nothing had been sent to the card: its effect is NONE."""
    plain = unsigned(number)
    if plain in _NO_CARD:
        return DeviceError("chip.no_card", Effect.NONE)
    if plain == UNRESPONSIVE_CARD:
        return DeviceError("chip.mute", Effect.NONE)
    if plain in _NAME_UNKNOWN:
        return DeviceError("pcsc.reader_unknown", Effect.NONE, reader=reader or "–")
    if plain in _READER_LOST:
        return DeviceError("chip.reader_gone", Effect.NONE, reader=reader)
    if plain in _NO_SERVICE:
        return DeviceError("pcsc.no_service", Effect.NONE)
    return _either(plain, Effect.NONE, reader)


def while_sending(number: int, reader: str = "") -> DeviceError:
    """SCardTransmit failed. Whatever the number, the card may have had the command: UNKNOWN."""
    plain = unsigned(number)
    if plain in _NO_CARD or plain == SUCCESS:
        # Success without a single byte is how a card that was lifted in mid-command looks (virtual-reader.md 6).
        return DeviceError("chip.pulled", Effect.UNKNOWN)
    if plain in _ANSWER_LOST:
        return DeviceError("chip.answer_lost", Effect.UNKNOWN)
    if plain in _READER_LOST or plain in _NAME_UNKNOWN:
        return DeviceError("pcsc.reader_lost", Effect.UNKNOWN, reader=reader)
    if plain in _NO_SERVICE:
        return DeviceError("pcsc.service_stopped", Effect.UNKNOWN)
    return _either(plain, Effect.UNKNOWN, reader)


def too_many_users() -> DeviceError:
    """The service runs and takes no further context: pcsc-lite has 200 for all programs together."""
    return DeviceError("pcsc.too_many_users", Effect.NONE)


def _either(plain: int, effect: Effect, reader: str) -> DeviceError:
    """What means the same before and after, and has words that are true for both."""
    if plain in _SERVICE_STOPPED:
        return DeviceError("pcsc.service_stopped", effect)
    if plain in _ACCESS_DENIED:
        return DeviceError("pcsc.access_denied", effect)
    if plain in _TOO_MANY_USERS:
        return DeviceError("pcsc.too_many_users", effect)
    if plain in _READER_IN_USE:
        return DeviceError("pcsc.reader_in_use", effect, reader=reader or "–")
    if plain in _CARD_RESET:
        return DeviceError("pcsc.card_reset", effect)
    if plain in _CARD_UNSUPPORTED:
        return DeviceError("pcsc.card_unsupported", effect)
    return DeviceError("pcsc.failed", effect, number=written(plain))
