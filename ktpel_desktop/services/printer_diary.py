"""The card printer's diary as the journal tells it: what was printed, put in, rested and cleaned."""

from __future__ import annotations

from ktpel_desktop.core import supplies
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.daily import PrinterTally
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.supplies import Printed, PrinterDiary, Ribbon
from ktpel_desktop.services import calibration
from ktpel_desktop.services.devices import SUBJECT

RIBBON_CHANGED, FILM_CHANGED = "ribbon.changed", "film.changed"
RESTED, CLEANED = "printer.rested", "printer.cleaned"
_CARD_PRINTED, _CARD_SPOILED = f"job.{JobState.PRINTED}", f"job.{JobState.SPOILED}"
_IN_DOUBT = f"job.{JobState.PRINT_UNKNOWN}"
USES_RIBBON = frozenset({_CARD_PRINTED, _CARD_SPOILED, calibration.PRINTED, calibration.TEST_PRINTED})


def diary(unit: UnitOfWork) -> PrinterDiary:
    """What was printed since the oldest ribbon, film or cleaning that still counts, and these acts themselves."""
    acts = unit.events.of(SUBJECT)
    ribbons = [event for event in acts if event.kind == RIBBON_CHANGED][-(supplies.RIBBONS_MEASURED + 1) :]
    rests = [event for event in acts if event.kind == RESTED]
    cleanings = [event for event in acts if event.kind == CLEANED]
    films = [event for event in acts if event.kind == FILM_CHANGED][-1:]
    marks = (*ribbons[:1], *cleanings[-1:], *films)
    after = min(event.seq for event in marks) if ribbons and cleanings else 0
    found = unit.events.of_kinds(USES_RIBBON, after)
    printed = tuple(Printed(event.seq, event.at) for event in found if came_out(event))
    return PrinterDiary(
        printed,
        tuple(_ribbon(event) for event in ribbons),
        rests[-1].seq if rests else None,
        cleanings[-1].seq if cleanings else None,
        _ribbon(films[0]) if films else None,
    )


def came_out(event: Event) -> bool:
    """A spoiled card was counted when it came out, but for one whose print nobody could tell of until then."""
    return event.kind != _CARD_SPOILED or event.data["from"] == JobState.PRINT_UNKNOWN


def _ribbon(event: Event) -> Ribbon:
    serial, rated = event.data.get("serial"), event.data.get("rated")
    return Ribbon(event.seq, str(serial or ""), rated if isinstance(rated, int) else None)


class CounterWatch:
    """The printer's own counter at each print of a day, and the cards that came out since the day's first one."""

    def __init__(self) -> None:
        self.tally: PrinterTally | None = None
        self._came_out = self._unsure = 0

    def take(self, event: Event) -> None:
        """One more event of a job, a test or an alignment card."""
        if "marker" in event.data:
            last = int(str(event.data["marker"]))
            if self.tally is None:
                self._came_out = self._unsure = 0
            first = last if self.tally is None else self.tally.first
            self.tally = PrinterTally(first, last, self._came_out, self._unsure)
        elif event.kind == _IN_DOUBT:
            self._unsure += 1
        elif (
            event.kind in USES_RIBBON and event.data.get("from") != JobState.PRINT_UNKNOWN and came_out(event)
        ):
            self._came_out += 1
