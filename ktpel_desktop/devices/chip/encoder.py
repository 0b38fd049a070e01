"""The chip station over any card connection: identify, authenticate, write, read back, verify, lock, confirm.

Every act may be repeated: whole files with the same data over whole files. What is on a chip is what was read from it,
under a signature of SIAK; what was sent to it proves nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from ktpel_desktop.core import chip_load
from ktpel_desktop.core.card_profile import CardProfile, FileKind
from ktpel_desktop.core.chip_load import ChipLoad, ChipReading, Fault, Finding
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.issuance import ChipContent, ChipProbe
from ktpel_desktop.core.ports import Answer, Health, Progress, Stage, Step
from ktpel_desktop.core.print_order import SignatureCheck
from ktpel_desktop.devices.chip import files
from ktpel_desktop.devices.chip.apdu import Command
from ktpel_desktop.devices.chip.channel import SecureChannel
from ktpel_desktop.devices.chip.connection import CardConnection
from ktpel_desktop.devices.chip.keys import KeySource
from ktpel_desktop.devices.chip.opened_card import OpenedCard, Told, open_card

Connect = Callable[[], AbstractContextManager[CardConnection]]
_WRITING, _READING, _LOCKING = 0.05, 0.6, 0.95
"""Shares at which the stages begin; reading back takes about as long as the air does, writing the memory besides."""


class ChipEncoder:
    """Implements core.ports.ChipStation. `connect` opens the card on the reader for one action; `look` is the
    reader's word about itself.
    """

    def __init__(
        self,
        connect: Connect,
        profile: CardProfile,
        keys: KeySource,
        check: SignatureCheck,
        *,
        look: Callable[[], Health],
        apdu: str = "otomatis",
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._connect, self._profile, self._keys, self._check = connect, profile, keys, check
        self._look, self._apdu, self._random = look, apdu, random_bytes

    def health(self) -> Health:
        """The reader's word, and that of the keys: without them nothing can be written or read."""
        reader, keys = self._look(), self._keys.health()
        if reader.ready is not Answer.YES:
            return reader
        return Health(keys.ready, (*reader.notes, *keys.notes), {**reader.readings, **keys.readings})

    def probe(self) -> ChipProbe:
        return self.read().probe

    def read(self) -> ChipReading:
        with self._untouched() as card:
            if card.locked:
                found = card.read(self._keys, self._random)
                return chip_load.judge(self._profile, card.serial, found, self._check, locked=True)
            content, digest = card.begun()
        partial = (Finding(Fault.INCOMPLETE),) if content is ChipContent.PARTIAL else ()
        return ChipReading(card.serial, content, digest or "", findings=partial)

    def write(self, serial: str, load: ChipLoad, progress: Progress) -> ChipProbe:
        with self._connect() as connection:
            with _failing_with(Effect.NONE):
                progress(Step(Stage.IDENTIFY, 0.0, may_stop=True))
                card = open_card(connection, self._profile, self._apdu)
                self._check_card(card, serial, load)
                progress(Step(Stage.AUTHENTICATE, 0.02, may_stop=True))
                channel = card.channel(self._keys, self._profile.write_key, self._random)
                progress(Step(Stage.WRITE, _WRITING, total=load.size, may_stop=True))
            with _failing_with(Effect.UNKNOWN):
                self._write_and_verify(card, channel, load, progress)
                progress(Step(Stage.LOCK, _LOCKING))
                files.activate(channel, Command.decode(self._profile.lock))
                if not card.asked_again().locked:
                    raise DeviceError("chip.not_locked", Effect.UNKNOWN)
        progress(Step(Stage.LOCK, 1.0))
        return ChipProbe(serial, ChipContent.FULL, load.digest)

    def rehearse(self, load: ChipLoad, progress: Progress) -> str:
        """Write a load to a blank test card, read it back, and erase it again; the card stays a blank. Its serial.

        Raises DeviceError "chip.not_erasable" where the profile does not allow it, "chip.not_blank", and as `write`.
        """
        if not self._profile.erasable:
            raise DeviceError("chip.not_erasable", Effect.NONE, profile=self._profile.name)
        with self._connect() as connection:
            with _failing_with(Effect.NONE):
                card = open_card(connection, self._profile, self._apdu)
                if card.begun() != (ChipContent.BLANK, None):
                    raise DeviceError("chip.not_blank", Effect.NONE)
                channel = card.channel(self._keys, self._profile.write_key, self._random)
            with _failing_with(Effect.UNKNOWN):
                self._write_and_verify(card, channel, load, progress)
                card.erase(channel)
                if card.asked_again().count:
                    raise DeviceError("chip.not_erased", Effect.UNKNOWN)
        progress(Step(Stage.LOCK, 1.0))
        return card.serial

    def _check_card(self, card: OpenedCard, serial: str, load: ChipLoad) -> None:
        if card.serial != serial:
            raise DeviceError("chip.wrong_card", Effect.NONE, expected=serial, found=card.serial)
        if card.locked:
            raise DeviceError("chip.locked", Effect.NONE, serial=serial)
        if card.begun() not in ((ChipContent.BLANK, None), (ChipContent.PARTIAL, load.digest)):
            raise DeviceError("chip.foreign_content", Effect.NONE, serial=serial)

    def _write_and_verify(
        self, card: OpenedCard, channel: SecureChannel, load: ChipLoad, progress: Progress
    ) -> None:
        card.write(channel, load, _bytes_of(load, Stage.WRITE, (_WRITING, _READING), progress))
        told = _bytes_of(load, Stage.READ_BACK, (_READING, _LOCKING), progress)
        found = card.read_back(channel, load, told)
        reading = chip_load.judge(self._profile, card.serial, found, self._check, locked=False)
        if reading.findings != (Finding(Fault.UNLOCKED),) or reading.digest != load.digest:
            raise DeviceError("chip.verify_differs", Effect.UNKNOWN, serial=card.serial)

    @contextmanager
    def _untouched(self) -> Iterator[OpenedCard]:
        with _failing_with(Effect.NONE), self._connect() as connection:
            yield open_card(connection, self._profile, self._apdu)


@contextmanager
def _failing_with(effect: Effect) -> Iterator[None]:
    """Whatever fails in here has this effect: NONE where no command in it writes, UNKNOWN where one did or may have."""
    try:
        yield
    except DeviceError as error:
        error.effect = effect
        raise


def _bytes_of(load: ChipLoad, stage: Stage, shares: tuple[float, float], progress: Progress) -> Told:
    """Bytes of one file as a step of the whole stage."""
    before, start, total = 0, {}, load.size
    for kind, data in load.files.items():
        start[kind] = before
        before += len(data)
    first, last = shares

    def told(kind: FileKind, count: int) -> None:
        done = start[kind] + count
        progress(Step(stage, first + (last - first) * done / total, kind, done, total))

    return told
