"""The spooler's card printer: the contract where the printer counts, honesty where it does not."""

from dataclasses import replace

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.issuance import JobState as CardJob
from ktpel_desktop.core.issuance import after_print
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.card_printer.spooler import SpoolerCardPrinter
from ktpel_desktop.devices.print_queue.jobs import Format, Job, JobState, Queue, QueueState, Size, Trouble
from tests.devices import contract
from tests.devices.contract import PrinterContract
from tests.devices.printing.faces import face
from tests.devices.printing.fake_system import CARD_QUEUE, SILENT, FakeSystem, Look, Time, job

S, T = JobState, Trouble
FACE = face()
COUNTING = replace(CARD_QUEUE, live=True, printed=1000)
PRINTING = job(S.PROCESSING, True)


def printer(system: FakeSystem) -> SpoolerCardPrinter:
    return SpoolerCardPrinter(system, "kartu", pace=Time().pace())


class CountingRig:
    """A queue whose printer is asked itself: it counts, and says when it has no card."""

    def __init__(self) -> None:
        self.system = FakeSystem(known=replace(COUNTING, troubles=frozenset({T.NO_MEDIA})), at_end=self._out)
        self.printer = printer(self.system)
        self._fed: list[str] = []
        self._put_out: list[str] = []

    def feed(self) -> str:
        self._fed.append(f"kartu-{len(self._fed)}")
        self.system.known = replace(self.system.known, troubles=frozenset())
        return self._fed[-1]

    def is_out(self, serial: str) -> bool:
        return serial in self._put_out

    def _out(self) -> None:
        self._put_out.append(self._fed.pop())
        self.system.known = replace(self.system.known, printed=(self.system.known.printed or 0) + 1)


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> CountingRig:
    monkeypatch.setattr(contract, "FACE", FACE)  # this driver opens the pictures
    return CountingRig()


class TestCountingSpoolerPrinter(PrinterContract):
    """The whole contract of a card printer."""


# ------------------------------------------------------------------ without a counter


def refusal(system: FakeSystem) -> DeviceError:
    with pytest.raises(DeviceError) as raised:
        printer(system).print_card(FACE, "R-7-1")
    return raised.value


def test_a_completed_job_is_not_a_printed_card() -> None:
    system = FakeSystem()
    error = refusal(system)
    assert (error.code, error.effect) == ("printer.look_at_card", Effect.UNKNOWN)
    assert after_print(error.effect) is CardJob.PRINT_UNKNOWN
    (document,) = system.submitted
    assert (document.title, document.size, document.dpi) == ("R-7-1", Size(5398, 8560), 300)
    assert document.strict
    assert document.data.startswith(b"%PDF-")


def test_a_system_that_paints_gets_the_picture() -> None:
    system = FakeSystem(exact=Format.PNG)
    refusal(system)
    assert system.submitted[0].data.startswith(b"\x89PNG")


ENDS = [
    ([job(S.CANCELLED, False)], None, "printer.not_sent", Effect.NONE),
    ([job(S.CANCELLED, True)], None, "printer.job_stopped", Effect.UNKNOWN),
    ([job(S.ABORTED, True)], None, "printer.job_stopped", Effect.UNKNOWN),
    ([replace(job(S.ABORTED, True), troubles=frozenset({T.JAM}))], None, "printer.jam", Effect.UNKNOWN),
    ([job(S.HELD, False)], job(S.CANCELLED, False), "printer.not_sent", Effect.NONE),
    ([job(S.PENDING, False)], job(S.CANCELLED, False), "printer.not_sent", Effect.NONE),
    ([PRINTING], job(S.CANCELLED, True), "printer.job_stopped", Effect.UNKNOWN),
    ([PRINTING], SILENT, "printer.still_queued", Effect.UNKNOWN),
    ([PRINTING, S.GONE], None, "printer.look_at_card", Effect.UNKNOWN),
    ([PRINTING, SILENT], None, "printer.answer_lost", Effect.UNKNOWN),
]


