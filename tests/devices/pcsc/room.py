"""A real PC/SC service with virtual readers, in namespaces of its own: one per test process.

pcscd and vpcd run under `unshare`: own network (vpcd listens on all addresses), own /run (the socket's path is compiled
in), own processes (the first one holds on to a pipe from this process: when we end, however we end, the kernel ends
all of them). libpcsclite looks PCSCLITE_CSOCK_NAME up once per process, so that name is a symlink which is led to the
socket of the room that runs now.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Thread
from typing import IO, TypeVar

from smartcard import scard

from ktpel_desktop.devices.simulator.virtual_card.linked import LinkedCard
from ktpel_desktop.devices.simulator.virtual_card.vpcd import serve

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SEEN = 8.0  # seconds until a card that nobody sees means that the reader itself hangs
PATIENCE = 20.0  # seconds for anything that needs a poll of pcscd (about 0.4 s), on a machine with other work

# The order is no order: pcscd numbers readers as its directory scan finds them.
_NAMES = {"encoder": "KTP Encoder", "sam": "SAM Reader", "check": "Check Reader"}
_PORTS = {"encoder": 0x8C7B, "sam": 0x8CE0, "check": 0x8D40}

# One copy of the driver per named reader: vpcd keeps its slots in globals. No hot-plug drivers: a reader that is
# plugged into this machine is not ours.
_SCRIPT = """
set -e
ip link set lo up
mount -t tmpfs tmpfs /run
mkdir -p /run/pcscd /run/lock /run/room/conf /run/room/none
while read -r role port name; do
  cp -L {driver} /run/room/$role.so
  printf 'FRIENDLYNAME "%s"\\nDEVICENAME /dev/null:%s\\nLIBPATH /run/room/%s.so\\nCHANNELID %s\\n' \
    "$name" "$port" "$role" "$port" > /run/room/conf/$role
done <<END
{readers}
END
export PCSCLITE_HP_DROPDIR=/run/room/none
pcscd --foreground -c /run/room/conf $(pcscd --help 2>&1 | grep -o -e '--disable-polkit' || true) </dev/null &
exec cat
"""

_T = TypeVar("_T")
_CLONE_NEWNET = 0x40000000
_GONE_WITH_SERVICE = frozenset({scard.SCARD_E_NO_SERVICE, scard.SCARD_E_SERVICE_STOPPED})


def _symlink() -> Path:
    return Path(tempfile.gettempdir()) / f"ktpel-pcsc-{os.getpid()}.comm"


def claim_client() -> Path:
    """Lead this process's libpcsclite to the room. Must come before its first use; where no room runs there is no
    service, and the machine's own one is never touched."""
    path = _symlink()
    os.environ["PCSCLITE_CSOCK_NAME"] = str(path)
    return path


def missing() -> str | None:
    """Why this machine cannot give the room, or None."""
    if os.geteuid() != 0:
        return "pcscd with a virtual reader needs root (namespaces)"
    for program, package in (("pcscd", "pcscd"), ("unshare", "util-linux"), ("ip", "iproute2")):
        if shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is None:
            return f"{program} is not installed (package {package})"
    if not DRIVER.exists():
        return "the virtual reader is not installed (package vsmartcard-vpcd)"
    tried = subprocess.run(
        ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "true"],
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    return None if tried.returncode == 0 else f"no namespaces here: {tried.stderr.decode().strip()}"


@cache
def the_room() -> PcscRoom:
    """The room of this test process, not started yet. There is one only: its libpcsclite has one name to look up, and
    a second room would take the first one's users while the first one's cards go on lying there."""
    return PcscRoom()


