"""Opens the training SIAK's registry: the same city and the same memory as the last time.

The ledger's first line says which city it belongs to; it wins over what is asked for, so that requests of yesterday
and of last year still find their residents.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ktpel_desktop.core.card_profile import CardProfile
from ktpel_desktop.core.regions import Regions
from ktpel_desktop.siak.simulator.ledger import Entry, FileLedger, Ledger, MemoryLedger
from ktpel_desktop.siak.simulator.registry import Registry, Signer
from ktpel_desktop.siak.simulator.residents import DEFAULT_SEED, DEFAULT_SIZE, City

_CITY = "city"


def open_registry(
    regions: Regions,
    lists: Path,
    authority: Signer,
    today: date,
    profile: CardProfile,
    *,
    seed: str = DEFAULT_SEED,
    home: str = "",
    size: int = DEFAULT_SIZE,
    state: Path | None = None,
) -> tuple[Registry, City]:
    """The registry and its city.

    `lists` is the folder resources/siak/latihan, `home` the office's kelurahan code, `state` the file that outlives
    a restart (None: memory only). Raises GatewayError "siak.training_state".
    """
    ledger: Ledger = MemoryLedger() if state is None else FileLedger(state)
    first = next(iter(ledger), None)
    if first is None or first.kind != _CITY:
        body = {"seed": seed, "year": str(today.year), "home": home, "size": str(size)}
        first = Entry(_CITY, _CITY, body)
        ledger.add(first)
    body = dict(first.body)
    city = City(
        regions,
        lists,
        year=int(body["year"]),
        seed=body["seed"],
        size=int(body["size"]),
        home=body["home"],
    )
    return Registry(city, authority, profile, ledger), city
