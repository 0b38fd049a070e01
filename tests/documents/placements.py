"""An office with a register, a supply and a checked room, as its readiness report is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from ktpel_desktop.core import power_capacity, readiness
from ktpel_desktop.core.office import Office
from ktpel_desktop.core.papers import ReadinessReport
from ktpel_desktop.core.placement import Condition, DeviceKind, PlacedDevice, power_inventory
from ktpel_desktop.core.power_capacity import Connection
from ktpel_desktop.core.readiness import Application
from ktpel_desktop.core.room import RoomCheck, attested, measured, overall
from ktpel_desktop.core.room_items import DEFAULT_MUST, ITEMS, ItemId, Kind
from ktpel_desktop.core.room_limits import Status

WIB = timezone(timedelta(hours=7), "WIB")
AT = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)  # 24 November, 01.30 WIB
DAY = date(2026, 3, 2)
OFFICE = Office(
    "Satpel Dukcapil Bangka <Satu> & Dua",
    "3174031001",
    "Bangka",
    "Mampang Prapatan",
    "Kota Administrasi Jakarta Selatan",
    "DKI Jakarta",
    WIB,
)
SUPPLY = Connection(volt_amperes=4400.0)
USED = Application("1.2.3", DAY, training=False)
_VALUES: dict[ItemId, tuple[float, str]] = {
    ItemId.AREA: (20.0, "m²"),
    ItemId.TEMPERATURE: (23.0, "°C"),
    ItemId.POWER_CAPACITY: (3740.0, "W"),
    ItemId.POWER_CONDITION: (220.0, "V"),
    ItemId.POWER_LOAD: (40.0, "%"),
    ItemId.BANDWIDTH: (20.0, "Mbps"),
}


def good_check(item: ItemId) -> RoomCheck:
    """The item as the standard wants it."""
    kind = next(one.kind for one in ITEMS if one.id is item)
    if item in _VALUES:
        value, unit = _VALUES[item]
        return measured(item, value, unit, at=AT, source="alat uji")
    if kind is Kind.ATTESTED:
        return attested(item, True, seen="dilihat", by="Dewi", at=AT)
    return RoomCheck(item, Status.OK, f"{item}.ok", AT, source="alat uji", method="asked")


def room(*changed: RoomCheck, without: Iterable[ItemId] = ()) -> list[RoomCheck]:
    """A good room but for what was changed."""
    other = {check.item: check for check in changed}
    return [other.get(item.id, good_check(item.id)) for item in ITEMS if item.id not in set(without)]


def device(kind: DeviceKind, **changes: object) -> PlacedDevice:
    plain = PlacedDevice(kind, f"Merek {kind}", f"SN-{kind}", "BAST-7/2026", DAY, watts=100.0)
    return replace(plain, **changes)  # type: ignore[arg-type]


_K = DeviceKind
FULL: tuple[PlacedDevice, ...] = (
    device(_K.PC, serial="PC-A", watts=350.0),
    device(_K.PC, serial="PC-B", watts=350.0),
    device(_K.SERVER, watts=450.0),
    device(_K.CARD_PRINTER, watts=None, volt_amperes=120.0),
    device(_K.DOT_MATRIX_PRINTER),
    device(_K.LASER_PRINTER, watts=400.0),
    device(_K.CHIP_READER, watts=5.0),
    device(_K.UPS, watts=None, volt_amperes=1500.0),
    device(_K.RECEIPT_PRINTER, watts=25.0),
    device(_K.AIR_CONDITIONER, serial="", watts=780.0),
    device(_K.CABINET, serial="", watts=None),
)
"""All that is wanted, in order, and not more than 4,400 VA carry."""
ONE_OF_EACH_CONDITION: tuple[PlacedDevice, ...] = tuple(
    device(_K.OTHER, serial=f"LAIN-{condition}", condition=condition, make=f"Pengisi {condition}")
    for condition in Condition
)


def report(
    register: Sequence[PlacedDevice] = FULL,
    checks: Sequence[RoomCheck] | None = None,
    application: Application = USED,
    supply: Connection | None = SUPPLY,
    office: Office = OFFICE,
    by: str = "Ratna Wulandari",
) -> ReadinessReport:
    """As services/readiness.py puts it together."""
    needed = power_capacity.budget(power_inventory(register))
    carried = None if supply is None else power_capacity.capacity(supply)
    fit = power_capacity.fits(needed, carried)
    verdict = overall(room() if checks is None else checks, AT, DEFAULT_MUST)
    found = readiness.judge(verdict, register, fit, bool(needed.unread), application)
    return ReadinessReport(office, AT, by, found, application, tuple(register), needed, carried, fit)
