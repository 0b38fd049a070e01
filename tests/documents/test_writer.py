"""The paper writer keeps the port's promise, and Indonesian dates, times and numbers are as people write them."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.office import Office
from ktpel_desktop.core.papers import Papers
from ktpel_desktop.documents.escp import Form, Pins
from ktpel_desktop.documents.form_papers import hand_off_form, receipt_form
from ktpel_desktop.documents.indonesian import card_date, clock, long_date, minutes, number, plain_date
from ktpel_desktop.documents.writer import PaperWriter
from tests.documents.samples import RESOURCES, SUBJECT, order
from tests.documents.test_daily_report import REPORT
from tests.documents.test_form_papers import LIST
from tests.documents.test_receipt import DATA
from tests.documents.test_room_minutes import MINUTES

OFFICE = Office(
    name="Kelurahan Bangka",
    kelurahan_code="3174041003",
    kelurahan="Bangka",
    kecamatan="Mampang Prapatan",
    kabupaten="Kota Administrasi Jakarta Selatan",
    province="DKI Jakarta",
    timezone=ZoneInfo("Asia/Jakarta"),
    training=True,
)


def test_the_writer_is_the_port() -> None:
    papers: Papers = PaperWriter(RESOURCES, OFFICE)
    assert papers.card_face(order()) == papers.card_face(order())
    assert papers.proof(SUBJECT).startswith(b"\x89PNG")
    assert papers.receipt(DATA).startswith(b"\x1b@")
    assert papers.daily_report(REPORT).startswith(b"%PDF-")
    assert papers.room_minutes(MINUTES).startswith(b"%PDF-")


def test_a_receipt_follows_the_roll() -> None:
    narrow, wide = PaperWriter(RESOURCES, OFFICE, receipt_mm=58), PaperWriter(RESOURCES, OFFICE)
    assert narrow.receipt(DATA) != wide.receipt(DATA)
    with pytest.raises(ValueError, match="58, 76 or 80"):
        PaperWriter(RESOURCES, OFFICE, receipt_mm=112)
    western = PaperWriter(RESOURCES, OFFICE, receipt_mm=76, receipt_page="WPC1252").receipt(DATA)
    assert western.startswith(b"\x1b@\x1bt\x10")


def test_receipts_and_lists_follow_the_form() -> None:
    form = Form(Pins.TWENTY_FOUR, 11)
    papers = PaperWriter(RESOURCES, OFFICE, form=form, receipt_on_form=True)
    assert papers.receipt(DATA) == receipt_form(DATA, OFFICE.timezone, form)
    assert papers.hand_off_form(LIST) == hand_off_form(LIST, OFFICE.timezone, form)


def test_a_writer_costs_nothing_before_it_draws() -> None:
    program = (
        "import sys, ktpel_desktop.documents.writer; "
        "sys.exit(any(name in sys.modules for name in ('PIL', 'reportlab', 'escpos', 'qrcode')))"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=False).returncode
        == 0
    )


def test_dates() -> None:
    assert long_date(date(2026, 11, 23)) == "Senin, 23 November 2026"
    assert plain_date(date(2026, 8, 1)) == "1 Agustus 2026"
    assert card_date(date(2026, 1, 2)) == "02-01-2026"


@pytest.mark.parametrize(
    ("hours", "shown"), [(7, "14.05 WIB"), (8, "15.05 WITA"), (9, "16.05 WIT"), (5.5, "12.35"), (0, "07.05")]
)
def test_times(hours: float, shown: str) -> None:
    assert clock(datetime(2026, 11, 23, 7, 5, tzinfo=UTC), timezone(timedelta(hours=hours))) == shown


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [(0, 0, "0"), (1234567, 0, "1.234.567"), (23.45, 1, "23,4"), (-8, 0, "−8"), (-0.01, 1, "0,0")],
)
def test_numbers(value: float, decimals: int, shown: str) -> None:
    assert number(value, decimals) == shown


@given(st.integers(-(10**12), 10**12))
def test_a_number_can_be_read_back(value: int) -> None:
    assert int(number(value).replace(".", "").replace("−", "-")) == value


@pytest.mark.parametrize(
    ("total", "shown"),
    [(0, "0 menit"), (45, "45 menit"), (120, "2 jam"), (125, "2 jam 5 menit"), (4560, "3 hari 4 jam")],
)
def test_minutes(total: int, shown: str) -> None:
    assert minutes(total) == shown
