"""Every code that SIAK's side raises has its words, and no words are left over."""

import re
import tomllib

from tests.siak.conftest import ROOT

WORDS = tomllib.loads((ROOT / "resources/teks/galat/siak.toml").read_text("utf-8"))
SOURCES = [
    *(ROOT / "ktpel_desktop/siak").rglob("*.py"),
    *(ROOT / "ktpel_desktop/core" / name for name in ("print_order.py", "subject.py")),
]


def test_every_code_has_its_words() -> None:
    text = "".join(path.read_text("utf-8") for path in SOURCES)
    assert set(re.findall(r'"((?:siak|order)\.[a-z_]+)"', text)) == set(WORDS)


def test_the_words_are_complete() -> None:
    for code, entry in WORDS.items():
        assert set(entry) == {"judul", "teks", "langkah", "siapa"}, code
        assert all(entry.values()), code
        assert len(entry["judul"]) <= 60, code
        assert entry["siapa"] in {"Operator", "Penyelia", "Administrator"}, code
