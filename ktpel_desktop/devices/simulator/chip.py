"""Simulated reader and encoder: the behaviour of a chip station with faults by script.

Writing commands in order: 1 the header (digest and length), 2 … the load's files in chunks, then reading back, then
the lock as the last. Only what happens before command 1 has the effect NONE (design.md 7, rules 3 and 4). The bytes of
a chip are the virtual card's matter; this station keeps no data, only what it is.
"""

from __future__ import annotations

from dataclasses import replace

from ktpel_desktop.core.chip_load import ChipLoad, ChipReading, Fault, Finding
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.issuance import ChipContent, ChipProbe
from ktpel_desktop.core.ports import Answer, Health, Progress, Stage, Step
from ktpel_desktop.core.subject import content_digest
from ktpel_desktop.devices.simulator.cards import EMPTY_SHA256, Face, Place, SimulatedCard
from ktpel_desktop.devices.simulator.hands import AutoHands
from ktpel_desktop.devices.simulator.workbench import Workbench

_PROBE_SECONDS = 0.15
_COMMAND_SECONDS = 0.25
_SLOW_TIMES = 10


class SimulatedChip:
    """A chip station on the workbench. `chunks` is the number of content commands of one write."""

    def __init__(self, bench: Workbench, hands: AutoHands | None = None, *, chunks: int = 8) -> None:
        self._bench = bench
        self._hands = hands
        self._faults = bench.faults
        self._chunks = chunks

    def health(self) -> Health:
        if self._faults.pending("reader_unplugged"):
            return Health(Answer.NO, ("chip.reader_gone",))
        lying = self._bench.only_at(Place.READER)
        return Health(Answer.YES, (), {"card_on_reader": "no" if lying is None else "yes"})

    def probe(self) -> ChipProbe:
        card = self._card("probe", None)
        self._bench.pace(_PROBE_SECONDS)
        content = card.content
        if content is ChipContent.FULL and card.face is Face.FULL and not card.checked:
            self._bench.change(replace(card, checked=True))
        return ChipProbe(card.serial, content, None if content is ChipContent.FOREIGN else card.header)

    def read(self) -> ChipReading:
        found = self.probe()
        good = found.content is ChipContent.FULL
        findings = () if good or found.content is ChipContent.BLANK else (Finding(Fault.INCOMPLETE),)
        return ChipReading(found.serial, found.content, found.digest or "", findings=findings)

    def write(self, serial: str, load: ChipLoad, progress: Progress) -> ChipProbe:
        card = self._card("write", serial)
        if card.serial != serial:
            raise DeviceError("chip.wrong_card", Effect.NONE, expected=serial, found=card.serial)
        if card.content is ChipContent.FOREIGN:
            raise DeviceError("chip.foreign_content", Effect.NONE, serial=serial)
        if card.locked:
            raise DeviceError("chip.locked", Effect.NONE, serial=serial)
        if self._strikes("write_refused"):
            raise DeviceError("chip.write_refused", Effect.NONE, serial=serial)
        pulled = self._faults.strikes("card_pulled", "write")
        if pulled is not None and pulled <= 0:
            self._bench.remove()
            raise DeviceError("chip.pulled", Effect.NONE, serial=serial)
        progress(Step(Stage.AUTHENTICATE, 0.0, may_stop=True))
        if self._strikes("write_lost"):
            raise DeviceError("chip.answer_lost", Effect.UNKNOWN, serial=serial)
        self._write(card, load, progress, pulled)
        if self._strikes("write_answer_lost"):
            raise DeviceError("chip.answer_lost", Effect.UNKNOWN, serial=serial)
        written = self._bench.card(serial)
        return ChipProbe(written.serial, written.content, written.header)

    def _card(self, verb: str, expected: str | None) -> SimulatedCard:
        """The card on the reader, after the faults that may come before any command."""
        if self._faults.strikes("reader_unplugged", verb) is not None:
            raise DeviceError("chip.reader_gone", Effect.NONE)
        if self._faults.strikes("no_card", verb) is not None:
            self._bench.remove()
            raise DeviceError("chip.no_card", Effect.NONE)
        if self._faults.strikes("wrong_card", verb) is not None:
            self._bench.remove()
            self._bench.put_on_reader(self._bench.take_blank())
        elif self._hands is not None:
            self._hands.serve_reader(expected)
        card = self._bench.only_at(Place.READER)
        if card is None:
            raise DeviceError("chip.no_card", Effect.NONE)
        if self._faults.strikes("dead_on_arrival", verb) is not None:
            card = self._bench.change(replace(card, dead=True))
        if self._faults.strikes("foreign_content", verb) is not None:
            card = self._bench.change(replace(card, foreign=True))
        if card.dead or self._faults.strikes("chip_mute", verb) is not None:
            raise DeviceError("chip.mute", Effect.NONE)
        return card

    def _write(self, card: SimulatedCard, load: ChipLoad, progress: Progress, pulled: int | None) -> None:
        """Commands 1 … chunks + 2. A torn chunk lands by half; a pulled card misses its command altogether."""
        torn = self._faults.strikes("torn_write", "write")
        dying = self._faults.strikes("chip_dies", "write")
        differs = self._strikes("verify_differs")
        seconds = _COMMAND_SECONDS * (_SLOW_TIMES if self._strikes("chip_slow") else 1)
        last = self._chunks + 2
        data = b"".join(load.files.values())
        step = -(-len(data) // self._chunks)
        for number in range(1, last + 1):
            if pulled is not None and number == min(pulled, last):
                self._bench.remove()
                raise DeviceError("chip.pulled", Effect.UNKNOWN, serial=card.serial, command=number)
            if dying is not None and number == min(max(dying, 1), last):
                self._bench.change(replace(card, dead=True))
                raise DeviceError("chip.died", Effect.UNKNOWN, serial=card.serial, command=number)
            self._bench.pace(seconds)
            tearing = torn is not None and number == min(max(torn, 1), last)
            if number == last:
                if differs:
                    self._bench.change(replace(card, memory=content_digest(b"\0" + data)))
                    raise DeviceError("chip.verify_differs", Effect.UNKNOWN, serial=card.serial)
                if not tearing:  # a lock command torn off leaves the card unlocked
                    self._bench.change(replace(card, locked=True))
            elif number == 1:
                begun = replace(card, header=load.digest, total=len(data))
                card = self._bench.change(replace(begun, written=0, memory=EMPTY_SHA256))
            else:
                end = min(step * (number - 1), len(data))
                if tearing:
                    end -= step // 2
                end = max(end, 0)
                memory = load.digest if end == len(data) else content_digest(data[:end])
                card = self._bench.change(replace(card, written=end, memory=memory))
            if tearing:
                raise DeviceError("chip.torn", Effect.UNKNOWN, serial=card.serial, command=number)
            stage = Stage.LOCK if number == last else Stage.WRITE
            progress(Step(stage, number / last, done=min(step * (number - 1), len(data)), total=len(data)))

    def _strikes(self, name: str) -> bool:
        return self._faults.strikes(name, "write") is not None
