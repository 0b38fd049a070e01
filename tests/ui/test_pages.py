"""Every page of every role: names for a screen reader, letters once each, words in Indonesian, help that exists."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QWidget,
)

from ktpel_desktop.core.issuance import JobState, PrintAnswer, Recovery, SpoilReason
from ktpel_desktop.core.nik import NikFinding
from ktpel_desktop.core.request import Ageing, Priority, RequestState, StepStatus
from ktpel_desktop.core.roles import Action, Actor, Role
from ktpel_desktop.core.room import Readiness
from ktpel_desktop.core.room_items import Group, ItemId, Who
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.ui import icons, mnemonics, words
from ktpel_desktop.ui.navigation import SPECS, offered
from ktpel_desktop.ui.pages import help as help_pages
from ktpel_desktop.ui.pages.counter import CounterPage
from ktpel_desktop.ui.portraits import render_pages
from ktpel_desktop.ui.theme import Tone
from tests.services import office
from tests.services.office import BUDI, JOKO, RATNA, SARI, TONO
from tests.ui.conftest import Hands, K

EVERYONE = (SARI, BUDI, RATNA, JOKO, TONO)
ENGLISH = re.compile(
    r"\b(OK|Cancel|Close|Open|Save|Yes|No|Help|Copy|Paste|Cut|Undo|Redo|Select All|Delete|Next|Back|Finish|Search)\b"
)


def open_pages(hands: Hands, actor: Actor) -> list[QWidget]:
    """Go through every page that a person is offered."""
    hands.window.welcome(actor)
    seen: list[QWidget] = []
    for spec in offered(actor):
        hands.window.go(spec.name)
        hands.idle()
        assert hands.window.page is not None
        yield_checks(hands.window.page)
        seen.append(hands.window.page)
        assert not hands.message(), (spec.name, hands.message())
    return seen


def yield_checks(page: QWidget) -> None:
    """What must hold for any page while it is shown."""
    letters: list[str] = []
    for widget in page.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, QAbstractButton):
            assert widget.accessibleName() or widget.text(), widget
            assert not ENGLISH.search(widget.text().replace("&", "")), widget.text()
            assert widget.height() >= 24
            letters.append(mnemonics.letter(widget.text()))
        elif isinstance(widget, QLabel) and widget.buddy() is not None:
            letters.append(mnemonics.letter(widget.text()))
        takes_keys = isinstance(widget, QLineEdit | QComboBox | QAbstractItemView)
        if takes_keys and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            assert widget.accessibleName(), widget
    given = [letter for letter in letters if letter]
    assert len(given) == len(set(given)), given


@pytest.mark.parametrize("actor", EVERYONE, ids=lambda actor: actor.role.value)
def test_every_page_of_a_role(hands: Hands, actor: Actor) -> None:
    hands.world.at_counter(resident=office.nik(1))
    hands.world.verified(resident=office.nik(2))
    assert open_pages(hands, actor)


def test_no_role_is_offered_what_it_may_not(hands: Hands) -> None:
    assert {spec.name for spec in offered(JOKO)} == {"room", "figures", "audit", "readiness", "help"}
    assert "counter" not in {spec.name for spec in offered(BUDI)}
    assert "queue" not in {spec.name for spec in offered(SARI)}


@pytest.mark.parametrize("name", ["intake", "handover"])
def test_wizards_of_the_counter(hands: Hands, name: str) -> None:
    hands.window.welcome(SARI)
    hands.window.go(name)
    hands.idle()
    assert hands.window.page is not None
    yield_checks(hands.window.page)


def test_the_page_of_calibration(hands: Hands) -> None:
    hands.window.welcome(BUDI)
    hands.window.go("calibration")
    hands.idle()
    assert hands.window.page is not None
    assert hands.page_name() == "CalibrationPage"
    yield_checks(hands.window.page)


@pytest.mark.parametrize("name", ["request", "issue"])
def test_pages_of_a_request(hands: Hands, name: str) -> None:
    request = hands.world.verified()
    hands.window.welcome(BUDI)
    hands.window.go(name, request_id=request.id)
    hands.idle()
    assert hands.window.page is not None
    yield_checks(hands.window.page)


def test_an_unknown_request_leads_back_with_words(hands: Hands) -> None:
    hands.window.welcome(SARI)
    hands.window.go("request", request_id="222222222222")
    hands.idle()
    assert isinstance(hands.window.page, CounterPage)
    assert hands.message()


def test_the_nik_is_masked_until_it_is_revealed_and_that_is_journalled(hands: Hands) -> None:
    request = hands.world.accepted()
    hands.window.welcome(SARI)
    hands.window.go("request", request_id=request.id)
    hands.idle()
    page = hands.window.page
    assert page is not None

    def shown() -> str:
        return " ".join(label.text() for label in page.findChildren(QLabel)).replace(" ", "")

    assert office.NIK.reveal() not in shown()
    page.reveal()  # type: ignore[attr-defined]
    hands.idle()
    assert office.NIK.reveal() in shown()
    assert [subject for subject, _ in hands.world.events("nik.revealed")] == [request.id]


def test_training_shows_its_banner_and_accounts_and_service_does_not(
    make_window: Callable[..., Hands],
) -> None:
    training = make_window(training=True)
    assert training.window.banner.isVisible()
    first = training.window.place.samples[0]
    training.window.login.take(first)
    training.enter()
    assert training.window.banner.isVisible()
    assert training.page_name() == "CounterPage"
    assert not make_window().window.banner.isVisible()


def test_a_wrong_password_says_so_and_stays(hands: Hands) -> None:
    hands.login(SARI, "salah sekali")
    assert hands.window.place.actor is None
    assert hands.message()


def test_qts_own_buttons_speak_indonesian(application: QApplication) -> None:
    every = QDialogButtonBox.StandardButton
    box = QDialogButtonBox()
    box.setStandardButtons(
        every.Ok | every.Cancel | every.Save | every.Open | every.Close | every.Yes | every.No | every.Help
        | every.Apply | every.Reset | every.Discard | every.Retry | every.Ignore | every.Abort
        | every.SaveAll | every.YesToAll | every.NoToAll | every.RestoreDefaults
    )  # fmt: skip
    message = QMessageBox()
    message.setStandardButtons(QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel)
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    line = QLineEdit()
    menu = line.createStandardContextMenu()
    found = [
        button.text()
        for holder in (box, message, dialog)
        for button in holder.findChildren(QAbstractButton)
        if button.text()
    ]
    found += [action.text().split("\t")[0] for action in menu.actions()]
    found += [label.text() for label in dialog.findChildren(QLabel)]
    english = [text for text in found if ENGLISH.search(text.replace("&", ""))]
    assert english == []
    assert len(found) > 25
    for widget in (box, message, dialog, line, menu):
        widget.deleteLater()


def test_every_code_of_the_rules_has_its_word() -> None:
    for table, codes in {
        "request_state": RequestState,
        "job_state": JobState,
        "recovery": Recovery,
        "spoil_reason": SpoilReason,
        "print_answer": PrintAnswer,
        "priority": Priority,
        "ageing": Ageing,
        "step_status": StepStatus,
        "role": Role,
        "action": Action,
        "room_item": ItemId,
        "room_status": Status,
        "room_group": Group,
        "room_who": Who,
        "readiness": Readiness,
        "nik_finding": NikFinding,
    }.items():
        known = words.table_of(table)
        assert [code.value for code in codes if code.value not in known] == [], table


def test_every_event_of_a_day_has_its_word(hands: Hands) -> None:
    world = hands.world
    world.at_counter()
    with world.desk.unit(BUDI) as unit:
        events = list(unit.events.all())
    wordless = {event.kind for event in events if words.event_of(event) == words.word("-", event.kind)}
    assert wordless == set()


def test_every_page_has_its_help(hands: Hands) -> None:
    from importlib import import_module

    for spec in SPECS:
        page = getattr(import_module(f"ktpel_desktop.ui.pages.{spec.module}"), spec.class_name)
        assert help_pages.text_of(page.topic).startswith("# "), spec.name


def test_every_icon_has_a_glyph(application: QApplication) -> None:
    for name in icons.names():
        assert not icons.icon(name).pixmap(24, 24).isNull()
    for tone in Tone:
        assert not icons.tone_icon(tone).pixmap(24, 24).isNull()


def test_f1_opens_the_help_of_the_page(hands: Hands) -> None:
    hands.window.welcome(SARI)
    hands.idle()
    hands.key(K.Key_F1)
    dialog = hands.dialog()
    assert dialog.windowTitle() == "Bantuan"
    dialog.close()


def test_portraits_draw_every_page(application: QApplication, world: office.World, tmp_path: Path) -> None:
    world.verified()
    made = render_pages(world.desk, [SARI, JOKO], tmp_path, scale=2)
    assert len(made) >= 9
    assert all(path.stat().st_size > 10_000 for path in made)
