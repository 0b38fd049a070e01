"""Which code and which effect a failed command has: by how far the conversation had come, never by hope.

`Reach.NOTHING`  only questions, settings and bitmaps were sent: NONE.
`Reach.MOVED`    a command that may move a card was sent and not clearly refused: UNKNOWN.
`Reach.INKED`    the order to print was sent: UNKNOWN, whatever the printer says.
"""

from __future__ import annotations

from enum import IntEnum

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.card_printer.evolis.commands import DID_NOT_BEGIN, Command, Kind, Refusal
from ktpel_desktop.devices.usb_printer_link import Lost, NotOpened, Shut


class Reach(IntEnum):
    """How far a conversation has come."""

    NOTHING = 0
    MOVED = 1
    INKED = 2


def not_opened(error: NotOpened) -> DeviceError:
    """The error for a line that could not be opened: nothing was sent."""
    match error.why:
        case Shut.ABSENT:
            return DeviceError("printer.offline", Effect.NONE)
        case Shut.SEVERAL:
            return DeviceError("printer.several_found", Effect.NONE, count=error.count)
        case Shut.HELD:
            return DeviceError("printer.held_by_spooler", Effect.NONE)
        case Shut.FORBIDDEN:
            return DeviceError("printer.no_access", Effect.NONE)
        case Shut.NO_LIBRARY:
            return DeviceError("printer.no_usb_library", Effect.NONE)
        case Shut.NO_PRINTER:
            return DeviceError("printer.not_understood", Effect.NONE)


def did_not_begin(command: Command, refusal: Refusal) -> bool:
    """Whether a refused command certainly moved nothing. An order to print is never believed in this."""
    return command.kind is not Kind.PRINT and (command.kind is not Kind.MOVE or refusal in DID_NOT_BEGIN)


def refused(reach: Reach, command: Command, refusal: Refusal, *, printing: bool) -> DeviceError:
    """The error for a refusal. `reach` already counts this command, unless it certainly did not begin."""
    if reach is Reach.NOTHING:
        return _refused_before(command, refusal)
    if refusal is Refusal.COVER:
        return DeviceError("printer.door_open_mid_card", Effect.UNKNOWN)
    if refusal is Refusal.RIBBON:
        return DeviceError("printer.ribbon_out_mid_card", Effect.UNKNOWN)
    if refusal is Refusal.MECHANICAL:
        return _jam(reach)
    if refusal is Refusal.TIMEOUT:
        return lost(reach, Lost.TIMED_OUT, printing=printing)
    return DeviceError("printer.refused_mid_card", Effect.UNKNOWN, answer=refusal.value)


def lost(reach: Reach, how: Lost, *, printing: bool) -> DeviceError:
    """The error for a line that broke or fell silent. `printing`: the conversation is about a print."""
    if reach is Reach.NOTHING:
        if how is Lost.UNPLUGGED:
            return DeviceError("printer.offline", Effect.NONE)
        return DeviceError("printer.silent", Effect.NONE)
    if not printing:
        return DeviceError("printer.move_unclear", Effect.UNKNOWN)
    if reach is Reach.MOVED:
        return DeviceError("printer.lost_before_print", Effect.UNKNOWN)
    if how is Lost.UNPLUGGED:
        return DeviceError("printer.unplugged_mid_card", Effect.UNKNOWN)
    return DeviceError("printer.answer_lost", Effect.UNKNOWN)


def _jam(reach: Reach) -> DeviceError:
    if reach is Reach.INKED:
        return DeviceError("printer.jam", Effect.UNKNOWN)
    return DeviceError("printer.jam_in_transport", Effect.UNKNOWN)


def _refused_before(command: Command, refusal: Refusal) -> DeviceError:
    if refusal is Refusal.COVER:
        return DeviceError("printer.door_open", Effect.NONE)
    if refusal in {Refusal.FEEDER, Refusal.WAITING}:
        return DeviceError("printer.no_card", Effect.NONE)
    if refusal is Refusal.RIBBON:
        return DeviceError("printer.ribbon_out", Effect.NONE)
    if refusal is Refusal.MECHANICAL:
        return DeviceError("printer.still_jammed", Effect.NONE)
    return DeviceError("printer.refused", Effect.NONE, command=command.name, answer=refusal.value)
