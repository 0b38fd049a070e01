"""The buttons of the issuance page in each state of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.ui.pages.issuance_states import NEEDS_ORDER, Choice

if TYPE_CHECKING:
    from ktpel_desktop.ui.pages.issuance import IssuancePage

_J = JobState


def of(page: IssuancePage) -> list[Choice]:
    """What the state allows, the main thing first."""
    spoil = Choice("Kartu rusak …", "trash", page.ask_spoil)
    home = Choice("Kembali ke antrean", "back", page.leave)
    if page.state is not None and page.state in NEEDS_ORDER and page.order is None:
        again = Choice("Ambil lagi perintah cetak", "refresh", page.fetch_order)
        return [again, home]
    return {
        None: [Choice("Blangko di tangan, mulai", "card", page.reserve), home],
        _J.RESERVED: [
            Choice("Tulis chip", "chip", page.encode),
            Choice("Batalkan, kembalikan blangko", "cancel", page.cancel),
            Choice("Blangko cacat …", "trash", page.ask_spoil),
            home,
        ],
        _J.ENCODING: [Choice("Baca chip dan lanjutkan", "chip", page.encode), spoil, home],
        _J.ENCODED: [Choice("Cetak muka kartu", "print", page.print_card), spoil, home],
        _J.PRINTING: [home],
        _J.PRINT_UNKNOWN: [Choice("Jawab: apa yang keluar?", "help", page.ask_unknown), home],
        _J.PRINTED: [
            Choice("Muka kartu baik, baca chip", "done", page.good_face),
            Choice("Muka kartu tidak baik …", "trash", page.ask_bad_face),
            home,
        ],
        _J.REPORTING: [Choice("Kirim laporan sekarang", "siak", page.report), spoil, home],
        _J.ISSUED: [
            Choice("Selesai", "done", page.leave),
            Choice("Serahkan ke loket sekarang", "bundle", page.hand_over),
        ],
        _J.SPOILED: [Choice("Cetak ulang …", "print", page.ask_reprint), home],
        _J.CANCELLED: [Choice("Selesai", "done", page.leave)],
    }[page.state]
