"""What a queue's state means for a device's health: yes, no, or nobody knows (design.md 7).

A print system looks at a printer only while it prints. So an idle queue is a "yes" only if the printer itself was
asked just now; else it is "unknown", and old complaints are shown as what they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.devices.print_queue.jobs import PrintSystem, Queue, QueueState, Trouble

_SECONDS = 0.25
"""To connect, and again to answer; CUPS first, then the printer itself: health answers within a second."""
_NO = {"queue.unknown", "queue.system_off"}


def health_of(system: PrintSystem, name: str, words: Mapping[Trouble, str]) -> Health:
    """The health of the printer behind a queue; `words` are the codes of its complaints."""
    try:
        queue = system.queue(name, _SECONDS)
    except DeviceError as error:
        return Health(Answer.NO if error.code in _NO else Answer.UNKNOWN, (error.code,))
    readings = {"queue": queue.state.value}
    if queue.printed is not None:
        readings["counter"] = str(queue.printed)
    if shut := shut_by(queue):
        return Health(Answer.NO, (shut,), readings)
    complaints = tuple(sorted({words[trouble] for trouble in queue.troubles}))
    if not queue.live:
        return Health(Answer.UNKNOWN, (*complaints, "queue.no_live_status"), readings)
    return Health(Answer.NO if complaints else Answer.YES, complaints, readings)


def shut_by(queue: Queue) -> str | None:
    """The code of why the queue itself takes or sends nothing."""
    try:
        require_open(queue)
    except DeviceError as error:
        return error.code
    return None


def require_open(queue: Queue) -> None:
    """Refuse, with nothing sent, where a job would not be taken or would only wait."""
    if not queue.accepting:
        raise DeviceError("queue.not_accepting", Effect.NONE, queue=queue.name)
    if queue.state is QueueState.STOPPED:
        raise DeviceError("queue.paused", Effect.NONE, queue=queue.name)
