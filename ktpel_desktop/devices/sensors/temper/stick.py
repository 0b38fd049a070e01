"""How a TEMPer stick is found and asked, through hidapi. What it answers is read in `firmware`.

Sources: room.md 1.2 (commands, the nine bytes of a written report, interface 1, silence as the end of an answer, up to
ten tries for the firmware), 1.3 (only the USB port tells two sticks apart). On Linux hidapi's `hidraw` is used, which
leaves the kernel's driver where it is; its `hid` (libusb) would detach it.
"""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.devices.sensors.temper.firmware import REPORT

ASK_FIRMWARE = bytes.fromhex("0186ff0100000000")
ASK_DATA = bytes.fromhex("0180330100000000")

HID_IDS = frozenset(
    {(0x0C45, 0x7401), (0x0C45, 0x7402), (0x413D, 0x2107), (0x1A86, 0xE025), (0x3553, 0xA001)}
)
OTHER_PROTOCOL_IDS = frozenset({(0x1130, 0x660C)})
"""HidTEMPer of 2009 speaks control messages of 32 bytes, which nobody here could try."""

_FIRMWARE_TRIES = 10
_SILENCE_MS = 200
_MOST_REPORTS = 8
"""More than four times the longest answer: a stick that goes on is not answering (the TXT button types readings)."""
_LONGEST_S = 0.7
"""For one answer: two reports and the silence behind them take a third of it."""
_KEYBOARD = (1, 6)


class HidHandle(Protocol):
    """An open device, as hidapi has it: `read` gives numbers, none at the end of its time."""

    def open_path(self, device_path: bytes) -> None: ...
    def write(self, buff: bytes) -> int: ...
    def read(self, max_length: int, timeout_ms: int) -> list[int]: ...
    def close(self) -> None: ...


class HidLibrary(Protocol):
    """What is used of hidapi's module."""

    def enumerate(self, vendor_id: int = 0, product_id: int = 0) -> Sequence[dict[str, Any]]: ...
    def device(self) -> HidHandle: ...


def hid_library() -> HidLibrary:
    """hidapi as it is installed here. Raises DeviceError "temper.no_library"."""
    for name in ("hidraw", "hid"):  # hidraw exists on Linux only
        try:
            return cast(HidLibrary, importlib.import_module(name))
        except ImportError:
            continue
    raise DeviceError("temper.no_library")


@dataclass(frozen=True, slots=True)
class Found:
    """A stick that is plugged in: where the library opens it, and the USB port that it sits in."""

    path: bytes
    port: str


def find(library: HidLibrary, sysfs: Path = Path("/sys/class/hidraw")) -> tuple[Found, ...]:
    """The sticks that are plugged in, each once, by the interface that answers.

    Raises DeviceError "temper.model_unsupported" where only a stick with another protocol is there.
    """
    found: dict[bytes, Found] = {}
    foreign = False
    try:
        entries = [dict(entry) for entry in library.enumerate()]
    except OSError:
        entries = []
    for entry in entries:
        ids = (entry.get("vendor_id"), entry.get("product_id"))
        foreign = foreign or ids in OTHER_PROTOCOL_IDS
        path = entry.get("path")
        if ids in HID_IDS and isinstance(path, bytes) and _answers(entry):
            found[path] = Found(path, port_of(path, sysfs))
    if foreign and not found:
        raise DeviceError("temper.model_unsupported")
    return tuple(sorted(found.values(), key=lambda stick: stick.port))


def _answers(entry: dict[str, Any]) -> bool:
    """Interface 1 answers; interface 0 is a keyboard. Some systems do not number interfaces (-1)."""
    interface = entry.get("interface_number", -1)
    keyboard = (entry.get("usage_page"), entry.get("usage")) == _KEYBOARD
    return interface == 1 or (interface == -1 and not keyboard)


def port_of(path: bytes, sysfs: Path = Path("/sys/class/hidraw")) -> str:
    """The USB port of a device path, the same after unplugging and plugging in again where the system tells it.

    hidraw: by sysfs, such as "1-2.3"; libusb: in the path itself; Windows: the instance part of the path.
    """
    text = path.decode("utf-8", "replace")
    if text.startswith("/dev/"):
        try:
            text = str((sysfs / Path(text).name / "device").resolve(strict=True))
        except OSError:
            return text
    chains = re.findall(r"(?:^|/)(\d+-\d+(?:\.\d+)*):\d+\.\d+", text)
    if chains:
        return str(chains[-1])
    instance = re.fullmatch(r"\\\\\?\\hid#[^#]*#([^#]*)#.*", text, re.IGNORECASE)
    return instance.group(1) if instance else text


class Stick:
    """One stick, open. Every call is bounded in time and in bytes."""

    def __init__(self, handle: HidHandle, clock: Callable[[], float] = time.monotonic) -> None:
        self._handle = handle
        self._clock = clock

    def firmware(self, within_s: float = 5.0) -> bytes:
        """The whole answer to the question for the firmware, asked again while it comes short (room.md 1.2).

        Raises DeviceError "temper.silent", "temper.short", "temper.garbled", "temper.unplugged".
        """
        ends, answer = self._clock() + within_s, b""
        for _ in range(_FIRMWARE_TRIES):
            answer = self._ask(ASK_FIRMWARE)
            if len(answer) >= 2 * REPORT:
                return answer
            if not answer:
                raise DeviceError("temper.silent")
            if self._clock() >= ends:
                break
        raise DeviceError("temper.short", raw=answer.hex())

    def data(self) -> bytes:
        """The whole answer to the question for the data. Raises DeviceError as `firmware`."""
        answer = self._ask(ASK_DATA)
        if not answer:
            raise DeviceError("temper.silent")
        return answer

    def _ask(self, command: bytes) -> bytes:
        try:
            for _ in range(_MOST_REPORTS):  # what was left over from before
                if not self._handle.read(REPORT, 1):
                    break
            if self._handle.write(b"\0" + command) < 0:
                raise DeviceError("temper.unplugged")
            reports: list[bytes] = []
            ends = self._clock() + _LONGEST_S
            while report := bytes(self._handle.read(REPORT, _SILENCE_MS)):
                reports.append(report)
                if len(reports) > _MOST_REPORTS or self._clock() >= ends:
                    raise DeviceError("temper.garbled", raw=b"".join(reports).hex())
        except (OSError, ValueError):  # hidapi: unplugged, or not open any more
            raise DeviceError("temper.unplugged") from None
        return b"".join(reports)


@contextmanager
def opened(library: HidLibrary, found: Found) -> Iterator[Stick]:
    """The stick, open for one action. Raises DeviceError "temper.no_access"."""
    handle = library.device()
    try:
        handle.open_path(found.path)
    except OSError:
        raise DeviceError("temper.no_access") from None
    try:
        yield Stick(handle)
    finally:
        handle.close()
