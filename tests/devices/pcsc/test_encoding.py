"""The program's own use cases over a real PC/SC service: encoder, SAM in its slot, check reader at the counter."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ktpel_desktop.core.card_profile import FileKind
from ktpel_desktop.core.errors import DeviceError, PolicyError
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.chip.encoder import ChipEncoder
from ktpel_desktop.devices.chip.keys import KeySource, MasterKeys
from ktpel_desktop.devices.chip.sam import SamKeys
from ktpel_desktop.devices.pcsc.readers import ReaderRoles, Role
from ktpel_desktop.devices.pcsc.role_reader import RoleReader
from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.card_faults import Act, CardFault
from ktpel_desktop.devices.simulator.virtual_card.sam import VirtualSam
from ktpel_desktop.services import handing_over, issuing, outbox
from tests.devices.chip.encoders import MASTERS, SEED
from tests.devices.pcsc.room import PcscRoom
from tests.services import office
from tests.services.chip_worlds import with_station
from tests.services.office import BUDI, SARI, World
from tests.services.siak_fake import PROFILE, TestAuthority

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("pcsc"), pytest.mark.timeout(400)]

ROLES = ReaderRoles(encoder="KTP Encoder 00 00", sam="SAM Reader 00 00", check="Check Reader 00 00")
PIN = "latihan-99"


def station(role: Role, keys: KeySource | None = None) -> ChipEncoder:
    reader = RoleReader(role, ROLES)
    return ChipEncoder(
        reader.connect, PROFILE, keys or MasterKeys(MASTERS), TestAuthority(), look=reader.health
    )


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office.template(tmp_path_factory.mktemp("kantor"))


def opened(morning: Path, folder: Path) -> World:
    found = office.copy(morning, folder)
    found.open_day()
    return with_station(found, station(Role.ENCODER), station(Role.CHECK))


@pytest.fixture
def day(morning: Path, tmp_path: Path) -> Iterator[World]:
    found = opened(morning, tmp_path)
    yield found
    found.store.close()


def blank(number: int = 1) -> VirtualCard:
    return VirtualCard.from_blank(f"9900000100{number:04}", SEED)


def test_from_blank_to_the_applicants_hands(room: PcscRoom, day: World) -> None:
    card, job = blank(), day.reserved()
    lying = room.lay(card, "encoder")
    assert day.encode(job).state is JobState.ENCODED
    day.print_card(job)
    issuing.check_printed(day.desk, BUDI, job.id, face_ok=True)
    outbox.deliver(day.desk, BUDI)
    handing_over.hand_to_counter(day.desk, BUDI, [job.request_id], SARI.username)
    lying.take_away()
    room.lay(card, "check")
    check = handing_over.check_chip(day.desk, SARI, job.request_id)
    assert check == handing_over.ChipCheck(Answer.YES)
    assert card.violations == []


def test_keys_come_from_a_sam_in_the_second_slot(room: PcscRoom, day: World) -> None:
    card, sam = blank(), VirtualSam("99000002000001", MASTERS, PIN)
    room.lay(card, "encoder")
    room.lay(sam, "sam")
    keys = SamKeys(RoleReader(Role.SAM, ROLES).connect, PIN)
    with_sam = with_station(day, station(Role.ENCODER, keys))
    assert with_sam.encode(with_sam.reserved()).state is JobState.ENCODED
    assert keys.health().ready is Answer.YES
    assert {version for version, _ in sam.opened} == {0x30}
    assert with_sam.desk.chip.read().good
    assert {version for version, _ in sam.opened} == {0x30, 0x31}
    assert card.violations == []


def test_a_wrong_pin_is_tried_once_and_leaves_the_card_alone(room: PcscRoom, day: World) -> None:
    card = blank()
    room.lay(card, "encoder")
    room.lay(VirtualSam("99000002000002", MASTERS, PIN), "sam")
    wrong = with_station(day, station(Role.ENCODER, SamKeys(RoleReader(Role.SAM, ROLES).connect, "000000")))
    job = wrong.reserved()
    for _ in range(4):
        with pytest.raises(DeviceError) as refused:
            wrong.encode(job)
        assert (refused.value.code, refused.value.params) == ("sam.pin_wrong", {"tries": 2})
    assert wrong.job(job.id).state is JobState.RESERVED
    assert card.files == {}


def opensc(*arguments: str) -> str:
    done = subprocess.run(
        ["opensc-tool", "--reader", "KTP Encoder 00 00", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
        timeout=60,
    )
    return done.stdout + done.stderr


def received(told: str) -> list[bytes]:
    """The answers in opensc-tool's words: a line of hexadecimal bytes with their characters behind."""
    answers, inside = [], bytearray()
    for line in told.splitlines():
        if line.startswith("Received (SW1="):
            inside = bytearray()
            answers.append(inside)
            status = line[len("Received (SW1=0x") :]
            inside += bytes.fromhex(status[:2] + status.split("SW2=0x")[1][:2])
        elif answers and line[:2].strip():
            cells = line[:48].split()
            if all(len(cell) == 2 for cell in cells):
                inside += bytes.fromhex("".join(cells))
    return [bytes(answer) for answer in answers]


