"""The bits of DLE EOT as Epson's reference has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.receipt_printer.status import QUESTIONS, Trouble, health, is_answer, troubles

FINE = dict.fromkeys(QUESTIONS, 0x12)


@pytest.mark.parametrize(
    ("number", "bit", "trouble"),
    [
        (1, 0x08, Trouble.OFFLINE),
        (2, 0x04, Trouble.COVER_OPEN),
        (2, 0x20, Trouble.PAPER_END),
        (2, 0x40, Trouble.ERROR),
        (3, 0x08, Trouble.ERROR),
        (3, 0x20, Trouble.ERROR),
        (3, 0x40, Trouble.ERROR),
        (4, 0x60, Trouble.PAPER_END),
    ],
)
def test_each_bit_is_its_own_trouble(number: int, bit: int, trouble: Trouble) -> None:
    assert troubles({**FINE, number: 0x12 | bit}) == (trouble,)
    assert health({**FINE, number: 0x12 | bit}).ready is Answer.NO


@pytest.mark.parametrize(("number", "bit"), [(1, 0x04), (1, 0x20), (2, 0x08), (4, 0x0C)])
def test_the_drawer_the_feed_button_and_a_low_roll_stop_nothing(number: int, bit: int) -> None:
    assert health({**FINE, number: 0x12 | bit}).ready is Answer.YES


def test_a_low_roll_is_told() -> None:
    assert health({**FINE, 4: 0x12 | 0x0C}).notes == ("receipt.paper_low",)
    assert health(FINE).notes == ()


@pytest.mark.parametrize("answered", [(), (1,), (1, 2, 3)])
def test_what_was_not_answered_is_never_ready(answered: tuple[int, ...]) -> None:
    told = health(dict.fromkeys(answered, 0x12))
    assert (told.ready, told.notes) == (Answer.UNKNOWN, ("receipt.silent",))


def test_the_worst_is_told_first() -> None:
    told = health({1: 0x1A, 2: 0x12 | 0x24, 3: 0x12, 4: 0x12 | 0x6C})
    assert told.notes == ("receipt.no_paper", "receipt.cover_open", "receipt.needs_help")


@given(st.integers(0, 255))
def test_flow_control_and_automatic_status_are_no_answers(byte: int) -> None:
    assert is_answer(byte) is (byte & 1 == 0 and byte & 2 != 0 and byte & 16 != 0 and byte & 128 == 0)
    assert not any(is_answer(other) for other in (0x10, 0x11, 0x13, 0x14))
