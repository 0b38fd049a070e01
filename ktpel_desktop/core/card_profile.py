"""Card profile: what a chip is made of, as data (resources/kartu/profil/*.toml), validated when it is loaded.

The layout of the real KTP-el is not public: it enters here as a profile of the vendor and nowhere else in the
program. What each entry means stands beside it in the profile that is shipped.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.toml_places import line_of


class FileKind(StrEnum):
    """What a file holds, which is also the name of its builder (core.chip_files)."""

    MARKER = "penanda"
    BIODATA = "biodata"
    PHOTO = "foto"
    SIGNATURE = "tanda_tangan"
    FINGERS = "jari"
    SECURITY_OBJECT = "objek_keamanan"


SIGNED = (FileKind.BIODATA, FileKind.PHOTO, FileKind.SIGNATURE, FileKind.FINGERS)
"""Files whose digests stand in the security object."""

PERSONAL = frozenset(SIGNED)
"""Files that may never be readable without the secure channel."""


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """One transparent file. `most` is its largest size in bytes; `read` the access byte of its reading rule."""

    kind: FileKind
    fid: int
    sfi: int
    most: int
    read: int


@dataclass(frozen=True, slots=True)
class CardProfile:
    """A kind of card. `files` stand in the order in which they are written.

    `level` is the security level of the channel (GlobalPlatform Amendment D, table 7-7), `count_all` whether the
    card counts every command for its encryption counter (the standard) or only those with data (some cards), `s16`
    whether its challenges and MACs have 16 bytes.
    `lock` and `serial_command` are whole command APDUs without a secure channel's bytes.
    """

    name: str
    aid: bytes
    memory: int
    file_overhead: int
    erasable: bool
    serial_command: bytes
    serial_tag: int
    blank_state: int
    locked_state: int
    lock: bytes
    write_key: int
    read_key: int
    level: int
    count_all: bool
    s16: bool
    files: tuple[ProfileFile, ...]

    def file(self, kind: FileKind) -> ProfileFile:
        """The file of a kind."""
        return next(file for file in self.files if file.kind is kind)


FREE, NEVER = 0x00, 0xFF
"""Access bytes (ISO/IEC 7816-4, security condition byte): no condition, never."""
_OTHER_CHANNELS = 0x43
"""Bits of a class byte that name another logical channel than the basic one (ISO/IEC 7816-4, 5.4.1)."""


def read_profile(text: str, file: str) -> CardProfile:
    """The profile in a TOML text; `file` is its name for the words of a refusal.

    Raises PolicyError "profile.syntax" (with the parser's place), "profile.unknown_key", "profile.missing_key",
    "profile.wrong_value", "profile.files_incomplete", "profile.file_twice", "profile.too_large",
    "profile.readable_by_all"; each with file and line.
    """
    try:
        plain = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also too many digits, and too deep in one another
        raise PolicyError("profile.syntax", file=file, place=str(error)) from None
    return _Reader(text, file).profile(plain)


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self._text, self._file = text, file

    def profile(self, plain: Mapping[str, Any]) -> CardProfile:
        sections = {"profil": _PROFILE, "siklus": _CYCLE, "kunci": _KEYS}
        for name in plain:
            if name not in sections and name != "berkas":
                self._unknown(name, "")
        found = {name: self._section(plain.get(name), name, 0, keys) for name, keys in sections.items()}
        rows = plain.get("berkas")
        if not isinstance(rows, list):
            self._missing("berkas", "berkas")
        files = tuple(self._row(row, number) for number, row in enumerate(rows))
        self._check_files(files)
        head, cycle, keys = found["profil"], found["siklus"], found["kunci"]
        profile = CardProfile(
            name=head["nama"],
            aid=head["aid"],
            memory=head["memori"],
            file_overhead=head["beban_berkas"],
            erasable=head["boleh_dihapus"],
            serial_command=head["perintah_nomor_seri"],
            serial_tag=head["tag_nomor_seri"],
            blank_state=cycle["kosong"],
            locked_state=cycle["terkunci"],
            lock=cycle["perintah_kunci"],
            write_key=keys["tulis"],
            read_key=keys["baca"],
            level=keys["tingkat"],
            count_all=keys["hitung_semua"],
            s16=keys["s16"],
            files=files,
        )
        if sum(one.most + profile.file_overhead for one in files) > profile.memory:
            raise PolicyError("profile.too_large", file=self._file, line=self._line("profil", "memori"))
        return profile

    def _row(self, row: object, number: int) -> ProfileFile:
        values = self._section(row, "berkas", number, _FILE)
        file = ProfileFile(
            FileKind(values["isi"]), values["fid"], values["sfi"], values["terbesar"], values["baca"]
        )
        line = self._line("berkas", "baca", number)
        if file.kind in PERSONAL and file.read == FREE:
            raise PolicyError("profile.readable_by_all", file=self._file, line=line, part=file.kind)
        # What a card was begun with and what SIAK signed is read without a key; what nobody reads is never verified.
        if file.read == NEVER or (file.kind not in PERSONAL and file.read != FREE):
            raise PolicyError("profile.wrong_value", file=self._file, line=line, key="berkas.baca")
        return file

    def _check_files(self, files: tuple[ProfileFile, ...]) -> None:
        seen: set[object] = set()
        for number, file in enumerate(files):
            for place in (file.kind, ("fid", file.fid), ("sfi", file.sfi)):
                if place in seen:
                    raise PolicyError(
                        "profile.file_twice", file=self._file, line=self._line("berkas", "", number)
                    )
                seen.add(place)
        # The marker says whose a half-written chip is, so that nothing personal may be written before it.
        if {file.kind for file in files} != set(FileKind) or files[0].kind is not FileKind.MARKER:
            raise PolicyError("profile.files_incomplete", file=self._file, line=self._line("berkas"))

    def _section(self, plain: object, name: str, element: int, keys: Mapping[str, _Rule]) -> dict[str, Any]:
        if not isinstance(plain, dict):
            self._missing(name, name)
        for key in plain:
            if key not in keys:
                self._unknown(name, key, element)
        values: dict[str, Any] = {}
        for key, rule in keys.items():
            if key not in plain and key not in _UNLESS_SAID:
                self._missing(name, key, element)
            value = rule(plain.get(key, _UNLESS_SAID.get(key)))
            if value is None:
                line = self._line(name, key, element)
                raise PolicyError("profile.wrong_value", file=self._file, line=line, key=f"{name}.{key}")
            values[key] = value
        return values

    def _line(self, section: str, key: str = "", element: int = 0) -> int:
        return line_of(self._text, section, key, element)

    def _unknown(self, section: str, key: str, element: int = 0) -> NoReturn:
        line = self._line(section, key, element) if key else self._line(section)
        name = f"{section}.{key}" if key else section
        raise PolicyError("profile.unknown_key", file=self._file, line=line, key=name)

    def _missing(self, section: str, key: str, element: int = 0) -> NoReturn:
        line = self._line(section, "", element)
        raise PolicyError("profile.missing_key", file=self._file, line=line, key=f"{section}.{key}")


_Rule = Callable[[object], object]
"""A value of the file as the program keeps it, or None where it does not fit."""


@dataclass(frozen=True)
class _Number:
    least: int
    most: int

    def __call__(self, value: object) -> object:
        return value if type(value) is int and self.least <= value <= self.most else None


@dataclass(frozen=True)
class _Hex:
    least: int
    most: int

    def __call__(self, value: object) -> object:
        try:
            found = bytes.fromhex(value) if isinstance(value, str) else b""
        except ValueError:
            return None
        return found if self.least <= len(found) <= self.most else None


@dataclass(frozen=True)
class _OneOf:
    choices: tuple[object, ...]

    def __call__(self, value: object) -> object:
        return next((one for one in self.choices if type(one) is type(value) and one == value), None)


def _lock(value: object) -> object:
    """A whole short command (ISO/IEC 7816-3, 12.1.3) on the basic channel: a secure channel takes no other."""
    found = _Hex(4, 60)(value)
    if not isinstance(found, bytes) or found[0] & _OTHER_CHANNELS:
        return None
    body = found[4:]
    whole = len(body) < 2 or (body[0] and len(body) - body[0] in {1, 2})
    return found if whole else None


def _name(value: object) -> object:
    return value if isinstance(value, str) and value.isprintable() and 0 < len(value) <= 40 else None


def _yes_or_no(value: object) -> object:
    return value if isinstance(value, bool) else None


_PROFILE: Mapping[str, _Rule] = {
    "nama": _name,
    "aid": _Hex(5, 16),
    "memori": _Number(1024, 1 << 20),
    "beban_berkas": _Number(0, 256),
    "boleh_dihapus": _yes_or_no,
    "perintah_nomor_seri": _Hex(5, 5),
    "tag_nomor_seri": _Number(1, 0xFFFF),
}
_CYCLE: Mapping[str, _Rule] = {
    "kosong": _Number(1, 0xFF),
    "terkunci": _Number(1, 0xFF),
    "perintah_kunci": _lock,
}
_KEYS: Mapping[str, _Rule] = {
    "tulis": _Number(1, 0x7F),
    "baca": _Number(1, 0x7F),
    "tingkat": _OneOf((0x03, 0x13, 0x33)),
    "hitung_semua": _yes_or_no,
    "s16": _yes_or_no,
    "diversifikasi": _OneOf(("sp800-108",)),  # the one rule that a key source here knows; others are refused
}
_FILE: Mapping[str, _Rule] = {
    "isi": _OneOf(tuple(str(kind) for kind in FileKind)),
    "fid": _Number(1, 0xFFFE),
    "sfi": _Number(1, 30),
    "terbesar": _Number(1, 0x7FFF),
    "baca": _Number(0, 0xFF),
}
_UNLESS_SAID: Mapping[str, object] = {"s16": False}
"""Keys that few kinds of card need."""
