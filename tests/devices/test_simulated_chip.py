"""The simulated chip station: the contract, and that each fault's effect is what the world then shows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.issuance import ChipContent
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.simulator import FAULTS, Place, SimulatedChip, Workbench
from tests.devices.contract import LOAD, ChipContract, Told, load_of
from tests.residents import subject


class SimulatedChipRig:
    def __init__(self) -> None:
        self.bench = Workbench(blanks=5)
        self.station = SimulatedChip(self.bench)

    def lay_blank(self) -> str:
        return self.bench.put_on_reader(self.bench.take_blank()).serial

    def lay(self, serial: str) -> None:
        self.bench.put_on_reader(serial)

    def take_away(self) -> None:
        self.bench.remove()


@pytest.fixture
def rig() -> SimulatedChipRig:
    return SimulatedChipRig()


class TestSimulatedChip(ChipContract):
    pass


WRITE_FAULTS = [name for name, kind in FAULTS.items() if "write" in kind.verbs and kind.effect is not None]
PROBE_FAULTS = [name for name, kind in FAULTS.items() if "probe" in kind.verbs]


@pytest.mark.parametrize("name", WRITE_FAULTS)
def test_a_failed_write_tells_its_effect_honestly(rig: SimulatedChipRig, name: str) -> None:
    serial = rig.lay_blank()
    rig.bench.faults.script(name)
    before = rig.bench.card(serial)
    with pytest.raises(DeviceError) as failed:
        rig.station.write(serial, LOAD, Told())
    assert failed.value.effect is FAULTS[name].effect
    after = rig.bench.card(serial)
    if failed.value.effect is Effect.NONE:
        chip = replace(after, place=before.place, touched=before.touched, dead=before.dead)
        assert chip == before
    assert rig.bench.faults.waiting() == {}


@pytest.mark.parametrize("name", PROBE_FAULTS)
def test_looking_never_changes_what_is_in_a_chip(rig: SimulatedChipRig, name: str) -> None:
    serial = rig.lay_blank()
    rig.bench.faults.script(name)
    if FAULTS[name].effect is None:
        rig.station.probe()
    else:
        with pytest.raises(DeviceError) as failed:
            rig.station.probe()
        assert failed.value.effect is Effect.NONE
    assert rig.bench.card(serial).written == 0


@pytest.mark.parametrize("at", range(12))
@pytest.mark.parametrize("name", ["card_pulled", "torn_write"])
def test_an_interrupted_write_is_partial_and_can_be_finished(
    rig: SimulatedChipRig, name: str, at: int
) -> None:
    serial = rig.lay_blank()
    rig.bench.faults.script(name, at=at)
    with pytest.raises(DeviceError) as failed:
        rig.station.write(serial, LOAD, Told())
    rig.lay(serial)
    probe = rig.station.probe()
    if failed.value.effect is Effect.NONE:
        assert (name, at) == ("card_pulled", 0)
        assert probe.content is ChipContent.BLANK
    else:
        assert probe.content in (ChipContent.BLANK, ChipContent.PARTIAL)
        assert probe.digest in (None, LOAD.digest)
    rig.station.write(serial, LOAD, Told())
    assert rig.station.probe().content is ChipContent.FULL
    assert rig.bench.card(serial).holds(LOAD.digest)


def test_an_answer_lost_after_acting_leaves_a_full_chip(rig: SimulatedChipRig) -> None:
    serial = rig.lay_blank()
    rig.bench.faults.script("write_answer_lost")
    with pytest.raises(DeviceError):
        rig.station.write(serial, LOAD, Told())
    assert rig.station.probe().content is ChipContent.FULL


def test_an_answer_lost_without_acting_leaves_a_blank(rig: SimulatedChipRig) -> None:
    serial = rig.lay_blank()
    rig.bench.faults.script("write_lost")
    with pytest.raises(DeviceError):
        rig.station.write(serial, LOAD, Told())
    assert rig.station.probe().content is ChipContent.BLANK


def test_a_chip_that_differs_is_not_locked_and_not_full(rig: SimulatedChipRig) -> None:
    serial = rig.lay_blank()
    rig.bench.faults.script("verify_differs")
    with pytest.raises(DeviceError):
        rig.station.write(serial, LOAD, Told())
    assert not rig.bench.card(serial).locked
    assert rig.station.probe().content is ChipContent.PARTIAL


def test_a_dead_chip_stays_dead(rig: SimulatedChipRig) -> None:
    serial = rig.lay_blank()
    rig.bench.faults.script("chip_dies", at=3)
    with pytest.raises(DeviceError):
        rig.station.write(serial, LOAD, Told())
    for _ in range(2):
        with pytest.raises(DeviceError) as failed:
            rig.station.probe()
        assert failed.value.code == "chip.mute"


def test_a_foreign_chip_says_so_and_is_never_written(rig: SimulatedChipRig) -> None:
    serial = rig.lay_blank()
    rig.bench.faults.script("foreign_content")
    assert rig.station.probe().content is ChipContent.FOREIGN
    with pytest.raises(DeviceError) as refused:
        rig.station.write(serial, LOAD, Told())
    assert (refused.value.code, refused.value.effect) == ("chip.foreign_content", Effect.NONE)


def test_a_wrong_card_is_laid_by_somebody(rig: SimulatedChipRig) -> None:
    serial = rig.lay_blank()
    rig.bench.faults.script("wrong_card", verb="write")
    assert rig.station.probe().serial == serial
    with pytest.raises(DeviceError) as refused:
        rig.station.write(serial, LOAD, Told())
    assert refused.value.code == "chip.wrong_card"
    assert rig.bench.card(serial).place is Place.HAND


def test_an_unplugged_reader_is_seen_by_health_before_it_is_met(rig: SimulatedChipRig) -> None:
    rig.lay_blank()
    rig.bench.faults.script("reader_unplugged")
    assert rig.station.health().ready is Answer.NO
    assert rig.station.health().notes == ("chip.reader_gone",)
    with pytest.raises(DeviceError):
        rig.station.probe()
    assert rig.station.health().ready is Answer.YES


def test_a_slow_chip_takes_longer_and_is_right() -> None:
    def seconds(*faults: str) -> float:
        waits: list[float] = []
        bench = Workbench(blanks=1, pace=waits.append)
        for fault in faults:
            bench.faults.script(fault)
        card = bench.put_on_reader(bench.take_blank())
        SimulatedChip(bench).write(card.serial, LOAD, Told())
        assert bench.card(card.serial).holds(LOAD.digest)
        return sum(waits)

    assert seconds("chip_slow") > 5 * seconds()


@given(photo=st.binary(max_size=3000), chunks=st.integers(1, 40))
def test_any_content_in_any_number_of_chunks(photo: bytes, chunks: int) -> None:
    load = load_of(subject(photo=b"\xff\xd8" + photo))
    bench = Workbench(blanks=1)
    card = bench.put_on_reader(bench.take_blank())
    station = SimulatedChip(bench, chunks=chunks)
    station.write(card.serial, load, Told())
    assert station.probe().digest == load.digest
    assert bench.card(card.serial).holds(load.digest)
