"""The words of a UPS and what they mean for the work."""

from datetime import timedelta

import pytest

from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.core.ups_state import UpsFlag, UpsOrder, flags_of, is_clear, judge_ups, order


@pytest.mark.parametrize(
    ("words", "status", "advice", "told"),
    [
        ("OL", Status.OK, "ups.ok", UpsOrder.GO_ON),
        ("OL CHRG", Status.OK, "ups.ok", UpsOrder.GO_ON),
        ("OL HB NEWWORD", Status.OK, "ups.ok", UpsOrder.GO_ON),
        ("OB DISCHRG", Status.CRITICAL, "ups.on_battery", UpsOrder.FINISH_CARD),
        ("OB LB", Status.CRITICAL, "ups.low_battery", UpsOrder.STOP),
        ("OL LB", Status.CRITICAL, "ups.weak_battery", UpsOrder.GO_ON),
        ("FSD OB LB", Status.CRITICAL, "ups.low_battery", UpsOrder.STOP),
        ("FSD", Status.CRITICAL, "ups.low_battery", UpsOrder.STOP),
        ("OFF", Status.CRITICAL, "ups.off", UpsOrder.FINISH_CARD),
        ("OL OVER", Status.CRITICAL, "ups.overloaded", UpsOrder.GO_ON),
        ("OL RB", Status.WARNING, "ups.replace_battery", UpsOrder.GO_ON),
        ("OL BYPASS", Status.WARNING, "ups.not_protecting", UpsOrder.GO_ON),
        ("BYPASS", Status.WARNING, "ups.not_protecting", UpsOrder.GO_ON),
        ("OL CAL", Status.WARNING, "ups.not_protecting", UpsOrder.GO_ON),
        ("OL BOOST", Status.OK, "ups.ok", UpsOrder.GO_ON),
        ("ALARM OL", Status.WARNING, "ups.alarm", UpsOrder.GO_ON),
        ("", Status.UNKNOWN, "ups.unclear", UpsOrder.GO_ON),
        ("WAIT", Status.UNKNOWN, "ups.unclear", UpsOrder.GO_ON),
        ("RB", Status.UNKNOWN, "ups.unclear", UpsOrder.GO_ON),
        ("OL OB", Status.UNKNOWN, "ups.unclear", UpsOrder.FINISH_CARD),
        ("ol", Status.UNKNOWN, "ups.unclear", UpsOrder.GO_ON),
    ],
)
def test_words(words: str, status: Status, advice: str, told: UpsOrder) -> None:
    flags = flags_of(words)
    verdict = judge_ups(flags)
    assert (verdict.status, verdict.advice, order(flags)) == (status, advice, told)
    assert is_clear(flags) == (status is not Status.UNKNOWN)


def test_regulating_counts_when_it_lasts() -> None:
    flags = flags_of("OL TRIM")
    assert flags == {UpsFlag.ON_LINE, UpsFlag.TRIMMING}
    assert judge_ups(flags, timedelta(minutes=1)).status is Status.OK
    assert judge_ups(flags, timedelta(minutes=2)).advice == "ups.regulating"
