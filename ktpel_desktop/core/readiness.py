"""Whether an office is ready, point by point of the instruction, what still lacks and who provides it.

Points are KEDUA huruf a angka 1 to 4, c angka 1 and 2, d angka 1 and 2 of Instruksi Gubernur DKI 78/2016; the stages
follow KESATU ("secara bertahap sesuai dengan kesiapan Kantor Kelurahan"). A waived item is excused for the day's
printing, it is not met. What nobody registered or measured is unknown, never ready.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ktpel_desktop.core.placement import WANTED, Condition, DeviceKind, PlacedDevice, Provider, Wanted
from ktpel_desktop.core.power_capacity import Fit
from ktpel_desktop.core.room import Readiness, RoomCheck, RoomVerdict
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status


class PointId(StrEnum):
    """Points of the instruction, in its order."""

    ROOM = "a1"
    CLIMATE = "a2"
    POWER = "a3"
    CABINET = "a4"
    BANDWIDTH = "c1"
    UPTIME = "c2"
    DEVICES = "d1"
    APPLICATION = "d2"


@dataclass(frozen=True, slots=True)
class Point:
    """One point: who provides it, the items of the room check that tell of it, and whose devices belong to it."""

    id: PointId
    paragraph: str
    provider: Provider
    items: tuple[ItemId, ...] = ()
    kinds: tuple[DeviceKind, ...] = ()


_I, _P, _K = ItemId, Provider, DeviceKind

POINTS: tuple[Point, ...] = (
    Point(PointId.ROOM, "KEDUA huruf a angka 1", _P.MUNICIPALITY, (_I.AREA, _I.SECURED)),
    Point(
        PointId.CLIMATE,
        "KEDUA huruf a angka 2",
        _P.MUNICIPALITY,
        (_I.AIR_CONDITIONED, _I.TEMPERATURE),
        (_K.AIR_CONDITIONER,),
    ),
    Point(PointId.POWER, "KEDUA huruf a angka 3", _P.MUNICIPALITY, (_I.POWER_CAPACITY, _I.POWER_DEDICATED)),
    Point(PointId.CABINET, "KEDUA huruf a angka 4", _P.MUNICIPALITY, (_I.CABINET_LOCKED,), (_K.CABINET,)),
    Point(PointId.BANDWIDTH, "KEDUA huruf c angka 1", _P.KOMINFO, (_I.BANDWIDTH, _I.BANDWIDTH_DEDICATED)),
    Point(PointId.UPTIME, "KEDUA huruf c angka 2", _P.KOMINFO, (_I.NETWORK_24_7,)),
    Point(
        PointId.DEVICES,
        "KEDUA huruf d angka 1",
        _P.DINAS,
        kinds=tuple(one.kind for one in WANTED if one.provider in (_P.DINAS, _P.PTSP)),
    ),
    Point(PointId.APPLICATION, "KEDUA huruf d angka 2", _P.DINAS, (_I.SIAK,)),
)


class LackKind(StrEnum):
    """What is not as the point asks."""

    ITEM = "item"
    NOT_REGISTERED = "not_registered"
    HEAVY_DAMAGE = "heavy_damage"
    LIGHT_DAMAGE = "light_damage"
    SUPPLY_TOO_SMALL = "supply_too_small"
    LABELS_UNREAD = "labels_unread"
    TRAINING_ONLY = "training_only"
    NOT_USED_YET = "not_used_yet"


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing: an item of the room check, or devices of a kind; who provides it."""

    kind: LackKind
    provider: Provider
    check: RoomCheck | None = None
    device: DeviceKind | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Application:
    """The program here: its version, the first working day in its journal, None before there was one."""

    version: str
    first_day: date | None
    training: bool


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """A point with what it stands on."""

    point: Point
    status: Status
    checks: tuple[RoomCheck, ...]
    devices: tuple[PlacedDevice, ...]
    lacks: tuple[Lack, ...]


class Stage(StrEnum):
    """How far the placement is."""

    PREPARE_ROOM = "prepare_room"
    PLACE_DEVICES = "place_devices"
    INSTALL = "install"
    IN_SERVICE = "in_service"


@dataclass(frozen=True, slots=True)
class OfficeReadiness:
    """All points in the instruction's order."""

    points: tuple[PointVerdict, ...]

    @property
    def readiness(self) -> Readiness:
        """The one word, by the worst point. What was waived is not met: an office is not ready on somebody's word."""
        statuses = {point.status for point in self.points}
        if statuses & {Status.CRITICAL, Status.WAIVED}:
            return Readiness.NOT_READY
        if Status.UNKNOWN in statuses:
            return Readiness.NOT_MEASURED
        return Readiness.READY if statuses == {Status.OK} else Readiness.READY_WITH_WARNINGS

    @property
    def stage(self) -> Stage:
        """The first step whose points do not hold; room and network come before devices, devices before the rest."""
        open_points = {one.point.id for one in self.points if one.status in _OPEN}
        if open_points - {PointId.DEVICES, PointId.APPLICATION}:
            return Stage.PREPARE_ROOM
        if PointId.DEVICES in open_points:
            return Stage.PLACE_DEVICES
        return Stage.INSTALL if open_points else Stage.IN_SERVICE

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """All that is missing, in the order of the points."""
        return tuple(lack for point in self.points for lack in point.lacks)


