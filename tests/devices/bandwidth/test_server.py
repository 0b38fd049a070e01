"""The counterpart server: it helps a test and nobody else, whatever it is told."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ktpel_desktop.devices.bandwidth import protocol
from ktpel_desktop.devices.bandwidth.client import Target, join, open_talk
from ktpel_desktop.devices.bandwidth.server import Limits, serve
from tests.devices.bandwidth.servers import PATIENCE_S, read_line, running
from tests.devices.sensors.outcomes import code_of

TIGHT = Limits(
    sessions=2,
    per_address=2,
    per_hour=1000,
    milliseconds=400,
    session_bytes=300_000,
    silence_seconds=10 * PATIENCE_S,  # so that who is closed is closed for what it said
)


@pytest.fixture
def target() -> Iterator[Target]:
    with running(TIGHT) as one:
        yield one


def dial(target: Target) -> socket.socket:
    return socket.create_connection((target.host, target.port), timeout=PATIENCE_S)


def closed(sock: socket.socket) -> bool:
    """Whether the server closes, and says nothing."""
    try:
        return sock.recv(100) == b""
    except ConnectionError:
        return True


def hello(sock: socket.socket) -> str:
    sock.sendall(protocol.opening("hello"))
    return read_line(sock).split()[3]


def test_a_port_in_use_is_told(target: Target) -> None:
    for port in (target.port, 70_000):
        assert code_of(partial(serve, "127.0.0.1", port)) == "line.cannot_serve"


def test_sessions_are_limited_and_end(target: Target) -> None:
    first, second = open_talk([target]), open_talk([target])
    assert code_of(lambda: open_talk([target])) == "line.server_busy"
    first.say(protocol.say("bye"))
    assert code_of(lambda: first.listen(PATIENCE_S)) == "line.cut"
    open_talk([target]).close()
    first.close()
    second.close()


def test_an_address_has_only_so_many_tests_an_hour() -> None:
    with running(Limits(per_hour=2, per_address=9, sessions=9)) as target:
        for _ in range(2):
            open_talk([target]).close()
        assert code_of(lambda: open_talk([target])) == "line.server_busy"


def test_another_version_is_told(target: Target) -> None:
    with dial(target) as sock:
        sock.sendall(b"KTPEL-UJI 9 hello\n")
        assert read_line(sock) == "KTPEL-UJI 1 version"


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\n",
        b"KTPEL-UJI 1 down 0123456789abcdef 0\n",  # a session that nobody opened
        b"x" * 300,
    ],
)
def test_strangers_are_closed_without_a_word(target: Target, said: bytes) -> None:
    with dial(target) as sock:
        sock.sendall(said)
        assert closed(sock)


def test_silence_is_ended_before_a_session_and_in_it() -> None:
    with running(replace(TIGHT, silence_seconds=0.2)) as target:
        for said in (b"", b"\x16\x03\x01\x02\x00\x01"):  # no line is no word
            with dial(target) as stranger:
                stranger.sendall(said)
                assert closed(stranger)
        talk = open_talk([target])
        assert code_of(lambda: talk.listen(PATIENCE_S)) == "line.cut"
        talk.close()


def test_a_session_ends_however_much_is_said() -> None:
    with running(replace(TIGHT, session_seconds=0.5)) as target:
        talk = open_talk([target])

        def chat() -> None:
            while True:
                talk.ping()
                talk.listen(0.02)

        assert code_of(chat) == "line.cut"
        talk.close()


def test_data_needs_a_session_and_its_start(target: Target) -> None:
    with dial(target) as control, dial(target) as data:
        session = hello(control)
        data.sendall(protocol.opening("up", session, 0))
        assert read_line(data) == "ok"
        data.sendall(b"x" * 5000)  # before the start
        assert closed(data)
        control.sendall(b"up 100\n")  # with no connection to count
        assert closed(control)


def test_a_number_is_taken_once(target: Target) -> None:
    with dial(target) as control, dial(target) as one, dial(target) as other:
        session = hello(control)
        one.sendall(protocol.opening("down", session, 0))
        assert read_line(one) == "ok"
        other.sendall(protocol.opening("down", session, 0))
        assert closed(other)


def test_a_download_ends_with_its_time_and_its_bytes(target: Target) -> None:
    talk = open_talk([target])
    (stream,) = join(talk, "down", 1)
    stream.sock.settimeout(PATIENCE_S)
    talk.say(protocol.say("down", 400))
    got = 0
    while piece := stream.sock.recv(65536):
        assert piece == protocol.pad(talk.session.id)[got : got + len(piece)]
        got += len(piece)
    assert 0 < got <= TIGHT.session_bytes
    stream.sock.close()
    talk.close()


def test_a_start_that_asks_for_too_much_is_refused(target: Target) -> None:
    talk = open_talk([target])
    (stream,) = join(talk, "down", 1)
    talk.say(protocol.say("down", TIGHT.milliseconds + 1))
    assert code_of(lambda: talk.listen(PATIENCE_S)) == "line.cut"
    stream.sock.close()
    talk.close()


def test_an_upload_that_goes_on_for_ever_is_ended(target: Target) -> None:
    talk = open_talk([target])
    (stream,) = join(talk, "up", 1)
    talk.say(protocol.say("up", 100))
    talk.listen(0.2)
    stream.sock.settimeout(PATIENCE_S)
    with pytest.raises(ConnectionError):
        for _ in range(10_000):
            stream.sock.sendall(b"x" * 65_536)
    stream.sock.close()
    talk.close()


def test_who_asks_and_does_not_listen_is_dropped(target: Target) -> None:
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(PATIENCE_S)
        sock.connect((target.host, target.port))
        hello(sock)
        with pytest.raises(ConnectionError):
            for number in range(100_000):
                sock.sendall(protocol.say("ping", number) * 50)


def test_data_connections_end_with_the_session(target: Target) -> None:
    talk = open_talk([target])
    (stream,) = join(talk, "up", 1)
    stream.sock.settimeout(PATIENCE_S)
    talk.close()
    assert closed(stream.sock)
    stream.sock.close()


def test_more_connections_than_there_may_be_are_closed() -> None:
    with running(Limits(sessions=0)) as target:
        socks = [dial(target) for _ in range(40)]
        assert any(closed(sock) for sock in socks[-4:])
        for sock in socks:
            sock.close()


def test_it_listens_on_every_address_where_none_is_named() -> None:
    ports: list[int] = []
    serve("", 0, ready=ports.append, stopped=lambda: True)
    assert ports[0] > 0


# ------------------------------------------------------------------ whatever it is told

SPOKEN = st.lists(
    st.sampled_from(
        [
            protocol.opening("hello"), protocol.opening("down", "0" * 16, 0), b"ping 1\n", b"bye\n", b"up 100\n",
            b"down 100\n", b"down 99999999\n", b"KTPEL-UJI 7 hello\n", b"\n", b"\x00\xff\n", b"ping 9999999999999999\n",
        ]
    )
    | st.binary(max_size=60),
    max_size=6,
)  # fmt: skip


@pytest.fixture(scope="module")
def patient() -> Iterator[Target]:
    with running(Limits(per_hour=100_000, per_address=50, sessions=50, silence_seconds=0.3)) as one:
        yield one


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@example([protocol.opening("hello") * 3])
@example([protocol.opening("hello") + b"bye\n" + protocol.opening("hello")])
@given(SPOKEN)
def test_nothing_that_is_said_stops_it(patient: Target, said: list[bytes]) -> None:
    with dial(patient) as sock:
        try:
            for piece in said:
                sock.sendall(piece)
        except OSError:
            pass
    talk = open_talk([patient])
    talk.ping()
    talk.listen(PATIENCE_S, enough=lambda: bool(talk.delays))
    assert talk.delays
    talk.close()
