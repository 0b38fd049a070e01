"""BER-TLV: written forms of ISO/IEC 7816-4, what is refused, and that nothing but TlvError comes out of any bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core import ber_tlv
from ktpel_desktop.core.ber_tlv import Tlv, TlvError

SHORT_TAGS = st.integers(1, 0xFF).filter(lambda tag: tag & 0x1F != 0x1F)
LONG_TAGS = st.builds(
    lambda first, rest: int.from_bytes(bytes([first, *rest])),
    st.integers(0, 7).map(lambda kind: kind << 5 | 0x1F),
    st.one_of(
        st.integers(0, 0x7F).map(lambda last: [last]),
        st.tuples(st.integers(0x81, 0xFF), st.integers(0, 0x7F)).map(list),
    ),
)
TAGS = SHORT_TAGS | LONG_TAGS
OBJECTS = st.lists(st.builds(Tlv, TAGS, st.binary(max_size=300)), max_size=5)


@pytest.mark.parametrize(
    ("tag", "length", "header"),
    [
        (0x45, 0, "4500"),
        (0x84, 0x7F, "847F"),
        (0x84, 0x80, "848180"),
        (0x84, 0xFF, "8481FF"),
        (0x84, 0x100, "84820100"),
        (0x5F2E, 0xFFFF, "5F2E82FFFF"),
        (0xDF20, 0x10000, "DF2083010000"),
        (0x7F8101, 1, "7F810101"),
    ],
)
def test_tags_and_lengths_are_written_as_the_standard_has_them(tag: int, length: int, header: str) -> None:
    encoded = ber_tlv.encode(tag, bytes(length))
    assert encoded == bytes.fromhex(header) + bytes(length)
    assert ber_tlv.parse(encoded) == (Tlv(tag, bytes(length)),)
    assert Tlv(tag, bytes(length)).encode() == encoded


@given(OBJECTS)
def test_what_is_written_is_read_back(objects: list[Tlv]) -> None:
    assert ber_tlv.parse(b"".join(one.encode() for one in objects)) == tuple(objects)


@given(OBJECTS.filter(bool), st.data())
def test_what_is_cut_off_inside_an_object_is_refused(objects: list[Tlv], data: st.DataObject) -> None:
    encoded = b"".join(one.encode() for one in objects)
    last = len(objects[-1].encode())
    cut = data.draw(st.integers(1, last - 1))
    with pytest.raises(TlvError):
        ber_tlv.parse(encoded[:-cut])


@given(st.binary(max_size=40) | st.lists(st.sampled_from(b"\x00\x1f\x7f\x80\x81\x82\x83\x84\xff")).map(bytes))
def test_any_bytes_are_objects_or_a_tlv_error(data: bytes) -> None:
    try:
        objects = ber_tlv.parse(data)
    except TlvError:
        return
    assert ber_tlv.parse(b"".join(one.encode() for one in objects)) == objects


@pytest.mark.parametrize(
    "raw",
    [
        "00",
        "0000",
        "450001",
        "45",
        "4502AA",
        "1F",
        "1F80",
        "1F8001AA",
        "5F8181",
        "5F818101",
        "5F81",
        "4580",
        "4581",
        "458201",
        "458400000001AA",
        "45FF",
    ],
)
def test_bytes_that_are_no_objects_are_refused(raw: str) -> None:
    with pytest.raises(TlvError):
        ber_tlv.parse(bytes.fromhex(raw))


@pytest.mark.parametrize("raw", ["458101AA", "45820001AA", "4583000001AA"])
def test_a_longer_form_of_a_length_is_read_as_the_standard_allows(raw: str) -> None:
    assert ber_tlv.parse(bytes.fromhex(raw)) == (Tlv(0x45, b"\xaa"),)


@pytest.mark.parametrize("tag", [-1, 0, 0x1F, 0x100, 0x8400, 0x5F80, 0x5F8181, 0x5F8081, 0x1000000])
def test_a_number_that_is_no_tag_is_refused(tag: int) -> None:
    with pytest.raises(TlvError):
        ber_tlv.encode(tag, b"")


def test_a_value_whose_length_cannot_be_written_is_refused() -> None:
    with pytest.raises(TlvError):
        ber_tlv.encode(0x53, bytes(ber_tlv.MOST + 1))


def test_objects_are_found_by_their_tag() -> None:
    (outer,) = ber_tlv.parse(bytes.fromhex("6F09 8401AA 8A0105 8A0106"))
    parts = outer.children()
    assert ber_tlv.find_once(parts, 0x84) == b"\xaa"
    for tag in (0x85, 0x8A):
        with pytest.raises(TlvError):
            ber_tlv.find_once(parts, tag)


def test_one_expected_object_is_that_one_and_alone() -> None:
    assert ber_tlv.parse_one(b"\x45\x01\xaa", 0x45).value == b"\xaa"
    for raw in (b"", b"\x45\x00\x45\x00", b"\x46\x00"):
        with pytest.raises(TlvError):
            ber_tlv.parse_one(raw, 0x45)


def test_a_primitive_object_has_no_children() -> None:
    assert Tlv(0x7F61, b"\x02\x00").children() == (Tlv(0x02, b""),)
    for tag in (0x84, 0x5F2E, 0):
        with pytest.raises(TlvError):
            Tlv(tag, b"").children()
