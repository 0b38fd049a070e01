"""siak.lookup: one look-up by the real client, against a bare httpx call to the same server."""

from __future__ import annotations

from contextlib import closing
from itertools import cycle
from pathlib import Path

import httpx

from ktpel_desktop.core.nik import Nik
from tests.bench import office as offices
from tests.bench.measure import Figure, Peer, compare, timed

RUNS = 30
TIMES = 40


def measure(folder: Path, runs: int | None) -> list[Figure]:
    """siak.lookup."""
    with offices.opened(folder) as office:
        access = office.siak.access
        niks = [nik for nik, who in office.city.items() if who.standing == "active"][:200]
        ours, theirs = cycle([Nik.parse(nik) for nik in niks]), cycle(niks)
        plain = httpx.Client(
            base_url=access.url, auth=httpx.BasicAuth(access.user_id, access.password), trust_env=False
        )

        def bare() -> None:
            body = {
                "NIK": next(theirs),
                "user_id": access.user_id,
                "password": access.password,
                "ip_user": access.ip_user,
            }
            answer = plain.post(f"/dukcapil/get_json/{access.agency}/CALL_NIK", json=body)
            if answer.json()["numberOfElements"] != 1:
                raise AssertionError("the bare call found nobody")

        with closing(plain):
            return [
                compare(
                    "siak.lookup",
                    timed(lambda: office.desk.siak.look_up(next(ours)), TIMES),
                    Peer("httpx.Client.post(...).json() with the same body", timed(bare, TIMES)),
                    runs=RUNS if runs is None else runs,
                    target=1.2,
                    note="Kept connection over loopback; the simulated SIAK answers from a thread of the same"
                    " process, and its work counts in both.",
                )
            ]
