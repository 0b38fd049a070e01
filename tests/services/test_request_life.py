"""Any order of service calls, lawful or not: what is refused changes nothing, what is done holds together."""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from ktpel_desktop.core.audit import check_chain
from ktpel_desktop.core.errors import GatewayError, PolicyError
from ktpel_desktop.core.records import RequestFilter
from ktpel_desktop.core.request import TRANSITIONS, Request, RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.stock import PhysicalCount
from ktpel_desktop.services import handing_over, intake, queries, reports, shifts, stock, verifying
from tests.services import office
from tests.services.office import AGUS, BUDI, KK, NAME, NIK, RATNA, SARI, World, approved, nik
from tests.services.test_handing_over import HIMSELF

EVERYBODY = st.sampled_from(office.PEOPLE)
MOSTLY_BUDI = st.sampled_from([BUDI, BUDI, BUDI, BUDI, AGUS, RATNA, SARI])
MOSTLY_SARI = st.sampled_from([SARI, SARI, SARI, BUDI])


class RequestLife(RuleBasedStateMachine):
    """Three residents, two services, everybody of the office at every button."""

    template: Path
    requests = Bundle("requests")

    @initialize()
    def begin(self) -> None:
        if not hasattr(RequestLife, "template"):
            folder = Path(tempfile.mkdtemp(prefix="ktpel-life-"))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            RequestLife.template = office.template(folder)
        self.folder = tempfile.TemporaryDirectory(prefix="ktpel-life-")
        self.world: World = office.copy(self.template, Path(self.folder.name))
        self.world.open_day()

    def teardown(self) -> None:
        self.world.store.close()
        self.folder.cleanup()

    def attempt(self, act: Callable[[], object]) -> None:
        """What is refused has not moved anything."""
        before = self.snapshot()
        try:
            act()
        except (PolicyError, GatewayError) as error:
            told = str(error)
            assert not any(secret in told for secret in (NAME, NIK.reveal(), KK.reveal()))
            assert self.snapshot() == before

    def snapshot(self) -> list[Request]:
        with self.world.desk.unit(BUDI) as unit:
            return list(unit.requests.find(RequestFilter(), limit=1000))

    @rule(
        target=requests,
        actor=MOSTLY_SARI,
        resident=st.integers(0, 2),
        service=st.sampled_from(["KTP-RUSAK", "PINDAH"]),
        whole=st.booleans(),
    )
    def accept(self, actor: Actor, resident: int, service: str, whole: bool) -> str:
        application = self.world.application(service, nik(resident))
        if not whole:
            application = replace(application, documents=frozenset())
        made: list[Request] = []
        self.attempt(lambda: made.append(intake.accept(self.world.desk, actor, application)))
        return made[0].id if made else "none"

    @rule(actor=MOSTLY_SARI, request=requests, receiver=st.sampled_from(["budi", "sari"]))
    def hand_to_operator(self, actor: Actor, request: str, receiver: str) -> None:
        self.attempt(lambda: intake.hand_to_operator(self.world.desk, actor, [request], receiver))

    @rule(actor=MOSTLY_BUDI, request=requests)
    def claim(self, actor: Actor, request: str) -> None:
        self.attempt(lambda: verifying.claim(self.world.desk, actor, request))

    @rule(actor=MOSTLY_BUDI, request=requests, leave=st.booleans())
    def release(self, actor: Actor, request: str, leave: bool) -> None:
        approval = approved(Action.RELEASE_CLAIM, request, actor) if leave else None
        self.attempt(lambda: verifying.release(self.world.desk, actor, request, approval))

    @rule(enrolment=st.sampled_from(["CARD_ISSUED", "SENT_FOR_ENROLLMENT"]), down=st.booleans())
    def siak_changes(self, enrolment: str, down: bool) -> None:
        self.world.siak.enrolment, self.world.siak.down = enrolment, down

    @rule(actor=MOSTLY_BUDI, request=requests)
    def look_up(self, actor: Actor, request: str) -> None:
        self.attempt(lambda: verifying.look_up(self.world.desk, actor, request))

    @rule(actor=MOSTLY_BUDI, request=requests)
    def claim_look_up_and_decide(self, actor: Actor, request: str) -> None:
        self.attempt(lambda: verifying.claim(self.world.desk, actor, request))
        self.attempt(lambda: verifying.look_up(self.world.desk, actor, request))
        self.attempt(lambda: verifying.decide_complete(self.world.desk, actor, request))

    @rule(actor=MOSTLY_BUDI, request=requests)
    def decide_complete(self, actor: Actor, request: str) -> None:
        self.attempt(lambda: verifying.decide_complete(self.world.desk, actor, request))

    @rule(actor=MOSTLY_BUDI, request=requests)
    def decide_incomplete(self, actor: Actor, request: str) -> None:
        self.attempt(lambda: verifying.decide_incomplete(self.world.desk, actor, request, ["form_unsigned"]))

    @rule(
        actor=MOSTLY_BUDI,
        request=requests,
        reason=st.sampled_from(["siak_offline", "no_blank", "besok"]),
    )
    def decide_wait(self, actor: Actor, request: str, reason: str) -> None:
        self.attempt(lambda: verifying.decide_wait(self.world.desk, actor, request, reason))

    @rule(actor=MOSTLY_BUDI, request=requests)
    def decide_reject(self, actor: Actor, request: str) -> None:
        self.attempt(lambda: verifying.decide_reject(self.world.desk, actor, request, ["deceased"]))

    @rule(actor=MOSTLY_BUDI, request=requests)
    def recheck(self, actor: Actor, request: str) -> None:
        self.attempt(lambda: verifying.recheck(self.world.desk, actor, request))

    @rule(actor=MOSTLY_BUDI, request=requests)
    def blanks_arrived(self, actor: Actor, request: str) -> None:
        self.attempt(lambda: verifying.blanks_arrived(self.world.desk, actor, request))

    @rule(actor=MOSTLY_BUDI, quantity=st.sampled_from([20, 1]))
    def blanks_go_back(self, actor: Actor, quantity: int) -> None:
        self.attempt(lambda: stock.give_back(self.world.desk, actor, quantity, "BAST-1"))

    @rule(actor=MOSTLY_BUDI)
    def blanks_come(self, actor: Actor) -> None:
        self.attempt(lambda: stock.receive(self.world.desk, actor, 2, "BAST-2"))

    @rule(actor=MOSTLY_BUDI, request=requests)
    def make_document(self, actor: Actor, request: str) -> None:
        self.attempt(lambda: verifying.make_document(self.world.desk, actor, request, "REG-1"))

    @rule(actor=MOSTLY_BUDI, request=requests)
    def hand_to_counter(self, actor: Actor, request: str) -> None:
        self.attempt(lambda: handing_over.hand_to_counter(self.world.desk, actor, [request], "sari"))

    @rule(actor=MOSTLY_SARI, request=requests)
    def hand_over(self, actor: Actor, request: str) -> None:
        self.attempt(lambda: handing_over.hand_over(self.world.desk, actor, request, HIMSELF))

    @rule(actor=MOSTLY_SARI, request=requests)
    def complete(self, actor: Actor, request: str) -> None:
        self.attempt(lambda: intake.complete(self.world.desk, actor, request, ["KTP-RUSAK", "KK-SALINAN"]))

    @rule(actor=MOSTLY_SARI, request=requests)
    def withdraw(self, actor: Actor, request: str) -> None:
        self.attempt(lambda: intake.withdraw(self.world.desk, actor, request, "changed_mind"))

    @rule(actor=MOSTLY_BUDI, request=requests, reason=st.sampled_from(["damaged", "not_fetched"]))
    def withdraw_result(self, actor: Actor, request: str, reason: str) -> None:
        leave = approved(Action.DESTROY_SPOILED, request, actor, RATNA if actor is not RATNA else AGUS)
        self.attempt(
            lambda: handing_over.withdraw_result(self.world.desk, actor, request, reason, leave),
        )

    @rule(actor=EVERYBODY)
    def sign(self, actor: Actor) -> None:
        self.attempt(lambda: reports.sign(self.world.desk, actor))

    @rule(minutes=st.sampled_from([1, 29, 31]))
    def time_passes(self, minutes: int) -> None:
        self.world.clock.advance(minutes)

    @rule(actor=EVERYBODY)
    def day_ends_and_begins(self, actor: Actor) -> None:
        with self.world.desk.unit(BUDI) as unit:
            left = unit.stock.balance().left
        count = PhysicalCount(left, left, left)
        self.attempt(lambda: shifts.close(self.world.desk, actor, count, second_counter="dian"))
        self.attempt(lambda: shifts.open_shift(self.world.desk, actor))

    @invariant()
    def states_are_those_of_the_history(self) -> None:
        for request in self.snapshot():
            view = queries.request_view(self.world.desk, BUDI, request.id)
            walked = [change.state for change in view.history]
            assert walked[0] is RequestState.ACCEPTED
            assert walked[-1] is request.state
            assert all(step in TRANSITIONS for step in itertools.pairwise(walked))
            statuses = [item.payload["status"] for item in view.deliveries]
            assert statuses == [state.value for state in walked]  # each change is told on the website
            assert len(view.timeline) == 9
            assert view.service_time >= timedelta()
            assert (view.handover is not None) == (request.state is RequestState.HANDED_OVER)

    @invariant()
    def queues_are_functions_of_the_state(self) -> None:
        everything = self.snapshot()
        with self.world.desk.unit(BUDI) as unit:
            counted = unit.requests.count()
            for state in RequestState:
                found = unit.requests.find(RequestFilter(frozenset({state})), limit=1000)
                assert {one.id for one in found} == {one.id for one in everything if one.state is state}
                assert counted.get(state, 0) == len(found)
            still_open = unit.requests.find(RequestFilter(open_only=True), limit=1000)
        assert {one.id for one in still_open} == {one.id for one in everything if not one.ended}
        ready = handing_over.ready(self.world.desk, SARI)
        assert {one.id for one in ready} == {
            one.id for one in everything if one.state is RequestState.AT_COUNTER
        }

    @invariant()
    def one_service_is_open_once_for_a_resident(self) -> None:
        running = [(one.nik, one.service) for one in self.snapshot() if not one.ended]
        assert len(running) == len(set(running))

    @invariant()
    def the_chain_and_the_figures_hold(self) -> None:
        with self.world.desk.unit(BUDI) as unit:
            assert check_chain(unit.events.all()).intact
            newest = unit.shifts.latest()
            left = unit.stock.balance().left
        if newest is None:
            return
        found = [reports.daily(self.world.desk, BUDI, number) for number in range(1, newest.id + 1)]
        waiting = sum(found[-1].waiting.values())
        if newest.last_event is None:
            assert sum(report.requests_in for report in found) == len(self.snapshot())
            assert waiting == len([one for one in self.snapshot() if not one.ended])
            assert found[-1].balance.left == left
        for earlier, later in itertools.pairwise(found):
            assert later.balance.opening == earlier.balance.left + earlier.balance.open


TestRequestLife = RequestLife.TestCase
TestRequestLife.settings = settings(max_examples=30, stateful_step_count=40)
