"""The real chip driver keeps the contract, and the virtual card sees no breach of the profile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ktpel_desktop.core.card_profile import PERSONAL, FileKind
from ktpel_desktop.core.chip_load import Fault, Finding
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.issuance import ChipContent
from ktpel_desktop.core.ports import Stage
from ktpel_desktop.devices.chip.encoder import ChipEncoder
from ktpel_desktop.devices.chip.keys import MasterKeys
from ktpel_desktop.devices.chip.opened_card import open_card
from ktpel_desktop.devices.chip.sam import SamKeys
from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.card_faults import Act, CardFault
from ktpel_desktop.devices.simulator.virtual_card.in_process import InProcessReader
from ktpel_desktop.devices.simulator.virtual_card.key_derivation import training_masters
from ktpel_desktop.devices.simulator.virtual_card.sam import VirtualSam
from tests.devices.chip.conversation import whole
from tests.devices.chip.encoders import MASTERS, SEED, VirtualChipRig
from tests.devices.contract import LOAD, OTHER_LOAD, ChipContract, Told
from tests.services.siak_fake import PROFILE


@pytest.fixture
def rig() -> Iterator[VirtualChipRig]:
    made = VirtualChipRig()
    yield made
    for card in made.cards.values():
        assert card.violations == [], "the host broke what the profile demands"


class TestChipEncoder(ChipContract):
    pass


def failure(act: object) -> DeviceError:
    assert callable(act)
    with pytest.raises(DeviceError) as caught:
        act()
    return caught.value


# ---------------------------------------------------------------- a good run


def test_every_file_stands_on_the_card_as_it_was_ordered(rig: VirtualChipRig) -> None:
    serial = rig.lay_blank()
    rig.station.write(serial, LOAD, Told())
    assert rig.cards[serial].files == {PROFILE.file(kind).fid: data for kind, data in LOAD.files.items()}


def test_the_steps_tell_every_byte_once(rig: VirtualChipRig) -> None:
    told = Told()
    rig.station.write(rig.lay_blank(), LOAD, told)
    for stage in (Stage.WRITE, Stage.READ_BACK):
        steps = [step for step in told.steps if step.stage is stage and step.part]
        assert [step.done for step in steps] == sorted({step.done for step in steps})
        assert steps[-1].done == steps[-1].total == LOAD.size
        assert {step.part for step in steps} == set(FileKind)


def test_a_whole_reading_tells_the_biodata(rig: VirtualChipRig) -> None:
    rig.station.write(rig.lay_blank(), LOAD, Told())
    assert rig.station.read().biodata["name"] == "BUDI SANTOSO"


def test_a_blank_is_told_from_its_marker_alone_and_costs_no_key(rig: VirtualChipRig) -> None:
    keyless = ChipEncoder(
        rig.reader.connect, PROFILE, MasterKeys({}), rig.station._check, look=rig.station._look
    )
    serial = rig.lay_blank()
    assert keyless.probe().content is ChipContent.BLANK
    assert rig.cards[serial].apdus == 2


@pytest.mark.parametrize("i", [0x71, 0x61])
@pytest.mark.parametrize("sam", [False, True])
def test_a_card_with_long_challenges_and_macs_is_written_by_its_profile(i: int, sam: bool) -> None:
    slot = InProcessReader(VirtualSam("99000000005099", MASTERS, "123456"))
    rig = VirtualChipRig(SamKeys(slot.connect, "123456") if sam else None, profile=replace(PROFILE, s16=True))
    card = VirtualCard.from_blank("99000000005002", SEED, i=i)
    rig.reader.lay(card)
    rig.station.write(card.serial, LOAD, Told())
    assert rig.station.read().good
    assert card.violations == []


LONGEST_SHORT = 4 + 1 + 255 + 1


@pytest.mark.parametrize(("reader_most", "long"), [(None, False), (0, False), (65536, True)])
def test_a_card_that_takes_long_commands_gets_them_through_a_reader_that_says_so(
    reader_most: int | None, long: bool
) -> None:
    rig = VirtualChipRig(reader_most=reader_most)
    card = VirtualCard.from_blank("99000000005001", SEED, extended=True)
    rig.reader.lay(card)
    rig.station.write(card.serial, LOAD, Told())
    assert rig.station.read().good
    assert (max(len(command) for command, _ in card.traffic) > LONGEST_SHORT) is long
    assert card.violations == []


# ---------------------------------------------------------------- resuming


def interrupted(rig: VirtualChipRig, at: int, act: Act = Act.PULL_BEFORE) -> str:
    """A card whose writing was cut off at the APDU with this number."""
    serial = rig.lay_blank()
    rig.cards[serial].faults.script(CardFault(act, at))
    failure(lambda: rig.station.write(serial, LOAD, Told()))
    rig.lay(serial)
    return serial


def test_another_residents_data_never_lands_on_a_half_written_chip(rig: VirtualChipRig) -> None:
    serial = interrupted(rig, 20)
    before = rig.cards[serial].files
    refused = failure(lambda: rig.station.write(serial, OTHER_LOAD, Told()))
    assert (refused.code, refused.effect) == ("chip.foreign_content", Effect.NONE)
    assert rig.cards[serial].files == before
    rig.station.write(serial, LOAD, Told())
    assert rig.station.probe().digest == LOAD.digest


def test_a_torn_marker_leaves_a_blank_for_anybody(rig: VirtualChipRig) -> None:
    serial = interrupted(rig, 6, Act.TEAR)
    assert list(rig.cards[serial].files) == [PROFILE.file(FileKind.MARKER).fid]
    assert rig.station.probe().content is ChipContent.BLANK
    rig.station.write(serial, OTHER_LOAD, Told())
    assert rig.station.probe().digest == OTHER_LOAD.digest


def test_files_without_a_marker_are_foreign(rig: VirtualChipRig) -> None:
    serial = interrupted(rig, 20)
    marker = rig.cards[serial].eeprom.files[0]
    marker.content[0] ^= 1
    assert rig.station.probe().content is ChipContent.FOREIGN
    assert failure(lambda: rig.station.write(serial, LOAD, Told())).code == "chip.foreign_content"


# ---------------------------------------------------------------- what a locked chip may hold


@pytest.mark.parametrize("kind", FileKind)
def test_a_bit_that_turned_on_a_locked_chip_is_found(rig: VirtualChipRig, kind: FileKind) -> None:
    serial = rig.lay_blank()
    rig.station.write(serial, LOAD, Told())
    file = next(one for one in rig.cards[serial].eeprom.files if one.fid == PROFILE.file(kind).fid)
    file.content[-1] ^= 1
    reading = rig.station.read()
    assert reading.content is ChipContent.FOREIGN
    if kind in PERSONAL or kind is FileKind.MARKER:
        assert Finding(Fault.FILE_DIFFERS, kind) in reading.findings
    else:
        assert reading.findings == (Finding(Fault.SIGNATURE),)


def test_a_chip_that_changes_what_it_was_given_is_not_locked(rig: VirtualChipRig) -> None:
    """A memory cell that does not hold: the read-back meets it before the lock."""
    serial = rig.lay_blank()
    card = rig.cards[serial]

    def spoil(step: object) -> None:
        photo = PROFILE.file(FileKind.PHOTO).fid
        for file in card.eeprom.files:
            if file.fid == photo:
                file.content[-1] ^= 1

    refused = failure(lambda: rig.station.write(serial, LOAD, _Meddling(spoil)))
    assert (refused.code, refused.effect) == ("chip.verify_differs", Effect.UNKNOWN)
    assert rig.station.probe().content is ChipContent.PARTIAL
    assert rig.station.probe().digest == LOAD.digest


class _Meddling(Told):
    """Does something to the card once, after everything was written."""

    def __init__(self, act: object) -> None:
        super().__init__()
        self.act = act

    def __call__(self, step: object) -> None:
        if getattr(step, "stage", None) is Stage.WRITE and step.done == step.total > 0:  # type: ignore[attr-defined]
            assert callable(self.act)
            self.act(step)


# ---------------------------------------------------------------- keys


def test_wrong_keys_are_met_before_a_try_is_spent() -> None:
    rig = VirtualChipRig(MasterKeys(training_masters(8)))
    serial = rig.lay_blank()
    for _ in range(12):
        refused = failure(lambda: rig.station.write(serial, LOAD, Told()))
        assert (refused.code, refused.effect) == ("chip.keys_wrong", Effect.NONE)
    good = VirtualChipRig()
    good.cards, good.reader = rig.cards, rig.reader
    good.station._connect = rig.reader.connect
    good.station.write(serial, LOAD, Told())
    assert good.station.probe().content is ChipContent.FULL


def test_another_kind_of_card_is_no_blank() -> None:
    rig = VirtualChipRig()
    other = VirtualCard.from_blank("99000000000001", installed=False)
    rig.reader.lay(other)
    assert failure(rig.station.probe).code == "chip.other_kind"


@pytest.mark.parametrize("most", ["0000", "004F"])
def test_an_applet_that_takes_too_little_data_is_met_before_anything_is_written(most: str) -> None:
    """Found by fuzzing: no command of the channel fitted, and a ValueError came out."""
    fci = "6F178407F04B5450454C018A0103A509DF200100DF2102" + most + "9000"
    with whole(("00A4040007F04B5450454C0100", fci), ("80CA004500", "4507990000000000019000")) as card:
        refused = failure(lambda: open_card(card, PROFILE, "otomatis"))
    assert (refused.code, refused.effect) == ("chip.answer_malformed", Effect.NONE)


# ---------------------------------------------------------------- rehearsing on a test card


def test_a_rehearsal_leaves_the_blank_a_blank(rig: VirtualChipRig) -> None:
    serial = rig.lay_blank()
    assert rig.station.rehearse(LOAD, Told()) == serial
    assert rig.cards[serial].files == {}
    assert rig.station.probe().content is ChipContent.BLANK


def test_a_card_that_was_begun_is_not_erased(rig: VirtualChipRig) -> None:
    serial = interrupted(rig, 20)
    before = rig.cards[serial].files
    assert failure(lambda: rig.station.rehearse(LOAD, Told())).code == "chip.not_blank"
    assert rig.cards[serial].files == before


def test_a_finished_card_is_not_erased(rig: VirtualChipRig) -> None:
    serial = rig.lay_blank()
    rig.station.write(serial, LOAD, Told())
    assert failure(lambda: rig.station.rehearse(LOAD, Told())).code == "chip.not_blank"
    assert rig.station.probe().digest == LOAD.digest
