"""The simulated world of one print room: blank cards, reader, card printer, and the operator's hands.

Every physical change is one line of JSON appended to a file (when a path is given) and flushed to the disk
before the call returns, so that the same cards lie in the same places after the program was killed. Used from
one lane at a time, like the devices that stand on it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.issuance import PrintAnswer
from ktpel_desktop.devices.simulator.cards import Face, Place, SimulatedCard
from ktpel_desktop.devices.simulator.faults import Faults

_SINGLE = frozenset({Place.READER, Place.PRINTER})
"""Places that hold one card at most."""


def _no_wait(seconds: float) -> None:
    """The pace of tests and of the head-less day: no waiting."""


class Workbench:
    """Cards and their places. `pace` is called with the seconds (s) a real device would take."""

    def __init__(
        self,
        *,
        blanks: int = 500,
        seed: int = 1,
        path: Path | None = None,
        pace: Callable[[float], None] = _no_wait,
        faults: Faults | None = None,
    ) -> None:
        self.faults = faults if faults is not None else Faults()
        self.pace = pace
        self._path = path
        self._seed = seed
        self._fresh = blanks
        self._made = 0
        self._counter = 0
        self._moves = 0
        self._cards: dict[str, SimulatedCard] = {}
        if path is not None:
            self._compact()

    @classmethod
    def load(
        cls,
        path: Path,
        *,
        blanks: int = 500,
        seed: int = 1,
        pace: Callable[[float], None] = _no_wait,
        faults: Faults | None = None,
    ) -> Workbench:
        """The workbench kept in `path`, or a new one with `blanks` blanks when there is none.

        A last line that was cut off belongs to a change whose call never returned, and is dropped.
        """
        if not path.exists():
            return cls(blanks=blanks, seed=seed, path=path, pace=pace, faults=faults)
        bench = cls(blanks=0, seed=seed, pace=pace, faults=faults)
        lines = path.read_bytes().split(b"\n")
        for line in lines[:-1]:
            bench._apply(json.loads(line))
        bench._path = path
        bench._compact()
        return bench

    # ------------------------------------------------------------ looking

    @property
    def tray(self) -> int:
        """Blanks that lie in the tray."""
        return self._fresh + sum(1 for card in self._cards.values() if card.place is Place.TRAY)

    @property
    def counter(self) -> int:
        """The card printer's life counter."""
        return self._counter

    @property
    def cards(self) -> tuple[SimulatedCard, ...]:
        """Every card that ever left the tray, by serial."""
        return tuple(self._cards[serial] for serial in sorted(self._cards))

    def card(self, serial: str) -> SimulatedCard:
        """The card with this serial; KeyError when it never left the tray."""
        return self._cards[serial]

    def knows(self, serial: str) -> bool:
        """Whether a card with this serial ever left the tray."""
        return serial in self._cards

    def lying_at(self, place: Place) -> tuple[SimulatedCard, ...]:
        """Cards at a place, the one handled last first. Fresh blanks in the tray have no serial yet."""
        there = [card for card in self._cards.values() if card.place is place]
        return tuple(sorted(there, key=lambda card: -card.touched))

    def only_at(self, place: Place) -> SimulatedCard | None:
        """The card on the reader or in the printer."""
        there = self.lying_at(place)
        return there[0] if there else None

    def census(self) -> dict[Place, int]:
        """How many cards are at each place; the sum never changes except by `restock`."""
        counts = Counter(card.place for card in self._cards.values())
        counts[Place.TRAY] += self._fresh
        return {place: counts[place] for place in Place}

    def what_came_out(self, serial: str) -> PrintAnswer:
        """The honest answer of a person who looks for this card after an unknown print."""
        card = self._cards[serial]
        if card.place is Place.LOST:
            return PrintAnswer.CARD_MISSING
        return {
            Face.NONE: PrintAnswer.NOT_PRINTED,
            Face.HALF: PrintAnswer.CARD_SPOILED,
            Face.FULL: PrintAnswer.CARD_GOOD,
            Face.RUINED: PrintAnswer.CARD_SPOILED,
        }[card.face]

    # ------------------------------------------------------------ the operator's hands

    def restock(self, blanks: int) -> None:
        """New blanks come into the tray."""
        self._commit(fresh=self._fresh + blanks)

    def take_blank(self) -> SimulatedCard:
        """Take a blank out of the tray, one that was put back first. Raises DeviceError "chip.tray_empty"."""
        back = [card for card in self._cards.values() if card.place is Place.TRAY]
        if back:
            return self.move(min(back, key=lambda card: card.serial).serial, Place.HAND)
        if self._fresh == 0:
            raise DeviceError("chip.tray_empty", Effect.NONE)
        number = self._made + 1
        card = SimulatedCard(
            f"9900{self._seed % 10_000:04d}{number:06d}", Place.HAND, touched=self._moves + 1
        )
        self._commit(card, fresh=self._fresh - 1, made=number)
        return card

    def adopt(self, serial: str) -> SimulatedCard:
        """A real card that was seen on a real reader is one of the tray's blanks, unless it is known already."""
        if serial in self._cards:
            return self._cards[serial]
        card = SimulatedCard(serial, Place.HAND, touched=self._moves + 1)
        self._commit(card, fresh=max(self._fresh - 1, 0))
        return card

    def put_on_reader(self, card: SimulatedCard | str) -> SimulatedCard:
        """Lay a card on the reader; one that lies there is taken into the hand first."""
        return self.move(_serial(card), Place.READER)

    def remove(self) -> SimulatedCard | None:
        """Take the card off the reader into the hand."""
        card = self.only_at(Place.READER)
        return None if card is None else self.move(card.serial, Place.HAND)

    def move_to_printer(self, card: SimulatedCard | str | None = None) -> SimulatedCard | None:
        """Feed a card (the one on the reader unless told) into the printer."""
        chosen = self.only_at(Place.READER) if card is None else card
        return None if chosen is None else self.move(_serial(chosen), Place.PRINTER)

    def take_out(self) -> SimulatedCard | None:
        """Take the card that was put out last, else one stuck in the printer, into the hand."""
        card = next(iter((*self.lying_at(Place.OUT), *self.lying_at(Place.PRINTER))), None)
        return None if card is None else self.move(card.serial, Place.HAND)

    def file(self, card: SimulatedCard | str) -> SimulatedCard:
        """Lay a finished card with its request."""
        return self.move(_serial(card), Place.FILED)

    def reject(self, card: SimulatedCard | str) -> SimulatedCard:
        """Put a spoiled card into the box of cards to be destroyed."""
        return self.move(_serial(card), Place.REJECT)

    def put_back(self, card: SimulatedCard | str) -> SimulatedCard:
        """Put an untouched blank back into the tray; ValueError for any other card."""
        found = self._cards[_serial(card)]
        if not found.untouched:
            raise ValueError(f"{found.serial} is no blank any more")
        return self.move(found.serial, Place.TRAY)

    def move(self, serial: str, place: Place) -> SimulatedCard:
        """Move a card. Reader and printer hold one card; what is there goes into the hand."""
        card = self._cards[serial]
        if card.place is place:
            return card
        there = self.only_at(place) if place in _SINGLE else None
        moved = replace(card, place=place, touched=self._moves + 1)
        if there is None:
            self._commit(moved)
        else:
            self._commit(replace(there, place=Place.HAND), moved)
        return moved

    # ------------------------------------------------------------ what devices do to cards

    def change(self, card: SimulatedCard, *, counted: int = 0) -> SimulatedCard:
        """A device changed a card, and the printer's counter by `counted`: one durable step."""
        changed = replace(card, touched=self._moves + 1)
        self._commit(changed, counter=self._counter + counted)
        return changed

    def count(self, cards: int) -> None:
        """The printer's counter goes up without a card (a lying counter)."""
        self._commit(counter=self._counter + cards)

    # ------------------------------------------------------------ keeping

    def _commit(
        self,
        *cards: SimulatedCard,
        fresh: int | None = None,
        made: int | None = None,
        counter: int | None = None,
    ) -> None:
        step: dict[str, Any] = {"moves": self._moves + 1}
        if cards:
            step["cards"] = [asdict(card) for card in cards]
        sums = {"fresh": fresh, "made": made, "counter": counter}
        step |= {name: value for name, value in sums.items() if value is not None}
        self._append(step)
        self._apply(step)

    def _apply(self, step: dict[str, Any]) -> None:
        for plain in step.get("cards", ()):
            card = SimulatedCard(**{**plain, "place": Place(plain["place"]), "face": Face(plain["face"])})
            self._cards[card.serial] = card
        self._fresh = step.get("fresh", self._fresh)
        self._made = step.get("made", self._made)
        self._counter = step.get("counter", self._counter)
        self._moves = step.get("moves", self._moves)
        self._seed = step.get("seed", self._seed)

    def _append(self, step: dict[str, Any]) -> None:
        if self._path is None:
            return
        try:
            with self._path.open("ab") as file:
                start = file.tell()
                try:
                    file.write(json.dumps(step).encode() + b"\n")
                    file.flush()
                    os.fsync(file.fileno())
                except OSError:
                    file.truncate(start)  # a half line would spoil the next one
                    raise
        except OSError:
            raise DeviceError("simulator.bench_unwritable", Effect.UNKNOWN) from None

    def _compact(self) -> None:
        """Write the present state as one line, whole or not at all."""
        if self._path is None:
            return
        whole = {
            "seed": self._seed,
            "moves": self._moves,
            "fresh": self._fresh,
            "made": self._made,
            "counter": self._counter,
            "cards": [asdict(card) for card in self.cards],
        }
        new = self._path.with_name(self._path.name + ".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with new.open("wb") as file:
                file.write(json.dumps(whole).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError:
            raise DeviceError("simulator.bench_unwritable", Effect.NONE) from None


def _serial(card: SimulatedCard | str) -> str:
    return card if isinstance(card, str) else card.serial