_ADVISED = frozenset(wanted.kind for wanted in WANTED if not wanted.paragraph)
_OPEN = (Status.CRITICAL, Status.UNKNOWN, Status.WAIVED)
_WORST_FIRST = (Status.CRITICAL, Status.UNKNOWN, Status.WAIVED, Status.WARNING, Status.OK)
_OF_LACK: dict[LackKind, Status] = {
    LackKind.HEAVY_DAMAGE: Status.CRITICAL,
    LackKind.LIGHT_DAMAGE: Status.WARNING,
    LackKind.SUPPLY_TOO_SMALL: Status.WARNING,  # by the labels, which are the most that a device ever draws
    LackKind.LABELS_UNREAD: Status.WARNING,
    LackKind.TRAINING_ONLY: Status.UNKNOWN,
    LackKind.NOT_USED_YET: Status.UNKNOWN,
}


def judge(
    room: RoomVerdict, register: Iterable[PlacedDevice], fit: Fit, unread: bool, application: Application
) -> OfficeReadiness:
    """Every point. `fit` tells whether the supply carries what the register needs, `unread` that labels are missing."""
    checks = {check.item: check for check in room.checks}
    lines = list(register)
    return OfficeReadiness(
        tuple(_judge(point, checks, lines, _beside(point, fit, unread, application)) for point in POINTS)
    )


def _judge(
    point: Point, checks: Mapping[ItemId, RoomCheck], lines: list[PlacedDevice], beside: list[Lack]
) -> PointVerdict:
    mine = tuple(checks[item] for item in point.items)
    devices = tuple(one for kind in point.kinds for one in lines if one.kind is kind and one.there)
    lacks = [
        *(Lack(LackKind.ITEM, point.provider, check) for check in mine if check.status is not Status.OK),
        *(lack for wanted in WANTED if wanted.kind in point.kinds for lack in _lacks(wanted, devices)),
        *beside,
    ]
    statuses = {
        *(check.status for check in mine),
        *(_status_of(point, lack, bool(lines)) for lack in lacks if lack.kind is not LackKind.ITEM),
    }
    status = next((one for one in _WORST_FIRST if one in statuses), Status.OK)
    return PointVerdict(point, status, mine, devices, tuple(lacks))


def _lacks(wanted: Wanted, devices: Iterable[PlacedDevice]) -> Iterable[Lack]:
    """What of one kind is missing or damaged. A damaged one more than is wanted is no lack."""
    mine = [one for one in devices if one.kind is wanted.kind]
    sound = sum(one.count for one in mine if one.condition is Condition.GOOD)
    light = sum(one.count for one in mine if one.condition is Condition.LIGHT_DAMAGE)
    heavy = sum(one.count for one in mine if one.condition is Condition.HEAVY_DAMAGE)
    open_count = max(0, wanted.count - sound)
    for kind, count in ((LackKind.LIGHT_DAMAGE, light), (LackKind.HEAVY_DAMAGE, heavy)):
        told = min(open_count, count)
        if told:
            yield Lack(kind, wanted.provider, device=wanted.kind, count=told)
        open_count -= told
    if open_count:
        yield Lack(LackKind.NOT_REGISTERED, wanted.provider, device=wanted.kind, count=open_count)


def _status_of(point: Point, lack: Lack, anything_registered: bool) -> Status:
    """What the lack makes of its point.

    Advised only: devices that the instruction does not name. Where an item of the room check tells of the thing
    itself (air-conditioner, cabinet), a missing line is a matter of the books. An empty register says nothing.
    """
    if lack.kind is not LackKind.NOT_REGISTERED and lack.device not in _ADVISED:
        return _OF_LACK[lack.kind]
    if lack.device in _ADVISED or point.items:
        return Status.WARNING
    return Status.CRITICAL if anything_registered else Status.UNKNOWN


def _beside(point: Point, fit: Fit, unread: bool, application: Application) -> list[Lack]:
    """What neither an item of the room check nor a line of the register tells."""
    if point.id is PointId.POWER:
        small = [Lack(LackKind.SUPPLY_TOO_SMALL, point.provider)] * (fit is Fit.TOO_SMALL)
        return small + [Lack(LackKind.LABELS_UNREAD, Provider.DINAS)] * unread
    if point.id is PointId.APPLICATION:
        if application.training:
            return [Lack(LackKind.TRAINING_ONLY, point.provider)]
        return [Lack(LackKind.NOT_USED_YET, point.provider)] * (application.first_day is None)
    return []
