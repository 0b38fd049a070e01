"""A card printer behind the computer's print system: HID Fargo class and every other that brings a driver.

The spooler's "completed" means that the bytes were sent (cards.md B4). Where the printer itself counts, one more and
no complaint is *done*; where it does not, a completed job ends as "printer.look_at_card" with effect UNKNOWN, and the
state machine asks the person who holds the card. Nothing in this module returns from `print_card` without a count.

The queue belongs to this program. What a crash left in it is taken out before the next card, since it would print on
the wrong blank. Had the printer begun it, a person looks at the card first; what cannot be taken out, or is not ours,
stops the next card.
"""

from __future__ import annotations

from collections.abc import Callable

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import CardFace, Health, PrintStage, unheard
from ktpel_desktop.devices.card_printer.card_page import card_medium, card_page
from ktpel_desktop.devices.print_queue.following import Delivered, End, Pace, Watch, deliver, take_back
from ktpel_desktop.devices.print_queue.jobs import (
    FINAL,
    Document,
    Job,
    JobState,
    PrintSystem,
    QueueState,
    Trouble,
)
from ktpel_desktop.devices.print_queue.wellness import health_of, require_ready


class SpoolerCardPrinter:
    """The card printer of one queue."""

    def __init__(self, system: PrintSystem, queue: str, *, pace: Pace | None = None) -> None:
        self._system = system
        self._queue = queue
        self._pace = pace or Pace()

    def health(self) -> Health:
        return health_of(self._system, self._queue, _refusal)

    def marker(self) -> int:
        """The printer's own count; without one the number of the queue's newest job, by which a person can find it.

        Both only ever grow on CUPS; Windows numbers anew after a restart of its spooler.
        """
        queue = self._system.queue(self._queue)
        if queue.printed is not None:
            return queue.printed
        return max((job.number for job in self._system.jobs(self._queue)), default=0)

    def print_card(self, face: CardFace, tag: str, told: Callable[[PrintStage], None] = unheard) -> None:
        """Print one card. Returns only where the printer's own counter went up by exactly one."""
        queue = self._system.queue(self._queue)
        if self.clear_queue():  # perhaps on the very card that lies in the printer now
            raise DeviceError("printer.leftover_stopped", Effect.UNKNOWN, tag=tag)
        require_ready(
            queue, _refusal
        )  # not before: whoever opens the queue again must not set off what waited
        medium = card_medium(queue)
        form = self._system.exact
        page = card_page(face, medium, form)
        document = Document(page, form, tag, medium, face.dpi, strict=True)
        told(PrintStage.SENDING)
        watch = _stages(told)
        _judge(deliver(self._system, self._queue, document, pace=self._pace, watch=watch), tag)
        if queue.printed is None:
            raise DeviceError("printer.look_at_card", Effect.UNKNOWN, tag=tag)
        told(PrintStage.COUNTING)
        self._require_counted(queue.printed, tag)

    def clear_queue(self) -> bool:
        """Take out what is left of ours from before; whether the printer may have begun any of it.

        Also for a recovery at start, before a person answers what became of a card: what waits may print at any time.
        Raises DeviceError "printer.queue_busy", NONE, where the queue does not become empty.
        """
        begun = False
        for job in self._system.jobs(self._queue):
            if job.state not in FINAL:
                if not job.mine:
                    raise DeviceError("printer.queue_busy", Effect.NONE, job=job.number)
                taken = take_back(self._system, self._queue, job, self._pace)
                if taken.end is End.STILL_QUEUED:
                    raise DeviceError("printer.queue_busy", Effect.NONE, job=job.number)
                begun = begun or taken.effect is not Effect.NONE
            if job.mine:
                self._system.settled(self._queue, job.number)
        return begun

    def _require_counted(self, before: int, tag: str) -> None:
        """The printer's count after the job; it may follow the job's end by a moment.

        An empty feeder is no complaint by then: the card came out of it.
        """
        end = self._pace.monotonic() + self._pace.cancelling
        while True:
            try:
                queue = self._system.queue(self._queue)
            except DeviceError as error:
                raise DeviceError("printer.answer_lost", Effect.UNKNOWN, tag=tag) from error
            troubles = queue.troubles - {Trouble.NO_MEDIA}
            if queue.printed == before + 1 and queue.state is QueueState.IDLE and not troubles:
                return
            if self._pace.monotonic() >= end or (queue.printed or before) > before + 1:
                break
            self._pace.sleep(self._pace.look)
        if queue.printed is None:
            raise DeviceError("printer.answer_lost", Effect.UNKNOWN, tag=tag)
        if Trouble.JAM in troubles:
            raise DeviceError("printer.jam", Effect.UNKNOWN, tag=tag)
        if queue.printed == before + 1:
            raise DeviceError("printer.card_stuck", Effect.UNKNOWN, tag=tag)
        raise DeviceError("printer.counter_odd", Effect.UNKNOWN, tag=tag)


def _stages(told: Callable[[PrintStage], None]) -> Watch:
    """What the states of the job mean for who follows the print."""

    def seen(job: Job) -> None:
        if job.state in {JobState.PENDING, JobState.HELD, JobState.STOPPED}:
            told(PrintStage.WAITING)
        elif job.state not in FINAL:
            told(PrintStage.PRINTING)

    return seen


def _refusal(trouble: Trouble) -> DeviceError:
    """A complaint of the printer in this driver's words: nothing was sent."""
    match trouble:
        case Trouble.OFFLINE:
            return DeviceError("printer.offline", Effect.NONE)
        case Trouble.DOOR_OPEN:
            return DeviceError("printer.door_open", Effect.NONE)
        case Trouble.NO_MEDIA:
            return DeviceError("printer.no_card", Effect.NONE)
        case Trouble.SUPPLY_OUT:
            return DeviceError("printer.ribbon_out", Effect.NONE)
        case Trouble.JAM | Trouble.OTHER:
            return DeviceError("printer.needs_help", Effect.NONE)


def _judge(delivered: Delivered, tag: str) -> None:
    """Every end of a job but "sent" is an error with what is certain of it."""
    number = delivered.job.number
    if delivered.end is End.SENT:
        return
    if delivered.effect is Effect.NONE:
        raise DeviceError("printer.not_sent", Effect.NONE, job=number, state=delivered.job.state)
    if delivered.end is End.STILL_QUEUED:
        raise DeviceError("printer.still_queued", Effect.UNKNOWN, tag=tag, job=number)
    if delivered.end in {End.STOPPED, End.GAVE_UP}:
        if Trouble.JAM in delivered.job.troubles:
            raise DeviceError("printer.jam", Effect.UNKNOWN, tag=tag, job=number)
        raise DeviceError("printer.job_stopped", Effect.UNKNOWN, tag=tag, job=number)
    if delivered.end is End.GONE:
        raise DeviceError("printer.look_at_card", Effect.UNKNOWN, tag=tag, job=number)
    raise DeviceError("printer.answer_lost", Effect.UNKNOWN, tag=tag, job=number)
