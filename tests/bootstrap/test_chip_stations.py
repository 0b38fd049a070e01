"""The chip stations of a PC: what its settings and its keyring make of them."""

from __future__ import annotations

import pytest

from ktpel_desktop.bootstrap import chip_stations as module
from ktpel_desktop.bootstrap import keyring_secrets
from ktpel_desktop.core.errors import DeviceError, Effect, StoreError
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.devices.pcsc.readers import ReaderRoles, Role
from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.in_process import InProcessReader
from ktpel_desktop.devices.simulator.virtual_card.linked import LinkedCard
from ktpel_desktop.devices.simulator.virtual_card.sam import VirtualSam
from ktpel_desktop.settings import Settings
from tests.devices.chip.encoders import MASTERS, SEED
from tests.devices.contract import LOAD, Told
from tests.services.siak_fake import PROFILE, TestAuthority

PIN = "latihan-99"


class Desk:
    """A PC with a card on its encoder, a SAM in the slot beside it, and a keyring."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.card = VirtualCard.from_blank("99000000007001", SEED)
        self.sam = VirtualSam("99000000007099", MASTERS, PIN)
        self.secrets: dict[str, str] = {}
        lying: dict[Role, LinkedCard] = {Role.ENCODER: self.card, Role.SAM: self.sam}
        readers = {role: InProcessReader(card) for role, card in lying.items()}

        class OnThisDesk:
            def __init__(self, role: Role, roles: ReaderRoles) -> None:
                self.connect = readers[role].connect

            def health(self) -> Health:
                return Health(Answer.YES)

        patch.setattr(module, "RoleReader", OnThisDesk)
        patch.setattr(keyring_secrets, "get", self._secret)

    def _secret(self, name: str) -> str:
        if name not in self.secrets:
            raise StoreError("secret.missing", name=name)
        return self.secrets[name]

    def stations(self, keys: str) -> module.ChipStations:
        return module.chip_stations(Settings(chip_by="pcsc", chip_keys=keys), PROFILE, TestAuthority())


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def refused(stations: module.ChipStations, desk: Desk) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        stations.encoder.write(desk.card.serial, LOAD, Told())
    assert caught.value.effect is Effect.NONE
    return caught.value


def test_a_pin_that_is_put_right_counts_without_opening_the_program_anew(desk: Desk) -> None:
    stations = desk.stations("sam")
    desk.secrets["pin-sam"] = "000000"
    for _ in range(3):
        assert refused(stations, desk).code == "sam.pin_wrong"
        assert desk.sam.tries == 2, "a refused PIN is not sent again"
    assert stations.encoder.health().notes == ("sam.pin_wrong",)
    desk.secrets["pin-sam"] = PIN
    assert stations.encoder.health().ready is Answer.YES
    stations.encoder.write(desk.card.serial, LOAD, Told())
    assert stations.check.read().good


def test_keys_that_are_put_right_count_at_once_too(desk: Desk) -> None:
    stations = desk.stations("latihan")
    assert refused(stations, desk).params == {"reason": "secret.missing"}
    assert stations.encoder.health().notes == ("secret.missing",)
    desk.secrets |= {"kunci-30": "00" * 16, "kunci-31": "00" * 16}
    assert refused(stations, desk).code == "chip.keys_wrong"
    desk.secrets |= {f"kunci-{version:02X}": key.hex().upper() for version, key in MASTERS.items()}
    stations.encoder.write(desk.card.serial, LOAD, Told())
    assert stations.check.read().good
