"""What CUPS and IPP printers say of queues and jobs, read into the words of jobs.py (RFC 8011 5.3, 5.4; PWG 5100.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ktpel_desktop.devices.print_queue.ipp import Attributes, Enum, Range, Raw, Text, Value
from ktpel_desktop.devices.print_queue.jobs import (
    InstalledQueue,
    Job,
    JobState,
    Queue,
    QueueState,
    Size,
    Trouble,
)

PRINTER_ASKED = (
    *("printer-name", "printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "device-uri"),
    *("printer-impressions-completed", "media-size-supported", "media-source-supported"),
)
JOB_ASKED = (
    *("job-id", "job-name", "job-state", "job-state-reasons", "job-printer-state-reasons"),
    *("job-originating-user-name", "time-at-processing"),
)
INSTALLED_ASKED = ("printer-name", "printer-make-and-model", "device-uri", "printer-type")
_CLASS = 0x0001
"""CUPS's bit of printer-type for a name that stands for several queues."""
_PRINTER_STATES = {3: QueueState.IDLE, 4: QueueState.PROCESSING, 5: QueueState.STOPPED}
_JOB_STATES = {
    3: JobState.PENDING,
    4: JobState.HELD,
    5: JobState.PROCESSING,
    6: JobState.STOPPED,
    7: JobState.CANCELLED,
    8: JobState.ABORTED,
    9: JobState.COMPLETED,
}
_NO_VALUE = 0x13
_TROUBLES = {
    "offline": Trouble.OFFLINE,
    "shutdown": Trouble.OFFLINE,
    "door-open": Trouble.DOOR_OPEN,
    "cover-open": Trouble.DOOR_OPEN,
    "interlock-open": Trouble.DOOR_OPEN,
    "media-empty": Trouble.NO_MEDIA,
    "media-needed": Trouble.NO_MEDIA,
    "input-tray-missing": Trouble.NO_MEDIA,
    "marker-supply-empty": Trouble.SUPPLY_OUT,
    "toner-empty": Trouble.SUPPLY_OUT,
    "media-jam": Trouble.JAM,
}
_ALWAYS = {"offline", "shutdown"}
"""CUPS's backends report these as "-report" only, and mean that nobody is there."""


def troubles_of(reasons: Iterable[str]) -> frozenset[Trouble]:
    """What keeps a printer from printing: reasons of the degree error; warnings and reports are left alone."""
    found = set()
    for reason in reasons:
        word, _, degree = reason.rpartition("-")
        if degree not in {"error", "warning", "report"}:
            word, degree = reason, ""
        if word in _TROUBLES and (degree in {"", "error"} or word in _ALWAYS):
            found.add(_TROUBLES[word])
        elif degree == "error":
            found.add(Trouble.OTHER)
    return frozenset(found)


def queue_of(attributes: Attributes) -> Queue:
    """A printer's attributes as a queue; what is not told is taken as the worse."""
    state = _first(attributes, "printer-state")
    measures = [each for each in attributes.get("media-size-supported", ()) if isinstance(each, Mapping)]
    return Queue(
        name=_word(attributes, "printer-name"),
        state=_PRINTER_STATES.get(state.number if isinstance(state, Enum) else 0, QueueState.STOPPED),
        accepting=_first(attributes, "printer-is-accepting-jobs") is True,
        troubles=troubles_of(_words(attributes, "printer-state-reasons")),
        media=tuple(size for each in measures if (size := _size(each))),
        custom=next((spread for each in measures if (spread := _spread(each))), None),
        printed=_whole(_first(attributes, "printer-impressions-completed")),
        trays=tuple(word for word in _words(attributes, "media-source-supported") if word != "auto"),
    )


def device_of(attributes: Attributes) -> str:
    """Where the queue's bytes go, such as ipp://printer.local/ipp/print."""
    return _word(attributes, "device-uri")


def installed_of(attributes: Attributes) -> InstalledQueue | None:
    """A queue as it was set up; None for what is no queue of a printer."""
    name, kind = _word(attributes, "printer-name"), _first(attributes, "printer-type")
    number = kind.number if isinstance(kind, Enum) else 0
    if not name or number & _CLASS:
        return None
    return InstalledQueue(name, _word(attributes, "printer-make-and-model"), device_of(attributes))


def number_of(attributes: Attributes) -> int | None:
    """The job's number."""
    return _whole(_first(attributes, "job-id"))


def job_of(attributes: Attributes, user: str) -> Job | None:
    """A job's attributes; None where it has no number. Others' jobs may hide their title and owner.

    A state that cannot be read is taken as the worse: it may still print.
    """
    number = number_of(attributes)
    if number is None:
        return None
    state = _first(attributes, "job-state")
    known = _JOB_STATES.get(state.number if isinstance(state, Enum) else 0, JobState.PROCESSING)
    if known is JobState.HELD and "job-incoming" in _words(attributes, "job-state-reasons"):
        known = JobState.PENDING  # its bytes are still arriving
    return Job(
        number=number,
        title=_word(attributes, "job-name"),
        state=known,
        started=_started(known, _first(attributes, "time-at-processing")),
        mine=_word(attributes, "job-originating-user-name") == user,
        troubles=troubles_of(_words(attributes, "job-printer-state-reasons")),
    )


def _started(state: JobState, processing_since: Value | None) -> bool | None:
    """Whether the job was ever processed: CUPS says "no-value" of the time of what never happened."""
    if state in {JobState.PROCESSING, JobState.STOPPED, JobState.COMPLETED}:
        return True
    if isinstance(processing_since, Raw):
        return False if processing_since.tag == _NO_VALUE else None
    return None if processing_since is None else True


def _size(measures: Mapping[str, object]) -> Size | None:
    width, height = (_only(measures, name) for name in ("x-dimension", "y-dimension"))
    return Size(width, height) if isinstance(width, int) and isinstance(height, int) else None


def _spread(measures: Mapping[str, object]) -> tuple[Size, Size] | None:
    width, height = (_only(measures, name) for name in ("x-dimension", "y-dimension"))
    if isinstance(width, Range) and isinstance(height, Range):
        return Size(width.low, height.low), Size(width.high, height.high)
    return None


def _only(members: Mapping[str, object], name: str) -> object:
    values = members.get(name)
    return values[0] if isinstance(values, list | tuple) and len(values) == 1 else None


def _first(attributes: Attributes, name: str) -> Value | None:
    values = attributes.get(name, ())
    return values[0] if values else None


def _words(attributes: Attributes, name: str) -> list[str]:
    return [value.text for value in attributes.get(name, ()) if isinstance(value, Text)]


def _word(attributes: Attributes, name: str) -> str:
    return next(iter(_words(attributes, name)), "")


def _whole(value: Value | None) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
