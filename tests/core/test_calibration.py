"""A calibration keeps its limits and comes back from the journal as it went in."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.calibration import Calibration, from_journal
from ktpel_desktop.core.errors import PolicyError

OFFSETS = st.floats(-5.0, 5.0)


@given(OFFSETS, OFFSETS, st.floats(0.95, 1.05))
def test_the_journal_gives_back_what_was_kept(right: float, down: float, stretch: float) -> None:
    kept = Calibration(right, down, stretch)
    assert from_journal(kept.told()) == kept


@pytest.mark.parametrize(
    "numbers",
    [
        *((5.01, 0.0, 1.0), (0.0, -5.01, 1.0), (0.0, 0.0, 0.949), (0.0, 0.0, 1.051)),
        *((math.nan, 0.0, 1.0), (0.0, math.inf, 1.0), (0.0, 0.0, math.nan)),
    ],
)
def test_what_no_printer_may_be_corrected_by_is_refused(numbers: tuple[float, float, float]) -> None:
    with pytest.raises(PolicyError) as error:
        Calibration(*numbers)
    assert error.value.code == "calibration.out_of_range"


def test_an_event_that_tells_nothing_calibrates_nothing() -> None:
    assert from_journal({}) == Calibration() == Calibration(0.0, 0.0, 1.0)
