"""What is fuzzed: each target takes any bytes and raises where the program breaks its word.

A target catches exactly the errors that the called function declares; anything else that comes out of it, a missed
property, or an endless talk is a finding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import product

from ktpel_desktop.core import ber_tlv, chip_files, chip_load, security_object
from ktpel_desktop.core.ber_tlv import TlvError
from ktpel_desktop.core.card_profile import FREE, NEVER, PERSONAL, SIGNED, CardProfile, FileKind, read_profile
from ktpel_desktop.core.chip_load import ChipReading
from ktpel_desktop.core.errors import DeviceError, Effect, PolicyError
from ktpel_desktop.core.issuance import ChipContent, ChipProbe
from ktpel_desktop.devices.chip import files
from ktpel_desktop.devices.chip.apdu import MOST_ANSWER, Command, Response
from ktpel_desktop.devices.chip.capabilities import ApduLength, Capabilities, read_capabilities
from ktpel_desktop.devices.chip.channel import read_handshake
from ktpel_desktop.devices.chip.encoder import ChipEncoder
from ktpel_desktop.devices.chip.exchange import exchange
from ktpel_desktop.devices.chip.sam import SamKeys, read_opened_keys
from ktpel_desktop.devices.chip.status_words import carries_data
from tests.devices.chip.conversation import outcome
from tests.devices.contract import LOAD, OTHER_LOAD
from tests.fuzz import genuine
from tests.fuzz.lying import Edit, Liar, Relay, edits, join
from tests.fuzz.mutations import Mutation, after_choice, inside_changes, inside_parts, inside_tlv
from tests.services.siak_fake import PROFILE, TestAuthority

CHECK = TestAuthority()
KINDS = tuple(FileKind)
SERIAL = genuine.SERIAL
_ON_CHIP = {PROFILE.file(kind).fid: data for kind, data in LOAD.files.items()}


@dataclass(frozen=True)
class Target:
    """One target. `runs` take about a second; `most` is the length of the longest input."""

    run: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    runs: int = 5000
    most: int = 1024
    mutation: Mutation | None = None


# ---------------------------------------------------------------- core


def read_tlv(data: bytes) -> None:
    """What is read is written again as the same objects; the shortest form is the same bytes."""
    try:
        objects = ber_tlv.parse(data)
    except TlvError:
        return
    written = b"".join(one.encode() for one in objects)
    assert ber_tlv.parse(written) == objects
    assert len(written) < len(data) or written == data
    waiting = list(objects)
    while waiting:
        try:
            waiting += waiting.pop().children()
        except TlvError:
            continue


def read_security_object(data: bytes) -> None:
    """There is one encoding of each object, and only a signed one is believed."""
    try:
        found = security_object.decode(data)
    except TlvError:
        return
    assert found.encode() == data
    genuine_one = data in (
        LOAD.files[FileKind.SECURITY_OBJECT],
        OTHER_LOAD.files[FileKind.SECURITY_OBJECT],
    )
    assert found.valid(CHECK) == genuine_one


def read_biodata(data: bytes) -> None:
    """Every field is there, and the fields written again read the same."""
    try:
        found = chip_files.read_biodata(data)
    except TlvError:
        return
    assert tuple(found) == chip_files.BIODATA_FIELDS
    inside = b"".join(ber_tlv.encode(0x80 + at, text.encode()) for at, text in enumerate(found.values()))
    again = ber_tlv.encode(0x61, inside)
    assert chip_files.read_biodata(again) == found
    assert len(again) < len(data) or again == data


def read_marker(data: bytes) -> None:
    """Only a whole marker tells a content; that anybody can make one, for it proves nothing."""
    found = chip_files.read_marker(data)
    digest, check = data[:32], data[32 : chip_files.MARKER_SIZE]
    whole = check == hashlib.sha256(b"marker" + digest).digest()[:4]
    assert found == (digest.hex() if whole else None)


def judge(data: bytes) -> None:
    """A reading is good where every file of a locked chip is what was signed, and nowhere else."""
    found = dict(LOAD.files)
    for change in edits(data):
        kind = KINDS[change.where % len(KINDS)]
        if change.kind & 0x0F == 0x0F:
            found.pop(kind, None)
        else:
            found[kind] = change.on(found.get(kind, b""), OTHER_LOAD.files[kind])
    reading = chip_load.judge(PROFILE, SERIAL, found, CHECK, locked=True)
    assert reading.good == any(_same(found, load.files) for load in (LOAD, OTHER_LOAD))
    assert reading.good == (reading.content is ChipContent.FULL)
    assert not reading.good or reading.digest in (LOAD.digest, OTHER_LOAD.digest)
    unlocked = chip_load.judge(PROFILE, SERIAL, found, CHECK, locked=False)
    assert not unlocked.good
    assert unlocked.content is ChipContent.PARTIAL


def _same(found: dict[FileKind, bytes], signed: object) -> bool:
    assert isinstance(signed, dict)
    marker = found.get(FileKind.MARKER, b"")[: chip_files.MARKER_SIZE]
    return marker == signed[FileKind.MARKER] and all(
        found.get(kind) == signed[kind] for kind in (*SIGNED, FileKind.SECURITY_OBJECT)
    )


def profile(data: bytes) -> None:
    """A profile is refused with its place, or fit to write a card by."""
    read: CardProfile | PolicyError
    try:
        read = read_profile(data.decode("utf-8", "replace"), "uji.toml")
    except PolicyError as error:
        read = error
    if isinstance(read, PolicyError):
        assert read.code.startswith("profile.")
        assert read.params["file"] == "uji.toml"
        return
    assert sum(file.most + read.file_overhead for file in read.files) <= read.memory
    assert read.files[0].kind is FileKind.MARKER
    assert all((file.read == FREE) is (file.kind not in PERSONAL) for file in read.files)
    assert all(file.read != NEVER for file in read.files)
    assert Command.decode(read.serial_command).le
    assert not Command.decode(read.lock).cla & 0x43, "another channel than the basic one"


# ---------------------------------------------------------------- devices/chip: pure


def apdus(data: bytes) -> None:
    """Answers and commands read from bytes are those bytes again."""
    answer = outcome(lambda: Response.parse(data))
    if isinstance(answer, DeviceError):
        assert (answer.code, answer.effect) == ("chip.answer_malformed", Effect.UNKNOWN)
    else:
        assert answer.data + answer.sw.to_bytes(2) == data
    try:
        command = Command.decode(data)
    except ValueError:
        return
    forms = [True] if command.needs_extended else [True, False]
    assert data in [command.encode(extended) for extended in forms]


def capabilities(data: bytes) -> None:
    """No ATR makes it raise, and nothing is promised beyond what reader and office said."""
    choice, said, atr = data[:1], data[1:3], data[3:]
    setting = list(ApduLength)[sum(choice) % 3]
    reader = int.from_bytes(said) if sum(choice) & 0x80 else None
    found = read_capabilities(atr, setting, lambda: reader)
    assert 1 <= found.most_data <= 65535
    assert 1 <= found.most_answer <= MOST_ANSWER
    if setting is ApduLength.SHORT or (reader is not None and reader <= 256):
        assert not found.extended
    assert found.extended or (found.most_data, found.most_answer) == (255, 256)


def fci(data: bytes) -> None:
    """Numbers of an applet are in their ranges."""
    try:
        found = files.read_fci(data)
    except TlvError:
        return
    assert max(found.life_cycle, found.files) <= 0xFF
    assert found.max_data <= 0xFFFF


def handshake(data: bytes) -> None:
    """An answer to INITIALIZE UPDATE is taken apart without rest."""
    flags, data = sum(data[:1]), data[1:]
    size, level, version = (16, 8)[flags & 1], (0x03, 0x13, 0x33)[flags % 3], (0x30, 0)[flags >> 1 & 1]
    found = outcome(lambda: read_handshake(data, bytes(size), version, level, PROFILE.aid))
    if isinstance(found, DeviceError):
        assert found.effect is Effect.NONE
        return
    again = found.card_challenge + found.card_cryptogram + (found.sequence_counter or b"")
    assert found.diversification + bytes((found.key_version, 3, data[12])) + again == data
    assert len(found.card_challenge) == len(found.card_cryptogram) == size


def opened_keys(data: bytes) -> None:
    """A SAM's answer holds three keys of one length and the cryptogram, or is refused."""
    size = (8, 16)[len(data) & 1]
    try:
        found = read_opened_keys(data, size)
    except ValueError:
        return
    assert len(found.host_cryptogram) == size
    assert len(found.session.enc) in {16, 24, 32}


