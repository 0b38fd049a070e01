"""Stores for tests: a copy of a template costs a millisecond, where making one takes a third of a second."""

import atexit
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from argon2 import PasswordHasher

from ktpel_desktop.core.destruction import Deed, Witness
from ktpel_desktop.core.issuance import Job, JobState
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.request import Request
from ktpel_desktop.core.roles import Actor, Role
from ktpel_desktop.core.stock import Movement, MovementKind
from ktpel_desktop.store.file import Synchronous
from ktpel_desktop.store.sql_store import SqlStore

MORNING = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
OPERATOR = Actor("sari", "Sari Wulandari", Role.OPERATOR, "PC-1")
OTHER = Actor("budi", "Budi Santoso", Role.OPERATOR, "PC-2")
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Argon2id at its least cost, for tests and training."""

DEED = Deed(
    "Halaman kantor", "Pembakaran", ("Sari",), (Witness("Halim", "Satpol PP"), Witness("Wati", "Kelurahan"))
)

_numbers = count(1)


@cache
def _template() -> Path:
    """An empty database of the newest schema, made once per process."""
    folder = Path(tempfile.mkdtemp(prefix="ktpel-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "template.db"
    SqlStore.open(path, at=MORNING, hasher=QUICK).close()
    return path


def remove_template() -> None:
    """Called when the session ends."""
    if _template.cache_info().currsize:
        with suppress(OSError):
            shutil.rmtree(_template().parent)


def fresh_store(
    tmp_path: Path, *, synchronous: Synchronous = "OFF", busy_seconds: float = 5.0, name: str | None = None
) -> SqlStore:
    """An empty store of its own in `tmp_path`; the caller closes it.

    Commits are not forced to the disk unless `synchronous="FULL"`: a killed process loses nothing by that, a power
    cut would.
    """
    path = tmp_path / (name or f"ktpel-{next(_numbers)}.db")
    shutil.copyfile(_template(), path)
    return SqlStore.open(path, at=MORNING, hasher=QUICK, synchronous=synchronous, busy_seconds=busy_seconds)


def nik(number: int = 1) -> Nik:
    """A synthetic NIK."""
    return Nik.parse(f"317404150190{number:04d}")


def add_request(unit: UnitOfWork, ticket: str = "TICKET000001", **more: object) -> Request:
    """An accepted request."""
    facts: dict[str, object] = {
        "id": ticket,
        "number": "A-001",
        "service": "KTP_BARU",
        "nik": nik(),
        "name": "SITI AMINAH",
        "accepted_at": unit.at,
        "accepted_by": unit.actor.username,
    }
    request = Request(**(facts | more))  # type: ignore[arg-type]
    unit.requests.add(request)
    return request


def add_blanks(unit: UnitOfWork, quantity: int = 100) -> None:
    """Blanks in the cabinet."""
    unit.stock.add(Movement(MovementKind.RECEIVED, quantity, "BAST-1", unit.at, unit.actor.username))


def open_job(unit: UnitOfWork, request_id: str = "TICKET000001", attempt: int = 1) -> Job:
    """A reserved job."""
    job = Job(
        id=f"{request_id}-{attempt}",
        request_id=request_id,
        state=JobState.RESERVED,
        order_id=f"order-{request_id}-{attempt}",
        digest="d" * 64,
        created_at=unit.at,
        created_by=unit.actor.username,
    )
    unit.jobs.open(job)
    return job


def later(minutes: float) -> datetime:
    """So long after the morning."""
    return MORNING + timedelta(minutes=minutes)
