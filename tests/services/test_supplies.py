"""What the journal and the printer tell of ribbon, rest and cleaning; nothing of it ever blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ktpel_desktop.core.calibration import Calibration
from ktpel_desktop.core.issuance import JobState, PrintAnswer, SpoilReason
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.core.supplies import RibbonSource, SuppliesPolicy
from ktpel_desktop.services import calibration, issuing, supplies
from tests.services.chip_worlds import Printer
from tests.services.office import BLANKS, BUDI, JOKO, SARI, TONO, World, nik, refused


class Telling(Printer):
    """A printer that tells of its supplies."""

    def health(self) -> Health:
        return Health(Answer.YES, (), {"ribbon_left": "17", "since_cleaning": "40"})


def test_a_morning_of_cards_is_counted(day: World) -> None:
    supplies.ribbon_changed(day.desk, BUDI, " R-77 ", 150)
    for number in range(3):
        day.printed(nik(number))
    found = supplies.look(day.desk, BUDI)
    assert (found.ribbon_left, found.ribbon_source, found.ribbon_serial) == (
        147,
        RibbonSource.COUNTED,
        "R-77",
    )
    assert (found.measured_yield, found.cards_since_rest, found.cards_since_cleaning) == (150, 3, 3)
    assert (found.blanks_left, found.warnings) == (BLANKS - 3, ())


def test_every_card_that_took_ribbon_is_counted(day: World) -> None:
    supplies.ribbon_changed(day.desk, BUDI, "R-1", 100)
    ready = replace(day.desk, card_printer=Printer())
    calibration.print_lines(ready, BUDI, Calibration())
    calibration.print_test(ready, BUDI, Calibration())
    good = day.unknown(nik(1))
    day.on_reader(good)
    issuing.answer_unknown(day.desk, BUDI, good.id, PrintAnswer.CARD_GOOD)
    jammed = day.unknown(nik(2), "jam_mid_card")
    issuing.answer_unknown(day.desk, BUDI, jammed.id, PrintAnswer.CARD_SPOILED)
    mute = day.printed(nik(3))
    issuing.spoil(day.desk, BUDI, mute.id, SpoilReason.ENCODE_FAILED)
    assert supplies.look(day.desk, BUDI).ribbon_left == 95


def test_acts_start_their_counts_anew(day: World) -> None:
    supplies.ribbon_changed(day.desk, BUDI, "R-1", None)
    day.printed(nik(1))
    day.printed(nik(2))
    supplies.ribbon_changed(day.desk, BUDI, "R-2", None)
    supplies.rested(day.desk, BUDI)
    supplies.cleaned(day.desk, BUDI)
    day.printed(nik(3))
    found = supplies.look(day.desk, BUDI)
    assert (found.ribbon_serial, found.measured_yield, found.ribbon_left) == ("R-2", 2, 1)
    assert (found.cards_since_rest, found.cards_since_cleaning) == (1, 1)


def test_the_printers_own_figures_are_taken(day: World) -> None:
    desk = replace(day.desk, card_printer=Telling(), supplies=SuppliesPolicy(cleaning_every=40))
    found = supplies.look(desk, BUDI)
    assert (found.ribbon_left, found.ribbon_source) == (17, RibbonSource.PRINTER)
    assert found.warnings == ("printer.ribbon_low", "printer.cleaning_due")


def test_reminders_block_nothing(day: World) -> None:
    desk = replace(day.desk, supplies=SuppliesPolicy(rest_after=1, cleaning_every=1))
    busy = replace(day, desk=desk)
    busy.printed(nik(1))
    assert supplies.look(desk, BUDI).warnings == ("printer.rest_due", "printer.cleaning_due")
    assert busy.printed(nik(2)).state is JobState.PRINTED


def test_blanks_are_counted_only_for_those_who_may_see_the_stock(day: World) -> None:
    assert supplies.look(day.desk, TONO).blanks_left is None


def test_a_box_says_more_than_nothing(day: World) -> None:
    with refused("ribbon.rating_odd"):
        supplies.ribbon_changed(day.desk, BUDI, "R", 0)
    assert day.events("ribbon.changed") == []


@pytest.mark.parametrize("actor", [SARI, JOKO])
def test_who_may_not_test_devices_notes_nothing(day: World, actor: Actor) -> None:
    acts: tuple[Callable[..., object], ...] = (supplies.look, supplies.rested, supplies.cleaned)
    for act in acts:
        with refused("role.not_allowed"):
            act(day.desk, actor)
    with refused("role.not_allowed"):
        supplies.ribbon_changed(day.desk, actor, "R", 1)
