"""Which period, as what, and why: the question before a report of several days is kept as a file."""

from __future__ import annotations

from ktpel_desktop.core.period import Form
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import period_reports
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import words
from ktpel_desktop.ui.dialogs import AskFields
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.pages.printing import Printing
from ktpel_desktop.ui.pages.saving import save
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import LineEditor, RadioEditor

_PRINT = "cetak"
_FORMS = (
    (Form.PDF.value, "PDF untuk dicetak"),
    (Form.XLSX.value, "XLSX, lembar kerja"),
    (Form.CSV.value, "CSV, satu angka satu baris"),
    (Form.JSON.value, "JSON menurut skema"),
    (_PRINT, "Cetak sekarang pada printer"),
)


def ask_period(page: Page, printing: Printing) -> AskFields:
    """Ask, make the report, and keep it where the person says; the month that runs is filled in."""
    today = page.place.now().date()
    first, last = LineEditor("Dari tanggal", "Contoh: 01/11/2026"), LineEditor("Sampai tanggal")
    first.fill(f"{today.replace(day=1):%d/%m/%Y}")
    last.fill(f"{today:%d/%m/%Y}")
    form = RadioEditor("Bentuk", _FORMS)
    form.fill(Form.PDF.value)
    reason = LineEditor("Alasan", "Misalnya: laporan bulanan ke Sudin.")

    def given(answers: list[object]) -> None:
        begins, ends = (words.typed_day(str(answer)) for answer in answers[:2])
        if begins is None or ends is None:
            page.place.messages.say("Tanggal tidak terbaca", "Contoh: 30/11/2026", Tone.WARN)
            return
        why = str(answers[3])
        if answers[2] == _PRINT:
            printing.run(
                period_reports.print_out,
                *(begins, ends, why),
                done=lambda _pdf: printing.sent("Laporan periode"),
            )
            return
        chosen = Form(str(answers[2]))

        def make(desk: Desk, actor: Actor) -> bytes:
            return period_reports.export(desk, actor, begins, ends, chosen, why).content

        save(page, f"laporan-{begins.isoformat()}-{ends.isoformat()}.{chosen.value}", make)

    return AskFields(
        page,
        "Laporan periode",
        "Angka saja, tanpa data penduduk. Alasan masuk jejak audit.",
        ("Lanjut", "next"),
        [first, last, form, reason],
        given,
    )
