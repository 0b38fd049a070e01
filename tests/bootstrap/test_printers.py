"""Which printer stands behind the desk, by the settings: a wrong one would print on paper that is no card."""

import ctypes
import socket
import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from ktpel_desktop.bootstrap import printers
from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.card_printer.evolis import EvolisPrinter
from ktpel_desktop.devices.print_queue.cups import CupsSystem
from ktpel_desktop.devices.print_queue.jobs import Format
from ktpel_desktop.devices.print_queue.windows import WindowsSystem
from ktpel_desktop.devices.simulator import (
    SimulatedCardPrinter,
    SimulatedDotMatrixPrinter,
    SimulatedPagePrinter,
    SimulatedReceiptPrinter,
)
from ktpel_desktop.devices.simulator.workbench import Workbench
from ktpel_desktop.documents.escp import Form, Pins
from ktpel_desktop.settings import Settings
from tests.devices.printing.fake_system import CARD_QUEUE, FakeSystem

SIMULATED = SimulatedCardPrinter(Workbench())
SIMULATED_RECEIPTS = SimulatedReceiptPrinter(Workbench().faults)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> FakeSystem:
    """A print system with one queue, Fargo."""
    fake = FakeSystem(known=replace(CARD_QUEUE, name="Fargo", live=True, printed=7))
    monkeypatch.setattr(printers, "print_system", lambda: fake)
    return fake


def test_an_office_that_names_no_card_printer_practises() -> None:
    chosen = printers.card_printer(Settings(), SIMULATED)
    assert (chosen.printer, chosen.feeder, chosen.name, chosen.head) == (SIMULATED, None, "tiruan", "id1_300")


def test_a_queue_is_the_one_that_is_named(system: FakeSystem) -> None:
    chosen = printers.card_printer(Settings(card_printer_by="antrean", card_queue="Fargo"), SIMULATED)
    assert (chosen.printer.marker(), chosen.feeder, chosen.name, chosen.head) == (7, None, "Fargo", "id1_300")
    other = printers.card_printer(Settings(card_printer_by="antrean", card_queue="Laser"), SIMULATED)
    with pytest.raises(DeviceError) as unknown:
        other.printer.marker()
    assert unknown.value.code == "queue.unknown"


@pytest.mark.parametrize("inline", [False, True])
def test_an_evolis_moves_cards_only_where_its_reader_is_inside(inline: bool) -> None:
    chosen = printers.card_printer(Settings(card_printer_by="evolis", inline_encoder=inline), SIMULATED)
    assert isinstance(chosen.printer, EvolisPrinter)
    assert chosen.feeder is (chosen.printer if inline else None)
    assert (chosen.name, chosen.head) == ("evolis", "evolis_300")


@pytest.mark.parametrize("by", ["tiruan", "antrean", "evolis"])
def test_the_offices_own_head_goes_before_the_usual_one(by: str, system: FakeSystem) -> None:
    settings = Settings(card_printer_by=by, card_queue="Fargo", print_head="fargo_hdp5000_300")
    assert printers.card_printer(settings, SIMULATED).head == "fargo_hdp5000_300"


def test_reports_go_to_the_queue_that_is_named_or_to_the_simulated_printer(
    system: FakeSystem, tmp_path_factory: pytest.TempPathFactory
) -> None:
    simulated = SimulatedPagePrinter(Workbench().faults, tmp_path_factory.mktemp("papers"))
    assert printers.page_printer(Settings(), simulated) is simulated
    assert printers.page_printer(Settings(page_queue="Fargo"), simulated).health().ready is Answer.YES


@pytest.mark.parametrize("by", ["usb", "jaringan", "berkas"])
def test_receipts_go_the_way_that_is_named(by: str, tmp_path: Path) -> None:
    file = tmp_path / "struk.bin"
    file.touch()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = Settings(
            receipt_by=by,
            receipt_usb="ffff:fffe",
            receipt_address=f"127.0.0.1:{listener.getsockname()[1]}",
            receipt_file=str(file),
        )
        printer = printers.receipt_printer(settings, SIMULATED_RECEIPTS)
        told = printer.health()
        if by == "jaringan":
            listener.settimeout(5)
            listener.accept()[0].close()
    expected = {
        "usb": (Answer.NO, {"receipt.off", "receipt.no_usb_library"}),
        "jaringan": (Answer.UNKNOWN, {"receipt.silent"}),
        "berkas": (Answer.UNKNOWN, {"receipt.silent"}),
    }
    assert told.ready is expected[by][0]
    assert told.notes
    assert set(told.notes) <= expected[by][1]


def test_receipts_go_to_the_queue_that_is_named_or_to_the_simulated_printer(system: FakeSystem) -> None:
    assert printers.receipt_printer(Settings(), SIMULATED_RECEIPTS) is SIMULATED_RECEIPTS
    queue = printers.receipt_printer(
        Settings(receipt_by="antrean", receipt_queue="Fargo"), SIMULATED_RECEIPTS
    )
    queue.send(b"receipt")
    assert [one.data for one in system.submitted] == [b"receipt"]


def test_forms_go_raw_to_the_queue_that_is_named_or_nowhere(system: FakeSystem) -> None:
    simulated = SimulatedDotMatrixPrinter(Workbench().faults)
    assert printers.dot_matrix_printer(Settings(), simulated) is simulated
    assert printers.dot_matrix_printer(Settings(dot_matrix_by="tanpa"), simulated) is None
    real = printers.dot_matrix_printer(Settings(dot_matrix_by="antrean", dot_matrix_queue="Fargo"), simulated)
    assert real is not None
    real.send_raw(b"\x1b@", "Daftar serah berkas")
    (sent,) = system.submitted
    assert (sent.data, sent.format, sent.title) == (b"\x1b@", Format.RAW, "Daftar serah berkas")


@pytest.mark.parametrize(("inches", "half_inches"), [(5.5, 11), (11.0, 22)])
def test_the_form_is_that_of_the_settings(inches: float, half_inches: int) -> None:
    found = printers.form(Settings(dot_matrix_pins=24, form_inches=inches))
    assert found == Form(Pins.TWENTY_FOUR, half_inches)


def test_receipts_come_out_on_the_roll_unless_the_settings_send_them_to_the_form() -> None:
    faults = Workbench().faults
    roll, forms = SimulatedReceiptPrinter(faults), SimulatedDotMatrixPrinter(faults)
    assert printers.receipts(Settings(), roll, forms) is roll
    chosen = printers.receipts(Settings(receipt_on_form=True), roll, forms)
    chosen.send(b"\x1b@")
    assert (list(forms.printed), list(roll.printed)) == ([b"\x1b@"], [])
    faults.script("form_off")
    assert chosen.health().ready is Answer.NO
    with pytest.raises(DeviceError, match=r"page\.off"):
        chosen.send(b"\x1b@")


def test_windows_paints_pictures_and_everything_else_asks_cups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *told, **options: MagicMock())
    found = {}
    for platform in ("win32", "linux"):
        monkeypatch.setattr(sys, "platform", platform)
        found[platform] = printers.print_system()
    assert isinstance(found["win32"], WindowsSystem)
    assert isinstance(found["linux"], CupsSystem)
    assert (found["win32"].exact, found["linux"].exact) == (Format.PNG, Format.PDF)
