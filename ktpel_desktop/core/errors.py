"""The error tree of the program.

    KtpelError(code, effect, **params)     expected; the words stand in resources/teks/galat.toml
    ├─ PolicyError    a rule says no
    ├─ DeviceError    a device, or the person at it
    ├─ GatewayError   SIAK
    └─ StoreError     database, disk
    UserCancelled     the person changed their mind; shows nothing

Anything else that is raised is a bug. The first argument of every raise is a literal code, so that a test
can prove that each code has its sentence, next step and person who acts.
"""

from __future__ import annotations

from enum import StrEnum


class Effect(StrEnum):
    """What the failed act did to the world. Only after NONE may the same act be tried again."""

    NONE = "none"
    DONE = "done"
    UNKNOWN = "unknown"


class KtpelError(Exception):
    """An expected failure: a code with parameters, never a sentence and never personal data."""

    def __init__(self, code: str, effect: Effect = Effect.NONE, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.effect = effect
        self.params = params

    def __str__(self) -> str:
        inside = ", ".join(f"{key}={value!r}" for key, value in self.params.items())
        return f"{self.code} [{self.effect}]" + (f" ({inside})" if inside else "")


class PolicyError(KtpelError):
    """A rule of the office, the law or the program refuses the act. Nothing happened."""


class DeviceError(KtpelError):
    """A device failed; `effect` says whether it acted."""


class GatewayError(KtpelError):
    """SIAK could not be reached, refused, or answered wrongly."""


class StoreError(KtpelError):
    """The database or its disk failed."""


class UserCancelled(Exception):
    """The person changed their mind. Not an error; shows nothing."""
