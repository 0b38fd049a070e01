"""The items of the room check in one table: the standard of Instruksi Gubernur DKI 78/2016, and the devices of the day.

The order is the way through the room. Words (names, questions, advice, who acts) stand in resources/teks/layar under
the codes used here. Which items keep the room from printing is the office's setting; `must` is the default.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import inf


class ItemId(StrEnum):
    """Items, in the order in which a person walks through them."""

    AREA = "area"
    SECURED = "secured"
    CABINET_LOCKED = "cabinet_locked"
    FIRE_EXTINGUISHER = "fire_extinguisher"
    AIR_CONDITIONED = "air_conditioned"
    TEMPERATURE = "temperature"
    POWER_CAPACITY = "power_capacity"
    POWER_DEDICATED = "power_dedicated"
    POWER_CONDITION = "power_condition"
    POWER_USED = "power_used"
    POWER_LOAD = "power_load"
    UPS = "ups"
    CLOCK = "clock"
    DISK = "disk"
    AUDIT_CHAIN = "audit_chain"
    BLANKS = "blanks"
    CARD_PRINTER = "card_printer"
    SUPPLIES = "supplies"
    CHIP_READER = "chip_reader"
    RECEIPT_PRINTER = "receipt_printer"
    PAGE_PRINTER = "page_printer"
    SIAK = "siak"
    NETWORK_24_7 = "network_24_7"
    BANDWIDTH_DEDICATED = "bandwidth_dedicated"
    BANDWIDTH = "bandwidth"


class Group(StrEnum):
    """Groups of items on the screen and in the minutes."""

    ROOM = "room"
    CLIMATE = "climate"
    POWER = "power"
    DEVICES = "devices"
    NETWORK = "network"


class Kind(StrEnum):
    """How an item becomes known."""

    MEASURED = "measured"
    """By a value, from an instrument or typed in."""
    ATTESTED = "attested"
    """By a person's word with what was seen."""
    ASKED = "asked"
    """By the program asking a device or the store. Nobody can type it."""


class Turn(StrEnum):
    """When and by whom an item is looked at in a walk through the room: fast ones first, network last."""

    DEVICE = "device"
    """Where the devices are asked, so that nobody disturbs a card in work."""
    ROOM = "room"
    NETWORK = "network"


class Who(StrEnum):
    """Who puts a failed item right."""

    OPERATOR = "operator"
    PENYELIA = "penyelia"
    KELURAHAN = "kelurahan"
    KOMINFO = "kominfo"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class RoomItem:
    """One line of the check. `paragraph` cites the instruction, empty where it says nothing; `limit` is in `unit`.

    `valid_for` is how long a result counts; `patience` how long an answer is waited for, in seconds; `every` how often
    it is looked at in the background, None where only a person asks for it. `margin` is how far within its limit a
    value must be before a verdict gets better again (room.md 4, Zabbix's recovery expression). `band` is `limit` as
    two numbers, for plots and for monitoring; infinite where there is no limit on that side.
    """

    id: ItemId
    group: Group
    kind: Kind
    paragraph: str = ""
    limit: str = ""
    unit: str = ""
    must: bool = False
    valid_for: timedelta = timedelta(hours=24)
    who: Who = Who.OPERATOR
    turn: Turn = Turn.ROOM
    patience: float = 5.0
    every: timedelta | None = None
    margin: float = 0.0
    band: tuple[float, float] | None = None


_YEAR, _DAY, _HOUR, _MINUTE = (
    timedelta(days=365),
    timedelta(hours=24),
    timedelta(hours=1),
    timedelta(minutes=1),
)
_A1, _A2, _A3, _A4 = (f"KEDUA huruf a angka {number}" for number in range(1, 5))
_C1, _C2 = "KEDUA huruf c angka 1", "KEDUA huruf c angka 2"
_I, _G, _K, _T, _W = ItemId, Group, Kind, Turn, Who


def _device(item: ItemId, who: Who = Who.OPERATOR, turn: Turn = Turn.DEVICE) -> RoomItem:
    return RoomItem(item, _G.DEVICES, _K.ASKED, valid_for=_DAY / 2, who=who, turn=turn)


