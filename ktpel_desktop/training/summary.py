"""ringkasan.json: the numbers of a head-less day, for machines. README says which SQL gives the same numbers."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from ktpel_desktop.bootstrap import TrainingOffice
from ktpel_desktop.core.audit import check_chain
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.request import ENDED, RequestState
from ktpel_desktop.training.people import PENYELIA

NOT_WAITING = ENDED | {RequestState.PRODUCED, RequestState.AT_COUNTER}


def summarise(office: TrainingOffice, seed: int) -> dict[str, object]:
    """The day's numbers, from the journal."""
    with office.desk.unit(PENYELIA) as unit:
        states = Counter(unit.requests.count())
        jobs = unit.jobs.counts()
        blanks = unit.stock.balance()
        chain = check_chain(unit.events.all())
        returned = {event.subject for event in unit.events.all() if event.kind == "request.INCOMPLETE"}
        undelivered = len(unit.outbox.waiting())
    return {
        "benih": seed,
        "permohonan": sum(states.values()),
        "keadaan": {state.value: states[state] for state in RequestState if states[state]},
        "terbit": jobs.get(JobState.ISSUED, 0),
        "dikembalikan": len(returned),
        "menunggu": sum(number for state, number in states.items() if state not in NOT_WAITING),
        "rusak": jobs.get(JobState.SPOILED, 0),
        "blangko": {
            "awal": blanks.opening,
            "terima": blanks.received,
            "koreksi": blanks.corrected,
            "pinjaman": blanks.loaned,
            "terbit": blanks.issued,
            "rusak": blanks.spoiled,
            "retur": blanks.returned,
            "dipegang": blanks.open,
            "akhir": blanks.left,
        },
        "belum_terkirim": undelivered,
        "rantai_audit": {"jumlah": chain.count, "kepala": chain.head, "utuh": chain.intact},
    }


def write(summary: dict[str, object], folder: Path) -> Path:
    """Write ringkasan.json into the folder, with the files that the day left there (relative paths, sorted)."""
    path = folder / "ringkasan.json"
    files = sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file() and _left(one))
    path.write_text(
        json.dumps({**summary, "berkas": files}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return path


def _left(path: Path) -> bool:
    return not path.name.endswith((".lock", "-wal", "-shm"))
