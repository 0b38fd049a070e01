"""What runs beside the pages while somebody is logged in: lamps, deliveries, recovery, and what waits for whom.

Nothing here blocks: each question goes to its lane, deliveries in small rounds so that a look-up never waits long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.core.issuance import RECOVERY, Job, Recovery
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.core.roles import Action, Actor, may
from ktpel_desktop.services import accounts, issuing, outbox, recovery, reports
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.outbox import Outcome
from ktpel_desktop.ui.chrome import LampStrip
from ktpel_desktop.ui.messages import Message
from ktpel_desktop.ui.navigation import Navigation
from ktpel_desktop.ui.room_watch import RoomWatch
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.workplace import Workplace

HEALTH_MS, COUNTS_MS = 10_000, 5_000
UNSIGNED_EVERY = 6
"""Closed days are looked through in every so many rounds of counting: they change twice a day."""
AT_ONCE = 5
"""Deliveries of one round; the next round is a new piece of work behind whatever was asked meanwhile."""
DEVICES = ("chip", "card_printer", "receipt_printer", "page_printer")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: deliveries, jobs that a person must go on with, closed days to be signed."""

    deliveries: int
    jobs: tuple[Job, ...]
    unsigned: int | None


def waiting(desk: Desk, actor: Actor, *, unsigned: bool) -> Waiting:
    """Count it, as far as it is this person's; the closed days only where that is asked."""
    jobs = issuing.interrupted(desk, actor) if may(actor, Action.ISSUE) else ()
    return Waiting(
        len(outbox.waiting(desk, actor)),
        tuple(job for job in jobs if needs_a_person(job)),
        len(reports.unsigned(desk, actor)) if unsigned and may(actor, Action.SIGN_REPORT) else None,
    )


def names(desk: Desk, actor: Actor) -> dict[str, str]:
    """Everybody of the office by username, so that screens show names."""
    with desk.unit(actor) as unit:
        return accounts.names(unit)


def needs_a_person(job: Job) -> bool:
    """A report on its way to SIAK goes by itself; every other open job waits for a click."""
    return RECOVERY[job.state] is not Recovery.DELIVER_AGAIN


