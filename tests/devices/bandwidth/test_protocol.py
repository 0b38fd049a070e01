import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.devices.bandwidth import protocol
from ktpel_desktop.devices.bandwidth.pacing import Pace
from ktpel_desktop.devices.bandwidth.protocol import (
    Begin,
    Bye,
    Count,
    Hello,
    Join,
    Lines,
    OtherVersion,
    Ping,
    Pong,
    ProtocolError,
    Refusal,
    Session,
    Start,
)

SESSION = "0123456789abcdef"


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        (protocol.opening("hello"), Hello()),
        (protocol.opening("down", SESSION, 3), Join("down", SESSION, 3)),
        (protocol.opening("up", SESSION, 0), Join("up", SESSION, 0)),
        (b"KTPEL-UJI 2 hello\n", OtherVersion()),
    ],
)
def test_what_a_client_says_first(line: bytes, meaning: object) -> None:
    (text,) = Lines().feed(line)
    assert protocol.read_opening(text) == meaning


@pytest.mark.parametrize(
    ("line", "meaning"),
    [("ping 7", Ping(7)), ("down 4500", Start("down", 4500)), ("up 0", Start("up", 0)), ("bye", Bye())],
)
def test_what_a_client_says_later(line: str, meaning: object) -> None:
    assert protocol.read_command(line) == meaning


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        (f"KTPEL-UJI 1 ok {SESSION} 8000 24000000", Session(SESSION, 8000, 24_000_000)),
        ("KTPEL-UJI 1 busy", Refusal("busy")),
        ("KTPEL-UJI 3 version", Refusal("version")),
    ],
)
def test_how_a_server_welcomes(line: str, meaning: object) -> None:
    assert protocol.read_welcome(line) == meaning


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("pong 7", Pong(7)),
        ("begin up 3500", Begin("up")),
        ("count 100000 65536", Count(100_000, 65_536, last=False)),
        ("done 3500000 1", Count(3_500_000, 1, last=True)),
    ],
)
def test_what_a_server_says_later(line: str, meaning: object) -> None:
    assert protocol.read_answer(line) == meaning


@pytest.mark.parametrize(
    "line",
    [
        "", "HTTP/1.1 200 OK", "KTPEL-UJI 1 hello ", "ping -1", "ping 01", "ping 1e3", "ping ٣", "down", "count 1",
        "ping 9999999999999999", f"KTPEL-UJI 1 down {SESSION} 8", "KTPEL-UJI 1 up 0123 0",
    ],
)  # fmt: skip
def test_anything_else_is_refused(line: str) -> None:
    for read in (protocol.read_opening, protocol.read_command, protocol.read_welcome, protocol.read_answer):
        with pytest.raises(ProtocolError):
            read(line)


@given(st.text(max_size=140))
def test_no_line_crashes_a_reader(line: str) -> None:
    for read in (protocol.read_opening, protocol.read_command, protocol.read_welcome, protocol.read_answer):
        try:
            read(line)
        except ProtocolError:
            continue


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_bytes_become_lines_or_are_refused(pieces: list[bytes]) -> None:
    lines, heard = Lines(), list[str]()
    try:
        for piece in pieces:
            heard += lines.feed(piece)
    except ProtocolError:
        return
    whole = b"".join(pieces).decode("ascii", "replace").split("\n")
    assert heard == whole[:-1]
    assert lines.clean == (whole[-1] == "")


@given(st.lists(st.integers(1, 7), min_size=1, max_size=30))
def test_lines_may_come_in_any_pieces(sizes: list[int]) -> None:
    said = b"ping 1\nping 22\nbye\n"
    lines, heard, rest = Lines(), list[str](), said
    for size in [*sizes, len(said)]:
        heard += lines.feed(rest[:size])
        rest = rest[size:]
    assert heard == ["ping 1", "ping 22", "bye"]


def test_test_data_does_not_compress_and_is_the_sessions_own() -> None:
    data = protocol.pad(SESSION)
    assert len(data) == protocol.PAD_BYTES
    assert len(zlib.compress(data[:200_000])) > 199_000
    assert data[:32] != protocol.pad("f" * 16)[:32]


@given(st.lists(st.tuples(st.floats(0, 0.5), st.integers(0, 200_000)), max_size=50))
def test_no_more_moves_than_the_pace_allows(steps: list[tuple[float, int]]) -> None:
    pace, now, moved = Pace(1_000_000, 0.0), 0.0, 0
    for wait, wanted in steps:
        now += wait
        count = min(wanted, pace.allowed(now))
        pace.spend(count)
        moved += count
        assert moved <= 1_000_000 * (now + 0.02) + 1
