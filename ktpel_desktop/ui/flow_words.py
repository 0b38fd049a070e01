"""Words of the wizards' tables: titles, labels, hints and options, from resources/teks/layar (alur)."""

from __future__ import annotations

from collections.abc import Mapping

from ktpel_desktop import resource_files


def _entry(*path: str) -> object:
    """What stands at a path of the wizards' words, None where nothing does."""
    found: object = resource_files.texts("layar").get("alur")
    for part in path:
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def _text(*path: str) -> str:
    found = _entry(*path)
    return found if isinstance(found, str) else ""


def wizard_title(wizard: str) -> str:
    """The wizard's title."""
    return _text(wizard, "judul") or wizard


def step_title(wizard: str, step: str) -> str:
    """The title of a step, short enough for the list on the left."""
    return _text(wizard, step, "judul") or step.replace("_", " ")


def step_text(wizard: str, step: str) -> str:
    """The sentence under the title."""
    return _text(wizard, step, "teks")


def main_action(wizard: str, step: str) -> str:
    """What the main button of a step says where "Lanjut" is not enough; empty for most."""
    return _text(wizard, step, "tombol")


def label(wizard: str, step: str, field: str) -> str:
    """The caption of a field."""
    return _text(wizard, step, field, "label") or _text(wizard, step, field) or field.replace("_", " ")


def hint(wizard: str, step: str, field: str) -> str:
    """The line beneath a field."""
    return _text(wizard, step, field, "petunjuk")


def option(wizard: str, step: str, field: str, code: str) -> str:
    """An option in words; empty where the words are not in the table (they may be the case's own)."""
    return _text(wizard, step, field, "pilihan", code)
