"""One card of a known profile, for the length of one action: who it is, how far it was written, its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ktpel_desktop.core import chip_files, security_object
from ktpel_desktop.core.ber_tlv import TlvError
from ktpel_desktop.core.card_profile import SIGNED, CardProfile, FileKind
from ktpel_desktop.core.chip_load import ChipLoad
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.issuance import ChipContent
from ktpel_desktop.devices.chip import files
from ktpel_desktop.devices.chip.apdu import Command, Sender
from ktpel_desktop.devices.chip.capabilities import Capabilities, read_capabilities
from ktpel_desktop.devices.chip.channel import SecureChannel, open_channel
from ktpel_desktop.devices.chip.connection import CardConnection
from ktpel_desktop.devices.chip.exchange import exchange
from ktpel_desktop.devices.chip.files import FciOfApplet, FileControl
from ktpel_desktop.devices.chip.keys import KeySource

RandomBytes = Callable[[int], bytes]
"""os.urandom, but in a measurement that repeats itself."""
Told = Callable[[FileKind, int], None]
"""Hears the file and how many of its bytes are done."""
_LEAST_DATA = 80
"""Bytes of the longest command that is not cut into parts: a profile's lock of 60, padded, with the longest MAC."""


def _unheard(_kind: FileKind, _bytes: int) -> None:
    """Nobody follows."""


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """A card whose applet is selected. `life_cycle` and `count` are what it said when it was."""

    profile: CardProfile
    sender: Sender
    capabilities: Capabilities
    serial: str
    life_cycle: int
    count: int

    @property
    def locked(self) -> bool:
        """Whether nothing on it can be changed any more."""
        return self.life_cycle == self.profile.locked_state

    def begun(self) -> tuple[ChipContent, str | None]:
        """How far an unlocked card was written, and with which content; no key is needed and nothing is changed.

        The marker is the first file that is written. A card on which it alone lies, torn, holds nothing of anybody
        and is a blank.
        """
        if self.life_cycle != self.profile.blank_state:
            return ChipContent.FOREIGN, None
        if self.count == 0:
            return ChipContent.BLANK, None
        digest = chip_files.read_marker(self._read_marker())
        if digest is not None:
            return ChipContent.PARTIAL, digest
        return (ChipContent.BLANK if self.count == 1 else ChipContent.FOREIGN), None

    def asked_again(self) -> OpenedCard:
        """The same card by what it says now; ends a secure channel."""
        applet = files.select_application(self.sender, self.profile.aid)
        return replace(self, life_cycle=applet.life_cycle, count=applet.files)

    def channel(self, keys: KeySource, key_version: int, random_bytes: RandomBytes) -> SecureChannel:
        """The profile's secure channel. Raises DeviceError of `open_channel`."""
        return open_channel(
            self.sender,
            keys,
            key_version=key_version,
            aid=self.profile.aid,
            level=self.profile.level,
            s16=self.profile.s16,
            count_all=self.profile.count_all,
            capabilities=self.capabilities,
            random_bytes=random_bytes,
        )

    def write(self, channel: SecureChannel, load: ChipLoad, told: Told = _unheard) -> None:
        """Every file of the load, whole, in the profile's order. May be repeated over a torn write of the same load."""
        for file in self.profile.files:
            data = load.files[file.kind]
            control = FileControl(file.fid, file.sfi, len(data), self.profile.write_key, file.read)
            try:
                files.create_file(channel, control)
            except DeviceError as error:
                if error.code != "chip.file_exists" or self.count == 0:
                    raise  # a blank on which there is a file is none
            files.update_binary(channel, file.sfi, data, channel.max_data, _of(told, file.kind))

    def read_back(
        self, channel: SecureChannel, load: ChipLoad, told: Told = _unheard
    ) -> dict[FileKind, bytes]:
        """What now stands where the load was written."""
        return {
            kind: self._read(channel, kind, len(data), channel.max_answer, told)
            for kind, data in load.files.items()
        }

    def read(self, keys: KeySource, random_bytes: RandomBytes) -> dict[FileKind, bytes]:
        """Every file of a locked card; one that is not there is left out. The lengths are the security object's."""
        found: dict[FileKind, bytes] = {}
        place = self.profile.file(FileKind.SECURITY_OBJECT)
        try:
            found[place.kind] = self._read(self.sender, place.kind, place.most, self.capabilities.most_answer)
            signed = security_object.decode(found[place.kind])
        except DeviceError as error:
            if error.code != "chip.file_missing":
                raise
            return found
        except TlvError:
            return found
        found[FileKind.MARKER] = self._read_marker()
        channel = self.channel(keys, self.profile.read_key, random_bytes)
        for kind in SIGNED:
            said = signed.files.get(self.profile.file(kind).fid)
            if said is None:
                continue
            try:
                found[kind] = self._read(channel, kind, said.length, channel.max_answer)
            except DeviceError as error:
                if error.code != "chip.file_missing":
                    raise
        return found

    def erase(self, channel: SecureChannel) -> None:
        """Delete every file of an unlocked test card, the marker last."""
        for file in reversed(self.profile.files):
            files.delete_file(channel, file.fid)

    def _read_marker(self) -> bytes:
        try:
            return self._read(
                self.sender, FileKind.MARKER, chip_files.MARKER_SIZE, self.capabilities.most_answer
            )
        except DeviceError as error:
            if error.code != "chip.file_missing":
                raise
            return b""

    def _read(self, sender: Sender, kind: FileKind, length: int, chunk: int, told: Told = _unheard) -> bytes:
        return files.read_binary(sender, self.profile.file(kind).sfi, length, chunk, _of(told, kind))


def open_card(connection: CardConnection, profile: CardProfile, apdu: str) -> OpenedCard:
    """Select the applet and ask for the serial.

    Raises DeviceError "chip.other_kind" for another kind of card, "chip.answer_malformed" also for an applet that
    says it takes less data than a command needs.
    """
    capabilities = read_capabilities(connection.atr, apdu, connection.reader_most)
    sender = exchange(connection, capabilities)
    applet: FciOfApplet = files.select_application(sender, profile.aid)
    serial = files.read_serial(sender, Command.decode(profile.serial_command), profile.serial_tag)
    if applet.max_data < _LEAST_DATA:
        raise DeviceError("chip.answer_malformed", Effect.NONE)
    within = capabilities.within(applet.max_data)
    return OpenedCard(profile, sender, within, serial, applet.life_cycle, applet.files)


def _of(told: Told, kind: FileKind) -> Callable[[int], None]:
    return lambda done: told(kind, done)
