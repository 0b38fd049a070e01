"""The register's lines: what may stand in it, what the journal keeps of it, and what it draws."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core import placement
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.placement import (
    NO_SERIAL,
    WANTED,
    Condition,
    DeviceKind,
    FoundDevice,
    PlacedDevice,
    checked,
    from_journal,
    not_registered,
    power_inventory,
)
from ktpel_desktop.core.power_capacity import LoadGroup, budget

TODAY = date(2026, 11, 23)
PRINTER = PlacedDevice(DeviceKind.CARD_PRINTER, "Zebra ZC300", "C4J1", "BAST-7", TODAY, watts=60.0)
LABELS = st.none() | st.floats(1.0, 1_000_000.0) | st.integers(1, 1_000_000)
DEVICES = st.builds(
    PlacedDevice,
    kind=st.sampled_from(DeviceKind),
    make=st.text(),
    serial=st.text(),
    document=st.text(),
    placed_on=st.none() | st.dates(),
    condition=st.sampled_from(Condition),
    count=st.integers(1, 100),
    watts=LABELS,
    volt_amperes=LABELS,
    power_factor=st.floats(0.01, 1.0),
    on_ups=st.booleans(),
)


# ---------------------------------------------------------------- the journal's form


@given(DEVICES)
def test_the_journal_gives_every_line_back(device: PlacedDevice) -> None:
    again = from_journal(json.loads(json.dumps({"number": 3, **device.told(), "reason": "x"})))
    assert again == device
    assert (type(again.kind), type(again.condition)) == (DeviceKind, Condition)


def test_a_field_that_an_older_version_did_not_write_has_its_default() -> None:
    told = PRINTER.told()
    del told["on_ups"], told["placed_on"]
    assert from_journal(told) == replace(PRINTER, placed_on=None)


# ---------------------------------------------------------------- what may stand in the register


def code_of(**changes: object) -> str:
    with pytest.raises(PolicyError) as refusal:
        checked(replace(PRINTER, **changes), TODAY)  # type: ignore[arg-type]
    return refusal.value.code


def test_blanks_are_trimmed() -> None:
    spacious = replace(PRINTER, make=" Zebra ZC300\t", serial="  C4J1 ", document="BAST-7 \n")
    assert checked(spacious, TODAY) == PRINTER


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("make", "placement.make_missing"),
        ("serial", "placement.serial_missing"),
        ("document", "placement.document_missing"),
    ],
)
def test_what_is_blank_is_missing(field: str, code: str) -> None:
    assert code_of(**{field: ""}) == code_of(**{field: " \t\u00a0"}) == code


@pytest.mark.parametrize("kind", DeviceKind)
def test_which_kinds_need_a_serial(kind: DeviceKind) -> None:
    if kind in NO_SERIAL:
        assert checked(replace(PRINTER, kind=kind, serial=" "), TODAY).serial == ""
    else:
        assert code_of(kind=kind, serial=" ") == "placement.serial_missing"


def test_the_day_of_the_minutes() -> None:
    assert code_of(placed_on=None) == "placement.day_missing"
    assert code_of(placed_on=TODAY + timedelta(days=1)) == "placement.day_ahead"
    assert checked(PRINTER, TODAY).placed_on == TODAY


def test_one_serial_is_one_piece() -> None:
    assert code_of(count=2) == code_of(count=0) == "placement.count"
    several = replace(PRINTER, kind=DeviceKind.OTHER, serial="")
    assert checked(replace(several, count=100), TODAY).count == 100
    for count in (0, -1, 101):
        with pytest.raises(PolicyError, match=r"placement\.count"):
            checked(replace(several, count=count), TODAY)


@pytest.mark.parametrize("figure", [0.0, -5.0, 0.5, 1_000_001.0, nan, inf, -inf])
def test_a_label_that_cannot_be_true(figure: float) -> None:
    assert code_of(watts=figure) == "placement.label"
    assert code_of(watts=None, volt_amperes=figure) == "placement.label"
    assert code_of(watts=60.0, volt_amperes=figure) == "placement.label"


@pytest.mark.parametrize("factor", [0.0, -0.85, 1.01, nan, inf])
@pytest.mark.parametrize("watts", [None, 60.0])
def test_a_power_factor_that_cannot_be_true(factor: float, watts: float | None) -> None:
    assert code_of(watts=watts, power_factor=factor) == "placement.label"


@pytest.mark.parametrize("field", ["make", "serial", "document"])
def test_what_no_label_is_long_enough_for(field: str) -> None:
    longest = placement.LONGEST
    settled = checked(replace(PRINTER, **{field: "W" * longest + "  "}), TODAY)  # type: ignore[arg-type]
    assert getattr(settled, field) == "W" * longest
    assert code_of(**{field: "W" * (longest + 1)}) == "placement.too_long"


@given(DEVICES)
def test_a_checked_line_stays_as_it_is(device: PlacedDevice) -> None:
    try:
        settled = checked(device, TODAY)
    except PolicyError:
        return
    assert checked(settled, TODAY) == settled


# ---------------------------------------------------------------- conditions and what is wanted


def test_what_stands_there_and_what_works() -> None:
    told = {
        one: (replace(PRINTER, condition=one).there, replace(PRINTER, condition=one).usable)
        for one in Condition
    }
    assert told == {
        Condition.GOOD: (True, True),
        Condition.LIGHT_DAMAGE: (True, True),
        Condition.HEAVY_DAMAGE: (True, False),
        Condition.TAKEN_AWAY: (False, False),
    }


def test_the_lampiran_names_two_computers_and_one_of_each_printer() -> None:
    named = {one.kind: one.count for one in WANTED if "Lampiran" in one.paragraph}
    assert named == {
        DeviceKind.PC: 2,
        DeviceKind.SERVER: 1,
        DeviceKind.CARD_PRINTER: 1,
        DeviceKind.DOT_MATRIX_PRINTER: 1,
        DeviceKind.LASER_PRINTER: 1,
        DeviceKind.AIR_CONDITIONER: 1,
    }
    assert len({one.kind for one in WANTED}) == len(WANTED)


# ---------------------------------------------------------------- power


def line(kind: DeviceKind, **changes: object) -> PlacedDevice:
    return replace(PRINTER, kind=kind, **changes)  # type: ignore[arg-type]


def test_the_groups_of_the_budget() -> None:
    groups = {kind: [one.group for one in power_inventory([line(kind)])] for kind in DeviceKind}
    computers, printers = [LoadGroup.COMPUTERS], [LoadGroup.PRINTERS]
    assert groups == {
        DeviceKind.PC: computers,
        DeviceKind.SERVER: computers,
        DeviceKind.CARD_PRINTER: printers,
        DeviceKind.DOT_MATRIX_PRINTER: printers,
        DeviceKind.LASER_PRINTER: printers,
        DeviceKind.CHIP_READER: [LoadGroup.OTHER],
        DeviceKind.UPS: [],
        DeviceKind.RECEIPT_PRINTER: [LoadGroup.OTHER],
        DeviceKind.AIR_CONDITIONER: [LoadGroup.AIR_CONDITIONER],
        DeviceKind.CABINET: [],
        DeviceKind.OTHER: [LoadGroup.OTHER],
    }


def test_a_line_draws_what_its_label_says_for_each_piece() -> None:
    several = line(DeviceKind.OTHER, serial="", count=3, watts=40.0, power_factor=0.8, on_ups=True)
    found = budget(power_inventory([several, line(DeviceKind.PC, watts=None, volt_amperes=100.0)]))
    assert found.total.watts == pytest.approx(120.0 + 85.0)
    assert found.total.volt_amperes == pytest.approx(150.0 + 100.0)
    assert (found.on_ups.watts, found.unread) == (120.0, ())


def test_what_was_taken_away_draws_nothing_and_what_is_broken_may() -> None:
    assert power_inventory([line(DeviceKind.PC, condition=Condition.TAKEN_AWAY)]) == []
    assert len(power_inventory([line(DeviceKind.PC, condition=Condition.HEAVY_DAMAGE)])) == 1


def test_labels_that_nobody_read() -> None:
    unread = [
        line(DeviceKind.PC, make="Tanpa label", watts=None),
        line(DeviceKind.UPS, watts=None),
        line(DeviceKind.CABINET, watts=None),
        line(DeviceKind.SERVER, watts=None, condition=Condition.TAKEN_AWAY),
    ]
    assert budget(power_inventory(unread)).unread == ("Tanpa label",)


# ---------------------------------------------------------------- what was found


def test_a_found_serial_is_known_in_any_case_and_under_any_make() -> None:
    assert not not_registered([FoundDevice("Zebra", None, "c4j1")], [PRINTER])
    assert not not_registered([FoundDevice("Zebra", None, " C4J1 ")], [PRINTER])
    other = FoundDevice("Zebra ZC300", DeviceKind.CARD_PRINTER, "C4J2")
    assert not_registered([other], [PRINTER]) == [other]


def test_what_tells_no_serial_is_known_by_make_and_kind() -> None:
    def found(make: str, kind: DeviceKind | None, serial: str = "") -> bool:
        return bool(not_registered([FoundDevice(make, kind, serial)], [PRINTER]))

    assert not found("ZEBRA zc300", DeviceKind.CARD_PRINTER)
    assert not found(" Zebra ZC300 ", DeviceKind.CARD_PRINTER, "  ")
    assert found("Zebra ZC300", DeviceKind.LASER_PRINTER)
    assert found("Zebra ZC100", DeviceKind.CARD_PRINTER)
    assert found("Zebra ZC300", None)


def test_what_was_taken_away_is_found_again() -> None:
    seen = [FoundDevice("Zebra ZC300", DeviceKind.CARD_PRINTER, "C4J1"), FoundDevice("x", None)]
    gone = replace(PRINTER, condition=Condition.TAKEN_AWAY)
    assert not_registered(seen, [gone]) == seen
    assert not_registered(seen, []) == seen


def test_a_line_without_a_serial_does_not_know_a_serial() -> None:
    fan = replace(PRINTER, kind=DeviceKind.OTHER, serial="", make="Kipas")
    seen = FoundDevice("Kipas", DeviceKind.OTHER, "K-1")
    assert not_registered([seen], [fan]) == [seen]
