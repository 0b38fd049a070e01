"""The readiness and placement report: every point of the instruction, the register, what lacks and who provides it.

To look at it is free for who may see readiness; a report that leaves the program, on paper or as a file, is journalled
with its digest (Instruksi Gubernur DKI 78/2016 KEEMPAT: the execution is reported upward).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import StrEnum

from ktpel_desktop import __version__
from ktpel_desktop.core import readiness, roles, room
from ktpel_desktop.core.papers import ReadinessReport
from ktpel_desktop.core.readiness import Application
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import on_paper, placement
from ktpel_desktop.services.desk import Desk

REPORTED = "placement.reported"
FIRST_DAY = "shift-1"


class Form(StrEnum):
    """As what the report leaves the program."""

    PDF = "pdf"
    JSON = "json"


def report(desk: Desk, actor: Actor) -> ReadinessReport:
    """The office as it counts now. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_READINESS)
    with desk.unit(actor) as unit:
        register = [line.device for line in placement.lines(unit)]
        budget = placement.budget_of(unit, register)
        checked = room.overall(unit.room.latest(), unit.at, desk.room_must)
        application = Application(__version__, _first_day(desk, unit), desk.office.training)
        return ReadinessReport(
            office=desk.office,
            at=unit.at,
            by=actor.name,
            found=readiness.judge(checked, register, budget.fit, bool(budget.needed.unread), application),
            application=application,
            register=tuple(register),
            needed=budget.needed,
            supply=budget.supply,
            fit=budget.fit,
        )


def preview(desk: Desk, actor: Actor, form: Form = Form.PDF) -> bytes:
    """The report as PDF or JSON, to be looked at. Raises PolicyError "role.not_allowed"."""
    return _made(desk, form)(report(desk, actor))


def export(desk: Desk, actor: Actor, form: Form) -> bytes:
    """The report to be kept as a file, journalled. Raises PolicyError "role.not_allowed"."""
    made = report(desk, actor)
    content = _made(desk, form)(made)
    keeping = on_paper.kept(desk, content, form.value)
    with desk.unit(actor) as unit:
        unit.record(REPORTED, placement.SUBJECT, {**_told(made, form.value), **keeping})
    return content


def print_out(desk: Desk, actor: Actor) -> None:
    """The report on paper, journalled; those of one day that follow on the first are numbered copies.

    Raises PolicyError "role.not_allowed"; DeviceError of the page printer.
    """
    made = report(desk, actor)
    edition = made.at.astimezone(desk.office.timezone).date().isoformat()
    copy = on_paper.next_copy(desk, actor, REPORTED, placement.SUBJECT, edition)
    pdf = desk.papers.readiness_report(replace(made, copy=copy))
    told = {**_told(made, "print"), on_paper.COPY: copy, on_paper.EDITION: edition}
    title = "Laporan kesiapan dan penempatan"
    on_paper.print_recorded(
        desk, actor, pdf, title, kind=REPORTED, subject=placement.SUBJECT, told=told, keep=True
    )


def _made(desk: Desk, form: Form) -> Callable[[ReadinessReport], bytes]:
    return desk.papers.readiness_report if form is Form.PDF else desk.papers.readiness_data


def _told(made: ReadinessReport, form: str) -> dict[str, object]:
    return {
        "form": form,
        "readiness": made.found.readiness.value,
        "stage": made.found.stage.value,
    }


def _first_day(desk: Desk, unit: UnitOfWork) -> date | None:
    opened = next(iter(unit.events.of(FIRST_DAY)), None)
    return None if opened is None else opened.at.astimezone(desk.office.timezone).date()
