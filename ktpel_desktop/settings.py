"""Settings of one office: one frozen dataclass, filled from TOML. Every field has its key, default and meaning.

An unknown key, a wrong type or a broken line is refused by name, so that a slip of the technician is told and
never guessed away.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import time
from pathlib import Path
from typing import Any

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.host_port import HostPort, host_port
from ktpel_desktop.core.room_items import ITEMS, ItemId

_MUST = tuple(item.id.value for item in ITEMS if item.must)
_DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")


def _key(key: str, default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"key": key, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. The key of a field is its place in the TOML file, `[section]` then name."""

    kelurahan: str = _key("kantor.kelurahan", "3174051001", "kode kelurahan, sepuluh angka")
    office_name: str = _key("kantor.nama", "Satpel Dukcapil", "nama satuan pelaksana pada surat dan struk")
    province: str = _key("kantor.provinsi", "PROVINSI DKI JAKARTA", "kepala kartu dan laporan")
    opens: time = _key("kantor.buka", time(7, 30), "jam buka (WIB)")  # noqa: RUF009 - a field
    closes: time = _key("kantor.tutup", time(16, 0), "jam tutup (WIB)")  # noqa: RUF009 - a field
    working_days: tuple[str, ...] = _key("kantor.hari_kerja", _DAYS[:5], "hari kerja")
    status_url: str = _key(
        "kantor.laman_status",
        "https://www.kependudukancapil.jakarta.go.id",
        "laman tempat pemohon melihat status (langkah 8 Instruksi)",
    )
    complaints: str = _key("kantor.pengaduan", "JAKI atau 1500-031", "saluran pengaduan pada struk")
    claim_minutes: int = _key("kerja.menit_klaim", 30, "lama klaim atas satu permohonan, menit")
    stuck_days: int = _key(
        "kerja.hari_eskalasi", 7, "hari menunggu SIAK sebelum permohonan dilaporkan ke Suku Dinas"
    )
    blanks_low: int = _key("kerja.pesan_blangko", 500, "sisa blangko yang memunculkan peringatan pesan lagi")
    theme: str = _key("tampilan.tema", "terang", "terang, gelap atau kontras")
    chip_by: str = _key("chip.cara", "tiruan", "tiruan (latihan) atau pcsc (pembaca sungguhan)")
    chip_profile: str = _key("chip.profil", "acuan-8k", "profil kartu, nama berkas dalam kartu/profil")
    chip_keys: str = _key("chip.kunci", "latihan", "sumber kunci kartu: latihan atau sam")
    chip_apdu: str = _key("chip.apdu", "otomatis", "panjang perintah kartu: otomatis, pendek atau panjang")
    reader_encoder: str = _key(
        "pembaca.enkoder", "", "bagian nama pembaca untuk enkode; kosong: satu-satunya"
    )
    reader_sam: str = _key("pembaca.sam", "", "bagian nama pembaca tempat kartu SAM; kosong: tidak ada")
    reader_check: str = _key(
        "pembaca.periksa", "", "bagian nama pembaca di loket; kosong: sama dengan enkoder"
    )
    card_printer_by: str = _key(
        "pencetak_kartu.cara",
        "tiruan",
        "tiruan (latihan), antrean (printer sistem) atau evolis (USB langsung)",
    )
    card_queue: str = _key("pencetak_kartu.antrean", "", "nama antrean cetak kartu pada sistem operasi")
    card_tray: str = _key(
        "pencetak_kartu.baki", "utama", "baki kartu; kalibrasi disimpan tiap pencetak dan baki"
    )
    film_prints: int = _key("pencetak_kartu.film_kartu", 0, "kartu per film menurut pabrik; 0: tanpa film")
    print_head: str = _key(
        "pencetak_kartu.kepala", "", "kepala cetak (kartu/kepala.toml); kosong: menurut cara mencetak"
    )
    inline_encoder: bool = _key(
        "pencetak_kartu.enkoder_di_dalam", False, "pembaca chip ada di dalam pencetak"
    )
    detach_spooler: bool = _key(
        "pencetak_kartu.lepas_antrean", False, "evolis: boleh melepas pencetak dari antrean sistem"
    )
    ribbon_prints: int = _key("pencetak_kartu.pita_kartu", 200, "kartu per pita menurut pabrik")
    ribbon_low: int = _key("pencetak_kartu.pita_rendah", 20, "sisa kartu pada pita yang perlu diingatkan")
    rest_after: int = _key("pencetak_kartu.istirahat_setelah", 100, "kartu sebelum pencetak diistirahatkan")
    rest_minutes: int = _key("pencetak_kartu.menit_istirahat", 30, "lama istirahat pencetak, menit")
    cleaning_every: int = _key("pencetak_kartu.pembersihan_setiap", 1000, "kartu antara dua pembersihan")
    page_queue: str = _key(
        "pencetak_halaman.antrean", "", "nama antrean cetak laser; kosong: tiruan (latihan)"
    )
    page_tray: str = _key(
        "pencetak_halaman.baki", "", "baki kertas menurut sistem cetak, seperti tray-1; kosong: otomatis"
    )
    archive_folder: str = _key(
        "arsip.folder", "", "folder arsip; kosong: di samping basis data; dua PC: satu folder bersama"
    )
    receipt_by: str = _key(
        "struk.cara",
        "tiruan",
        "tiruan (latihan), jaringan, usb, antrean (printer sistem, CUPS atau Windows) atau berkas",
    )
    receipt_address: str = _key("struk.alamat", "", "jaringan: host atau host:port; tanpa port: 9100")
    receipt_usb: str = _key("struk.usb", "", "usb: nomor pabrik dan model, seperti 04b8:0e15")
    receipt_queue: str = _key("struk.antrean", "", "antrean: nama antrean cetak struk pada sistem operasi")
    receipt_file: str = _key("struk.berkas", "", "berkas: berkas atau perangkat yang sudah ada, /dev/usb/lp0")
    receipt_width_mm: int = _key("struk.lebar_mm", 80, "lebar kertas: 58, 80, atau 76 (jarum, TM-U220)")
    receipt_page: str = _key("struk.halaman_kode", "PC437", "huruf printer: ASCII, PC437, PC850 atau WPC1252")
    dot_matrix_by: str = _key(
        "dotmatrix.cara", "tiruan", "tiruan (latihan), antrean (printer sistem, mentah) atau tanpa"
    )
    dot_matrix_queue: str = _key("dotmatrix.antrean", "", "nama antrean cetak dot-matrix")
    dot_matrix_pins: int = _key("dotmatrix.jarum", 9, "jarum kepala cetak: 9 (LX-310) atau 24 (LQ-310)")
    form_inches: float = _key("dotmatrix.panjang_form", 11.0, "panjang form sambung, inci: 5.5 atau 11")
    receipt_on_form: bool = _key(
        "dotmatrix.tanda_terima", False, "tanda terima dicetak pada form sambung, bukan pada struk"
    )
    room_must: tuple[str, ...] = _key(
        "ruangan.wajib", _MUST, "butir cek ruangan yang menahan pencetakan bila gagal"
    )
    thermometer_by: str = _key(
        "suhu.cara", "tiruan", "tiruan (latihan), temper (USB), temper-serial, nut, atau tanpa (diketik)"
    )
    thermometer_port: str = _key("suhu.port", "", "lubang USB atau porta serial; kosong: satu-satunya")
    power_by: str = _key("daya.cara", "tiruan", "tiruan (latihan) atau sungguhan")
    ups: str = _key("daya.ups", "", "UPS pada NUT: host, nama@host, atau nama@host:port; kosong: tidak ada")
    meter_by: str = _key(
        "daya.meter", "tanpa", "meter daya: tanpa, pzem, shelly-plug, shelly-saklar, shelly-em, tasmota"
    )
    meter_address: str = _key("daya.meter_alamat", "", "porta serial (pzem) atau http://alamat meter")
    meter_channel: int = _key("daya.meter_saluran", 0, "saluran meter, mulai 0")
    meter_login: bool = _key(
        "daya.meter_masuk", False, "meter meminta akun; namanya dan sandinya di keyring (akun-meter)"
    )
    line_by: str = _key("jaringan.cara", "tiruan", "tiruan (latihan) atau sungguhan")
    line_servers: tuple[str, ...] = _key(
        "jaringan.server_uji", (), "peladen uji, dicoba berurutan: host, host:port, atau nama=host:port"
    )
    line_scope: str = _key("jaringan.lingkup", "dinas", "letak peladen uji, tertulis pada hasil ukur")
    line_contract: float = _key("jaringan.kontrak_mbps", 0.0, "kecepatan menurut kontrak; 0: tidak diketahui")
    line_gateway: str = _key("jaringan.gerbang", "", "alamat router; kosong: ditanyakan kepada sistem")
    line_data_centre: str = _key("jaringan.pusat_data", "", "host:port pusat data; kosong: tidak diketuk")
    line_outside: str = _key("jaringan.luar", "", "host:port di internet; kosong: tidak diketuk")
    line_name: str = _key("jaringan.nama", "", "nama yang dicari pada DNS; kosong: tidak dicari")
    router_by: str = _key("jaringan.router", "tanpa", "penghitung router: tanpa, upnp, atau snmp")
    router_host: str = _key("jaringan.router_alamat", "", "alamat router untuk snmp, host atau host:port")
    router_interface: int = _key("jaringan.router_antarmuka", 0, "ifIndex sisi WAN router untuk snmp")
    only_machine: bool = _key("jaringan.hanya_pc_ini", False, "tidak ada komputer lain pada saluran ini")
    ask_cameras: bool = _key(
        "jaringan.cari_kamera", False, "boleh menyapa kamera dan pencetak pada jaringan yang sama"
    )
    time_server: str = _key("jaringan.waktu", "", "peladen waktu (NTP); kosong: jam tidak dibandingkan")

    @property
    def weekday_numbers(self) -> frozenset[int]:
        """Working days as numbers, Monday being 0."""
        return frozenset(_DAYS.index(day) for day in self.working_days)


