"""The list of a hand-off at the window: chosen, read, printed, by keys."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from ktpel_desktop import resource_files
from ktpel_desktop.documents.writer import PaperWriter
from ktpel_desktop.services import hand_off_lists, intake
from ktpel_desktop.ui.pages.hand_offs import HandOffsPage
from tests.services.desks import OFFICE
from tests.services.office import BUDI, SARI, nik
from tests.ui.conftest import Hands, K
from tests.ui.test_pages import yield_checks


def at_lists(hands: Hands) -> HandOffsPage:
    papers = PaperWriter(resource_files.root(), OFFICE)
    hands.window.place.desk = replace(hands.window.place.desk, papers=papers)
    hands.window.welcome(SARI)
    hands.window.go("counter")
    hands.idle()
    hands.key(K.Key_F8)
    hands.idle()
    page = hands.window.page
    assert isinstance(page, HandOffsPage)
    yield_checks(page)
    return page


def hand(hands: Hands, *residents: int) -> None:
    ids = [hands.world.accepted(resident=nik(one)).id for one in residents]
    intake.hand_to_operator(hands.world.desk, SARI, ids, BUDI.username)


def test_the_newest_hand_off_is_shown_and_printed(hands: Hands) -> None:
    hand(hands, 1, 2)
    page = at_lists(hands)
    assert page.view.pdf.startswith(b"%PDF")
    assert len(page.table.rows.rows) == 1
    first = page.view.pdf
    hands.key(K.Key_P, Qt.KeyboardModifier.ControlModifier)
    hands.idle()
    assert "dikirim ke printer" in hands.message()
    assert [told["count"] for _, told in hands.world.events(hand_off_lists.PRINTED)] == [2]
    assert page.view.pdf != first, "the next one is marked as a copy"


def test_another_hand_off_is_chosen_with_the_arrow(hands: Hands) -> None:
    hand(hands, 1)
    hands.world.clock.advance(3)
    hand(hands, 2, 3)
    page = at_lists(hands)
    before = page.view.pdf
    hands.key(K.Key_Down)
    hands.idle()
    assert page.view.pdf != before
    hands.key(K.Key_Escape)
    hands.qtbot.waitUntil(lambda: hands.page_name() == "CounterPage", timeout=5000)
    hands.idle()


def test_a_day_without_a_hand_off_has_nothing_to_print(hands: Hands) -> None:
    page = at_lists(hands)
    assert not page.print_button.isEnabled()
    assert not page.save_button.isEnabled()
