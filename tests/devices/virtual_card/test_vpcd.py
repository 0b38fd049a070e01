"""The link to vpcd, by a reader made of a loopback socket; a real one is in tests/devices/pcsc/test_room.py."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest

from ktpel_desktop.devices.simulator.virtual_card.card_faults import Act, CardFault
from ktpel_desktop.devices.simulator.virtual_card.linked import LinkedCard
from ktpel_desktop.devices.simulator.virtual_card.vpcd import serve
from tests.devices.virtual_card.host import SELECT, SERIAL, SERIAL_COMMAND, card_with_files, new_card

OFF, ON, RESET, ATR = b"\0", b"\1", b"\2", b"\4"
PATIENCE = 10


class Reader:
    """The reader's end."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def send(self, message: bytes) -> None:
        self.sock.sendall(len(message).to_bytes(2, "big"))  # in two, as vpcd 3.3
        self.sock.sendall(message)

    def receive(self) -> bytes:
        """One message; empty at the end of the connection."""
        length = self.sock.recv(2, socket.MSG_WAITALL)
        return self.sock.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL) if length else b""

    def ask(self, message: bytes) -> bytes:
        self.send(message)
        return self.receive()


class Noting(socket.socket):
    """The card's end; notes the options that are set and, as "taken", each taking of bytes."""

    notes: list[object]

    def setsockopt(self, *arguments: Any) -> None:
        self.notes.append(arguments[1])
        super().setsockopt(*arguments)

    def recv(self, *arguments: int) -> bytes:
        self.notes.append("taken")
        return super().recv(*arguments)


@contextmanager
def linked(card: LinkedCard, notes: list[object] | None = None) -> Iterator[Reader]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        theirs = Noting(fileno=socket.create_connection(server.getsockname(), timeout=PATIENCE).detach())
        theirs.notes = [] if notes is None else notes
        ours, _ = server.accept()
    ours.settimeout(PATIENCE)
    theirs.settimeout(None)
    thread = Thread(target=serve, args=(theirs, card))
    thread.start()
    try:
        with ours:
            yield Reader(ours)
    finally:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_atr_and_apdus_are_answered_and_power_is_not() -> None:
    card = new_card()
    with linked(card) as reader:
        reader.send(ON)
        assert reader.ask(ATR) == card.atr
        assert reader.ask(SELECT)[-2:] == b"\x90\0"
        assert reader.ask(SERIAL_COMMAND)[2:9].hex() == SERIAL
        reader.send(RESET)
        assert reader.ask(SERIAL_COMMAND) == b"\x69\x85"
        reader.send(OFF)
        reader.send(b"\x03")
        assert reader.ask(ATR) == card.atr
    assert card.process(SERIAL_COMMAND) == b"\x69\x85"


def test_every_taking_of_bytes_is_preceded_by_a_wish_for_quick_acks() -> None:
    """Linux forgets the wish after each use, and without it each APDU waits 44 ms (virtual-reader.md 3)."""
    notes: list[object] = []
    with linked(new_card(), notes) as reader:
        for _ in range(3):
            assert reader.ask(SELECT)
    taken = [at for at, note in enumerate(notes) if note == "taken"]
    assert len(taken) >= 6
    assert all(notes[at - 1] == socket.TCP_QUICKACK for at in taken)


def test_a_pulled_card_ends_the_connection() -> None:
    card = card_with_files()
    card.faults.script(CardFault(Act.PULL_AFTER, at=2))
    with linked(card) as reader:
        assert reader.ask(SELECT)
        assert reader.ask(SERIAL_COMMAND) == b""
    assert card.pulled


def test_a_mute_chip_never_sends_an_empty_message() -> None:
    card = new_card()
    card.faults.script(CardFault(Act.MUTE))
    with linked(card) as reader:
        assert reader.ask(SELECT) == b""
        assert reader.sock.recv(1) == b""


def test_a_silent_card_goes_on_listening() -> None:
    card = new_card()
    card.faults.script(CardFault(Act.SILENT))
    with linked(card) as reader:
        reader.send(SELECT)
        assert reader.ask(ATR) == card.atr, "the next answer is to the next message"


def test_a_message_may_come_in_pieces() -> None:
    with linked(new_card()) as reader:
        message = len(SELECT).to_bytes(2, "big") + SELECT
        for at in range(len(message)):
            reader.sock.sendall(message[at : at + 1])
        assert reader.receive()[-2:] == b"\x90\0"


@pytest.mark.parametrize(
    ("arguments", "select"), [([], SELECT), (["--sam"], bytes.fromhex("00A4040007F04B545053414D00"))]
)
def test_by_hand(arguments: list[str], select: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        port = str(server.getsockname()[1])
        module = "ktpel_desktop.devices.simulator.virtual_card"
        with subprocess.Popen(
            [sys.executable, "-m", module, "--port", port, "--serial", SERIAL, *arguments]
        ) as run:
            sock, _ = server.accept()
            with sock:
                sock.settimeout(60)
                reader = Reader(sock)
                assert reader.ask(select)[-2:] == b"\x90\0"
                assert reader.ask(SERIAL_COMMAND)[2:9].hex() == SERIAL
    assert run.returncode == 0


def test_by_hand_without_a_reader() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
    module = "ktpel_desktop.devices.simulator.virtual_card"
    done = subprocess.run(
        [sys.executable, "-m", module, "--port", port], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"vpcd at port {port}: ")
