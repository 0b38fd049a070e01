"""Every code that devices and documents raise or note has its words for a tired operator, and none is left over."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
ELSEWHERE = {"chip.not_as_written"}  # raised by services/issuing.py about this ring's device
CODE = re.compile(r"(?:chip|printer|receipt|page|sensor|simulator|face)\.[a-z_]+")
WORDS = {
    code: entry
    for path in sorted((ROOT / "resources" / "teks" / "galat").glob("*.toml"))
    for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
    if CODE.fullmatch(code)
}


def codes() -> set[str]:
    """All literals that read like a code of these rings, raised or noted by health."""
    sources = [
        path for ring in ("devices", "documents") for path in (ROOT / "ktpel_desktop" / ring).rglob("*.py")
    ]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sources]
    literals = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {value for value in literals if isinstance(value, str) and CODE.fullmatch(value)}


def test_every_code_has_words_and_every_word_a_code() -> None:
    assert codes() | ELSEWHERE == set(WORDS)


def test_every_entry_is_complete() -> None:
    for code, entry in WORDS.items():
        assert set(entry) == {"judul", "teks", "langkah", "siapa"}, code
        assert all(text.strip() for text in entry.values()), code
