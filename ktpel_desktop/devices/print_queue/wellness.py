"""What a queue's state means for a device: its health, yes, no, or nobody knows (design.md 7), and what is not sent.

A print system looks at a printer only while it prints. So an idle queue is a "yes" only if the printer itself was
asked just now; else it is "unknown", and old complaints are shown as what they are.
"""

from __future__ import annotations

from collections.abc import Callable

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.devices.print_queue.jobs import PrintSystem, Queue, QueueState, Trouble

Refusal = Callable[[Trouble], DeviceError]
"""How a driver says a complaint, effect NONE; its code is the health's note too."""
_SECONDS = 0.25
"""To connect, and again to answer; CUPS first, then the printer itself: health answers within a second."""
_NO = {"queue.unknown", "queue.system_off"}


def health_of(system: PrintSystem, name: str, refusal: Refusal) -> Health:
    """The health of the printer behind a queue."""
    try:
        queue = system.queue(name, _SECONDS)
    except DeviceError as error:
        return Health(Answer.NO if error.code in _NO else Answer.UNKNOWN, (error.code,))
    readings = {"queue": queue.state.value}
    if queue.printed is not None:
        readings["counter"] = str(queue.printed)
    try:
        _require_open(queue)
    except DeviceError as error:
        return Health(Answer.NO, (error.code,), readings)
    complaints = tuple(sorted({refusal(trouble).code for trouble in queue.troubles}))
    if not queue.live:
        return Health(Answer.UNKNOWN, (*complaints, "queue.no_live_status"), readings)
    return Health(Answer.NO if complaints else Answer.YES, complaints, readings)


def require_ready(queue: Queue, refusal: Refusal) -> None:
    """Refuse, with nothing sent, where a job would not be taken or would only wait.

    Complaints count only if the printer itself was asked just now: else they are what the last job met, and no next
    job could ever clear them.
    """
    _require_open(queue)
    for trouble in Trouble:
        if queue.live and trouble in queue.troubles:
            raise refusal(trouble)


def _require_open(queue: Queue) -> None:
    """Refuse where the queue itself takes or sends nothing."""
    if not queue.accepting:
        raise DeviceError("queue.not_accepting", Effect.NONE, queue=queue.name)
    if queue.state is QueueState.STOPPED:
        raise DeviceError("queue.paused", Effect.NONE, queue=queue.name)
