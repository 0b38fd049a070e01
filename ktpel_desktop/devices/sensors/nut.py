"""Network UPS Tools over its TCP protocol: what the UPS says of the mains, of its load and of the air.

Source: room.md 2.2 (RFC 9271 and NUT's net-protocol.txt and nut-names.txt: names, quoting, numbers with a point and
no exponent, error words), 1.8 (`ambient.*`; never `ups.temperature`, which is inside the UPS). No login is needed to
read, so none is made; nothing is ever set. Answers are bounded in bytes, and the whole action in time.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import NoReturn, Self

from ktpel_desktop.core.errors import DeviceError

PORT = 3493
_LONGEST_LINE = 4096
_LONGEST_ANSWER = 256 * 1024
_NAME = re.compile(r"[A-Za-z0-9_.\-]{1,128}")
_VAR = re.compile(r'VAR (\S+) (\S+) "((?:[^"\\]|\\.)*)"')
_UPS = re.compile(r'UPS (\S+) "((?:[^"\\]|\\.)*)"')


class NutClient:
    """One conversation with a NUT server, open for one action.

    Raises DeviceError: "ups.unreachable", "ups.silent", "ups.connection_lost", "ups.garbled", "ups.stale",
    "ups.driver_gone", "ups.unknown", "ups.access_denied", "ups.refused".
    """

    def __init__(self, host: str, port: int = PORT, timeout_s: float = 3.0) -> None:
        self._ends = time.monotonic() + timeout_s
        self._rest = b""
        self._taken = 0
        try:
            self._socket = socket.create_connection((host, port), timeout=timeout_s)
        except TimeoutError:
            raise DeviceError("ups.silent") from None
        except (OSError, UnicodeError, OverflowError):
            raise DeviceError("ups.unreachable") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def list_ups(self) -> dict[str, str]:
        """Names and descriptions of the UPSes that the server knows."""
        return {entry[0]: entry[1] for entry in self._list("UPS", _UPS)}

    def list_vars(self, ups: str) -> dict[str, str]:
        """Every variable of a UPS."""
        found: dict[str, str] = {}
        for owner, name, value in self._list(f"VAR {_checked(ups)}", _VAR):
            if owner != ups:
                raise DeviceError("ups.garbled")
            found[name] = value
        return found

    def _list(self, what: str, shape: re.Pattern[str]) -> Iterator[tuple[str, ...]]:
        if self._asked(f"LIST {what}") != f"BEGIN LIST {what}":
            raise DeviceError("ups.garbled")
        while (line := self._line()) != f"END LIST {what}":
            entry = shape.fullmatch(line)
            if entry is None:
                raise DeviceError("ups.garbled")
            *names, value = entry.groups()
            yield (*names, _plain(value))

    def _asked(self, command: str) -> str:
        try:
            self._socket.settimeout(self._left())
            self._socket.sendall(command.encode("ascii") + b"\n")
        except TimeoutError:
            raise DeviceError("ups.silent") from None
        except OSError:
            raise DeviceError("ups.connection_lost") from None
        line = self._line()
        if line == "ERR" or line.startswith("ERR "):
            _refuse(line[4:].split(" ")[0])
        return line

    def _line(self) -> str:
        while b"\n" not in self._rest:
            if len(self._rest) > _LONGEST_LINE or self._taken > _LONGEST_ANSWER:
                raise DeviceError("ups.garbled")
            try:
                self._socket.settimeout(self._left())
                more = self._socket.recv(4096)
            except TimeoutError:
                raise DeviceError("ups.silent") from None
            except OSError:
                raise DeviceError("ups.connection_lost") from None
            if not more:
                raise DeviceError("ups.connection_lost")
            self._taken += len(more)
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        if len(line) > _LONGEST_LINE:
            raise DeviceError("ups.garbled")
        return line.decode("utf-8", "replace").rstrip("\r")

    def _left(self) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise DeviceError("ups.silent")
        return left


def number(variables: Mapping[str, str], name: str) -> float | None:
    """A variable as a number; None where the UPS does not have it. Raises DeviceError "ups.nonsense".

    NUT writes a point, no exponent, and leading zeros (`023.4`).
    """
    text = variables.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", text, re.ASCII):
        raise DeviceError("ups.nonsense", variable=name, raw=text[:40])
    return float(text)


def _checked(name: str) -> str:
    # A name from the settings with a space or a line break would be another command.
    if not _NAME.fullmatch(name):
        raise DeviceError("ups.unknown")
    return name


def _plain(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted)


def _refuse(word: str) -> NoReturn:
    match word:
        case "DATA-STALE":
            raise DeviceError("ups.stale")
        case "DRIVER-NOT-CONNECTED":
            raise DeviceError("ups.driver_gone")
        case "UNKNOWN-UPS":
            raise DeviceError("ups.unknown")
        case "ACCESS-DENIED" | "USERNAME-REQUIRED" | "PASSWORD-REQUIRED" | "INVALID-PASSWORD":
            raise DeviceError("ups.access_denied")
        case _:
            raise DeviceError("ups.refused", word=word[:40])
