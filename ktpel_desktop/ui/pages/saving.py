"""To keep a paper as a file: ask for a place, make the bytes, write them, and say so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import on_paper
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.whole_file import whole_file


def save(page: Page, name: str, make: Callable[[Desk, Actor], bytes]) -> None:
    """Ask for a place and write there what `make` gives; a place that refuses says so in words.

    `make` is called once a place was chosen and takes the file: an export is not journalled that was cancelled or whose
    place refused.
    """
    suffix = name.rpartition(".")[2]
    dialog = QFileDialog(page, "Simpan berkas", name, f"{suffix.upper()} (*.{suffix})")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)

    def write(desk: Desk, actor: Actor, path: str) -> None:
        with whole_file(Path(path)) as out:
            out.write(make(desk, actor))

    def chosen(path: str) -> None:
        page.act(write, path, done=lambda _none: page.place.messages.say("Tersimpan", path))

    dialog.fileSelected.connect(chosen)
    dialog.open()


def save_shown(page: Page, name: str, content: bytes, *, kind: str = "", subject: str = "") -> None:
    """The same for a paper that the page shows already.

    With the `kind` of its prints and a `subject` it is journalled and kept as they are; without for what lies in the
    archive already, and for papers that may not.
    """

    def make(desk: Desk, actor: Actor) -> bytes:
        return on_paper.saved(desk, actor, content, kind=kind, subject=subject) if kind else content

    save(page, name, make)
