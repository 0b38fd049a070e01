"""The card profile: the shipped one is whole, and every slip in one is refused with its line."""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.card_profile import FREE, PERSONAL, CardProfile, FileKind, read_profile
from ktpel_desktop.core.errors import PolicyError

FILE = Path(__file__).parents[2] / "resources/kartu/profil/acuan-8k.toml"
TEXT = FILE.read_text("utf-8")
LINES = TEXT.splitlines()


def refused(text: str) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        read_profile(text, "uji.toml")
    assert caught.value.params["file"] == "uji.toml"
    return caught.value


def line_with(start: str) -> int:
    return next(number for number, line in enumerate(LINES, 1) if line.startswith(start))


def test_the_shipped_profile_is_whole() -> None:
    profile = read_profile(TEXT, FILE.name)
    assert isinstance(profile, CardProfile)
    assert profile.name == "acuan-8k"
    assert profile.files[0].kind is FileKind.MARKER
    assert {file.kind for file in profile.files} == set(FileKind)
    assert profile.file(FileKind.PHOTO).most == 4096
    assert all(profile.file(kind).read != FREE for kind in PERSONAL)


def test_long_challenges_and_macs_are_said_in_the_profile_and_else_short() -> None:
    assert not read_profile(TEXT, "uji.toml").s16
    assert read_profile(TEXT.replace("tingkat = 0x33", "s16 = true\ntingkat = 0x33"), "uji.toml").s16
    error = refused(TEXT.replace("tingkat = 0x33", "s16 = 16\ntingkat = 0x33"))
    assert (error.code, error.params["key"]) == ("profile.wrong_value", "kunci.s16")


@pytest.mark.parametrize("key", re.findall(r"^([a-z_]+) =", TEXT.split("[[berkas]]")[0], re.MULTILINE))
def test_a_missing_key_is_named_with_its_section(key: str) -> None:
    error = refused(re.sub(rf"^{key} = .*\n", "", TEXT, count=1, flags=re.MULTILINE))
    assert error.code == "profile.missing_key"
    assert str(error.params["key"]).endswith(f".{key}")


WRONG = [
    ('nama = "acuan-8k"', 'nama = ""', "profil.nama"),
    ('aid = "F04B5450454C01"', 'aid = "F04B"', "profil.aid"),
    ('aid = "F04B5450454C01"', 'aid = "bukan heksa"', "profil.aid"),
    ("memori = 8192", "memori = true", "profil.memori"),
    ("boleh_dihapus = true", "boleh_dihapus = 1", "profil.boleh_dihapus"),
    ("tingkat = 0x33", "tingkat = 0x01", "kunci.tingkat"),
    ('diversifikasi = "sp800-108"', 'diversifikasi = "visa2"', "kunci.diversifikasi"),
    ('isi = "foto"', 'isi = "potret"', "berkas.isi"),
    ("fid = 0x0107", "fid = 0", "berkas.fid"),
    ("sfi = 29", "sfi = 31", "berkas.sfi"),
    ("terbesar = 640", 'terbesar = "640"', "berkas.terbesar"),
]


@pytest.mark.parametrize(("old", "new", "key"), WRONG, ids=[key for _, _, key in WRONG])
def test_a_wrong_value_is_named_with_its_line(old: str, new: str, key: str) -> None:
    error = refused(TEXT.replace(old, new))
    assert (error.code, error.params["key"]) == ("profile.wrong_value", key)
    assert error.params["line"] == line_with(old)


def test_an_unknown_key_is_named_with_its_line() -> None:
    error = refused(TEXT.replace("[siklus]", "[siklus]\nterbuka = 1"))
    assert (error.code, error.params["key"]) == ("profile.unknown_key", "siklus.terbuka")
    assert error.params["line"] == line_with("[siklus]") + 1


def test_an_unknown_section_is_named() -> None:
    assert refused(TEXT + "\n[antena]\nx = 1\n").params["key"] == "antena"


def test_a_broken_file_says_where() -> None:
    error = refused(TEXT.replace("[siklus]", "[siklus"))
    assert error.code == "profile.syntax"
    assert "line" in str(error.params["place"])


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000 + "]" * 5000], ids=["digits", "depth"])
def test_what_the_parser_itself_cannot_hold_is_a_broken_file(value: str) -> None:
    """ValueError and RecursionError of tomllib came out."""
    assert refused(TEXT.replace("memori = 8192", f"memori = {value}")).code == "profile.syntax"


