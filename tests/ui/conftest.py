"""A real window over the real store and simulators, worked by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ktpel_desktop.bootstrap import TrainingOffice, open_training
from ktpel_desktop.core.records import RequestFilter
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.devices.simulator.cards import Place
from ktpel_desktop.services import verifying
from ktpel_desktop.settings import Settings
from ktpel_desktop.training import people
from ktpel_desktop.ui.app import build_application, build_window
from ktpel_desktop.ui.dialogs import AskApproval, AskFields
from ktpel_desktop.ui.main_window import MainWindow
from ktpel_desktop.ui.theme import Mode
from ktpel_desktop.ui.widgets.editors import ChecksEditor, RadioEditor
from ktpel_desktop.ui.wizard import WizardPage
from ktpel_desktop.ui.workplace import SampleAccount, SampleResident
from tests.services import office
from tests.services.office import World

K = Qt.Key
EVERY_DAY = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")


@pytest.fixture(scope="session")
def office_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office.template(tmp_path_factory.mktemp("office-ui"))


@pytest.fixture
def world(office_template: Path, tmp_path: Path) -> Iterator[World]:
    found = office.copy(office_template, tmp_path)
    found.open_day()
    yield found
    found.store.close()


@pytest.fixture(scope="session", autouse=True)
def collecting_here(qapp: QApplication) -> None:
    """As in the program, also where a test makes pages without `application`."""
    build_application(Mode.LIGHT)


@pytest.fixture
def application(qapp: QApplication) -> QApplication:
    return build_application(Mode.LIGHT)


@dataclass
class Person:
    """A person at the window who has a keyboard only."""

    window: MainWindow
    qtbot: QtBot

    def idle(self) -> None:
        """Until the lanes have brought everything and the page has taken it."""
        runner = self.window.place.runner
        quiet = [0]

        def settled() -> bool:
            page = self.window.page
            busy = not runner.quiet() or bool(runner._closures)
            quiet[0] = 0 if busy or (page is not None and page.working) else quiet[0] + 1
            return quiet[0] > 3

        self.qtbot.waitUntil(settled, timeout=10_000)
        if (
            QApplication.activeWindow() is None
        ):  # without a window manager nobody gives it back after a dialog
            with self.qtbot.waitActive(self.window):
                self.window.activateWindow()

    def focus(self) -> QWidget:
        """What has the keyboard."""
        dialog = QApplication.activeModalWidget()
        inside = dialog.focusWidget() if dialog is not None else None
        found: list[QWidget | None] = [inside, QApplication.focusWidget(), self.window.focusWidget()]
        return next(widget for widget in found if widget is not None)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus(), key, modifier)
        if modifier is not Qt.KeyboardModifier.NoModifier or K.Key_F1 <= key <= K.Key_F12:
            self.qtbot.wait(180)  # Qt presses a button for 100 ms when its key is struck

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus(), text)

    def enter(self) -> None:
        self.key(K.Key_Return)
        self.idle()

    def dialog(self) -> QWidget:
        """Until the small window over the page is the active one."""
        self.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=2000)
        found = QApplication.activeModalWidget()
        assert found is not None
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is found, timeout=2000)
        return found

    def enter_on_first_action(self) -> None:
        """Enter on the button that the request page put the focus on."""
        focus = self.focus()
        assert isinstance(focus, QPushButton), focus
        QTest.keyClick(focus, K.Key_Space)
        self.idle()

    def login(self, actor: Actor, password: str = office.PASSWORD) -> None:
        self.window.login.username.setFocus()
        self.type(actor.username)
        self.key(K.Key_Tab)
        self.type(password)
        self.enter()

    def page_name(self) -> str:
        return type(self.window.page).__name__

    def message(self) -> str:
        message = self.window.place.messages.message
        return message.title if message else ""

    def tick_all(self) -> None:
        """Space on every check box that has to be ticked on this step, reached by Tab."""
        from PySide6.QtWidgets import QCheckBox

        page = self.window.page
        assert page is not None
        for box in page.findChildren(QCheckBox):
            if box.isVisible() and not box.isChecked():
                box.setFocus()
                QTest.keyClick(box, K.Key_Space)

    def tick(self, field: str) -> None:
        """Space on the field of the wizard's present step."""
        page = self.window.page
        assert isinstance(page, WizardPage), self.message()
        page.editors[field].setFocus()
        self.key(K.Key_Space)

    def choose(self, code: str) -> None:
        """The option of a small window, by its code; then its main action."""
        asked = self.dialog()
        assert isinstance(asked, AskFields)
        editor = asked.editors[0]
        assert isinstance(editor, RadioEditor | ChecksEditor)
        button = editor.buttons[code] if isinstance(editor, RadioEditor) else editor.boxes[code]
        button.setFocus()
        QTest.keyClick(button, K.Key_Space)
        QTest.keyClick(button, K.Key_Return)
        self.idle()

    def approve(self, actor: Actor, password: str = office.PASSWORD) -> None:
        """The second person logs in beside the first."""
        assert isinstance(self.dialog(), AskApproval)
        self.type(actor.username)
        self.key(K.Key_Tab)
        self.type(password)
        self.enter()

    def step(self) -> str:
        """The wizard's present step."""
        page = self.window.page
        assert isinstance(page, WizardPage), self.message()
        return page.journey.step

    def count_blind(self, first: int, second: int) -> None:
        """Who sits here counts, then the first of the others."""
        assert self.step() == "first_count", self.message()
        self.type(str(first))
        self.enter()
        assert self.step() == "second_count", self.message()
        self.tick("second_by")
        page = self.window.page
        assert isinstance(page, WizardPage)
        page.editors["second_count"].setFocus()
        self.type(str(second))
        self.enter()