@pytest.mark.parametrize(("looks", "cancelled", "code", "effect"), ENDS)
def test_every_end_has_its_words_and_its_effect(
    looks: list[Look], cancelled: Look | None, code: str, effect: Effect
) -> None:
    error = refusal(FakeSystem(looks, cancelled))
    assert (error.code, error.effect) == (code, effect)


@pytest.mark.parametrize("looks", [[S.COMPLETED], [PRINTING, S.GONE]])
def test_the_counter_alone_turns_an_end_into_done(looks: list[Look]) -> None:
    """Without a count, nothing that the print system says makes `print_card` return."""
    for known in (CARD_QUEUE, replace(CARD_QUEUE, live=True)):
        assert refusal(FakeSystem(looks, known=known)).effect is Effect.UNKNOWN


# ------------------------------------------------------------------ with a counter


def counted(after: Queue) -> FakeSystem:
    system = FakeSystem(known=COUNTING)

    def end() -> None:
        system.known = after

    system.at_end = end
    return system


@pytest.mark.parametrize(
    ("after", "code"),
    [
        (COUNTING, "printer.counter_odd"),
        (replace(COUNTING, printed=1002), "printer.counter_odd"),
        (replace(COUNTING, printed=3), "printer.counter_odd"),
        (replace(COUNTING, printed=None, live=False), "printer.answer_lost"),
        (replace(COUNTING, printed=1001, troubles=frozenset({T.JAM})), "printer.jam"),
        (replace(COUNTING, printed=1001, troubles=frozenset({T.OTHER})), "printer.card_stuck"),
        (replace(COUNTING, printed=1001, state=QueueState.PROCESSING), "printer.card_stuck"),
        (replace(COUNTING, name="lain"), "printer.answer_lost"),
    ],
)
def test_a_count_that_is_not_one_more_is_for_the_person(after: Queue, code: str) -> None:
    error = refusal(counted(after))
    assert (error.code, error.effect) == (code, Effect.UNKNOWN)


@pytest.mark.parametrize("troubles", [frozenset(), frozenset({T.NO_MEDIA})])
def test_one_more_and_no_complaint_is_done(troubles: frozenset[Trouble]) -> None:
    """An empty feeder afterwards is none: the card came out of it."""
    printer(counted(replace(COUNTING, printed=1001, troubles=troubles))).print_card(FACE, "R-7-1")


# ------------------------------------------------------------------ before anything is sent


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (replace(CARD_QUEUE, accepting=False), "queue.not_accepting"),
        (replace(CARD_QUEUE, state=QueueState.STOPPED), "queue.paused"),
        (replace(CARD_QUEUE, name="lain"), "queue.unknown"),
        (replace(CARD_QUEUE, media=(Size(21000, 29700),)), "printer.no_card_size"),
        (replace(COUNTING, troubles=frozenset({T.OFFLINE})), "printer.offline"),
        (replace(COUNTING, troubles=frozenset({T.DOOR_OPEN})), "printer.door_open"),
        (replace(COUNTING, troubles=frozenset({T.SUPPLY_OUT})), "printer.ribbon_out"),
        (replace(COUNTING, troubles=frozenset({T.NO_MEDIA})), "printer.no_card"),
        (replace(COUNTING, troubles=frozenset({T.JAM})), "printer.needs_help"),
    ],
)
def test_what_would_only_wait_is_not_sent(known: Queue, code: str) -> None:
    system = FakeSystem(known=known)
    error = refusal(system)
    assert (error.code, error.effect, system.submitted) == (code, Effect.NONE, [])


def test_an_old_complaint_of_a_queue_does_not_lock_it_for_ever() -> None:
    known = replace(CARD_QUEUE, troubles=frozenset({T.NO_MEDIA}))
    assert refusal(FakeSystem(known=known)).code == "printer.look_at_card"


WAITING = Job(7, "R-6-1", S.PENDING, False, mine=True)


