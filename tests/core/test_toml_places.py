"""Finding the line that a person must mend."""

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


@pytest.mark.timeout(60)  # a pattern that tries every split of these lines hangs
@pytest.mark.parametrize(("start", "repeated"), [("[", " "), ("[[", " "), ("[", "a "), ("", " ")])
def test_a_long_line_does_not_hang(start: str, repeated: str) -> None:
    assert line_of(f"{start}{repeated * 1_000_000}\n{TEXT}", "profil") == 4


def test_spaces_inside_of_a_header_do_not_matter() -> None:
    assert line_of("[ profil ]\n[[ berkas ]] # x\nisi = 1\n", "berkas", "isi") == 3
    assert line_of("[ profil ]\n", "profil") == 1
