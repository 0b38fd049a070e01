"""What the program and its cards themselves make: the seeds from which the fuzzing begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from ktpel_desktop.core.chip_load import ChipLoad
from ktpel_desktop.core.ports import Answer, Health, Step
from ktpel_desktop.devices.chip import scp03
from ktpel_desktop.devices.chip.apdu import Command, Response
from ktpel_desktop.devices.chip.channel import read_handshake
from ktpel_desktop.devices.chip.encoder import ChipEncoder
from ktpel_desktop.devices.chip.keys import Handshake, KeySource, MasterKeys, SessionKeys
from ktpel_desktop.devices.chip.sam import SamKeys
from ktpel_desktop.devices.chip.scp03 import Scp03
from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.sam import VirtualSam
from tests.devices.chip.encoders import MASTERS
from tests.devices.chip.second_scp03 import CardSide
from tests.devices.contract import LOAD
from tests.fuzz.lying import Liar, Relay
from tests.services.siak_fake import PROFILE, TestAuthority

CHECK = TestAuthority()
SERIAL, PIN = "99000000000001", "123456"
PROFILE_TEXT = (Path(__file__).parents[2] / "resources/kartu/profil/acuan-8k.toml").read_text("utf-8")
Saved = Mapping[str, Any]


def encoder(
    card: Liar | Relay, challenge: bytes = b"H", apdu: str = "otomatis", keys: KeySource | None = None
) -> ChipEncoder:
    """The driver over this card. The host's challenge repeats itself, so that a conversation does."""
    return ChipEncoder(
        card.connect,
        PROFILE,
        keys or MasterKeys(MASTERS),
        CHECK,
        look=lambda: Health(Answer.YES),
        apdu=apdu,
        random_bytes=lambda size: challenge * size,
    )


def card_of(saved: Saved) -> VirtualCard:
    """A card with this memory, all of whose chance is the same."""
    return VirtualCard.load(saved, MASTERS, random=lambda size: b"C" * size, sleep=lambda seconds: None)


@cache
def blank() -> Saved:
    """The memory of a blank."""
    return VirtualCard.from_blank(SERIAL).save()


@cache
def full() -> Saved:
    """The memory of a card that the program wrote and locked."""
    return _written(LOAD)


@cache
def begun() -> Saved:
    """The memory of a card whose writing was cut off."""
    card = card_of(full())
    del card.eeprom.files[3:]
    card.eeprom.life_cycle = PROFILE.blank_state
    return card.save()


def _written(load: ChipLoad) -> Saved:
    card = card_of(blank())
    encoder(Relay(card)).write(SERIAL, load, unheard)
    return card.save()


def unheard(_step: Step) -> None:
    """Nobody follows the progress."""


@cache
def reading(kind: str) -> list[bytes]:
    """What a card says while it is read, from SELECT to its last file."""
    relay = Relay(card_of({"blank": blank, "begun": begun, "full": full}[kind]()))
    encoder(relay).read()
    return relay.said


def handshakes() -> Iterator[bytes]:
    """Answers to INITIALIZE UPDATE: S8 and S16, with and without a counter."""
    for size, i in ((8, 0x70), (8, 0x60), (16, 0x71)):
        yield CardSide(bytes(16), bytes(16), size=size, i=i).initialize_update(bytes(size), bytes(size))


@cache
def handshake() -> Handshake:
    """What the full card says to INITIALIZE UPDATE."""
    answer = next(one for one in reading("full") if len(one) == 13 + 2 * 8 + 3 + 2)
    return read_handshake(answer[:-2], b"H" * 8, PROFILE.read_key, PROFILE.level, PROFILE.aid)


@cache
def sam_conversation() -> list[bytes]:
    """What a SAM says until it gave session keys."""
    relay = Relay(VirtualSam("99000000000099", MASTERS, PIN))
    SamKeys(relay.connect, PIN).open(handshake())
    return relay.said


@dataclass(frozen=True)
class Talk:
    """An open channel before the second answer: the host's keys, and both genuine answers."""

    keys: SessionKeys
    level: int
    s16: bool
    cryptogram: bytes
    answers: tuple[bytes, bytes]

    def host(self) -> Scp03:
        """The host, waiting for the second answer."""
        state = Scp03(self.keys, self.level, self.s16)
        state.external_authenticate(self.cryptogram)
        state.unwrap(Response(b"", 0x9000))
        state.wrap(READ)
        state.unwrap(Response.parse(self.answers[0]))
        state.wrap(READ)
        return state


READ = Command(0x00, 0xB0, 0x82, 0x00, le=0x100)


@cache
def talks() -> tuple[Talk, ...]:
    """Talks of every level whose answers are protected, with and without data in them."""
    return tuple(
        _talk(level, s16, clear)
        for level, s16, clear in product(
            (0x11, 0x13, 0x33), (False, True), ((b"first", b"second answer of two"), (b"", b""))
        )
    )


def _talk(level: int, s16: bool, clear: tuple[bytes, bytes]) -> Talk:
    size = 16 if s16 else 8
    card = CardSide(b"E" * 16, b"M" * 16, size=size)
    answer = card.initialize_update(b"H" * size)
    challenge = answer[13 : 13 + size]
    keys = scp03.session_keys(b"E" * 16, b"M" * 16, b"H" * size, challenge)
    cryptogram = scp03.host_cryptogram(keys.mac, b"H" * size, challenge)
    host = Scp03(keys, level, s16)
    assert card.external_authenticate(host.external_authenticate(cryptogram).encode(False))
    host.unwrap(Response(b"", 0x9000))
    said: list[bytes] = []
    for data in clear:
        card.take(host.wrap(READ).encode(False))
        said.append(card.give(data, 0x9000))
        assert host.unwrap(Response.parse(said[-1])).data == data
    return Talk(keys, level, s16, cryptogram, (said[0], said[1]))
