"""The chip stations of one PC, put together by its settings: readers by role, profile, keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ktpel_desktop.bootstrap import keyring_secrets
from ktpel_desktop.core.card_profile import CardProfile
from ktpel_desktop.core.chip_load import ChipLoad, ChipReading
from ktpel_desktop.core.errors import DeviceError, Effect, KtpelError
from ktpel_desktop.core.issuance import ChipProbe
from ktpel_desktop.core.ports import Answer, ChipStation, Health, Progress
from ktpel_desktop.core.print_order import SignatureCheck
from ktpel_desktop.devices.chip.encoder import ChipEncoder
from ktpel_desktop.devices.chip.keys import Handshake, KeySource, MasterKeys, OpenedKeys
from ktpel_desktop.devices.chip.sam import SamKeys
from ktpel_desktop.devices.pcsc.monitor import ReaderMonitor
from ktpel_desktop.devices.pcsc.readers import ReaderRoles, Role, assigned
from ktpel_desktop.devices.pcsc.role_reader import RoleReader
from ktpel_desktop.devices.simulator.workbench import Workbench
from ktpel_desktop.settings import Settings


@dataclass(frozen=True, slots=True)
class ChipStations:
    """The encoder, the reader at the counter, and what waits for readers to come and go."""

    encoder: ChipEncoder
    check: ChipEncoder
    watch: ReaderMonitor
    roles_of: Callable[[Sequence[str]], Mapping[str, Sequence[str]]]


def chip_stations(settings: Settings, profile: CardProfile, check: SignatureCheck) -> ChipStations:
    """Nothing is opened yet: readers, keyring and SAM are asked when a card is."""
    roles = ReaderRoles(settings.reader_encoder, settings.reader_sam, settings.reader_check)
    keys = _LateKeys(
        lambda: _secrets(settings, profile), lambda secrets: _key_source(settings, profile, roles, secrets)
    )

    def station(role: Role) -> ChipEncoder:
        reader = RoleReader(role, roles)
        return ChipEncoder(reader.connect, profile, keys, check, look=reader.health, apdu=settings.chip_apdu)

    encoder = station(Role.ENCODER)
    counter = station(Role.CHECK) if settings.reader_check else encoder
    return ChipStations(encoder, counter, ReaderMonitor(), lambda names: assigned(roles, names))


Secrets = tuple[str, ...]


def _secrets(settings: Settings, profile: CardProfile) -> Secrets:
    """What the key source needs from the keyring. Raises StoreError."""
    if settings.chip_keys == "sam":
        return (keyring_secrets.get(keyring_secrets.SAM_PIN),)
    return tuple(keyring_secrets.get(keyring_secrets.key_name(version)) for version in _versions(profile))


def _key_source(settings: Settings, profile: CardProfile, roles: ReaderRoles, secrets: Secrets) -> KeySource:
    if settings.chip_keys == "sam":
        return SamKeys(RoleReader(Role.SAM, roles).connect, *secrets)
    return MasterKeys(dict(zip(_versions(profile), map(bytes.fromhex, secrets), strict=True)))


def _versions(profile: CardProfile) -> tuple[int, int]:
    return profile.write_key, profile.read_key


class _LateKeys:
    """KeySource that is put together at the first need, and anew when its secrets have changed.

    So a PIN that was put right counts at once, while one that the SAM refused stays refused (SamKeys remembers it).
    """

    def __init__(self, secrets: Callable[[], Secrets], make: Callable[[Secrets], KeySource]) -> None:
        self._secrets, self._make = secrets, make
        self._made: tuple[Secrets, KeySource] | None = None

    def open(self, handshake: Handshake) -> OpenedKeys:
        try:
            keys = self._source()
        except KtpelError as error:
            raise DeviceError("chip.keys_unavailable", Effect.NONE, reason=error.code) from error
        return keys.open(handshake)

    def health(self) -> Health:
        try:
            return self._source().health()
        except KtpelError as error:
            return Health(Answer.NO, (error.code,))

    def _source(self) -> KeySource:
        secrets = self._secrets()
        if self._made is None or self._made[0] != secrets:
            self._made = secrets, self._make(secrets)
        return self._made[1]


class AdoptingStation:
    """A real chip station in training: a card that lies on the real reader lies on the workbench, too.

    The printer of the training office is simulated and knows the cards of the bench only.
    """

    def __init__(self, station: ChipStation, bench: Workbench) -> None:
        self._station, self._bench = station, bench

    def health(self) -> Health:
        return self._station.health()

    def probe(self) -> ChipProbe:
        found = self._station.probe()
        self._bench.adopt(found.serial)
        return found

    def write(self, serial: str, load: ChipLoad, progress: Progress) -> ChipProbe:
        return self._station.write(serial, load, progress)

    def read(self) -> ChipReading:
        return self._station.read()
