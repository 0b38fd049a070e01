"""Makes tests/store/data/schema_NNNN.db, the database that the release of schema NNNN leaves behind.

Run once when a schema is released, and never again for it:  python -m tests.store.make_schema_fixture
Until the first release the file may be deleted and made again.
"""

from pathlib import Path

from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.outbox import Delivery, DeliveryKind
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.records import Handover, Person
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Role
from ktpel_desktop.core.room import unknown
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.store.file import HEAD
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import DEED, MORNING, OPERATOR, QUICK, add_blanks, add_request, open_job
from tests.store.raw import file_attacker

TARGET = Path(__file__).parent / "data" / f"schema_{HEAD}.db"


def main() -> None:
    """One row of everything."""
    if TARGET.exists():
        raise SystemExit(f"{TARGET.name} is released; a changed schema is a new revision")
    with SqlStore.open(TARGET, at=MORNING, hasher=QUICK) as store, store.unit(OPERATOR, MORNING) as unit:
        unit.people.add(Person("sari", "Sari Wulandari", Role.OPERATOR), "kata sandi")
        unit.shifts.open()
        unit.room.add(unknown(ItemId.AREA, at=MORNING))
        add_blanks(unit, 10)
        request = add_request(unit)
        for state in (RequestState.WITH_OPERATOR, RequestState.VERIFIED):
            request = unit.requests.move(request, state)
        job = unit.jobs.move(open_job(unit), JobState.ENCODING, chip_serial="04AA")
        for step in (
            JobState.ENCODED,
            JobState.PRINTING,
            JobState.PRINTED,
            JobState.REPORTING,
            JobState.ISSUED,
        ):
            job = unit.jobs.move(job, step)
        for state in (RequestState.PRODUCED, RequestState.AT_COUNTER, RequestState.HANDED_OVER):
            request = unit.requests.move(request, state, result=job.id)
        unit.outbox.put(
            Delivery(job.id, DeliveryKind.PRINT_RESULT, request.id, MORNING, {"outcome": "ISSUED"})
        )
        old = ("KTP-LAMA",)
        unit.add_handover(Handover(request.id, "Siti", "sendiri", "KTP-el", old, Answer.YES, MORNING, "sari"))
        unit.destructions.add(2026, DEED, unit.destructions.held(), "ratna")
    with file_attacker(TARGET) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("VACUUM")


if __name__ == "__main__":
    main()
