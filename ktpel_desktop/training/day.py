"""A whole working day, played by the same services that the window calls, with its usual troubles.

Time is simulated: the day takes as long as the machine needs, and the same seed gives the same day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from ktpel_desktop.bootstrap import TrainingOffice
from ktpel_desktop.core import ticket
from ktpel_desktop.core.destruction import USUAL_WAY, Deed, Witness, approval_subject
from ktpel_desktop.core.errors import DeviceError, GatewayError, PolicyError
from ktpel_desktop.core.issuance import OPEN, Job, JobState, PrintAnswer, SpoilReason
from ktpel_desktop.core.ports import Answer, Step
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.records import RequestFilter
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Action
from ktpel_desktop.core.services_catalogue import Product
from ktpel_desktop.core.stock import PhysicalCount
from ktpel_desktop.services import (
    destruction,
    handing_over,
    intake,
    issuing,
    outbox,
    preflight,
    receipts,
    recovery,
    reports,
    shifts,
    stock,
    verifying,
)
from ktpel_desktop.services.handing_over import Collection
from ktpel_desktop.siak.simulator.eligibility import pick, pick_state
from ktpel_desktop.siak.simulator.faults import FaultKind
from ktpel_desktop.siak.simulator.residents import Resident
from ktpel_desktop.store.failures import translated
from ktpel_desktop.training.people import (
    LOKET,
    OPERATOR,
    PENYELIA,
    application,
    leave,
    open_the_day,
    papers_for,
    settle_in,
)
from ktpel_desktop.training.plan import Trouble, Visit

OPENING = datetime(2026, 1, 5, 0, 15, tzinfo=UTC)
"""Monday, 5 January 2026, 07:15 WIB."""
ROUNDS = 8
OUTAGE_ROUND = 4
OUTAGE = timedelta(minutes=47)
DELIVERED = 60
"""Blanks that come in the middle of the day; as many as there are visits, on a day with more."""
UNHURRIED = 55
"""Visits for which one clerk and one operator need a working day; more are done faster, to end by closing time."""
BURNING = Deed(
    "Halaman belakang kantor kelurahan",
    USUAL_WAY,
    (OPERATOR.name,),
    (Witness("Halim Perdana", "Satpol PP kecamatan"), Witness("Wati Lestari", "Sekretariat kelurahan")),
)
LAST_RESORT = "KTP-RUSAK"
_FAULTS = {
    Trouble.DEAD_CHIP: "dead_on_arrival",
    Trouble.TORN_WRITE: "torn_write",
    Trouble.JAM: "jam_mid_card",
    Trouble.PRINT_ANSWER_LOST: "printed_answer_lost",
}
_MUTE_TRIES = 2


class DayClock:
    """The day's own time; it moves when the day says so."""

    def __init__(self, moment: datetime = OPENING) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def advance(self, **by: float) -> None:
        """Let time pass: `timedelta`'s keywords."""
        self._moment += timedelta(**by)