@pytest.mark.parametrize("command", ["80440000", "8044000000", "8044000001AA", "8044000001AA00"])
def test_a_lock_is_a_whole_command(command: str) -> None:
    profile = read_profile(TEXT.replace('"80440000"', f'"{command}"'), "uji.toml")
    assert profile.lock == bytes.fromhex(command)


@pytest.mark.parametrize(
    "command", ["804400", "8044000002AA", "8044000001AAAAAA", "804400000000AA", "81440000", "C0440000"]
)
def test_a_lock_that_no_channel_takes_is_refused_before_a_card_is_written(command: str) -> None:
    """Found by fuzzing: the chip was written whole, and only then a ValueError came out instead of the lock."""
    error = refused(TEXT.replace('"80440000"', f'"{command}"'))
    assert (error.code, error.params["key"]) == ("profile.wrong_value", "siklus.perintah_kunci")
    assert error.params["line"] == line_with("perintah_kunci")


def without(kind: str) -> str:
    return re.sub(rf'\[\[berkas\]\]\nisi = "{kind}"\n(?:\w+ = .*\n)+', "", TEXT)


def test_a_profile_that_lacks_a_file_is_refused() -> None:
    assert refused(without("foto")).code == "profile.files_incomplete"


def test_nothing_is_written_before_the_marker() -> None:
    block = TEXT[TEXT.index("[[berkas]]") : TEXT.index('[[berkas]]\nisi = "biodata"')]
    assert refused(without("penanda") + "\n" + block).code == "profile.files_incomplete"


@pytest.mark.parametrize(("old", "new"), [("fid = 0x0102", "fid = 0x0101"), ("sfi = 3", "sfi = 2")])
def test_a_place_given_twice_is_refused(old: str, new: str) -> None:
    assert refused(TEXT.replace(old, new)).code == "profile.file_twice"


def test_more_than_the_chip_holds_is_refused() -> None:
    error = refused(TEXT.replace("terbesar = 4096", "terbesar = 4700"))
    assert (error.code, error.params["line"]) == ("profile.too_large", line_with("memori"))


def test_personal_data_may_not_be_free() -> None:
    error = refused(TEXT.replace("terbesar = 4096\nbaca = 0x31", "terbesar = 4096\nbaca = 0x00"))
    assert (error.code, error.params["part"]) == ("profile.readable_by_all", "foto")
    assert LINES[int(str(error.params["line"])) - 1] == "baca = 0x31"


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("penanda", "0x31"),
        ("penanda", "0xFF"),
        ("objek_keamanan", "0x31"),
        ("foto", "0xFF"),
        ("jari", "0xFF"),
    ],
)
def test_a_file_that_the_program_could_not_read_again_is_refused_before_a_card_is_written(
    kind: str, read: str
) -> None:
    """Marker and security object are read without a key; a file that nobody may read is never verified."""
    before, after = TEXT.split(f'isi = "{kind}"')
    error = refused(f'{before}isi = "{kind}"' + re.sub("baca = 0x..", f"baca = {read}", after, count=1))
    assert (error.code, error.params["key"]) == ("profile.wrong_value", "berkas.baca")
    line = line_with(f'isi = "{kind}"') + 4
    assert LINES[line - 1].startswith("baca")
    assert error.params["line"] == line


@given(st.integers(0, len(TEXT) - 1), st.integers(1, 60))
def test_a_damaged_profile_is_refused_or_read_and_nothing_else(at: int, length: int) -> None:
    with contextlib.suppress(PolicyError):
        assert read_profile(TEXT[:at] + TEXT[at + length :], "uji.toml").files


def test_a_profile_without_files_or_with_a_section_that_is_none_is_refused() -> None:
    head = TEXT[: TEXT.index("[[berkas]]")]
    assert refused(head).params["key"] == "berkas.berkas"
    error = refused("siklus = 1\n" + head.replace("[siklus]", "[lain]"))
    assert error.code in {"profile.missing_key", "profile.unknown_key"}
    assert refused(head.replace("[profil]", "profil = 1\n[x]")).code.startswith("profile.")
