"""chip.encode and chip.apdus: one whole chip over a real PC/SC service, against the same APDUs sent by a bare loop.

The virtual card works in both: with fixed random numbers it does exactly the same, so that what differs is our code.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from smartcard.System import readers

from ktpel_desktop import card_commands, resource_files
from ktpel_desktop.core.card_profile import CardProfile
from ktpel_desktop.core.chip_load import ChipLoad
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.core.print_order import SignatureCheck
from ktpel_desktop.devices.chip.encoder import ChipEncoder
from ktpel_desktop.devices.chip.keys import MasterKeys
from ktpel_desktop.devices.pcsc.connection import connect
from tests.bench.chip_card import SERIAL, blank, fixed
from tests.bench.measure import Figure, Peer, compare, figure
from tests.devices.chip.encoders import MASTERS
from tests.devices.pcsc.room import PcscRoom, claim_client, missing

RUNS = 15
CLEAR = 239
"""Most clear bytes in a short APDU with C-MAC and C-ENC (cards.md B1)."""
FIXED = 4 + 6 + 2
"""SELECT, GET DATA, INITIALIZE UPDATE, EXTERNAL AUTHENTICATE; one CREATE FILE per file; ACTIVATE, SELECT to confirm."""
BLOCK_BYTES, BITS_PER_BYTE = 3, 9
"""ISO/IEC 14443-4 puts PCB and CRC around each block; a byte on the air has nine bits (cards.md B2)."""
RATES = (106, 424, 848)

Traffic = Sequence[tuple[bytes, bytes]]


def measure(_folder: Path, runs: int | None) -> list[Figure]:
    """Both figures."""
    reason = missing()
    if reason is not None:
        raise SystemExit(f"chip.encode needs a PC/SC service: {reason}")
    claim_client()
    profile = resource_files.load_profile("acuan-8k")
    load, check = card_commands.trial(profile)
    room = PcscRoom()
    room.start()
    try:
        traffic = _recorded(room, profile, load, check)
        encode = compare(
            "chip.encode",
            lambda: _ours(room, profile, load, check),
            Peer(
                "the same APDUs in a bare pyscard loop (connect, transmit …, release)",
                lambda: _bare(room, traffic),
            ),
            runs=RUNS if runs is None else runs,
            target=1.10,
            note=f"{load.size} bytes written, read back, verified and locked over pcscd and the virtual reader; the"
            " virtual card's work counts in both.",
        )
    finally:
        room.stop()
    return [encode, _counted(load, traffic)]


def _station(room: PcscRoom, profile: CardProfile, check: SignatureCheck) -> ChipEncoder:
    name = room.readers["encoder"]
    return ChipEncoder(
        lambda: connect(name),
        profile,
        MasterKeys(MASTERS),
        check,
        look=lambda: Health(Answer.YES),
        random_bytes=fixed,
    )


def _recorded(room: PcscRoom, profile: CardProfile, load: ChipLoad, check: SignatureCheck) -> Traffic:
    card = blank()
    lying = room.lay(card)
    _station(room, profile, check).write(SERIAL, load, lambda step: None)
    lying.take_away()
    return [(command, answer or b"") for command, answer in card.traffic]


def _ours(room: PcscRoom, profile: CardProfile, load: ChipLoad, check: SignatureCheck) -> float:
    station = _station(room, profile, check)
    with _card_lying(room):
        began = time.perf_counter()
        station.write(SERIAL, load, lambda step: None)
        return (time.perf_counter() - began) * 1000


@contextmanager
def _card_lying(room: PcscRoom) -> Iterator[None]:
    """A blank on the encoder, in a process of its own as a real card works by itself."""
    with room.dial("encoder") as sock:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.chip_card", str(sock.fileno())], pass_fds=[sock.fileno()]
        )
        seen = room.wait_state("encoder", present=True)
    try:
        yield
    finally:
        child.kill()
        child.wait()
        room.wait_state("encoder", present=False, not_after=seen)


def _bare(room: PcscRoom, traffic: Traffic) -> float:
    reader = next(one for one in readers() if one.name == room.readers["encoder"])
    commands = [list(command) for command, _ in traffic]
    with _card_lying(room):
        began = time.perf_counter()
        connection = reader.createConnection()
        connection.connect()
        answers = [connection.transmit(command) for command in commands]
        connection.disconnect()
        connection.release()
        took = (time.perf_counter() - began) * 1000
    if [bytes([*data, sw1, sw2]) for data, sw1, sw2 in answers] != [answer for _, answer in traffic]:
        raise AssertionError("the card did not do the same")
    return took


def _counted(load: ChipLoad, traffic: Traffic) -> Figure:
    parts = [-(-len(data) // CLEAR) for data in load.files.values()]
    least = FIXED + 2 * sum(parts)
    on_air = sum(len(command) + len(answer) + 2 * BLOCK_BYTES for command, answer in traffic)
    facts = {f"seconds_on_air_{rate}_kbit_s": on_air * BITS_PER_BYTE / rate / 1000 for rate in RATES}
    return figure(
        "chip.apdus",
        [len(traffic)],
        [least],
        unit="APDU",
        peer=f"{FIXED} commands that there must be, and each file in parts of {CLEAR} bytes, there and back",
        target=1.05,
        note=f"{on_air} bytes on the air: "
        + ", ".join(f"{facts[f'seconds_on_air_{rate}_kbit_s']:.2f} s at {rate} kbit/s" for rate in RATES)
        + "; a chip's own work comes on top (cards.md B2).",
        facts=facts | {"bytes_on_air": float(on_air), "file_bytes": float(load.size)},
    )
