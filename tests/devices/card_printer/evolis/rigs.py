"""Faces, rigs, recorded lines and failures for the tests of the Evolis driver."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from PIL import Image, ImageChops, ImageDraw

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.devices.card_printer.evolis import EvolisPrinter, EvolisSettings
from ktpel_desktop.devices.simulator.cards import Place, SimulatedCard
from ktpel_desktop.devices.simulator.evolis import BenchWorld, Drawn, EvolisBackend, Machine
from ktpel_desktop.devices.simulator.workbench import Workbench
from ktpel_desktop.devices.usb_printer_link import LinkLost, Lost

SIZE = (1016, 648)
_ROW = 100
_BITS = 24 * 8


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def face(text: str = "TICKET-1", size: tuple[int, int] = SIZE) -> CardFace:
    """A face with colours, a frame, and `text` written as a row of bits that `text_on` reads back."""
    colour = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(colour)
    draw.rectangle((700, 150, 940, 500), fill=(200, 140, 90))
    draw.ellipse((760, 200, 880, 360), fill=(30, 90, 160))
    black = Image.new("1", size, 1)
    ink = ImageDraw.Draw(black)
    ink.rectangle((20, 20, 400, 60), fill=0)
    ink.line((30, 600, 500, 190), fill=0, width=3)
    left, top = (SIZE[0] - size[0]) // 2, (SIZE[1] - size[1]) // 2
    for at, bit in enumerate(
        "".join(format(byte, "08b") for byte in text.encode().ljust(_BITS // 8, b"\x00"))
    ):
        if bit == "1":
            ink.rectangle((4 * at + 40 - left, _ROW - top, 4 * at + 43 - left, _ROW + 5 - top), fill=0)
    return CardFace(png(colour), png(black), 300)


def failure(act: Callable[[], object]) -> tuple[str, Effect]:
    """Code and effect with which it fails."""
    with pytest.raises(DeviceError) as failed:
        act()
    return failed.value.code, failed.value.effect


def furthest(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of any channel of any pixel."""
    counts = ImageChops.difference(one, other).histogram()
    return max(at % 256 for at, pixels in enumerate(counts) if pixels)


def text_on(drawn: Drawn) -> str:
    """Read the row of bits off the drawn card, as a person reads the name."""
    black = drawn.black()
    bits = "".join("1" if black.getpixel((4 * at + 41, _ROW + 2)) == 0 else "0" for at in range(_BITS))
    return int(bits, 2).to_bytes(_BITS // 8).rstrip(b"\x00").decode(errors="replace")


@dataclass
class Rig:
    """The driver with a simulated printer on a workbench, and the operator beside it."""

    settings: EvolisSettings = field(default_factory=EvolisSettings)
    bench: Workbench = field(default_factory=lambda: Workbench(blanks=5))

    def __post_init__(self) -> None:
        self.world = BenchWorld(self.bench, inline=self.settings.inline_encoder, tag_of=text_on)
        self.machine = Machine(self.world)
        self.backend = EvolisBackend(self.machine)
        self.printer = EvolisPrinter(self.settings, self.backend)

    def feed(self) -> str:
        serial = self.bench.take_blank().serial
        self.bench.move_to_printer(serial)
        return serial

    def is_out(self, serial: str) -> bool:
        return self.card(serial).place is Place.OUT

    def card(self, serial: str) -> SimulatedCard:
        return self.bench.card(serial)

    @property
    def given_back(self) -> bool:
        """Whether nothing of the device is held any more."""
        return (self.backend.open_handles, self.backend.claimed) == (0, 0)


class RecordedLine:
    """A line that gives prepared answers: bytes, or how it breaks. Keeps what was written."""

    def __init__(self, *answers: bytes | Lost) -> None:
        self.written = b""
        self._answers = deque(answers)
        self._drained = False

    def write(self, data: bytes, timeout: int) -> None:
        self.written += data

    def read(self, timeout: int) -> bytes:
        if not self._drained:
            self._drained = True
            raise LinkLost(Lost.TIMED_OUT)
        answer = self._answers.popleft() if self._answers else Lost.TIMED_OUT
        if isinstance(answer, Lost):
            raise LinkLost(answer)
        return answer
