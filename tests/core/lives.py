"""Histories that a request can have, for the tests of its clock and its timeline."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from ktpel_desktop.core.request import TRANSITIONS, RequestState, StateChange

S = RequestState
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def followers(state: RequestState) -> list[RequestState]:
    return [to for origin, to in TRANSITIONS if origin is state]


def at(minutes: int) -> datetime:
    return START + minutes * MINUTE


def changes(*states: RequestState) -> list[StateChange]:
    """A history that changes every hour."""
    return [StateChange(state, START + index * HOUR) for index, state in enumerate(states)]


@st.composite
def walks(draw: st.DrawFn, longest: int = 14) -> list[RequestState]:
    """States that a request can pass through, from its acceptance on."""
    states = [S.ACCEPTED]
    for _ in range(draw(st.integers(0, longest))):
        following = followers(states[-1])
        if not following:
            break
        states.append(draw(st.sampled_from(following)))
    return states


@st.composite
def histories(draw: st.DrawFn) -> list[StateChange]:
    moment, found = 0, []
    for state in draw(walks()):
        found.append(StateChange(state, at(moment)))
        moment += draw(st.integers(0, 600))
    return found
