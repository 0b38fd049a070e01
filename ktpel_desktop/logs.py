"""The technical log: what happened, by codes and durations, and nothing about residents.

Fields of a log line are an allow-list; everything else prints as <disamarkan>. A NIK masks itself by type
(core.nik); as a last net, any run of sixteen or more digits in a finished line is masked too, also where single
spaces, dots, hyphens or underscores part them.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
from pathlib import Path

ALLOWED_FIELDS = frozenset(
    {
        "code",
        "effect",
        "device",
        "duration_ms",
        "state",
        "event",
        "job",
        "lane",
        "status",
        "attempt",
        "report",
        "version",
    }
)
_REDACTED = "<disamarkan>"
_MANY_DIGITS = re.compile(r"\d(?:[ ._\-]?\d){15,}")
_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class MaskingFormatter(logging.Formatter):
    """Formats a record and masks what looks like a NIK or KK number, traces included."""

    def format(self, record: logging.LogRecord) -> str:
        return _MANY_DIGITS.sub(_masked, super().format(record).replace("\r", "\\r"))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """One line for one record: only a trace may take more."""
        return super().formatMessage(record).replace("\n", "\\n")


class _File(logging.handlers.RotatingFileHandler):
    """The log file. A full disk neither stops the work nor spells the unmasked line out on standard error."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        pass


def _masked(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found.group())
    return f"{digits[:4]}••••••••{digits[-4:]}"


def note(logger: logging.Logger, message: str, level: int = logging.INFO, **values: object) -> None:
    """Log `message` with fields; a field outside the allow-list keeps its name and loses its value."""
    told = " ".join(
        f"{name}={value if name in ALLOWED_FIELDS else _REDACTED}" for name, value in values.items()
    )
    logger.log(level, "%s %s", message, told)


def start(folder: Path | None) -> None:
    """Log errors to standard error and, with a folder, everything to a file there (5 × 1 MB)."""
    root = logging.getLogger("ktpel_desktop")
    stop()
    root.setLevel(logging.INFO)
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    handlers[0].setLevel(logging.ERROR)
    if folder is not None:
        handlers.append(
            _File(folder / "ktpel.log", maxBytes=1_000_000, backupCount=4, encoding="utf-8", delay=True)
        )
    for handler in handlers:
        handler.setFormatter(MaskingFormatter(_FORMAT))
        root.addHandler(handler)


def stop() -> None:
    """Close the log's handlers and log as before `start`."""
    root = logging.getLogger("ktpel_desktop")
    root.setLevel(logging.NOTSET)
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
