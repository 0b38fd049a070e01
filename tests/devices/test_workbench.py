"""The workbench: cards are conserved and durable, and the automatic hands bring the right one."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.issuance import ChipContent
from ktpel_desktop.devices.simulator import (
    FAULTS,
    AutoHands,
    Face,
    Faults,
    Place,
    SimulatedCardPrinter,
    SimulatedChip,
    Workbench,
)
from tests.devices.contract import FACE, LOAD, Told
from tests.residents import BUDI

OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "take",
                "lay",
                "remove",
                "feed",
                "out",
                "file",
                "reject",
                "back",
                "probe",
                "write",
                "print",
                "restock",
            ]
        ),
        st.sampled_from(
            [None, *(name for name, kind in FAULTS.items() if kind.device in ("chip", "card_printer"))]
        ),
        st.integers(0, 11),
    ),
    max_size=40,
)


def act(bench: Workbench, hands: AutoHands | None, operation: str) -> int:
    """One act of hand or device; how many cards came into the world by it."""
    chip, printer = SimulatedChip(bench, hands, chunks=3), SimulatedCardPrinter(bench, hands)
    held = bench.lying_at(Place.HAND)
    lying = bench.only_at(Place.READER)
    match operation:
        case "take":
            bench.take_blank()
        case "lay" if held:
            bench.put_on_reader(held[0])
        case "remove":
            bench.remove()
        case "feed":
            bench.move_to_printer()
        case "out":
            bench.take_out()
        case "file" if held:
            bench.file(held[0])
        case "reject" if held:
            bench.reject(held[0])
        case "back" if held and held[0].untouched:
            bench.put_back(held[0])
        case "probe":
            chip.probe()
        case "write" if lying is not None:
            chip.write(lying.serial, LOAD, Told())
        case "print":
            printer.print_card(FACE, "T-1")
        case "restock":
            bench.restock(2)
            return 2
    return 0


@given(operations=OPERATIONS, automatic=st.booleans())
def test_cards_are_conserved_and_the_file_says_what_the_world_says(
    operations: list[tuple[str, str | None, int]], automatic: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("bench") / "meja.jsonl"
    bench = Workbench.load(path, blanks=3)
    hands = AutoHands(bench) if automatic else None
    total = 3
    for operation, fault, at in operations:
        if fault is not None:
            bench.faults.script(fault, at=at)
        with contextlib.suppress(DeviceError):
            total += act(bench, hands, operation)
        census = bench.census()
        assert sum(census.values()) == total
        assert census[Place.READER] <= 1
        assert census[Place.PRINTER] <= 1
    again = Workbench.load(path)
    assert (again.cards, again.census(), again.counter) == (bench.cards, bench.census(), bench.counter)


def test_a_line_cut_off_by_a_power_cut_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "meja.jsonl"
    bench = Workbench.load(path, blanks=3)
    card = bench.put_on_reader(bench.take_blank())
    whole = path.read_bytes()
    bench.remove()
    last = path.read_bytes()[len(whole) :]
    for cut in range(len(last)):
        path.write_bytes(whole + last[:cut])
        assert Workbench.load(path).card(card.serial).place is Place.READER


def test_a_killed_program_finds_its_cards_again(tmp_path: Path) -> None:
    path = tmp_path / "meja.jsonl"
    program = f"""
import os, signal
from pathlib import Path
from ktpel_desktop.devices.simulator import *
from tests.devices.contract import LOAD
bench = Workbench.load(Path({str(path)!r}), blanks=3)
card = bench.put_on_reader(bench.take_blank())
def told(step):
    if step.share > 0.4:
        os.kill(os.getpid(), signal.SIGKILL)
SimulatedChip(bench).write(card.serial, LOAD, told)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode != 0
    bench = Workbench.load(path)
    probe = SimulatedChip(bench).probe()
    assert probe.content is ChipContent.PARTIAL
    assert 0 < bench.card(probe.serial).written < LOAD.size
    assert bench.tray == 2


