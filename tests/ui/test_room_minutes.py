"""The minutes of the room at the window, by keys: read, printed, saved, and back to the list."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from ktpel_desktop.core.roles import Actor
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.services import preflight, room_minutes
from ktpel_desktop.training import people
from ktpel_desktop.ui.pages.room import RoomPage
from ktpel_desktop.ui.pages.room_minutes import RoomMinutesPage
from tests.services.office import BUDI, JOKO
from tests.ui.conftest import Hands, K, Person, Trainee
from tests.ui.test_pages import yield_checks

CTRL = Qt.KeyboardModifier.ControlModifier


def at_minutes(person: Person, actor: Actor) -> RoomMinutesPage:
    """From the room check by its key."""
    person.window.welcome(actor)
    person.window.go("room")
    person.idle()
    person.key(K.Key_F7)
    person.idle()
    page = person.window.page
    assert isinstance(page, RoomMinutesPage), person.message()
    return page


def test_the_paper_is_drawn_and_every_page_of_it_can_be_seen(trainee: Trainee) -> None:
    page = at_minutes(trainee, people.OPERATOR)
    assert page.view.pdf.startswith(b"%PDF-")
    assert len(page.view._pages) >= 2
    assert page.isAncestorOf(trainee.focus())
    yield_checks(page)


def test_a_print_comes_out_and_is_what_is_shown(hands: Hands) -> None:
    page = at_minutes(hands, BUDI)
    hands.key(K.Key_P, CTRL)
    hands.idle()
    assert hands.message() == "Berita acara dikirim ke printer"
    (printed,) = hands.world.desk.page_printer.printed  # type: ignore[attr-defined]
    assert page.view.pdf == printed == room_minutes.pdf(hands.world.desk, BUDI)
    assert len(hands.world.events(room_minutes.PRINTED)) == 1


def test_a_printer_that_is_off_says_so_and_the_paper_stays(hands: Hands) -> None:
    page = at_minutes(hands, BUDI)
    hands.world.bench.faults.script("page_off")
    hands.key(K.Key_P, CTRL)
    hands.idle()
    assert hands.message()
    assert page.view.pdf
    assert page.print_button.isEnabled()
    assert hands.world.events(room_minutes.PRINTED) == []


def test_the_paper_does_not_change_while_it_is_read(hands: Hands) -> None:
    page = at_minutes(hands, BUDI)
    read = page.view.pdf
    for item in (ItemId.SECURED, ItemId.CABINET_LOCKED):
        preflight.attest(hands.world.desk, BUDI, item, True, "terkunci")
    assert room_minutes.pdf(hands.world.desk, BUDI) != read
    page.refresh()
    hands.idle()
    assert page.view.pdf == read


def test_who_looks_on_reads_and_saves_but_does_not_print(hands: Hands) -> None:
    page = at_minutes(hands, JOKO)
    assert page.view.pdf
    assert not page.print_button.isVisible()
    assert page.save_button.isEnabled()


def test_back_to_the_list(hands: Hands) -> None:
    at_minutes(hands, JOKO)
    hands.key(K.Key_Escape)
    hands.qtbot.waitUntil(lambda: isinstance(hands.window.page, RoomPage), timeout=2000)


@pytest.mark.parametrize("folder", ["", "tidak-ada"])
def test_it_is_saved_where_a_person_says_or_told_why_not(hands: Hands, tmp_path: Path, folder: str) -> None:
    page = at_minutes(hands, BUDI)
    hands.key(K.Key_S, CTRL)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.selectedFiles()[0].endswith(f"berita-acara-ruangan-{page.place.now():%Y-%m-%d}.pdf")
    path = tmp_path / folder / "ruangan.pdf"
    dialog.fileSelected.emit(str(path))
    dialog.close()
    hands.idle()
    if folder:
        assert hands.message() == "Berkas tidak dapat ditulis"
    else:
        assert (hands.message(), path.read_bytes()) == ("Tersimpan", page.view.pdf)
