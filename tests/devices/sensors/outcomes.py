"""What an act with an instrument came to: its answer, or the DeviceError that it raised. Anything else is a crash."""

from collections.abc import Callable
from typing import TypeVar

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.resource_files import texts

T = TypeVar("T")


def outcome(act: Callable[[], T]) -> T | DeviceError:
    """The answer or the error; an instrument that only reads has done nothing, and its error has its words."""
    try:
        return act()
    except DeviceError as error:
        failed = error
    assert failed.effect is Effect.NONE
    assert failed.code in texts("galat")
    return failed


def code_of(act: Callable[[], object]) -> str:
    """The code of the failure that must come."""
    failed = outcome(act)
    assert isinstance(failed, DeviceError), failed
    return failed.code
