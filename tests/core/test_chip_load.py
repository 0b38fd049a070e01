"""What goes into a chip, what SIAK signs of it, and how a chip that was read is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core import ber_tlv, chip_files, chip_load, security_object
from ktpel_desktop.core.ber_tlv import Tlv, TlvError
from ktpel_desktop.core.card_profile import PERSONAL, SIGNED, FileKind
from ktpel_desktop.core.chip_load import ChipLoad, ChipReading, Fault, Finding
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import ChipContent
from ktpel_desktop.core.security_object import SecurityObject
from ktpel_desktop.core.subject import Subject, content_digest
from tests.residents import BUDI, subject
from tests.services import siak_fake
from tests.services.siak_fake import PROFILE, TestAuthority, ordered, sign

CHECK = TestAuthority()
SERIAL = "99000001000001"


def signed_object(of: Subject = BUDI, **changes: object) -> SecurityObject:
    changed = replace(siak_fake.security_object(of, "ORDER-1"), **changes)  # type: ignore[arg-type]
    return replace(changed, signature=sign(changed.signed_bytes()))


def load(of: Subject = BUDI) -> ChipLoad:
    return chip_load.build(PROFILE, ordered(of), CHECK)


def refusal(act: Callable[[], object]) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        act()
    assert BUDI.nik.reveal() not in str(caught.value)
    return caught.value


# ---------------------------------------------------------------- building


def test_a_load_holds_every_file_in_the_profiles_order() -> None:
    made = load()
    assert list(made.files) == [file.kind for file in PROFILE.files]
    assert made.digest == content_digest(BUDI.to_content())
    assert made.size == sum(len(data) for data in made.files.values()) <= PROFILE.memory
    assert made.files[FileKind.PHOTO] == BUDI.photo


def test_the_same_subject_gives_the_same_files() -> None:
    assert chip_files.build(PROFILE, BUDI) == chip_files.build_from_content(PROFILE, BUDI.to_content())


def test_the_biodata_reads_back() -> None:
    data = load(subject(valid_until=date(2031, 5, 9), nationality="JEPANG")).files[FileKind.BIODATA]
    found = chip_files.read_biodata(data)
    assert found["nik"] == BUDI.nik.reveal()
    assert (found["valid_until"], found["nationality"], found["rt"]) == ("2031-05-09", "JEPANG", "3")
    assert not {"photo", "signature", "fingers"} & found.keys()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"photo": b"GIF89a"}, "chip_load.photo_format"),
        ({"photo": b""}, "chip_load.photo_format"),
        ({"signature": b"teks"}, "chip_load.signature_format"),
        ({"fingers": (b"abc",)}, "chip_load.fingers_format"),
        ({"fingers": (b"abc", b"")}, "chip_load.fingers_format"),
        ({"fingers": (b"abc", b"abcd")}, "chip_load.fingers_format"),
        ({"photo": b"\xff\xd8" + bytes(4095)}, "chip_load.too_large"),
        ({"fingers": (b"abc" * 100, b"abc" * 100)}, "chip_load.too_large"),
        ({"name": "A" * 2000}, "chip_load.too_large"),
    ],
)
def test_what_does_not_fit_a_chip_is_refused_before_a_blank_is_taken(
    changes: dict[str, object], code: str
) -> None:
    assert refusal(lambda: chip_files.build(PROFILE, subject(**changes))).code == code


@pytest.mark.parametrize("start", [b"\xff\xd8", bytes.fromhex("0000000C6A502020"), b"\xff\x4f\xff\x51"])
def test_jpeg_and_jpeg_2000_are_taken_as_they_are(start: bytes) -> None:
    assert load(subject(photo=start + b"isi")).files[FileKind.PHOTO] == start + b"isi"


def test_an_order_without_a_security_object_begins_no_chip() -> None:
    assert refusal(lambda: chip_load.build(PROFILE, ordered(BUDI, chip=b""), CHECK)).code == (
        "chip_load.no_security_object"
    )


OTHER = subject(name="SITI AMINAH")
WRONG_OBJECTS = {
    "of another order": signed_object(order_id="ORDER-2").encode(),
    "of another content": signed_object(content_digest="0" * 64).encode(),
    "of another profile": signed_object(profile="lain").encode(),
    "of other files": signed_object(OTHER, content_digest=content_digest(BUDI.to_content())).encode(),
    "of an unknown authority": signed_object(authority="Lain").encode(),
    "unsigned": replace(signed_object(), signature=b"").encode(),
    "no object": b"\x77\x00",
    "cut off": signed_object().encode()[:-1],
}


@pytest.mark.parametrize("name", WRONG_OBJECTS)
def test_a_security_object_that_does_not_fit_begins_no_chip(name: str) -> None:
    made = ordered(BUDI, chip=WRONG_OBJECTS[name])
    assert refusal(lambda: chip_load.build(PROFILE, made, CHECK)).code == "chip_load.security_object_wrong"


# ---------------------------------------------------------------- the security object


def test_the_security_object_reads_back() -> None:
    made = signed_object()
    assert security_object.decode(made.encode()) == made
    assert made.valid(CHECK)
    assert len(made.encode()) <= PROFILE.file(FileKind.SECURITY_OBJECT).most


@given(st.binary(max_size=400))
def test_other_bytes_are_no_security_object(data: bytes) -> None:
    with pytest.raises(TlvError):
        security_object.decode(data)


def with_file_part(tag: int, value: bytes) -> bytes:
    """A security object that says this of each file."""
    (outer,) = ber_tlv.parse(signed_object().encode())
    made = b""
    for part in outer.children():
        if part.tag == 0xA4:
            inner = (Tlv(tag, value) if one.tag == tag else one for one in part.children())
            made += ber_tlv.encode(part.tag, b"".join(one.encode() for one in inner))
        else:
            made += part.encode()
    return ber_tlv.encode(outer.tag, made)


@pytest.mark.parametrize("tag", [0x80, 0x81])
@pytest.mark.parametrize("value", [b"", b"\1", b"\1\0\0", bytes(40)])
def test_a_number_of_another_size_is_no_security_object(tag: int, value: bytes) -> None:
    """Found by fuzzing: three bytes where two belong came out as an OverflowError."""
    with pytest.raises(TlvError):
        security_object.decode(with_file_part(tag, value))


@given(st.data())
def test_no_altered_byte_of_a_security_object_is_believed(data: st.DataObject) -> None:
    raw = bytearray(signed_object().encode())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        altered = security_object.decode(bytes(raw))
    except TlvError:
        return
    assert not altered.valid(CHECK)


@given(st.binary(max_size=200))
def test_other_bytes_are_no_biodata(data: bytes) -> None:
    with pytest.raises(TlvError):
        chip_files.read_biodata(data)


# ---------------------------------------------------------------- the marker


def test_a_marker_tells_its_content() -> None:
    content = BUDI.to_content()
    made = chip_files.marker(content)
    assert len(made) == chip_files.MARKER_SIZE <= PROFILE.file(FileKind.MARKER).most
    assert chip_files.read_marker(made) == content_digest(content)


@given(st.integers(0, chip_files.MARKER_SIZE - 1))
def test_a_torn_marker_tells_nothing(at: int) -> None:
    whole = chip_files.marker(BUDI.to_content())
    assert chip_files.read_marker(whole[:at] + bytes(len(whole) - at)) is None
    assert chip_files.read_marker(whole[:at]) is None


# ---------------------------------------------------------------- judging


def read(files: dict[FileKind, bytes] | None = None, *, locked: bool = True) -> ChipReading:
    return chip_load.judge(
        PROFILE, SERIAL, dict(load().files) if files is None else files, CHECK, locked=locked
    )


def test_a_chip_with_everything_that_was_signed_is_good() -> None:
    found = read()
    assert found.good
    assert (found.content, found.digest, found.order_id) == (ChipContent.FULL, load().digest, "ORDER-1")
    assert chip_load.compare(found, load().digest, chip_files.biodata_of(BUDI)) == ()
    assert found.probe.digest == load().digest


def test_a_chip_that_is_not_locked_is_not_good() -> None:
    found = read(locked=False)
    assert (found.content, found.findings) == (ChipContent.PARTIAL, (Finding(Fault.UNLOCKED),))
    assert found.digest == load().digest


@pytest.mark.parametrize("kind", sorted(PERSONAL))
@given(data=st.data())
def test_any_altered_byte_of_a_file_is_found_and_named(kind: FileKind, data: st.DataObject) -> None:
    files = dict(load().files)
    raw = bytearray(files[kind])
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    found = read(files | {kind: bytes(raw)})
    assert Finding(Fault.FILE_DIFFERS, kind) in found.findings
    assert (found.content, found.digest) == (ChipContent.FOREIGN, "")


@pytest.mark.parametrize("kind", FileKind)
def test_a_missing_file_is_found(kind: FileKind) -> None:
    files = dict(load().files)
    del files[kind]
    found = read(files)
    assert found.findings
    assert found.content is ChipContent.FOREIGN
    assert not found.good


def test_files_of_two_orders_do_not_make_a_good_chip() -> None:
    mine, other = dict(load().files), dict(load(OTHER).files)
    for kind in SIGNED:
        if mine[kind] != other[kind]:
            assert not read(mine | {kind: other[kind]}).good
    assert not read(mine | {FileKind.SECURITY_OBJECT: other[FileKind.SECURITY_OBJECT]}).good


def test_a_good_chip_of_another_order_is_told_with_the_fields_that_differ() -> None:
    other = read(dict(load(OTHER).files))
    assert other.good
    findings = chip_load.compare(other, load().digest, chip_files.biodata_of(BUDI))
    assert findings == (Finding(Fault.OTHER_CONTENT), Finding(Fault.FIELD_DIFFERS, "name"))


def test_a_blank_is_incomplete() -> None:
    blank = ChipReading(SERIAL, ChipContent.BLANK)
    assert chip_load.compare(blank, load().digest) == (Finding(Fault.INCOMPLETE),)


def test_an_object_of_an_authority_that_is_not_pinned_is_told() -> None:
    stranger = signed_object(authority="Lain").encode()
    found = read(dict(load().files) | {FileKind.SECURITY_OBJECT: stranger})
    assert found.findings == (Finding(Fault.SIGNATURE),)


def test_an_object_for_another_kind_of_card_is_told() -> None:
    other = signed_object(profile="lain").encode()
    found = read(dict(load().files) | {FileKind.SECURITY_OBJECT: other})
    assert found.findings == (Finding(Fault.OTHER_PROFILE),)


@pytest.mark.parametrize("kind", FileKind)
def test_a_file_longer_than_its_place_begins_no_chip(kind: FileKind) -> None:
    most = len(load().files[kind]) - 1
    files = tuple(replace(file, most=most) if file.kind is kind else file for file in PROFILE.files)
    error = refusal(lambda: chip_load.build(replace(PROFILE, files=files), ordered(BUDI), CHECK))
    assert (error.code, error.params["part"]) == ("chip_load.too_large", kind)


def test_biodata_with_a_field_too_few_is_refused() -> None:
    whole = load().files[FileKind.BIODATA]
    inside = ber_tlv.parse(whole)[0].children()[:-1]
    short = ber_tlv.encode(0x61, b"".join(one.encode() for one in inside))
    with pytest.raises(TlvError):
        chip_files.read_biodata(short)
