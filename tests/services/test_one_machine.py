"""One machine feeds, writes, prints and rejects: what it may move, what a power cut leaves, and who is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.issuance import JobState, SpoilReason
from ktpel_desktop.core.ports import Spot
from ktpel_desktop.devices.simulator.cards import Place
from ktpel_desktop.services import issuing
from tests.services import printroom
from tests.services.office import BLANKS, BUDI, World, nik, refused
from tests.services.one_machine import OneMachine, OperatorOfOneMachine, in_one_machine
from tests.services.power import Fuse, PowerCut, fused_desk
from tests.services.printroom import REQUEST, CrashRoom

FAULTS: dict[str, tuple[str, Mapping[str, object], Mapping[str, list[str]]]] = {
    "all well": ("", {}, {}),
    "chip dead from the factory": ("dead_on_arrival", {}, {}),
    "chip already written": ("foreign_content", {"verb": "probe"}, {}),
    "torn twice": ("torn_write", {"at": 3, "times": 2}, {}),
    "jam in mid-card": ("jam_mid_card", {}, {}),
    "print lost without acting": ("accepted_not_printed", {}, {}),
    "feeding refused": ("", {}, {"feed_to_station": ["refused"]}),
    "feeding jams": ("", {}, {"feed_to_station": ["jam"]}),
    "feeding answer lost": ("", {}, {"feed_to_station": ["lost"]}),
    "dead chip, box full": ("dead_on_arrival", {}, {"reject": ["refused"]}),
    "dead chip, reject answer lost": ("dead_on_arrival", {}, {"reject": ["lost"]}),
}


@pytest.fixture
def machine(day: World) -> OneMachine:
    return OneMachine(day.bench)


@pytest.fixture
def room(day: World, machine: OneMachine) -> World:
    return replace(day, desk=in_one_machine(day.desk, machine))


def test_the_next_card_is_fed_before_the_first_look(room: World, machine: OneMachine) -> None:
    job = room.encode(room.reserved())
    assert (job.state, machine.fed, machine.inside) == (JobState.ENCODED, 1, job.chip_serial)
    assert room.print_card(job).state is JobState.PRINTED
    assert machine.spot() is Spot.NOWHERE


def test_a_card_at_the_station_is_taken_as_it_is(room: World, machine: OneMachine) -> None:
    machine.feed_to_station()
    serial = machine.inside
    assert room.encode(room.reserved()).chip_serial == serial
    assert machine.fed == 1


def test_on_resuming_nothing_is_fed(room: World, machine: OneMachine) -> None:
    job = room.reserved()
    room.bench.faults.script("torn_write", at=3)
    with pytest.raises(DeviceError):
        room.encode(job)
    machine.open_up()
    with pytest.raises(DeviceError) as error:
        room.encode(job)
    assert (error.value.code, machine.fed) == ("chip.no_card", 1)


def test_a_card_that_is_not_at_the_station_stops_the_feeding(room: World, machine: OneMachine) -> None:
    machine.script["feed_to_station"] = ["jam"]
    job = room.reserved()
    codes = []
    for _ in range(2):
        with pytest.raises(DeviceError) as error:
            room.encode(job)
        codes.append(error.value.code)
    assert codes == ["printer.jam_in_transport", "printer.card_left_inside"]
    assert room.job(job.id) == job


def test_a_printed_card_is_read_back_outside_and_a_swapped_one_is_caught(
    room: World, machine: OneMachine
) -> None:
    job = room.print_card(room.encode(room.reserved()))
    with pytest.raises(DeviceError):
        issuing.check_printed(room.desk, BUDI, job.id, face_ok=True)
    room.bench.put_on_reader(room.bench.take_blank())
    with refused("issuing.other_card"):
        issuing.check_printed(room.desk, BUDI, job.id, face_ok=True)
    room.bench.put_on_reader(str(job.chip_serial))
    assert issuing.check_printed(room.desk, BUDI, job.id, face_ok=True).state is JobState.REPORTING


def test_a_spoiled_card_inside_goes_into_the_box(room: World, machine: OneMachine) -> None:
    job = room.encode(room.reserved())
    issuing.spoil(room.desk, BUDI, job.id, SpoilReason.DAMAGED)
    assert room.bench.card(str(job.chip_serial)).place is Place.REJECT


def test_a_spoiled_card_that_is_out_leaves_the_next_one_inside(room: World, machine: OneMachine) -> None:
    out = room.print_card(room.encode(room.reserved()))
    inside = room.encode(room.reserved(nik(2)))
    issuing.spoil(room.desk, BUDI, out.id, SpoilReason.DAMAGED)
    assert machine.inside == inside.chip_serial


def test_a_silent_card_that_may_be_another_jobs_is_left_and_journalled(
    room: World, machine: OneMachine
) -> None:
    room.encode(room.reserved())
    room.bench.faults.script("chip_mute", times=5)
    other = room.reserved(nik(2))
    issuing.spoil(room.desk, BUDI, other.id, SpoilReason.FACTORY_FAULT)
    assert machine.inside is not None
    assert room.events("printer.reject_unclear") == [("pencetak:pencetak", {"job": other.id})]


def test_a_box_that_is_full_is_told_and_the_booking_stands(room: World, machine: OneMachine) -> None:
    job = room.encode(room.reserved())
    machine.script["reject"] = ["refused"]
    with pytest.raises(DeviceError) as error:
        issuing.spoil(room.desk, BUDI, job.id, SpoilReason.DAMAGED)
    assert (error.value.code, error.value.effect) == ("printer.card_not_rejected", Effect.DONE)
    assert room.job(job.id).state is JobState.SPOILED
    assert room.events("printer.reject_failed")[0][1]["error"] == "printer.reject_full"
    following = room.encode(room.reserved(nik(2)))
    assert following.chip_serial != job.chip_serial
    assert room.bench.card(str(job.chip_serial)).place is Place.REJECT


def test_a_cancelled_job_gives_its_blank_back(room: World, machine: OneMachine) -> None:
    job = room.reserved()
    machine.feed_to_station()
    serial = str(machine.inside)
    assert issuing.cancel(room.desk, BUDI, job.id).state is JobState.CANCELLED
    assert room.bench.card(serial).place is Place.OUT
    with room.desk.unit(BUDI) as unit:
        assert unit.stock.balance().left == BLANKS


def test_a_blank_that_stays_inside_is_told_and_the_job_is_cancelled(room: World, machine: OneMachine) -> None:
    job = room.reserved()
    machine.feed_to_station()
    machine.script["eject"] = ["refused"]
    with pytest.raises(DeviceError) as error:
        issuing.cancel(room.desk, BUDI, job.id)
    assert error.value.code == "printer.card_not_ejected"
    assert room.job(job.id).state is JobState.CANCELLED


def test_cancelling_never_puts_out_a_written_card(room: World, machine: OneMachine) -> None:
    written = room.encode(room.reserved())
    issuing.cancel(room.desk, BUDI, room.reserved(nik(2)).id)
    assert machine.inside == written.chip_serial


# ---------------------------------------------------------------- power cuts


@pytest.fixture(scope="session")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return printroom.template(tmp_path_factory.mktemp("one-machine"))


def prepared(morning: Path, folder: Path, behaviour: str) -> tuple[CrashRoom, OneMachine]:
    room = printroom.copy(morning, folder)
    machine = OneMachine(room.bench)
    room.desk = in_one_machine(room.desk, machine)
    fault, options, script = FAULTS[behaviour]
    machine.script = {verb: list(how) for verb, how in script.items()}
    if fault:
        room.bench.faults.script(fault, **options)  # type: ignore[arg-type]
    return room, machine


@pytest.mark.parametrize("behaviour", FAULTS)
def test_a_power_cut_at_any_boundary_leaves_one_good_card(
    behaviour: str, morning: Path, tmp_path: Path
) -> None:
    at = last = 0
    while at <= last:
        room, machine = prepared(morning, tmp_path, behaviour)
        fuse = Fuse(at)
        try:
            OperatorOfOneMachine(machine).issue(fused_desk(room.desk, fuse), REQUEST)
        except PowerCut:
            room.clock.advance(minutes=3)
            OperatorOfOneMachine(machine).issue(room.desk, REQUEST)
        try:
            room.assert_accounted()
            assert machine.inside is None
        except AssertionError as error:
            error.add_note(f"power cut {at}: {fuse.names[-1:]}")
            raise
        finally:
            room.store.close()
        last = fuse.passed if at == 0 else last
        at += 1
    assert last > 30
