"""The list of a hand-off at the window: chosen, read, printed, by keys."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from ktpel_desktop import resource_files
from ktpel_desktop.devices.simulator.dot_matrix_printer import SimulatedDotMatrixPrinter
from ktpel_desktop.documents.writer import PaperWriter
from ktpel_desktop.services import hand_off_lists, handing_over, handover_lists, intake
from ktpel_desktop.ui.pages.hand_offs import HandOffsPage
from ktpel_desktop.ui.pages.handovers import HandoversPage
from tests.services.desks import OFFICE
from tests.services.office import BUDI, SARI, nik
from tests.services.test_handing_over import HIMSELF
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


def test_the_list_is_printed_on_form_where_there_is_a_dot_matrix_printer(hands: Hands) -> None:
    hand(hands, 1)
    page = at_lists(hands)
    printer = hands.window.place.desk.dot_matrix
    assert isinstance(printer, SimulatedDotMatrixPrinter)
    hands.key(K.Key_F9)
    hands.idle()
    (form,) = printer.printed
    assert b"A-001" in form
    assert b"SALINAN" not in form
    hands.world.bench.faults.script("form_off")
    hands.key(K.Key_F9)
    hands.idle()
    assert "mati" in hands.message()
    assert page.table.rows.rows, "the hand-off itself stands"


def test_without_one_the_form_is_not_offered(hands: Hands) -> None:
    hands.window.place.desk = replace(hands.window.place.desk, dot_matrix=None)
    assert not at_lists(hands).form_button.isVisible()


def test_what_was_handed_to_applicants_is_one_key_away(hands: Hands) -> None:
    handing_over.hand_over(hands.world.desk, SARI, hands.world.at_counter("PINDAH").id, HIMSELF)
    hands.window.welcome(SARI)
    hands.window.go("hand_offs")
    hands.idle()
    hands.key(K.Key_F6)
    hands.idle()
    page = hands.window.page
    assert isinstance(page, HandoversPage)
    hands.key(K.Key_Down)
    hands.idle()
    assert page.view.pdf
    hands.key(K.Key_P, Qt.KeyboardModifier.ControlModifier)
    hands.idle()
    assert len(hands.world.events(handover_lists.PRINTED)) == 1
