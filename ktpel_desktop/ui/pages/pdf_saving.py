"""Saving a paper that a page shows."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.theme import Tone


def save_pdf(page: Page, name: str, pdf: bytes) -> None:
    """Ask for a place and write the file there; a place that refuses says so in words."""
    dialog = QFileDialog(page, "Simpan PDF", name, "PDF (*.pdf)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("pdf")

    def write(_desk: Desk, _actor: Actor, path: str) -> None:
        Path(path).write_bytes(pdf)

    def failed(error: Exception) -> None:
        if isinstance(error, OSError):
            page.place.messages.say(
                "Berkas tidak dapat ditulis", "Pilih folder lain, lalu simpan lagi.", Tone.WARN
            )
        else:
            page.place.messages.show_error(error)

    def chosen(path: str) -> None:
        page.act(write, path, done=lambda _none: page.place.messages.say("Tersimpan", path), failed=failed)

    dialog.fileSelected.connect(chosen)
    dialog.open()