class DayIds:
    """Ticket codes from the day's seed."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(f"tiket/{seed}")

    def ticket(self) -> str:
        return ticket.from_number(self._chance.randrange(32**11))


class Day:
    """The day of one training office. `told` hears the share done, 0.0 to 1.0."""

    def __init__(
        self,
        office: TrainingOffice,
        clock: DayClock,
        visits: tuple[Visit, ...],
        seed: int,
        proofs: Path,
        told: Callable[[float], None],
    ) -> None:
        self._office, self._desk, self._clock = office, office.desk, clock
        self._visits, self._proofs, self._told = visits, proofs, told
        self._chance = Random(f"hari/{seed}")
        self._today = clock.now().astimezone(office.desk.office.timezone).date()
        self._trouble: dict[str, Trouble] = {}
        self._used: set[str] = set()
        self._done = 0
        self._pace = min(1.0, UNHURRIED / len(visits))

    def play(self) -> bytes:
        """The day from the first key turn to the signed report, whose PDF is returned."""
        settle_in(self._desk)
        open_the_day(self._desk)
        self._clock.advance(minutes=15)
        for number, visits in enumerate(self._rounds()):
            if number == OUTAGE_ROUND:
                self._outage(visits)
            else:
                self._round(visits)
            if number == 1:
                stock.receive(self._desk, OPERATOR, max(DELIVERED, len(self._visits)), "BAST-021/SUDIN/2026")
        self._last_calls()
        return self._close()

    def _rounds(self) -> Iterable[tuple[Visit, ...]]:
        size = -(-len(self._visits) // ROUNDS)
        for number in range(ROUNDS):
            yield self._visits[number * size : (number + 1) * size]

    def _round(self, visits: Iterable[Visit]) -> None:
        for visit in visits:
            self._accept(visit)
        self._hand_files()
        self._work()
        self._hand_results()
        self._collect()
        self._bring_missing_papers()

    def _outage(self, visits: Iterable[Visit]) -> None:
        """The line goes down at noon: the counter goes on, deliveries wait, the clock of the requests stands."""
        for visit in visits:
            self._accept(visit)
        self._hand_files()
        self._office.siak.faults.set(FaultKind.OFFLINE)
        self._office.siak.apply()
        with_operator = self._in_state(RequestState.WITH_OPERATOR)
        for request in with_operator[:1]:
            verifying.claim(self._desk, OPERATOR, request.id)
            self._try(partial(verifying.look_up, self._desk, OPERATOR, request.id))
            verifying.release(self._desk, OPERATOR, request.id)
        outbox.deliver(self._desk, OPERATOR)
        self._clock.advance(seconds=OUTAGE.total_seconds())
        self._office.siak.faults.clear(FaultKind.OFFLINE)
        self._office.siak.apply()
        outbox.deliver(self._desk, OPERATOR)
        preflight.run(self._desk, OPERATOR)
        self._work()
        self._hand_results()
        self._collect()
        self._bring_missing_papers()

    # ------------------------------------------------------------ counter

    def _accept(self, visit: Visit) -> None:
        self._pass(seconds=self._chance.randint(40, 110))
        resident, code = self._resident(visit)
        service = self._desk.catalogue.get(code)
        papers = papers_for(service)
        if visit.trouble in (Trouble.INCOMPLETE_RETURNS, Trouble.INCOMPLETE_STAYS):
            papers -= {min(papers)}
        request = intake.accept(self._desk, LOKET, application(resident, service, papers, visit.priority))
        self._trouble[request.id] = visit.trouble
        receipts.print_receipt(self._desk, LOKET, request.id)
        self._done += 1
        self._told(self._done / len(self._visits))

    def _resident(self, visit: Visit) -> tuple[Resident, str]:
        """Somebody new whom the service suits; where the city has nobody left for it, a damaged card."""
        if visit.trouble is Trouble.STUCK_SFE:
            people = pick_state(self._office.city, "SENT_FOR_ENROLLMENT", 400, self._chance, self._today)
        elif visit.trouble is Trouble.DUPLICATE:
            people = pick_state(self._office.city, "DUPLICATE_RECORD", 400, self._chance, self._today)
        else:
            people = pick(self._office.city, visit.service, 400, self._chance, self._today)
        code = visit.service
        fresh = [person for person in people if person.nik not in self._used]
        if not fresh:
            code = LAST_RESORT
            people = pick(self._office.city, code, len(self._office.city), self._chance, self._today)
            fresh = [person for person in people if person.nik not in self._used]
        self._used.add(fresh[0].nik)
        return fresh[0], code

    def _hand_files(self) -> None:
        files = [request.id for request in self._in_state(RequestState.ACCEPTED)]
        if files:
            self._pass(minutes=3)
            intake.hand_to_operator(self._desk, LOKET, files, OPERATOR.username)

    def _collect(self) -> None:
        for request in handing_over.ready(self._desk, LOKET):
            if self._trouble[request.id] is Trouble.NOT_COLLECTED:
                continue
            self._pass(seconds=75)
            service = self._desk.catalogue.get(request.service)
            card = service.product is Product.CARD
            answers = Answer.UNKNOWN
            if card:
                with self._desk.unit(LOKET) as unit:
                    unit.jobs.of_request(request.id)
                answers = handing_over.check_chip(self._desk, LOKET, request.id).answer
            family = self._chance.random() < 0.15
            handing_over.hand_over(
                self._desk,
                LOKET,
                request.id,
                Collection(
                    collector="ANGGOTA KELUARGA" if family else "",
                    relation="KELUARGA" if family else "SENDIRI",
                    identity="KK" if family else "struk pendaftaran",
                    withdrawn=tuple(item.code for item in service.withdrawn_for(request.documents)),
                    chip_answers=answers,
                    receipt_signed=True,
                ),
            )

    def _bring_missing_papers(self) -> None:
        for request in self._in_state(RequestState.INCOMPLETE):
            if self._trouble[request.id] is not Trouble.INCOMPLETE_STAYS:
                self._pass(minutes=4)
                service = self._desk.catalogue.get(request.service)
                intake.complete(self._desk, LOKET, request.id, papers_for(service))

    # ------------------------------------------------------------ print room

    def _work(self) -> None:
        for request in self._in_state(RequestState.WITH_OPERATOR):
            self._pass(seconds=70)
            verifying.claim(self._desk, OPERATOR, request.id)
            if self._verify(request):
                self._produce(request)
        outbox.deliver(self._desk, OPERATOR, limit=1000)

    def _verify(self, request: Request) -> bool:
        """Steps 3 and 4. Whether the file is complete."""
        service = self._desk.catalogue.get(request.service)
        missing = service.missing(request.documents)
        if missing:
            reasons = tuple(need.code for need in missing)
            verifying.decide_incomplete(self._desk, OPERATOR, request.id, reasons)
            return False
        seen = verifying.look_up(self._desk, OPERATOR, request.id)
        if seen.enrolment == "DUPLICATE_RECORD":
            verifying.decide_reject(self._desk, OPERATOR, request.id, ("duplicate_record",))
            return False
        if not seen.printable:
            verifying.decide_wait(self._desk, OPERATOR, request.id, seen.enrolment)
            return False
        verifying.decide_complete(self._desk, OPERATOR, request.id)
        return True

    def _produce(self, request: Request) -> None:
        if self._desk.catalogue.get(request.service).product is Product.DOCUMENT:
            self._pass(minutes=2)
            verifying.make_document(self._desk, OPERATOR, request.id, f"DOK/2026/{request.number}")
            return
        fault = _FAULTS.get(self._trouble[request.id])
        if fault is not None:
            self._office.bench.faults.script(fault)
        spoiled = False
        while True:
            reprint = leave(self._desk, Action.REPRINT, request.id) if spoiled else None
            job, order = issuing.reserve(self._desk, OPERATOR, request.id, reprint=reprint)
            if not spoiled:
                proof = self._desk.papers.proof(order.subject)
                path = self._proofs / f"contoh-{request.number}.png"
                with translated(path):
                    path.write_bytes(proof)
            if self._issue(job, order):
                return
            spoiled = True

    def _issue(self, job: Job, order: VerifiedOrder) -> bool:
        """Step 5 for one blank. Whether the card is good."""
        mute = 0
        while job.state in OPEN and job.state is not JobState.REPORTING:
            self._pass(seconds=14)
            try:
                job = self._next(job, order)
            except DeviceError:
                with self._desk.unit(OPERATOR) as unit:
                    job = unit.jobs.get(job.id)
                mute += 1
                if mute > _MUTE_TRIES:
                    reason = (
                        SpoilReason.FACTORY_FAULT
                        if job.state is JobState.RESERVED
                        else SpoilReason.ENCODE_FAILED
                    )
                    job = issuing.spoil(self._desk, OPERATOR, job.id, reason)
        return job.state is JobState.REPORTING

    def _next(self, job: Job, order: VerifiedOrder) -> Job:
        if job.state in (JobState.RESERVED, JobState.ENCODING):
            return issuing.encode(self._desk, OPERATOR, job.id, order, _unseen)
        if job.state is JobState.ENCODED:
            return issuing.print_card(self._desk, OPERATOR, job.id, order)
        if job.state is JobState.PRINT_UNKNOWN:
            answer = self._office.bench.what_came_out(job.chip_serial or "")
            second = None
            if answer in (PrintAnswer.NOT_PRINTED, PrintAnswer.CARD_MISSING):
                second = leave(self._desk, Action.NOT_PRINTED, job.request_id)
            return issuing.answer_unknown(self._desk, OPERATOR, job.id, answer, second)
        return issuing.check_printed(self._desk, OPERATOR, job.id, face_ok=True)

    def _hand_results(self) -> None:
        results = [request.id for request in self._in_state(RequestState.PRODUCED)]
        if results:
            self._pass(minutes=4)
            handing_over.hand_to_counter(self._desk, OPERATOR, results, LOKET.username)

    # ------------------------------------------------------------ the end of the day

    def _last_calls(self) -> None:
        """What came back in the last round is worked off, and the stuck records are asked about once more."""
        self._hand_files()
        self._work()
        self._hand_results()
        self._collect()
        for request in self._in_state(RequestState.WAITING_SIAK):
            self._try(partial(verifying.recheck, self._desk, OPERATOR, request.id))
        outbox.deliver(self._desk, OPERATOR, limit=1000)

    def _close(self) -> bytes:
        recovery.recover(self._desk, OPERATOR)
        preflight.run(self._desk, OPERATOR)
        self._destroy()
        left = stock.balance(self._desk, OPERATOR).left
        self._pass(minutes=10)
        shift = shifts.close(
            self._desk, OPERATOR, PhysicalCount(left, left, left), second_counter=PENYELIA.username
        )
        reports.sign(self._desk, PENYELIA, shift.id)
        return reports.print_daily(self._desk, PENYELIA, shift.id)

    def _destroy(self) -> None:
        """What was spoiled, taken back or given up is burnt the same day, and the minutes are printed for ink."""
        cards = [line.card.id for line in destruction.held(self._desk, OPERATOR)]
        if cards:
            self._pass(minutes=12)
            approval = leave(self._desk, Action.DESTROY_SPOILED, approval_subject(cards))
            made = destruction.destroy(self._desk, OPERATOR, BURNING, approval, cards)
            destruction.print_out(self._desk, OPERATOR, made.id)

    def _pass(self, **by: float) -> None:
        self._clock.advance(**{unit: amount * self._pace for unit, amount in by.items()})

    def _in_state(self, state: RequestState) -> tuple[Request, ...]:
        with self._desk.unit(OPERATOR) as unit:
            return tuple(unit.requests.find(RequestFilter(frozenset({state})), 10_000))

    @staticmethod
    def _try(act: Callable[[], object]) -> None:
        """Something that may be refused while the line is down; the program has journalled what it must."""
        try:
            act()
        except (GatewayError, PolicyError):
            return


def _unseen(_step: Step) -> None:
    """Nobody watches the chip's progress in a head-less day."""
