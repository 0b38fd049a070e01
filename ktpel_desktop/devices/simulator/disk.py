"""A disk with room enough, for a played day: what the real one has left differs from run to run."""

from __future__ import annotations

from ktpel_desktop.core.room import Look
from ktpel_desktop.core.room_limits import judge_disk

FREE_BYTES = 64_000_000_000


def look() -> Look:
    """Free space in GB (10^9 bytes), as devices/disk_space.py tells it."""
    return Look(judge_disk(FREE_BYTES), FREE_BYTES / 1e9, "GB", source="simulator:disk")
