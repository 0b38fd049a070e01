"""The register of devices and the readiness of an office in words: for screens and papers alike."""

from __future__ import annotations

from ktpel_desktop import room_words
from ktpel_desktop.core.placement import PlacedDevice
from ktpel_desktop.core.power_capacity import Capacity, watt_facts
from ktpel_desktop.core.readiness import Lack
from ktpel_desktop.spoken import number, word


def pieces_of(device: PlacedDevice) -> str:
    """Make and type, with the number of pieces where there are several."""
    return f"{device.count} × {device.make}" if device.count > 1 else device.make


def draw_of(device: PlacedDevice) -> str:
    """What the label says of one piece; a dash where nobody read it."""
    if device.watts is not None:
        return f"{number(device.watts)} W"
    return "–" if device.volt_amperes is None else f"{number(device.volt_amperes)} VA"


def lack_of(lack: Lack) -> str:
    """What is missing, in a short sentence."""
    if lack.check is not None:
        status = word("room_status", lack.check.status)
        return f"{room_words.name_of(lack.check.item)}: {status.lower()}"
    if lack.device is not None:
        return f"{word('device_kind', lack.device)} ({lack.count}): {word('lack', lack.kind)}"
    return word("lack", lack.kind)


def step_of(lack: Lack) -> str:
    """What to do about it."""
    return room_words.advice_of(lack.check.advice) if lack.check is not None else word("lack_step", lack.kind)


def supply_of(supply: Capacity | None) -> str:
    """What the declared supply carries, and why so many VA are not so many watts (room.md 2.5)."""
    if supply is None:
        return "Daya tersambung belum dinyatakan; isi di Cek ruangan."
    facts = watt_facts(supply)
    figures = {
        "va": number(round(supply.volt_amperes)),
        "ampere": number(round(supply.amperes, 1)),
        "faktor": number(supply.power_factor),
        "watt": number(round(supply.watts)),
        "perlu": number(facts.needed_watts),
        "kurang": number(round(facts.missing_watts)),
    }
    told = [word("power_fact", "va_is_not_w" if facts.missing_watts else "carries").format(**figures)]
    if facts.ask_for is not None:
        asked = {
            "va_baru": number(facts.ask_for.volt_amperes),
            "watt_baru": number(round(facts.ask_for_watts)),
        }
        told.append(word("power_fact", "ask_for").format(**figures, **asked))
    if supply.assumed:
        told.append(word("power_fact", "assumed"))
    return " ".join(told)
