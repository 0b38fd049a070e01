"""NUT's own server and dummy driver, started for one test on a free port with files in a folder of its own.

They run as the user of the tests (`-u`), who need not be root; NUT's own user would have to be let into the folder.
/sbin/upsd is a wrapper that does nothing without a system-wide setting; /lib/nut/upsd is the server (feasibility.md 5).
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

UPSD, DUMMY = Path("/lib/nut/upsd"), Path("/lib/nut/dummy-ups")


class NutServer:
    """A running server. Device dumps are files of `name: value` lines, read again within seconds when edited."""

    def __init__(self, folder: Path, port: int) -> None:
        self.etc, self.run = folder / "etc", folder / "run"
        self.port = port
        self.drivers: dict[str, subprocess.Popen[bytes]] = {}

    def write(self, ups: str, dump: str) -> None:
        """Put a device dump in place, whole."""
        fresh = self.etc / f"{ups}.new"
        fresh.write_text(dump)
        fresh.replace(self.etc / f"{ups}.dev")

    def kill_driver(self, ups: str) -> None:
        self.drivers[ups].kill()
        self.drivers[ups].wait(10)

    def stop_driver(self, ups: str) -> None:
        """The driver hangs: it is there and says nothing."""
        self.drivers[ups].send_signal(signal.SIGSTOP)


@contextmanager
def nut_server(dumps: Mapping[str, str], max_age_s: int = 15) -> Iterator[NutServer]:
    """A server with one dummy driver per device dump; everything is ended and removed afterwards, come what may."""
    if not (UPSD.exists() and DUMMY.exists() and shutil.which("upsc")):
        pytest.skip("nut-server or nut-client is not installed (.tools/system-packages.txt)")
    # /tmp, for a unix socket's path may have 107 characters
    folder = Path(tempfile.mkdtemp(prefix="ktpel-nut-"))
    server = NutServer(folder, _free_port())
    started: list[subprocess.Popen[bytes]] = []
    try:
        _configure(server, dumps, max_age_s)
        environment = {
            **os.environ,
            "NUT_CONFPATH": str(server.etc),
            "NUT_STATEPATH": str(server.run),
            "NUT_ALTPIDPATH": str(server.run),
        }
        user = pwd.getpwuid(os.geteuid()).pw_name
        for ups in dumps:
            driver = [str(DUMMY), "-F", "-a", ups, "-u", user]
            server.drivers[ups] = _started(driver, environment, server, started)
        _started([str(UPSD), "-F", "-u", user], environment, server, started)
        for ups in dumps:
            _wait_for(server, ups)
        yield server
    finally:
        for process in reversed(started):  # SIGKILL ends a stopped driver, too
            process.kill()
            process.wait(10)
        shutil.rmtree(folder)


def _configure(server: NutServer, dumps: Mapping[str, str], max_age_s: int) -> None:
    server.etc.mkdir()
    server.run.mkdir()
    sections = [f"[{ups}]\n driver = dummy-ups\n port = {server.etc / ups}.dev\n" for ups in dumps]
    files = {
        "ups.conf": "pollinterval = 1\n" + "".join(sections),
        "upsd.conf": f"LISTEN 127.0.0.1 {server.port}\nMAXAGE {max_age_s}\n",
        "upsd.users": "",
    }
    for name, text in files.items():
        (server.etc / name).write_text(text)
    for ups, dump in dumps.items():
        server.write(ups, dump)


def _started(
    command: list[str],
    environment: dict[str, str],
    server: NutServer,
    started: list[subprocess.Popen[bytes]],
) -> subprocess.Popen[bytes]:
    with (server.etc.parent / "log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    started.append(process)
    return process


def _wait_for(server: NutServer, ups: str) -> None:
    """Until NUT's own client gets the first data; before that the status is WAIT."""
    ends = time.monotonic() + 30
    while True:
        asked = ["upsc", f"{ups}@127.0.0.1:{server.port}", "ups.status"]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=False)
        if done.returncode == 0 and done.stdout.strip() not in ("", "WAIT"):
            return
        log = server.etc.parent / "log"
        assert time.monotonic() < ends, done.stdout + done.stderr + log.read_text()
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
