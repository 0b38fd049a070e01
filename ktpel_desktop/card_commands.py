"""Commands for one card and its reader: look at a card, try a reader with a test card, keep a secret of this PC."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from ktpel_desktop import bootstrap, resource_files, startup
from ktpel_desktop.core import chip_load
from ktpel_desktop.core.card_profile import CardProfile
from ktpel_desktop.core.chip_load import ChipLoad, ChipReading
from ktpel_desktop.core.issuance import ChipContent
from ktpel_desktop.core.nik import mask
from ktpel_desktop.core.ports import Progress, Step
from ktpel_desktop.core.print_order import SignatureCheck
from ktpel_desktop.core.print_order import verify as believe
from ktpel_desktop.services.receipts import mask_name
from ktpel_desktop.settings import Settings

GOOD, FAULTY = 0, 3
TRAINING_KEYS = "kunci-latihan"


def read_card(settings: Settings, reader: str, *, as_json: bool, folder: Path | None = None) -> int:
    """Read the card on a reader and say what it holds, NIK and name masked; nothing is written and nothing is kept.

    Believed are the orders of the training office in `folder`. Exit code 0: blank, or full and in order; 3: something
    is wrong with it. Raises DeviceError, and what the settings raise.
    """
    from ktpel_desktop.bootstrap.chip_stations import chip_stations

    chosen = _reader_chosen(settings, reader)
    check = _training_check(folder or startup.data_folder())
    reading = chip_stations(chosen, resource_files.load_profile(chosen.chip_profile), check).encoder.read()
    facts = _facts(reading)
    if as_json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        for name, value in facts.items():
            text = "; ".join(value) if isinstance(value, list) else value
            print(f"{name.replace('_', ' ').capitalize():<18} {text or '–'}")
    fine = reading.good or (reading.content is ChipContent.BLANK and not reading.findings)
    return GOOD if fine else FAULTY


def try_card(settings: Settings, reader: str) -> int:
    """Write synthetic data to a blank test card, read it back, check the signature, and erase it again.

    Raises DeviceError, and what the settings raise.
    """
    from tqdm import tqdm

    from ktpel_desktop.bootstrap.chip_stations import chip_stations

    chosen = _reader_chosen(settings, reader)
    profile = resource_files.load_profile(chosen.chip_profile)
    load, check = trial(profile)
    encoder = chip_stations(chosen, profile, check).encoder
    with tqdm(total=100, desc="Kartu uji", bar_format="{desc}: {percentage:3.0f}%|{bar}|") as bar:
        serial = encoder.rehearse(load, _on(bar.update, lambda: bar.n))
    print(
        f"Kartu uji {serial}: ditulis, dibaca ulang, tanda tangan sah, dihapus lagi. Pembaca dan kunci siap."
    )
    return GOOD


def keep_secret(name: str, *, seed: int | None = None) -> int:
    """Put a secret of this PC into the keyring: typed, or read from standard input; never an argument.

    TRAINING_KEYS are made of `seed` (7 where none is given), as virtual cards make theirs. Raises StoreError of
    `keyring_secrets.put`.
    """
    from ktpel_desktop.bootstrap import keyring_secrets
    from ktpel_desktop.devices.simulator.virtual_card.key_derivation import training_masters

    if name == TRAINING_KEYS:
        for version, key in training_masters(7 if seed is None else seed).items():
            keyring_secrets.put(keyring_secrets.key_name(version), key.hex().upper())
    elif sys.stdin.isatty():
        keyring_secrets.put(name, getpass.getpass(f"{name}: ").strip())
    else:
        keyring_secrets.put(name, sys.stdin.readline().strip())
    print(f"Tersimpan di keyring: {name}.")
    return GOOD


def _reader_chosen(settings: Settings, reader: str) -> Settings:
    return replace(settings, chip_by="pcsc", reader_encoder=reader or settings.reader_encoder)


def _training_check(folder: Path) -> SignatureCheck:
    from ktpel_desktop.siak.authority import PinnedAuthorities, TrainingAuthority

    key = folder / bootstrap.AUTHORITY
    if not key.exists():
        return PinnedAuthorities({}, training=True)
    return TrainingAuthority.from_file(key).pinned()


def trial(profile: CardProfile) -> tuple[ChipLoad, SignatureCheck]:
    """What SIAK would order for somebody who does not exist, signed by an authority that is believed here only."""
    from ktpel_desktop.siak.authority import TrainingAuthority
    from ktpel_desktop.siak.simulator.opening import open_registry
    from ktpel_desktop.siak.simulator.residents import PRR

    authority = TrainingAuthority.from_seed("uji-kartu")
    now = bootstrap.SystemClock().now()
    registry, city = open_registry(
        resource_files.load_regions(),
        resource_files.path("siak", "latihan"),
        authority,
        now.astimezone(bootstrap.WIB).date(),
        profile,
        size=700,
    )
    nik = next(one.nik for one in city.values() if one.enrolment == PRR)
    order, _new = registry.order("UJI-KARTU-1", "UJI-KARTU", nik, "KTP-WNA", now - timedelta(seconds=1))
    check = authority.pinned()
    believed = believe(order, job_id="UJI-KARTU-1", nik=order.nik, now=now, check=check)
    return chip_load.build(profile, believed, check), check


def _facts(reading: ChipReading) -> dict[str, str | list[str]]:
    from ktpel_desktop.ui import words

    return {
        "nomor_seri": reading.serial,
        "isi": words.word("chip_content", reading.content),
        "keadaan": [words.chip_finding(one) for one in reading.findings] or ["tidak ada yang salah"],
        "perintah": reading.order_id,
        "nik": mask(reading.biodata["nik"]) if "nik" in reading.biodata else "",
        "nama": mask_name(reading.biodata.get("name", "")),
        "kelurahan": reading.biodata.get("kelurahan", ""),
    }


def _on(update: Callable[[float], object], done: Callable[[], float]) -> Progress:
    def told(step: Step) -> None:
        update(100 * step.share - done())

    return told
