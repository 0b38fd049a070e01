"""A CUPS server and an IPP card printer of the test's own, under one folder and on free ports of loopback.

Nothing of the machine's own CUPS is read or written: own configuration, spool and ServerBin (the machine's filters
by link, a backend of ours beside them); no D-Bus, no browsing. feasibility.md 4 and its appendices A and B say how.
ippeveprinter refuses to start without Avahi; a stand-in for Avahi's client library (avahi_stand_in.c) tells it that
it was announced, so that nothing is announced, no daemon is needed and any user may run it.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
SERVER_BIN = Path("/usr/lib/cups")
PROGRAMS = ("cupsd", "lpadmin", "ippeveprinter", "gcc", "lp")
ENOUGH = 20.0
OPERATOR = "operator"
"""Who prints: like an office's person no member of the system group, so that CUPS's rules about owners hold."""
_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])

CUPSD_CONF = """
LogLevel debug
Listen 127.0.0.1:{port}
Listen {folder}/cups.sock
Browsing Off
DefaultAuthType None
WebInterface No
PreserveJobHistory Yes
PreserveJobFiles No
JobRetryInterval 1
JobRetryLimit 100
JobKillDelay 2
<Location />
  Order allow,deny
  Allow localhost
</Location>
<Location /admin>
  Order allow,deny
  Allow localhost
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues default
  <Limit Cancel-Job Hold-Job Release-Job Set-Job-Attributes Cancel-My-Jobs Close-Job Send-Document>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
"""Jobs are owned and private as in the configuration that Debian ships; managing queues takes no password here."""

CUPS_FILES_CONF = """
SystemGroup sys root
User {user}
Group {group}
ServerRoot {folder}/root
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/state
ServerBin {folder}/bin
DataDir /usr/share/cups
AccessLog {folder}/log/access_log
ErrorLog {folder}/log/error_log
PageLog {folder}/log/page_log
LogFileGroup {group}
FileDevice Yes
"""

CAPTURE = """#!/bin/sh
# CUPS backend of the tests: keeps the bytes, or behaves as the file "mood" beside them says.
[ $# -eq 0 ] && exit 0
folder="${DEVICE_URI#tangkap:}"
mood=$(cat "$folder/mood" 2>/dev/null)
while [ "$mood" = wait ]; do
  sleep 0.1
  mood=$(cat "$folder/mood" 2>/dev/null)
done
case "$mood" in
  jam)   echo "STATE: +media-jam-error" >&2; echo "ERROR: kartu macet" >&2; sleep 60; exit 1 ;;
  empty) echo "STATE: +media-empty-error" >&2; while [ "$(cat "$folder/mood")" = empty ]; do sleep 0.1; done
         echo "STATE: -media-empty-error" >&2 ;;
  fail)  exit 1 ;;   # the queue's error policy decides
  stop)  exit 4 ;;   # CUPS_BACKEND_STOP: the queue stops
  hold)  exit 3 ;;   # CUPS_BACKEND_HOLD: the job is held
  cancel) exit 5 ;;  # CUPS_BACKEND_CANCEL
esac
part="$folder/.job$1"
if [ -n "$6" ]; then cat "$6" > "$part"; else cat > "$part"; fi
printf '%s' "$3" > "$folder/job$1.title"
mv "$part" "$folder/job$1.bin"
"""


PRINTING = """#!/bin/sh
# ippeveprinter's print command: without one it makes believe for 5 to 15 seconds. "mood" as in CAPTURE.
mood=$(cat "{folder}/mood" 2>/dev/null)
case "$mood" in
  wait) while [ "$(cat "{folder}/mood" 2>/dev/null)" = wait ]; do sleep 0.1; done ;;
  fail) echo "ERROR: macet" >&2; exit 1 ;;
  empty) echo "STATE: +media-empty" >&2
         while [ "$(cat "{folder}/mood" 2>/dev/null)" = empty ]; do sleep 0.1; done
         echo "STATE: -media-empty" >&2 ;;
esac
exit 0
"""


def missing() -> list[str]:
    """What the machine lacks for these tests."""
    return [name for name in PROGRAMS if shutil.which(name, path=_PATH) is None]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: Callable[[], object], told: str, seconds: float = ENOUGH) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, told
        time.sleep(0.02)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Started:
    """A child process that is ended, whatever happened."""

    process: subprocess.Popen[bytes]

    def stop(self, patience: float = 5.0) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@dataclass
class CupsServer:
    """The server, its queues, and what came out of them."""

    folder: Path
    port: int
    _child: Started | None = None
    _queues: list[str] = field(default_factory=list)
    _captures: list[Path] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sock(self) -> str:
        return str(self.folder / "cups.sock")

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("LANG", "HOME") if name in os.environ}
        return {**kept, "PATH": _PATH, "CUPS_SERVER": f"127.0.0.1:{self.port}"}

    def start(self) -> None:
        arguments = ["cupsd", "-f", "-c", str(self.folder / "cupsd.conf")]
        arguments += ["-s", str(self.folder / "cups-files.conf")]
        log = (self.folder / "log" / "cupsd.out").open("ab")
        with log:
            child = subprocess.Popen(arguments, stdout=log, stderr=log, env=self.environment)
        self._child = Started(child)
        wait_for(lambda: answers(self.port) or child.poll() is not None, "cupsd does not answer")
        assert child.poll() is None, self.log()

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None

    def log(self) -> str:
        logs = [self.folder / "log" / name for name in ("cupsd.out", "error_log")]
        return "\n".join(path.read_text("utf-8", "replace") for path in logs if path.exists())

    def run(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if "Unable to connect" in done.stderr:  # seen now and then while CUPS makes a driverless queue
            done = self._run(*arguments)
        assert done.returncode == 0, (arguments, done.stderr, self.log()[-3000:])
        return done.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            arguments, env=self.environment, check=False, capture_output=True, text=True, timeout=60
        )

    def add_capture(self, name: str, *options: str, ppd: Path | None = None) -> Path:
        """A queue whose bytes land in the folder returned; raw, or with the filters of a PPD."""
        folder = self.folder / "out" / name
        folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder, *_server_account())
        model = ["-m", "raw"] if ppd is None else ["-P", str(ppd)]
        self.run("lpadmin", "-p", name, "-E", "-v", f"tangkap:{folder}", *model, *options)
        self._queues.append(name)
        self._captures.append(folder)
        return folder

    def add(self, name: str, uri: str, model: str, *options: str) -> None:
        self.run("lpadmin", "-p", name, "-E", "-v", uri, "-m", model, *options)
        self._queues.append(name)

    def remove(self, name: str) -> None:
        self.run("lpadmin", "-x", name)
        self._queues.remove(name)

    def clear(self) -> None:
        """Queues as at the start: nothing waiting, nothing kept, nothing stopped."""
        for folder in self._captures:
            for path in folder.iterdir():
                path.unlink(missing_ok=True)
        self.run("cancel", "-a", "-x")
        for name in self._queues:
            self.run("cupsenable", name)
            self.run("cupsaccept", name)