def test_a_client_that_is_not_ours_reads_what_we_wrote(room: PcscRoom, day: World) -> None:
    card, job = blank(), day.reserved()
    room.lay(card, "encoder")
    day.encode(job)
    select = "00A4040007" + PROFILE.aid.hex() + "00"
    marker, signed, photo = (
        PROFILE.file(kind) for kind in (FileKind.MARKER, FileKind.SECURITY_OBJECT, FileKind.PHOTO)
    )
    answers = received(
        opensc(*_sends(select, f"00B0{0x80 | marker.sfi:02x}0024", f"00B0{0x80 | signed.sfi:02x}0000"))
    )
    assert answers[0][:2] == b"\x90\x00"
    assert answers[1][2:] == card.files[marker.fid]
    assert answers[2][2:] == card.files[signed.fid][:256]
    refused = received(opensc(*_sends(select, f"00B0{0x80 | photo.sfi:02x}0000")))
    assert refused[1] == bytes.fromhex("6982"), "the photo is readable without the secure channel"


def _sends(*apdus: str) -> list[str]:
    return [part for apdu in apdus for part in ("--send-apdu", apdu)]


def test_pulled_at_every_command_the_same_card_is_finished(
    room: PcscRoom, morning: Path, tmp_path: Path
) -> None:
    """Over the real service; every other time the card has still done what it was asked."""
    number, finished = 0, False
    while not finished:
        number += 1
        card = blank(number)
        card.faults.script(CardFault(Act.PULL_AFTER if number % 2 else Act.PULL_BEFORE, number))
        lying = room.lay(card, "encoder")
        day = opened(morning, tmp_path)
        job = day.reserved()
        try:
            day.encode(job)
            finished = True
        except DeviceError as error:
            if error.code != "chip.pulled":
                raise
            lying.wait_gone()
            if day.job(job.id).state is JobState.ENCODING and number % 8 == 0:
                other = room.lay(blank(5000 + number), "encoder")
                with pytest.raises(PolicyError) as refused:
                    day.encode(job)
                assert refused.value.code == "issuing.other_card"
                other.take_away()
            lying = room.lay(card, "encoder")
            assert day.encode(job).state is JobState.ENCODED
        card.faults.clear()
        assert day.desk.chip.probe().digest == job.digest
        assert card.violations == []
        lying.take_away()
        day.store.close()
    assert number > 30


def test_a_slow_card_is_waited_for(room: PcscRoom, day: World) -> None:
    card, job = blank(), day.reserved()
    card.faults.script(CardFault(Act.SLOW, 1, seconds=0.02))
    room.lay(card, "encoder")
    assert day.encode(job).state is JobState.ENCODED


def test_a_service_that_was_restarted_is_found_again(room: PcscRoom, day: World) -> None:
    room.lay(blank(), "encoder")
    job = day.reserved()
    room.stop()
    assert day.desk.chip.health().ready is Answer.NO
    with pytest.raises(DeviceError) as gone:
        day.encode(job)
    assert gone.value.code in {"pcsc.no_service", "pcsc.service_stopped"}
    room.start()
    assert day.encode(job).state is JobState.ENCODED
    assert day.desk.chip.health().readings["card_on_reader"] == "yes"
