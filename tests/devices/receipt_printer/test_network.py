"""Port 9100 of loopback: a printer that answers, one that never does, one that goes away in the middle."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.receipt_printer.driver import EscPosPrinter, Pace
from ktpel_desktop.devices.receipt_printer.network import NetworkLine
from tests.devices.receipt_printer.escpos_machine import Machine, at_port

pytestmark = pytest.mark.real

SLIP = b"\x1b@Tanda terima A-012\n" * 40 + b"\x1dV\x01"
PACE = Pace(opening=2, answer=0.4, look=0.4, writing=2, printing=0.4, settling=0.2)
LONG = b"x" * 8_000_000


def failure(act: Callable[..., Any], *given: Any) -> tuple[str, Effect]:
    with pytest.raises(DeviceError) as failed:
        act(*given)
    return failed.value.code, failed.value.effect


def printer(port: int) -> EscPosPrinter:
    return EscPosPrinter(NetworkLine("127.0.0.1", port), PACE)


def test_a_receipt_arrives_whole_and_the_printer_says_it_is_printed() -> None:
    machine = Machine()
    with at_port(machine) as port:
        printer(port).send(SLIP)
        assert printer(port).health().ready is Answer.YES
    assert machine.printed == SLIP
    assert machine.got.count(b"\x1dr\x01") == 1


def test_answers_are_found_among_flow_control_and_automatic_status() -> None:
    machine = Machine(noise=b"\x11\x13\x10")
    with at_port(machine) as port:
        printer(port).send(SLIP)
        assert printer(port).health().ready is Answer.YES


def test_a_clone_that_does_not_know_the_last_question_is_asked_again() -> None:
    machine = Machine(done=None)
    with at_port(machine) as port:
        printer(port).send(SLIP)
    assert machine.printed == SLIP


@pytest.mark.parametrize(
    ("number", "byte", "code"),
    [(4, 0x7E, "receipt.no_paper"), (2, 0x16, "receipt.cover_open"), (3, 0x32, "receipt.needs_help")],
)
def test_what_the_printer_says_is_wrong_is_refused_with_nothing_sent(
    number: int, byte: int, code: str
) -> None:
    machine = Machine()
    machine.answers[number] = byte
    with at_port(machine) as port:
        assert failure(printer(port).send, SLIP) == (code, Effect.NONE)
        told = printer(port).health()
    assert (told.ready, told.notes) == (Answer.NO, (code,))
    assert machine.printed == b""


@pytest.mark.parametrize("done", [None, 0x0C])
def test_paper_that_ends_in_the_middle_is_not_called_printed(done: int | None) -> None:
    machine = Machine(done=done, then=dict.fromkeys((1, 2, 3, 4), 0x12) | {1: 0x1A, 2: 0x32, 4: 0x7E})
    with at_port(machine) as port:
        assert failure(printer(port).send, SLIP) == ("receipt.torn", Effect.UNKNOWN)


def test_a_printer_that_falls_silent_in_the_middle_is_not_called_printed() -> None:
    machine = Machine(done=None, then={})
    with at_port(machine) as port:
        assert failure(printer(port).send, SLIP) == ("receipt.torn", Effect.UNKNOWN)


def test_a_printer_that_never_answers_prints_and_is_never_called_ready() -> None:
    machine = Machine(answers={}, done=None)
    with at_port(machine) as port:
        told = printer(port).health()
        printer(port).send(SLIP)
    assert (told.ready, told.notes) == (Answer.UNKNOWN, ("receipt.silent",))
    assert machine.printed == SLIP


@pytest.mark.parametrize("answers", [True, False])
def test_a_printer_that_goes_away_in_the_middle_leaves_it_unknown(answers: bool) -> None:
    machine = Machine(ends_after=100) if answers else Machine({}, done=None, ends_after=100)
    with at_port(machine) as port:
        assert failure(printer(port).send, SLIP) == ("receipt.torn", Effect.UNKNOWN)


def test_a_printer_that_takes_no_more_is_not_waited_for_for_ever() -> None:
    """Nobody reads: what the system could not hand over was certainly not printed, the rest perhaps."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert failure(printer(port).send, LONG) == ("receipt.torn", Effect.UNKNOWN)


def test_a_printer_that_is_off_got_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert failure(printer(port).send, SLIP) == ("receipt.off", Effect.NONE)
    told = printer(port).health()
    assert (told.ready, told.notes) == (Answer.NO, ("receipt.off",))


def test_a_name_that_nobody_has_got_nothing() -> None:
    line = NetworkLine("printer-struk.invalid")
    assert failure(EscPosPrinter(line, PACE).send, SLIP) == ("receipt.off", Effect.NONE)
