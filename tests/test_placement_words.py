"""The register and what lacks, in words: every code has its own, and a person is told what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop import placement_words, resource_files
from ktpel_desktop.core.placement import Condition, DeviceKind, PlacedDevice, Provider
from ktpel_desktop.core.power_capacity import Connection, capacity
from ktpel_desktop.core.readiness import Lack, LackKind, PointId, Stage
from ktpel_desktop.core.room import Readiness, attested, unknown, waive
from ktpel_desktop.core.room_items import ItemId

SCREEN: Mapping[str, Any] = resource_files.texts("layar")
AT = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)
FAN = PlacedDevice(DeviceKind.OTHER, "Kipas <dinding>")


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("device_kind", set(DeviceKind)),
        ("device_condition", set(Condition)),
        ("provider", set(Provider)),
        ("provider_gives", set(Provider)),
        ("readiness_point", set(PointId)),
        ("readiness_point_short", set(PointId)),
        ("readiness_stage", set(Stage)),
        ("office_readiness", set(Readiness)),
        ("lack", set(LackKind) - {LackKind.ITEM}),  # an item of the room check has its own words
        ("lack_step", set(LackKind) - {LackKind.ITEM}),
    ],
)
def test_every_code_has_its_words_and_no_words_are_left_over(table: str, codes: set[str]) -> None:
    words = SCREEN[table]
    assert set(words) == codes
    assert all(isinstance(text, str) and text.strip() for text in words.values())
    if table not in ("provider_gives", "lack_step"):
        assert len(set(words.values())) == len(words)


def test_pieces() -> None:
    assert placement_words.pieces_of(FAN) == "Kipas <dinding>"
    assert placement_words.pieces_of(replace(FAN, count=3)) == "3 × Kipas <dinding>"


def test_what_the_label_says() -> None:
    assert placement_words.draw_of(FAN) == "–"
    assert placement_words.draw_of(replace(FAN, watts=1250.5)) == "1.250,5 W"
    assert placement_words.draw_of(replace(FAN, volt_amperes=1500.0)) == "1.500 VA"
    assert placement_words.draw_of(replace(FAN, watts=60.0, volt_amperes=90.0)) == "60 W"


def test_a_device_that_lacks_is_named_with_its_number() -> None:
    lack = Lack(LackKind.NOT_REGISTERED, Provider.DINAS, device=DeviceKind.PC, count=2)
    assert placement_words.lack_of(lack) == "PC (2): belum tercatat"
    assert placement_words.step_of(lack).startswith("Tempatkan")


def test_an_item_that_lacks_is_named_with_its_state_and_says_its_own_advice() -> None:
    broken = attested(ItemId.CABINET_LOCKED, False, seen="kunci patah", by="Dewi", at=AT)
    told = {
        check.status: Lack(LackKind.ITEM, Provider.MUNICIPALITY, check)
        for check in (
            broken,
            unknown(ItemId.CABINET_LOCKED, at=AT),
            waive(broken, by="Ratna", reason="dijaga", at=AT),
        )
    }
    assert len(told) == 3
    item = SCREEN["room_item"]["cabinet_locked"]
    for status, lack in told.items():
        assert lack.check is not None
        assert placement_words.lack_of(lack) == f"{item}: {SCREEN['room_status'][status].lower()}"
        assert placement_words.step_of(lack) == SCREEN["room_advice"][lack.check.advice]


@pytest.mark.parametrize("kind", [LackKind.SUPPLY_TOO_SMALL, LackKind.LABELS_UNREAD, LackKind.TRAINING_ONLY])
def test_what_lacks_beside_items_and_devices(kind: LackKind) -> None:
    lack = Lack(kind, Provider.DINAS)
    assert placement_words.lack_of(lack) == SCREEN["lack"][kind]
    assert placement_words.step_of(lack) == SCREEN["lack_step"][kind]


def test_why_so_many_volt_amperes_are_not_so_many_watts() -> None:
    told = placement_words.supply_of(capacity(Connection(3500)))
    assert "3.500 VA = 15,9 A" in told
    assert "hanya 2.975 W, kurang 525 W dari 3.500 W" in told
    assert "Mintalah 4.400 VA" in told
    assert "anggapan" in told
    enough = placement_words.supply_of(capacity(Connection(4400, 20, 0.9)))
    assert enough == "4.400 VA pada faktor daya 0,9 cukup untuk 3.960 W; yang perlu 3.500 W."
    assert "belum dinyatakan" in placement_words.supply_of(None)


@given(st.floats(450, 100_000), st.one_of(st.none(), st.floats(0.3, 1.0)))
def test_every_supply_has_its_sentence_with_all_its_figures(
    volt_amperes: float, factor: float | None
) -> None:
    told = placement_words.supply_of(capacity(Connection(volt_amperes, power_factor=factor)))
    assert "{" not in told
    assert ("hanya" in told) == (volt_amperes * (factor or 0.85) < 3500)
