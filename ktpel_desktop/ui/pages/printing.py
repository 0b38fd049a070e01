"""To print a page: Ctrl+P at once on the printer in use, Ctrl+Shift+P on one that is chosen first, with its tray.

What was chosen is used until the program ends, whatever the page, and every message then names it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from ktpel_desktop.core.ports import Answer, PageQueue, PrinterChoice
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import on_paper
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import words
from ktpel_desktop.ui.dialogs import Ask
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.editors import SelectEditor
from ktpel_desktop.ui.workplace import Workplace

AUTOMATIC = "Otomatis, printer yang memilih"


class Printing:
    """The two actions of a page; `send` prints what the page shows, by `run`."""

    def __init__(
        self, page: Page, send: Callable[[], object], *, word: str = "Cetak", primary: bool = False
    ) -> None:
        self._page, self._send = page, send
        self.button = page.action(word, "print", send, key="Ctrl+P", primary=primary, in_head=False)
        self.choose_button = page.action(
            "Pilih printer …", "print", self.choose, key="Ctrl+Shift+P", in_head=False
        )
        self.buttons: tuple[Button, Button] = (self.choose_button, self.button)

    def run(
        self,
        use_case: Callable[..., Any],
        *arguments: object,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Call a use case that prints a page, with the desk set to the printer in use."""
        place = self._page.place
        choice, archive = place.print_on, on_paper.WatchedArchive(place.desk.archive)

        def on_it(desk: Desk, actor: Actor, *given: object) -> object:
            return use_case(replace(desk, print_on=choice, archive=archive), actor, *given)

        def printed(result: object) -> None:
            if done is not None:
                done(result)
            if archive.refused:
                place.messages.say(
                    "Tercetak, tetapi tidak masuk arsip",
                    "Folder arsip penuh atau tidak dapat ditulisi. Cetakannya sah; beri tahu administrator.",
                    Tone.WARN,
                )

        self._page.act(on_it, *arguments, lane=Lane.DEVICE, done=printed, failed=failed)

    def sent(self, what: str, text: str = "") -> None:
        """Say that it is on its way, and to which printer where it is not the usual one."""
        place = self._page.place
        place.messages.say(f"{what} dikirim ke printer{told(place.print_on)}", text)

    def choose(self) -> None:
        """Ask the print system what there is, then the person, then print."""

        def found(queues: Sequence[PageQueue]) -> None:
            if queues:
                PrinterQuestion(self._page, self._page.place, queues, self._send)
            else:
                self._page.place.messages.say(
                    "Tidak ada printer halaman", "Sistem cetak PC ini tidak mengenal printer untuk halaman."
                )

        self._page.act(lambda desk, _actor: desk.page_printer.queues(), lane=Lane.DEVICE, done=found)


class PrinterQuestion(Ask):
    """Which printer, and which of its trays."""

    def __init__(
        self, parent: QWidget, place: Workplace, queues: Sequence[PageQueue], send: Callable[[], object]
    ) -> None:
        super().__init__(
            parent,
            "Pilih printer",
            "Pilihan ini dipakai di PC ini sampai program ditutup, juga oleh Ctrl+P.",
            "Cetak",
            "print",
        )
        self._place, self._send = place, send
        self._queues = {one.name: one for one in queues}
        usual = next((one.name for one in queues if one.usual), queues[0].name)
        before = place.print_on
        self.queue = SelectEditor("Printer", [(one.name, _told_queue(one)) for one in queues])
        self.tray = SelectEditor("Baki kertas", ())
        self.queue.fill(before.queue if before.queue in self._queues else usual)
        self._show_trays()
        if before.tray in self._trays():
            self.tray.fill(before.tray)
        self.queue.changed.connect(self._show_trays)
        for editor in (self.queue, self.tray):
            self.fields.addWidget(editor)
        self.begin(self.queue)

    def settle(self) -> None:
        """Print there, and go on printing there."""
        self._place.print_on = PrinterChoice(str(self.queue.answer()), str(self.tray.answer()))
        self.accept()
        self._send()

    def _trays(self) -> tuple[str, ...]:
        return self._queues[str(self.queue.answer())].trays

    def _show_trays(self) -> None:
        self.tray.box.clear()
        self.tray.box.addItem(AUTOMATIC, "")
        for tray in self._trays():
            self.tray.box.addItem(tray_name(tray), tray)
        self.tray.box.setEnabled(bool(self._trays()))


def told(choice: PrinterChoice) -> str:
    """ " laser-2, Baki manual"; nothing for the usual printer."""
    tray = f", {tray_name(choice.tray)}" if choice.tray else ""
    return f" {choice.queue}{tray}" if choice.queue else tray


def tray_name(tray: str) -> str:
    """The print system's word for a tray as people say it; a word of the maker's own as it is (PWG 5100.7, 6.3.1)."""
    kind, _, number = tray.rpartition("-")
    if kind == "tray" and number.isdecimal():
        return f"Baki {number}"
    return str(words.table_of("printer_tray").get(tray, tray))


def _told_queue(queue: PageQueue) -> str:
    notes = ", ".join(words.note(code) for code in queue.health.notes)
    state = {Answer.YES: "siap", Answer.NO: notes or "tidak siap", Answer.UNKNOWN: "keadaan belum diketahui"}
    usual = " (biasa)" if queue.usual else ""
    return f"{queue.name}{usual}: {state[queue.health.ready]}"
