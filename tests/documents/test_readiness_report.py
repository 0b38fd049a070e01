"""The readiness report on paper: everything of the data stands in it, within the page, as it was typed."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ktpel_desktop import placement_words
from ktpel_desktop.core.papers import ReadinessReport
from ktpel_desktop.core.placement import LONGEST, Condition, DeviceKind, PlacedDevice, Provider
from ktpel_desktop.core.readiness import Application
from ktpel_desktop.core.room import attested, measured, waive
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.documents.indonesian import card_date
from ktpel_desktop.documents.readiness_report import readiness_report
from ktpel_desktop.spoken import word
from tests.documents.placements import AT, DAY, FULL, OFFICE, ONE_OF_EACH_CONDITION, device, report, room
from tests.documents.samples import RESOURCES
from tests.documents.test_daily_report import pages

pypdfium2: Any = importlib.import_module("pypdfium2")  # it carries no types
HOT = measured(ItemId.TEMPERATURE, 31.25, "°C", at=AT, source="TEMPer")
BROKEN = attested(ItemId.CABINET_LOCKED, False, seen="kunci patah", by="Dewi", at=AT)
WAIVED = waive(BROKEN, by="Ratna Wulandari", reason="dijaga petugas", at=AT)
ODD = report(
    [*(one for one in FULL if one.kind is not DeviceKind.SERVER), *ONE_OF_EACH_CONDITION],
    room(HOT, WAIVED, without=[ItemId.AREA]),
    Application("1.2.3", None, training=False),
    None,
)


def made(what: ReadinessReport) -> bytes:
    return readiness_report(what, RESOURCES)


def text(what: ReadinessReport) -> str:
    """All text, white space as single blanks, without the words around the pages."""
    return " ".join(pages(made(what)))


def solid(told: str) -> str:
    """Without any white space: a cell breaks its lines where it must."""
    return "".join(told.split())


@contextmanager
def opened(pdf: bytes) -> Iterator[Any]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def assert_within_the_page(pdf: bytes) -> None:
    """No character of any page stands outside of its margins (15 mm), but the mark of training across it."""
    margin = 42.0
    with opened(pdf) as document:
        for page in document:
            reader = page.get_textpage()
            width, height = page.get_size()
            for place in range(reader.count_chars()):
                left, bottom, right, top = reader.get_charbox(place)
                if right - left < 60:
                    told = reader.get_text_range(place, 1)
                    assert margin <= left <= right <= width - margin, (told, left, right)
                    assert 20 <= bottom <= top <= height - 20, (told, bottom, top)
            reader.close()
            page.close()


# ---------------------------------------------------------------- all of it stands there


@pytest.mark.parametrize("what", [report(), ODD, report([], [], supply=None)], ids=["full", "odd", "empty"])
def test_verdict_points_and_lacks(what: ReadinessReport) -> None:
    found = text(what)
    assert word("office_readiness", what.found.readiness) in found
    assert f"Tahap penempatan: {word('readiness_stage', what.found.stage)}." in found
    for one in what.found.points:
        row = (
            one.point.paragraph,
            word("readiness_point", one.point.id),
            word("provider", one.point.provider),
            word("room_status", one.status),
        )
        assert solid("".join(row)) in solid(found)
    for lack in what.found.lacks:
        assert solid(placement_words.lack_of(lack) + placement_words.step_of(lack)) in solid(found)
    for provider in {lack.provider for lack in what.found.lacks}:
        assert f"{word('provider', provider)} ({word('provider_gives', provider)})" in found
    assert_within_the_page(made(what))


def test_who_lacks_nothing_is_not_asked_for_anything() -> None:
    found = text(report())
    assert "siapa yang menyediakan Tidak ada." in found
    assert not [one for one in Provider if f"({word('provider_gives', one)})" in found]
    assert "Tidak ada." not in text(ODD)


def test_every_line_of_the_register() -> None:
    found = solid(text(ODD))
    for one in ODD.register:
        row = (
            word("device_kind", one.kind),
            one.make,
            one.serial or "–",
            one.document,
            card_date(DAY),
            word("device_condition", one.condition),
            placement_words.draw_of(one),
        )
        assert solid("".join(row)) in found
    assert {one.condition for one in ODD.register} == set(Condition)
    assert "Belum ada perangkat yang dicatat." in text(report([]))


def test_no_word_for_a_kind_or_condition_is_broken() -> None:
    register = [device(kind, condition=condition) for kind in DeviceKind for condition in Condition]
    found = set(text(report(register)).split())
    for told in [word("device_kind", kind) for kind in DeviceKind] + [
        word("device_condition", condition) for condition in Condition
    ]:
        assert set(told.split()) <= found, told


def test_several_pieces_and_no_day() -> None:
    several = device(DeviceKind.OTHER, make="Kipas", serial="", count=3, placed_on=None, watts=45.5)
    assert solid("Lainnya 3 × Kipas – BAST-7/2026 – Baik 45,5 W") in solid(text(report([several])))


def test_the_power_budget() -> None:
    found = text(report())
    assert f"{word('load_group', 'computers')} 1.150 1.353 1.500" in found
    assert "Kecukupan: " + word("load_fit", "enough") in found
    assert "4.400 VA pada faktor daya 0,85 cukup untuk 3.740 W; yang perlu 3.500 W." in found
    assert "Faktor daya 0,85 adalah anggapan" in found
    assert "Jumlah 2.562 3.014 3.500" in found
    assert "Daya tersambung belum dinyatakan; isi di Cek ruangan." in text(ODD)
    unread = text(report([replace(FULL[0], watts=None)]))
    assert "Label belum dibaca: Merek pc. Jumlah di atas paling sedikit." in unread


def test_the_room_and_its_waiver() -> None:
    found = text(ODD)
    assert "31,25 °C" in found
    assert "oleh Ratna Wulandari: dijaga petugas" in found
    assert "belum diperiksa" in found


def test_the_words_around_it() -> None:
    found = text(report())
    for wanted in (
        OFFICE.name,
        "Bangka, Mampang Prapatan, Kota Administrasi Jakarta Selatan",
        "Selasa, 24 November 2026 pukul 01.30 WIB",
        "Disusun oleh Ratna Wulandari",
        "Nomor 78 Tahun 2016",
        "versi 1.2.3. Hari kerja pertama: 2 Maret 2026.",
        "Bangka, 24 November 2026",
        "Mengetahui, Lurah",
        "Kasatpel Dukcapil",
    ):
        assert wanted in found, wanted
    assert "Hari kerja pertama: belum ada." in text(ODD)
    assert all(f"Halaman {number} dari" in page for number, page in enumerate(pages(made(ODD)), 1))


def test_training_is_marked_on_every_page_and_nowhere_else() -> None:
    trained = pages(made(report(application=Application("1.2.3", DAY, training=True))))
    assert "LATIHAN – bukan laporan resmi" in trained[0]
    assert all(
        "LATIHAN" in page.replace("bukan laporan resmi", "").replace("LATIHAN –", "") for page in trained
    )
    assert "LATIHAN" not in text(report())


# ---------------------------------------------------------------- as it was typed


@pytest.mark.parametrize("what", [report(), ODD], ids=["full", "odd"])
def test_the_same_data_gives_the_same_bytes(what: ReadinessReport) -> None:
    assert made(what) == made(what)
    assert made(what) != made(replace(what, by="Orang Lain"))


@pytest.mark.parametrize(
    "typed", ["<b>&", "</para>", "&amp;<br/>", "<font size=90>", "a < b & c > d", "<!--"]
)
def test_markup_is_shown_as_typed(typed: str) -> None:
    hostile = device(
        DeviceKind.PC, make=f"{typed} merek", serial=f"{typed}1", document=f"{typed}2", watts=None
    )
    long = replace(hostile, make=f"{typed} merek panjang sekali yang tidak muat dalam satu baris", serial="X")
    office = replace(OFFICE, name=f"{typed}3", kelurahan=f"{typed}4")
    what = report([hostile, long], office=office, by=f"{typed}5")
    found = solid(text(what))
    for one in (
        hostile.make,
        hostile.serial,
        hostile.document,
        long.make,
        office.name,
        office.kelurahan,
        what.by,
    ):
        assert solid(one) in found
    assert solid(f"Label belum dibaca: {hostile.make}, {long.make}.") in found


def longest(letter: str) -> PlacedDevice:
    return device(DeviceKind.PC, make=letter * LONGEST, serial=letter * LONGEST, document=letter * LONGEST)


@pytest.mark.parametrize("letter", ["W", "i", "Ж", "@"])
def test_the_longest_names_stay_on_the_page(letter: str) -> None:
    what = report([replace(longest(letter), watts=None), *FULL, longest(letter)])
    pdf = made(what)
    assert_within_the_page(pdf)
    assert solid(" ".join(pages(pdf))).count(letter) >= 7 * LONGEST  # three cells twice, and the unread label


def test_a_register_of_many_pages_has_its_head_on_each() -> None:
    what = report([replace(longest("W"), serial=f"S{number}", watts=None) for number in range(60)])
    found = pages(made(what))
    assert len(found) > 5
    assert all(solid(f"S{number}") in solid(" ".join(found)) for number in range(60))
    assert sum("Jenis Merek dan tipe" in page for page in found) > 2
    assert_within_the_page(made(what))


@settings(max_examples=15)
@given(st.lists(st.text(min_size=1, max_size=LONGEST), min_size=3, max_size=3))
def test_no_name_breaks_the_paper(names: list[str]) -> None:
    make, serial, document = names
    assert made(report([device(DeviceKind.PC, make=make, serial=serial, document=document)])).startswith(
        b"%PDF-"
    )


@pytest.mark.parametrize("waived", [False, True])
def test_a_word_that_fills_pages_is_told_to_its_end(waived: bool) -> None:
    words = [f"kata{number}" for number in range(900)]
    long = attested(ItemId.SECURED, False, seen="x" if waived else " ".join(words), by="Dewi", at=AT)
    check = waive(long, by="Ratna", reason=" ".join(words), at=AT) if waived else long
    pdf = made(report(checks=room(check)))
    assert set(words) <= set(" ".join(pages(pdf)).split())
    assert_within_the_page(pdf)
