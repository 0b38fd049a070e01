"""Orders of events that nobody planned: faults, power cuts, wrong clicks and restarts in any sequence."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ktpel_desktop.core.errors import KtpelError
from ktpel_desktop.core.issuance import OPEN, TERMINAL, Job, JobState, PrintAnswer, SpoilReason
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.roles import Action
from ktpel_desktop.devices.simulator.faults import FAULTS
from ktpel_desktop.services import issuing, outbox, recovery, verifying
from ktpel_desktop.services.desk import Desk
from tests.services import printroom
from tests.services.honest import OPERATOR, HonestOperator, approval
from tests.services.power import Fuse, PowerCut, fused_desk
from tests.services.printroom import OTHER, REQUEST, CrashRoom

REQUESTS = st.sampled_from((REQUEST, OTHER))
BENCH_FAULTS = sorted(
    name
    for name, kind in FAULTS.items()
    if kind.device in ("chip", "card_printer") and name not in {"chip_slow", "printer_slow"}
)
LINE_FAULTS = ("offline", "lost_without_acting", "lost_after_acting", "arrives_twice", "refused")


class AnyOrder(RuleBasedStateMachine):
    """A print room with two requests, in which anything may be tried at any time."""

    template: Path

    @classmethod
    def morning(cls) -> Path:
        if not hasattr(cls, "template"):
            folder = Path(tempfile.mkdtemp(prefix="ktpel-orders-"))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            cls.template = printroom.template(folder, requests=2)
        return cls.template

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ktpel-order-"))
        self.room: CrashRoom = printroom.copy(self.morning(), self.folder)
        self.fuse = Fuse()
        self.seen: dict[str, JobState] = {}

    @property
    def desk(self) -> Desk:
        return fused_desk(self.room.desk, self.fuse)

    def attempt(self, act: object) -> None:
        """Whatever is tried, only an expected refusal or the power cut may come of it."""
        assert callable(act)
        try:
            act()
        except KtpelError:
            pass
        except PowerCut:
            self.fuse = Fuse()
            recovery.recover(self.room.desk, OPERATOR)

    def latest(self, request_id: str) -> Job | None:
        with self.room.desk.unit(OPERATOR) as unit:
            jobs = list(unit.jobs.of_request(request_id))
        return jobs[-1] if jobs else None

    @rule(name=st.sampled_from(BENCH_FAULTS), after=st.integers(0, 2), at=st.integers(0, 5))
    def script_a_fault(self, name: str, after: int, at: int) -> None:
        self.room.bench.faults.script(name, after=after, at=at)

    @rule(verb=st.sampled_from(("print_order", "deliver")), fault=st.sampled_from(LINE_FAULTS))
    def disturb_the_line(self, verb: str, fault: str) -> None:
        self.room.siak.faults[verb].append(fault)

    @rule(boundaries=st.integers(1, 12))
    def plan_a_power_cut(self, boundaries: int) -> None:
        self.fuse = Fuse(boundaries)

    @rule()
    def restart(self) -> None:
        self.attempt(lambda: recovery.recover(self.desk, OPERATOR))

    @rule(minutes=st.integers(1, 20))
    def let_time_pass(self, minutes: int) -> None:
        self.room.clock.advance(minutes)

    @rule(request_id=REQUESTS, steps=st.integers(1, 6))
    def do_what_the_screen_says(self, request_id: str, steps: int) -> None:
        for _ in range(steps):
            self.attempt(lambda: HonestOperator(self.room.bench).step(self.desk, request_id))

    @rule(request_id=REQUESTS, leave=st.booleans())
    def reserve(self, request_id: str, leave: bool) -> None:
        reprint = approval(Action.REPRINT, request_id) if leave else None
        self.attempt(lambda: verifying.claim(self.desk, OPERATOR, request_id))
        self.attempt(lambda: issuing.reserve(self.desk, OPERATOR, request_id, reprint=reprint))

    @rule(request_id=REQUESTS)
    def cancel(self, request_id: str) -> None:
        if job := self.latest(request_id):
            self.attempt(lambda: issuing.cancel(self.desk, OPERATOR, job.id))

    @rule(request_id=REQUESTS, whose=st.sampled_from(("own", "fresh", "any")))
    def encode(self, request_id: str, whose: str) -> None:
        job = self.latest(request_id)
        if job is None:
            return
        hands = HonestOperator(self.room.bench)
        if whose == "own" and job.chip_serial:
            self.attempt(lambda: hands._on_reader(job))
        elif whose == "fresh":
            self.attempt(hands._blank_on_reader)
        self.attempt(lambda: self._encode(job))

    def _encode(self, job: Job) -> None:
        order = issuing.order_for(self.desk, OPERATOR, job.id)
        issuing.encode(self.desk, OPERATOR, job.id, order, lambda share: None)

    @rule(request_id=REQUESTS)
    def print_it(self, request_id: str) -> None:
        job = self.latest(request_id)
        if job is None:
            return
        if job.state is JobState.ENCODED:
            HonestOperator(self.room.bench)._to_printer(job)
        self.attempt(
            lambda: issuing.print_card(
                self.desk, OPERATOR, job.id, issuing.order_for(self.desk, OPERATOR, job.id)
            )
        )

    @rule(request_id=REQUESTS)
    def answer_honestly(self, request_id: str) -> None:
        job = self.latest(request_id)
        if job is not None and job.state is JobState.PRINT_UNKNOWN:
            self.attempt(lambda: HonestOperator(self.room.bench)._answer(self.desk, job))

    @rule(request_id=REQUESTS)
    def read_back(self, request_id: str) -> None:
        job = self.latest(request_id)
        if job is not None and job.state is JobState.PRINTED:
            self.attempt(lambda: HonestOperator(self.room.bench)._check(self.desk, job))

    @rule(request_id=REQUESTS, answer=st.sampled_from(PrintAnswer))
    def answer_without_a_second_person(self, request_id: str, answer: PrintAnswer) -> None:
        """Out of place, or without the penyelia: must change nothing."""
        job = self.latest(request_id)
        if job is None or (
            job.state is JobState.PRINT_UNKNOWN
            and answer in (PrintAnswer.CARD_GOOD, PrintAnswer.CARD_SPOILED)
        ):
            return
        before = self.latest(request_id)
        self.attempt(lambda: issuing.answer_unknown(self.desk, OPERATOR, job.id, answer))
        after = self.latest(request_id)
        assert before is not None
        assert after is not None
        assert after.state is before.state or before.state is JobState.PRINTING

    @rule(request_id=REQUESTS)
    def withdraw_a_reported_card_alone(self, request_id: str) -> None:
        job = self.latest(request_id)
        if job is not None and job.state is JobState.REPORTING:
            self.attempt(lambda: issuing.spoil(self.desk, OPERATOR, job.id, SpoilReason.DAMAGED))
            after = self.latest(request_id)
            assert after is not None
            assert after.state is JobState.REPORTING

    @rule()
    def deliver(self) -> None:
        self.attempt(lambda: outbox.deliver(self.desk, OPERATOR))

    @invariant()
    def nothing_was_printed_twice(self) -> None:
        if hasattr(self, "room"):
            assert all(card.prints <= 1 for card in self.room.bench.cards)

    @invariant()
    def ended_jobs_stay_ended(self) -> None:
        if not hasattr(self, "room"):
            return
        with self.room.desk.unit(OPERATOR) as unit:
            for request_id in (REQUEST, OTHER):
                jobs = list(unit.jobs.of_request(request_id))
                assert sum(job.state in OPEN for job in jobs) <= 1
                assert sum(job.state is JobState.ISSUED for job in jobs) <= 1
                for job in jobs:
                    if self.seen.get(job.id) in TERMINAL:
                        assert job.state is self.seen[job.id]
                    self.seen[job.id] = job.state
            assert unit.stock.balance().left >= 0
        assert self.room.siak.health().ready is Answer.YES

    def teardown(self) -> None:
        if not hasattr(self, "room"):
            return
        try:
            self.room.bench.faults.clear()
            for faults in self.room.siak.faults.values():
                faults.clear()
            for request_id in (REQUEST, OTHER):
                HonestOperator(self.room.bench).issue(self.room.desk, request_id)
            self.room.assert_accounted(REQUEST, OTHER)
        finally:
            self.room.store.close()
            shutil.rmtree(self.folder)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=120, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
