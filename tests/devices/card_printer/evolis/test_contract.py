"""The driver over the simulated printer keeps the contract of a card printer, in both kinds of rooms."""

import pytest

from ktpel_desktop.devices.card_printer.evolis import EvolisSettings
from ktpel_desktop.devices.card_printer.evolis.panels import Layout
from tests.devices import contract
from tests.devices.card_printer.evolis.rigs import Rig, face
from tests.devices.contract import PrinterContract


@pytest.fixture(autouse=True)
def _real_artwork(monkeypatch: pytest.MonkeyPatch) -> None:
    """The contract's face is a stand-in; this driver looks into the PNG."""
    monkeypatch.setattr(contract, "FACE", face())


class TestSeparateReader(PrinterContract):
    @pytest.fixture
    def rig(self) -> Rig:
        return Rig()


class TestCompressed(PrinterContract):
    @pytest.fixture
    def rig(self) -> Rig:
        return Rig(EvolisSettings(layout=Layout(levels=32, compressed=True)))


class InlineRig(Rig):
    def feed(self) -> str:
        self.printer.feed_to_station()
        (card,) = [card for card in self.bench.cards if self.world.at_station()]
        return card.serial


class TestEncoderInside(PrinterContract):
    @pytest.fixture
    def rig(self) -> Rig:
        return InlineRig(EvolisSettings(inline_encoder=True))
