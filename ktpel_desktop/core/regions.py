"""Regions: DKI Jakarta down to the kelurahan, the nation down to kab/kota, and what a NIK's prefix says.

Codes are undotted digits as the Ministry numbers them: province 2, kab/kota 4, kecamatan 6, kelurahan 10. The rows
come from outside (resources/data); names there and on signs differ ("Pal Merah", "Palmerah"), so match by code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ktpel_desktop.core.errors import PolicyError


@dataclass(frozen=True, slots=True)
class Kelurahan:
    """One kelurahan with the kecamatan and kab/kota above it."""

    code: str
    name: str
    kec_code: str
    kec_name: str
    kab_code: str
    kab_name: str


class PrefixStanding(StrEnum):
    """What today's tables say of the region prefix of a NIK."""

    KNOWN = "known"
    RETIRED = "retired"
    UNKNOWN = "unknown"


class Regions:
    """Look-ups over the region tables. Built once from rows; holds no file."""

    def __init__(
        self,
        kelurahan: Iterable[Mapping[str, str]],
        kab: Iterable[Mapping[str, str]],
        retired: Iterable[Mapping[str, str]],
    ) -> None:
        """Rows with the column names of dki_wilayah.csv, kab_kota_nasional.csv and retired_kab_prefixes.csv.

        Raises PolicyError "regions.column_missing" naming the table and column.
        """
        self._kelurahan = {
            code: Kelurahan(code, *names) for code, *names in _columns("kelurahan", kelurahan, _KELURAHAN)
        }
        self._kab = {row[0]: row[1] for row in _columns("kab", kab, _KAB)}
        self._retired = {row[0]: row[1] for row in _columns("retired", retired, _RETIRED)}
        self._kecamatan = {row.kec_code: row.kec_name for row in self._kelurahan.values()}
        self._whole_kab = {row.kab_code for row in self._kelurahan.values()}

    def kelurahan(self, code: str) -> Kelurahan:
        """The kelurahan of a ten-digit code. Raises PolicyError "regions.kelurahan_unknown"."""
        try:
            return self._kelurahan[code]
        except KeyError:
            raise PolicyError("regions.kelurahan_unknown", kelurahan=code) from None

    def all_kelurahan(self) -> tuple[Kelurahan, ...]:
        """Every kelurahan in the order of the codes."""
        return tuple(self._kelurahan[code] for code in sorted(self._kelurahan))

    def kecamatan_name(self, code: str) -> str | None:
        """Name of a kecamatan of DKI by its six-digit code."""
        return self._kecamatan.get(code)

    def kab_name(self, code: str) -> str | None:
        """Name of a kab/kota anywhere in the country by its four-digit code."""
        return self._kab.get(code)

    def standing(self, prefix: str) -> PrefixStanding:
        """What the six digits at the start of a NIK are worth.

        The kecamatan is judged only where the tables hold them (DKI); elsewhere the kab/kota is enough.
        """
        kab = prefix[:4]
        if kab in self._retired:
            return PrefixStanding.RETIRED
        if kab not in self._kab or (kab in self._whole_kab and prefix not in self._kecamatan):
            return PrefixStanding.UNKNOWN
        return PrefixStanding.KNOWN

    def successor(self, prefix: str) -> str | None:
        """Province that probably took over a retired prefix, as the table words it; not exhaustive."""
        return self._retired.get(prefix[:4])


def same_name(one: str, other: str) -> bool:
    """Whether two region names are the same once spaces and case are removed."""
    return _plain(one) == _plain(other)


_KELURAHAN = ("kel_code", "kel_name", "kec_code", "kec_name", "kab_code", "kab_name")
_KAB = ("kab_code", "kab_name")
_RETIRED = ("missing_prefix", "likely_successor_province")


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _columns(
    table: str, rows: Iterable[Mapping[str, str]], names: tuple[str, ...]
) -> Iterable[tuple[str, ...]]:
    for row in rows:
        for name in names:
            if row.get(name) is None:
                raise PolicyError("regions.column_missing", table=table, column=name)
        yield tuple(row[name] for name in names)
