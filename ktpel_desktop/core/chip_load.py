"""What is written to one chip, and the judgement of what was read from one.

A load is built from a verified order only, and only where SIAK's security object fits the files that this program
builds for the same profile: a chip that could not be proven afterwards is not begun, and costs no blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ktpel_desktop.core import chip_files, security_object
from ktpel_desktop.core.ber_tlv import TlvError
from ktpel_desktop.core.card_profile import SIGNED, CardProfile, FileKind
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import ChipContent, ChipProbe
from ktpel_desktop.core.print_order import SignatureCheck, VerifiedOrder
from ktpel_desktop.core.security_object import SecurityObject


@dataclass(frozen=True, slots=True, repr=False)
class ChipLoad:
    """The files of one chip in writing order, the marker first; `digest` is that of the order's content."""

    digest: str
    files: Mapping[FileKind, bytes]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(len(data) for data in self.files.values())


def build(profile: CardProfile, order: VerifiedOrder, check: SignatureCheck) -> ChipLoad:
    """The load of an order.

    Raises PolicyError of `chip_files.build`, "chip_load.no_security_object", "chip_load.security_object_wrong"
    where it is not signed by a pinned authority, or signed for another order, profile or other files.
    """
    plain = order.order
    if not plain.security_object:
        raise PolicyError("chip_load.no_security_object", order=plain.order_id)
    made = chip_files.build(profile, order.subject)
    signed = _decoded(plain.security_object)
    if (
        signed is None
        or not signed.valid(check)
        or (signed.order_id, signed.content_digest, signed.profile)
        != (plain.order_id, plain.digest, profile.name)
        or signed.files != security_object.digests_of(made)
    ):
        raise PolicyError("chip_load.security_object_wrong", order=plain.order_id)
    data = {kind: made[profile.file(kind).fid] for kind in SIGNED}
    data[FileKind.MARKER] = chip_files.marker(plain.content)
    data[FileKind.SECURITY_OBJECT] = plain.security_object
    for file in profile.files:
        if len(data[file.kind]) > file.most:
            size = len(data[file.kind])
            raise PolicyError("chip_load.too_large", part=file.kind, bytes=size, most=file.most)
    return ChipLoad(plain.digest, {file.kind: data[file.kind] for file in profile.files})


class Fault(StrEnum):
    """What is wrong with a chip that was read."""

    UNLOCKED = "unlocked"
    INCOMPLETE = "incomplete"
    SECURITY_OBJECT = "security_object"
    SIGNATURE = "signature"
    OTHER_PROFILE = "other_profile"
    FILE_DIFFERS = "file_differs"
    OTHER_CONTENT = "other_content"
    FIELD_DIFFERS = "field_differs"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault; `part` is the file or the field of the biodata that it is in."""

    fault: Fault
    part: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ChipReading:
    """A whole chip as it was read. `digest` and `order_id` are what SIAK's valid signature says, else empty.

    `biodata` holds personal data: for the screen of the open case only.
    """

    serial: str
    content: ChipContent
    digest: str = ""
    order_id: str = ""
    findings: tuple[Finding, ...] = ()
    biodata: Mapping[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether the chip is full, locked, and in every file what SIAK signed."""
        return self.content is ChipContent.FULL and not self.findings

    @property
    def probe(self) -> ChipProbe:
        """The same in the words of the journal."""
        return ChipProbe(self.serial, self.content, self.digest or None)


def judge(
    profile: CardProfile,
    serial: str,
    files: Mapping[FileKind, bytes],
    check: SignatureCheck,
    *,
    locked: bool,
) -> ChipReading:
    """Believe a chip that was read, or say what is wrong. Only a chip without any fault is FULL.

    A fault makes a locked chip FOREIGN, for nothing on it can be mended, and an unlocked one PARTIAL.
    """
    said = _decoded(files.get(FileKind.SECURITY_OBJECT, b""))
    findings = _faults(profile, files, said, check)
    if not locked:
        findings.append(Finding(Fault.UNLOCKED))
    signed = None if any(one.fault in _NO_WORD for one in findings) else said
    content = ChipContent.FULL if not findings else ChipContent.FOREIGN if locked else ChipContent.PARTIAL
    begun = chip_files.read_marker(files.get(FileKind.MARKER, b""))
    return ChipReading(
        serial=serial,
        content=content,
        digest=signed.content_digest if signed else (begun or "") if not locked else "",
        order_id=signed.order_id if signed else "",
        findings=tuple(findings),
        biodata=_biodata(files),
    )


def compare(
    reading: ChipReading, digest: str, biodata: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """What is wrong with a chip that should hold the content with this digest, in the end; nothing where it is good.

    With `biodata`, fields that differ are named.
    """
    findings = list(reading.findings)
    if reading.content in (ChipContent.BLANK, ChipContent.PARTIAL) and not findings:
        findings.append(Finding(Fault.INCOMPLETE))
    if reading.digest != digest and not findings:
        findings.append(Finding(Fault.OTHER_CONTENT))
    for name, value in (biodata or {}).items():
        if reading.biodata and reading.biodata.get(name) != value:
            findings.append(Finding(Fault.FIELD_DIFFERS, name))
    return tuple(findings)


_NO_WORD = frozenset({Fault.SECURITY_OBJECT, Fault.SIGNATURE, Fault.OTHER_PROFILE, Fault.FILE_DIFFERS})
"""Faults after which the signature says nothing of what is on the chip."""


def _faults(
    profile: CardProfile,
    files: Mapping[FileKind, bytes],
    signed: SecurityObject | None,
    check: SignatureCheck,
) -> list[Finding]:
    if signed is None:
        return [Finding(Fault.SECURITY_OBJECT)]
    if not signed.valid(check):
        return [Finding(Fault.SIGNATURE)]
    if signed.profile != profile.name or set(signed.files) != {profile.file(kind).fid for kind in SIGNED}:
        return [Finding(Fault.OTHER_PROFILE)]
    findings = [
        Finding(Fault.FILE_DIFFERS, kind)
        for kind in SIGNED
        if not signed.files[profile.file(kind).fid].fits(files.get(kind, b""))
    ]
    if chip_files.read_marker(files.get(FileKind.MARKER, b"")) != signed.content_digest:
        findings.append(Finding(Fault.FILE_DIFFERS, FileKind.MARKER))
    return findings


def _decoded(data: bytes) -> SecurityObject | None:
    try:
        return security_object.decode(data)
    except TlvError:
        return None


def _biodata(files: Mapping[FileKind, bytes]) -> Mapping[str, str]:
    try:
        return chip_files.read_biodata(files.get(FileKind.BIODATA, b""))
    except TlvError:
        return {}
