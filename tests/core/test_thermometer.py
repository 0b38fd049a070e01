"""A comparison with a reference: what is believed, and what it makes of the readings that follow."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core import thermometer
from ktpel_desktop.core.errors import DeviceError, PolicyError
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.core.thermometer import FARTHEST_K, HOLDS_FOR, AirSensor, Comparison

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PROBE, INNER, UNSURE = AirSensor(), AirSensor(near_pc=True), AirSensor(uncertain=True)
room_air = st.floats(5, 60)


def known(offset: float = -1.2, at: datetime = NOW) -> Comparison:
    return thermometer.compared(24.6, 24.6 + offset, "Fluke 971", at, "budi")


@pytest.mark.parametrize(
    ("reading", "reference", "instrument", "code"),
    [
        (24.0, 23.0, "  ", "thermometer.instrument_missing"),
        (24.0, 4.9, "Fluke", "thermometer.reference_implausible"),
        (24.0, float("nan"), "Fluke", "thermometer.reference_implausible"),
        (24.0, float("inf"), "Fluke", "thermometer.reference_implausible"),
        (24.0, 24.0 + FARTHEST_K + 0.01, "Fluke", "thermometer.too_far"),
        (float("nan"), 24.0, "Fluke", "thermometer.too_far"),
    ],
)
def test_what_cannot_be_believed_is_refused(
    reading: float, reference: float, instrument: str, code: str
) -> None:
    with pytest.raises(PolicyError) as refused:
        thermometer.compared(reading, reference, instrument, NOW, "budi")
    assert refused.value.code == code


@given(room_air, st.floats(-FARTHEST_K, FARTHEST_K), room_air)
def test_the_offset_of_the_comparison_is_added_to_each_reading(
    reading: float, offset: float, later: float
) -> None:
    reference = min(60.0, max(5.0, reading + offset))
    made = thermometer.compared(reading, reference, "Fluke", NOW, "budi")
    found = thermometer.corrected(later, "stik", PROBE, made, NOW)
    assert found.celsius == pytest.approx(later + reference - reading, abs=0.011)
    again = thermometer.from_journal(json.loads(json.dumps(made.told())), NOW, "budi")
    assert again == made


def test_a_reading_without_a_comparison_stays_as_it_is() -> None:
    found = thermometer.corrected(23.1, "stik", PROBE, None, NOW)
    assert (found.celsius, found.evidence) == (23.1, ())


def test_a_compared_sensor_has_the_narrower_guard_band_for_a_year() -> None:
    def status(sensor: AirSensor, comparison: Comparison | None) -> Status:
        found = thermometer.corrected(24.2, "stik", sensor, comparison, NOW)
        return found.judge(found.celsius).status

    old = known(0.0, NOW - HOLDS_FOR - timedelta(seconds=1))
    assert status(PROBE, None) is Status.WARNING  # within a kelvin of the limit
    assert status(PROBE, known(0.0, NOW - HOLDS_FOR)) is Status.OK
    assert status(PROBE, old) is Status.WARNING
    assert status(INNER, known(0.0)) is Status.OK
    ahead = known(0.0, NOW + timedelta(minutes=6))
    assert status(PROBE, ahead) is Status.WARNING, "the clock was set back: nobody knows how old it is"
    assert status(INNER, old) is Status.WARNING


def test_an_old_comparison_still_corrects_and_says_that_it_is_old() -> None:
    found = thermometer.corrected(24.6, "stik", PROBE, known(at=NOW - HOLDS_FOR - timedelta(days=1)), NOW)
    assert found.celsius == 23.4
    assert found.evidence == (
        "read_celsius=24,60 °C",
        "offset=-1,20 °C",
        "compared=22-11-2025 Fluke 971 (budi)",
        "comparison=old",
    )
    assert "comparison=old" not in thermometer.corrected(24.6, "stik", PROBE, known(), NOW).evidence


@pytest.mark.parametrize("comparison", [None, known(at=NOW - HOLDS_FOR - timedelta(days=1))])
def test_an_uncertain_stick_says_nothing_without_a_valid_comparison(comparison: Comparison | None) -> None:
    with pytest.raises(DeviceError) as refused:
        thermometer.corrected(22.0, "TEMPer1F/inner@1-2", UNSURE, comparison, NOW)
    assert refused.value.code == "thermometer.needs_comparison"
    assert thermometer.corrected(22.0, "stik", UNSURE, known(0.4), NOW).celsius == 22.4


def test_what_no_room_has_is_unknown_after_the_correction_too() -> None:
    found = thermometer.corrected(6.0, "stik", PROBE, known(-7.0), NOW)
    assert found.judge(found.celsius).status is Status.UNKNOWN
