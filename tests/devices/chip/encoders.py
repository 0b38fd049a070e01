"""The real chip driver over virtual cards without PC/SC, and an operator beside it."""

from __future__ import annotations

from collections.abc import Mapping

from ktpel_desktop.core.card_profile import CardProfile
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.devices.chip.encoder import ChipEncoder
from ktpel_desktop.devices.chip.keys import KeySource, MasterKeys
from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.in_process import InProcessReader
from ktpel_desktop.devices.simulator.virtual_card.key_derivation import training_masters
from tests.services.siak_fake import PROFILE, TestAuthority

SEED = 7
MASTERS: Mapping[int, bytes] = training_masters(SEED)


class VirtualChipRig:
    """As tests.devices.contract.ChipRig."""

    def __init__(
        self,
        keys: KeySource | None = None,
        *,
        reader_most: int | None = None,
        profile: CardProfile = PROFILE,
    ) -> None:
        self.reader = InProcessReader(most=reader_most)
        self.cards: dict[str, VirtualCard] = {}
        self.station = ChipEncoder(
            self.reader.connect,
            profile,
            keys or MasterKeys(MASTERS),
            TestAuthority(),
            look=lambda: Health(Answer.YES),
        )

    def lay_blank(self) -> str:
        serial = f"9900000000{len(self.cards) + 1:04}"
        self.cards[serial] = VirtualCard.from_blank(serial, SEED, sleep=lambda seconds: None)
        self.lay(serial)
        return serial

    def lay(self, serial: str) -> None:
        self.reader.take_away()
        self.reader.lay(self.cards[serial])

    def take_away(self) -> None:
        self.reader.take_away()