@dataclass
class Hands(Person):
    """The same at an office of the test, with hands to carry cards."""

    world: World

    def carry(self, place: Place) -> None:
        """Put the card in work on the reader or into the printer."""
        bench = self.world.bench
        known = [
            c for spot in (Place.READER, Place.PRINTER, Place.OUT, Place.HAND) for c in bench.lying_at(spot)
        ]
        card = known[0] if known else bench.take_blank()
        bench.move(card.serial, place)


@pytest.fixture
def make_window(application: QApplication, world: World, qtbot: QtBot) -> Iterator[Callable[..., Hands]]:
    made: list[MainWindow] = []

    def build(*, training: bool = False) -> Hands:
        desk = replace(world.desk, office=replace(world.desk.office, training=training))
        samples = [
            SampleAccount(a.username, office.PASSWORD, a.name, a.role.value.title())
            for a in office.PEOPLE[:3]
        ]
        window = build_window(
            desk, people_hint=samples if training else (), network_period=3600, lock_after=3600
        )
        window.resize(1280, 800)
        with qtbot.waitExposed(window):
            window.show()
        with qtbot.waitActive(window):
            window.activateWindow()
        made.append(window)
        return Hands(window, qtbot, world)

    yield build
    for window in made:
        assert window.place.runner.close(10)
        window.place.actor = None
        window.close()
        window.deleteLater()


@dataclass
class Trainee(Person):
    """A person at the window of the real training office, whose hands at the bench are automatic."""

    office: TrainingOffice

    def log_in(self, actor: Actor) -> None:
        self.login(actor, people.PASSWORD)

    def leave(self, actor: Actor) -> None:
        """Log out by key and let the next person log in."""
        self.key(K.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        self.idle()
        self.log_in(actor)

    def state(self, request_id: str) -> str:
        with self.office.desk.unit(people.OPERATOR) as unit:
            return unit.requests.get(request_id).state.value

    def verified(self) -> str:
        """A request of the sample day that can be printed, claimed by the operator."""
        desk = self.office.desk
        with desk.unit(people.OPERATOR) as unit:
            found = unit.requests.find(RequestFilter(frozenset({RequestState.VERIFIED})), 1)[0]
        verifying.claim(desk, people.OPERATOR, found.id)
        return found.id


@pytest.fixture
def training_settings() -> Settings:
    """An office that is always open."""
    return replace(Settings(), opens=time(0, 0), closes=time(23, 59, 59), working_days=EVERY_DAY)


@pytest.fixture
def trainee(
    application: QApplication, tmp_path: Path, qtbot: QtBot, training_settings: Settings
) -> Iterator[Trainee]:
    """The real training office on its first morning, with no waiting at the devices."""
    with open_training(tmp_path, training_settings, pace=lambda _seconds: None) as found:
        people.begin(found)
        chance = Random(7)

        def resident_for(service: str) -> SampleResident | None:
            one = people.somebody(found, service, chance)
            return None if one is None else SampleResident(one.nik, one.kk, one.name)

        window = build_window(found.desk, resident_for=resident_for, network_period=3600, lock_after=3600)
        window.resize(1280, 800)
        with qtbot.waitExposed(window):
            window.show()
        with qtbot.waitActive(window):
            window.activateWindow()
        yield Trainee(window, qtbot, found)
        assert window.place.runner.close(10)
        window.place.actor = None
        window.close()
        window.deleteLater()


@pytest.fixture
def hands(make_window: Callable[..., Hands]) -> Hands:
    return make_window()
