"""A slip of the technician is told by file and key; nothing is guessed."""

from dataclasses import FrozenInstanceError, fields
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.settings import Settings, load, usb_numbers

WHOLE = """
[kantor]
kelurahan = "3171011001"
nama = "Satpel Gambir"
provinsi = "PROVINSI DAERAH KHUSUS JAKARTA"
buka = 08:00:00
tutup = 15:30:00
hari_kerja = ["senin", "sabtu"]
laman_status = "https://contoh.invalid/status"
pengaduan = "JAKI"

[kerja]
menit_klaim = 45
hari_eskalasi = 10

[struk]
cara = "jaringan"
alamat = "192.168.1.60"
lebar_mm = 58
halaman_kode = "WPC1252"

[tampilan]
tema = "kontras"

[chip]
cara = "pcsc"
profil = "contoh-2"
kunci = "sam"
apdu = "pendek"

[pembaca]
enkoder = "ACR1252 [Dual Reader PICC]"
sam = "*SAM*"
periksa = ""
"""


def loaded(folder: Path, text: str | bytes) -> Settings:
    path = folder / "ktpel.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path)


def refusal(folder: Path, text: str | bytes) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        loaded(folder, text)
    assert caught.value.params["file"] == "ktpel.toml"
    return caught.value


def wrong_key(folder: Path, text: str) -> object:
    error = refusal(folder, text)
    assert error.code == "settings.wrong_value"
    return error.params["key"]


def unknown_key(folder: Path, text: str) -> object:
    error = refusal(folder, text)
    assert error.code == "settings.unknown_key"
    return error.params["key"]


def test_every_key_of_the_file_reaches_its_field(tmp_path: Path) -> None:
    assert loaded(tmp_path, WHOLE) == Settings(
        kelurahan="3171011001",
        office_name="Satpel Gambir",
        province="PROVINSI DAERAH KHUSUS JAKARTA",
        opens=time(8, 0),
        closes=time(15, 30),
        working_days=("senin", "sabtu"),
        status_url="https://contoh.invalid/status",
        complaints="JAKI",
        claim_minutes=45,
        stuck_days=10,
        receipt_by="jaringan",
        receipt_address="192.168.1.60",
        receipt_width_mm=58,
        receipt_page="WPC1252",
        theme="kontras",
        chip_by="pcsc",
        chip_profile="contoh-2",
        chip_keys="sam",
        chip_apdu="pendek",
        reader_encoder="ACR1252 [Dual Reader PICC]",
        reader_sam="*SAM*",
        reader_check="",
    )


@pytest.mark.parametrize(
    "text",
    ["", "\n", "# nothing set\n", "[kantor]\n[kerja]\n[tampilan]\n[chip]\n", '[pembaca]\nsam = ""\n'],
)
def test_a_file_that_sets_nothing_gives_the_defaults(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, text) == Settings()


def test_the_defaults_keep_their_own_rules(tmp_path: Path) -> None:
    written = ['[kantor]\nkelurahan = "{0.kelurahan}"\nbuka = {0.opens}\ntutup = {0.closes}\n']
    written.append('laman_status = "{0.status_url}"\n[struk]\nlebar_mm = {0.receipt_width_mm}\n')
    assert loaded(tmp_path, "".join(written).format(Settings())) == Settings()


def test_every_field_has_a_key_of_its_own_a_default_and_a_meaning() -> None:
    keys = [entry.metadata["key"] for entry in fields(Settings)]
    assert len(set(keys)) == len(keys)
    assert all(key.count(".") == 1 for key in keys)
    assert all(entry.metadata["meaning"].strip() for entry in fields(Settings))


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().theme = "gelap"  # type: ignore[misc]


def test_working_days_are_numbered_from_monday(tmp_path: Path) -> None:
    assert loaded(tmp_path, WHOLE).weekday_numbers == {0, 5}
    assert Settings().weekday_numbers == {0, 1, 2, 3, 4}


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert loaded(tmp_path, b"\xef\xbb\xbf" + WHOLE.encode()) == loaded(tmp_path, WHOLE)


def test_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    assert loaded(tmp_path, WHOLE.replace("\n", "\r\n")) == loaded(tmp_path, WHOLE)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        load(tmp_path / "tidak-ada.toml")
    assert caught.value.code == "settings.unreadable"
    assert caught.value.params == {"file": "tidak-ada.toml", "cause": "FileNotFoundError"}


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        load(tmp_path)
    assert caught.value.code == "settings.unreadable"


