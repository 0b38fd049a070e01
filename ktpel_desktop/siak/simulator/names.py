"""Names of synthetic residents, put together from lists of words (resources/siak/latihan/nama.toml).

Permendagri 73/2022: at most 60 letters with spaces, at least two words; old names of one word stay. The card's line
holds about 30 letters, so some are made longer, and a few have all 60.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

LONGEST = 60
CARD_LINE = 30


class Names:
    """Draws names of a wished kind."""

    def __init__(self, lists: Mapping[str, Any], rng: random.Random) -> None:
        self._lists, self._rng = lists, rng

    def draw(self, kind: str, *, female: bool, islam: bool, foreign: bool) -> str:
        """A name of the kind "usual", "long" (31 to 59 letters), "longest" (60) or "one word"."""
        sex = "perempuan" if female else "laki_laki"
        if foreign:
            words = self._lists["asing"]
            return f"{self._rng.choice(words[sex])} {self._rng.choice(words['belakang'])}"
        if kind == "one word":
            return str(self._rng.choice(self._lists[f"satu_kata_{sex}"]))
        first = self._lists[sex] + (self._lists[f"{sex}_islam"] if islam else [])
        if kind == "usual":
            return self._usual(first)
        return self._long(
            first, LONGEST if kind == "longest" else self._rng.randint(CARD_LINE + 1, LONGEST - 1)
        )

    def _usual(self, first: list[str]) -> str:
        rng = self._rng
        words = [rng.choice(first), rng.choice(self._lists["belakang"])]
        if rng.random() < 0.35:
            words.insert(1, rng.choice(first))
        name = " ".join(dict.fromkeys(words))
        return name if len(name) <= CARD_LINE else f"{words[0]} {words[-1]}"

    def _long(self, first: list[str], length: int) -> str:
        """Exactly `length` letters: words are drawn until one closes the gap."""
        rng = self._rng
        pool = sorted({*first, *self._lists["belakang"], *self._lists["panjang"]})
        while True:
            words = [rng.choice(first)]
            while (left := length - len(" ".join(words)) - 1) > 2:
                closing = [word for word in pool if len(word) == left and word not in words]
                if closing:
                    return " ".join([*words, rng.choice(closing)])
                words.append(rng.choice([word for word in pool if word not in words]))
