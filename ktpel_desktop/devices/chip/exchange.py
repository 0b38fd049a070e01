"""Processors between commands and the bytes of a connection, each holding the next (as in yubikey-manager).

    WholeAnswers      61xx: GET RESPONSE; 6Cxx: once more with the right Le
    CommandChaining   data longer than one APDU, in parts (CLA bit 5)
    Encoding          bytes, short or extended

ISO/IEC 7816-4, 5.1.1 and 5.3; ISO/IEC 7816-3, 12.2.1. No loop is longer than an honest card needs.
"""

from __future__ import annotations

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.chip.apdu import MOST_ANSWER, Command, Response, Sender
from ktpel_desktop.devices.chip.capabilities import SHORT, Capabilities
from ktpel_desktop.devices.chip.connection import CardConnection
from ktpel_desktop.devices.chip.status_words import SW, more_waiting, right_le

_CHAINED = 0x10
_GET_RESPONSE = 0xC0
_MOST_ROUNDS = 300
"""GET RESPONSE in full parts of 256 bytes gives the largest answer in 256 rounds."""


def exchange(connection: CardConnection, capabilities: Capabilities = SHORT) -> Sender:
    """The whole chain over one card."""
    return WholeAnswers(CommandChaining(Encoding(connection), capabilities))


class Encoding:
    """Commands as bytes: the short form wherever it holds the command."""

    def __init__(self, connection: CardConnection) -> None:
        self._connection = connection

    def send(self, command: Command) -> Response:
        return Response.parse(self._connection.transmit(command.encode(command.needs_extended)))


class CommandChaining:
    """Data longer than one APDU may hold, in parts. Le goes with the last part.

    Raises ValueError for a command that this card cannot be sent at all.
    """

    def __init__(self, following: Sender, capabilities: Capabilities) -> None:
        self._following = following
        self._most = capabilities.most_data
        self._allowed = capabilities.chaining
        self._extended = capabilities.extended

    def send(self, command: Command) -> Response:
        if (command.le or 0) > SHORT.most_answer and not self._extended:
            raise ValueError("the card takes short APDUs only")
        if len(command.data) <= self._most:
            return self._following.send(command)
        if not self._allowed:
            raise ValueError(f"the card takes {self._most} bytes of data in one command and no chaining")
        return self._send_in_parts(command)

    def _send_in_parts(self, command: Command) -> Response:
        data = command.data
        last = (len(data) - 1) // self._most * self._most
        header = (command.cla | _CHAINED, command.ins, command.p1, command.p2)
        for at in range(0, last, self._most):
            answer = self._following.send(Command(*header, data[at : at + self._most]))
            if answer.sw != SW.OK:
                return answer
        return self._following.send(
            Command(command.cla, command.ins, command.p1, command.p2, data[last:], command.le)
        )


class WholeAnswers:
    """Answers that come in parts, or only after the right length was asked for (T=0, and some readers at T=1)."""

    def __init__(self, following: Sender) -> None:
        self._following = following

    def send(self, command: Command) -> Response:
        answer = self._following.send(command)
        le = right_le(answer.sw)
        if le is not None and command.le is not None:
            answer = self._after_first(command.with_le(le))
            if right_le(answer.sw) is not None:
                raise DeviceError("chip.answer_malformed", Effect.UNKNOWN)
        if more_waiting(answer.sw) is None:
            return answer
        return self._collect(command.cla, answer)

    def _collect(self, cla: int, answer: Response) -> Response:
        collected = bytearray(answer.data)
        corrected = False
        waiting = more_waiting(answer.sw)
        for _ in range(_MOST_ROUNDS):
            if waiting is None:
                return Response(bytes(collected), answer.sw)
            answer = self._after_first(Command(_plain_class(cla), _GET_RESPONSE, 0, 0, le=waiting))
            le = right_le(answer.sw)
            if le is not None and not corrected:
                corrected, waiting = True, le
                continue
            waiting = more_waiting(answer.sw)
            collected += answer.data
            if (waiting is not None and not answer.data) or len(collected) > MOST_ANSWER:
                break
        raise DeviceError("chip.answer_malformed", Effect.UNKNOWN)

    def _after_first(self, command: Command) -> Response:
        """Send what follows a command that the card has taken: from here on nothing is certainly undone."""
        try:
            return self._following.send(command)
        except DeviceError as error:
            if error.effect is Effect.NONE:
                error.effect = Effect.UNKNOWN
            raise


def _plain_class(cla: int) -> int:
    """GET RESPONSE is an interindustry command without secure messaging, on the command's logical channel."""
    return cla & 0x4F if cla & 0x40 else cla & 0x03
