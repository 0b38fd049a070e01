"""The readiness report of an office: what it is made of, who may have it, and what the journal keeps of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ktpel_desktop import __version__
from ktpel_desktop.core.errors import DeviceError, PolicyError
from ktpel_desktop.core.placement import Condition
from ktpel_desktop.core.power_capacity import Connection, Fit
from ktpel_desktop.core.readiness import Application, LackKind, PointId
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.core.room import Readiness
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.devices.simulator.page_printer import SimulatedPagePrinter
from ktpel_desktop.documents.writer import PaperWriter
from ktpel_desktop.services import placement, power_declared, readiness
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.readiness import Form
from tests.documents.placements import FULL, room
from tests.documents.samples import RESOURCES
from tests.services.office import BUDI, JOKO, RATNA, SARI, TODAY, TONO, World


def in_earnest(world: World) -> Desk:
    """The same office, not in training."""
    return replace(world.desk, office=replace(world.desk.office, training=False))


def furnish(world: World) -> None:
    """All that the instruction asks for: devices, supply, and a good room."""
    for device in FULL:
        placement.add(world.desk, RATNA, device)
    power_declared.declare(world.desk, BUDI, Connection(volt_amperes=4400.0, document="rekening"))
    with world.desk.unit(BUDI) as unit:
        for check in room():
            unit.room.add(replace(check, measured_at=unit.at))


def reported(world: World) -> list[dict[str, object]]:
    return [dict(data) for subject, data in world.events(readiness.REPORTED) if subject == placement.SUBJECT]


def status(desk: Desk, point: PointId) -> Status:
    return next(one.status for one in readiness.report(desk, BUDI).found.points if one.point.id is point)


# ---------------------------------------------------------------- what it is made of


def test_an_office_before_its_first_day(world: World) -> None:
    made = readiness.report(in_earnest(world), JOKO)
    assert (made.by, made.at, made.register) == ("Joko Lurah", world.clock.moment, ())
    assert made.application == Application(__version__, None, training=False)
    assert (made.supply, made.fit, made.found.readiness) == (None, Fit.UNKNOWN, Readiness.NOT_MEASURED)
    assert LackKind.NOT_USED_YET in {lack.kind for lack in made.found.lacks}


def test_an_office_that_has_everything_is_ready(day: World) -> None:
    furnish(day)
    made = readiness.report(in_earnest(day), BUDI)
    assert (made.found.readiness, made.found.lacks) == (Readiness.READY, ())
    assert (made.register, made.fit) == (FULL, Fit.ENOUGH)
    assert made.supply is not None
    assert made.supply.volt_amperes == 4400.0


def test_the_same_office_in_training_is_not(day: World) -> None:
    furnish(day)
    assert day.desk.office.training
    found = readiness.report(day.desk, BUDI).found
    assert (found.readiness, [lack.kind for lack in found.lacks]) == (
        Readiness.NOT_MEASURED,
        [LackKind.TRAINING_ONLY],
    )


def test_what_was_measured_too_long_ago_is_unknown_again(day: World) -> None:
    furnish(day)
    desk = in_earnest(day)
    assert status(desk, PointId.CLIMATE) is Status.OK
    day.clock.advance(3 * 60)
    assert status(desk, PointId.CLIMATE) is Status.UNKNOWN
    assert readiness.report(desk, BUDI).found.readiness is Readiness.NOT_MEASURED


def test_what_was_taken_away_is_told_and_counts_no_more(day: World) -> None:
    furnish(day)
    gone = replace(FULL[0], condition=Condition.TAKEN_AWAY)
    placement.change(day.desk, RATNA, 1, gone, "ditarik Sudin")
    made = readiness.report(in_earnest(day), BUDI)
    assert made.register[0] == gone
    assert [(lack.kind, lack.count) for lack in made.found.lacks] == [(LackKind.NOT_REGISTERED, 1)]


def test_labels_that_nobody_read(day: World) -> None:
    furnish(day)
    placement.change(day.desk, RATNA, 1, replace(FULL[0], watts=None), "label tidak terbaca")
    found = readiness.report(in_earnest(day), BUDI).found
    assert [lack.kind for lack in found.lacks] == [LackKind.LABELS_UNREAD]


def test_the_first_day_is_that_of_the_office_and_stays_the_first(world: World) -> None:
    world.clock.moment = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)  # 24 November, 00.30 WIB
    world.open_day()
    for _ in range(2):
        assert readiness.report(world.desk, BUDI).application.first_day == date(2026, 11, 24)
        world.clock.moment += timedelta(days=5)


def test_an_item_that_the_office_made_a_must_is_told_so(day: World) -> None:
    desk = replace(day.desk, room_must=frozenset({ItemId.AREA}))
    checks = [check for point in readiness.report(desk, BUDI).found.points for check in point.checks]
    assert [check.item for check in checks if check.blocking] == [ItemId.AREA]


# ---------------------------------------------------------------- who


@pytest.mark.parametrize("actor", [BUDI, JOKO, RATNA, TONO], ids=lambda actor: actor.role)
def test_who_may_have_it(world: World, actor: Actor) -> None:
    assert readiness.report(world.desk, actor).by == actor.name
    assert readiness.preview(world.desk, actor) == readiness.export(world.desk, actor, Form.PDF)
    readiness.print_out(world.desk, actor)
    with world.desk.unit(RATNA) as unit:
        assert [event.actor for event in unit.events.of(placement.SUBJECT)] == [actor.username] * 2


def test_the_counter_may_not(world: World) -> None:
    acts: list[Callable[[], object]] = [
        lambda: readiness.report(world.desk, SARI),
        lambda: readiness.preview(world.desk, SARI),
        lambda: readiness.export(world.desk, SARI, Form.JSON),
        lambda: readiness.print_out(world.desk, SARI),
    ]
    for act in acts:
        with pytest.raises(PolicyError) as refused:
            act()
        assert refused.value.code == "role.not_allowed"
    assert reported(world) == []


# ---------------------------------------------------------------- what leaves the program


@pytest.mark.parametrize("form", Form)
def test_to_look_at_it_leaves_no_trace(world: World, form: Form) -> None:
    def events() -> int:
        with world.desk.unit(BUDI) as unit:
            return len(list(unit.events.all()))

    before = events()
    assert readiness.preview(world.desk, BUDI, form)
    assert events() == before


@pytest.mark.parametrize("form", Form)
def test_a_file_is_journalled_with_its_digest(world: World, form: Form) -> None:
    desk = replace(world.desk, papers=PaperWriter(RESOURCES, world.desk.office))
    content = readiness.export(desk, BUDI, form)
    assert reported(world) == [
        {
            "form": form.value,
            "readiness": "not_measured",
            "stage": "prepare_room",
            "digest": hashlib.sha256(content).hexdigest(),
            "archived": True,
        }
    ]
    assert content == readiness.preview(desk, BUDI, form)
    if form is Form.JSON:
        assert json.loads(content)["kesimpulan"] == "not_measured"
    else:
        assert content.startswith(b"%PDF-")


def test_paper_is_journalled_with_its_digest(world: World) -> None:
    readiness.print_out(world.desk, BUDI)
    printer = world.desk.page_printer
    assert isinstance(printer, SimulatedPagePrinter)
    (sheet,) = printer.printed
    assert [(told["form"], told["digest"]) for told in reported(world)] == [
        ("print", hashlib.sha256(sheet).hexdigest())
    ]


def test_paper_that_did_not_come_out_is_not_journalled(world: World) -> None:
    world.bench.faults.script("page_off")
    with pytest.raises(DeviceError) as refused:
        readiness.print_out(world.desk, BUDI)
    assert refused.value.code == "page.off"
    assert reported(world) == []


def test_reports_are_no_lines_of_the_register(world: World) -> None:
    placement.add(world.desk, RATNA, replace(FULL[0], placed_on=TODAY))
    readiness.export(world.desk, BUDI, Form.JSON)
    assert [line.number for line in placement.register(world.desk, BUDI)] == [1]
    assert placement.add(world.desk, RATNA, FULL[1]).number == 2
