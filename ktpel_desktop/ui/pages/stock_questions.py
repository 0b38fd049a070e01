"""The questions about stock, the same for blanks and for every consumable: what came and went, loans, counts by two."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.records import Person
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.serials import serial_range
from ktpel_desktop.core.stock import BLANK, MovementKind, PhysicalCount
from ktpel_desktop.services import accounts, stock
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui.dialogs import AskApproval, AskFields
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import Editor, LineEditor, RadioEditor

Done = Callable[[object], object]
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


def counters(desk: Desk, actor: Actor) -> Sequence[Person]:
    """Who may be the second to count."""
    found = {
        person.username: person
        for action in (Action.RECEIVE_FILES, Action.RECEIVE_RESULTS)
        for person in accounts.receivers(desk, actor, action)
    }
    return [person for person in found.values() if person.username != actor.username]


def ask_count(page: Page, item: str, name: str, counted: Callable[[PhysicalCount, str], object]) -> None:
    """Two persons count alone; `counted` gets both counts and who was second once they agree.

    The first figure is no longer on the screen when the second person types (room.md 6.3).
    """

    def with_people(people: Sequence[Person]) -> None:
        if not people:
            page.place.messages.show_error(PolicyError("shift.second_counter"))
            return
        first_asked(people)

    def first_asked(people: Sequence[Person]) -> None:
        AskFields(
            page,
            f"Hitung {name}: orang pertama",
            "Hitung tanpa melihat pembukuan. Angka ini tidak ditunjukkan kepada orang kedua.",
            ("Lanjut", "next"),
            [LineEditor("Jumlah", number=True)],
            lambda answers: second_asked(people, answers[0]),
        )

    def second_asked(people: Sequence[Person], first: object) -> None:
        AskFields(
            page,
            f"Hitung {name}: orang kedua",
            "Orang lain menghitung sekali lagi dari awal.",
            ("Bandingkan", "done"),
            [
                RadioEditor("Penghitung kedua", [(one.username, one.name) for one in people]),
                LineEditor("Jumlah", number=True),
            ],
            lambda answers: compare(first, answers[1], str(answers[0])),
        )

    def compare(first: object, second: object, who: str) -> None:
        if first != second:
            page.place.messages.show_error(PolicyError("shift.counts_disagree"))
            return
        page.act(stock.compare, first, second, item=item, done=lambda found: counted(found, who))

    page.ask(counters, done=with_people)


def ask_physical_count(page: Page, item: str, name: str, done: Callable[[], object]) -> None:
    """A count at any time: journalled; a difference needs its reason and the penyelia."""

    def counted(found: PhysicalCount, who: str) -> None:
        if found.agrees:
            page.act(stock.count, found, second_counter=who, item=item, done=lambda _none: agreed(found))
            return
        AskFields(
            page,
            f"Selisih {found.difference:+d}",
            f"Keduanya menghitung {found.first}, menurut buku {found.books}. Pembukuan tidak diubah oleh ini.",
            ("Lanjut", "next"),
            [LineEditor("Sebab selisih")],
            lambda answers: approved(found, who, str(answers[0])),
        )

    def approved(found: PhysicalCount, who: str, reason: str) -> None:
        AskApproval(
            page,
            page.place,
            Action.STOCK_CORRECTION,
            item,
            lambda approval: page.act(
                stock.count,
                found,
                reason,
                approval,
                second_counter=who,
                item=item,
                done=lambda _none: told(found),
            ),
        )

    def agreed(found: PhysicalCount) -> None:
        page.place.messages.say("Hitung fisik cocok", f"{name}: {found.first}, sama dengan buku.")
        done()

    def told(found: PhysicalCount) -> None:
        text = f"{name}: dihitung {found.first}, menurut buku {found.books}. Koreksi dicatat tersendiri."
        page.place.messages.say("Selisih dicatat", text, Tone.WARN)
        done()

    ask_count(page, item, name, counted)


def ask_opening(page: Page, item: str, name: str, done: Done) -> None:
    """The stock on the program's first day: counted by two, with its paper, approved by the penyelia."""

    def counted(found: PhysicalCount, who: str) -> None:
        AskFields(
            page,
            f"Saldo awal {name}: {found.first}",
            "Sekali saja, pada hari pertama program dipakai.",
            ("Lanjut", "next"),
            [LineEditor("Nomor berita acara")],
            lambda answers: approved(found, who, str(answers[0])),
        )

    def approved(found: PhysicalCount, who: str, document: str) -> None:
        AskApproval(
            page,
            page.place,
            Action.STOCK_CORRECTION,
            item,
            lambda approval: page.act(
                stock.opening, found, document, approval, second_counter=who, item=item, done=done
            ),
        )

    ask_count(page, item, name, counted)