class LyingCard:
    """A card on a reader of the room."""

    def __init__(self, room: PcscRoom, card: LinkedCard, reader: str) -> None:
        self.card = card
        self.reader = reader
        self._room = room
        self._sock: socket.socket | None = None
        self._thread: Thread | None = None
        self._error: Exception | None = None
        self.events: int | None = None

    @property
    def lying(self) -> bool:
        """False when the card was taken away or has pulled itself, which its reader's user may know a moment before."""
        return self._thread is not None and self._thread.is_alive()

    def connect(self) -> None:
        """Touch the reader; the room waits until it is seen."""
        self._sock = self._room.dial(self.reader)
        self._thread = Thread(target=self._serve, args=(self._sock,), name=f"card-{self.reader}", daemon=True)
        self._thread.start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            serve(sock, self.card)
        except Exception as error:  # noqa: BLE001 - a test hears of it when the card is taken away
            self._error = error

    def take_away(self) -> None:
        """End the card's connection and wait until the reader is empty. Raises what went wrong in the card."""
        self.disconnect()
        self.wait_gone()

    def disconnect(self) -> None:
        """End the card's connection; nobody is waited for but the card itself."""
        if self._sock is not None:
            with suppress(OSError):  # pulled already
                self._sock.shutdown(socket.SHUT_RDWR)
        self.join(PATIENCE)
        assert not self.lying, "the card does not let go"

    def join(self, seconds: float) -> None:
        """Give the card's thread time to end."""
        if self._thread is not None:
            self._thread.join(seconds)

    def wait_gone(self) -> None:
        """Wait until the card has pulled itself (or was taken away) and the reader says it is empty."""
        self.join(PATIENCE)
        assert not self.lying, "the card is still there"
        self._room.forget(self)
        if self._room.running:
            self._room.wait_state(self.reader, present=False, not_after=self.events)
        error, self._error = self._error, None
        if error is not None:
            raise error


