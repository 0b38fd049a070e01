"""Direct driver of an Evolis card printer: the port CardPrinter, the feeder's verbs, and what the printer tells.

"Done" is never the success of a write, nor the printer's "OK": it is the counter of printed panels higher by exactly
the panels of this card, *and* no card inside any more. Before the first command that can move a card everything that
can be asked is asked, so that what a person can mend is refused with effect NONE.

Why panels and not cards: "Rco;c" counts *inserted* cards, which in a room with one machine goes up before the printing
begins; "Rco;p" counts printed panels. `marker` is that counter in whole cards of the ribbon.

Never beside a print queue on the same printer (usb_printer_link.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, CardFace, Health, PrintStage, Spot, unheard
from ktpel_desktop.devices.card_printer.evolis import commands, panels
from ktpel_desktop.devices.card_printer.evolis.commands import Command, Refusal, Sensor, number
from ktpel_desktop.devices.card_printer.evolis.conversation import Conversation
from ktpel_desktop.devices.card_printer.evolis.failures import not_opened
from ktpel_desktop.devices.card_printer.evolis.settings import EVOLIS, EvolisSettings
from ktpel_desktop.devices.card_printer.evolis.supplies import Supplies
from ktpel_desktop.devices.usb_printer_link import NotOpened, UsbLink

PANELS = 5
"""Panels of one card: Y M C K O."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the printer says it is; empty where it says nothing."""

    model: str = ""
    serial: str = ""
    firmware: str = ""
    head: str = ""


