"""Simulated receipt and page printers and instruments."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.room import judge
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.devices.simulator import (
    FAULTS,
    Faults,
    SimulatedDotMatrixPrinter,
    SimulatedPagePrinter,
    SimulatedReceiptPrinter,
    SimulatedSensor,
    apparent_power_meter,
    line_test,
    power_meter,
    thermometer,
)


def test_receipts_lie_in_the_folder_in_order(tmp_path: Path) -> None:
    printer = SimulatedReceiptPrinter(Faults(), tmp_path / "struk")
    printer.send(b"one")
    printer.send(b"two")
    assert [path.read_bytes() for path in sorted((tmp_path / "struk").iterdir())] == [b"one", b"two"]
    assert printer.printed == [b"one", b"two"]


@pytest.mark.parametrize("name", ["receipt_off", "receipt_no_paper", "receipt_torn"])
def test_a_failed_receipt_tells_its_effect_honestly(name: str) -> None:
    faults = Faults()
    printer = SimulatedReceiptPrinter(faults)
    faults.script(name)
    with pytest.raises(DeviceError) as failed:
        printer.send(b"0123456789")
    assert failed.value.effect is FAULTS[name].effect
    assert list(printer.printed) == ([] if failed.value.effect is Effect.NONE else [b"01234"])


@pytest.mark.parametrize("name", ["page_off", "page_no_paper", "page_answer_lost"])
def test_a_failed_page_tells_its_effect_honestly(name: str) -> None:
    faults = Faults()
    printer = SimulatedPagePrinter(faults)
    faults.script(name)
    with pytest.raises(DeviceError) as failed:
        printer.print_pdf(b"%PDF-1.7", "Laporan")
    assert failed.value.effect is FAULTS[name].effect
    assert len(printer.printed) == (0 if failed.value.effect is Effect.NONE else 1)


@pytest.mark.parametrize("name", ["form_off", "form_no_paper", "form_answer_lost"])
def test_a_failed_form_tells_its_effect_honestly(name: str, tmp_path: Path) -> None:
    faults = Faults()
    printer = SimulatedDotMatrixPrinter(faults, tmp_path)
    assert printer.health().ready is Answer.YES
    faults.script(name)
    assert (printer.health().ready is Answer.NO) == (name != "form_answer_lost")
    with pytest.raises(DeviceError) as failed:
        printer.send_raw(b"\x1b@", "Daftar serah")
    assert failed.value.effect is FAULTS[name].effect
    came_out = [] if failed.value.effect is Effect.NONE else ["form-0001-daftar-serah.prn"]
    assert [path.name for path in tmp_path.iterdir()] == came_out
    assert len(printer.printed) == len(came_out)


def test_a_title_cannot_leave_the_folder(tmp_path: Path) -> None:
    printer = SimulatedPagePrinter(Faults(), tmp_path)
    printer.print_pdf(b"%PDF-1.7", "../../Laporan Harian: 23/11")
    assert [path.name for path in tmp_path.iterdir()] == ["halaman-0001-laporan-harian-23-11.pdf"]


def test_only_pdf_is_printed() -> None:
    with pytest.raises(DeviceError) as refused:
        SimulatedPagePrinter(Faults()).print_pdf(b"hello", "x")
    assert (refused.value.code, refused.value.effect) == ("page.not_pdf", Effect.NONE)


def test_a_folder_that_refuses_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DeviceError) as refused:
        SimulatedReceiptPrinter(Faults(), tmp_path / "file").send(b"x")
    assert refused.value.code == "simulator.paper_unwritable"


def test_a_silent_printer_is_unknown_and_prints() -> None:
    faults = Faults()
    receipts, pages = SimulatedReceiptPrinter(faults), SimulatedPagePrinter(faults)
    faults.script("receipt_silent")
    faults.script("page_silent")
    assert receipts.health().ready is Answer.UNKNOWN
    assert pages.health().ready is Answer.UNKNOWN
    receipts.send(b"x")
    pages.print_pdf(b"%PDF-1.7", "x")
    assert len(receipts.printed) == len(pages.printed) == 1
    assert receipts.health().ready is Answer.YES
    assert pages.health().ready is Answer.YES


@pytest.mark.parametrize(
    ("name", "note"), [("receipt_off", "receipt.off"), ("receipt_no_paper", "receipt.no_paper")]
)
def test_receipt_health(name: str, note: str) -> None:
    faults = Faults()
    faults.script(name)
    assert SimulatedReceiptPrinter(faults).health().notes == (note,)


@pytest.mark.parametrize(("name", "note"), [("page_off", "page.off"), ("page_no_paper", "page.no_paper")])
def test_page_health(name: str, note: str) -> None:
    faults = Faults()
    faults.script(name)
    assert SimulatedPagePrinter(faults).health().notes == (note,)


INSTRUMENTS: list[tuple[Callable[[Faults], SimulatedSensor], str, str, ItemId | None]] = [
    (thermometer, "thermometer", "°C", ItemId.TEMPERATURE),
    (power_meter, "power_meter", "W", None),
    (apparent_power_meter, "power_meter", "VA", None),
    (line_test, "line_test", "Mbps", ItemId.BANDWIDTH),
]


@pytest.mark.parametrize(("make", "name", "unit", "item"), INSTRUMENTS)
def test_an_instrument_of_training_reads_a_good_room(
    make: Callable[[Faults], SimulatedSensor], name: str, unit: str, item: ItemId | None
) -> None:
    sensor = make(Faults())
    readings = [sensor.read() for _ in range(10)]
    assert {reading.unit for reading in readings} == {unit}
    if item is not None:
        assert {judge(item, reading.value, unit).status for reading in readings} == {Status.OK}


@pytest.mark.parametrize(("make", "name", "unit", "item"), INSTRUMENTS)
def test_what_is_no_measurement_is_never_a_reading(
    make: Callable[[Faults], SimulatedSensor], name: str, unit: str, item: ItemId | None
) -> None:
    faults = Faults()
    sensor = make(faults)
    faults.script(f"{name}_missing")
    assert sensor.health().ready is Answer.NO
    for code in ("sensor.missing", "sensor.not_measured"):
        with pytest.raises(DeviceError) as failed:
            sensor.read()
        assert (failed.value.code, failed.value.effect) == (code, Effect.NONE)
        faults.script(f"{name}_sentinel")
    faults.clear()
    assert sensor.health().ready is Answer.YES


def test_a_series_is_read_in_order_and_its_last_value_stays() -> None:
    sensor = thermometer(Faults(), [21.0, 22.0])
    assert [sensor.read().value for _ in range(3)] == [21.0, 22.0, 22.0]
    sensor.feed(26.5, 27.0)
    assert [sensor.read().value for _ in range(4)] == [26.5, 27.0, 22.0, 22.0]
    with pytest.raises(ValueError, match="at least one"):
        thermometer(Faults(), [])
