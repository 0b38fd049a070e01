"""The IPP codec against bytes of other programs, against itself, and against anything at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.devices.print_queue import ipp
from ktpel_desktop.devices.print_queue.ipp import (
    Enum,
    Group,
    IppBroken,
    Message,
    Range,
    Raw,
    Resolution,
    Tag,
    Text,
)

RECORDED = Path(__file__).parent / "recorded"
REQUEST = (RECORDED / "print-job.request.ipp").read_bytes()
"""As sent by ipptool of CUPS 2.4.2; the answers are cupsd's and ippeveprinter's."""


def test_what_ipptool_sent_is_read() -> None:
    message = ipp.decode(REQUEST)
    assert (message.code, message.version, message.data) == (ipp.Op.PRINT_JOB, (1, 1), b"\x1b@KTP")
    (operation,), (template,) = message.of(Group.OPERATION), message.of(Group.JOB)
    assert operation["job-name"] == [ipp.name("R-7-1")]
    assert operation["ipp-attribute-fidelity"] == [True]
    assert template == {
        "copies": [1],
        "media-col": [
            {"media-size": [{"x-dimension": [5398], "y-dimension": [8560]}], "media-top-margin": [0]}
        ],
        "sides": [ipp.keyword("one-sided")],
        "orientation-requested": [Enum(3)],
        "printer-resolution": [Resolution(300, 300)],
        "page-ranges": [Range(1, 1)],
    }


@pytest.mark.parametrize(
    "name",
    ["print-job.request", "print-job.answer", "job-completed.answer", "queue-card.answer"],
)
def test_what_others_sent_is_encoded_to_the_same_bytes(name: str) -> None:
    data = (RECORDED / f"{name}.ipp").read_bytes()
    assert ipp.encode(ipp.decode(data)) == data


def test_a_request_byte_by_byte() -> None:
    """RFC 8010 appendix A.1's frame, shortened."""
    message = Message(
        ipp.Op.CANCEL_JOB,
        1,
        [(Group.OPERATION, {"attributes-charset": [Text(Tag.CHARSET, "utf-8")], "job-id": [2, 3]})],
    )
    assert ipp.encode(message) == (
        b"\x02\x00\x00\x08\x00\x00\x00\x01\x01"
        b"\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x21\x00\x06job-id\x00\x04\x00\x00\x00\x02"
        b"\x21\x00\x00\x00\x04\x00\x00\x00\x03"
        b"\x03"
    )


def test_text_with_language_is_text() -> None:
    body = b"\x00\x02id\x00\x05Macet"
    data = (
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x04\x35\x00\x01m" + len(body).to_bytes(2, "big") + body + b"\x03"
    )
    (attributes,) = ipp.decode(data).of(Group.PRINTER)
    assert attributes == {"m": [Text(Tag.TEXT, "Macet")]}


def test_no_value_is_told_apart_from_nothing() -> None:
    data = b"\x01\x01\x00\x00\x00\x00\x00\x01\x02\x13\x00\x01t\x00\x00\x03"
    (attributes,) = ipp.decode(data).of(Group.JOB)
    assert attributes == {"t": [Raw(0x13)]}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>401</html>",
        REQUEST[:-12],
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x04\x21\x00\x01n\x00\x03abc\x03",
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x21\x00\x01n\x00\x04abcd\x03",
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x04\x21\x00\x00\x00\x04abcd\x03",
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x04\x34\x00\x01n\x00\x00\x21\x00\x00\x00\x04abcd\x37\x00\x00\x00\x00\x03",
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x04\x34\x00\x01n\x00\x00\x03",
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x04" + (b"\x34\x00\x01n\x00\x00" + b"\x4a\x00\x00\x00\x01m") * 50,
        b"\x00" * (ipp.MOST_BYTES + 1),
    ],
)
def test_broken_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(IppBroken):
        ipp.decode(data)


_letters = st.text(max_size=20)
_int32 = st.integers(-(2**31), 2**31 - 1)
_plain = st.one_of(
    st.booleans(),
    _int32,
    _int32.map(Enum),
    st.builds(Range, _int32, _int32),
    st.builds(Resolution, _int32, _int32, st.sampled_from([3, 4])),
    st.builds(Text, st.sampled_from([Tag.TEXT, Tag.NAME, Tag.KEYWORD, Tag.URI, Tag.MIME]), _letters),
    st.builds(Raw, st.sampled_from([0x10, 0x12, 0x13, 0x30, 0x31]), st.binary(max_size=11)),
)
_names = st.text("abcdefgh-", min_size=1, max_size=12)


def _attributes(values: st.SearchStrategy[ipp.Value]) -> st.SearchStrategy[dict[str, list[ipp.Value]]]:
    return st.dictionaries(_names, st.lists(values, min_size=1, max_size=3), max_size=4)


_values: st.SearchStrategy[ipp.Value] = st.recursive(_plain, _attributes, max_leaves=6)
_messages = st.builds(
    Message,
    st.integers(0, 0xFFFF),
    st.integers(0, 2**31),
    st.lists(
        st.tuples(st.sampled_from([Group.OPERATION, Group.JOB, Group.PRINTER]), _attributes(_values)),
        max_size=3,
    ),
    st.binary(max_size=50),
)


@given(_messages)
def test_what_is_encoded_is_decoded_to_the_same(message: Message) -> None:
    assert ipp.decode(ipp.encode(message)) == message


@given(st.binary(max_size=300))
def test_anything_is_a_message_or_broken(data: bytes) -> None:
    _decode_or_broken(data)


@given(st.sampled_from(sorted(RECORDED.glob("*.ipp"))), st.data())
def test_a_damaged_message_is_a_message_or_broken(path: Path, data: st.DataObject) -> None:
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    _decode_or_broken(bytes(whole[: data.draw(st.integers(0, len(whole)))]))


def _decode_or_broken(data: bytes) -> None:
    try:
        message = ipp.decode(data)
    except IppBroken:
        return
    assert isinstance(message, Message)
