"""Settings of the network part of the room check: what could not work is refused by its key."""

from dataclasses import fields
from pathlib import Path

import pytest

from ktpel_desktop import resource_files
from ktpel_desktop.core.host_port import HostPort, host_port
from ktpel_desktop.settings import Settings
from tests.test_settings import loaded, wrong_key

WHOLE = """
[jaringan]
cara = "sungguhan"
server_uji = ["Dinas=uji.dinas.contoh:7816", "10.1.2.3", "cadangan=[2001:db8::1]:7000"]
lingkup = "dinas"
kontrak_mbps = 20
gerbang = "192.168.1.1"
pusat_data = "10.1.2.3:443"
luar = "contoh.invalid:443"
nama = "contoh.invalid"
router = "snmp"
router_alamat = "192.168.1.1"
router_antarmuka = 3
hanya_pc_ini = true
cari_kamera = true
waktu = "waktu.dinas.contoh"
"""


def test_every_key_reaches_its_field(tmp_path: Path) -> None:
    assert loaded(tmp_path, WHOLE) == Settings(
        line_by="sungguhan",
        line_servers=("Dinas=uji.dinas.contoh:7816", "10.1.2.3", "cadangan=[2001:db8::1]:7000"),
        line_scope="dinas",
        line_contract=20.0,
        line_gateway="192.168.1.1",
        line_data_centre="10.1.2.3:443",
        line_outside="contoh.invalid:443",
        line_name="contoh.invalid",
        router_by="snmp",
        router_host="192.168.1.1",
        router_interface=3,
        only_machine=True,
        ask_cameras=True,
        time_server="waktu.dinas.contoh",
    )


def test_the_handbook_names_every_key_and_its_example_works(tmp_path: Path) -> None:
    page = resource_files.path("panduan", "teknisi", "jaringan-ruangan.md").read_text("utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    assert loaded(tmp_path, example).line_by == "sungguhan"
    known = {entry.metadata["key"] for entry in fields(Settings)}
    named = {f"jaringan.{line.split()[0]}" for line in example.splitlines() if " = " in line}
    assert named == {key for key in known if key.startswith("jaringan.")}


def test_nothing_outside_is_asked_unless_the_office_says_so() -> None:
    plain = Settings()
    assert plain.line_by == "tiruan"
    assert (plain.line_outside, plain.line_name, plain.time_server, plain.line_servers) == ("", "", "", ())
    assert not plain.ask_cameras


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cara", '"asli"'),
        ("server_uji", '"uji.contoh"'),
        ("server_uji", "[7816]"),
        ("server_uji", '[""]'),
        ("server_uji", '["uji contoh"]'),
        ("server_uji", '["uji.contoh:0"]'),
        ("server_uji", '["uji.contoh:65536"]'),
        ("server_uji", '["=uji.contoh"]'),
        ("server_uji", '["Dinas="]'),
        ("lingkup", '""'),
        ("kontrak_mbps", "-1"),
        ("kontrak_mbps", "nan"),
        ("kontrak_mbps", "inf"),
        ("kontrak_mbps", "true"),
        ("gerbang", '"192.168.1.1:80"'),
        ("pusat_data", '"10.1.2.3"'),
        ("luar", '"https://contoh.invalid"'),
        ("luar", '"contoh.invalid"'),
        ("nama", '"contoh.invalid:53"'),
        ("router", '"mikrotik"'),
        ("router_alamat", '"192.168.1.1"'),
        ("router_antarmuka", "3"),
        ("router_antarmuka", "-1"),
        ("hanya_pc_ini", '"ya"'),
        ("cari_kamera", "1"),
        ("waktu", '"waktu contoh"'),
    ],
)
def test_a_value_that_could_not_work_is_refused_by_its_key(tmp_path: Path, key: str, value: str) -> None:
    assert wrong_key(tmp_path, f"[jaringan]\n{key} = {value}\n") == f"jaringan.{key}"


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ("router_antarmuka = 1", "jaringan.router_alamat"),
        ('router_alamat = "192.168.1.1"', "jaringan.router_antarmuka"),
        ('router_alamat = "192.168.1.1"\nrouter_antarmuka = 0', "jaringan.router_antarmuka"),
    ],
)
def test_a_router_asked_by_snmp_needs_its_address_and_interface(tmp_path: Path, more: str, key: str) -> None:
    assert wrong_key(tmp_path, f'[jaringan]\nrouter = "snmp"\n{more}\n') == key


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("uji.contoh", HostPort("uji.contoh")),
        ("10.1.2.3:7816", HostPort("10.1.2.3", 7816)),
        ("2001:db8::1", HostPort("2001:db8::1")),
        ("[2001:db8::1]", HostPort("2001:db8::1")),
        ("[2001:db8::1]:80", HostPort("2001:db8::1", 80)),
        ("[10.1.2.3]:80", None),
        ("[2001:db8::1]80", None),
        ("2001:db8::zz", None),
        ("uji.contoh:", None),
        ("uji.contoh:8\u0660", None),
        (":80", None),
        ("-uji", None),
        ("a" * 64, None),
        ("uji..contoh", None),
    ],
)
def test_a_place_in_the_network(text: str, found: HostPort | None) -> None:
    assert host_port(text) == found