_SECTIONS = {entry.metadata["key"].partition(".")[0] for entry in fields(Settings)}
_CHOICES: dict[str, tuple[object, ...]] = {
    "tampilan.tema": ("terang", "gelap", "kontras"),
    "chip.cara": ("tiruan", "pcsc"),
    "chip.kunci": ("latihan", "sam"),
    "chip.apdu": ("otomatis", "pendek", "panjang"),
    "pencetak_kartu.cara": ("tiruan", "antrean", "evolis"),
    "struk.cara": ("tiruan", "jaringan", "usb", "antrean", "berkas"),
    "struk.lebar_mm": (58, 76, 80),
    "struk.halaman_kode": ("ASCII", "PC437", "PC850", "WPC1252"),
    "dotmatrix.cara": ("tiruan", "antrean", "tanpa"),
    "dotmatrix.jarum": (9, 24),
    "dotmatrix.panjang_form": (5.5, 11.0),
    "suhu.cara": ("tiruan", "temper", "temper-serial", "nut", "tanpa"),
    "daya.cara": ("tiruan", "sungguhan"),
    "daya.meter": ("tanpa", "pzem", "shelly-plug", "shelly-saklar", "shelly-em", "tasmota"),
    "jaringan.cara": ("tiruan", "sungguhan"),
    "jaringan.router": ("tanpa", "upnp", "snmp"),
}
_RANGES = {
    "kerja.menit_klaim": (1, 480),
    "kerja.hari_eskalasi": (1, 90),
    "kerja.pesan_blangko": (0, 100_000),
    "pencetak_kartu.pita_kartu": (1, 10_000),
    "pencetak_kartu.pita_rendah": (0, 10_000),
    "pencetak_kartu.film_kartu": (0, 100_000),
    "pencetak_kartu.istirahat_setelah": (1, 10_000),
    "pencetak_kartu.menit_istirahat": (1, 480),
    "pencetak_kartu.pembersihan_setiap": (1, 100_000),
    "daya.meter_saluran": (0, 7),
    "jaringan.kontrak_mbps": (0.0, 100_000.0),
    "jaringan.router_antarmuka": (0, (1 << 31) - 1),
}
_WITHOUT_PORT = ("jaringan.gerbang", "jaringan.nama")
_MAY_HAVE_PORT = ("jaringan.router_alamat", "jaringan.waktu", "struk.alamat")
_WITH_PORT = ("jaringan.pusat_data", "jaringan.luar")
_UPS = re.compile(r"[A-Za-z0-9_.-]{0,64}")
_USB = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")
_PROFILE_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")  # it becomes part of a path


