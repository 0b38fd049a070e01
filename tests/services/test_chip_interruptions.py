"""A chip's writing cut off at every APDU there is, through the use cases, over the bytes of a virtual card."""

from __future__ import annotations

from pathlib import Path

import pytest

from ktpel_desktop.core.chip_load import ChipReading
from ktpel_desktop.core.errors import DeviceError, Effect, PolicyError
from ktpel_desktop.core.issuance import ChipContent, Job, JobState
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.simulator.virtual_card.card_faults import Act, CardFault
from ktpel_desktop.services import issuing
from tests.services.chip_worlds import ChipWorld, chip_world
from tests.services.office import BUDI

FIRST_WRITE = 5
"""APDUs: SELECT, GET DATA, INITIALIZE UPDATE, EXTERNAL AUTHENTICATE, then CREATE FILE. The probe before has two."""


def begun(template: Path, folder: Path, *faults: CardFault) -> tuple[ChipWorld, Job, str]:
    room = chip_world(template, folder)
    job = room.reserved()
    serial = room.rig.lay_blank()
    room.card(serial).faults.script(*faults)
    return room, job, serial


def struck(room: ChipWorld, job: Job) -> DeviceError | PolicyError | None:
    """The failure of the first try; None where the fault never came."""
    try:
        room.encode(job)
    except (DeviceError, PolicyError) as error:
        return error
    return None


def assert_good(room: ChipWorld, job: Job, serial: str) -> None:
    done = room.world.job(job.id)
    assert done.state is JobState.ENCODED
    assert done.chip_serial == serial
    room.card(serial).faults.clear()
    reading: ChipReading = room.rig.station.read()
    assert reading.good
    assert (reading.serial, reading.digest) == (serial, job.digest)
    assert room.card(serial).violations == []


@pytest.mark.parametrize("act", [Act.PULL_BEFORE, Act.PULL_AFTER, Act.TEAR])
def test_pulled_at_any_command_the_same_card_is_finished_and_another_refused(
    act: Act, office_template: Path, tmp_path: Path
) -> None:
    number = 0
    while True:
        number += 1
        room, job, serial = begun(office_template, tmp_path, CardFault(act, number))
        error = struck(room, job)
        if error is None:
            assert_good(room, job, serial)
            room.world.store.close()
            break
        try:
            state = room.world.job(job.id).state
            writes = number - 2  # after the probe's own two commands
            assert error.effect is (Effect.NONE if writes < FIRST_WRITE else Effect.UNKNOWN)
            assert state is (JobState.RESERVED if writes < FIRST_WRITE else JobState.ENCODING)
            if state is JobState.ENCODING:
                stranger = room.rig.lay_blank()
                with pytest.raises(PolicyError) as refused:
                    room.encode(job)
                assert refused.value.code == "issuing.other_card"
                assert room.card(stranger).files == {}
            room.rig.lay(serial)
            room.encode(job)
            assert_good(room, job, serial)
        except AssertionError as failed:
            failed.add_note(f"{act} at APDU {number}: {error}")
            raise
        finally:
            room.world.store.close()
    assert number > 30, "the loop must have passed the whole writing"


@pytest.mark.parametrize("act", [Act.PULL_BEFORE, Act.PULL_AFTER])
def test_a_card_pulled_at_the_lock_is_known_by_what_it_says(
    act: Act, office_template: Path, tmp_path: Path
) -> None:
    room, job, serial = begun(office_template, tmp_path, CardFault(act, ins=0x44))
    assert struck(room, job) is not None
    room.rig.lay(serial)
    content = room.rig.station.probe().content
    assert content is (ChipContent.PARTIAL if act is Act.PULL_BEFORE else ChipContent.FULL)
    before = room.card(serial).apdus
    room.encode(job)
    assert_good(room, job, serial)
    if act is Act.PULL_AFTER:
        updates = [raw for raw, _ in list(room.card(serial).traffic)[before:] if raw[1] == 0xD6]
        assert updates == [], "a chip that is full and locked is not written again"


def test_torn_twice_is_spoiled_and_accounted_for(office_template: Path, tmp_path: Path) -> None:
    room, job, serial = begun(office_template, tmp_path, CardFault(Act.PULL_AFTER, 30))
    struck(room, job)
    room.rig.lay(serial)
    room.card(serial).faults.script(CardFault(Act.PULL_AFTER, 30))
    assert struck(room, job) is not None
    room.rig.lay(serial)
    assert room.encode(job).state is JobState.SPOILED


# One word of each class of ISO/IEC 7816-4, 5.1.3, and the ones a contactless reader makes up.
WORDS = [0x6281, 0x6300, 0x63C2, 0x6400, 0x6581, 0x6700, 0x6882, 0x6982, 0x6983, 0x6985, 0x6A80, 0x6A82]
WORDS += [0x6A84, 0x6A88, 0x6A89, 0x6B00, 0x6D00, 0x6E00, 0x6F00, 0x6110, 0x6C10, 0x9100]


@pytest.mark.parametrize("word", WORDS, ids=[f"{word:04X}" for word in WORDS])
def test_any_status_word_at_any_step_ends_well_or_is_told(
    word: int, office_template: Path, tmp_path: Path
) -> None:
    """Never a green light for a chip that is not whole: after the fault the same card is finished."""
    for number in range(1, 40):
        room, job, serial = begun(office_template, tmp_path, CardFault(Act.STATUS, number, sw=word))
        try:
            error = struck(room, job)
            if isinstance(
                error, PolicyError
            ):  # the probe took what the word said for a card that is no blank
                assert error.code == "issuing.card_not_blank"
            if room.world.job(job.id).state is not JobState.ENCODED:
                assert error is not None
                room.encode(job)
            assert_good(room, job, serial)
        except (AssertionError, DeviceError) as failed:
            failed.add_note(f"{word:04X} at APDU {number}")
            raise
        finally:
            room.world.store.close()


@pytest.mark.parametrize("act", [Act.WRONG_MAC, Act.GARBAGE, Act.DAMAGE, Act.SILENT, Act.MUTE])
def test_a_disturbed_line_never_makes_a_good_card_of_a_bad_one(
    act: Act, office_template: Path, tmp_path: Path
) -> None:
    for number in range(1, 60, 2):
        room, job, serial = begun(office_template, tmp_path, CardFault(act, number))
        try:
            struck(room, job)
            room.card(serial).faults.clear()
            if room.world.job(job.id).state is not JobState.ENCODED:
                room.rig.lay(serial)
                room.encode(job)
            assert_good(room, job, serial)
        except (AssertionError, DeviceError, PolicyError) as failed:
            failed.add_note(f"{act} at APDU {number}")
            raise
        finally:
            room.world.store.close()


def test_from_blank_to_the_applicants_hands(office_template: Path, tmp_path: Path) -> None:
    room, job, serial = begun(office_template, tmp_path)
    room.encode(job)
    check = room.finish(job)
    assert check.answer is Answer.YES
    assert check.findings == ()
    assert room.card(serial).violations == []


def test_a_card_that_was_changed_on_the_way_is_not_handed_over(office_template: Path, tmp_path: Path) -> None:
    room, job, serial = begun(office_template, tmp_path)
    room.encode(job)
    room.card(serial).eeprom.files[2].content[100] ^= 0x40
    room.world.print_card(job)
    spoiled = issuing.check_printed(room.world.desk, BUDI, job.id, face_ok=True)
    assert spoiled.state is JobState.SPOILED
