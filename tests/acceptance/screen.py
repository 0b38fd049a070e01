"""A screen of its own (Xvfb) with a keyboard (xdotool), and the program in its window on it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PIL import Image, ImageGrab

from ktpel_desktop.training import people
from tests.acceptance.program import COMMAND

T = TypeVar("T")
PATIENCE = 60.0
"""A limit for a machine in trouble, never a measure."""
LISTENS = 2.0
"""How long a key may need until its effect is seen, before it is struck again."""


def until(look: Callable[[], T], what: str, seconds: float = PATIENCE) -> T:
    """Look until it is so; what was seen is returned."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.05)
    return seen


@contextmanager
def screen() -> Iterator[str]:
    """An X server on a free display, whose name is given. Skips where the machine has none."""
    for tool in ("Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            number = server.stdout.readline().strip()
            assert number.isdecimal(), "Xvfb did not start"
            yield f":{number}"
        finally:
            server.terminate()


@dataclass
class Program:
    """The program in its window, and somebody at it who has a keyboard only."""

    display: str
    folder: Path
    process: subprocess.Popen[bytes]

    # ------------------------------------------------------------ the eyes

    def windows(self) -> list[str]:
        """The numbers of the program's visible windows, the topmost last."""
        asked = ["xdotool", "search", "--all", "--onlyvisible", "--pid", str(self.process.pid), "--name", "."]
        done = subprocess.run(asked, env=self._environment, capture_output=True, text=True, check=False)
        return done.stdout.split()

    def picture(self) -> Image.Image:
        return ImageGrab.grab(xdisplay=self.display)

    def painted(self) -> bool:
        """Whether more than an empty window is to be seen."""
        colours = self.picture().convert("RGB").getcolors(1 << 20)
        return colours is not None and len(colours) > 100

    def still(self) -> None:
        """Wait until the picture stands still for a moment, as a person does before the next key."""
        end, same, before = time.monotonic() + LISTENS, 0, b""
        while same < 3 and time.monotonic() < end:
            time.sleep(0.08)
            now = self.picture().tobytes()
            same, before = (same + 1 if now == before else 0), now

    def query(self, sql: str, *values: object) -> list[Any]:
        """What the database says, read as anybody could."""
        path = self.folder / "ktpel.db"
        if not path.is_file():
            return []
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)) as database:
            return database.execute(sql, values).fetchall()

    def count(self, kind: str) -> int:
        """How many events of the kind the journal has."""
        return int(self.query("SELECT count(*) FROM event WHERE kind = ?", kind)[0][0])

    # ------------------------------------------------------------ the fingers

    def keys(self, *names: str) -> None:
        """Strike keys, each by its X name, such as "alt+1"."""
        self._focus()
        self._xdotool("key", "--delay", "40", *names)

    def type(self, text: str) -> None:
        self._focus()
        self._xdotool("type", "--delay", "20", text)

    def keys_until(self, name: str, look: Callable[[], T], what: str) -> T:
        """Strike the key, and again where nothing came of it: the page may not have been ready."""
        end = time.monotonic() + PATIENCE
        while True:
            if seen := look():
                return seen
            assert time.monotonic() < end, f"struck {name} in vain until {what}"
            self.keys(name)
            pause = time.monotonic() + LISTENS
            while time.monotonic() < pause:
                if seen := look():
                    return seen
                time.sleep(0.05)

    def _focus(self) -> None:
        """Where no window manager does it, the newest window is given the keyboard."""
        found = self.windows()
        assert found, "there is no window"
        self._xdotool("windowfocus", found[-1])

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self._environment, check=True, capture_output=True)

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.display}

    def log_in(self, username: str) -> None:
        """Sit down at the PC."""
        before = self.count("login.ok")
        self.still()
        self.type(username)
        self.keys("Tab")
        self.type(people.PASSWORD)
        self.keys_until("Return", lambda: self.count("login.ok") > before, f"{username} is logged in")
        self.still()

    # ------------------------------------------------------------ the end

    def told(self) -> str:
        """What the program wrote to its terminal."""
        return (self.folder.parent / "terminal.txt").read_text()

    def close(self) -> int:
        """Ask it to end, as a session manager does. Its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def program(
    display: str, folder: Path, *more: str, environment: Mapping[str, str] | None = None
) -> Iterator[Program]:
    """The program in training in `folder`, its window open and painted; `more` are further arguments."""
    hidden = {"QT_QPA_PLATFORM", "WAYLAND_DISPLAY"}
    around = {**os.environ, **(environment or {})}
    visible = {name: value for name, value in around.items() if name not in hidden}
    with (folder.parent / "terminal.txt").open("ab") as terminal:
        process = subprocess.Popen(
            [*COMMAND, "--latihan", "--data", str(folder), *more],
            env={**visible, "DISPLAY": display},
            stdout=terminal,
            stderr=terminal,
        )
    found = Program(display, folder, process)
    try:
        until(lambda: found.windows() or process.poll() is not None, "the window opens")
        assert process.poll() is None, found.told()
        until(found.painted, "the window is painted")
        yield found
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(PATIENCE)
