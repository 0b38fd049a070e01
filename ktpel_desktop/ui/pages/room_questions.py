"""What a person is asked at the room check: a reading, a word with its document, the supply, a waiver."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta, tzinfo

from ktpel_desktop import room_words
from ktpel_desktop.core.power_capacity import Connection
from ktpel_desktop.core.roles import Action
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ITEM, ItemId, Kind, RoomItem
from ktpel_desktop.core.thermometer import Comparison
from ktpel_desktop.services import power_declared, preflight, thermometer
from ktpel_desktop.services.approvals import Approval
from ktpel_desktop.ui import words
from ktpel_desktop.ui.dialogs import AskApproval, AskFields
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import Editor, LineEditor, RadioEditor

YEARLY = timedelta(days=300)
"""What counts longer than this is a declaration, and may stand on a document with an end of its own."""
Kept = Callable[[RoomCheck], object]


def ask_result(page: Page, item: RoomItem, kept: Kept) -> None:
    """The question that fits the item; what the program asks by itself cannot be typed."""
    if item.id is ItemId.POWER_CAPACITY:
        ask_supply(page, kept)
    elif item.kind is Kind.ATTESTED:
        _ask_word(page, item, kept)
    elif item.kind is Kind.MEASURED:
        _ask_value(page, item, kept)


def _ask_word(page: Page, item: RoomItem, kept: Kept) -> None:
    name, question = room_words.name_of(item.id), words.word("room_question", item.id)
    holds = RadioEditor(f"{name}?", (("ya", "Ya"), ("tidak", "Tidak")), values={"ya": True, "tidak": False})
    fields: list[Editor] = [holds, LineEditor(question)]
    if item.valid_for >= YEARLY:
        fields += [
            LineEditor("Nomor dokumen", "Kontrak, berita acara, atau gambar.", required=False),
            LineEditor("Dokumen berlaku sampai", "Tanggal, bulan, tahun: 31/12/2026.", required=False),
        ]

    def given(answers: list[object]) -> None:
        document, until = "", None
        if len(answers) > 2:
            document = str(answers[2] or "")
            typed = str(answers[3] or "")
            until = end_of(typed, page.place.now().tzinfo)
            if typed and until is None:
                page.place.messages.say("Tanggal tidak terbaca", "Contoh: 31/12/2026", Tone.WARN)
                return
        page.act(
            preflight.attest,
            item.id.value,
            answers[0] is True,
            str(answers[1]),
            document=document,
            valid_until=until,
            done=kept,
        )

    AskFields(page, name, _in_whose_name(page), ("Simpan", "done"), fields, given)


def _ask_value(page: Page, item: RoomItem, kept: Kept) -> None:
    name, question = room_words.name_of(item.id), words.word("room_question", item.id)

    def given(answers: list[object]) -> None:
        value = words.parse_number(str(answers[0]))
        if value is None:
            page.place.messages.say("Nilai harus angka", "Contoh: 23,5", Tone.WARN)
        else:
            page.act(preflight.attest, item.id.value, value, str(answers[1]), done=kept)

    value = LineEditor(f"{question} ({item.unit})", "Boleh memakai koma atau titik.")
    fields = [value, LineEditor("Dibaca dari alat")]
    AskFields(page, name, _in_whose_name(page), ("Simpan", "done"), fields, given)


def ask_supply(page: Page, kept: Kept) -> None:
    """The room's supply by its papers, since 3.500 VA are not 3.500 W."""

    def given(answers: list[object]) -> None:
        figures = [words.parse_number(str(answer)) if answer else None for answer in answers[:3]]
        typed_wrong = any(
            answer and figure is None for answer, figure in zip(answers[:3], figures, strict=True)
        )
        if typed_wrong:
            page.place.messages.say("Nilai harus angka", "Contoh: 3500; 16; 0,85", Tone.WARN)
            return
        supply = Connection(figures[0], figures[1], figures[2], document=str(answers[3]))
        page.act(power_declared.declare, supply, done=kept)

    AskFields(
        page,
        room_words.name_of(ItemId.POWER_CAPACITY),
        "Isi yang tertulis; yang tidak diketahui biarkan kosong. 3.500 VA bukan 3.500 watt: watt sama dengan VA "
        "dikali faktor daya.",
        ("Simpan", "done"),
        [
            LineEditor("Daya kontrak (VA)", "Pada rekening listrik.", required=False, number=True),
            LineEditor("MCB (ampere)", "Tulisan pada MCB ruangan ini.", required=False),
            LineEditor("Faktor daya", "Kosong: dianggap 0,85.", required=False),
            LineEditor("Dibaca dari dokumen"),
        ],
        given,
    )


def ask_waiver(page: Page, item: ItemId, kept: Kept) -> None:
    """A penyelia answers for an item, with a reason."""

    def reasoned(answers: list[object]) -> None:
        def approved(approval: Approval) -> None:
            page.act(preflight.waive, item.value, str(answers[0]), approval, done=kept)

        AskApproval(page, page.place, Action.WAIVE_ROOM, item.value, approved)

    AskFields(
        page,
        f"Kecualikan: {room_words.name_of(item)}",
        "Pengecualian berlaku untuk hari ini dan tertulis di laporan.",
        ("Lanjut", "next"),
        [LineEditor("Alasan")],
        reasoned,
    )


def ask_comparison(page: Page, kept: Callable[[Comparison], object]) -> None:
    """The reference beside the instrument; the instrument itself is read at this moment."""

    def given(answers: list[object]) -> None:
        value = words.parse_number(str(answers[0]))
        if value is None:
            page.place.messages.say("Nilai harus angka", "Contoh: 23,5", Tone.WARN)
        else:
            page.act(thermometer.compare, value, str(answers[1]), lane=Lane.ROOM, done=kept)

    AskFields(
        page,
        "Bandingkan termometer",
        "Letakkan termometer acuan di samping alat ukur, tunggu sepuluh menit, lalu isi angkanya. Program membaca alat "
        f"ukurnya sekarang dan mencatat selisihnya. {_in_whose_name(page)}",
        ("Bandingkan", "done"),
        [
            LineEditor("Suhu acuan (°C)", "Boleh memakai koma atau titik."),
            LineEditor("Termometer acuan", "Nama alat dan nomor sertifikatnya bila ada."),
        ],
        given,
    )


def can_be_typed(check: RoomCheck) -> bool:
    """Whether a person may say it."""
    return ITEM[check.item].kind is not Kind.ASKED


def end_of(text: str, zone: tzinfo | None) -> datetime | None:
    """The last moment of a day typed as 31/12/2026 or 31-12-2026; None where it is none."""
    day = words.typed_day(text)
    return None if day is None else datetime.combine(day, time(23, 59, 59), zone)


def _in_whose_name(page: Page) -> str:
    return f"Dicatat atas nama {page.place.me.name}."
