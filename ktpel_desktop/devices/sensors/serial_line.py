"""What a serial line raises when its adapter is absent or pulled.

pyserial lets the terminal layer's own error through, which is no OSError.
"""

from __future__ import annotations

import errno
import importlib


def _line_errors() -> tuple[type[Exception], ...]:
    """OSError holds pyserial's SerialException; ValueError is a closed or impossible port."""
    try:
        return (OSError, ValueError, importlib.import_module("termios").error)
    except ImportError:  # Windows has no termios
        return (OSError, ValueError)


LINE_ERRORS = _line_errors()


def is_absent(error: Exception) -> bool:
    """Whether there is no such port, rather than one that may not be opened."""
    return getattr(error, "errno", None) in (errno.ENOENT, errno.ENODEV, errno.ENXIO) or (
        "FileNotFoundError" in str(error)  # pyserial on Windows tells it in words only
    )
