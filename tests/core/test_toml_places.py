"""Finding the line that a person must mend."""

import time

import pytest

from ktpel_desktop.core.toml_places import line_of

TEXT = """# kepala
atas = 1
[profil]
nama = "a"   # nama = "b"
"dua kata" = 2

[[berkas]]
isi = "x"
[[berkas]]
fid = 7
isi = "y"
[lain.dalam]
nama = "c"
"""


@pytest.mark.parametrize(
    ("section", "key", "element", "line"),
    [
        ("", "atas", 0, 2),
        ("profil", "", 0, 3),
        ("profil", "nama", 0, 4),
        ("profil", "dua kata", 0, 5),
        ("berkas", "isi", 0, 8),
        ("berkas", "isi", 1, 11),
        ("berkas", "", 1, 9),
        ("lain.dalam", "nama", 0, 13),
        ("profil", "fid", 0, 3),
        ("tidak ada", "nama", 0, 1),
    ],
)
def test_the_line_of_a_key_is_found(section: str, key: str, element: int, line: int) -> None:
    assert line_of(TEXT, section, key, element) == line


@pytest.mark.parametrize("line", ["[" + " " * 20_000, "[[" + " " * 20_000, "[" + "a " * 10_000, " " * 20_000])
def test_a_long_line_costs_no_time(line: str) -> None:
    begun = time.perf_counter()
    assert line_of(f"{line}\n{TEXT}", "profil") == 4
    assert time.perf_counter() - begun < 5


def test_spaces_inside_of_a_header_do_not_matter() -> None:
    assert line_of("[ profil ]\n[[ berkas ]] # x\nisi = 1\n", "berkas", "isi") == 3
    assert line_of("[ profil ]\n", "profil") == 1