def load(path: Path) -> Settings:
    """Read a settings file.

    Raises PolicyError "settings.unreadable", "settings.syntax" (with the parser's line), "settings.unknown_key",
    "settings.wrong_value"; each names file and key.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # Windows' editor may put a byte order mark first
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError("settings.unreadable", file=path.name, cause=type(error).__name__) from None
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError("settings.syntax", file=path.name, place=str(error)) from None
    known = {entry.metadata["key"]: entry for entry in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in _flat(plain):
        if key not in known:
            raise PolicyError("settings.unknown_key", file=path.name, key=key)
        entry = known[key]
        values[entry.name] = _fitting(path.name, key, value, entry.default)
    settings = Settings(**values)
    if settings.opens >= settings.closes:
        raise PolicyError("settings.wrong_value", file=path.name, key="kantor.tutup")
    if settings.card_printer_by == "antrean" and not settings.card_queue:
        raise PolicyError("settings.wrong_value", file=path.name, key="pencetak_kartu.antrean")
    if settings.inline_encoder and settings.card_printer_by != "evolis":
        # Only a printer that is driven directly can be told to move a card to its reader.
        raise PolicyError("settings.wrong_value", file=path.name, key="pencetak_kartu.enkoder_di_dalam")
    _check_receipts(path.name, settings)
    if (settings.dot_matrix_by == "antrean") is not bool(settings.dot_matrix_queue):
        raise PolicyError("settings.wrong_value", file=path.name, key="dotmatrix.antrean")
    if settings.receipt_on_form and settings.dot_matrix_by == "tanpa":
        raise PolicyError("settings.wrong_value", file=path.name, key="dotmatrix.tanda_terima")
    _check_router(path.name, settings)
    _check_instruments(path.name, settings)
    return settings


def named_place(text: str) -> tuple[str, HostPort] | None:
    """Name (may be empty), host and port of a "host", "host:port" or "nama=host:port"; None where it is neither."""
    name, given, place = text.rpartition("=")
    found = host_port(place)
    return None if found is None or (given and not name.strip()) else (name.strip(), found)


def usb_numbers(text: str) -> tuple[int, int]:
    """Vendor and product of a "04b8:0e15". Raises ValueError where it is none."""
    found = _USB.fullmatch(text)
    if found is None:
        raise ValueError("not four hexadecimal digits twice")
    return int(found[1], 16), int(found[2], 16)


def _check_receipts(file: str, settings: Settings) -> None:
    """The way that is chosen has its place, and no other way has one: it would look as if it were in use."""
    places = {
        "jaringan": ("struk.alamat", settings.receipt_address),
        "usb": ("struk.usb", settings.receipt_usb),
        "antrean": ("struk.antrean", settings.receipt_queue),
        "berkas": ("struk.berkas", settings.receipt_file),
    }
    for by, (key, place) in places.items():
        if bool(place) != (settings.receipt_by == by):
            raise PolicyError("settings.wrong_value", file=file, key=key)


def _check_router(file: str, settings: Settings) -> None:
    """A router that is asked by SNMP needs an address and an interface; one that is not must not have them."""
    by_snmp = settings.router_by == "snmp"
    if bool(settings.router_host) != by_snmp:
        raise PolicyError("settings.wrong_value", file=file, key="jaringan.router_alamat")
    if (settings.router_interface >= 1) != by_snmp:
        raise PolicyError("settings.wrong_value", file=file, key="jaringan.router_antarmuka")


def _check_instruments(file: str, settings: Settings) -> None:
    """What is chosen has its address, what is not chosen has none, and beside a real address nothing is simulated."""
    wrong = {
        "suhu.port": (
            settings.thermometer_by == "temper-serial"
            if not settings.thermometer_port
            else not settings.thermometer_by.startswith("temper")
        ),
        "daya.ups": settings.thermometer_by == "nut" and not settings.ups,
        "daya.meter_alamat": (settings.meter_by == "tanpa") is bool(settings.meter_address),
    }
    by_http = settings.meter_by not in ("tanpa", "pzem")
    wrong["daya.meter_alamat"] |= by_http and not settings.meter_address.startswith(("http://", "https://"))
    wrong |= {
        "daya.cara": settings.power_by == "tiruan" and bool(settings.ups or settings.meter_address),
        "jaringan.cara": settings.line_by == "tiruan" and bool(settings.line_servers),
    }
    for key, is_wrong in wrong.items():
        if is_wrong:
            raise PolicyError("settings.wrong_value", file=file, key=key)


def _flat(plain: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Key and value of every line. An empty section keeps its own name, so that a misspelt one is told."""
    found: list[tuple[str, Any]] = []
    for name, value in plain.items():
        place = prefix + (f'"{name}"' if "." in name else name)
        if isinstance(value, dict) and (value or place not in _SECTIONS):
            found += _flat(value, f"{place}.") or [(place, value)]
        elif not isinstance(value, dict):
            found.append((place, value))
    return found


