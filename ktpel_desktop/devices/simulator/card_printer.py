"""Simulated card printer: one card at a time, a life counter, and faults by script.

What a person sees (half printed, stuck, out) is decided together with the counter in one durable step, as a
real printer goes on by itself once it has the artwork.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, CardFace, Health, PrintStage, unheard
from ktpel_desktop.devices.simulator.cards import Face, Place, SimulatedCard
from ktpel_desktop.devices.simulator.hands import AutoHands
from ktpel_desktop.devices.simulator.workbench import Workbench

_PRINT_SECONDS = 4.0
_SLOW_TIMES = 10


class SimulatedCardPrinter:
    """The card printer on the workbench."""

    def __init__(self, bench: Workbench, hands: AutoHands | None = None) -> None:
        self._bench = bench
        self._hands = hands
        self._faults = bench.faults

    def health(self) -> Health:
        for fault, note in (
            ("printer_offline", "printer.offline"),
            ("printer_door_open", "printer.door_open"),
            ("ribbon_out", "printer.ribbon_out"),
        ):
            if self._faults.pending(fault):
                return Health(Answer.NO, (note,))
        return Health(Answer.YES, (), {"counter": str(self._bench.counter)})

    def marker(self) -> int:
        if self._faults.strikes("printer_offline", "marker") is not None:
            raise DeviceError("printer.offline", Effect.NONE)
        return self._bench.counter

    def clear_queue(self) -> bool:
        return False  # what it is sent it prints or refuses; nothing waits

    def print_card(self, face: CardFace, tag: str, told: Callable[[PrintStage], None] = unheard) -> None:
        card = self._ready_card()
        before = self._bench.counter
        told(PrintStage.SENDING)
        told(PrintStage.PRINTING)
        self._bench.pace(_PRINT_SECONDS * (_SLOW_TIMES if self._strikes("printer_slow") else 1))
        if self._strikes("accepted_not_printed"):
            raise DeviceError("printer.answer_lost", Effect.UNKNOWN, tag=tag)
        if self._strikes("jam_mid_card"):
            self._bench.change(_printed(card, face, tag, Face.HALF))
            raise DeviceError("printer.jam", Effect.UNKNOWN, tag=tag)
        if self._strikes("ribbon_out_mid_card"):
            self._bench.change(_printed(card, face, tag, Face.HALF))
            raise DeviceError("printer.ribbon_out_mid_card", Effect.UNKNOWN, tag=tag)
        if self._strikes("printed_card_stuck"):
            self._bench.change(_printed(card, face, tag, Face.FULL), counted=1)
            raise DeviceError("printer.card_stuck", Effect.UNKNOWN, tag=tag)
        if self._strikes("counted_not_printed"):
            self._bench.count(1)
            raise DeviceError("printer.answer_lost", Effect.UNKNOWN, tag=tag)
        told(PrintStage.COUNTING)
        out = replace(_printed(card, face, tag, Face.FULL), place=Place.OUT)
        if self._strikes("printed_card_lost"):
            self._bench.change(replace(out, place=Place.LOST), counted=1)
            raise DeviceError("printer.answer_lost", Effect.UNKNOWN, tag=tag)
        self._bench.change(out, counted=0 if self._strikes("printed_not_counted") else 1)
        if self._strikes("printed_answer_lost"):
            raise DeviceError("printer.answer_lost", Effect.UNKNOWN, tag=tag)
        if self._bench.counter != before + 1:
            raise DeviceError("printer.counter_odd", Effect.UNKNOWN, tag=tag)

    def _ready_card(self) -> SimulatedCard:
        """The card in the printer, after everything that a printer refuses before it moves one."""
        if self._strikes("printer_offline"):
            raise DeviceError("printer.offline", Effect.NONE)
        if self._strikes("printer_door_open"):
            raise DeviceError("printer.door_open", Effect.NONE)
        if self._strikes("ribbon_out"):
            raise DeviceError("printer.ribbon_out", Effect.NONE)
        if self._strikes("printer_no_card"):
            raise DeviceError("printer.no_card", Effect.NONE)
        if self._hands is not None:
            self._hands.serve_printer()
        card = self._bench.only_at(Place.PRINTER)
        if card is None:
            raise DeviceError("printer.no_card", Effect.NONE)
        return card

    def _strikes(self, name: str) -> bool:
        return self._faults.strikes(name, "print_card") is not None


def _printed(card: SimulatedCard, face: CardFace, tag: str, seen: Face) -> SimulatedCard:
    """The card after ink has reached it; a second printing ruins it."""
    return replace(
        card,
        face=seen if card.face is Face.NONE else Face.RUINED,
        tag=tag,
        artwork=hashlib.sha256(face.colour + face.black).hexdigest(),
        prints=card.prints + 1,
        checked=False,
    )
