"""The list of a hand-off: offered once there is one, and only where there is a printer for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from ktpel_desktop.devices.simulator.dot_matrix_printer import SimulatedDotMatrixPrinter
from ktpel_desktop.services import hand_off_lists
from tests.services.office import BUDI, SARI, World
from tests.ui.conftest import Hands, K

WORD = "Cetak daftar serah"


def offered(hands: Hands) -> list[QPushButton]:
    page = hands.window.page
    assert page is not None
    return [
        button
        for button in page.findChildren(QPushButton)
        if button.isVisible() and button.text().replace("&", "").startswith(WORD)
    ]


def printed(hands: Hands) -> list[bytes]:
    printer = hands.world.desk.dot_matrix
    assert isinstance(printer, SimulatedDotMatrixPrinter)
    return list(printer.printed)


def test_files_then_results_each_have_their_list(hands: Hands) -> None:
    hands.world.accepted()
    hands.window.welcome(SARI)
    hands.window.go("counter")
    hands.idle()
    assert hands.page_name() == "CounterPage"
    assert offered(hands) == []
    hands.key(K.Key_F7)
    hands.key(K.Key_F6)
    hands.idle()
    hands.choose("budi")
    assert len(offered(hands)) == 1
    hands.key(K.Key_F7)
    hands.idle()
    assert hands.message() == "Daftar serah tercetak"
    assert printed(hands) == [b"Sari Dewi Budi Santoso 1 0"]

    made = hands.world.produced("PINDAH")
    hands.window.welcome(BUDI)
    hands.window.go("queue")
    hands.idle()
    assert hands.page_name() == "QueuePage"
    hands.key(K.Key_F6)
    hands.idle()
    hands.choose("sari")
    hands.key(K.Key_F7)
    hands.idle()
    assert printed(hands)[1:] == [b"Budi Santoso Sari Dewi 1 0"]

    hands.window.go("request", request_id=made.id)
    hands.idle()
    (again,) = offered(hands)
    again.setFocus(Qt.FocusReason.TabFocusReason)
    hands.key(K.Key_Space)
    hands.idle()
    assert hands.message() == "Daftar serah tercetak"
    assert printed(hands)[2:] == [b"Budi Santoso Sari Dewi 1 1"]


def test_an_office_without_the_printer_is_not_offered_it(
    make_window: Callable[..., Hands], world: World
) -> None:
    world.desk = replace(world.desk, dot_matrix=None)
    hands = make_window()
    request = world.accepted()
    hands.window.welcome(SARI)
    hands.window.go("counter")
    hands.idle()
    hands.key(K.Key_F6)
    hands.idle()
    hands.choose("budi")
    assert offered(hands) == []
    hands.window.go("request", request_id=request.id)
    hands.idle()
    assert offered(hands) == []
    assert hand_off_lists.hand_off_list(world.desk, SARI, request.id).rows
