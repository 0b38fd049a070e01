"""The plan of a training day: who comes when, for what, and what goes wrong on the way.

Everything follows from the number of visits and the seed, so that the same seed gives the same day.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TypeVar

from ktpel_desktop.core.request import Priority

T = TypeVar("T")


class Trouble(StrEnum):
    """What befalls a request."""

    NONE = "none"
    INCOMPLETE_RETURNS = "incomplete_returns"
    INCOMPLETE_STAYS = "incomplete_stays"
    STUCK_SFE = "stuck_sfe"
    DUPLICATE = "duplicate"
    DEAD_CHIP = "dead_chip"
    TORN_WRITE = "torn_write"
    JAM = "jam"
    PRINT_ANSWER_LOST = "print_answer_lost"
    NOT_COLLECTED = "not_collected"


CARD_TROUBLES = frozenset(
    {
        Trouble.STUCK_SFE,
        Trouble.DUPLICATE,
        Trouble.DEAD_CHIP,
        Trouble.TORN_WRITE,
        Trouble.JAM,
        Trouble.PRINT_ANSWER_LOST,
    }
)

_SHARES: tuple[tuple[Trouble, float], ...] = (
    (Trouble.INCOMPLETE_RETURNS, 0.05),
    (Trouble.DEAD_CHIP, 0.01),
    (Trouble.STUCK_SFE, 0.03),
    (Trouble.DUPLICATE, 0.01),
    (Trouble.JAM, 0.01),
    (Trouble.PRINT_ANSWER_LOST, 0.01),
    (Trouble.TORN_WRITE, 0.01),
    (Trouble.INCOMPLETE_STAYS, 0.03),
    (Trouble.NOT_COLLECTED, 0.08),
)
"""Share of all visits, at least one each as long as half of the visits stay without trouble."""

_CARD_SERVICES = (
    ("KTP-BARU", 30),
    ("KTP-HILANG", 18),
    ("KTP-RUSAK", 22),
    ("KTP-UBAH", 14),
    ("KTP-PINDAH", 8),
    ("KTP-LUAR", 3),
    ("KTP-WNA", 3),
    ("KTP-MUDA", 2),
)
_CARD_SHARE = 0.8
_PRIORITIES = (
    (Priority.NORMAL, 90),
    (Priority.ELDERLY, 5),
    (Priority.DISABLED, 2),
    (Priority.PREGNANT, 2),
    (Priority.URGENT, 1),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One applicant: the service asked for, the trouble in store, and their place in the queue."""

    index: int
    service: str
    trouble: Trouble
    priority: Priority


def plan(visits: int, seed: int, document_services: tuple[str, ...]) -> tuple[Visit, ...]:
    """The day's visits in order of arrival."""
    chance = Random(seed)
    troubles = list(_troubles(visits))
    chance.shuffle(troubles)
    return tuple(
        Visit(
            index,
            _service(chance, trouble, document_services),
            trouble,
            _weighted(chance, _PRIORITIES),
        )
        for index, trouble in enumerate(troubles)
    )


def _troubles(visits: int) -> Iterator[Trouble]:
    left = visits
    for trouble, share in _SHARES:
        for _ in range(math.ceil(visits * share)):
            if left > visits // 2:
                left -= 1
                yield trouble
    for _ in range(left):
        yield Trouble.NONE


def _service(chance: Random, trouble: Trouble, document_services: tuple[str, ...]) -> str:
    if trouble in CARD_TROUBLES or chance.random() < _CARD_SHARE:
        return _weighted(chance, _CARD_SERVICES)
    return chance.choice(document_services)


def _weighted(chance: Random, weighted: tuple[tuple[T, int], ...]) -> T:
    return chance.choices([item for item, _ in weighted], [weight for _, weight in weighted])[0]