@pytest.mark.parametrize("text", ["[kantor]".encode("utf-16"), b'[kantor]\nnama = "\xe9"\n'])
def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path, text: bytes) -> None:
    assert refusal(tmp_path, text).params["cause"] == "UnicodeDecodeError"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[kantor]\nnama = Satpel\n", "line 2"),
        ("[kantor]\nbuka = 07:30\n", "line 2"),
        ('[kantor]\nnama = "a"\nnama = "b"\n', "line 3"),
        ("[kantor]\n[kerja]\n[kantor]\n", "line 3"),
        ("[kantor\n", "line 1"),
        ("kantor\n", "line 1"),
    ],
)
def test_a_broken_line_or_a_key_given_twice_is_told_with_its_line(
    tmp_path: Path, text: str, line: str
) -> None:
    error = refusal(tmp_path, text)
    assert error.code == "settings.syntax"
    assert line in str(error.params["place"])


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[kantor]\nnamma = "x"\n', "kantor.namma"),
        ('[kantr]\nnama = "x"\n', "kantr.nama"),
        ('nama = "x"\n', "nama"),
        ('[Kantor]\nnama = "x"\n', "Kantor.nama"),
        ("[kantr]\n", "kantr"),
        ("[kantor.jam]\nbuka = 08:00:00\n", "kantor.jam.buka"),
        ("[kantor.jam]\n", "kantor.jam"),
        ("[tampilan.tema]\nwarna = 1\n", "tampilan.tema.warna"),
        ("kantor = 5\n", "kantor"),
        ("[[kantor]]\nbuka = 08:00:00\n", "kantor"),
        ('"kantor.nama" = "x"\n', '"kantor.nama"'),
        ('kantor."nama" = "x"\n[kerja]\n"a.b" = 1\n', 'kerja."a.b"'),
    ],
)
def test_an_unknown_key_is_refused_by_its_name(tmp_path: Path, text: str, key: str) -> None:
    assert unknown_key(tmp_path, text) == key


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("kantor.kelurahan", "3174051001"),
        ("kantor.kelurahan", '"31.74.05.1001"'),
        ("kantor.kelurahan", '"317405100"'),
        ("kantor.kelurahan", '"31740510011"'),
        ("kantor.kelurahan", '"٣١٧٤٠٥١٠٠١"'),
        ("kantor.kelurahan", '"317405100²"'),
        ("kantor.nama", "5"),
        ("kantor.nama", '""'),
        ("kantor.nama", '"  "'),
        ("kantor.nama", '"Satpel\\nGambir"'),
        ("kantor.nama", '"Satpel\\u001b@"'),
        ("kantor.buka", '"08:00:00"'),
        ("kantor.buka", "8"),
        ("kantor.buka", "2026-03-02T08:00:00"),
        ("kantor.buka", "2026-03-02"),
        ("kantor.hari_kerja", '"senin"'),
        ("kantor.hari_kerja", "[]"),
        ("kantor.hari_kerja", '["Senin"]'),
        ("kantor.hari_kerja", '["senin", "monday"]'),
        ("kantor.hari_kerja", "[1, 2]"),
        ("kantor.hari_kerja", '[["senin"]]'),
        ("kantor.laman_status", '"www.contoh.invalid"'),
        ("kantor.laman_status", '"javascript:alert(1)"'),
        ("kantor.pengaduan", "[]"),
        ("kerja.menit_klaim", "true"),
        ("kerja.menit_klaim", "30.0"),
        ("kerja.menit_klaim", '"30"'),
        ("kerja.menit_klaim", "0"),
        ("kerja.menit_klaim", "-30"),
        ("kerja.menit_klaim", "481"),
        ("kerja.hari_eskalasi", "0"),
        ("kerja.hari_eskalasi", "91"),
        ("kerja.hari_eskalasi", "7.0"),
        ("struk.lebar_mm", "72"),
        ("struk.lebar_mm", "80.0"),
        ("struk.lebar_mm", "true"),
        ("struk.cara", '"windows"'),
        ("struk.halaman_kode", '"UTF-8"'),
        ("struk.alamat", '"192.168.1.60:0"'),
        ("struk.alamat", '"http://192.168.1.60"'),
        ("struk.usb", '"04b8"'),
        ("struk.usb", '"4b8:0e15"'),
        ("struk.usb", "1208"),
        ("tampilan.tema", '"Terang"'),
        ("tampilan.tema", "nan"),
        ("tampilan.tema", "{}"),
        ("chip.cara", '"PCSC"'),
        ("chip.cara", '""'),
        ("chip.cara", "true"),
        ("chip.profil", '""'),
        ("chip.profil", '"../rahasia"'),
        ("chip.profil", '"acuan-8k.toml"'),
        ("chip.profil", '"Acuan"'),
        ("chip.kunci", '"rahasia"'),
        ("chip.kunci", "[]"),
        ("chip.apdu", '"auto"'),
        ("chip.apdu", "261"),
        ("pembaca.enkoder", "0"),
        ("pembaca.enkoder", '" "'),
        ("pembaca.sam", '["a", "b"]'),
        ("pembaca.periksa", '"a\\nb"'),
    ],
)
def test_a_value_of_a_wrong_kind_or_out_of_range_is_refused_by_its_key(
    tmp_path: Path, key: str, value: str
) -> None:
    assert wrong_key(tmp_path, f"{key} = {value}\n") == key


@pytest.mark.parametrize(
    "hours", ["buka = 16:00:00", "tutup = 07:30:00", "buka = 09:00:00\ntutup = 08:00:00"]
)
def test_an_office_that_closes_before_it_opens_is_refused(tmp_path: Path, hours: str) -> None:
    assert wrong_key(tmp_path, f"[kantor]\n{hours}\n") == "kantor.tutup"