class Background(QObject):
    """Timers of the window; `on_screen` names the job that is being worked at, `close` closes the window in order."""

    def __init__(
        self,
        place: Workplace,
        lamps: LampStrip,
        navigation: Navigation,
        on_screen: Callable[[], str],
        network_ms: int,
        close: Callable[[], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.place, self._lamps, self._navigation, self._on_screen = place, lamps, navigation, on_screen
        self._counting = self._delivering = False
        self._line_held = True
        self._rounds = 0
        self._health = self._every(HEALTH_MS, self.ask_health)
        self._counts = self._every(COUNTS_MS, self.count)
        self._outbox = self._every(network_ms, self.deliver)
        self.room = RoomWatch(place, close, self)

    def _every(self, milliseconds: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.timeout.connect(slot)
        return timer

    def begin(self, *, again: bool = False) -> None:
        """Somebody has logged in: first what a power cut may have left, then lamps and counts.

        `again` is who comes back to a locked PC, and was told already.
        """
        self._rounds = 0
        if not again:
            self._navigation.forget()
        for timer in (self._health, self._counts, self._outbox):
            timer.start()
        self.room.begin()
        work = partial(names, self.place.desk, self.place.me)
        self.place.runner.run(Lane.QUERY, work, owner=self, done=self.place.names.update)
        self.ask_health()
        if self.place.may(Action.ISSUE) and not again:
            # A card that is in the machine just now is not in doubt: its own end is waited for.
            self.place.runner.when_idle(Lane.DEVICE, self, self.recover)
        self.count()
        self.deliver()

    def end(self) -> None:
        """Nobody is logged in."""
        for timer in (self._health, self._counts, self._outbox):
            timer.stop()
        self.room.end()

    def recount(self) -> None:
        """Count everything again, now."""
        self._rounds = 0
        self.count()

    # ------------------------------------------------------------ recovery

    def recover(self) -> None:
        """Make known what a print in doubt is, and say what waits. No device is started."""
        if self.place.may(Action.ISSUE):
            work = partial(recovery.recover, self.place.desk, self.place.me)
            self.place.runner.run(Lane.QUERY, work, owner=self, done=self._recovered)

    def _recovered(self, jobs: tuple[Job, ...]) -> None:
        left = [job for job in jobs if needs_a_person(job) and job.id != self._on_screen()]
        self._navigation.badge("interrupted", len(left))
        if left and self.place.messages.message is None:
            self.place.messages.show_message(
                Message(
                    f"{len(left)} pekerjaan cetak terputus",
                    "Ada kartu yang belum selesai. Program tidak melanjutkan perangkat dengan sendirinya.",
                    "Buka halaman Pekerjaan terputus dan lanjutkan satu per satu.",
                    "Operator",
                    Tone.WARN,
                )
            )

    # ------------------------------------------------------------ what waits

    def count(self) -> None:
        """What waits, for the strip and the list of pages."""
        if self._counting or self.place.actor is None:
            return
        self._counting = True
        work = partial(waiting, self.place.desk, self.place.me, unsigned=self._rounds % UNSIGNED_EVERY == 0)
        self._rounds += 1
        self.place.runner.run(Lane.QUERY, work, owner=self, done=self._counted, failed=self._not_counted)

    def _counted(self, found: Waiting) -> None:
        self._counting = False
        self._lamps.show_waiting(found.deliveries)
        if found.deliveries and self._line_held:
            self.deliver()  # what was put in a moment ago need not wait for the next round
        on_screen = self._on_screen()
        self._navigation.badge("interrupted", sum(job.id != on_screen for job in found.jobs))
        if found.unsigned is not None:
            self._navigation.badge("reports", found.unsigned)

    def _not_counted(self, error: Exception) -> None:
        self._counting = False
        self._lamps.show_waiting(None)
        if not isinstance(error, StoreError):
            self.place.messages.show_error(error)

    # ------------------------------------------------------------ deliveries

    def deliver(self) -> None:
        """Send what waits for SIAK and the Dinas, quietly, a few at a time."""
        allowed = self.place.may(Action.SEND_OUTBOX) or self.place.may(Action.ISSUE)
        if not allowed or self._delivering:
            return
        self._delivering = True
        work = partial(outbox.deliver, self.place.desk, self.place.me, AT_ONCE)
        self.place.runner.run(
            Lane.NETWORK, work, owner=self, done=self._delivered, failed=self._not_delivered
        )

    def _delivered(self, outcome: Outcome) -> None:
        self._delivering = False
        self._line_held = outcome.delivered > 0 or not outcome.waiting
        self._lamps.show_waiting(outcome.waiting)
        if outcome.delivered and outcome.waiting and not outcome.failed:
            self.deliver()

    def _not_delivered(self, _error: Exception) -> None:
        """The store failed, and says so wherever it is asked; the next round comes by itself."""
        self._delivering = self._line_held = False
        self._lamps.show_waiting(None)

    # ------------------------------------------------------------ lamps

    def ask_health(self) -> None:
        """Ask SIAK, store and devices how they are, each in its lane, where that lane is free."""
        desk, run, busy = self.place.desk, self.place.runner.run, self.place.runner.busy
        if not busy(Lane.NETWORK):
            run(Lane.NETWORK, desk.siak.health, owner=self, done=partial(self._lamps.show_health, "siak"))
        run(Lane.QUERY, self._store_health, owner=self, done=partial(self._lamps.show_health, "server"))
        if not busy(Lane.DEVICE):
            for name in DEVICES:
                ask = getattr(desk, name).health
                run(Lane.DEVICE, ask, owner=self, done=partial(self._lamps.show_health, name))

    def _store_health(self) -> Health:
        actor = self.place.actor
        if actor is None:
            return Health(Answer.UNKNOWN)
        try:
            with self.place.desk.unit(actor) as unit:
                unit.events.head()
        except StoreError as error:
            return Health(Answer.NO, (error.code,))
        return Health(Answer.YES)