# Only the two items that guard the blanks block by default: residents are waiting, and a room at 25.4 °C must not
# stop the service.
ITEMS: tuple[RoomItem, ...] = (
    RoomItem(_I.AREA, _G.ROOM, _K.MEASURED, _A1, "≈ 20", "m²", valid_for=_YEAR, who=_W.KELURAHAN),
    RoomItem(_I.SECURED, _G.ROOM, _K.ATTESTED, _A1, must=True, who=_W.KELURAHAN),
    RoomItem(_I.CABINET_LOCKED, _G.ROOM, _K.ATTESTED, _A4, must=True),
    RoomItem(_I.FIRE_EXTINGUISHER, _G.ROOM, _K.ATTESTED, valid_for=_YEAR, who=_W.KELURAHAN),
    RoomItem(_I.AIR_CONDITIONED, _G.CLIMATE, _K.ATTESTED, _A2, who=_W.KELURAHAN),
    RoomItem(
        _I.TEMPERATURE,
        _G.CLIMATE,
        _K.MEASURED,
        _A2,
        "20–25",
        "°C",
        valid_for=2 * _HOUR,
        patience=40.0,  # six reads, five seconds apart, where they do not agree at once
        every=10 * _MINUTE,
        margin=0.3,
        band=(20.0, 25.0),
    ),
    RoomItem(_I.POWER_CAPACITY, _G.POWER, _K.MEASURED, _A3, "≥ 3500", "W", valid_for=_YEAR, who=_W.KELURAHAN),
    RoomItem(_I.POWER_DEDICATED, _G.POWER, _K.ATTESTED, _A3, valid_for=_YEAR, who=_W.KELURAHAN),
    RoomItem(
        _I.POWER_CONDITION,
        _G.POWER,
        _K.MEASURED,
        limit="198–242",
        unit="V",
        who=_W.KELURAHAN,
        every=5 * _MINUTE,
        margin=2.0,
        band=(198.0, 242.0),
    ),
    RoomItem(
        _I.POWER_USED,
        _G.POWER,
        _K.MEASURED,
        "Lampiran",
        "≤ 3500",
        "W",
        valid_for=_HOUR,
        every=5 * _MINUTE,
        margin=50.0,
        band=(0.0, 3500.0),
    ),
    RoomItem(
        _I.POWER_LOAD,
        _G.POWER,
        _K.MEASURED,
        limit="≤ 80",
        unit="%",
        valid_for=_HOUR,
        every=5 * _MINUTE,
        margin=2.0,
        band=(0.0, 80.0),
    ),
    RoomItem(_I.UPS, _G.POWER, _K.ASKED, valid_for=_HOUR, who=_W.KELURAHAN, every=_MINUTE / 4),
    RoomItem(
        _I.CLOCK, _G.DEVICES, _K.ASKED, limit="≤ 2", unit="s", who=_W.ADMIN, turn=_T.NETWORK, every=_HOUR
    ),
    RoomItem(_I.DISK, _G.DEVICES, _K.ASKED, limit="≥ 2", unit="GB", who=_W.ADMIN, every=10 * _MINUTE),
    RoomItem(_I.AUDIT_CHAIN, _G.DEVICES, _K.ASKED, who=_W.ADMIN, patience=20.0),
    RoomItem(_I.BLANKS, _G.DEVICES, _K.ASKED, who=_W.PENYELIA),
    _device(_I.CARD_PRINTER),
    _device(_I.SUPPLIES),
    _device(_I.CHIP_READER),
    _device(_I.RECEIPT_PRINTER),
    _device(_I.PAGE_PRINTER),
    _device(_I.SIAK, _W.KOMINFO, _T.NETWORK),
    RoomItem(
        _I.NETWORK_24_7,
        _G.NETWORK,
        _K.MEASURED,
        _C2,
        "≥ 99,5",
        "%",
        who=_W.KOMINFO,
        turn=_T.NETWORK,
        every=10 * _MINUTE,
        margin=0.1,
        band=(99.5, 100.0),
    ),
    RoomItem(
        _I.BANDWIDTH_DEDICATED,
        _G.NETWORK,
        _K.ATTESTED,
        "Lampiran",
        valid_for=_YEAR,
        who=_W.KOMINFO,
        turn=_T.NETWORK,
        patience=60.0,
    ),
    RoomItem(
        _I.BANDWIDTH,
        _G.NETWORK,
        _K.MEASURED,
        _C1,
        "≥ 6",
        "Mbps",
        valid_for=4 * _HOUR,
        who=_W.KOMINFO,
        turn=_T.NETWORK,
        patience=90.0,  # a slow line is measured a second time, half a minute later
        margin=0.1,
        band=(6.0, inf),
    ),
)

ITEM: dict[ItemId, RoomItem] = {item.id: item for item in ITEMS}
AT_DEVICES: frozenset[ItemId] = frozenset(item.id for item in ITEMS if item.turn is Turn.DEVICE)
DEFAULT_MUST: frozenset[ItemId] = frozenset(item.id for item in ITEMS if item.must)
