"""Room left on the disk of the database."""

from __future__ import annotations

import shutil
from pathlib import Path

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.room import Look
from ktpel_desktop.core.room_limits import judge_disk


def look(folder: Path) -> Look:
    """Free space in GB (10^9 bytes). Raises DeviceError "disk.not_told" where the folder cannot be asked."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise DeviceError("disk.not_told", cause=error.strerror or type(error).__name__) from None
    return Look(judge_disk(free), round(free / 1e9, 1), "GB", source=str(folder.anchor or folder))
