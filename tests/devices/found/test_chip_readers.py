"""Readers by their names: the slots of one body are one reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.placement import DeviceKind, FoundDevice
from ktpel_desktop.devices.found.chip_readers import bodies, chip_readers
from ktpel_desktop.devices.pcsc.failures import NO_SERVICE
from tests.devices.pcsc.fake_scard import FakeScard, installed

PICC = "ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] (R12) 00 00"
SAM = "ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM] (R12) 01 00"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> FakeScard:
    return installed(monkeypatch)


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        ((PICC, SAM), [PICC]),
        ((SAM, PICC), [PICC]),
        (
            ("ACS ACR1252 1S CL Reader PICC 0", "ACS ACR1252 1S CL Reader SAM 0"),
            ["ACS ACR1252 1S CL Reader PICC 0"],
        ),
        (("KTP Encoder 00 00", "KTP Encoder 00 01"), ["KTP Encoder 00 00"]),
        (("ACS ACR122 0", "ACS ACR122 1"), ["ACS ACR122 0", "ACS ACR122 1"]),
        (("KTP Encoder 00 00", "SAM Reader 00 00"), ["KTP Encoder 00 00", "SAM Reader 00 00"]),
        (("Samsung Reader 0", "Other Reader 0"), ["Samsung Reader 0", "Other Reader 0"]),
        ((), []),
    ],
)
def test_the_slots_of_one_body_are_one_reader(names: tuple[str, ...], kept: list[str]) -> None:
    assert bodies(names) == kept


def test_a_reader_is_told_with_make_and_serial(service: FakeScard) -> None:
    service.readers = [PICC, SAM, "KTP Encoder 02 00"]
    assert [one.device for one in chip_readers().seen] == [
        FoundDevice("ACS ACR1252 Dual Reader", DeviceKind.CHIP_READER, "R12", f"PC/SC {PICC}"[:60]),
        FoundDevice("KTP Encoder", DeviceKind.CHIP_READER, "", "PC/SC KTP Encoder 02 00"),
    ]


def test_no_reader_is_no_note_and_no_service_is_one(service: FakeScard) -> None:
    service.readers = []
    assert (chip_readers().seen, chip_readers().notes) == ((), ())
    service.will("SCardEstablishContext", NO_SERVICE)
    found = chip_readers()
    assert (found.seen, found.notes) == ((), ("pcsc.no_service",))


@given(st.lists(st.text(max_size=200), max_size=4, unique=True))
def test_no_name_crashes_the_search(names: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        installed(patch).readers = list(names)
        for one in chip_readers().seen:
            assert one.device.make
            assert one.device.make.isprintable()
            assert len(one.device.make) <= 60
