"""What the chip keeps without power: files in 8,192 bytes, life cycle, tries and sequence counters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ktpel_desktop.devices.simulator.virtual_card.command_bytes import Refused, Sw, decode

CAPACITY, OVERHEAD = 8192, 32
INITIALISATION, ACTIVATED = 0x03, 0x05  # life cycle status byte (ISO/IEC 7816-4, 7.4.10)
MOST_TRIES = 10
FREE, BY_WRITING_KEY, BY_READING_KEY, NEVER = 0x00, 0x30, 0x31, 0xFF

_RULES = frozenset({FREE, BY_WRITING_KEY, BY_READING_KEY, NEVER})
_UPDATE_AND_READ = 0x03
_RESERVED_FIDS = frozenset({0x0000, 0x3F00, 0x3FFF, 0xFFFF})  # ISO/IEC 7816-4, 7.2.1


@dataclass(slots=True)
class ElementaryFile:
    """One transparent file."""

    fid: int
    sfi: int
    update_rule: int
    read_rule: int
    content: bytearray

    @property
    def cost(self) -> int:
        return len(self.content) + OVERHEAD

    def read(self, offset: int, most: int) -> bytes:
        """At most so many bytes. Refused where nothing lies at the offset."""
        if offset >= len(self.content):
            raise Refused(Sw.OUTSIDE)
        return bytes(self.content[offset : offset + most])

    def check_update(self, offset: int, size: int) -> None:
        """Refused where the bytes would not lie in the file."""
        if offset >= len(self.content):
            raise Refused(Sw.OUTSIDE)
        if offset + size > len(self.content):
            raise Refused(Sw.NO_SPACE)

    def update(self, offset: int, data: bytes) -> None:
        self.content[offset : offset + len(data)] = data


@dataclass(slots=True)
class Eeprom:
    """Everything that survives the loss of power."""

    files: list[ElementaryFile] = field(default_factory=list)
    life_cycle: int = INITIALISATION
    tries: int = MOST_TRIES
    counters: dict[int, int] = field(default_factory=dict)

    @property
    def free(self) -> int:
        return CAPACITY - sum(file.cost for file in self.files)

    def by_sfi(self, sfi: int) -> ElementaryFile:
        """Refused where there is none."""
        return self._only([file for file in self.files if file.sfi == sfi])

    def by_fid(self, fid: int) -> ElementaryFile:
        """Refused where there is none."""
        return self._only([file for file in self.files if file.fid == fid])

    def create(self, template: bytes) -> ElementaryFile:
        """Make the file that CREATE FILE describes, filled with zeros."""
        made = _read_template(template)
        if any(file.fid == made.fid or file.sfi == made.sfi for file in self.files):
            raise Refused(Sw.EXISTS)
        if made.cost > self.free:
            raise Refused(Sw.NO_SPACE)
        self.files.append(made)
        return made

    def delete(self, fid: int) -> ElementaryFile:
        gone = self.by_fid(fid)
        self.files.remove(gone)
        return gone

    def save(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "life_cycle": self.life_cycle,
            "tries": self.tries,
            "counters": {f"{version:02X}": count for version, count in self.counters.items()},
            "files": [
                {
                    "fid": f"{file.fid:04X}",
                    "sfi": file.sfi,
                    "update": file.update_rule,
                    "read": file.read_rule,
                    "content": file.content.hex(),
                }
                for file in self.files
            ],
        }

    @classmethod
    def load(cls, saved: dict[str, Any]) -> Eeprom:
        """What `save` gave."""
        return cls(
            files=[
                ElementaryFile(
                    int(file["fid"], 16),
                    file["sfi"],
                    file["update"],
                    file["read"],
                    bytearray.fromhex(file["content"]),
                )
                for file in saved["files"]
            ],
            life_cycle=saved["life_cycle"],
            tries=saved["tries"],
            counters={int(version, 16): count for version, count in saved["counters"].items()},
        )

    @staticmethod
    def _only(found: list[ElementaryFile]) -> ElementaryFile:
        if not found:
            raise Refused(Sw.NOT_FOUND)
        return found[0]


def _read_template(data: bytes) -> ElementaryFile:
    """The file control parameters of aplet-acuan.md: 62{80 size, 82 01, 83 FID, 88 SFI<<3, 8C{03 update read}}."""
    outer = decode(data)
    if set(outer) != {0x62}:
        raise Refused(Sw.WRONG_DATA)
    inner = decode(outer[0x62])
    if {tag: len(value) for tag, value in inner.items()} != {0x80: 2, 0x82: 1, 0x83: 2, 0x88: 1, 0x8C: 3}:
        raise Refused(Sw.WRONG_DATA)
    size = int.from_bytes(inner[0x80], "big")
    fid = int.from_bytes(inner[0x83], "big")
    sfi, unused = divmod(inner[0x88][0], 8)
    access, update_rule, read_rule = inner[0x8C]
    if (
        inner[0x82] != b"\x01"
        or size == 0
        or fid in _RESERVED_FIDS
        or unused
        or not 1 <= sfi <= 30
        or access != _UPDATE_AND_READ
        or not {update_rule, read_rule} <= _RULES
    ):
        raise Refused(Sw.WRONG_DATA)
    if size + OVERHEAD > CAPACITY:
        raise Refused(Sw.NO_SPACE)
    return ElementaryFile(fid, sfi, update_rule, read_rule, bytearray(size))