class EvolisPrinter:
    """`backend` is pyusb's (None: the system's libusb). Opened for each action, closed after it."""

    def __init__(
        self,
        settings: EvolisSettings | None = None,
        backend: Any = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings or EvolisSettings()
        self._backend = backend
        self._clock = clock
        self._torn: tuple[str, bytes] | None = None
        """Job and fingerprint of the face whose ribbon ended last: what the printer still holds, if anything."""

    # ------------------------------------------------------------ CardPrinter

    def health(self) -> Health:
        readings: dict[str, str] = {}
        try:
            with self._talk(until=self._clock() + self._settings.patience.look / 1000) as talk:
                notes, ready = self._state(talk)
                printed = number(talk.ask(commands.PANELS_PRINTED))
                readings |= (
                    {} if printed is None else {"counter": str(printed // PANELS), "panels": str(printed)}
                )
                readings |= _supplies(talk).readings()
                readings |= _named(_identity(talk))
        except DeviceError as error:
            known = error.code in {"printer.offline", "printer.held_by_spooler", "printer.no_access"}
            return Health(Answer.NO if known else Answer.UNKNOWN, (error.code,), readings)
        if printed is None:
            ready = min(ready, Answer.UNKNOWN, key=_GRAVITY.index)
        return Health(ready, tuple(notes), readings)

    def marker(self) -> int:
        with self._talk() as talk:
            return talk.count(commands.PANELS_PRINTED) // PANELS

    def clear_queue(self) -> bool:
        return False  # what it is sent it prints or refuses; nothing waits

    def print_card(self, face: CardFace, tag: str, told: Callable[[PrintStage], None] = unheard) -> None:
        downloads = panels.downloads(face, self._settings.layout)
        whole = tag, sha256(face.colour + face.black).digest()
        with self._talk(printing=True) as talk:
            self._require_ready(talk)
            again = self._torn == whole and _kept(talk) is Answer.YES and _spot(talk) is Spot.INSIDE
            if not again:
                self._require_card(talk)
            before = talk.count(commands.PANELS_PRINTED)
            self._torn = None
            if (
                not again
            ):  # else the card and the panels of this very face are inside (guide, page 4: a second try)
                told(PrintStage.SENDING)
                self._send(talk, downloads)
            told(PrintStage.PRINTING)
            try:
                talk.order(commands.PRINT)
            except DeviceError as error:
                if error.code == "printer.ribbon_out_mid_card":
                    self._torn = whole
                raise
            told(PrintStage.COUNTING)
            _prove(talk, before + PANELS)

    # ------------------------------------------------------------ CardFeeder

    def spot(self) -> Spot:
        with self._talk() as talk:
            return _spot(talk)

    def feed_to_station(self) -> None:
        with self._talk() as talk:
            self._door_is_shut(talk)
            where = _spot(talk)
            if where is Spot.UNKNOWN:
                raise DeviceError("printer.state_unknown", Effect.NONE)
            if where is not Spot.NOWHERE:
                raise DeviceError("printer.card_left_inside", Effect.NONE)
            talk.order(commands.HOST_MANAGES_ERRORS)
            talk.order(commands.insertion(self._settings.insertion.value))
            talk.order(commands.TO_STATION)
            if talk.see(Sensor.AT_STATION) is not Answer.YES:
                raise DeviceError("printer.move_unclear", Effect.UNKNOWN)

    def eject(self) -> None:
        with self._talk() as talk:
            _there_is_a_card(talk)
            if _kept(talk) is not Answer.NO:
                raise DeviceError("printer.bitmap_kept", Effect.NONE)
            talk.order(commands.EJECT)
            _is_gone(talk)

    def reject(self) -> None:
        with self._talk() as talk:
            _there_is_a_card(talk)
            if talk.see(Sensor.REJECT_FULL) is Answer.YES:
                raise DeviceError("printer.reject_full", Effect.NONE)
            talk.order(commands.REJECT)
            _is_gone(talk)

    def clear_status(self) -> None:
        """Forget the last error, after a person has mended its cause. Moves no card."""
        with self._talk() as talk:
            talk.order(commands.CLEAR_STATUS)

    def reset(self) -> None:
        """Software reset. The printer may move a card; bitmaps are lost."""
        with self._talk() as talk:
            talk.order(commands.RESET)

    # ------------------------------------------------------------ what it tells

    def identity(self) -> Identity:
        with self._talk() as talk:
            return _identity(talk)

    def supplies(self) -> Supplies:
        with self._talk() as talk:
            return _supplies(talk)

    # ------------------------------------------------------------ inside

    @contextmanager
    def _talk(self, *, printing: bool = False, until: float | None = None) -> Iterator[Conversation]:
        line = UsbLink(EVOLIS, detach_spooler=self._settings.detach_spooler, backend=self._backend)
        with ExitStack() as closing:
            try:
                link = closing.enter_context(line)
            except NotOpened as error:
                raise not_opened(error) from None
            yield Conversation(
                link, self._settings.patience, printing=printing, until=until, clock=self._clock
            )

    def _send(self, talk: Conversation, downloads: Sequence[Command]) -> None:
        """Everything of a print but the order itself: settings, the card, the panels."""
        for command in (
            commands.HOST_MANAGES_ERRORS,
            commands.ribbon(self._settings.ribbon),
            commands.insertion(self._settings.insertion.value),
        ):
            talk.order(command)
        if not self._settings.inline_encoder:
            talk.order(commands.INSERT)
        for command in (commands.START, commands.FRONT, *downloads):
            talk.order(command)

    def _require_ready(self, talk: Conversation) -> None:
        """Refuse, with effect NONE, whatever the printer itself would refuse later or not notice at all."""
        self._door_is_shut(talk)
        if talk.see(Sensor.RIBBON_PRESENT) is Answer.NO:
            raise DeviceError("printer.ribbon_out", Effect.NONE)
        kind = _ribbon_kind(talk)
        if kind is not None and kind != self._settings.ribbon:
            raise DeviceError("printer.ribbon_wrong", Effect.NONE, kind=kind, wanted=self._settings.ribbon)

    def _require_card(self, talk: Conversation) -> None:
        """The card to be printed is where it must be, and no other one; effect NONE where it is not."""
        where = _spot(talk)
        if where is Spot.UNKNOWN:  # "the card is out" could never be proved
            raise DeviceError("printer.state_unknown", Effect.NONE)
        if self._settings.inline_encoder:
            if where is not Spot.STATION:
                raise DeviceError("printer.no_card", Effect.NONE)
        elif where is not Spot.NOWHERE:  # it may be the card of an earlier job, printed already
            raise DeviceError("printer.card_left_inside", Effect.NONE)
        elif talk.see(Sensor.CARD_WAITING) is Answer.NO:
            raise DeviceError("printer.no_card", Effect.NONE)

    @staticmethod
    def _door_is_shut(talk: Conversation) -> None:
        if talk.see(Sensor.DOOR_OPEN) is Answer.YES:
            raise DeviceError("printer.door_open", Effect.NONE)

    def _state(self, talk: Conversation) -> tuple[list[str], Answer]:
        """What stands in the way of printing, and whether the sensors say that nothing does.

        A full box of rejected cards stops the work only where the printer is what rejects.
        """
        door, ribbon = talk.see(Sensor.DOOR_OPEN), talk.see(Sensor.RIBBON_PRESENT)
        full, inside = talk.see(Sensor.REJECT_FULL), talk.see(Sensor.CARD_INSIDE)
        notes = ["printer.door_open"] if door is Answer.YES else []
        notes += ["printer.ribbon_out"] if ribbon is Answer.NO else []
        stopped = bool(notes) or (full is Answer.YES and self._settings.inline_encoder)
        notes += ["printer.reject_full"] if full is Answer.YES else []
        if stopped:
            return notes, Answer.NO
        if Answer.UNKNOWN in {door, ribbon, inside}:
            return [*notes, "printer.state_unknown"], Answer.UNKNOWN
        return notes, Answer.YES


_GRAVITY = (Answer.NO, Answer.UNKNOWN, Answer.YES)


def _prove(talk: Conversation, expected: int) -> None:
    """The counter went up by this card, and it is out; otherwise nobody knows, and a person looks."""
    counted = talk.count(commands.PANELS_PRINTED)
    inside = talk.see(Sensor.CARD_INSIDE)
    if inside is Answer.UNKNOWN:
        raise DeviceError("printer.answer_lost", Effect.UNKNOWN)
    if counted != expected:
        raise DeviceError("printer.counter_odd", Effect.UNKNOWN)
    if inside is Answer.YES:
        raise DeviceError("printer.card_stuck", Effect.UNKNOWN)


def _spot(talk: Conversation) -> Spot:
    inside, station = talk.see(Sensor.CARD_INSIDE), talk.see(Sensor.AT_STATION)
    if inside is Answer.UNKNOWN or (station is Answer.YES and inside is Answer.NO):
        return Spot.UNKNOWN
    if inside is Answer.NO:
        return Spot.NOWHERE
    return Spot.STATION if station is Answer.YES else Spot.INSIDE


def _there_is_a_card(talk: Conversation) -> None:
    where = _spot(talk)
    if where is Spot.UNKNOWN:
        raise DeviceError("printer.state_unknown", Effect.NONE)
    if where is Spot.NOWHERE:
        raise DeviceError("printer.no_card", Effect.NONE)


def _is_gone(talk: Conversation) -> None:
    if talk.see(Sensor.CARD_INSIDE) is not Answer.NO:
        raise DeviceError("printer.move_unclear", Effect.UNKNOWN)


def _kept(talk: Conversation) -> Answer:
    """[?] The last answer stays "ribbon" until another sequence or the power ends it, and so do the bitmaps."""
    text = _optional(talk, commands.LAST_ANSWER)
    if text is None:
        return Answer.UNKNOWN
    return Answer.YES if text == Refusal.RIBBON else Answer.NO


def _ribbon_kind(talk: Conversation) -> str | None:
    text = _optional(talk, commands.RIBBON)
    return text if text is not None and text.isalpha() and text.islower() else None


def _supplies(talk: Conversation) -> Supplies:
    asked = (commands.RIBBON_USED, commands.CARDS_INSERTED, commands.CLEANINGS)
    return Supplies(_ribbon_kind(talk), *(_counter(talk, command) for command in asked))


def _counter(talk: Conversation, command: Command) -> int | None:
    text = _optional(talk, command)
    return None if text is None else number(text)


def _identity(talk: Conversation) -> Identity:
    asked = (commands.MODEL, commands.SERIAL, commands.FIRMWARE, commands.HEAD)
    return Identity(*(_optional(talk, command) or "" for command in asked))


def _named(identity: Identity) -> dict[str, str]:
    told = {
        "model": identity.model,
        "serial": identity.serial,
        "firmware": identity.firmware,
        "head": identity.head,
    }
    return {name: value for name, value in told.items() if value}


def _optional(talk: Conversation, command: Command) -> str | None:
    """The answer to a question that not every model knows; None where it is refused. Raises when silent."""
    try:
        return talk.ask(command)
    except DeviceError as error:
        if error.code == "printer.refused":
            return None
        raise
