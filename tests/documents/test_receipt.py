"""Receipts: what stands on them, that no text commands the printer, and that their codes can be read."""

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ktpel_desktop.core.papers import ReceiptData
from ktpel_desktop.documents.receipt import receipt, status_address
from ktpel_desktop.documents.receipt_paper import (
    ASCII,
    CODE_PAGES,
    MM58,
    MM76,
    MM80,
    PAPERS,
    CodePage,
    Paper,
    plain,
)
from ktpel_desktop.documents.receipt_picture import picture
from tests.documents.samples import RESOURCES

WIB = timezone(timedelta(hours=7))
TICKET = "ABCD2345WXYZ"
DATA = ReceiptData(
    office="Kelurahan Bangka – Satpel Dukcapil",
    number="A-012",
    ticket=TICKET,
    service="KTP-el baru",
    name_masked="SIT• C•••••••••",
    nik_masked="3174••••••••9001",
    accepted_at=datetime(2026, 11, 23, 7, 5, tzinfo=UTC),
    promised_at=datetime(2026, 11, 24, 7, 5, tzinfo=UTC),
    documents=("Fotokopi Kartu Keluarga (KK)",),
    missing=("Fotokopi akta kelahiran",),
    status_url="https://www.kependudukancapil.jakarta.go.id",
    complaints="JAKI / 1500-031",
)


def lines(data: bytes) -> str:
    """The printable text of a receipt, by the words alone."""
    text = "".join(chr(byte) if 32 <= byte < 127 or byte == 10 else " " for byte in data)
    return " ".join(text.split())


@pytest.mark.parametrize("paper", PAPERS.values())
def test_everything_an_applicant_needs_stands_on_it(paper: Paper) -> None:
    text = lines(receipt(DATA, WIB, paper))
    for wanted in (
        "Kelurahan Bangka - Satpel",
        "A-012",
        "KTP-el baru",
        "[x] Fotokopi Kartu Keluarga",
        "[ ] Fotokopi akta kelahiran",
        "Senin, 23 November 2026,",
        "Selasa, 24 November 2026,",
        "14.05",
        "GRATIS - tidak dipungut biaya",
        "SIT* C*********",
        "3174********9001",
        "ABCD 2345 WXYZ",
        "Pengaduan: JAKI / 1500-031",
        "kependudukancapil.jakarta.go.id",
        "Bukan pengganti KTP-el.",
    ):
        assert wanted in text, wanted
    assert "LATIHAN" not in text
    assert "SALINAN" not in text


def test_training_and_copies_say_so() -> None:
    text = lines(receipt(replace(DATA, training=True, copy=2), WIB))
    assert text.count("LATIHAN") == 2
    assert "SALINAN ke-2" in text


def test_the_number_is_printed_large() -> None:
    data = receipt(DATA, WIB)
    before = data[: data.index(b"A-012")]
    assert b"\x1d!\x33" in before[-16:]  # GS ! : four times wide and high


def test_code_128_is_sent_as_the_printers_command() -> None:
    assert b"\x1dk\x49\x0e{B" + TICKET.encode() in receipt(DATA, WIB)


def test_the_qr_holds_the_address_and_the_ticket_and_nothing_personal() -> None:
    assert status_address(DATA) == f"https://www.kependudukancapil.jakarta.go.id/?tiket={TICKET}"
    ready = replace(DATA, status_url=f"https://contoh.go.id/status/{TICKET}")
    assert status_address(ready) == ready.status_url


@pytest.mark.parametrize("paper", [MM58, MM80])
def test_both_codes_can_be_scanned(paper: Paper, tmp_path: Path) -> None:
    zbarimg = shutil.which("zbarimg")
    drawn = picture(receipt(DATA, WIB, paper), paper.dots, RESOURCES)
    assert Image.open(io.BytesIO(drawn)).width == paper.dots + 48
    if zbarimg is None:
        return  # the command bytes are proved above; with zbar-tools installed the drawn codes are read, too
    path = tmp_path / "struk.png"
    path.write_bytes(drawn)
    found = subprocess.run([zbarimg, "-q", str(path)], capture_output=True, text=True, check=True).stdout
    assert f"QR-Code:{status_address(DATA)}" in found
    assert f"CODE-128:{TICKET}" in found


