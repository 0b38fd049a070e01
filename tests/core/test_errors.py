"""The error tree: a code, an honest effect, parameters for the words, and no sentence."""

import pytest

from ktpel_desktop.core.errors import (
    DeviceError,
    Effect,
    GatewayError,
    KtpelError,
    PolicyError,
    StoreError,
    UserCancelled,
)


@pytest.mark.parametrize("kind", [PolicyError, DeviceError, GatewayError, StoreError])
def test_every_expected_failure_is_a_ktpel_error(kind: type[KtpelError]) -> None:
    assert issubclass(kind, KtpelError)


def test_a_change_of_mind_is_no_failure() -> None:
    assert not issubclass(UserCancelled, KtpelError)


def test_an_error_says_nothing_happened_unless_it_is_told_otherwise() -> None:
    assert PolicyError("ticket.malformed").effect is Effect.NONE


def test_an_error_keeps_its_code_effect_and_parameters() -> None:
    error = DeviceError("printer.jam", Effect.UNKNOWN, tag="T", place=3)
    assert (error.code, error.effect, error.params) == (
        "printer.jam",
        Effect.UNKNOWN,
        {"tag": "T", "place": 3},
    )


def test_an_error_without_parameters_prints_its_code_and_effect() -> None:
    assert str(GatewayError("siak.offline")) == "siak.offline [none]"


def test_an_error_with_parameters_prints_them_by_name() -> None:
    assert (
        str(StoreError("store.busy", Effect.UNKNOWN, berkas="a.db")) == "store.busy [unknown] (berkas='a.db')"
    )


def test_only_three_effects_exist() -> None:
    assert set(Effect) == {Effect.NONE, Effect.DONE, Effect.UNKNOWN}