def _fitting(file: str, key: str, value: Any, default: Any) -> Any:
    if isinstance(default, tuple) and isinstance(value, list):
        value = tuple(value)
    if isinstance(default, float) and type(value) is int:
        value = float(value)
    fits = type(value) is type(default)
    if isinstance(value, str):
        fits = fits and (bool(value.strip()) or value == default) and value.isprintable()
    if key in _RANGES:
        fits = fits and _RANGES[key][0] <= value <= _RANGES[key][1]
    elif key in _CHOICES:
        fits = fits and value in _CHOICES[key]
    elif key in _FORMS:
        fits = fits and _FORMS[key](value)
    elif key in _WITHOUT_PORT + _MAY_HAVE_PORT + _WITH_PORT:
        fits = fits and (value == "" or _is_place(key, value))
    if not fits:
        raise PolicyError("settings.wrong_value", file=file, key=key)
    return value


def _is_place(key: str, value: str) -> bool:
    found = host_port(value)
    if found is None or (key in _WITHOUT_PORT and found.port is not None):
        return False
    return key not in _WITH_PORT or found.port is not None


def _is_ups(value: str) -> bool:
    name, _, place = value.rpartition("@")
    return value == "" or (_UPS.fullmatch(name) is not None and host_port(place) is not None)


_FORMS: dict[str, Callable[[Any], bool]] = {
    "kantor.hari_kerja": lambda days: bool(days) and all(day in _DAYS for day in days),
    "kantor.kelurahan": lambda code: len(code) == 10 and code.isascii() and code.isdecimal(),
    "kantor.laman_status": lambda address: address.startswith(("https://", "http://")),
    "chip.profil": lambda name: _PROFILE_NAME.fullmatch(name) is not None,
    "ruangan.wajib": lambda items: all(item in set(ItemId) for item in items),
    "struk.usb": lambda numbers: numbers == "" or _USB.fullmatch(numbers) is not None,
    "daya.ups": _is_ups,
    "jaringan.server_uji": lambda places: all(
        isinstance(one, str) and one.isprintable() and named_place(one) is not None for one in places
    ),
}
"""What a value of these keys must look like beside its type."""
