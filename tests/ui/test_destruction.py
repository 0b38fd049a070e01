"""Cards are destroyed at the window, by keys: chosen, told before whom, agreed to by the penyelia, on paper."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from ktpel_desktop import resource_files
from ktpel_desktop.core.destruction import DESTROYED
from ktpel_desktop.core.roles import Actor, may
from ktpel_desktop.documents.writer import PaperWriter
from ktpel_desktop.services import destruction
from ktpel_desktop.ui import words
from ktpel_desktop.ui.navigation import SPEC
from ktpel_desktop.ui.pages.blanks import BlanksPage
from ktpel_desktop.ui.pages.destruction import DestructionPage
from ktpel_desktop.ui.pages.destruction_minutes import DestructionMinutesPage
from tests.services.desks import OFFICE
from tests.services.held_cards import destroy, given_up, spoiled, taken_back
from tests.services.office import AGUS, BUDI, NAME, RATNA, SARI
from tests.ui.conftest import Hands, K
from tests.ui.test_pages import yield_checks

CTRL = Qt.KeyboardModifier.ControlModifier


def at_page(hands: Hands, actor: Actor = BUDI) -> DestructionPage:
    """From the page of blanks by its key."""
    papers = PaperWriter(resource_files.root(), OFFICE)
    hands.window.place.desk = replace(hands.window.place.desk, papers=papers)
    hands.window.welcome(actor)
    hands.window.go("blanks")
    hands.idle()
    hands.key(K.Key_F9)
    hands.idle()
    page = hands.window.page
    assert isinstance(page, DestructionPage), hands.message()
    yield_checks(page)
    return page


def witnesses(hands: Hands, page: DestructionPage, *people: str) -> None:
    """Typed one after the other, Tab between."""
    page.form.witnesses[0][0].setFocus()
    for text in people:
        hands.type(text)
        hands.key(K.Key_Tab)


def held(hands: Hands) -> int:
    return destruction.count_held(hands.world.desk, BUDI)


def test_the_page_of_blanks_tells_how_many_are_held(hands: Hands) -> None:
    spoiled(hands.world)
    taken_back(hands.world)
    hands.window.welcome(BUDI)
    hands.window.go("blanks")
    hands.idle()
    page = hands.window.page
    assert isinstance(page, BlanksPage)
    assert page.invalid.accessibleName() == "Belum dimusnahkan: 2"


def test_all_held_cards_are_chosen_and_destroyed_by_two(hands: Hands) -> None:
    spoiled(hands.world)
    taken_back(hands.world)
    given_up(hands.world)
    page = at_page(hands)
    assert len(page.table.selected()) == 3
    assert "Dipilih 3 dari 3 kartu." in page.subtitle.text()
    witnesses(hands, page, "Halim Perdana", "Satpol PP", "Wati Lestari", "Kelurahan")
    hands.key(K.Key_F2)
    hands.approve(RATNA)
    hands.idle()
    minutes = hands.window.page
    assert isinstance(minutes, DestructionMinutesPage), hands.message()
    hands.idle()
    assert hands.message() == "Berita acara 1/BA-MUSNAH/2026 dicatat"
    assert minutes.view.pdf.startswith(b"%PDF")
    yield_checks(minutes)
    (made,) = destruction.recorded(hands.world.desk, BUDI)
    assert (made.cards, made.approver, made.deed.executors) == (3, RATNA.username, (BUDI.name,))
    assert [one.office for one in made.deed.witnesses] == ["Satpol PP", "Kelurahan"]
    assert held(hands) == 0


def test_a_deed_that_lacks_something_is_refused_before_the_penyelia_is_called(hands: Hands) -> None:
    spoiled(hands.world)
    page = at_page(hands)
    witnesses(hands, page, "Halim Perdana", "Satpol PP")
    hands.key(K.Key_F2)
    assert hands.message() == "Saksi kurang"
    assert page.form.isAncestorOf(hands.focus())
    witnesses(hands, page, "", "", BUDI.name, "Satpel")
    hands.key(K.Key_F2)
    assert hands.message() == "Saksi ikut terlibat"
    assert held(hands) == 1


def test_a_penyelia_who_is_a_witness_cannot_agree(hands: Hands) -> None:
    spoiled(hands.world)
    page = at_page(hands)
    witnesses(hands, page, "Halim Perdana", "Satpol PP", RATNA.name, "Satpel")
    hands.key(K.Key_F2)
    hands.approve(RATNA)
    hands.idle()
    assert hands.message() == "Saksi ikut terlibat"
    assert isinstance(hands.window.page, DestructionPage)
    assert page.form.witnesses[0][0].line.text() == "Halim Perdana", "nothing has to be typed again"
    assert held(hands) == 1


def test_some_of_the_cards_and_what_was_chosen_stays_chosen(hands: Hands) -> None:
    first = spoiled(hands.world)
    taken_back(hands.world)
    given_up(hands.world)
    page = at_page(hands)
    page.table.setFocus()
    hands.key(K.Key_Home, CTRL)
    hands.key(K.Key_Home)
    hands.key(K.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    chosen = [line.card.id for line in page.table.selected()]
    assert len(chosen) == 2
    page.refresh()
    hands.idle()
    assert [line.card.id for line in page.table.selected()] == chosen
    assert "Dipilih 2 dari 3 kartu." in page.subtitle.text()
    assert first in chosen
    page.table.setFocus()
    hands.key(K.Key_A, CTRL)
    assert len(page.table.selected()) == 3


def test_more_people_have_their_lines(hands: Hands) -> None:
    page = at_page(hands)
    page.form.add_witness()
    page.form.add_executor()
    yield_checks(page)
    assert page.isAncestorOf(hands.focus())
    assert hands.focus().accessibleName() == "Pelaksana 2"
    assert (len(page.form.witnesses), len(page.form.executors)) == (3, 2)


def test_nothing_held_is_nothing_to_destroy(hands: Hands) -> None:
    page = at_page(hands)
    assert not page.destroy_button.isEnabled()
    hands.key(K.Key_F3)
    hands.idle()
    minutes = hands.window.page
    assert isinstance(minutes, DestructionMinutesPage)
    assert not minutes.print_button.isEnabled()
    hands.key(K.Key_Escape)
    hands.qtbot.waitUntil(lambda: hands.page_name() == "DestructionPage", timeout=5000)
    hands.idle()
    hands.key(K.Key_Escape)
    hands.qtbot.waitUntil(lambda: hands.page_name() == "BlanksPage", timeout=5000)
    hands.idle()


def test_minutes_are_printed_and_the_next_print_is_a_copy(hands: Hands) -> None:
    spoiled(hands.world)
    destroy(hands.world)
    at_page(hands, RATNA)
    hands.key(K.Key_F3)
    hands.idle()
    page = hands.window.page
    assert isinstance(page, DestructionMinutesPage)
    first = page.view.pdf
    hands.key(K.Key_P, CTRL)
    hands.idle()
    assert hands.message() == "Berita acara dikirim ke printer"
    assert page.view.pdf != first
    assert [told["copy"] for _, told in hands.world.events(destruction.PRINTED)] == [0]


def test_the_audit_trail_has_words_for_it() -> None:
    for kind in (DESTROYED, destruction.PRINTED):
        assert kind in words.table_of("event")


def test_names_in_the_list_are_masked_and_a_night_is_marked(hands: Hands) -> None:
    spoiled(hands.world)
    hands.world.clock.advance(24 * 60)
    page = at_page(hands)
    model = page.table.rows
    shown = " ".join(str(model.index(0, column).data()) for column in range(model.columnCount()))
    assert not set(NAME.split()) & set(shown.split())
    assert "Rusak" in shown
    assert "1 sudah menginap" in page.subtitle.text()


@pytest.mark.parametrize(("actor", "seen"), [(BUDI, True), (AGUS, True), (RATNA, True), (SARI, False)])
def test_who_is_offered_it(hands: Hands, actor: Actor, seen: bool) -> None:
    assert any(may(actor, action) for action in SPEC["destruction"].actions) is seen
