"""A receipt printer behind the computer's print system: raw bytes past every filter, in CUPS and in Windows' spooler.

The job is followed to its end. One that does not end is taken out of the queue, so that no receipt prints by itself
later beside the one that the counter prints then.
"""

from __future__ import annotations

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Health
from ktpel_desktop.devices.print_queue.following import End, Pace, deliver
from ktpel_desktop.devices.print_queue.jobs import Document, Format, PrintSystem, Trouble
from ktpel_desktop.devices.print_queue.wellness import health_of, require_ready

TITLE = "Tanda terima"
"""What all see in the queue: nobody's name."""
_PATIENCE = Pace(patience=20.0)
"""An applicant stands at the counter."""


class QueueReceiptPrinter:
    """The receipt printer of one queue."""

    def __init__(self, system: PrintSystem, queue: str, *, pace: Pace = _PATIENCE) -> None:
        self._system = system
        self._queue = queue
        self._pace = pace

    def health(self) -> Health:
        return health_of(self._system, self._queue, _refusal)

    def send(self, data: bytes) -> None:
        require_ready(self._system.queue(self._queue), _refusal)
        delivered = deliver(self._system, self._queue, Document(data, Format.RAW, TITLE), pace=self._pace)
        if delivered.end is End.SENT:
            return
        if delivered.effect is Effect.NONE:
            raise DeviceError("receipt.not_sent", Effect.NONE)
        if delivered.end is End.STILL_QUEUED:
            raise DeviceError("receipt.still_queued", Effect.UNKNOWN)
        raise DeviceError("receipt.torn", Effect.UNKNOWN)


def _refusal(trouble: Trouble) -> DeviceError:
    match trouble:
        case Trouble.OFFLINE:
            return DeviceError("receipt.off", Effect.NONE)
        case Trouble.DOOR_OPEN:
            return DeviceError("receipt.cover_open", Effect.NONE)
        case Trouble.NO_MEDIA:
            return DeviceError("receipt.no_paper", Effect.NONE)
        case Trouble.SUPPLY_OUT | Trouble.JAM | Trouble.OTHER:
            return DeviceError("receipt.needs_help", Effect.NONE)
