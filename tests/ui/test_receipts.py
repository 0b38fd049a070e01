"""The receipt printer is off, and the counter goes on: by keys, to the receipts that are printed later."""

from __future__ import annotations

from PySide6.QtTest import QTest

from ktpel_desktop.core import ticket
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.services import receipts
from ktpel_desktop.services.receipts import LateOutcome
from ktpel_desktop.ui.pages import receipt_words
from ktpel_desktop.ui.pages.counter import CounterPage
from tests.services import office
from tests.services.office import SARI
from tests.ui.conftest import Hands, K
from tests.ui.test_keyboard import take_in


def counter(hands: Hands) -> CounterPage:
    page = hands.window.page
    assert isinstance(page, CounterPage), hands.message()
    return page


def told(hands: Hands) -> str:
    message = hands.window.place.messages.message
    return "" if message is None else f"{message.title} {message.text} {message.step}"


def test_a_receipt_that_could_not_be_printed_is_printed_later_by_a_key(hands: Hands) -> None:
    hands.login(SARI)
    assert not counter(hands).late_button.isVisible()
    hands.world.bench.faults.script("receipt_off")
    request_id = take_in(hands)
    assert ticket.in_fours(request_id) in told(hands)
    assert "Tulis nomor A-001" in told(hands)
    assert "F7" in told(hands)
    button = counter(hands).late_button
    assert button.isVisible()
    assert "Cetak struk tertunda: 1" in button.text()

    hands.world.bench.faults.script("receipt_no_paper")
    hands.key(K.Key_F7)
    hands.idle()
    assert hands.message() == "Kertas struk habis"
    assert "Masih menunggu: 1" in told(hands)
    assert button.isVisible()

    hands.key(K.Key_F7)
    hands.idle()
    assert hands.message() == "Struk tertunda sudah tercetak"
    assert "A-001" in told(hands)
    assert not button.isVisible()
    assert hands.world.events("receipt.printed") == [(request_id, {"copy": 0})]
    assert counter(hands).search.hasFocus() or counter(hands).isAncestorOf(hands.focus())


def test_of_a_torn_receipt_the_counter_is_told_that_nobody_knows(hands: Hands) -> None:
    hands.login(SARI)
    hands.world.bench.faults.script("receipt_torn")
    request_id = take_in(hands)
    assert "belum pasti" in hands.message()
    assert "Lihat printernya" in told(hands)
    assert ticket.in_fours(request_id) in told(hands)
    assert not counter(hands).late_button.isVisible()


def test_the_button_presses_once_while_the_printer_works(hands: Hands) -> None:
    request = hands.world.accepted(resident=office.nik(3))
    hands.world.bench.faults.script("receipt_off")
    receipts.print_receipt(hands.world.desk, SARI, request.id)
    hands.login(SARI)
    button = counter(hands).late_button
    button.setFocus()
    for _ in range(3):
        QTest.keyClick(button, K.Key_Return)
    hands.idle()
    assert [data for _, data in hands.world.events("receipt.printed")] == [{"copy": 0}]


def test_what_became_of_the_waiting_receipts_is_told_whatever_it_was() -> None:
    nothing = receipt_words.late(LateOutcome((), 0))
    assert nothing is not None
    assert nothing.title == "Tidak ada struk yang menunggu"
    torn = receipt_words.late(
        LateOutcome(("A-001",), 2, "A-002", DeviceError("receipt.torn", Effect.UNKNOWN))
    )
    assert torn is not None
    assert "Tercetak: A-001." in torn.text
    assert "Struk A-002 belum pasti; lihat printernya. Masih menunggu: 2." in torn.text
