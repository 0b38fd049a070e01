"""The register of blanks: every blank in one line, the balance always that of the books, prints counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.serials import SerialRange
from ktpel_desktop.core.stock import MovementKind
from ktpel_desktop.services import outbox, register, stock
from tests.services.office import BLANKS, BUDI, JOKO, RATNA, SARI, TONO, World, approved, nik, refused
from tests.services.test_reports import close, spoil_one


def busy_month(world: World) -> None:
    stock.receive(world.desk, BUDI, 10, "BAST-2", serials=SerialRange("A01", "A10"))
    for number in range(3):
        world.reporting(nik(number))
        outbox.deliver(world.desk, BUDI)
    spoil_one(world, 5)
    stock.loan(world.desk, BUDI, MovementKind.LENT, 4, "BAST-P1", "Kelurahan Senen")
    stock.correct(world.desk, BUDI, -1, "hitung ulang", approved(Action.STOCK_CORRECTION, stock.SUBJECT))


def test_every_change_is_a_line_and_the_good_cards_of_a_day_are_one(day: World) -> None:
    busy_month(day)
    (month,) = register.months(day.desk, RATNA)
    assert (month.number, month.lines) == (202611, 6)
    sheet = register.sheet(day.desk, RATNA, 202611)
    told = [(line.kind, line.came, line.went, line.balance) for line in sheet.lines]
    assert told == [
        ("SALDO_AWAL", BLANKS, 0, BLANKS),
        ("TERIMA", 10, 0, BLANKS + 10),
        ("PAKAI", 0, 3, BLANKS + 7),
        ("CACAT_PABRIK", 0, 1, BLANKS + 6),
        ("PINJAM_KELUAR", 0, 4, BLANKS + 2),
        ("KOREKSI", 0, 1, BLANKS + 1),
    ]
    assert (sheet.before, sheet.after, sheet.month) == (0, BLANKS + 1, date(2026, 11, 1))
    assert sheet.lines[1].serials == SerialRange("A01", "A10")
    assert sheet.lines[1].by == "Budi Santoso"
    assert sheet.lines[3].document == day.get(day.events("job.SPOILED")[0][0]).number
    assert sheet.lines[4].note == "Kelurahan Senen"


def test_the_balance_is_that_of_the_books_with_what_is_in_work(day: World) -> None:
    busy_month(day)
    day.reserved(nik(8))
    found = stock.balance(day.desk, BUDI)
    assert register.sheet(day.desk, RATNA, 202611).after == found.left + found.open


def test_a_month_goes_on_from_the_one_before(day: World) -> None:
    busy_month(day)
    close(day)
    day.clock.moment += timedelta(days=20)
    stock.receive(day.desk, BUDI, 7, "BAST-3")
    assert [month.number for month in register.months(day.desk, RATNA)] == [202612, 202611]
    sheet = register.sheet(day.desk, RATNA, 202612)
    assert (sheet.before, sheet.after) == (BLANKS + 1, BLANKS + 8)
    with refused("register.empty"):
        register.sheet(day.desk, RATNA, 202701)


def test_consumables_are_not_in_the_register_of_blanks(day: World) -> None:
    stock.receive(day.desk, BUDI, 7, "BAST-3", item="pita")
    assert len(register.sheet(day.desk, RATNA, 202611).lines) == 1


def test_a_print_is_journalled_and_the_next_one_is_a_copy(day: World) -> None:
    assert register.sheet(day.desk, RATNA, 202611).copy == 0
    register.print_out(day.desk, BUDI, 202611)
    ((subject, said),) = day.events(register.PRINTED)
    assert (subject, said["copy"], said["after"]) == ("buku-blangko-202611", 0, BLANKS)
    assert register.sheet(day.desk, RATNA, 202611).copy == 1


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_the_register_is_the_print_rooms(day: World, actor: Actor) -> None:
    with refused("role.not_allowed"):
        register.months(day.desk, actor)
    with refused("role.not_allowed"):
        register.pdf(day.desk, actor, 202611)
