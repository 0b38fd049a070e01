"""The office as its settings say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ktpel_desktop.bootstrap import office
from ktpel_desktop.settings import Settings


def test_lengths_of_time_come_from_the_settings() -> None:
    made = office(replace(Settings(), claim_minutes=45, stuck_days=10), training=False)
    assert (made.claim_lease, made.stuck_after) == (timedelta(minutes=45), timedelta(days=10))
