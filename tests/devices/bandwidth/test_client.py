"""Servers that are silent, slow, cut off, not ours or lying: each ends in a DeviceError before they have done.

They wait until the client has had enough (servers.py), so that a client without its limit hears another failure.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.line_rate import payload_factor
from ktpel_desktop.devices.bandwidth import client, protocol, transfer
from ktpel_desktop.devices.bandwidth.client import Talk, Target, join, open_talk
from ktpel_desktop.devices.bandwidth.transfer import Transfer, download, upload
from tests.devices.bandwidth.servers import (
    PATIENCE_S,
    Script,
    read_line,
    running,
    scripted,
    silent,
    swallowing,
)
from tests.devices.sensors.outcomes import code_of

SESSION = "0123456789abcdef"
WELCOME = f"KTPEL-UJI 1 ok {SESSION} 8000 24000000\n".encode()
FACTOR = payload_factor()


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (client, transfer):
        monkeypatch.setattr(module, "ANSWER_S", 0.5)
    monkeypatch.setattr(client, "CONNECT_S", 0.5)
    monkeypatch.setattr(transfer, "STALL_S", 0.5)


def pull(talk: Talk) -> Transfer:
    return download(talk, seconds=1.0, streams=2, factor=FACTOR, ping_gap=0.1)


def push(talk: Talk) -> Transfer:
    return upload(talk, seconds=1.0, streams=2, factor=FACTOR, ping_gap=0.1)


# ------------------------------------------------------------------ opening


def says(*words: bytes) -> Script:
    """Answers the first line with these words and closes."""

    def script(sock: socket.socket, _: int) -> None:
        read_line(sock)
        for word in words:
            sock.sendall(word)

    return script


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (says(b"HTTP/1.1 302 Found\r\nLocation: http://masuk.example/\r\n\r\n"), "line.not_our_server"),
        (says(b"\xff\xfe\n"), "line.not_our_server"),
        (says(b"y" * 200), "line.not_our_server"),
        (says(WELCOME * 2), "line.not_our_server"),
        (says(b"KTPEL-UJI 1 busy\n"), "line.server_busy"),
        (says(b"KTPEL-UJI 2 version\n"), "line.server_version"),
        (says(), "line.cut"),
        (says(b"KTPEL-UJI 1 ok"), "line.cut"),
        (silent, "line.server_silent"),
    ],
)
def test_a_server_that_is_none(script: Script, code: str) -> None:
    with scripted(script) as target:
        assert code_of(lambda: open_talk([target])) == code


def test_a_welcome_may_come_in_pieces() -> None:
    def script(sock: socket.socket, _: int) -> None:
        read_line(sock)
        for byte in WELCOME:
            sock.sendall(bytes([byte]))
        sock.recv(1)

    with scripted(script) as target:
        open_talk([target]).close()


@pytest.mark.parametrize("host", ["127.0.0.1", "tidak-ada.invalid", "x" * 80, "bad..name"])
def test_nobody_there(host: str) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        assert code_of(lambda: open_talk([Target(host, port)])) == "line.server_unreachable"


def test_a_host_that_swallows_everything_is_given_up() -> None:
    with swallowing() as port:
        code = code_of(lambda: open_talk([Target("127.0.0.1", port)]))
    assert code in {"line.server_unreachable", "line.server_silent"}


def test_the_first_target_that_serves_is_taken() -> None:
    with scripted(says(b"KTPEL-UJI 1 busy\n")) as busy, running() as good:
        talk = open_talk([busy, good])
        assert talk.target == good
        talk.close()
        assert code_of(lambda: open_talk([busy, Target("127.0.0.1", 1)])) == "line.server_busy"


def test_without_a_target_nothing_is_measured() -> None:
    assert code_of(lambda: open_talk([])) == "line.no_target"


# ------------------------------------------------------------------ in mid-test

Act = Callable[[Talk], Transfer]


def serves(
    data: Callable[[socket.socket], object] = silent,
    control: Callable[[socket.socket, str], object] = lambda sock, line: None,
    ok: bytes = b"ok\n",
) -> Script:
    """Welcomes like a server; what it does with data connections and later lines is told."""

    def script(sock: socket.socket, _: int) -> None:
        line = read_line(sock)
        if line.endswith("hello"):
            sock.sendall(WELCOME)
            while True:
                control(sock, read_line(sock))
        sock.sendall(ok)
        if ok == b"ok\n":
            data(sock)

    return script


def begins(
    counts: Callable[[socket.socket], object] = lambda sock: None,
) -> Callable[[socket.socket, str], object]:
    def control(sock: socket.socket, line: str) -> None:
        if line.startswith("up"):
            sock.sendall(b"begin up 1000\n")
            counts(sock)

    return control


def counting(*lines: bytes) -> Script:
    """Takes an upload, and tells these counts when so much of it is there that none of them is too high."""
    arrived = threading.Event()

    def take(sock: socket.socket) -> None:
        total = 0
        while piece := sock.recv(65536):
            total += len(piece)
            if total > 6000:
                arrived.set()

    def tell(sock: socket.socket) -> None:
        assert arrived.wait(PATIENCE_S)
        for line in lines:
            sock.sendall(line)

    return serves(take, begins(tell))


def sends(data: bytes) -> Script:
    """Sends this for a download."""

    def send(sock: socket.socket) -> None:
        sock.sendall(data)
        silent(sock)

    return serves(send)


@pytest.mark.parametrize(
    ("act", "script", "code"),
    [
        (pull, serves(), "line.server_silent"),
        (pull, serves(lambda sock: None), "line.cut"),
        (pull, serves(ok=b"no\n"), "line.not_our_server"),
        (pull, serves(ok=b""), "line.cut"),
        (pull, sends(b"<html>" * 5000), "line.altered"),
        (pull, sends(protocol.pad("f" * 16)[:50_000]), "line.altered"),
        (pull, serves(control=lambda sock, line: sock.close()), "line.cut"),
        (pull, serves(control=lambda sock, line: sock.sendall(b"pong 99\n")), "line.not_our_server"),
        (pull, serves(control=lambda sock, line: sock.sendall(b"\x80\n")), "line.not_our_server"),
        (push, serves(), "line.server_silent"),
        (push, serves(lambda sock: None, begins()), "line.cut"),
        (push, serves(silent, begins()), "line.server_silent"),
        (push, counting(b"count 100000 999999999\n"), "line.counts_wrong"),
        (push, counting(b"count 100000 5000\n", b"count 90000 6000\n"), "line.counts_wrong"),
        (push, counting(b"count 100000 5000\n", b"count 200000 4000\n"), "line.counts_wrong"),
        (push, counting(b"count 100000 5000\n", b"count 9900000 5001\n"), "line.counts_wrong"),
        (push, counting(b"count 100000 50\n", b"count 200000 50\n"), "line.stalled"),
    ],
)
def test_a_server_that_goes_wrong_in_mid_test(act: Act, script: Script, code: str) -> None:
    with scripted(script) as target:
        talk = open_talk([target])
        assert code_of(lambda: act(talk)) == code
        talk.close()


def test_a_trickle_is_a_result_and_is_not_waited_for() -> None:
    def trickle(sock: socket.socket) -> None:
        for byte in protocol.pad(SESSION):  # a day of it
            sock.sendall(bytes([byte]))
            time.sleep(0.1)

    with scripted(serves(trickle)) as target:
        talk = open_talk([target])
        done = download(talk, seconds=1.0, streams=1, factor=FACTOR, ping_gap=0.1)
        assert done.moved == done.samples[-1][1] > 0
        talk.close()


def test_counts_that_never_end_do() -> None:
    def counts(sock: socket.socket) -> None:
        began, number = time.monotonic(), 0
        while True:
            time.sleep(0.1)
            number += 1
            sock.sendall(protocol.say("count", int((time.monotonic() - began) * 1e6), number * 10))

    with scripted(serves(silent, begins(counts))) as target:
        talk = open_talk([target])
        assert code_of(lambda: push(talk)) == "line.server_silent"
        talk.close()


def test_a_server_that_does_not_read_what_it_is_told() -> None:
    told = threading.Event()

    def deaf(sock: socket.socket, _: int) -> None:
        told.wait(PATIENCE_S)

    with scripted(serves()) as target, scripted(deaf) as other:
        talk = open_talk([target])
        talk.sock.close()
        talk.sock = socket.create_connection((other.host, other.port))
        talk.sock.setblocking(False)

        def go_on() -> None:
            for _ in range(1000):
                talk.say(b"x" * 100_000)

        assert code_of(go_on) == "line.server_silent"
        told.set()
        talk.close()


def test_a_late_pong_is_no_nonsense() -> None:
    settled = threading.Event()

    def late(sock: socket.socket, line: str) -> None:
        assert settled.wait(PATIENCE_S)
        sock.sendall(f"pong {line[5:]}\n".encode())

    with scripted(serves(control=late)) as target:
        talk = open_talk([target])
        talk.ping()
        talk.settle(0.1)
        (early,) = talk.delays
        assert early.took >= 0.1  # what it waited for so far
        settled.set()
        talk.ping()
        talk.listen(PATIENCE_S, enough=lambda: len(talk.delays) > 1)
        assert [delay.sent > early.sent for delay in talk.delays] == [False, True]  # the late one not again
        talk.close()


def test_a_control_connection_that_is_gone() -> None:
    with running() as target:
        talk = open_talk([target])
        talk.close()
        assert code_of(lambda: talk.say(b"bye\n")) == "line.cut"
        assert code_of(talk.hear) == "line.cut"


def test_joining_a_server_that_is_gone() -> None:
    with running() as target:
        talk = open_talk([target])
    for way in ("down", "up"):
        assert code_of(partial(join, talk, way, 2)) == "line.cut"
    talk.close()


SAID = st.lists(
    st.sampled_from(
        [
            WELCOME, b"ok\n", b"pong 1\n", b"begin up 1\n", b"begin down 1\n", b"count 1 1\n", b"done 1 1\n",
            b"done 99999999 0\n", b"\n", b"KTPEL-UJI 1 busy\n",
        ]
    )
    | st.binary(max_size=200),
    max_size=6,
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(SAID, SAID, st.sampled_from([pull, push]))
def test_whatever_a_server_says_ends_in_a_result_or_a_device_error(
    control: list[bytes], data: list[bytes], act: Act
) -> None:
    def script(sock: socket.socket, number: int) -> None:
        read_line(sock)
        if number == 0:
            sock.sendall(WELCOME)
            read_line(sock)
        else:
            sock.sendall(b"ok\n")
        for word in data if number else control:
            sock.sendall(word)

    with scripted(script) as target:
        try:
            talk = open_talk([target])
        except DeviceError:
            return
        with contextlib.suppress(DeviceError):
            act(talk)
        talk.close()
