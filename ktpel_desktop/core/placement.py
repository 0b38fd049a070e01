"""The register of the room's devices: what stands there, since which minutes, in which condition, drawing how much.

Sources: Instruksi Gubernur DKI 78/2016, KEDUA huruf a angka 2 and 4, huruf d angka 1, and the Lampiran ("2 PC, 1
Server", "Printer KTPel, Dot Matrix, Laser", "AC"). The chip's reader, the UPS and the receipt printer are not in the
instruction; the program needs the first and advises the others. The words of condition are those of the books of
regional property: baik, rusak ringan, rusak berat.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.power_capacity import LoadGroup, RoomDevice, load_of
from ktpel_desktop.core.room_limits import ASSUMED_POWER_FACTOR


class DeviceKind(StrEnum):
    """Kinds of devices, in the order of the report."""

    PC = "pc"
    SERVER = "server"
    CARD_PRINTER = "card_printer"
    DOT_MATRIX_PRINTER = "dot_matrix_printer"
    LASER_PRINTER = "laser_printer"
    CHIP_READER = "chip_reader"
    UPS = "ups"
    RECEIPT_PRINTER = "receipt_printer"
    AIR_CONDITIONER = "air_conditioner"
    CABINET = "cabinet"
    OTHER = "other"


class Condition(StrEnum):
    """Of a device that stands in the room, or that it was taken away again."""

    GOOD = "good"
    LIGHT_DAMAGE = "light_damage"
    HEAVY_DAMAGE = "heavy_damage"
    TAKEN_AWAY = "taken_away"


class Provider(StrEnum):
    """Who provides what, by the instruction."""

    MUNICIPALITY = "municipality"
    """Walikota, camat, lurah: the room (huruf a, f)."""
    PTSP = "ptsp"
    """BPTSP: the counter (huruf b)."""
    KOMINFO = "kominfo"
    """Diskominfo: the network (huruf c)."""
    DINAS = "dinas"
    """Dinas Dukcapil: devices and application (huruf d)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many of a kind a room has. `paragraph` cites the instruction, empty where the program alone needs it."""

    kind: DeviceKind
    count: int
    provider: Provider
    paragraph: str = ""


_LAMPIRAN = "KEDUA huruf d angka 1, Lampiran"
_K, _P = DeviceKind, Provider

WANTED: tuple[Wanted, ...] = (
    Wanted(_K.PC, 2, _P.DINAS, _LAMPIRAN),
    Wanted(_K.SERVER, 1, _P.DINAS, _LAMPIRAN),
    Wanted(_K.CARD_PRINTER, 1, _P.DINAS, _LAMPIRAN),
    Wanted(_K.DOT_MATRIX_PRINTER, 1, _P.DINAS, _LAMPIRAN),
    Wanted(_K.LASER_PRINTER, 1, _P.DINAS, _LAMPIRAN),
    Wanted(_K.CHIP_READER, 1, _P.DINAS),
    Wanted(_K.UPS, 1, _P.DINAS),
    Wanted(_K.RECEIPT_PRINTER, 1, _P.PTSP),
    Wanted(_K.AIR_CONDITIONER, 1, _P.MUNICIPALITY, "KEDUA huruf a angka 2, Lampiran"),
    Wanted(_K.CABINET, 1, _P.MUNICIPALITY, "KEDUA huruf a angka 4"),
)

_GROUPS: dict[DeviceKind, LoadGroup] = {
    _K.PC: LoadGroup.COMPUTERS,
    _K.SERVER: LoadGroup.COMPUTERS,
    _K.CARD_PRINTER: LoadGroup.PRINTERS,
    _K.DOT_MATRIX_PRINTER: LoadGroup.PRINTERS,
    _K.LASER_PRINTER: LoadGroup.PRINTERS,
    _K.AIR_CONDITIONER: LoadGroup.AIR_CONDITIONER,
}
DRAWS_NOTHING = frozenset({_K.CABINET, _K.UPS})
"""Not in the power budget: a UPS's label says what it can carry, and what hangs on it is counted already."""
NO_SERIAL = frozenset({_K.AIR_CONDITIONER, _K.CABINET, _K.OTHER})
"""Kinds that may have none, or none that anybody can read."""
LONGEST = 120
"""Characters of a make, a serial or a document's number: a line must fit a page of the report."""


