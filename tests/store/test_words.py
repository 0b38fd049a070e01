"""Every code that the store raises has its words, and no words of simpanan.toml are left over."""

import ast
import re
from pathlib import Path

from ktpel_desktop import resource_files

PACKAGE = Path(__file__).parents[2] / "ktpel_desktop"
TEXTS = resource_files.texts("galat")
OWN = resource_files.table("teks", "galat", "simpanan.toml")


def raised() -> dict[str, set[str]]:
    """Codes raised in the store; for each the parameters that it always has."""
    found: dict[str, set[str]] = {}
    for module in sorted((PACKAGE / "store").rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("PolicyError", "StoreError"):
                code = node.args[0]
                assert isinstance(code, ast.Constant), (
                    f"{module.name}:{node.lineno}: the code must be a literal"
                )
                params = {str(word.arg) for word in node.keywords}
                found[str(code.value)] = found.get(str(code.value), params) & params
    return found


def test_every_code_has_its_entry_and_every_entry_its_code() -> None:
    assert set(raised()) <= set(TEXTS)
    assert set(OWN) <= set(raised())


def test_entries_are_complete_and_name_only_what_they_are_given() -> None:
    for code, params in raised().items():
        entry = TEXTS[code]
        assert isinstance(entry, dict)
        assert set(entry) == {"judul", "teks", "langkah", "siapa"}, code
        used = {name for text in entry.values() for name in re.findall(r"\{(\w+)\}", text)}
        assert used <= params, code
