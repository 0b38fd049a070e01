"""The printer itself: memory of five bitmaps, a transport with one card, sensors, counters, and scripted lies.

It understands only bytes and has its own idea of the language. The card moves in a `BenchWorld`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from ktpel_desktop.devices.simulator.cards import Face, Place
from ktpel_desktop.devices.simulator.evolis.bench_world import BenchWorld
from ktpel_desktop.devices.simulator.evolis.drawing import Drawn, unsqueezed
from ktpel_desktop.devices.simulator.evolis.lies import Lie
from ktpel_desktop.devices.simulator.evolis.stream import Ear, Heard

_PANELS = "ymcko"
_OK, _UNKNOWN_COMMAND, _BAD_PARAMETER = "OK", "ERROR CDE", "2"
_COVER, _FEEDER, _RIBBON, _MECHANICAL, _DATA = "C", "F", "R", "K", "D"
_PRINT_SECONDS, _MOVE_SECONDS = 25.0, 3.0


@dataclass(frozen=True, slots=True)
class _End:
    """How an order to print ends: the panels that reach the card, cards counted, where the card goes, the answer."""

    share: str
    counted: int
    place: Place | None
    answer: str | None


_HONEST = _End(_PANELS, 1, Place.OUT, _OK)
_ENDS = {
    Lie.STAYS_INSIDE: _End(_PANELS, 1, None, _OK),
    Lie.OUT_NOT_PRINTED: _End("", 0, Place.OUT, _OK),
    Lie.NOTHING_DONE: _End("", 0, None, None),
    Lie.SILENT: _End(_PANELS, 1, Place.OUT, None),
    Lie.NOT_COUNTED: _End(_PANELS, 0, Place.OUT, _OK),
    Lie.COUNTED_TWICE: _End(_PANELS, 2, Place.OUT, _OK),
    Lie.COUNTED_INSIDE: _End("", 1, None, _OK),
    Lie.COUNTED_OUT: _End("", 1, Place.OUT, _OK),
    Lie.CARD_LOST: _End(_PANELS, 1, Place.LOST, None),
    Lie.JAM_PRINTING: _End("ymc", 0, None, _MECHANICAL),
    Lie.RIBBON_ENDS: _End("ym", 0, None, _RIBBON),
    Lie.RIBBON_TEARS: _End("", 0, None, _RIBBON),
    Lie.DOOR_OPENS: _End("ymc", 0, None, _COVER),
}


class Machine:
    """Public attributes are what a person can do to it: open the door, change the ribbon, empty the box."""

    def __init__(self, world: BenchWorld) -> None:
        self.world = world
        self.door_open = False
        self.ribbon_ended = False
        self.ribbon_loaded = "ymcko"
        self.ribbon_used = 0
        self.reject_limit = 30
        self.cleanings = 1
        self.lies: list[Lie] = []
        self.heard: list[str] = []
        self.drawn: deque[Drawn] = deque(maxlen=4)
        self.refuses: set[str] = set()
        """Commands that this model does not know."""
        self._ear = Ear()
        self._jammed = False
        self._bitmaps: dict[str, tuple[str, bytes]] = {}
        self._sequence = False
        self._last = _OK
        self._host_manages = False
        self._odd_panels = 0
        self._inserted = 0

    # ------------------------------------------------------------ what people do

    def power_cycle(self) -> None:
        """Off and on: bitmaps, sequence, jam and half a command are forgotten; a card stays where it is."""
        self._ear.forget()
        self._jammed = self._sequence = self._host_manages = False
        self._bitmaps.clear()
        self._last = _OK

    def bus_reset(self) -> None:
        """The cable was pulled and put back, or the computer restarted: half a command is forgotten."""
        self._ear.forget()

    def change_ribbon(self) -> None:
        self.ribbon_ended = False
        self.ribbon_used = 0

    # ------------------------------------------------------------ what comes over USB

    def receive(self, piece: bytes) -> list[str]:
        """The answers to what became complete with this piece."""
        answers = []
        for heard in self._ear.hear(piece):
            self.heard.append(";".join((heard.name, *heard.parameters)))
            answer = self._obey(heard)
            if answer is not None:
                answers.append(answer)
        return answers

    def _obey(self, heard: Heard) -> str | None:
        if heard.name in self.refuses:
            return _UNKNOWN_COMMAND
        if heard.name.startswith("R"):
            return self._tell(heard)
        if heard.name.startswith("P") or heard.name in {"Sr", "Sv"}:
            self._host_manages |= heard.name == "Pem" and heard.parameters == ("2",)
            return _OK
        if heard.name in {"Db", "Dbc"}:
            return self._load(heard)
        verb = {
            "Si": self._insert,
            "Sic": self._to_station,
            "Ss": self._start,
            "Se": self._end,
            "Ser": self._reject,
            "Scs": self._clear,
            "Srs": self._reset,
        }.get(heard.name)
        if verb is None:
            return _UNKNOWN_COMMAND
        answer = verb()
        if answer is not None:
            self._last = answer
        return answer

    # ------------------------------------------------------------ reads

    def _tell(self, heard: Heard) -> str:
        if heard.name == "Rco":
            counters = {
                "p": self.world.counter * len(_PANELS) + self._odd_panels,
                "c": self._inserted,
                "l": self.ribbon_used,
                "n": self.cleanings,
            }
            value = counters.get(heard.parameters[0]) if heard.parameters else None
            return _UNKNOWN_COMMAND if value is None else str(value)
        if heard.name == "Rse":
            sensors = {
                "c": self.world.inside(),
                "s": self.world.at_station(),
                "f": self.world.waiting(),
                "d": self.door_open,
                "r": not self.ribbon_ended,
                "b": self.world.rejected >= self.reject_limit,
            }
            seen = sensors.get(heard.parameters[0]) if heard.parameters else None
            return _UNKNOWN_COMMAND if seen is None else str(int(seen))
        told = {
            "Rtp": "SIMULATED",
            "Rsn": "SIM000001",
            "Rfv": "1.0",
            "Rkn": "HEAD0001",
            "Rr": self.ribbon_loaded,
            "Rlr": self._last,
            "Rem": "2" if self._host_manages else "0",
        }
        return told.get(heard.name, _UNKNOWN_COMMAND)

    # ------------------------------------------------------------ bitmaps

    def _load(self, heard: Heard) -> str:
        panel, levels = heard.parameters[:2]
        if panel not in _PANELS or not heard.data:
            return _BAD_PARAMETER
        if heard.name == "Dbc":
            opened = unsqueezed(heard.data) if panel in "ko" else None
            if opened is None:
                return _DATA
            self._bitmaps[panel] = ("2", opened)
        elif (levels == "2") is (panel in "ko"):
            self._bitmaps[panel] = (levels, heard.data)
        else:
            return _BAD_PARAMETER
        return _OK

    # ------------------------------------------------------------ sequences

    def _insert(self) -> str | None:
        return self._take_in(to_station=False)

    def _to_station(self) -> str | None:
        return self._take_in(to_station=True)

    def _take_in(self, *, to_station: bool) -> str | None:
        if self._jammed:
            return _MECHANICAL
        if self.door_open:
            return _COVER
        if not self.world.inside() and (self._lies(Lie.FEEDER_MISSES) or not self.world.waiting()):
            return _FEEDER
        self.world.bench.pace(_MOVE_SECONDS)
        self._inserted += not self.world.inside()
        self.world.take_in(to_station=to_station)
        if self._lies(Lie.JAM_FEEDING):
            self.world.take_in(to_station=False)
            self._jammed = True
            return _MECHANICAL
        return _OK

    def _start(self) -> str | None:
        if self.world.at_station() and self._lies(Lie.JAM_LEAVING_STATION):
            self._jammed = True
            return _MECHANICAL
        answer = self._take_in(to_station=False)
        self._sequence = answer == _OK
        self._bitmaps.clear()
        return answer

    def _end(self) -> str | None:
        """Print and put out; only put out where no print sequence was begun."""
        if self._jammed:
            return _MECHANICAL
        if self.door_open:
            return _COVER
        if not self.world.inside():
            return _FEEDER
        if not self._sequence:
            return self._put_out(Place.OUT)
        if self.ribbon_ended:
            return _RIBBON
        self.world.bench.pace(_PRINT_SECONDS)
        return self._print(next((_ENDS[lie] for lie in _ENDS if self._lies(lie)), _HONEST))

    def _print(self, end: _End) -> str | None:
        drawn = Drawn(dict(self._bitmaps), end.share)
        whole = end.share == _PANELS
        if end.share:
            self.drawn.append(drawn)
        self.world.ink(
            drawn if end.share else None,
            Face.FULL if whole else Face.HALF,
            counted=end.counted,
            place=end.place,
        )
        self._odd_panels += 0 if whole else len(end.share)
        self.ribbon_used += bool(end.share)
        self._jammed = end.answer == _MECHANICAL
        self.ribbon_ended |= end.answer == _RIBBON
        self._sequence = end.answer == _RIBBON  # the guide's second try, from the bitmaps that stay
        self.door_open |= end.answer == _COVER
        return end.answer

    def _reject(self) -> str | None:
        if self._jammed:
            return _MECHANICAL
        return self._put_out(Place.REJECT) if self.world.inside() else _FEEDER

    def _put_out(self, place: Place) -> str:
        self._sequence = False
        self.world.bench.pace(_MOVE_SECONDS)
        if not self._lies(Lie.STAYS_INSIDE):
            self.world.ink(None, Face.NONE, counted=0, place=place)
        return _OK

    def _clear(self) -> str | None:
        self._jammed = False
        return _OK

    def _reset(self) -> str | None:
        self.power_cycle()
        return _OK

    def _lies(self, lie: Lie) -> bool:
        if lie not in self.lies:
            return False
        self.lies.remove(lie)
        return True
