"""Strangers' words made fit to be shown, and when two sightings are one device."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.placement import DeviceKind, FoundDevice
from ktpel_desktop.devices.found.printer_models import kind_of
from ktpel_desktop.devices.found.sighting import joined, make_of, plain, same, serial_of, sighting, told_apart

PRINTER, READER = DeviceKind.CARD_PRINTER, DeviceKind.CHIP_READER


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  Zebra\tZC300\r\n", "Zebra ZC300"),
        ("a\x00b\x1b[31mc", "a b [31mc"),
        ("\u202egnp.exe", "gnp.exe"),
        ("To Be Filled By O.E.M.", ""),
        ("x" * 500, "x" * 60),
        ("\0" * 10_000 + "late", ""),
    ],
)
def test_a_text_is_cleaned_and_cut(text: str, said: str) -> None:
    assert plain(text) == said


@given(st.text(max_size=700))
def test_no_text_is_too_much(text: str) -> None:
    said = plain(text)
    assert (len(said) <= 60, said.isprintable(), said == said.strip(), plain(said)) == (
        True,
        True,
        True,
        said,
    )


@pytest.mark.parametrize("text", ["", "0", "000000000000", "000-000", "---", "Default string", "\x00"])
def test_a_number_that_many_devices_carry_is_no_serial(text: str) -> None:
    assert serial_of(text) == ""


def test_a_serial_is_kept_as_it_is_written() -> None:
    assert serial_of(" 10000123 ") == "10000123"


@pytest.mark.parametrize(
    ("maker", "model", "make"),
    [
        ("HP", "HP LaserJet 400", "HP LaserJet 400"),
        ("EPSON", "LX-310", "EPSON LX-310"),
        ("", "LX-310", "LX-310"),
        ("ACS", "", "ACS"),
        ("System manufacturer", "System Product Name", ""),
    ],
)
def test_a_maker_is_not_said_twice(maker: str, model: str, make: str) -> None:
    assert make_of(maker, model) == make


@pytest.mark.parametrize(
    "make", ["EPSON LX-310", "Epson LQ310", "Epson PLQ-20", "FX-890II", "Epson 24-Pin Series", "Dot Matrix"]
)
def test_a_dot_matrix_printer_is_known_by_its_name(make: str) -> None:
    assert kind_of(make) is DeviceKind.DOT_MATRIX_PRINTER


@pytest.mark.parametrize(
    "make", ["HP LaserJet 400", "Lexmark MX310", "EPSON LX-10000F", "EPSON L310", "Zebra ZC300", ""]
)
def test_other_printers_are_not(make: str) -> None:
    assert kind_of(make) is None


USB = sighting("Zebra ZC300", None, serial="C4J1", where="USB 1-4")


@pytest.mark.parametrize(
    ("other", "one_device"),
    [
        (sighting("Zebra ZTC ZC300", PRINTER, serial="c4j1", where="antrean Z"), True),
        (sighting("Zebra ZC300", PRINTER, serial="C4J2", where="antrean Z"), False),
        (sighting("zebra zc300", PRINTER, where="antrean Z"), True),
        (sighting("Zebra ZC350", PRINTER, where="antrean Z"), False),
    ],
)
def test_one_device_seen_twice(other: object, one_device: bool) -> None:
    assert same(USB, other) is one_device  # type: ignore[arg-type]


def test_kinds_that_differ_are_two_devices_and_addresses_that_are_one_are_one() -> None:
    assert not same(sighting("X", PRINTER, where="a"), sighting("X", READER, where="b"))
    queue = sighting("HP LaserJet", DeviceKind.LASER_PRINTER, where="antrean Laser", address="10.0.0.9")
    answer = sighting("Printer jaringan", where="10.0.0.9", address="10.0.0.9")
    assert same(queue, answer)
    assert not same(queue, sighting("HP LaserJet", where="10.0.0.8", address="10.0.0.8"))
    assert not same(queue, sighting("HP LaserJet", where="USB 1-4"))
    assert joined(queue, answer).device == queue.device


def test_what_the_first_does_not_tell_the_second_fills_in() -> None:
    known = joined(USB, sighting("Zebra", PRINTER, serial="c4j1", where="antrean Z", address="10.0.0.7"))
    assert known.device == FoundDevice("Zebra ZC300", PRINTER, "C4J1", "USB 1-4")
    assert known.address == "10.0.0.7"


def test_of_one_source_each_serial_is_one_device_and_those_without_are_several() -> None:
    silent = sighting("ACS ACR122U", READER, where="PC/SC")
    assert told_apart([USB, silent, silent, USB]) == (USB, silent, silent)


def test_what_has_no_name_is_called_by_its_place() -> None:
    assert sighting("\x00", where="USB 1-4").device.make == "USB 1-4"