def unwrap(data: bytes) -> None:
    """A secure channel gives the genuine answer, a bare error word, or nothing for ever."""
    talk = genuine.talks()[sum(data[:1]) % len(genuine.talks())]
    first, raw = talk.answers
    said = raw
    for change in edits(data[1:]):
        said = change.on(said, first)
    host = talk.host()
    answer = outcome(lambda: host.unwrap(Response.parse(said)))
    if isinstance(answer, DeviceError):
        assert answer.code in {"chip.channel_broken", "chip.answer_malformed"}
        assert said != raw
        return
    assert said == raw or not carries_data(answer.sw)
    assert said == raw or not answer.data


# ---------------------------------------------------------------- devices/chip: conversations


def exchanges(data: bytes) -> None:
    """Whatever a card says, there is an end, one whole answer or the declared error."""
    flags, size, answers = sum(data[:1]), int.from_bytes(data[1:3]), data[3:]
    extended = bool(flags & 1)
    most = (255, 61, 4000)[flags % 3] if extended else (255, 61)[flags >> 1 & 1]
    le = (None, 1, 256, 65536 if extended else 255)[flags >> 2 & 3]
    card = Liar(answers, 2 * (size // most + 1) + 302)
    command = Command(flags & 0x80, 0xD6, 0, 0, bytes(size), le)
    answer = outcome(lambda: exchange(card, Capabilities(extended, True, most)).send(command))
    if isinstance(answer, DeviceError):
        assert (answer.code, answer.effect) == ("chip.answer_malformed", Effect.UNKNOWN)
        return
    assert len(answer.data) <= MOST_ANSWER
    assert answer.sw >> 8 != 0x61


def sam(data: bytes) -> None:
    """A SAM that lies gives keys in their form or an error that spends nothing of the card."""
    liar = Liar(data)
    keys = SamKeys(liar.connect, genuine.PIN)
    found = outcome(lambda: keys.open(genuine.handshake()))
    assert not isinstance(found, DeviceError) or found.effect is Effect.NONE
    keys.health()


def lying_card(data: bytes) -> None:
    """A card without the keys is read as anything but full: it cannot know this session's challenge."""
    flags, answers = sum(data[:1]), data[1:]
    setting = list(ApduLength)[flags % 3]
    acts: tuple[Callable[[ChipEncoder], ChipReading | ChipProbe], ...] = (ChipEncoder.read, ChipEncoder.probe)
    for act in acts:
        found = outcome(partial(act, genuine.encoder(Liar(answers, atr=answers[:33]), b"L", setting)))
        if isinstance(found, DeviceError):
            assert found.effect is Effect.NONE
            continue
        assert found.content is not ChipContent.FULL
        assert not isinstance(found, ChipReading) or not found.good
        assert len(found.serial) == 14


def relayed_reading(data: bytes) -> None:
    """A genuine card over a line that changes answers is good only with what SIAK signed, and costs no write."""
    saved = (genuine.full, genuine.begun, genuine.blank)[sum(data[:1]) % 3]()
    card = genuine.card_of(saved)
    relay = Relay(card, edits(data[1:]))
    before = card.files
    reading = outcome(genuine.encoder(relay).read)
    assert card.files == before
    if isinstance(reading, DeviceError):
        assert relay.changed
        assert reading.effect is Effect.NONE
        return
    assert relay.changed or reading.good == (saved is genuine.full())
    if reading.good:
        assert card.files == _ON_CHIP
        signed = chip_files.read_biodata(LOAD.files[FileKind.BIODATA])
        assert (reading.digest, reading.biodata) == (LOAD.digest, signed)


def relayed_writing(data: bytes) -> None:
    """Over such a line a card is called written only if it is, and untouched only if it is."""
    saved = (genuine.blank, genuine.begun, genuine.full)[sum(data[:1]) % 3]()
    card = genuine.card_of(saved)
    relay = Relay(card, edits(data[1:]))
    before = card.save()["eeprom"]["files"]
    probe = outcome(lambda: genuine.encoder(relay).write(SERIAL, LOAD, genuine.unheard))
    if isinstance(probe, DeviceError):
        assert relay.changed or saved is genuine.full()
        assert probe.effect is Effect.UNKNOWN or card.save()["eeprom"]["files"] == before
        return
    assert (probe.content, probe.digest) == (ChipContent.FULL, LOAD.digest)
    assert card.files == _ON_CHIP
    assert card.eeprom.life_cycle == PROFILE.locked_state


# ---------------------------------------------------------------- the table


def _files(kind: FileKind) -> Callable[[], Iterable[bytes]]:
    return lambda: (LOAD.files[kind], OTHER_LOAD.files[kind])


def _changes() -> Iterable[bytes]:
    """Changes of some kinds, at different places; the rest is to be found."""
    yield b""
    for where, kind in product((0, 2, 8), (0, 1, 3)):
        yield join([Edit(where, kind, 7 * where + kind, b"\x90\x00").encode()])


def _choices(seeds: Callable[[], Iterable[bytes]], *choices: int) -> Callable[[], Iterable[bytes]]:
    return lambda: (bytes([choice]) + seed for choice, seed in product(choices, seeds()))


def _conversations() -> Iterable[bytes]:
    return (join(genuine.reading(kind)) for kind in ("blank", "begun", "full"))


ATRS = (bytes.fromhex("3B8B80014B54504C2D54455354303145"), bytes.fromhex("3B88800180318065B0850300EF120F"))
ANSWERS = (["6102", "AABB9000"], ["6C05", "AABBCCDDEE9000"], ["AA6101", "BB9000"], ["9000"], ["6300"])

TARGETS: dict[str, Target] = {
    "ber_tlv": Target(read_tlv, LOAD.files.values, 3000, mutation=inside_tlv),
    "security_object": Target(
        read_security_object, _files(FileKind.SECURITY_OBJECT), 3000, mutation=inside_tlv
    ),
    "biodata": Target(read_biodata, _files(FileKind.BIODATA), 2500, mutation=inside_tlv),
    "marker": Target(read_marker, lambda: [LOAD.files[FileKind.MARKER]], most=64),
    "judge": Target(judge, _changes, 1000, 512, inside_changes),
    "profile": Target(profile, lambda: [genuine.PROFILE_TEXT.encode()], 400, 8192),
    "apdu": Target(
        apdus, lambda: [bytes.fromhex("80CA004500"), bytes.fromhex("00D60000000100") + bytes(256)]
    ),
    "capabilities": Target(capabilities, lambda: (b"\x80\x08\x00" + atr for atr in ATRS), most=64),
    "fci": Target(fci, lambda: [genuine.reading("blank")[0][:-2]], most=128, mutation=inside_tlv),
    "handshake": Target(handshake, _choices(genuine.handshakes, 0, 1, 2), most=96),
    "opened_keys": Target(
        opened_keys, lambda: [genuine.sam_conversation()[2][:-2]], most=256, mutation=inside_tlv
    ),
    "scp03": Target(unwrap, _choices(lambda: [b""], 0, 5, 10), 1500, 128, after_choice(inside_changes)),
    "exchange": Target(
        exchanges,
        lambda: (b"\x04\x00\x03" + join(map(bytes.fromhex, said)) for said in ANSWERS),
        2000,
    ),
    "sam": Target(sam, lambda: [join(genuine.sam_conversation())], 2000, 512, inside_parts),
    "lying_card": Target(lying_card, _choices(_conversations, 0, 1), 700, 2048, after_choice(inside_parts)),
    "relayed_reading": Target(
        relayed_reading, _choices(_changes, 0, 1, 2), 200, 256, after_choice(inside_changes)
    ),
    "relayed_writing": Target(
        relayed_writing, _choices(_changes, 0, 1), 100, 256, after_choice(inside_changes)
    ),
}


def planted(data: bytes) -> None:
    """A mistake that plain chance does not find in so few runs."""
    if data[:3] == b"\xfaKT":
        raise RuntimeError("the planted mistake")


PLANTED = {"planted": Target(planted, lambda: [bytes(8)], 50_000, 64)}
"""Not the program's: proof that the fuzzing can fail."""
