"""Every code that the rules use has its words in resources/teks, and no words are left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ktpel_desktop import resource_files
from ktpel_desktop.core import enrolment
from ktpel_desktop.core.flows import WIZARDS
from ktpel_desktop.core.line_sharing import Finding as SharingFinding
from ktpel_desktop.core.line_sharing import Rung
from ktpel_desktop.core.nik import NikFinding
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.power_capacity import Fit, LoadGroup
from ktpel_desktop.core.room_items import ITEMS, Kind
from ktpel_desktop.core.supplies import RibbonSource
from ktpel_desktop.core.ups_state import UpsFlag
from ktpel_desktop.services.asking import STILL_WAITING, TIMED_OUT

PACKAGE = Path(__file__).parents[2] / "ktpel_desktop"
MODULES = (
    "core/nik.py", "core/regions.py", "core/roles.py", "core/room.py", "core/room_limits.py",
    "core/services_catalogue.py", "core/field_checks.py", "core/flow.py", "core/flows_counter.py",
    "core/flows_room.py", "resource_files.py",
)  # fmt: skip
JUDGES = ("core/room_limits.py", "core/readings.py", "core/ups_state.py", "services/room_looks.py")
SHARING = ("core/line_sharing.py", "services/room_looks.py")
SCREEN: Mapping[str, Any] = resource_files.texts("layar")
ERRORS: Mapping[str, Any] = resource_files.table("teks", "galat", "inti.toml")


def text_of(module: str) -> str:
    return (PACKAGE / module).read_text(encoding="utf-8")


def raised() -> dict[str, set[str]]:
    """Codes raised in these modules with the names of their parameters."""
    found: dict[str, set[str]] = {}
    for name in MODULES:
        for node in ast.walk(ast.parse((PACKAGE / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("PolicyError", "StoreError"):
                code = node.args[0]
                assert isinstance(code, ast.Constant), f"{name}:{node.lineno}: the code must be a literal"
                found.setdefault(str(code.value), set()).update(str(word.arg) for word in node.keywords)
    return found


def test_every_error_has_its_entry_and_every_entry_its_error() -> None:
    assert set(ERRORS) == set(raised())


def test_entries_are_complete_and_name_only_what_they_are_given() -> None:
    for code, params in raised().items():
        entry = ERRORS[code]
        assert set(entry) == {"judul", "teks", "langkah", "siapa"}, code
        assert all(entry.values()), code
        used = {name for text in entry.values() for name in re.findall(r"\{(\w+)\}", text)}
        assert used <= params, code


def test_every_step_field_and_option_of_the_wizards_has_words() -> None:
    for wizard in WIZARDS:
        words = SCREEN["alur"][wizard.id]
        assert set(words) == {"judul", *(step.id for step in wizard.steps)}
        for step in wizard.steps:
            page = words[step.id]
            told = {"judul", "teks", *(asked.id for asked in step.fields)}
            assert set(page) - {"tombol"} == told, (
                wizard.id,
                step.id,
            )  # the button may have a word of its own
            assert isinstance(page.get("tombol", ""), str)
            for asked in step.fields:
                if asked.options:
                    assert set(page[asked.id]) == {"label", "pilihan"}
                    assert set(page[asked.id]["pilihan"]) == set(asked.options)
                else:
                    assert isinstance(page[asked.id], str)


def test_advice_for_every_verdict_of_the_room() -> None:
    text = "".join((PACKAGE / judge).read_text(encoding="utf-8") for judge in JUDGES)
    judged = set(re.findall(r'Verdict\(Status\.\w+, "([\w.]+)"\)', text))
    attested = {
        f"{item.id}.{word}" for item in ITEMS if item.kind is Kind.ATTESTED for word in ("holds", "fails")
    }
    devices = {f"device.{answer}" for answer in Answer}
    general = {"unit_unknown", "not_checked", "expired", TIMED_OUT, STILL_WAITING}
    assert set(SCREEN["room_advice"]) == judged | attested | devices | general
    rungs = {str(code) for code in (*Rung, *SharingFinding)}
    whys = set(re.findall(r'Rung\.\w+, Finding\.\w+, "(\w+)"', "".join(map(text_of, SHARING))))
    whys |= {"machines_not_all_counted", "foreign_bytes"}  # chosen between before they are named
    assert set(SCREEN["room_evidence"]) == rungs | whys
    assert set(SCREEN["room_source"]) == set(Rung) | set(RibbonSource) - {"unknown"} | {"probe", "simulator"}
    assert set(SCREEN["ups_flag"]) == set(UpsFlag)
    assert set(SCREEN["room_question"]) == {item.id for item in ITEMS if item.kind is not Kind.ASKED}


def test_the_groups_and_the_fit_of_the_power_budget() -> None:
    assert set(SCREEN["load_group"]) == set(LoadGroup)
    assert set(SCREEN["load_fit"]) == set(Fit)


def test_findings_and_enrolment_states() -> None:
    assert set(SCREEN["nik_finding_advice"]) == {*NikFinding, "duplicate"}
    assert set(SCREEN["enrolment_state"]) == set(enrolment.TABLE)
    beside = {enrolment.PRINT_AGAIN, enrolment.UNKNOWN_STATE, enrolment.NOT_NEEDED}
    assert set(SCREEN["enrolment_advice"]) == set(enrolment.TABLE) | beside
