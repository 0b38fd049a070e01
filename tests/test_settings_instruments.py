"""Settings of the room's instruments: what could not work, or would show a simulated value as real, is refused."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from ktpel_desktop import resource_files
from ktpel_desktop.settings import Settings
from tests.test_settings import loaded, wrong_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[suhu]\ncara = "temper-serial"', "suhu.port"),
        ('[suhu]\ncara = "tanpa"\nport = "1-2"', "suhu.port"),
        ('[suhu]\nport = "1-2"', "suhu.port"),
        ('[suhu]\ncara = "nut"', "daya.ups"),
        ('[suhu]\ncara = "merkuri"', "suhu.cara"),
        ('[daya]\nups = "apc@"', "daya.ups"),
        ('[daya]\nups = "a b@10.0.0.2"', "daya.ups"),
        ('[daya]\nups = "apc@10.0.0.2"', "daya.cara"),
        ('[daya]\nmeter = "pzem"\nmeter_alamat = "COM3"', "daya.cara"),
        ('[daya]\nmeter = "pzem"', "daya.meter_alamat"),
        ('[daya]\nmeter_alamat = "COM3"', "daya.meter_alamat"),
        ('[daya]\nmeter = "tasmota"\nmeter_alamat = "10.0.0.9"', "daya.meter_alamat"),
        ("[daya]\nmeter_saluran = 8", "daya.meter_saluran"),
        ('[ruangan]\nwajib = ["suhu"]', "ruangan.wajib"),
        ("[ruangan]\nwajib = [1]", "ruangan.wajib"),
        ('[jaringan]\nserver_uji = ["10.1.2.3"]', "jaringan.cara"),
    ],
)
def test_a_slip_is_told_by_its_key(tmp_path: Path, text: str, key: str) -> None:
    assert wrong_key(tmp_path, text) == key


def test_a_whole_room_is_read(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        '[ruangan]\nwajib = ["secured", "temperature"]\n[suhu]\ncara = "temper"\nport = "1-2"\n'
        '[daya]\ncara = "sungguhan"\nups = "apc@10.0.0.2:3493"\nmeter = "tasmota"\n'
        'meter_alamat = "http://10.0.0.9"\nmeter_saluran = 1\n',
    )
    assert found.room_must == ("secured", "temperature")
    assert (found.thermometer_by, found.thermometer_port) == ("temper", "1-2")
    assert (found.ups, found.meter_by, found.meter_channel) == ("apc@10.0.0.2:3493", "tasmota", 1)


def test_the_handbook_names_every_key_and_its_example_works(tmp_path: Path) -> None:
    page = resource_files.path("panduan", "teknisi", "alat-ukur-ruangan.md").read_text("utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    loaded(tmp_path, example)
    sections = ("ruangan", "suhu", "daya")
    named = {f"{section}.{key}" for section, keys in tomllib.loads(example).items() for key in keys}
    known = {entry.metadata["key"] for entry in fields(Settings)}
    assert named == {key for key in known if key.startswith(sections)}
