"""The penyelia signs the day's report: once, a closed day, not one's own, and only an intact chain."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from ktpel_desktop.core.roles import Actor
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.services import handing_over, reports, shifts
from tests.services.office import AGUS, BUDI, JOKO, RATNA, SARI, TONO, World, nik, refused
from tests.services.test_handing_over import HIMSELF
from tests.services.test_reports import busy, close


def test_a_closed_day_is_signed(day: World) -> None:
    busy(day)
    close(day)
    before = reports.daily(day.desk, BUDI)
    day.clock.advance(20)
    signed = reports.sign(day.desk, RATNA)
    assert (signed.signed_by, signed.signed_at) == ("Ratna Wulandari", day.clock.now())
    assert signed == reports.daily(day.desk, BUDI)
    assert replace(signed, signed_by="", signed_at=None) == before
    ((subject, data),) = day.events("report.signed")
    assert subject == "shift-1"
    assert data == {
        "head": before.chain_head,
        "count": before.chain_count,
        "digest": reports.figures_digest(before),
        "left": before.balance.left,
        "in_work": before.balance.open,
        "paper": hashlib.sha256(reports.daily_pdf(day.desk, BUDI)).hexdigest(),
        "archived": True,
        "kind": reports.PRINTED,
    }
    assert reports.audit(day.desk, RATNA).intact


def test_a_day_waits_for_its_signature(day: World) -> None:
    assert reports.unsigned(day.desk, BUDI) == ()
    close(day)
    assert reports.daily(day.desk, BUDI).signed_at is None
    shifts.open_shift(day.desk, BUDI)
    assert reports.unsigned(day.desk, BUDI) == (1,)
    close(day)
    assert reports.unsigned(day.desk, RATNA) == (1, 2)
    reports.sign(day.desk, RATNA, 1)
    assert reports.unsigned(day.desk, RATNA) == (2,)


def test_before_the_first_day_nothing_waits(world: World) -> None:
    assert reports.unsigned(world.desk, BUDI) == ()
    with refused("report.no_shift"):
        reports.sign(world.desk, RATNA)


def test_a_report_is_signed_once(day: World) -> None:
    close(day)
    reports.sign(day.desk, RATNA)
    with refused("report.signed_already") as error:
        reports.sign(day.desk, RATNA)
    assert error.value.params == {"by": "Ratna Wulandari"}
    assert len(day.events("report.signed")) == 1


def test_an_open_day_is_not_signed(day: World) -> None:
    with refused("report.not_closed"):
        reports.sign(day.desk, RATNA)


def test_who_closed_the_day_does_not_sign_it(day: World) -> None:
    close(day, RATNA)
    with refused("report.same_person"):
        reports.sign(day.desk, RATNA)
    assert reports.unsigned(day.desk, BUDI) == (1,)


@pytest.mark.parametrize("actor", [SARI, BUDI, AGUS, JOKO, TONO])
def test_only_the_penyelia_signs(day: World, actor: Actor) -> None:
    close(day)
    with refused("role.not_allowed"):
        reports.sign(day.desk, actor)


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_what_waits_for_a_signature_is_the_print_rooms(day: World, actor: Actor) -> None:
    with refused("role.not_allowed"):
        reports.unsigned(day.desk, actor)


def tamper(world: World, statement: str) -> None:
    """What no program does: change the journal behind the triggers' back."""
    with sqlite3.connect(world.store.path) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute(statement)
    db.close()


def test_a_broken_chain_is_not_signed(day: World) -> None:
    day.accepted()
    close(day)
    tamper(day, "UPDATE event SET actor = 'joko' WHERE kind = 'request.ACCEPTED'")
    with refused("report.chain_broken"):
        reports.sign(day.desk, RATNA)


def test_a_chain_that_broke_in_an_earlier_day_is_broken_today(day: World) -> None:
    day.accepted()
    close(day)
    shifts.open_shift(day.desk, BUDI)
    close(day)
    tamper(day, "UPDATE event SET actor = 'joko' WHERE kind = 'request.ACCEPTED'")
    with refused("report.chain_broken"):
        reports.sign(day.desk, RATNA, 2)


def test_figures_changed_after_the_signature_are_seen(day: World) -> None:
    day.accepted()
    close(day)
    assert reports.sign(day.desk, RATNA).signature_holds
    tamper(day, "UPDATE event SET at = '2026-11-23T01:30:00.000000+00:00' WHERE kind = 'shift.closed'")
    report = reports.daily(day.desk, BUDI)
    assert not report.signature_holds
    assert not report.chain_intact


def test_a_signed_report_stays_as_it_was(day: World) -> None:
    request = day.at_counter()
    close(day)
    signed = reports.sign(day.desk, RATNA)
    day.clock.moment += timedelta(days=1)
    day.open_day()
    handing_over.hand_over(day.desk, SARI, request.id, HIMSELF)
    day.produced("PINDAH", nik(8))
    close(day)
    reports.sign(day.desk, RATNA)
    assert reports.daily(day.desk, BUDI, 1) == signed


def test_the_digest_is_of_the_figures_and_not_of_names(day: World) -> None:
    busy(day)
    close(day)
    report = reports.daily(day.desk, BUDI)
    digest = reports.figures_digest(report)
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert reports.figures_digest(replace(report, office="Lain", closed_by="x", signed_by="y")) == digest
    assert reports.figures_digest(replace(report, issued=report.issued + 1)) != digest
    assert reports.figures_digest(replace(report, services=report.services[:-1])) != digest
    assert reports.figures_digest(replace(report, room=report.room[:-1])) != digest
    assert isinstance(report.room[0], RoomCheck)
