"""The program's data files: found beside the source in a checkout, inside the package once installed.

Everything is read once. A file that is missing or cannot be read is a StoreError naming the file; rules about
its content raise what the core raises.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ktpel_desktop.core.card_profile import CardProfile, read_profile
from ktpel_desktop.core.consumables import Consumable, PerCard
from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.core.regions import Regions
from ktpel_desktop.core.services_catalogue import ServiceCatalogue
from ktpel_desktop.core.stock import BLANK

_PACKAGE = Path(__file__).resolve().parent

Row = Mapping[str, str]


def root() -> Path:
    """The folder of the resources."""
    inside = _PACKAGE / "_resources"
    return inside if inside.is_dir() else _PACKAGE.parent / "resources"


def path(*parts: str) -> Path:
    """A file or folder of the resources. Raises StoreError "resources.missing"."""
    found = root().joinpath(*parts)
    if not found.exists():
        raise StoreError("resources.missing", file="/".join(parts))
    return found


@cache
def load_regions() -> Regions:
    """Regions of DKI down to the kelurahan, the nation to kab/kota, retired NIK prefixes (data: ODbL 1.0)."""
    return Regions(rows("dki_wilayah"), rows("kab_kota_nasional"), rows("retired_kab_prefixes"))


@cache
def load_catalogue() -> ServiceCatalogue:
    """The services of the counter, from layanan.toml."""
    return ServiceCatalogue.from_plain(table("layanan.toml"))


@cache
def load_consumables() -> tuple[Consumable, ...]:
    """What the room uses up beside blanks, from bahan.toml. Raises StoreError "resources.damaged"."""
    try:
        rows: Any = table("bahan.toml")["bahan"]
        found = tuple(
            Consumable(
                code=row["kode"],
                name=row["nama"],
                unit=row["satuan"],
                warn_at=int(row["ingatkan"]),
                per_card=PerCard(row["per_kartu"]) if "per_kartu" in row else None,
            )
            for row in rows
        )
    except (KeyError, TypeError, ValueError):
        raise StoreError("resources.damaged", file="bahan.toml") from None
    if len({BLANK, *(one.code for one in found)}) <= len(found):
        raise StoreError("resources.damaged", file="bahan.toml")
    return found


@cache
def load_profile(name: str) -> CardProfile:
    """The card profile resources/kartu/profil/NAME.toml. Raises StoreError "resources.missing", "resources.damaged";
    PolicyError of `read_profile`.
    """
    file = path("kartu", "profil", f"{name}.toml")
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise StoreError("resources.damaged", file=file.name) from error
    return read_profile(text, file.name)


@cache
def code_tables() -> Mapping[str, Mapping[str, str]]:
    """SIAK-style code tables: table name → code → label, labels in capitals as the card prints them."""
    tables: dict[str, dict[str, str]] = {}
    for row in rows("code_tables"):
        tables.setdefault(row["table"], {})[row["code"]] = row["label"]
    return MappingProxyType({name: MappingProxyType(codes) for name, codes in tables.items()})


@cache
def enrolment_states() -> Mapping[str, Row]:
    """The rows of the enrolment states by their name in SIAK; the rules about them stand in core.enrolment."""
    return MappingProxyType({row["state"]: row for row in rows("enrolment_states")})


@cache
def texts(name: str) -> Mapping[str, object]:
    """Words for people: resources/teks/NAME.toml together with every file of the folder resources/teks/NAME.

    The same key in two files is "resources.damaged", except that tables are joined.
    """
    single, folder = root() / "teks" / f"{name}.toml", root() / "teks" / name
    files = ([single] if single.exists() else []) + sorted(folder.glob("*.toml"))
    if not files:
        raise StoreError("resources.missing", file=f"teks/{name}")
    joined: dict[str, object] = {}
    for file in files:
        _join(joined, table(*file.relative_to(root()).parts), file.name)
    return MappingProxyType(joined)


def table(*parts: str) -> dict[str, object]:
    """A TOML file. Raises StoreError "resources.missing", "resources.damaged"."""
    try:
        return tomllib.loads(path(*parts).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError("resources.damaged", file="/".join(parts)) from error


def rows(name: str) -> list[Row]:
    """The rows of resources/data/NAME.csv. Raises StoreError "resources.missing", "resources.damaged"."""
    file = path("data", f"{name}.csv")
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            found = list(csv.DictReader(stream, strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise StoreError("resources.damaged", file=f"data/{name}.csv") from error
    # csv marks a row with too few fields by None as value, one with too many by None as key.
    if not found or any(None in row or None in row.values() for row in found):
        raise StoreError("resources.damaged", file=f"data/{name}.csv")
    return list(found)


def _join(into: dict[str, object], more: Mapping[str, object], file: str) -> None:
    for key, value in more.items():
        there = into.get(key)
        if isinstance(there, dict) and isinstance(value, dict):
            _join(there, value, file)
        elif key in into:
            raise StoreError("resources.damaged", file=file)
        else:
            into[key] = value
