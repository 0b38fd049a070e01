"""What the issuance page says in each state of a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.ui.theme import Tone

_J = JobState
STEPS = ("Ambil blangko", "Tulis chip", "Cetak muka kartu", "Periksa kartu", "Lapor ke SIAK", "Terbit")
PLACE: dict[JobState | None, int] = {
    None: 0,
    _J.RESERVED: 1,
    _J.ENCODING: 1,
    _J.ENCODED: 2,
    _J.PRINTING: 2,
    _J.PRINT_UNKNOWN: 2,
    _J.PRINTED: 3,
    _J.REPORTING: 4,
    _J.ISSUED: 6,
    _J.SPOILED: 5,
    _J.CANCELLED: 0,
}
TOLD: dict[JobState | None, tuple[str, str]] = {
    None: (
        "Ambil satu blangko",
        "Ambil satu blangko dari lemari. Program meminta perintah cetak yang ditandatangani SIAK.",
    ),
    _J.RESERVED: (
        "Letakkan blangko di enkoder",
        "Letakkan blangko di atas enkoder dan jangan digeser sampai selesai.",
    ),
    _J.ENCODING: (
        "Penulisan chip terputus",
        "Letakkan kartu yang sama di enkoder. Program membaca chip lebih dahulu.",
    ),
    _J.ENCODED: (
        "Pindahkan kartu ke printer",
        "Chip sudah terisi dan terkunci. Masukkan kartu yang sama ke printer.",
    ),
    _J.PRINTING: ("Sedang mencetak", "Tunggu sampai kartu keluar. Jangan matikan printer."),
    _J.PRINT_UNKNOWN: (
        "Apa yang keluar dari printer?",
        "Program tidak tahu apakah kartu tercetak. Lihat printernya; jangan mencetak lagi dulu.",
    ),
    _J.PRINTED: (
        "Periksa kartu",
        "Letakkan kartu di enkoder, lalu bandingkan muka kartu dengan contoh di layar.",
    ),
    _J.REPORTING: (
        "Melapor ke SIAK",
        "Kartu baik. Laporan dikirim ke SIAK; bila jaringan putus, laporan menunggu di kotak keluar.",
    ),
    _J.ISSUED: ("Kartu terbit", "SIAK sudah menerima laporan. Serahkan kartu ke loket dari halaman Antrean."),
    _J.SPOILED: ("Kartu rusak", "Simpan kartu di tempat kartu rusak. Kartu dimusnahkan dengan berita acara."),
    _J.CANCELLED: ("Dibatalkan", "Tidak ada yang tersentuh. Kembalikan blangko ke lemari."),
}
TONES: dict[JobState, Tone] = {
    _J.ISSUED: Tone.OK,
    _J.SPOILED: Tone.BAD,
    _J.PRINT_UNKNOWN: Tone.WARN,
    _J.CANCELLED: Tone.UNKNOWN,
}
WITH_PROOF = frozenset({_J.RESERVED, _J.ENCODING, _J.ENCODED, _J.PRINTED, _J.PRINT_UNKNOWN})
"""States in which the card's face is shown as it must be."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of the present state."""

    word: str
    icon: str
    slot: Callable[[], object]


NEEDS_ORDER = frozenset({_J.RESERVED, _J.ENCODING, _J.ENCODED})
"""States whose next act needs the print order, which is fetched again after a restart."""
