"""Scripted faults: what goes wrong, when and how often, decided beforehand and never by chance.

A fault is scripted by name and consumed at the next opportunity of the verb it belongs to. `FAULTS` lists all
of them with an Indonesian label, for the training panel.
"""

from __future__ import annotations

from dataclasses import dataclass

from ktpel_desktop.core.errors import Effect

_NONE, _UNKNOWN = Effect.NONE, Effect.UNKNOWN


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One known fault: its device, the verbs it can strike, its label, and the effect the driver must tell.

    `effect` is None where the fault raises nothing by itself (slowness, a lying value).
    """

    name: str
    device: str
    verbs: tuple[str, ...]
    label: str
    effect: Effect | None


_CHIP, _PRINTER, _RECEIPT, _PAGE, _SENSOR = "chip", "card_printer", "receipt", "page", "sensor"
_FORM = "form"
_BOTH, _WRITE, _PRINT = ("probe", "write"), ("write",), ("print_card",)

FAULTS: dict[str, FaultKind] = {
    kind.name: kind
    for kind in (
        FaultKind("reader_unplugged", _CHIP, _BOTH, "Pembaca chip tercabut", _NONE),
        FaultKind("no_card", _CHIP, _BOTH, "Tidak ada kartu pada pembaca", _NONE),
        FaultKind("chip_mute", _CHIP, _BOTH, "Chip tidak menjawab (letak kartu miring)", _NONE),
        FaultKind("wrong_card", _CHIP, _BOTH, "Kartu lain diletakkan pada pembaca", None),
        FaultKind("dead_on_arrival", _CHIP, _BOTH, "Chip mati sejak dari pabrik", _NONE),
        FaultKind("foreign_content", _CHIP, _BOTH, "Chip sudah berisi data asing", None),
        FaultKind("write_refused", _CHIP, _WRITE, "Chip menolak penulisan", _NONE),
        FaultKind("card_pulled", _CHIP, _WRITE, "Kartu ditarik pada perintah ke-n", _UNKNOWN),
        FaultKind("torn_write", _CHIP, _WRITE, "Penulisan chip terputus di tengah", _UNKNOWN),
        FaultKind("write_answer_lost", _CHIP, _WRITE, "Chip tertulis, jawaban hilang", _UNKNOWN),
        FaultKind("write_lost", _CHIP, _WRITE, "Perintah tulis hilang, chip tetap kosong", _UNKNOWN),
        FaultKind("verify_differs", _CHIP, _WRITE, "Isi chip berbeda saat dibaca ulang", _UNKNOWN),
        FaultKind("chip_dies", _CHIP, _WRITE, "Chip mati saat ditulis", _UNKNOWN),
        FaultKind("chip_slow", _CHIP, _WRITE, "Penulisan chip lambat", None),
        FaultKind(
            "printer_offline", _PRINTER, ("marker", "print_card"), "Printer kartu mati/terputus", _NONE
        ),
        FaultKind("printer_door_open", _PRINTER, _PRINT, "Penutup printer kartu terbuka", _NONE),
        FaultKind("ribbon_out", _PRINTER, _PRINT, "Pita habis sebelum mencetak", _NONE),
        FaultKind("printer_no_card", _PRINTER, _PRINT, "Kartu tidak terambil oleh printer", _NONE),
        FaultKind("ribbon_out_mid_card", _PRINTER, _PRINT, "Pita habis di tengah kartu", _UNKNOWN),
        FaultKind("jam_mid_card", _PRINTER, _PRINT, "Kartu macet, tercetak separuh", _UNKNOWN),
        FaultKind("printed_card_stuck", _PRINTER, _PRINT, "Tercetak, kartu tertahan di dalam", _UNKNOWN),
        FaultKind("printed_answer_lost", _PRINTER, _PRINT, "Tercetak, jawaban hilang", _UNKNOWN),
        FaultKind("accepted_not_printed", _PRINTER, _PRINT, "Diterima, tetapi tidak tercetak", _UNKNOWN),
        FaultKind("printed_not_counted", _PRINTER, _PRINT, "Tercetak, penghitung tidak naik", _UNKNOWN),
        FaultKind("counted_not_printed", _PRINTER, _PRINT, "Penghitung naik, tidak tercetak", _UNKNOWN),
        FaultKind("printed_card_lost", _PRINTER, _PRINT, "Tercetak, kartu hilang", _UNKNOWN),
        FaultKind("printer_slow", _PRINTER, _PRINT, "Printer kartu lambat", None),
        FaultKind("receipt_off", _RECEIPT, ("send",), "Printer struk mati", _NONE),
        FaultKind("receipt_no_paper", _RECEIPT, ("send",), "Kertas struk habis", _NONE),
        FaultKind("receipt_torn", _RECEIPT, ("send",), "Kertas struk habis di tengah", _UNKNOWN),
        FaultKind("receipt_silent", _RECEIPT, ("send",), "Status printer struk tidak diketahui", None),
        FaultKind("page_off", _PAGE, ("print_pdf",), "Printer laporan mati", _NONE),
        FaultKind("page_no_paper", _PAGE, ("print_pdf",), "Kertas laporan habis", _NONE),
        FaultKind("page_answer_lost", _PAGE, ("print_pdf",), "Laporan terkirim, hasil tidak jelas", _UNKNOWN),
        FaultKind("page_silent", _PAGE, ("print_pdf",), "Status printer laporan tidak diketahui", None),
        FaultKind("form_off", _FORM, ("send_raw",), "Printer dot-matrix mati", _NONE),
        FaultKind("form_no_paper", _FORM, ("send_raw",), "Kertas sambung habis", _NONE),
        FaultKind("form_answer_lost", _FORM, ("send_raw",), "Form terkirim, hasil tidak jelas", _UNKNOWN),
        FaultKind("thermometer_missing", _SENSOR, ("read",), "Termometer tercabut", _NONE),
        FaultKind("thermometer_sentinel", _SENSOR, ("read",), "Termometer tanpa kabel sensor", _NONE),
        FaultKind("power_meter_missing", _SENSOR, ("read",), "Meter daya tidak menjawab", _NONE),
        FaultKind("power_meter_sentinel", _SENSOR, ("read",), "Nilai meter daya tidak masuk akal", _NONE),
        FaultKind("line_test_missing", _SENSOR, ("read",), "Server uji jaringan tidak terjangkau", _NONE),
        FaultKind("line_test_sentinel", _SENSOR, ("read",), "Hasil uji jaringan tidak masuk akal", _NONE),
        FaultKind("ups_missing", _SENSOR, ("state",), "UPS tidak menjawab", _NONE),
        FaultKind("ups_on_battery", _SENSOR, ("state",), "Listrik padam, UPS memakai baterai", None),
        FaultKind("ups_low_battery", _SENSOR, ("state",), "Baterai UPS hampir habis", None),
        FaultKind("line_down", _SENSOR, ("knock",), "Jaringan putus saat diketuk", None),
        FaultKind("cameras_seen", _SENSOR, ("sharing",), "Kamera terlihat pada jaringan yang sama", None),
        FaultKind("clock_off", _SENSOR, ("compare",), "Jam komputer meleset lebih dari satu menit", None),
    )
}


@dataclass(slots=True)
class _Scripted:
    left: int
    skip: int
    at: int
    verb: str | None


class Faults:
    """The faults that wait to happen. Nothing here is random."""

    def __init__(self) -> None:
        self._scripted: dict[str, list[_Scripted]] = {}

    def script(
        self, name: str, *, times: int = 1, after: int = 0, at: int = 1, verb: str | None = None
    ) -> None:
        """Let `name` happen `times` times, after `after` opportunities that still go well.

        `at` is the writing command (1 …; 0 is before the first) for faults in the middle of a write; `verb`
        limits a fault that several verbs can meet ("probe", "write", …) to one of them.
        Raises KeyError for an unknown fault and ValueError for a verb that it cannot strike.
        """
        kind = FAULTS[name]
        if verb is not None and verb not in kind.verbs:
            raise ValueError(f"{name} cannot strike {verb}")
        self._scripted.setdefault(name, []).append(_Scripted(times, after, at, verb))

    def clear(self) -> None:
        """Forget everything that has not happened yet."""
        self._scripted.clear()

    def waiting(self) -> dict[str, int]:
        """How many times each scripted fault is still to happen."""
        sums = {name: sum(item.left for item in items) for name, items in self._scripted.items()}
        return {name: left for name, left in sums.items() if left > 0}

    def pending(self, name: str) -> bool:
        """Whether the very next opportunity would meet this fault; consumes nothing (for health)."""
        first = next((item for item in self._scripted.get(name, []) if item.left > 0), None)
        return first is not None and first.skip == 0

    def strikes(self, name: str, verb: str) -> int | None:
        """One opportunity: the fault's `at` if it happens now (consumed), else None."""
        for item in self._scripted.get(name, []):
            if item.left <= 0 or item.verb not in (None, verb):
                continue
            if item.skip > 0:
                item.skip -= 1
                return None
            item.left -= 1
            return item.at
        return None
