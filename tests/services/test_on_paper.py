"""Every printed paper is journalled; one whose printer did not answer is journalled as unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import USUAL, Answer, Health, PageQueue, PrinterChoice
from ktpel_desktop.services import readiness, reports, room_minutes
from ktpel_desktop.services.desk import Desk
from tests.services.office import BUDI, World

PAPERS: list[tuple[str, Callable[[Desk], object]]] = [
    (readiness.REPORTED, lambda desk: readiness.print_out(desk, BUDI)),
    (room_minutes.PRINTED, lambda desk: room_minutes.print_out(desk, BUDI)),
    (reports.PRINTED, lambda desk: reports.print_daily(desk, BUDI)),
]


class Printer:
    def __init__(self, effect: Effect | None) -> None:
        self.effect = effect

    def health(self) -> Health:
        return Health(Answer.YES)

    def print_pdf(self, pdf: bytes, title: str, choice: PrinterChoice = USUAL) -> None:
        if self.effect is not None:
            raise DeviceError("page.off", self.effect)

    def queues(self) -> tuple[PageQueue, ...]:
        return ()


@pytest.mark.parametrize(("kind", "act"), PAPERS, ids=[kind for kind, _ in PAPERS])
@pytest.mark.parametrize(
    ("effect", "outcomes"),
    [(None, [None]), (Effect.NONE, []), (Effect.UNKNOWN, ["unknown"]), (Effect.DONE, ["unknown"])],
)
def test_the_journal_tells_what_came_out(
    world: World,
    kind: str,
    act: Callable[[Desk], object],
    effect: Effect | None,
    outcomes: list[str | None],
) -> None:
    world.open_day()
    desk = replace(world.desk, page_printer=Printer(effect))
    if effect is None:
        act(desk)
    else:
        with pytest.raises(DeviceError):
            act(desk)
    assert [told.get("outcome") for _, told in world.events(kind)] == outcomes