class PcscRoom:
    """pcscd with the readers "encoder", "sam" and "check".

    room.start(); handle = room.lay(card, reader="encoder"); …; handle.take_away(); room.stop()
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._first: int = 0
        self._log: IO[bytes] | None = None
        self._cards: list[LyingCard] = []
        self.readers: dict[str, str] = {}

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def cards(self) -> tuple[LyingCard, ...]:
        return tuple(self._cards)

    @property
    def log(self) -> str:
        """What pcscd said; only errors."""
        if self._log is None:
            return ""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def start(self) -> None:
        """Start the service and wait until all readers are listed; cards that lie there are found again."""
        assert not self.running, "the room is open already"
        link = claim_client()
        remove_old_links()
        readers = "\n".join(f"{role} {_PORTS[role]:#x} {name}" for role, name in _NAMES.items())
        script = _SCRIPT.format(driver=DRIVER, readers=readers)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the room
        path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
        self._process = subprocess.Popen(
            [
                "unshare",
                "--mount",
                "--net",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                "-c",
                script,
            ],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            env={**os.environ, "PATH": path},
        )
        try:
            self._first = self._wait(self._first_process, "the first process")
            comm = Path("/proc", str(self._first), "root", "run/pcscd/pcscd.comm")
            self._wait(comm.is_socket, "the service's socket")
            link.unlink(missing_ok=True)
            link.symlink_to(comm)
            self.readers = self._wait(self._find_readers, "the readers")
            for lying in self._cards:
                lying.connect()
            for lying in self._cards:
                lying.events = self.wait_state(lying.reader, present=True)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """The service dies at once, as by a crash. Cards stay where they lie and are found by the next start()."""
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()  # --kill-child: the others go with it
                process.wait(PATIENCE)
        _symlink().unlink(missing_ok=True)
        self.readers = {}
        for lying in self._cards:
            lying.join(PATIENCE)
        if self._log is not None:
            self._log.close()
            self._log = None

    def restart(self) -> None:
        """The service ends and another one begins; whatever lies on a reader still lies there."""
        self.stop()
        self.start()

    def lay(self, card: LinkedCard, reader: str = "encoder", *, patience: float = PATIENCE) -> LyingCard:
        """Lay a card on a reader and wait until the reader says so."""
        for before in self.cards:
            if before.reader == reader:
                before.join(1)  # it may be on its way out: who transmits hears of a removal before we do
                assert not before.lying, f"a card lies on {reader} already"
                before.wait_gone()
        lying = LyingCard(self, card, reader)
        lying.connect()
        self._cards.append(lying)
        try:
            lying.events = self.wait_state(reader, present=True, patience=min(patience, SEEN))
        except AssertionError:
            if patience < SEEN:
                raise
            self.restart()  # vpcd may go deaf after a card that failed; what lies here is found again
        return lying

    def clear(self) -> None:
        """Take all cards away; raises what went wrong in one of them."""
        lying = self.cards
        for each in lying:
            each.disconnect()
        for each in lying:
            each.wait_gone()

    def forget(self, lying: LyingCard) -> None:
        """The handle's part of removal."""
        if lying in self._cards:
            self._cards.remove(lying)

    def wait_state(
        self, reader: str, *, present: bool, not_after: int | None = None, patience: float = PATIENCE
    ) -> int:
        """Wait by events until a reader has, or has no, card; pcscd's count of insertions and removals there.

        `not_after` is a count that must have changed: where a card fails, pcscd says "empty" before it has looked, and
        a card that comes until it looks would never be reported.
        """
        result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        assert result == scard.SCARD_S_SUCCESS, scard.SCardGetErrorMessage(result)
        deadline = time.monotonic() + patience
        known, name = scard.SCARD_STATE_UNAWARE, self.readers[reader]
        wanted = scard.SCARD_STATE_PRESENT if present else scard.SCARD_STATE_EMPTY
        try:
            while True:
                left = max(0, int((deadline - time.monotonic()) * 1000))
                result, states = scard.SCardGetStatusChange(context, left, [(name, known)])
                if result == scard.SCARD_E_TIMEOUT:
                    raise AssertionError(f"{name}: no {'card' if present else 'removal'} in {patience} s")
                assert result == scard.SCARD_S_SUCCESS, scard.SCardGetErrorMessage(result)
                known = states[0][1] & ~scard.SCARD_STATE_CHANGED
                count = int(known >> 16)  # pcsclite.h: the upper half of an event state
                if known & wanted and count != not_after:
                    return count
        finally:
            scard.SCardReleaseContext(context)

    def dial(self, reader: str) -> socket.socket:
        """A connection into the room's network. A socket belongs to the network of the thread that made it."""
        made: list[socket.socket | BaseException] = []

        def enter() -> None:
            try:
                with Path(f"/proc/{self._first}/ns/net").open("rb") as net:
                    libc = ctypes.CDLL(None, use_errno=True)
                    if libc.setns(net.fileno(), _CLONE_NEWNET) != 0:
                        raise OSError(ctypes.get_errno(), "setns")
                made.append(socket.create_connection(("127.0.0.1", _PORTS[reader]), timeout=PATIENCE))
            except BaseException as error:  # noqa: BLE001 - raised again by the caller
                made.append(error)

        visitor = Thread(target=enter, name="into-the-room")  # its end is the way out
        visitor.start()
        visitor.join()
        if isinstance(made[0], BaseException):
            raise made[0]
        made[0].settimeout(None)
        return made[0]

    def _first_process(self) -> int:
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return int(children[0]) if children else 0

    def _find_readers(self) -> dict[str, str]:
        result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        if result in _GONE_WITH_SERVICE:
            return {}
        assert result == scard.SCARD_S_SUCCESS, scard.SCardGetErrorMessage(result)
        try:
            _, listed = scard.SCardListReaders(context, [])
        finally:
            scard.SCardReleaseContext(context)
        found = {role: f"{name} 00 00" for role, name in _NAMES.items() if f"{name} 00 00" in listed}
        if listed and not found:
            raise RuntimeError(f"libpcsclite was used before claim_client(): it sees {listed}")
        return found if len(found) == len(_NAMES) else {}

    def _wait(self, look: Callable[[], _T], what: str) -> _T:
        """Look until there is something to see: before the service runs, nothing could tell us by an event."""
        deadline = time.monotonic() + PATIENCE
        while not (seen := look()):
            if not self.running or time.monotonic() > deadline:
                raise RuntimeError(f"pcscd does not start, no sign of {what}: {self.log}")
            time.sleep(0.005)
        return seen


def remove_old_links() -> None:
    """Links of test processes that were killed."""
    for link in Path(tempfile.gettempdir()).glob("ktpel-pcsc-*.comm"):
        owner = link.stem.rsplit("-", 1)[-1]
        if not Path("/proc", owner).exists():
            link.unlink(missing_ok=True)
