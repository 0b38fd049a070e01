"""The commands for one card, as the technician types them, over a real PC/SC service and a keyring."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ktpel_desktop import card_commands, resource_files
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.devices.chip.encoder import ChipEncoder
from ktpel_desktop.devices.chip.keys import MasterKeys
from ktpel_desktop.devices.pcsc.readers import ReaderRoles, Role
from ktpel_desktop.devices.pcsc.role_reader import RoleReader
from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.sam import VirtualSam
from tests.acceptance.technician import Technician
from tests.devices.chip.encoders import MASTERS, SEED
from tests.devices.pcsc.conftest import pcsc_room, room
from tests.devices.pcsc.room import PcscRoom

__all__ = ["pcsc_room", "room"]
pytestmark = [pytest.mark.real, pytest.mark.xdist_group("pcsc")]

ENCODER = "KTP Encoder 00 00"
PIN = "latihan-99"


@pytest.fixture
def technician(tmp_path: Path) -> Technician:
    made = Technician(tmp_path)
    assert made("rahasia", "kunci-latihan", "--benih", str(SEED)).returncode == 0
    return made


def test_a_test_card_is_written_read_and_erased(room: PcscRoom, technician: Technician) -> None:
    card = VirtualCard.from_blank("99000003000001", SEED)
    room.lay(card)
    done = technician("uji-kartu", "--pembaca", ENCODER)
    assert done.returncode == 0, done.stderr
    assert "99000003000001" in done.stdout
    assert "dihapus lagi" in done.stdout
    assert card.files == {}
    assert card.violations == []
    read = technician("baca-kartu", "--pembaca", ENCODER, "--json")
    assert read.returncode == 0, read.stderr
    assert json.loads(read.stdout)["isi"] == "blangko kosong"


def test_a_card_is_read_masked(room: PcscRoom, technician: Technician) -> None:
    card = VirtualCard.from_blank("99000003000002", SEED)
    room.lay(card)
    profile = resource_files.load_profile("acuan-8k")
    load, check = card_commands.trial(profile)
    reader = RoleReader(Role.ENCODER, ReaderRoles(encoder=ENCODER))
    encoder = ChipEncoder(
        reader.connect,
        profile,
        MasterKeys(MASTERS),
        check,
        look=lambda: Health(Answer.YES),
    )
    encoder.write(card.serial, load, lambda step: None)
    subject = encoder.read().biodata
    shown = technician("baca-kartu", "--pembaca", ENCODER)
    assert shown.returncode == 3, "its authority is not pinned in this folder, and that is told"
    assert "tanda tangan siak tidak sah" in shown.stdout.lower()
    assert subject["nik"] not in shown.stdout
    assert subject["name"] not in shown.stdout
    assert f"{subject['nik'][:4]}••••" in shown.stdout


def test_without_keys_the_next_step_is_told(room: PcscRoom, tmp_path: Path) -> None:
    room.lay(VirtualCard.from_blank("99000003000003", SEED))
    done = Technician(tmp_path)("uji-kartu", "--pembaca", ENCODER)
    assert done.returncode == 2
    assert "secret.missing" in done.stderr
    assert "ktpel-desktop rahasia" in done.stderr


def test_without_a_keyring_the_way_out_is_told(tmp_path: Path) -> None:
    done = Technician(tmp_path, "keyring.backends.fail.Keyring")("rahasia", "pin-sam", typed="123456\n")
    assert done.returncode == 2
    assert "secret.no_keyring" in done.stderr


def test_a_keyring_that_forgets_is_found_out(tmp_path: Path) -> None:
    done = Technician(tmp_path, "keyring.backends.null.Keyring")("rahasia", "pin-sam", typed="123456\n")
    assert done.returncode == 2
    assert "secret.not_kept" in done.stderr
    assert "123456" not in done.stdout + done.stderr


def test_a_malformed_secret_is_refused_and_not_repeated(tmp_path: Path) -> None:
    done = Technician(tmp_path)("rahasia", "kunci-30", typed="BUKAN-KUNCI\n")
    assert done.returncode == 2
    assert "BUKAN-KUNCI" not in done.stdout + done.stderr


def test_a_sam_gives_the_keys(room: PcscRoom, tmp_path: Path) -> None:
    technician = Technician(tmp_path)
    assert technician("rahasia", "pin-sam", typed=f"{PIN}\n").returncode == 0
    settings = tmp_path / "kantor.toml"
    settings.write_text(
        f'[chip]\ncara = "pcsc"\nkunci = "sam"\n[pembaca]\nenkoder = "{ENCODER}"\nsam = "SAM Reader 00 00"\n'
    )
    card = VirtualCard.from_blank("99000003000004", SEED)
    room.lay(card)
    room.lay(VirtualSam("99000002000009", MASTERS, PIN), "sam")
    done = technician("--pengaturan", str(settings), "uji-kartu")
    assert done.returncode == 0, done.stderr
    assert card.violations == []


def test_no_card_and_no_reader_are_told(room: PcscRoom, technician: Technician) -> None:
    empty = technician("baca-kartu", "--pembaca", ENCODER)
    assert (empty.returncode, "chip.no_card" in empty.stderr) == (2, True)
    missing = technician("baca-kartu", "--pembaca", "Merk Lain")
    assert (missing.returncode, "chip.reader_gone" in missing.stderr) == (2, True)
