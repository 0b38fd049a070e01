"""Stock at the window, by keys: loans, consumables, the register."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ktpel_desktop.core.stock import Loan, MovementKind
from ktpel_desktop.services import consumables, register, stock
from ktpel_desktop.ui.dialogs import AskFields
from ktpel_desktop.ui.pages.blanks import BlanksPage
from ktpel_desktop.ui.pages.consumables import ConsumablesPage
from ktpel_desktop.ui.pages.register import RegisterPage
from tests.services.office import BUDI
from tests.ui.conftest import Hands, K


def page_of(hands: Hands, name: str) -> BlanksPage | ConsumablesPage | RegisterPage:
    hands.window.welcome(BUDI)
    hands.window.go(name)
    hands.idle()
    page = hands.window.page
    assert isinstance(page, BlanksPage | ConsumablesPage | RegisterPage), hands.message()
    return page


def answer(hands: Hands, *answers: object) -> None:
    """Fill the small window that is open, and take it."""
    question = hands.dialog()
    assert isinstance(question, AskFields)
    for editor, value in zip(question.editors, answers, strict=False):
        editor.fill(value)
    question.settle()
    hands.idle()


def test_a_loan_is_booked_and_shown_until_it_is_given_back(hands: Hands) -> None:
    page = page_of(hands, "blanks")
    assert isinstance(page, BlanksPage)
    hands.key(K.Key_F6)
    answer(hands, MovementKind.LENT.value, 5, "Kelurahan Senen", "BAST-P1")
    assert stock.loans(hands.world.desk, BUDI) == (Loan(MovementKind.LENT, "Kelurahan Senen", 5),)
    assert page.loans.isVisible()
    assert page.loans.text() == "Dipinjamkan ke Kelurahan Senen: 5"
    assert page.forecast.text() == "Cukup untuk: belum diketahui"


def test_blanks_come_with_their_printed_numbers_or_without(hands: Hands) -> None:
    page_of(hands, "blanks")
    hands.key(K.Key_F2)
    answer(hands, 10, "BAST-2", "a01", "a10")
    assert stock.balance(hands.world.desk, BUDI).received == 10
    hands.key(K.Key_F2)
    answer(hands, 10, "BAST-3", "a10", "a01")
    assert hands.message() == "Nomor seri tidak cocok"
    assert stock.balance(hands.world.desk, BUDI).received == 10


def test_the_chosen_consumable_comes_and_is_used(hands: Hands) -> None:
    page = page_of(hands, "consumables")
    assert isinstance(page, ConsumablesPage)
    hands.key(K.Key_F2)
    answer(hands, 3, "BAST-5")
    hands.key(K.Key_F8)
    answer(hands, MovementKind.USED.value, 1, "dipasang")
    first = consumables.levels(hands.world.desk, BUDI)[0]
    assert (first.consumable.code, first.left) == ("pita", 2)
    shown = page.table.current()
    assert shown is not None
    assert shown.left == 2


def test_the_register_is_read_and_printed(hands: Hands) -> None:
    page = page_of(hands, "register")
    assert isinstance(page, RegisterPage)
    hands.key(K.Key_Down)
    hands.idle()
    assert page.view.pdf
    hands.key(K.Key_P, Qt.KeyboardModifier.ControlModifier)
    hands.idle()
    assert len(hands.world.events(register.PRINTED)) == 1
    hands.key(K.Key_Escape)
    hands.qtbot.waitUntil(lambda: hands.page_name() == "BlanksPage", timeout=5000)
    hands.idle()
