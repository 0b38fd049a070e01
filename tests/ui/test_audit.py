"""A signed report held against the audit trail at the window: scanned from any page, or typed; and the day it opens."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.audit import Anchor, AnchorVerdict
from ktpel_desktop.services import reports
from ktpel_desktop.ui.dialogs import AskFields
from ktpel_desktop.ui.pages.audit import AuditPage
from ktpel_desktop.ui.pages.figures import FiguresPage
from ktpel_desktop.ui.widgets.editors import LineEditor
from tests.services.office import BUDI, RATNA, SARI
from tests.services.test_reports import close
from tests.ui.conftest import Hands, K


def signed(hands: Hands) -> Anchor:
    """The code under the report of a closed and signed day."""
    close(hands.world)
    report = reports.sign(hands.world.desk, RATNA)
    return Anchor(report.chain_count, report.chain_head)


def audit(hands: Hands) -> AuditPage:
    page = hands.window.page
    assert isinstance(page, AuditPage), hands.message()
    return page


def compared(hands: Hands) -> str:
    """What the page says of the report."""
    return audit(hands).anchor_lamp.accessibleName()


def scan(hands: Hands, text: str) -> None:
    hands.type("~" + text)
    hands.key(K.Key_Return)
    hands.idle()


def test_a_reports_code_scanned_anywhere_is_compared(hands: Hands) -> None:
    anchor = signed(hands)
    hands.window.welcome(BUDI)
    hands.window.go("blanks")
    hands.idle()
    scan(hands, anchor.code)
    assert audit(hands).anchor_lamp.isVisible()
    assert "cocok: kejadian nomor" in compared(hands)
    scan(hands, Anchor(anchor.count + 500, anchor.head).code)
    assert "TIDAK COCOK: jejak lebih pendek" in compared(hands)
    scan(hands, Anchor(anchor.count - 1, anchor.head).code)
    assert "TIDAK COCOK: kejadian nomor" in compared(hands)


def test_who_may_not_check_the_chain_stays_where_they_are(hands: Hands) -> None:
    anchor = signed(hands)
    hands.login(SARI)
    scan(hands, anchor.code)
    assert hands.page_name() == "CounterPage"


@pytest.mark.parametrize("right", [True, False])
def test_a_code_is_typed_by_hand(hands: Hands, right: bool) -> None:
    anchor = signed(hands)
    hands.window.welcome(RATNA)
    hands.window.go("audit")
    hands.idle()
    hands.key(K.Key_F3)
    question = hands.dialog()
    assert isinstance(question, AskFields)
    editor = question.editors[0]
    assert isinstance(editor, LineEditor)
    editor.fill(anchor.code.lower() if right else "RANTAI 12 ABC")
    question.settle()
    hands.idle()
    if right:
        assert "cocok" in compared(hands)
        assert reports.audit(hands.world.desk, RATNA, anchor).anchor is AnchorVerdict.FITS
    else:
        assert hands.message() == "Kode laporan tidak terbaca"
        assert audit(hands).anchor_lamp.isHidden()


@pytest.mark.parametrize("is_signed", [True, False])
def test_opening_says_what_the_day_goes_on_from(hands: Hands, is_signed: bool) -> None:
    if is_signed:
        signed(hands)
    else:
        close(hands.world)
    hands.window.welcome(BUDI)
    hands.window.go("figures")
    hands.idle()
    page = hands.window.page
    assert isinstance(page, FiguresPage)
    page.open_day()
    hands.idle()
    message = hands.window.place.messages.message
    assert message is not None
    told = "ditandatangani Ratna Wulandari" if is_signed else "Sif 1 belum ditandatangani penyelia"
    assert told in message.text
