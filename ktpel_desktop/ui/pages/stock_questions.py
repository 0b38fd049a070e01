"""The questions about stock, the same for blanks and for every consumable: what came and went, loans, corrections."""

from __future__ import annotations

from collections.abc import Callable

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.roles import Action
from ktpel_desktop.core.serials import serial_range
from ktpel_desktop.core.stock import BLANK, BlankBalance, MovementKind
from ktpel_desktop.services import stock
from ktpel_desktop.ui.dialogs import AskApproval, AskFields
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.widgets.editors import Editor, LineEditor, RadioEditor

Done = Callable[[BlankBalance], object]
_K = MovementKind
_DOCUMENT = "Nomor berita acara (BAST)"
_LOANS = (
    (_K.LENT.value, "Kita meminjamkan"),
    (_K.LENT_BACK.value, "Pinjaman kita dikembalikan ke sini"),
    (_K.BORROWED.value, "Kita meminjam"),
    (_K.BORROWED_BACK.value, "Kita mengembalikan"),
)
_TAKEN = ((_K.USED.value, "Dipakai"), (_K.LOST.value, "Rusak atau hilang"))


def ask_received(page: Page, item: str, name: str, done: Done) -> None:
    """Pieces have come; blanks may carry printed numbers."""
    editors: list[Editor] = [LineEditor("Jumlah", number=True), LineEditor(_DOCUMENT)]
    if item == BLANK:
        told = "Bila blangko bernomor; kosongkan bila tidak."
        editors += [
            LineEditor("Nomor seri pertama", told, required=False),
            LineEditor("Nomor seri terakhir", required=False),
        ]

    def given(answers: list[object]) -> None:
        typed = [str(answer or "") for answer in answers[2:]]
        try:
            serials = serial_range(*typed) if typed else None
        except PolicyError as error:
            page.place.messages.show_error(error)
            return
        page.act(stock.receive, answers[0], str(answers[1]), serials=serials, item=item, done=done)

    AskFields(
        page,
        f"Terima {name}",
        "Hitung bersama pengantar sebelum menandatangani berita acara.",
        ("Catat", "done"),
        editors,
        given,
    )


def ask_returned(page: Page, item: str, name: str, done: Done) -> None:
    """Pieces go back to the Suku Dinas."""
    AskFields(
        page,
        f"Kembalikan {name}",
        "Kembali ke Suku Dinas dengan berita acara.",
        ("Catat", "done"),
        [LineEditor("Jumlah", number=True), LineEditor(_DOCUMENT)],
        lambda answers: page.act(stock.give_back, answers[0], str(answers[1]), item=item, done=done),
    )


def ask_loan(page: Page, item: str, name: str, done: Done) -> None:
    """Pieces go to or come from another office."""
    AskFields(
        page,
        f"Pinjaman {name}",
        "Pinjaman antarkantor dicatat dengan berita acara dan tetap terbuka sampai dikembalikan.",
        ("Catat", "done"),
        [
            RadioEditor("Arah", _LOANS),
            LineEditor("Jumlah", number=True),
            LineEditor("Kantor"),
            LineEditor(_DOCUMENT),
        ],
        lambda answers: page.act(
            stock.loan,
            MovementKind(str(answers[0])),
            answers[1],
            str(answers[3]),
            str(answers[2]),
            item=item,
            done=done,
        ),
    )


def ask_taken(page: Page, item: str, name: str, done: Done) -> None:
    """A consumable was used or went bad."""
    AskFields(
        page,
        f"Pakai {name}",
        "Pita dan film yang dipasang lewat halaman Perangkat tercatat dengan sendirinya.",
        ("Catat", "done"),
        [
            RadioEditor("Sebab", _TAKEN),
            LineEditor("Jumlah", number=True),
            LineEditor("Keterangan"),
        ],
        lambda answers: page.act(
            stock.take_out, MovementKind(str(answers[0])), answers[1], str(answers[2]), item=item, done=done
        ),
    )


def ask_correction(page: Page, item: str, name: str, done: Done) -> None:
    """The books to what lies in the cabinet, by two persons."""

    def given(answers: list[object]) -> None:
        size = answers[1] if isinstance(answers[1], int) else 0
        quantity = size if answers[0] == "plus" else -size
        AskApproval(
            page,
            page.place,
            Action.STOCK_CORRECTION,
            item,
            lambda approval: page.act(
                stock.correct, quantity, str(answers[2]), approval, item=item, done=done
            ),
        )

    AskFields(
        page,
        f"Koreksi buku {name}",
        "Hanya setelah dihitung ulang oleh dua orang.",
        ("Lanjut", "next"),
        [
            RadioEditor("Arah", (("plus", "Tambah ke buku"), ("minus", "Kurangi dari buku"))),
            LineEditor("Jumlah", number=True),
            LineEditor("Alasan"),
        ],
        given,
    )