def mood(folder: Path, word: str) -> None:
    """What the backend does with the next job; an empty word lets it print."""
    fresh = folder / ".mood"
    fresh.write_text(word)
    fresh.replace(folder / "mood")


def captured(folder: Path) -> list[bytes]:
    """What came out of a queue, in the order of the jobs."""
    files = sorted(folder.glob("job*.bin"), key=lambda path: int(path.stem.removeprefix("job")))
    return [path.read_bytes() for path in files]


def _server_account() -> tuple[str, str]:
    """CUPS refuses to run its programs as root; as another user it can only be that user."""
    if os.geteuid() == 0:
        return ("lp", "lp")
    return (pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name)


def _lay_out(folder: Path, port: int) -> None:
    user, group = _server_account()
    for name in (
        "root",
        "root/ppd",
        "spool",
        "spool/tmp",
        "cache",
        "state",
        "state/certs",
        "log",
        "out",
        "bin",
    ):
        (folder / name).mkdir()
        if os.geteuid() == 0 and name.split("/")[0] in {"spool", "cache", "state"}:
            shutil.chown(folder / name, "root", group)
            (folder / name).chmod(0o770)
    for part in SERVER_BIN.iterdir():
        if part.name != "backend":
            (folder / "bin" / part.name).symlink_to(part)
    backends = folder / "bin" / "backend"
    backends.mkdir()
    for name in ("ipp", "socket"):
        (backends / name).symlink_to(SERVER_BIN / "backend" / name)
    (backends / "tangkap").write_text(CAPTURE)
    (backends / "tangkap").chmod(0o755)
    values = {"folder": folder, "port": port, "user": user, "group": group}
    (folder / "cupsd.conf").write_text(CUPSD_CONF.format(**values))
    (folder / "cups-files.conf").write_text(CUPS_FILES_CONF.format(**values))


@contextmanager
def running() -> Iterator[CupsServer]:
    """A server in a fresh folder that others (the account lp) may enter; gone afterwards."""
    with ExitStack() as cleaning:
        folder = Path(tempfile.mkdtemp(prefix="ktpel-cups-"))
        cleaning.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        port = free_port()
        _lay_out(folder, port)
        server = CupsServer(folder, port)
        cleaning.callback(server.stop)
        server.start()
        yield server


@dataclass
class IppPrinter:
    """A running ippeveprinter; what it printed lies in `folder`."""

    folder: Path
    port: int
    mood_folder: Path

    @property
    def uri(self) -> str:
        return f"ipp://localhost:{self.port}/ipp/print"

    def printed(self) -> list[Path]:
        """The documents it got, in the order of the jobs."""
        found = [path for path in self.folder.iterdir() if path.name.split("-")[0].isdigit()]
        return sorted(found, key=lambda path: int(path.name.split("-")[0]))


@contextmanager
def ipp_printer(name: str, attributes: Path | None = None) -> Iterator[IppPrinter]:
    """ippeveprinter with the attributes of a file, or an office printer that takes PDF (see above)."""
    with ExitStack() as cleaning:
        folder = Path(tempfile.mkdtemp(prefix="ktpel-ipp-"))
        cleaning.callback(shutil.rmtree, folder, ignore_errors=True)
        stand_in, pages, port = folder / "avahi.so", folder / "pages", free_port()
        pages.mkdir()
        subprocess.run(
            ["gcc", "-shared", "-fPIC", "-w", "-o", str(stand_in), str(HERE / "avahi_stand_in.c")], check=True
        )
        arguments = ["ippeveprinter", "-v", "-p", str(port), "-n", "localhost", "-k", "-d", str(pages)]
        command = folder / "print"
        command.write_text(PRINTING.format(folder=folder))
        command.chmod(0o755)
        arguments += ["-c", str(command)]
        arguments += ["-f", "application/pdf"] if attributes is None else ["-a", str(attributes)]
        arguments.append(name)
        environment = {"PATH": _PATH, "LD_PRELOAD": str(stand_in), "HOME": str(folder), "TMPDIR": str(folder)}
        with (folder / "log").open("wb") as log:
            child = subprocess.Popen(arguments, stdout=log, stderr=log, env=environment, cwd=folder)
        cleaning.callback(Started(child).stop)
        wait_for(lambda: answers(port) or child.poll() is not None, "ippeveprinter does not answer")
        assert child.poll() is None, (folder / "log").read_text("utf-8", "replace")
        yield IppPrinter(pages, port, folder)
