"""Synthetic letters, as the services make them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ktpel_desktop.core.letters import (
    EscalationLetter,
    IncompleteNotice,
    ReadBack,
    Referral,
    ReferralLetter,
    StuckRequest,
)
from tests.documents.samples import SUBJECT
from tests.services.desks import OFFICE

NOW = datetime(2026, 11, 23, 2, 5, tzinfo=UTC)
TICKET = "0000000000NH"
NAME_60 = "RADEN AJENG KUSUMANINGTYAS WIDYANINGRUM PRAMUDHAWARDHANI SOE"

NOTICE = IncompleteNotice(
    office=OFFICE,
    number="A-007",
    ticket=TICKET,
    service="KTP-el baru",
    name="SITI CONTOHWATI",
    nik_masked="3174••••••••9001",
    accepted_at=NOW - timedelta(days=1),
    since=NOW,
    reasons=("form_unsigned",),
    lacking=("fotokopi KK",),
    by="Sari Dewi",
    copy=0,
)
REFERRAL = ReferralLetter(
    office=OFFICE,
    letter="12/SR/2026",
    at=NOW,
    referral=Referral.DUPLICATE,
    answer="siak.duplicate",
    answered_at=NOW - timedelta(hours=1),
    asked=True,
    name="SITI CONTOHWATI",
    nik="3174054411859001",
    service="KTP-el baru",
    number="A-007",
    ticket=TICKET,
    accepted_at=NOW - timedelta(days=1),
    by="Budi Santoso",
    copy=0,
)
STUCK = StuckRequest(
    number="A-007",
    ticket=TICKET,
    service="KTP-el baru",
    nik_masked="3174••••••••9001",
    answer="SENT_FOR_ENROLLMENT",
    since=NOW - timedelta(days=9),
    days=9,
    asked=3,
    last_asked=NOW - timedelta(days=1),
    earlier="",
)
ESCALATION = EscalationLetter(
    office=OFFICE, letter="3/ESK/2026", at=NOW, limit_days=7, stuck=(STUCK,), by="Budi Santoso", copy=0
)
READ_BACK = ReadBack(
    office=OFFICE, number="A-007", service="KTP-el baru", subject=SUBJECT, at=NOW, by="Budi Santoso", copy=0
)
