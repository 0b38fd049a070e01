"""An honest operator: does with the cards what the program says, and says what lies before their eyes.

Remembers nothing across a power cut but what can be seen on the bench and on the screen.
"""

from __future__ import annotations

from ktpel_desktop.core.errors import DeviceError, GatewayError, PolicyError
from ktpel_desktop.core.issuance import OPEN, Job, JobState, PrintAnswer, SpoilReason
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Action, Actor, Role
from ktpel_desktop.devices.simulator.cards import Face, Place, SimulatedCard
from ktpel_desktop.devices.simulator.workbench import Workbench
from ktpel_desktop.services import issuing, outbox, recovery, verifying
from ktpel_desktop.services.approvals import Approval
from ktpel_desktop.services.desk import Desk

OPERATOR = Actor("budi", "Budi Santoso", Role.OPERATOR, "PC-1")
SUPERVISOR = "ratna"
TRIES_OF_A_MUTE_CHIP = 3


def approval(action: Action, subject: str) -> Approval:
    return Approval(action, subject, OPERATOR.username, SUPERVISOR)


def looks_blank(card: SimulatedCard) -> bool:
    """What a person would take for a blank: never begun and not in the box, though its chip may be bad."""
    begun = card.header is not None and not card.foreign
    return card.face is Face.NONE and not begun and card.place is not Place.REJECT


