"""Status words and what they become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import Effect
from ktpel_desktop.devices.chip.status_words import (
    SW,
    carries_data,
    effect_of,
    failure,
    more_waiting,
    right_le,
    tries_left,
)


@pytest.mark.parametrize(
    ("sw", "code"),
    [
        (0x6581, "chip.memory_failed"),
        (0x6A84, "chip.no_space"),
        (0x6982, "chip.not_authenticated"),
        (0x6983, "chip.blocked"),
        (0x6985, "chip.conditions"),
        (0x6D00, "chip.command_unknown"),
        (0x6E00, "chip.command_unknown"),
        (0x6F00, "chip.refused"),
        (0x6700, "chip.refused"),
        (0x9000, "chip.refused"),
    ],
)
def test_an_unexpected_word_becomes_its_error_at_its_step(sw: int, code: str) -> None:
    error = failure(sw, "CREATE FILE", Effect.UNKNOWN)
    assert (error.code, error.effect) == (code, Effect.UNKNOWN)
    assert error.params == {"sw": f"{sw:04X}", "step": "CREATE FILE"}


def test_families_of_words_say_their_number() -> None:
    assert (more_waiting(0x6110), more_waiting(0x6100), more_waiting(0x6C10)) == (16, 256, None)
    assert (right_le(0x6C10), right_le(0x6C00), right_le(0x6110)) == (16, 256, None)
    assert (tries_left(0x63C0), tries_left(0x63CF), tries_left(0x6300), tries_left(0x9000)) == (
        0,
        15,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("sw", "effect"),
    [(0x6581, Effect.UNKNOWN), (0x6300, Effect.UNKNOWN), (0x6400, Effect.NONE), (0x6A84, Effect.NONE)],
)
def test_only_words_that_do_not_rule_out_a_change_leave_the_effect_open(sw: int, effect: Effect) -> None:
    assert effect_of(sw) is effect


@given(st.integers(0, 0xFFFF))
def test_every_word_has_an_error_and_an_effect(sw: int) -> None:
    assert failure(sw, "READ BINARY", effect_of(sw)).code.startswith("chip.")
    assert carries_data(sw) is (sw == SW.OK or 0x6200 <= sw < 0x6400)
