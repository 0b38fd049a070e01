"""Region look-ups over the shipped tables and over small ones."""

from __future__ import annotations

import pytest

from ktpel_desktop import resource_files
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.regions import PrefixStanding, Regions, same_name

REGIONS = resource_files.load_regions()


def test_all_of_jakarta_is_there() -> None:
    every = REGIONS.all_kelurahan()
    assert len(every) == 267
    assert len({row.kec_code for row in every}) == 44
    assert len({row.kab_code for row in every}) == 6
    assert [row.code for row in every] == sorted(row.code for row in every)


def test_a_kelurahan_knows_what_is_above_it() -> None:
    one = REGIONS.kelurahan("3174051002")
    assert (one.name, one.kec_code, one.kab_code) == ("Pondok Pinang", "317405", "3174")
    assert REGIONS.kecamatan_name("317405") == one.kec_name
    assert REGIONS.kab_name("3174") == one.kab_name
    assert REGIONS.kecamatan_name("320101") is None
    assert REGIONS.kab_name("0951") is None


def test_an_unknown_kelurahan() -> None:
    with pytest.raises(PolicyError) as caught:
        REGIONS.kelurahan("3174059999")
    assert caught.value.code == "regions.kelurahan_unknown"


@pytest.mark.parametrize(
    ("prefix", "standing"),
    [
        ("317405", PrefixStanding.KNOWN),
        ("317499", PrefixStanding.UNKNOWN),  # all kecamatan of DKI are in the table
        ("327399", PrefixStanding.KNOWN),  # elsewhere the kab/kota is enough
        ("640401", PrefixStanding.RETIRED),
        ("927101", PrefixStanding.RETIRED),
        ("095101", PrefixStanding.UNKNOWN),
        ("000000", PrefixStanding.UNKNOWN),
    ],
)
def test_prefixes(prefix: str, standing: PrefixStanding) -> None:
    assert REGIONS.standing(prefix) is standing


def test_every_retired_prefix_names_its_heir_and_is_not_in_use() -> None:
    for row in resource_files.rows("retired_kab_prefixes"):
        assert REGIONS.standing(row["missing_prefix"] + "01") is PrefixStanding.RETIRED
        assert REGIONS.successor(row["missing_prefix"] + "01") == row["likely_successor_province"]
        assert REGIONS.kab_name(row["missing_prefix"]) is None
    assert REGIONS.successor("317405") is None


def test_names_are_compared_without_spaces_and_case() -> None:
    assert same_name("Pal Merah", "PALMERAH")
    assert same_name("Kramat Jati", "Kramatjati")
    assert not same_name("Cipayung", "Ciracas")


def test_a_missing_column_is_named() -> None:
    with pytest.raises(PolicyError) as caught:
        Regions(kelurahan=[], kab=[{"kab_code": "3174"}], retired=[])
    assert caught.value.code == "regions.column_missing"
    assert caught.value.params == {"table": "kab", "column": "kab_name"}
