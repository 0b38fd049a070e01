"""The blind count at the window, by keys: nobody sees the books, nor the second person the first one's figure."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QLineEdit

from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import stock
from ktpel_desktop.ui.pages.counting import CountingPage
from tests.services.office import BLANKS, BUDI, RATNA
from tests.ui.conftest import Hands, K


def counting(hands: Hands, page: str = "blanks", actor: Actor = BUDI) -> None:
    hands.window.welcome(actor)
    hands.window.go(page)
    hands.idle()
    hands.key(K.Key_F7)
    hands.idle()


def shown(hands: Hands) -> str:
    """All that can be read on the page."""
    page = hands.window.page
    assert page is not None
    labels = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    return "\n".join(labels + [line.text() for line in page.findChildren(QLineEdit) if line.isVisible()])


def test_two_counts_that_agree_with_the_books_are_journalled(hands: Hands) -> None:
    counting(hands)
    hands.count_blind(BLANKS, BLANKS)
    assert hands.step() == "comparison"
    hands.enter()
    assert (hands.message(), hands.page_name()) == ("Hitung fisik cocok", "BlanksPage")
    ((_subject, said),) = hands.world.events(stock.COUNTED)
    assert said["first"] == said["second"] == BLANKS
    assert said["second_counter"] != BUDI.username


def test_neither_the_books_nor_the_first_figure_can_be_read_while_it_is_counted(hands: Hands) -> None:
    counting(hands)
    assert str(BLANKS) not in shown(hands)
    hands.type(str(BLANKS - 3))
    hands.enter()
    assert hands.step() == "second_count"
    assert str(BLANKS - 3) not in shown(hands)
    assert str(BLANKS) not in shown(hands)


def test_counts_that_differ_show_no_books_and_are_counted_again(hands: Hands) -> None:
    counting(hands)
    hands.count_blind(BLANKS, BLANKS - 1)
    assert (hands.message(), hands.step()) == ("Dua hitungan tidak sama", "first_count")
    assert str(BLANKS) not in shown(hands)
    assert hands.world.events(stock.COUNTED) == []
    hands.count_blind(BLANKS, BLANKS)
    assert hands.step() == "comparison"


def test_the_days_end_counts_again_without_asking_for_the_open_work_again(hands: Hands) -> None:
    hands.window.welcome(BUDI)
    hands.window.go("closing")
    hands.idle()
    hands.enter()
    hands.count_blind(BLANKS, BLANKS - 1)
    assert (hands.message(), hands.step()) == ("Dua hitungan tidak sama", "first_count")


def test_a_difference_is_journalled_with_its_reason_and_the_penyelia(hands: Hands) -> None:
    counting(hands)
    hands.count_blind(BLANKS - 2, BLANKS - 2)
    hands.enter()
    assert hands.step() == "difference"
    hands.type("dua lembar terselip")
    hands.enter()
    assert hands.world.events(stock.COUNTED) == []
    hands.approve(RATNA)
    assert hands.message() == "Selisih dicatat"
    ((_subject, said),) = hands.world.events(stock.COUNTED)
    assert (said["first"], said["books"], said["reason"]) == (BLANKS - 2, BLANKS, "dua lembar terselip")
    assert stock.balance(hands.world.desk, BUDI).left == BLANKS


def test_nought_can_be_counted_and_leads_back_to_the_consumables(hands: Hands) -> None:
    counting(hands, "consumables")
    hands.count_blind(0, 0)
    hands.enter()
    assert (hands.message(), hands.page_name()) == ("Hitung fisik cocok", "ConsumablesPage")


def test_a_count_that_is_given_up_leaves_nothing_behind(hands: Hands) -> None:
    counting(hands)
    hands.type("7")
    hands.key(K.Key_Escape)
    hands.idle()
    assert hands.page_name() == "BlanksPage"
    assert hands.world.events(stock.COUNTED) == []


def test_the_first_stock_is_counted_by_two_with_its_paper_and_the_penyelia(hands: Hands) -> None:
    hands.window.welcome(BUDI)
    hands.window.go("first_stock", item="pita")
    hands.idle()
    hands.count_blind(6, 6)
    assert hands.step() == "document"
    hands.type("BA-1")
    hands.enter()
    hands.approve(RATNA)
    assert (hands.message(), hands.page_name()) == ("Saldo awal dicatat", "ConsumablesPage")
    item, said = hands.world.events("stock.SALDO_AWAL")[-1]
    assert (item, said["quantity"], said["document"]) == ("pita", 6, "BA-1")


def test_alone_nobody_begins_to_count(hands: Hands) -> None:
    counting(hands)
    page = hands.window.page
    assert isinstance(page, CountingPage)
    page.people = ()
    hands.type("7")
    hands.enter()
    assert (hands.message(), hands.step()) == ("Penghitung kedua belum ada", "first_count")
