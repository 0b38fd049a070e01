"""The knock of each minute is kept, whatever the network did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from ktpel_desktop.core.availability import LineState, Moment
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.line_sharing import Evidence
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.services import line_watch, preflight
from tests.services.office import BUDI, JOKO, SARI, World


class Line:
    """A line that says what it was told to say."""

    contract_mbps: float | None = None

    def __init__(self, state: LineState = LineState.UP) -> None:
        self.state = state

    def probe(self) -> LineState:
        return self.state

    def sharing(self) -> Sequence[Evidence]:
        return ()


@pytest.mark.parametrize("state", LineState)
def test_what_a_knock_said_is_kept(world: World, state: LineState) -> None:
    desk = replace(world.desk, line=Line(state))
    assert line_watch.probe(desk, BUDI) is state
    with desk.unit(BUDI) as unit:
        assert list(unit.room.moments(unit.at - timedelta(hours=1))) == [Moment(desk.clock.now(), state)]


def test_a_room_whose_line_nobody_watches_keeps_nothing(world: World) -> None:
    desk = replace(world.desk, line=None)
    assert line_watch.probe(desk, BUDI) is None
    with desk.unit(BUDI) as unit:
        assert not unit.room.moments(unit.at - timedelta(hours=1))


def test_only_who_checks_the_room_keeps_it(world: World) -> None:
    for actor in (JOKO, SARI):
        with pytest.raises(PolicyError) as refused:
            line_watch.probe(replace(world.desk, line=Line()), actor)
        assert refused.value.code == "role.not_allowed"


def test_an_outage_of_ten_minutes_is_in_the_share_of_the_day(world: World) -> None:
    line = Line()
    desk = replace(world.desk, line=line)
    for minute in range(100):
        line.state = LineState.LINE_DOWN if 40 <= minute < 50 else LineState.UP
        line_watch.probe(desk, BUDI)
        world.clock.advance(1)
    (found,) = preflight.run(desk, BUDI, items=[ItemId.NETWORK_24_7])
    assert (found.status, found.value) == (Status.CRITICAL, 90.0)
