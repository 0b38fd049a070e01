"""A simulated HID device that speaks the bytes of a TEMPer stick, behind the interface of hidapi's module.

Written from room.md 1.2 and not from the driver: reports of eight bytes, a short answer leaves the tail of the report
before it, a keyboard on interface 0, nothing after being unplugged.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

FIRMWARE, DATA = bytes.fromhex("0186ff0100000000"), bytes.fromhex("0180330100000000")


def told(name: str, padding: bytes | None = None) -> bytes:
    """The two reports with which a stick tells its firmware; without padding the tail is left over from before."""
    text = name.encode()
    if padding is not None:
        return text.ljust(16, padding)
    first, second = text[:8].ljust(8, b"\0"), text[8:16]
    return first + second + first[len(second) :]


@dataclass
class Stick:
    """One stick in one USB port. The last answer repeats for ever; an empty one is silence."""

    firmware: bytes = told("TEMPer2_V4.1", b"\0")
    answers: list[bytes] = field(default_factory=lambda: [bytes.fromhex("800109ca4e200000")])
    ids: tuple[int, int] = (0x3553, 0xA001)
    port: str = "1-2"
    firmware_short: int = 0
    """How many of the first answers to the question for the firmware come without their second report."""
    left_over: bytes = b""
    babbles: bool = False
    locked: bool = False
    unplug_at_write: int = -1
    """Before the answer to which command (counted from 0) it is pulled."""
    unplugged: bool = False
    written: list[bytes] = field(default_factory=list)
    opened: int = 0

    @property
    def path(self) -> bytes:
        return f"{self.port}:1.1".encode()

    def answer(self, command: bytes) -> bytes:
        if command == FIRMWARE:
            if self.firmware_short:
                self.firmware_short -= 1
                return self.firmware[:8]
            return self.firmware
        if command == DATA:
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return b""


class Handle:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._stick: Stick | None = None
        self._queue: deque[bytes] = deque()

    def open_path(self, device_path: bytes) -> None:
        for stick in self._library.sticks:
            if stick.path == device_path and not stick.locked and not stick.unplugged:
                self._stick = stick
                stick.opened += 1
                if stick.left_over:
                    self._queue.append(stick.left_over)
                return
        raise OSError("open failed")

    def write(self, buff: bytes) -> int:
        stick = self._there()
        assert (len(buff), buff[0]) == (9, 0), "hidapi wants the report id and eight bytes"
        if stick.unplugged:
            return -1
        stick.written.append(bytes(buff[1:]))
        answer = stick.answer(bytes(buff[1:]))
        self._queue.extend(answer[start : start + 8] for start in range(0, len(answer), 8))
        if stick.unplug_at_write == len(stick.written) - 1:
            stick.unplugged = True
        return len(buff)

    def read(self, max_length: int, timeout_ms: int) -> list[int]:
        assert timeout_ms > 0, "hidapi waits for ever on 0"
        stick = self._there()
        if stick.unplugged:
            raise OSError("read error")
        if stick.babbles:
            return [0, 0, 4, 0, 0, 0, 0, 0]
        return list(self._queue.popleft()[:max_length]) if self._queue else []

    def close(self) -> None:
        if self._stick is not None:
            self._stick.opened -= 1
        self._stick = None

    def _there(self) -> Stick:
        if self._stick is None:
            raise ValueError("not open")
        return self._stick


class Library:
    """hidapi's module, with sticks in it. Interface 0 of each stick is its keyboard."""

    def __init__(self, *sticks: Stick, foreign: Sequence[dict[str, Any]] = ()) -> None:
        self.sticks = list(sticks)
        self._foreign = list(foreign)

    def enumerate(self, vendor_id: int = 0, product_id: int = 0) -> list[dict[str, Any]]:
        found = list(self._foreign)
        for stick in self.sticks:
            if stick.unplugged:
                continue
            ids = {"vendor_id": stick.ids[0], "product_id": stick.ids[1]}
            keyboard = stick.path.replace(b":1.1", b":1.0")
            found.append({**ids, "path": keyboard, "interface_number": 0, "usage_page": 1, "usage": 6})
            found.append({**ids, "path": stick.path, "interface_number": 1, "usage_page": 0xFF00, "usage": 1})
            found.append({**ids, "path": stick.path, "interface_number": 1, "usage_page": 1, "usage": 0})
        return found

    def device(self) -> Handle:
        return Handle(self)
