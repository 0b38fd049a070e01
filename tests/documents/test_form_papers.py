"""Receipt and hand-off list on continuous form: what stands on them, page by page, whatever the data are."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ktpel_desktop.core.papers import HandedFile, HandOffList
from ktpel_desktop.documents.escp import Form, Pins
from ktpel_desktop.documents.escp_picture import pictures
from ktpel_desktop.documents.form_papers import hand_off_form, receipt_form
from tests.documents.samples import RESOURCES
from tests.documents.test_receipt import DATA, WIB

FORMS = [Form(pins, half_inches) for pins in Pins for half_inches in (11, 22)]
ROW = HandedFile("A-012", "ABCD2345WXYZ", "KTP-el baru", "SIT• C•••••••••", "3174••••••••9001", 4)
LIST = HandOffList(
    office="Satpel Dukcapil Kelurahan Bangka",
    place="Bangka",
    number=4711,
    at=DATA.accepted_at,
    giver="Sari Dewi",
    receiver="Budi Santoso",
    to_operator=True,
    files=(ROW,),
    copy=0,
    training=False,
)
COMMANDS = re.compile(rb"\x1b[CNlRkxWw].|\x1b[@2EFGMP]|[\x0f\x12\r]", re.DOTALL)


def pages(data: bytes) -> list[list[str]]:
    """The printed lines of each form."""
    words = COMMANDS.sub(b"", data).decode("ascii")
    assert words.endswith("\x0c")
    return [page.split("\n") for page in words[:-1].split("\x0c")]


def told(data: bytes) -> str:
    return " ".join(" ".join(line.split()) for page in pages(data) for line in page)


@pytest.mark.parametrize("form", FORMS)
def test_everything_an_applicant_needs_stands_on_one_form(form: Form) -> None:
    data = receipt_form(DATA, WIB, form)
    assert len(pages(data)) == 1
    for wanted in (
        "Kelurahan Bangka - Satpel",
        "A-012",
        "Layanan: KTP-el baru",
        "[x] Fotokopi Kartu Keluarga",
        "[ ] Fotokopi akta kelahiran",
        "Diterima: Senin, 23 November 2026, 14.05",
        "Perkiraan selesai: Selasa, 24 November 2026, 14.05",
        "GRATIS - tidak dipungut biaya",
        "SIT* C*********",
        "3174********9001",
        "ABCD 2345 WXYZ",
        "Pantau di: www.kependudukancapil.jakarta.go.id",
        "Pengaduan: JAKI / 1500-031",
        "Bukan pengganti KTP-el.",
    ):
        assert wanted in told(data), wanted
    assert "LATIHAN" not in told(data)
    assert "SALINAN" not in told(data)
    assert "SALINAN ke-2 - LATIHAN" in told(receipt_form(replace(DATA, copy=2, training=True), WIB, form))


def test_a_long_receipt_goes_on_under_its_number() -> None:
    found = pages(receipt_form(replace(DATA, documents=("Surat keterangan",) * 40), WIB, FORMS[0]))
    assert len(found) == 3
    for number, page in enumerate(found, 1):
        assert f"Nomor A-012, halaman {number} dari 3" in page
    assert sum(line.startswith("[x]") for page in found for line in page) == 40


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("count", [1, 3, 16, 17, 18, 22, 23, 60, 500])
def test_every_page_of_a_list_has_its_heading_and_number(form: Form, count: int) -> None:
    rows = tuple(replace(ROW, number=f"A-{place:03d}") for place in range(1, count + 1))
    found = pages(hand_off_form(replace(LIST, files=rows), WIB, form))
    for number, page in enumerate(found, 1):
        head = "\n".join(page[:9])
        assert f"Halaman {number} dari {len(found)}" in head
        assert "BERKAS DARI LOKET KE OPERATOR" in head
        assert re.search(r"Yang menyerahkan: +Sari Dewi\nYang menerima: +Budi Santoso\n", head)
        assert re.search(r"No +Nomor +Kode +Nama +NIK +Layanan +Ada", head)
        assert any(re.match(r"\d+ +A-", line) for line in page), "a page of signatures only"
    numbers = [match[1] for page in found for line in page if (match := re.match(r"\d+ +(A-\d+)", line))]
    assert numbers == [row.number for row in rows]
    last = "\n".join(found[-1][-6:])
    assert f"Jumlah: {count} berkas" in last
    assert re.search(r"\(Sari Dewi\) +\(Budi Santoso\)$", last)
    assert sum("Jumlah" in line for page in found for line in page) == 1


def test_results_copies_and_training_say_so() -> None:
    text = told(hand_off_form(replace(LIST, to_operator=False, copy=3, training=True), WIB, FORMS[0]))
    assert "HASIL DARI OPERATOR KE LOKET" in text
    assert "SALINAN ke-3 - LATIHAN" in text
    assert "Jumlah: 1 hasil" in text


_ANY = st.text(max_size=200)


@settings(max_examples=40)
@given(texts=st.lists(_ANY, min_size=8, max_size=8), count=st.integers(0, 40), form=st.sampled_from(FORMS))
def test_no_text_commands_the_printer_or_leaves_the_form(texts: list[str], count: int, form: Form) -> None:
    """The picture reader refuses unknown commands, lines past the edge, empty forms and forms that run over."""
    office, giver, number, ticket, service, name, nik, document = texts
    row = HandedFile(number, ticket, service, name, nik, count)
    given_list = replace(LIST, office=office, giver=giver, receiver=giver, files=(row,) * count)
    receipt = replace(
        DATA,
        office=office,
        number=number,
        ticket=ticket,
        service=service,
        name_masked=name,
        nik_masked=nik,
        documents=(document,) * count,
        complaints=document,
        status_url=document,
    )
    for data in (hand_off_form(given_list, WIB, form), receipt_form(receipt, WIB, form)):
        assert len(pictures(data, RESOURCES)) == data.count(b"\x0c")
        assert data.count(b"\x1b@") == 1
        assert data.count(b"\x1bC") == 1
    assert hand_off_form(given_list, WIB, form) == hand_off_form(given_list, WIB, form)


def test_a_name_with_commands_is_words_only() -> None:
    data = hand_off_form(replace(LIST, giver="BUDI\x1b@\x1bC\x01\x0c\x07\r\nHACK"), WIB, FORMS[0])
    assert data.count(b"\x0c") == 1
    assert b"BUDI" in data
    assert b"\x07" not in data