@pytest.mark.parametrize("minutes", [1, 480])
def test_a_claim_may_last_from_a_minute_to_a_working_day(tmp_path: Path, minutes: int) -> None:
    assert loaded(tmp_path, f"[kerja]\nmenit_klaim = {minutes}\n").claim_minutes == minutes


def test_a_status_page_may_stand_without_encryption_inside_the_office(tmp_path: Path) -> None:
    assert loaded(tmp_path, 'kantor.laman_status = "http://10.0.0.1/"\n').status_url == "http://10.0.0.1/"


def test_without_a_word_about_readers_the_chip_is_simulated_and_no_reader_is_named() -> None:
    plain = Settings()
    assert (plain.chip_by, plain.chip_profile, plain.chip_keys) == ("tiruan", "acuan-8k", "latihan")
    assert (plain.reader_encoder, plain.reader_sam, plain.reader_check) == ("", "", "")


@given(st.text())
def test_any_text_is_settings_or_a_refusal_that_names_its_file(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("settings")
    try:
        assert isinstance(loaded(folder, text), Settings)
    except PolicyError as error:
        named = error.params["file"]
    else:
        named = "ktpel.toml"
    assert named == "ktpel.toml"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[pencetak_kartu]\ncara = "fargo"\n', "pencetak_kartu.cara"),
        ('[pencetak_kartu]\ncara = "antrean"\n', "pencetak_kartu.antrean"),
        ("[pencetak_kartu]\nenkoder_di_dalam = true\n", "pencetak_kartu.enkoder_di_dalam"),
        ("[pencetak_kartu]\npita_kartu = 0\n", "pencetak_kartu.pita_kartu"),
        ("[pencetak_kartu]\nmenit_istirahat = 481\n", "pencetak_kartu.menit_istirahat"),
        ("[pencetak_kartu]\npembersihan_setiap = 1.5\n", "pencetak_kartu.pembersihan_setiap"),
        ('[dotmatrix]\ncara = "antrean"\n', "dotmatrix.antrean"),
        ('[dotmatrix]\nantrean = "LX-310"\n', "dotmatrix.antrean"),
        ('[dotmatrix]\ncara = "tanpa"\ntanda_terima = true\n', "dotmatrix.tanda_terima"),
        ("[dotmatrix]\njarum = 18\n", "dotmatrix.jarum"),
        ("[dotmatrix]\npanjang_form = 12\n", "dotmatrix.panjang_form"),
    ],
)
def test_a_printer_that_could_not_work_is_refused(tmp_path: Path, text: str, key: str) -> None:
    file = tmp_path / "kantor.toml"
    file.write_text(text)
    with pytest.raises(PolicyError) as refused:
        load(file)
    assert (refused.value.code, refused.value.params["key"]) == ("settings.wrong_value", key)


def test_a_card_printer_is_named(tmp_path: Path) -> None:
    text = '[pencetak_kartu]\ncara = "antrean"\nantrean = "Fargo_HDP5000"\n[pencetak_halaman]\nantrean = "Laser"\n'
    found = loaded(tmp_path, text)
    assert (found.card_printer_by, found.card_queue, found.page_queue) == (
        "antrean",
        "Fargo_HDP5000",
        "Laser",
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('cara = "jaringan"', "struk.alamat"),
        ('cara = "usb"', "struk.usb"),
        ('cara = "antrean"', "struk.antrean"),
        ('cara = "berkas"', "struk.berkas"),
        ('alamat = "192.168.1.60"', "struk.alamat"),
        ('cara = "jaringan"\nalamat = "192.168.1.60"\nantrean = "Struk"', "struk.antrean"),
    ],
)
def test_a_receipt_printer_has_its_own_place_and_no_other(tmp_path: Path, text: str, key: str) -> None:
    assert wrong_key(tmp_path, f"[struk]\n{text}\n") == key


def test_a_receipt_printer_on_a_cable_is_named_by_its_numbers(tmp_path: Path) -> None:
    found = loaded(tmp_path, '[struk]\ncara = "usb"\nusb = "04B8:0e15"\nlebar_mm = 76\n')
    assert usb_numbers(found.receipt_usb) == (0x04B8, 0x0E15)
    with pytest.raises(ValueError, match="hexadecimal"):
        usb_numbers("")


def test_a_dot_matrix_printer_is_named_with_its_form(tmp_path: Path) -> None:
    text = '[dotmatrix]\ncara = "antrean"\nantrean = "LX-310"\njarum = 24\npanjang_form = {}\ntanda_terima = true\n'
    for inches in (5.5, 11):
        found = loaded(tmp_path, text.format(inches))
        assert (found.dot_matrix_by, found.dot_matrix_queue, found.dot_matrix_pins) == (
            "antrean",
            "LX-310",
            24,
        )
        assert (found.form_inches, found.receipt_on_form) == (float(inches), True)
