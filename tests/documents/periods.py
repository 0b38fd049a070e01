"""Periods to be set in type: synthetic working days whose books are right."""

from __future__ import annotations

from datetime import date, timedelta

from ktpel_desktop.core.issuance import SpoilReason
from ktpel_desktop.core.period import DayFigures, PeriodReport, ServiceFigures, WaitingReason, Workload
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Action
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.stock import BlankBalance

FIRST = date(2026, 11, 1)
LONG_NAME = "Raden Ajeng Kusumawardhani Prawirodirdjo Tjokroadisoerjo binti Mangkoenegoro, S.Kom., M.Si."
LONG_SERVICE = "Kartu Keluarga karena perubahan data anggota keluarga yang " + "bertambah dan pindah " * 6


def days(count: int, first: date = FIRST) -> tuple[DayFigures, ...]:
    """So many days in a row, each beginning with what the one before left."""
    made: list[DayFigures] = []
    carried = 0
    for place in range(count):
        issued, spoiled = (
            (place * 7) % 40,
            {SpoilReason.PRINT_FAILED: place % 3, SpoilReason.MISSING: place % 2},
        )
        spoiled = {reason: number for reason, number in spoiled.items() if number}
        balance = BlankBalance(
            opening=carried + (500 if place == 0 else 0),
            received=50,
            corrected=-1 if place == 4 else 0,
            issued=issued,
            spoiled=sum(spoiled.values()),
            returned=place % 5,
            open=place % 2,
        )
        made.append(
            DayFigures(
                day=first + timedelta(days=place),
                shift_id=place + 1,
                closed=place < count - 1,
                requests_in=issued + 9,
                incomplete=place % 6,
                rejected=place % 4,
                cancelled=place % 3,
                issued=issued,
                documents_made=(place * 3) % 17,
                handed_over=issued,
                spoiled={reason.value: number for reason, number in spoiled.items()},
                withdrawn={"chip_mute": 1} if place == 2 else {},
                median_minutes=None if place == 0 else 60 + place,
                outage_minutes=place % 30,
                waivers=place % 2,
                approvals=place % 4,
                carried=carried,
                balance=balance,
                counted=None if place == count - 1 else balance.left - (1 if place == 3 else 0),
            )
        )
        carried = balance.left + balance.open
    return tuple(made)


def period(count: int = 30, **changes: object) -> PeriodReport:
    """A period of so many days from the first of November, with names that are hard to set."""
    plain: dict[str, object] = {
        "office": "Satpel Dukcapil Kelurahan Bangka & Sekitar <Satu>",
        "place": "Bangka",
        "first": FIRST,
        "last": FIRST + timedelta(days=count - 1),
        "days": days(count),
        "services": (
            ServiceFigures("KTP-BARU", "KTP-el baru (WNI 17 tahun ke atas)", 812, 801),
            ServiceFigures("KK-UBAH", LONG_SERVICE, 1040, 1012),
        ),
        "workloads": (Workload("Budi Santoso", 912, 410, 377), Workload(LONG_NAME, 820, 390, 401)),
        "accepted_by_hour": {8: 310, 9: 420, 11: 290},
        "produced_by_hour": {9: 260, 13: 410},
        "median_minutes": 95,
        "waiting": {RequestState.INCOMPLETE.value: 12, RequestState.WAITING_SIAK.value: 7},
        "waiting_reasons": (
            WaitingReason("INCOMPLETE", "Surat keterangan hilang dari kepolisian", 3, is_paper=True),
            WaitingReason("INCOMPLETE", "form_unsigned", 9),
            WaitingReason("WAITING_SIAK", "SENT_FOR_ENROLLMENT", 7),
        ),
        "waivers": {ItemId.TEMPERATURE.value: 2},
        "approvals": {Action.STOCK_CORRECTION.value: 3},
        "chain_count": 48_211,
        "chain_head": "0123456789abcdef" * 4,
        "chain_intact": True,
        "training": False,
    }
    return PeriodReport(**{**plain, **changes})  # type: ignore[arg-type]