_ANY = st.text(max_size=60)


@given(
    name=_ANY,
    office=_ANY,
    service=_ANY,
    number=_ANY,
    document=_ANY,
    paper=st.sampled_from(list(PAPERS.values())),
    page=st.sampled_from(list(CODE_PAGES.values())),
)
def test_no_text_commands_the_printer(
    name: str, office: str, service: str, number: str, document: str, paper: Paper, page: CodePage
) -> None:
    """The picture reader refuses unknown commands and lines wider than the paper."""
    clean = replace(
        DATA, name_masked=name, office=office, service=service, number=number, documents=(document,)
    )
    data = receipt(clean, WIB, paper, page)
    picture(data, paper.dots, RESOURCES)
    assert data.count(b"\x1b@") == receipt(DATA, WIB, paper, page).count(b"\x1b@") == 1


def test_a_name_with_commands_is_words_only() -> None:
    attack = "BUDI\x1b@\x1dV\x00\x10\x14\x01\x1bp\x00\x19\xfa\r\nHACK"
    data = receipt(replace(DATA, name_masked=attack), WIB)
    assert b"BUDI" in data
    assert all(command not in data for command in (b"\x1bp", b"\x10\x14", b"\x1dV\x00"))


@given(text=_ANY, page=st.sampled_from(list(CODE_PAGES.values())))
def test_no_byte_of_a_text_is_a_control(text: str, page: CodePage) -> None:
    clean = plain(text, page.codec).encode(page.codec)
    assert all(byte >= 0x20 and byte != 0x7F for byte in clean)
    assert len(clean) == len(plain(text, page.codec))
    if page is ASCII:
        assert clean.isascii()


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("ASCII", b"Rene 25 derajatC - *"),
        ("PC437", b"Ren\x82 25\xf8C - *"),
        ("WPC1252", b"Ren\xe9 25\xb0C \x96 \x95"),
    ],
)
def test_a_text_is_written_in_the_printers_code_page(page: str, sent: bytes) -> None:
    data = receipt(replace(DATA, name_masked="René 25°C – •"), WIB, MM80, CODE_PAGES[page])
    assert b"Nama: " + sent + b"\n" in data
    chosen = CODE_PAGES[page].number
    assert (b"\x1bt" in data[:8]) is (chosen is not None)
    if chosen is not None:
        assert data.startswith(b"\x1b@\x1bt" + bytes([chosen]))


def test_a_printer_of_needles_gets_text_only_and_the_ticket_large() -> None:
    """TM-U220: no GS at all but the cut, and no line of more than 33 columns."""
    data = receipt(replace(DATA, training=True), WIB, MM76)
    assert data.count(b"\x1d") == data.count(b"\x1dV") == 1
    assert b"ABCD 2345 WXYZ\n" in data
    size = data.rindex(b"\x1b!", 0, data.index(b"ABCD 2345 WXYZ"))
    assert data[size + 2] & 0x30 == 0x30  # double width and height


def test_the_picture_tells_when_a_line_is_wider_than_the_roll_of_needles() -> None:
    with pytest.raises(ValueError, match="wider"):
        picture(b"x" * (MM76.columns + 1) + b"\n", MM76.dots, RESOURCES)


def test_what_the_code_page_may_lack_is_spelled_with_what_it_has() -> None:
    assert plain("É – ’ • 25 °C ≥ 6 李") == "E - ' * 25 derajatC >= 6 ?"


def test_the_same_data_gives_the_same_bytes(capfd: pytest.CaptureFixture[str]) -> None:
    assert receipt(DATA, WIB) == receipt(DATA, WIB)
    assert capfd.readouterr() == ("", "")  # python-escpos likes to chat


def test_an_unknown_command_is_noticed() -> None:
    with pytest.raises(ValueError, match="unknown command"):
        picture(b"\x1bp\x00\x19\xfa", 512, RESOURCES)
    with pytest.raises(ValueError, match="wider"):
        picture(b"x" * 60 + b"\n", 384, RESOURCES)