@dataclass(frozen=True, slots=True)
class PlacedDevice:
    """One line of the register. `document` names the hand-over minutes (BAST), `placed_on` is their day.

    `watts` or `volt_amperes` is what its label says, None where nobody read it. Only a line without a serial may
    stand for more than one piece.
    """

    kind: DeviceKind
    make: str
    serial: str = ""
    document: str = ""
    placed_on: date | None = None
    condition: Condition = Condition.GOOD
    count: int = 1
    watts: float | None = None
    volt_amperes: float | None = None
    power_factor: float = ASSUMED_POWER_FACTOR
    on_ups: bool = False

    @property
    def there(self) -> bool:
        """Whether it stands in the room."""
        return self.condition is not Condition.TAKEN_AWAY

    @property
    def usable(self) -> bool:
        """Whether it does its work, with faults or without."""
        return self.condition in (Condition.GOOD, Condition.LIGHT_DAMAGE)

    def told(self) -> dict[str, object]:
        """For the journal."""
        plain = asdict(self)
        return {**plain, "placed_on": self.placed_on.isoformat() if self.placed_on else None}


def from_journal(data: Mapping[str, object]) -> PlacedDevice:
    """As `told` wrote it."""
    told = {name: value for name, value in data.items() if name in PlacedDevice.__slots__}
    day = told.pop("placed_on", None)
    made = PlacedDevice(**told)  # type: ignore[arg-type]  # types as `told` wrote them
    return replace(
        made,
        kind=DeviceKind(made.kind),
        condition=Condition(made.condition),
        placed_on=date.fromisoformat(day) if isinstance(day, str) else None,
    )


def checked(device: PlacedDevice, today: date) -> PlacedDevice:
    """The same line with blanks trimmed, if it may stand in the register.

    Raises PolicyError "placement.make_missing", "placement.serial_missing", "placement.document_missing",
    "placement.too_long", "placement.day_missing", "placement.day_ahead", "placement.count", "placement.label".
    """
    device = replace(
        device, make=device.make.strip(), serial=device.serial.strip(), document=device.document.strip()
    )
    if not device.make:
        raise PolicyError("placement.make_missing")
    if not device.serial and device.kind not in NO_SERIAL:
        raise PolicyError("placement.serial_missing")
    if not device.document:
        raise PolicyError("placement.document_missing")
    if max(map(len, (device.make, device.serial, device.document))) > LONGEST:
        raise PolicyError("placement.too_long", longest=LONGEST)
    if device.placed_on is None:
        raise PolicyError("placement.day_missing")
    if device.placed_on > today:
        raise PolicyError("placement.day_ahead")
    if not 1 <= device.count <= 100 or (device.serial and device.count != 1):
        raise PolicyError("placement.count")
    if not _label_may_be_true(device):
        raise PolicyError("placement.label")
    return device


def _label_may_be_true(device: PlacedDevice) -> bool:
    """Each figure by itself: one that nothing is counted with yet would still stand in the register and its report."""
    line = replace(_load_line(device), volt_amperes=None)
    stated = [one for one in (device.watts, device.volt_amperes) if one is not None]
    return all(load_of(replace(line, watts=one)) is not None for one in stated or [1.0])


def power_inventory(devices: Iterable[PlacedDevice]) -> list[RoomDevice]:
    """The lines that stand in the room and draw power, for the budget (power_capacity.budget)."""
    return [_load_line(one) for one in devices if one.there and one.kind not in DRAWS_NOTHING]


def _load_line(device: PlacedDevice) -> RoomDevice:
    return RoomDevice(
        device.make,
        _GROUPS.get(device.kind, LoadGroup.OTHER),
        device.count,
        device.watts,
        device.volt_amperes,
        device.power_factor,
        device.on_ups,
    )


# ---------------------------------------------------------------- what was found plugged in


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """A device that a PC of the room sees, offered for the register; `kind` is None where it does not tell.

    `where` says how it was seen, for people: "USB 1-4", "antrean Zebra_ZC300", a network address.
    """

    make: str
    kind: DeviceKind | None = None
    serial: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class FoundDevices:
    """What was seen, and the codes of why something could not be looked at."""

    devices: tuple[FoundDevice, ...] = ()
    notes: tuple[str, ...] = ()


def not_registered(found: Iterable[FoundDevice], register: Iterable[PlacedDevice]) -> list[FoundDevice]:
    """What was found and stands in no line: by serial, and for what tells none, by make and kind."""
    lines = [one for one in register if one.there]
    serials = {one.serial.casefold() for one in lines if one.serial}
    makes = {(one.kind, one.make.casefold()) for one in lines}

    def known(one: FoundDevice) -> bool:
        serial = one.serial.strip().casefold()  # makers fill the field up with blanks
        if serial:
            return serial in serials
        return one.kind is not None and (one.kind, one.make.strip().casefold()) in makes

    return [one for one in found if not known(one)]
