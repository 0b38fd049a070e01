"""Every number has its code and an honest effect, and every code its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartcard import scard

from ktpel_desktop import resource_files
from ktpel_desktop.core.errors import Effect
from ktpel_desktop.devices.pcsc import failures

NAMED = {
    name: getattr(scard, name)
    for name in dir(scard)
    if name.startswith(("SCARD_E_", "SCARD_W_", "SCARD_F_", "SCARD_P_"))
}
NUMBERS = sorted(
    {*NAMED.values(), 1, 2, 5, 6, 21, 22, 31, 32, 55, 121, 170, 433, 995, 1062, 1115, 1117, 1167, 1722}
)


@pytest.mark.parametrize(
    ("number", "before", "during"),
    [
        (0x80100069, "chip.no_card", "chip.pulled"),
        (0x8010000C, "chip.no_card", "chip.pulled"),
        (0x80100066, "chip.mute", "chip.answer_lost"),
        (0x80100016, "pcsc.failed", "chip.answer_lost"),
        (0x8010000A, "pcsc.failed", "chip.answer_lost"),
        (0x8010002F, "pcsc.failed", "chip.answer_lost"),
        (0x80100068, "pcsc.card_reset", "pcsc.card_reset"),
        (0x80100067, "pcsc.card_reset", "pcsc.card_reset"),
        (0x80100065, "pcsc.card_unsupported", "pcsc.card_unsupported"),
        (0x8010000F, "pcsc.card_unsupported", "pcsc.card_unsupported"),
        (0x80100009, "pcsc.reader_unknown", "pcsc.reader_lost"),
        (0x80100017, "chip.reader_gone", "pcsc.reader_lost"),
        (0x8010002E, "chip.reader_gone", "pcsc.reader_lost"),
        (6, "chip.reader_gone", "pcsc.reader_lost"),
        (22, "chip.reader_gone", "pcsc.reader_lost"),
        (1167, "chip.reader_gone", "pcsc.reader_lost"),
        (0x8010001D, "pcsc.no_service", "pcsc.service_stopped"),
        (1722, "pcsc.no_service", "pcsc.service_stopped"),
        (0x8010001E, "pcsc.service_stopped", "pcsc.service_stopped"),
        (0x80100003, "pcsc.service_stopped", "pcsc.service_stopped"),
        (0x80100013, "pcsc.service_stopped", "pcsc.service_stopped"),
        (0x8010000B, "pcsc.reader_in_use", "pcsc.reader_in_use"),
        (0x8010006A, "pcsc.access_denied", "pcsc.access_denied"),
        (5, "pcsc.access_denied", "pcsc.access_denied"),
        (0x80100031, "pcsc.too_many_users", "pcsc.too_many_users"),
        (0x80100006, "pcsc.too_many_users", "pcsc.too_many_users"),
        (0x80100001, "pcsc.failed", "pcsc.failed"),
        (0, "pcsc.failed", "chip.pulled"),
    ],
)
def test_a_number_means_one_thing_before_and_one_while_sending(number: int, before: str, during: str) -> None:
    assert failures.before_sending(number, "R").code == before
    assert failures.while_sending(number, "R").code == during


@pytest.mark.parametrize("number", NUMBERS)
def test_every_number_has_an_honest_effect_and_words(number: int) -> None:
    words = resource_files.texts("galat")
    before, during = failures.before_sending(number), failures.while_sending(number)
    assert before.effect is Effect.NONE
    assert during.effect is Effect.UNKNOWN
    assert before.code in words
    assert during.code in words


@pytest.mark.parametrize("number", NUMBERS)
def test_words_never_deny_what_may_have_happened(number: int) -> None:
    entry = resource_files.texts("galat")[failures.while_sending(number).code]
    assert isinstance(entry, dict)
    assert not any(denial in entry["teks"] for denial in ("belum disentuh", "Tidak ada yang ditulis"))


def test_only_a_chip_that_is_silent_is_called_mute() -> None:
    """At the counter "mute" means that the card in the applicant's hand is broken (services.handing_over)."""
    assert [number for number in NUMBERS if failures.before_sending(number).code == "chip.mute"] == [
        0x80100066
    ]


@given(st.integers(min_value=-(2**31), max_value=2**32 - 1))
def test_any_number_signed_or_not_is_the_same_failure(number: int) -> None:
    for told in (failures.before_sending, failures.while_sending):
        plain, signed = told(number & 0xFFFFFFFF), told(number)
        assert (plain.code, plain.effect, plain.params) == (signed.code, signed.effect, signed.params)


def test_a_number_without_a_word_of_its_own_is_told_as_manuals_write_it() -> None:
    assert failures.before_sending(-0x7FEFFFFF).params == {"number": "0x80100001"}
    assert failures.before_sending(1314).params == {"number": "1314"}


def test_the_numbers_are_those_of_this_system() -> None:
    ours = {name: value for name, value in vars(failures).items() if name.isupper() and name[0] != "_"}
    theirs = {name.split("_", 2)[2]: value for name, value in NAMED.items()}
    odd = {"SUCCESS": 0, "NO_READERS": scard.SCARD_E_NO_READERS_AVAILABLE}
    assert ours == {name: odd.get(name, theirs.get(name)) for name in ours}
