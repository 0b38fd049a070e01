"""Following a job to its end, by script: which end, which effect, and what is left in the queue."""

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.print_queue.following import Delivered, End, deliver
from ktpel_desktop.devices.print_queue.jobs import Document, Format, Job, JobState
from tests.devices.printing.fake_system import SILENT, FakeSystem, Look, Time, job

S = JobState
DOCUMENT = Document(b"%PDF-", Format.PDF, "R-7-1")
WAITING, HELD = job(S.PENDING, False), job(S.HELD, False)
PRINTING, STOPPED = job(S.PROCESSING, True), job(S.STOPPED, True)
CANCELLED_BEFORE, CANCELLED_AFTER = job(S.CANCELLED, False), job(S.CANCELLED, True)
NOBODY_KNOWS = job(S.CANCELLED, None)
NOT_ALLOWED = DeviceError("queue.cancel_refused", Effect.NONE)


def follow(system: FakeSystem, **pace: float) -> Delivered:
    return deliver(system, "kartu", DOCUMENT, pace=Time().pace(**pace))


@pytest.mark.parametrize(
    ("looks", "cancelled", "end", "effect"),
    [
        # ended by itself or by somebody
        ([WAITING, PRINTING, S.COMPLETED], None, End.SENT, Effect.UNKNOWN),
        ([WAITING, CANCELLED_BEFORE], None, End.STOPPED, Effect.NONE),
        ([WAITING, CANCELLED_AFTER], None, End.STOPPED, Effect.UNKNOWN),
        ([PRINTING, CANCELLED_BEFORE], None, End.STOPPED, Effect.UNKNOWN),  # it was seen printing
        ([WAITING, NOBODY_KNOWS], None, End.STOPPED, Effect.UNKNOWN),
        ([PRINTING, job(S.ABORTED, True)], None, End.STOPPED, Effect.UNKNOWN),
        ([job(S.ABORTED, False)], None, End.STOPPED, Effect.NONE),
        ([PRINTING, S.GONE], None, End.GONE, Effect.UNKNOWN),
        ([S.GONE], None, End.GONE, Effect.UNKNOWN),
        # did not end: taken back
        ([WAITING], CANCELLED_BEFORE, End.GAVE_UP, Effect.NONE),
        ([WAITING], CANCELLED_AFTER, End.GAVE_UP, Effect.UNKNOWN),
        ([PRINTING], CANCELLED_AFTER, End.GAVE_UP, Effect.UNKNOWN),
        (
            [PRINTING, WAITING],
            CANCELLED_BEFORE,
            End.GAVE_UP,
            Effect.UNKNOWN,
        ),  # tried once, waits to try again
        ([WAITING], S.COMPLETED, End.SENT, Effect.UNKNOWN),  # it ended while it was being cancelled
        ([WAITING], S.GONE, End.GONE, Effect.UNKNOWN),
        ([WAITING], NOT_ALLOWED, End.STILL_QUEUED, Effect.UNKNOWN),
        ([PRINTING], PRINTING, End.STILL_QUEUED, Effect.UNKNOWN),
        ([WAITING], SILENT, End.STILL_QUEUED, Effect.UNKNOWN),
        # will not go on by itself
        ([HELD], CANCELLED_BEFORE, End.STOPPED, Effect.NONE),
        ([PRINTING, STOPPED], CANCELLED_AFTER, End.STOPPED, Effect.UNKNOWN),
        # silence
        ([WAITING, SILENT], None, End.LOST, Effect.UNKNOWN),
        ([SILENT], None, End.LOST, Effect.UNKNOWN),
        ([WAITING, SILENT, SILENT, S.COMPLETED], None, End.SENT, Effect.UNKNOWN),
    ],
)
def test_the_end_of_a_job_and_what_is_certain(
    looks: list[Look], cancelled: Look | None, end: End, effect: Effect
) -> None:
    system = FakeSystem(looks, cancelled)
    delivered = follow(system)
    assert (delivered.end, delivered.effect) == (end, effect)
    assert bool(system.cancels) == (cancelled is not None)
    assert bool(system.settles) == (end not in {End.LOST, End.STILL_QUEUED})


def test_a_held_job_is_given_up_soon_and_a_moment_of_holding_is_not() -> None:
    assert follow(FakeSystem([HELD, HELD, PRINTING, S.COMPLETED])).end is End.SENT
    time = Time()
    deliver(FakeSystem([HELD], CANCELLED_BEFORE), "kartu", DOCUMENT, pace=time.pace())
    assert time.now < 5


def test_patience_has_an_end() -> None:
    time = Time()
    deliver(FakeSystem([PRINTING], CANCELLED_AFTER), "kartu", DOCUMENT, pace=time.pace(patience=60))
    assert 60 <= time.now < 65


def test_what_was_not_accepted_is_refused_and_not_followed() -> None:
    system = FakeSystem(refusal=DeviceError("queue.refused", Effect.NONE, status=1))
    with pytest.raises(DeviceError) as refused:
        follow(system)
    assert (refused.value.code, refused.value.effect) == ("queue.refused", Effect.NONE)
    assert system.seen == 0


LOST = DeviceError("queue.answer_lost", Effect.UNKNOWN)


def test_a_job_that_was_accepted_although_its_answer_was_lost_is_found_and_followed() -> None:
    older = Job(40, "R-7-1", S.COMPLETED, True, mine=True)
    system = FakeSystem([WAITING], CANCELLED_BEFORE, refusal=LOST, accepts_all_the_same=True, history=[older])
    delivered = follow(system)
    assert (delivered.end, delivered.effect, system.cancels) == (End.GAVE_UP, Effect.NONE, [41])


@pytest.mark.parametrize(
    "other",
    [
        Job(39, "R-7-1", S.COMPLETED, True, mine=True),
        Job(50, "R-7-2", S.PENDING, False, mine=True),
        Job(50, "R-7-1", S.PENDING, False, mine=False),
    ],
)
def test_a_lost_answer_whose_job_is_not_found_stays_open(other: Job) -> None:
    class Late(FakeSystem):
        def submit(self, queue: str, document: Document) -> int:
            if other.number > 40:
                self.history.append(other)
            raise LOST

    with pytest.raises(DeviceError) as lost:
        follow(Late(history=[Job(40, "R-7-1", S.COMPLETED, True, mine=True)]))
    assert lost.value.effect is Effect.UNKNOWN


def test_each_new_state_is_told_once() -> None:
    told: list[JobState] = []
    system = FakeSystem([WAITING, WAITING, PRINTING, PRINTING, S.COMPLETED])
    deliver(system, "kartu", DOCUMENT, pace=Time().pace(), watch=lambda seen: told.append(seen.state))
    assert told == [S.PENDING, S.PROCESSING, S.COMPLETED]
