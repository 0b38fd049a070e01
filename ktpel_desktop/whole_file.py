"""A file that is there whole, or as it was before: written beside, forced to the disk, then put in its place."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ktpel_desktop.core.errors import StoreError


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open for writing; an exception in the body leaves no trace.

    Raises StoreError "file.not_written": before the body runs where the place refuses, after it where the disk does.
    """
    beside = path.with_name(f".{path.name}.baru")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with beside.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise StoreError("file.not_written", file=str(path), cause=cause) from None
    finally:
        with suppress(OSError):
            beside.unlink()