def test_a_folder_that_refuses_says_so(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(DeviceError) as refused:
        Workbench.load(blocked / "meja.jsonl")
    assert refused.value.code == "simulator.bench_unwritable"


def test_a_change_that_cannot_be_kept_has_not_happened(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "meja.jsonl"
    bench = Workbench.load(path, blanks=3)
    path.unlink()
    path.mkdir()
    with pytest.raises(DeviceError):
        bench.take_blank()
    assert bench.tray == 3


def test_the_file_holds_no_residents_data(tmp_path: Path) -> None:
    path = tmp_path / "meja.jsonl"
    bench = Workbench.load(path)
    card = bench.put_on_reader(bench.take_blank())
    SimulatedChip(bench).write(card.serial, LOAD, Told())
    assert BUDI.name.split()[0].encode() not in path.read_bytes()
    assert all(json.loads(line) for line in path.read_bytes().splitlines())


def test_serials_are_synthetic_and_never_repeat() -> None:
    bench = Workbench(blanks=3, seed=7)
    serials = [bench.take_blank().serial for _ in range(3)]
    assert len(set(serials)) == 3
    assert all(serial.startswith("99000007") for serial in serials)
    with pytest.raises(DeviceError) as empty:
        bench.take_blank()
    assert empty.value.code == "chip.tray_empty"


def test_only_an_untouched_blank_goes_back() -> None:
    bench = Workbench(blanks=1)
    card = bench.put_on_reader(bench.take_blank())
    SimulatedChip(bench).write(card.serial, LOAD, Told())
    with pytest.raises(ValueError, match="no blank"):
        bench.put_back(card)


class TestAutoHands:
    def test_a_keyboard_alone_issues_cards(self) -> None:
        bench = Workbench(blanks=3)
        hands = AutoHands(bench)
        chip, printer = SimulatedChip(bench, hands), SimulatedCardPrinter(bench, hands)
        for _ in range(3):
            blank = chip.probe()
            assert blank.content is ChipContent.BLANK
            chip.write(blank.serial, LOAD, Told())
            printer.print_card(FACE, "T-1")
            assert chip.probe().serial == blank.serial
        assert {card.face for card in bench.cards} == {Face.FULL}
        with pytest.raises(DeviceError) as empty:
            chip.probe()
        assert empty.value.code == "chip.no_card"

    def test_the_wanted_card_is_brought_from_wherever_it_lies(self) -> None:
        bench = Workbench(blanks=3)
        hands = AutoHands(bench)
        chip = SimulatedChip(bench, hands)
        first = chip.probe().serial
        chip.write(first, LOAD, Told())
        hands.want_blank()
        second = chip.probe().serial
        assert second != first
        for serial in (first, second, first):
            hands.want(serial)
            assert chip.probe().serial == serial

    def test_a_pulled_card_is_laid_back(self) -> None:
        bench = Workbench(blanks=3)
        chip = SimulatedChip(bench, AutoHands(bench))
        serial = chip.probe().serial
        bench.faults.script("card_pulled", at=4)
        with pytest.raises(DeviceError):
            chip.write(serial, LOAD, Told())
        assert chip.probe().serial == serial

    def test_the_journal_says_where_a_card_ends(self) -> None:
        fates: dict[str, Place] = {}
        bench = Workbench(blanks=3)
        chip = SimulatedChip(bench, AutoHands(bench, fates.get))
        spoiled = chip.probe().serial
        bench.faults.script("torn_write", at=3)
        with pytest.raises(DeviceError):
            chip.write(spoiled, LOAD, Told())
        assert chip.probe().serial == spoiled
        fates[spoiled] = Place.REJECT
        assert chip.probe().serial != spoiled
        assert bench.card(spoiled).place is Place.REJECT

    def test_a_lost_card_is_not_found(self) -> None:
        bench = Workbench(blanks=2)
        hands = AutoHands(bench)
        chip, printer = SimulatedChip(bench, hands), SimulatedCardPrinter(bench, hands)
        serial = chip.probe().serial
        chip.write(serial, LOAD, Told())
        bench.faults.script("printed_card_lost")
        with pytest.raises(DeviceError):
            printer.print_card(FACE, "T-1")
        hands.want(serial)
        with pytest.raises(DeviceError) as missing:
            chip.probe()
        assert missing.value.code == "chip.no_card"


class TestFaults:
    def test_times_and_after(self) -> None:
        faults = Faults()
        faults.script("chip_mute", times=2, after=1)
        assert [faults.strikes("chip_mute", "probe") for _ in range(4)] == [None, 1, 1, None]

    def test_a_verb_limits_a_fault(self) -> None:
        faults = Faults()
        faults.script("chip_mute", verb="write")
        assert faults.strikes("chip_mute", "probe") is None
        assert faults.strikes("chip_mute", "write") == 1

    def test_unknown_faults_and_verbs_are_refused(self) -> None:
        faults = Faults()
        with pytest.raises(KeyError):
            faults.script("gremlin")
        with pytest.raises(ValueError, match="cannot strike"):
            faults.script("chip_mute", verb="print_card")

    def test_clear(self) -> None:
        faults = Faults()
        faults.script("chip_mute")
        faults.clear()
        assert faults.waiting() == {}

    def test_every_fault_has_an_indonesian_label(self) -> None:
        assert all(kind.label and kind.name == name for name, kind in FAULTS.items())
