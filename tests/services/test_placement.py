"""The register through the real store: numbers, serials, roles, the journal, and the watts it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.placement import (
    Condition,
    DeviceKind,
    FoundDevice,
    FoundDevices,
    PlacedDevice,
    checked,
)
from ktpel_desktop.core.power_capacity import Connection, Fit
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import placement, power_declared
from ktpel_desktop.services.placement import Line
from tests.core.test_placement import DEVICES
from tests.services import office
from tests.services.office import BUDI, JOKO, RATNA, SARI, TODAY, TONO, World

PRINTER = PlacedDevice(DeviceKind.CARD_PRINTER, "Zebra ZC300", "C4J1", "BAST-7", TODAY, watts=60.0)
PC = PlacedDevice(DeviceKind.PC, "Lenovo M70", "PF1", "BAST-7", TODAY, watts=300.0, on_ups=True)
FAN = PlacedDevice(DeviceKind.OTHER, "Kipas", "", "BAST-8", TODAY, count=3)


def refusal(act: Callable[..., object], *args: object) -> PolicyError:
    with pytest.raises(PolicyError) as refused:
        act(*args)
    return refused.value


def add(world: World, device: PlacedDevice = PRINTER, actor: Actor = RATNA) -> Line:
    return placement.add(world.desk, actor, device)


def journal(world: World) -> list[tuple[str, object, object]]:
    """Kind, number and reason of every event about the register."""
    with world.desk.unit(RATNA) as unit:
        found = unit.events.of(placement.SUBJECT)
        return [(event.kind, event.data["number"], event.data["reason"]) for event in found]


# ---------------------------------------------------------------- lines


def test_lines_stand_in_the_order_of_their_numbers(world: World) -> None:
    assert placement.register(world.desk, RATNA) == ()
    assert [add(world, device) for device in (PRINTER, PC, FAN)] == [
        Line(1, PRINTER),
        Line(2, PC),
        Line(3, FAN),
    ]
    broken = replace(PC, condition=Condition.HEAVY_DAMAGE)
    assert placement.change(world.desk, RATNA, 2, broken, " jatuh ") == Line(2, broken)
    assert placement.register(world.desk, RATNA) == (Line(1, PRINTER), Line(2, broken), Line(3, FAN))


def test_the_journal_tells_number_reason_and_who(world: World) -> None:
    add(world)
    placement.change(world.desk, TONO, 1, replace(PRINTER, make="Zebra ZC350"), " salah ketik ")
    assert journal(world) == [("placement.added", 1, ""), ("placement.changed", 1, "salah ketik")]
    with world.desk.unit(RATNA) as unit:
        events = unit.events.of(placement.SUBJECT)
        assert [event.actor for event in events] == ["ratna", "tono"]
        assert [event.data["make"] for event in events] == ["Zebra ZC300", "Zebra ZC350"]


def test_what_is_added_is_trimmed(world: World) -> None:
    spacious = replace(PRINTER, make=" Zebra ZC300 ", serial=" C4J1\t")
    assert add(world, spacious).device == PRINTER
    assert placement.register(world.desk, RATNA)[0].device == PRINTER


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(device=DEVICES)
def test_the_store_gives_every_line_back(world: World, device: PlacedDevice) -> None:
    with world.desk.unit(RATNA) as unit:
        number = len(placement.lines(unit)) + 1
        unit.record(placement.ADDED, placement.SUBJECT, {"number": number, **device.told(), "reason": ""})
        assert placement.lines(unit)[-1] == Line(number, device)


def test_a_refused_line_leaves_nothing(world: World) -> None:
    assert refusal(add, world, replace(PRINTER, make=" ")).code == "placement.make_missing"
    add(world)
    bad = replace(PRINTER, watts=-1.0)
    assert refusal(placement.change, world.desk, RATNA, 1, bad, "x").code == "placement.label"
    assert journal(world) == [("placement.added", 1, "")]


def test_the_day_ends_at_the_offices_midnight(world: World) -> None:
    tomorrow = replace(PRINTER, placed_on=TODAY + timedelta(days=1))
    world.clock.moment = datetime(2026, 11, 23, 16, 59, tzinfo=UTC)  # 23.59 WIB
    assert refusal(add, world, tomorrow).code == "placement.day_ahead"
    world.clock.advance(1)
    assert add(world, tomorrow).number == 1


def test_a_change_needs_a_line_and_a_reason(world: World) -> None:
    add(world)
    assert refusal(placement.change, world.desk, RATNA, 1, PRINTER, " \t").code == "placement.reason_missing"
    for number in (0, 2, -1):
        refused = refusal(placement.change, world.desk, RATNA, number, PRINTER, "x")
        assert (refused.code, refused.params) == ("placement.no_line", {"number": number})


# ---------------------------------------------------------------- serials


@pytest.mark.parametrize("serial", ["C4J1", "c4j1", "  C4j1 "])
def test_a_serial_stands_once(world: World, serial: str) -> None:
    add(world, PC)
    add(world)
    refused = refusal(add, world, replace(PRINTER, serial=serial, kind=DeviceKind.LASER_PRINTER))
    assert (refused.code, refused.params) == ("placement.serial_twice", {"number": 2})
    refused = refusal(placement.change, world.desk, RATNA, 1, replace(PC, serial=serial), "x")
    assert (refused.code, refused.params) == ("placement.serial_twice", {"number": 2})


def test_a_line_may_keep_its_own_serial_and_none_is_no_serial(world: World) -> None:
    add(world)
    assert placement.change(world.desk, RATNA, 1, replace(PRINTER, watts=70.0), "label").device.watts == 70.0
    assert [add(world, FAN).number, add(world, FAN).number] == [2, 3]


def test_a_device_that_was_taken_away_may_come_back_in_either_line_but_not_in_both(world: World) -> None:
    add(world)
    gone = replace(PRINTER, condition=Condition.TAKEN_AWAY)
    placement.change(world.desk, RATNA, 1, gone, "diservis")
    assert add(world).number == 2
    refused = refusal(placement.change, world.desk, RATNA, 1, PRINTER, "kembali")
    assert (refused.code, refused.params) == ("placement.serial_twice", {"number": 2})
    placement.change(world.desk, RATNA, 2, gone, "salah baris")
    assert placement.change(world.desk, RATNA, 1, PRINTER, "kembali").device == PRINTER


SERIALS = st.sampled_from(["", "A1", "a1", " A1 ", "B2", "b2 "])
KINDS = st.sampled_from([DeviceKind.PC, DeviceKind.OTHER])
LINES = st.builds(
    lambda kind, serial, condition: PlacedDevice(kind, "Merek", serial, "BAST-1", TODAY, condition),
    KINDS, SERIALS, st.sampled_from(Condition),
)  # fmt: skip


class RegisterMachine(RuleBasedStateMachine):
    """Any order of adding and changing, beside a list that is kept by hand."""

    def __init__(self, template: Path) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.world = office.copy(template, Path(self.folder.name))
        self.kept: list[PlacedDevice] = []
        self.acts = 0

    def taken(self, device: PlacedDevice, but: int = -1) -> bool:
        others = [one for at, one in enumerate(self.kept) if at != but and one.there]
        return device.there and any(
            one.serial.lower() == device.serial.strip().lower() for one in others if one.serial
        )

    def tried(self, act: Callable[[], Line], device: PlacedDevice, but: int = -1) -> PlacedDevice | None:
        """What stands there now, None where it was refused for its serial or for having none."""
        wrong = not device.serial and device.kind is DeviceKind.PC
        if wrong or self.taken(device, but):
            code = "placement.serial_missing" if wrong else "placement.serial_twice"
            assert refusal(act).code == code
            return None
        self.acts += 1
        settled = checked(device, TODAY)
        assert act().device == settled
        return settled

    @rule(device=LINES)
    def add(self, device: PlacedDevice) -> None:
        settled = self.tried(lambda: add(self.world, device), device)
        self.kept += [settled] if settled else []

    @precondition(lambda self: self.kept)
    @rule(device=LINES, share=st.floats(0, 0.999))
    def change(self, device: PlacedDevice, share: float) -> None:
        at = int(share * len(self.kept))
        settled = self.tried(
            lambda: placement.change(self.world.desk, RATNA, at + 1, device, "alasan"), device, at
        )
        self.kept[at] = settled or self.kept[at]

    @invariant()
    def the_register_is_what_was_done(self) -> None:
        assert placement.register(self.world.desk, RATNA) == tuple(
            Line(at, device) for at, device in enumerate(self.kept, 1)
        )
        serials = [one.serial.casefold() for one in self.kept if one.there and one.serial]
        assert len(set(serials)) == len(serials)
        assert len(journal(self.world)) == self.acts

    def teardown(self) -> None:
        self.world.store.close()
        self.folder.cleanup()


def test_any_order_of_acts(office_template: Path) -> None:
    class Here(RegisterMachine):
        def __init__(self) -> None:
            super().__init__(office_template)

    run_state_machine_as_test(Here, settings=settings(max_examples=15, stateful_step_count=12))


# ---------------------------------------------------------------- roles


@pytest.mark.parametrize("actor", [RATNA, TONO], ids=lambda actor: actor.role)
def test_who_places(world: World, actor: Actor) -> None:
    assert add(world, actor=actor).number == 1
    assert placement.change(world.desk, actor, 1, PRINTER, "x").number == 1
    assert placement.find(world.desk, actor).devices == ()


@pytest.mark.parametrize("actor", [BUDI, JOKO, SARI], ids=lambda actor: actor.role)
def test_who_does_not_place(world: World, actor: Actor) -> None:
    add(world)
    assert refusal(add, world, PC, actor).code == "role.not_allowed"
    assert refusal(placement.change, world.desk, actor, 1, PRINTER, "x").code == "role.not_allowed"
    assert refusal(placement.find, world.desk, actor).code == "role.not_allowed"
    assert len(journal(world)) == 1


@pytest.mark.parametrize("actor", [BUDI, JOKO, RATNA, TONO], ids=lambda actor: actor.role)
def test_who_reads(world: World, actor: Actor) -> None:
    add(world)
    assert placement.register(world.desk, actor) == (Line(1, PRINTER),)
    assert placement.power_budget(world.desk, actor).needed.total.watts == 60.0


def test_the_counter_does_not_read(world: World) -> None:
    assert refusal(placement.register, world.desk, SARI).code == "role.not_allowed"
    assert refusal(placement.power_budget, world.desk, SARI).code == "role.not_allowed"


# ---------------------------------------------------------------- what was found


class Seen:
    def __init__(self, *devices: FoundDevice) -> None:
        self.devices = devices

    def find(self) -> FoundDevices:
        return FoundDevices(self.devices, ("finder.usb",))


def test_only_what_is_in_no_line_is_offered(world: World) -> None:
    add(world)
    known, other = (
        FoundDevice("Zebra", None, "c4j1"),
        FoundDevice("Epson LX-310", DeviceKind.DOT_MATRIX_PRINTER),
    )
    desk = replace(world.desk, finder=Seen(known, other))
    assert placement.find(desk, RATNA) == placement.Offers((other,), ("finder.usb",))


# ---------------------------------------------------------------- watts


def test_the_budget_beside_the_declared_supply(world: World) -> None:
    add(world, replace(PC, watts=2000.0, power_factor=1.0))
    before = placement.power_budget(world.desk, RATNA)
    assert (before.supply, before.fit) == (None, Fit.UNKNOWN)
    power_declared.declare(world.desk, BUDI, Connection(volt_amperes=3500.0, document="rekening PLN"))
    found = placement.power_budget(world.desk, RATNA)
    assert found.supply is not None
    assert (found.supply.volt_amperes, found.fit) == (3500.0, Fit.ENOUGH)
    add(world, replace(PRINTER, watts=2000.0, power_factor=1.0))
    assert placement.power_budget(world.desk, RATNA).fit is Fit.TOO_SMALL
    placement.change(world.desk, RATNA, 1, replace(PC, condition=Condition.TAKEN_AWAY), "ditarik")
    after = placement.power_budget(world.desk, RATNA)
    assert (after.needed.total.watts, after.needed.on_ups.watts, after.fit) == (2000.0, 0.0, Fit.ENOUGH)


def test_a_label_that_nobody_read_is_named(world: World) -> None:
    add(world, replace(PRINTER, watts=None))
    assert placement.power_budget(world.desk, RATNA).needed.unread == ("Zebra ZC300",)
