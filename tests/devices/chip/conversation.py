"""A card that says what the test wrote down: (sent, answered), in order, in hexadecimal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from ktpel_desktop.core.errors import DeviceError

Answer = str | DeviceError
T = TypeVar("T")


class Conversation:
    """Implements CardConnection. Another command than the expected one fails the test at once."""

    def __init__(self, *lines: tuple[str, Answer], atr: bytes = b"") -> None:
        self._lines = [(bytes.fromhex(sent), answer) for sent, answer in lines]
        self._at = 0
        self._atr = atr

    @property
    def atr(self) -> bytes:
        return self._atr

    def transmit(self, command: bytes) -> bytes:
        assert self._at < len(self._lines), f"nothing more was expected, but came {command.hex().upper()}"
        sent, answer = self._lines[self._at]
        self._at += 1
        assert command.hex().upper() == sent.hex().upper()
        if isinstance(answer, DeviceError):
            raise answer
        return bytes.fromhex(answer)

    def reader_most(self) -> int | None:
        return None

    def over(self) -> bool:
        """Whether everything was said."""
        return self._at == len(self._lines)


class Talking:
    """A card that answers by a function, and counts."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer
        self.sent: list[bytes] = []

    @property
    def atr(self) -> bytes:
        return b""

    def transmit(self, command: bytes) -> bytes:
        self.sent.append(command)
        assert len(self.sent) < 5000, "the program talks on and on"
        return self._answer(command)

    def reader_most(self) -> int | None:
        return None


def outcome(act: Callable[[], T]) -> T | DeviceError:
    """What came of it: a value or the declared kind of error; any other error fails the test."""
    try:
        return act()
    except DeviceError as error:
        return error


@contextmanager
def whole(*lines: tuple[str, Answer]) -> Iterator[Conversation]:
    """A conversation that must have been held to its end."""
    conversation = Conversation(*lines)
    yield conversation
    assert conversation.over(), "something expected was not said"