def test_what_a_crash_left_waiting_is_taken_out_before_the_next_card() -> None:
    """It would print on this job's blank."""
    system = FakeSystem(
        history=[WAITING, Job(8, "R-6-2", S.COMPLETED, True, mine=True)], cancelled=S.CANCELLED
    )
    assert refusal(system).code == "printer.look_at_card"
    assert system.cancels == [7]
    assert system.history[0].state is S.CANCELLED
    assert system.settles == [7, 8, 9]  # a print system need not keep anything of them


@pytest.mark.parametrize(
    "shut",
    [replace(CARD_QUEUE, state=QueueState.STOPPED), replace(COUNTING, troubles=frozenset({T.OFFLINE}))],
)
def test_a_queue_that_is_refused_is_emptied_all_the_same(shut: Queue) -> None:
    """The person is told to open it again, and what waits would print at that moment on whatever card lies there."""
    system = FakeSystem(known=shut, history=[WAITING], cancelled=S.CANCELLED)
    error = refusal(system)
    assert (error.effect, system.submitted, system.cancels) == (Effect.NONE, [], [7])


@pytest.mark.parametrize("state", [S.PROCESSING, S.STOPPED, S.PENDING])
@pytest.mark.parametrize("end", [S.CANCELLED, S.COMPLETED])
def test_what_the_printer_had_begun_is_stopped_and_for_the_persons_eye(
    state: JobState, end: JobState
) -> None:
    """It may have printed on the very card that is in the printer now."""
    system = FakeSystem(history=[replace(WAITING, state=state, started=True)], cancelled=end)
    error = refusal(system)
    assert (error.code, error.effect, system.submitted) == ("printer.leftover_stopped", Effect.UNKNOWN, [])
    assert refusal(system).code == "printer.look_at_card"  # the queue is empty now


@pytest.mark.parametrize(
    ("left", "cancelled"),
    [
        (replace(WAITING, mine=False), S.CANCELLED),
        (WAITING, DeviceError("queue.cancel_refused", Effect.NONE)),
        (WAITING, S.PENDING),
        (replace(WAITING, state=S.PROCESSING, started=True), S.PROCESSING),
    ],
)
def test_a_queue_that_does_not_become_empty_takes_no_card(left: Job, cancelled: Look) -> None:
    system = FakeSystem(history=[left], cancelled=cancelled)
    error = refusal(system)
    assert (error.code, error.effect, system.submitted) == ("printer.queue_busy", Effect.NONE, [])


# ------------------------------------------------------------------ marker, health


def test_the_marker_is_the_printers_count_or_the_newest_job() -> None:
    assert printer(FakeSystem(known=COUNTING)).marker() == 1000
    assert printer(FakeSystem()).marker() == 0
    system = FakeSystem(history=[WAITING, replace(WAITING, number=12)])
    assert printer(system).marker() == 12


@pytest.mark.parametrize(
    ("known", "ready", "notes"),
    [
        (CARD_QUEUE, Answer.UNKNOWN, ("queue.no_live_status",)),
        (
            replace(CARD_QUEUE, troubles=frozenset({T.NO_MEDIA})),
            Answer.UNKNOWN,
            ("printer.no_card", "queue.no_live_status"),
        ),
        (COUNTING, Answer.YES, ()),
        (replace(COUNTING, troubles=frozenset({T.DOOR_OPEN})), Answer.NO, ("printer.door_open",)),
        (replace(COUNTING, state=QueueState.STOPPED), Answer.NO, ("queue.paused",)),
        (replace(COUNTING, accepting=False), Answer.NO, ("queue.not_accepting",)),
        (replace(COUNTING, name="lain"), Answer.NO, ("queue.unknown",)),
    ],
)
def test_health_is_yes_only_where_the_printer_itself_said_so(
    known: Queue, ready: Answer, notes: tuple[str, ...]
) -> None:
    health = printer(FakeSystem(known=known)).health()
    assert (health.ready, health.notes) == (ready, notes)


def test_health_never_raises() -> None:
    class Silent(FakeSystem):
        def queue(self, name: str, seconds: float = 5.0) -> Queue:
            raise SILENT

    assert printer(Silent()).health().ready is Answer.UNKNOWN
