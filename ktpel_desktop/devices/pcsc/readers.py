"""Which reader does what: roles are patterns on the names of readers, chosen once and checked at each use.

Never an index: the order of the readers changes from start to start (virtual-reader.md 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.pcsc.context import opened


class Role(StrEnum):
    """What a reader is for; the value is its key in the section `pembaca` of the settings."""

    ENCODER = "enkoder"
    SAM = "sam"
    CHECK = "periksa"


@dataclass(frozen=True, slots=True)
class ReaderRoles:
    """The pattern of each role, "" where none is set: part of a name, or a whole name with * and ?."""

    encoder: str = ""
    sam: str = ""
    check: str = ""

    def pattern(self, role: Role) -> str:
        """The pattern of one role."""
        return {Role.ENCODER: self.encoder, Role.SAM: self.sam, Role.CHECK: self.check}[role].strip()


@dataclass(frozen=True, slots=True)
class Listed:
    """The readers that are plugged in, in the service's order; without one, the code that says why."""

    names: tuple[str, ...]
    reason: str = ""


def list_readers() -> Listed:
    """What is plugged in now; no service, no permission and no reader are answers, not failures."""
    try:
        with opened() as context:
            names = context.names()
    except DeviceError as error:
        return Listed((), error.code)
    return Listed(names, "" if names else "chip.reader_gone")


def reader_for(role: Role, roles: ReaderRoles) -> str:
    """The one reader of a role among those plugged in now.

    Raises DeviceError, effect NONE: as `resolve`, and what keeps the service from listing.
    """
    with opened() as context:
        names = context.names()
    return resolve(role, roles, names)


def resolve(role: Role, roles: ReaderRoles, names: Sequence[str]) -> str:
    """The one reader of a role. An encoder that is not set is the only reader without another role.

    Raises DeviceError "pcsc.role_unset", "pcsc.role_ambiguous", "chip.reader_gone" with the role, its pattern and
    the names found; effect NONE.
    """
    pattern = roles.pattern(role)
    if pattern:
        matching = _matching(pattern, names)
        if role is not Role.SAM:
            matching = [name for name in matching if name not in _sams(roles, names)]
    elif role is Role.ENCODER:
        taken = {*_sams(roles, names), *_matching(roles.pattern(Role.CHECK), names)}
        matching = [name for name in names if name not in taken and not _calls_itself_sam(name)]
    else:
        matching = []
    if len(matching) == 1:
        return matching[0]
    found = ", ".join(names) or "–"
    if not names or (pattern and not matching):
        raise DeviceError("chip.reader_gone", Effect.NONE, role=role.value, pattern=pattern, found=found)
    if not pattern:
        raise DeviceError("pcsc.role_unset", Effect.NONE, role=role.value, pattern=pattern, found=found)
    raise DeviceError(
        "pcsc.role_ambiguous", Effect.NONE, role=role.value, pattern=pattern, found=", ".join(matching)
    )


def assigned(roles: ReaderRoles, names: Sequence[str]) -> dict[str, tuple[Role, ...]]:
    """The roles of each reader, for showing; a role that cannot be resolved is nobody's."""
    found: dict[str, tuple[Role, ...]] = dict.fromkeys(names, ())
    for role in Role:
        try:
            name = resolve(role, roles, names)
        except DeviceError:
            continue
        found[name] = (*found[name], role)
    return found


def _matching(pattern: str, names: Sequence[str]) -> list[str]:
    """The readers that a pattern means. A whole name means that reader alone, though it be part of another's."""
    if not pattern:
        return []
    wanted = pattern.casefold()
    exact = [name for name in names if name.casefold() == wanted]
    if exact:
        return exact
    if "*" in wanted or "?" in wanted:
        plain = wanted.replace("[", "[[]")  # names carry brackets: "ACR1252 [Dual Reader PICC] 00 00"
        return [name for name in names if fnmatchcase(name.casefold(), plain)]
    return [name for name in names if wanted in name.casefold()]


def _sams(roles: ReaderRoles, names: Sequence[str]) -> list[str]:
    return _matching(roles.pattern(Role.SAM), names)


def _calls_itself_sam(name: str) -> bool:
    """Many devices of one body name their SAM slot so: "... SAM Reader 00 00" (virtual-reader.md 5)."""
    return "sam" in name.casefold().replace("[", " ").replace("]", " ").split()