class HonestOperator:
    """Works on one request until its card is issued."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._mute = 0
        self._aside: set[str] = set()

    def issue(self, desk: Desk, request_id: str, steps: int = 80) -> None:
        """Start (or restart) the program and work until the request is produced."""
        recovery.recover(desk, OPERATOR)
        self._clear_booked_card(desk, request_id)
        for _ in range(steps):
            if self.step(desk, request_id):
                self._drain(desk)
                self._tidy(desk, request_id)
                return
        raise AssertionError(f"{request_id} was not produced in {steps} steps")

    def step(self, desk: Desk, request_id: str) -> bool:
        """Do the next thing that the screen asks for; True when nothing is left to do."""
        with desk.unit(OPERATOR) as unit:
            request = unit.requests.get(request_id)
            jobs = unit.jobs.of_request(request_id)
        if request.state is RequestState.PRODUCED:
            return True
        now = [job for job in jobs if job.state in OPEN]
        try:
            if now:
                self._go_on(desk, now[0])
            else:
                self._reserve(desk, request_id, reprint=any(job.state is JobState.SPOILED for job in jobs))
        except DeviceError as error:
            self._mute += error.code in {"chip.mute", "chip.no_card", "chip.pulled"}
        except GatewayError:
            pass
        return False

    def _clear_booked_card(self, desk: Desk, request_id: str) -> None:
        """The box of spoiled cards holds fewer than the books say: the faulty one still lies on the reader."""
        with desk.unit(OPERATOR) as unit:
            jobs = unit.jobs.of_request(request_id)
        booked = sum(job.state is JobState.SPOILED and job.printer_marker is None for job in jobs)
        if len(self._bench.lying_at(Place.REJECT)) < booked:
            lying = self._bench.only_at(Place.READER)
            in_work = {job.chip_serial for job in jobs if job.state in OPEN}
            if lying is not None and not lying.untouched and lying.serial not in in_work:
                self._bench.reject(lying)

    def _reserve(self, desk: Desk, request_id: str, *, reprint: bool) -> None:
        self._mute = 0
        verifying.claim(desk, OPERATOR, request_id)
        leave = approval(Action.REPRINT, request_id) if reprint else None
        issuing.reserve(desk, OPERATOR, request_id, reprint=leave)

    def _go_on(self, desk: Desk, job: Job) -> None:
        if job.state is JobState.RESERVED:
            self._blank_on_reader()
            self._encode(desk, job)
        elif job.state is JobState.ENCODING:
            self._on_reader(job)
            self._encode(desk, job)
        elif job.state is JobState.ENCODED:
            self._to_printer(job)
            order = issuing.order_for(desk, OPERATOR, job.id)
            issuing.print_card(desk, OPERATOR, job.id, order)
        elif job.state is JobState.PRINTING:
            recovery.recover(desk, OPERATOR)
        elif job.state is JobState.PRINT_UNKNOWN:
            self._answer(desk, job)
        elif job.state is JobState.PRINTED:
            self._check(desk, job)
        elif job.state is JobState.REPORTING:
            outbox.deliver(desk, OPERATOR)
            self._let_time_pass(desk)

    def _encode(self, desk: Desk, job: Job) -> None:
        if self._mute >= TRIES_OF_A_MUTE_CHIP:
            fresh = job.state is JobState.RESERVED
            reason = SpoilReason.FACTORY_FAULT if fresh else SpoilReason.ENCODE_FAILED
            try:
                issuing.spoil(desk, OPERATOR, job.id, reason)
            except PolicyError as error:
                if error.code != "issuing.whose_card":
                    raise
                self._mute = 0
                self._lay_aside()
                return
            self._discard_reader()
            return
        order = issuing.order_for(desk, OPERATOR, job.id)
        try:
            issuing.encode(desk, OPERATOR, job.id, order, lambda share: None)
        except PolicyError as error:
            if error.code == "issuing.card_not_blank":
                self._book_faulty_blank(desk, job)
            elif error.code == "issuing.other_card":
                self._bench.remove()
            elif error.code == "issuing.chip_used":  # the card of another open job, taken for a blank
                self._lay_aside()
            else:
                raise

    def _book_faulty_blank(self, desk: Desk, job: Job) -> None:
        try:
            issuing.spoil(desk, OPERATOR, job.id, SpoilReason.FACTORY_FAULT)
        except PolicyError as error:
            if error.code != "issuing.chip_used":  # booked already, before the power went away
                raise
        self._discard_reader()

    def _answer(self, desk: Desk, job: Job) -> None:
        assert job.chip_serial is not None
        answer = self._bench.what_came_out(job.chip_serial)
        leave = None
        if answer in {PrintAnswer.NOT_PRINTED, PrintAnswer.CARD_MISSING}:
            leave = approval(Action.NOT_PRINTED, job.request_id)
        if answer is PrintAnswer.CARD_GOOD:
            self._on_reader(job)
        self._tell(lambda: issuing.answer_unknown(desk, OPERATOR, job.id, answer, leave))

    def _check(self, desk: Desk, job: Job) -> None:
        assert job.chip_serial is not None
        self._on_reader(job)
        card = self._bench.card(job.chip_serial)
        good = card.face is Face.FULL and card.tag == job.id
        if self._mute >= TRIES_OF_A_MUTE_CHIP:
            issuing.spoil(desk, OPERATOR, job.id, SpoilReason.DAMAGED)
            return
        self._tell(lambda: issuing.check_printed(desk, OPERATOR, job.id, face_ok=good))

    def _tell(self, act: object) -> None:
        assert callable(act)
        try:
            act()
        except PolicyError as error:
            if error.code != "issuing.other_card":
                raise
            self._bench.remove()

    # ------------------------------------------------------------ hands

    def _blank_on_reader(self) -> None:
        lying = self._bench.only_at(Place.READER)
        if lying is not None and looks_blank(lying):
            return
        self._bench.remove()
        lying_about = [card for card in self._bench.lying_at(Place.HAND) if looks_blank(card)]
        held = [card for card in lying_about if card.serial not in self._aside]
        self._bench.put_on_reader(held[0] if held else self._bench.take_blank())

    def _on_reader(self, job: Job) -> None:
        assert job.chip_serial is not None
        if self._bench.card(job.chip_serial).place is not Place.LOST:
            self._bench.put_on_reader(job.chip_serial)

    def _to_printer(self, job: Job) -> None:
        assert job.chip_serial is not None
        self._bench.move_to_printer(job.chip_serial)

    def _lay_aside(self) -> None:
        lying = self._bench.remove()
        assert lying is not None
        self._aside.add(lying.serial)

    def _discard_reader(self) -> None:
        lying = self._bench.only_at(Place.READER)
        if lying is not None:
            self._bench.reject(lying)

    def _drain(self, desk: Desk) -> None:
        for _ in range(12):
            if outbox.deliver(desk, OPERATOR).waiting == 0:
                return
            self._let_time_pass(desk)

    def _tidy(self, desk: Desk, request_id: str) -> None:
        """Untouched blanks go back to the cabinet, spoiled cards into the box, the good one to its request."""
        with desk.unit(OPERATOR) as unit:
            fate = {job.chip_serial: job.state for job in unit.jobs.of_request(request_id)}
            in_work = {job.chip_serial for job in unit.jobs.in_states(OPEN)}
        for card in self._bench.cards:
            if card.place in {Place.LOST, Place.REJECT, Place.TRAY} or card.serial in in_work:
                continue
            if card.untouched:
                self._bench.put_back(card)
            elif looks_blank(card):
                continue  # nobody knows yet that its chip is dead or foreign; it is the next blank at hand
            elif fate.get(card.serial) is JobState.ISSUED:
                self._bench.file(card)
            else:
                self._bench.reject(card)

    @staticmethod
    def _let_time_pass(desk: Desk) -> None:
        advance = getattr(desk.clock, "advance", None)
        if advance is not None:
            advance(minutes=1)
