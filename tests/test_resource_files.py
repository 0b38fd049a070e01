"""The data files, as shipped and as a damaged installation has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ktpel_desktop import resource_files
from ktpel_desktop.core.errors import StoreError

CACHED = (
    resource_files.load_regions,
    resource_files.load_catalogue,
    resource_files.code_tables,
    resource_files.enrolment_states,
    resource_files.texts,
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation's own folder of resources, empty."""
    inside = tmp_path / "_resources"
    inside.mkdir()
    monkeypatch.setattr(resource_files, "_PACKAGE", tmp_path)
    for function in CACHED:
        function.cache_clear()
    yield inside
    for function in CACHED:
        function.cache_clear()


def code(act: object, *args: str) -> tuple[str, object]:
    assert callable(act)
    with pytest.raises(StoreError) as caught:
        act(*args)
    return caught.value.code, caught.value.params["file"]


def test_a_checkout_reads_its_own_resources() -> None:
    assert resource_files.root() == Path(__file__).parents[1] / "resources"
    assert resource_files.path("layanan.toml").is_file()


def test_what_is_shipped() -> None:
    assert len(resource_files.load_catalogue()) == 17
    assert len(resource_files.load_regions().all_kelurahan()) == 267
    assert resource_files.code_tables()["jenis_kelamin"] == {"1": "LAKI-LAKI", "2": "PEREMPUAN"}
    assert len(resource_files.enrolment_states()) == 15


def test_the_regions_keep_their_attribution() -> None:
    notice = resource_files.path("data", "LICENSE-ODbL.md").read_text(encoding="utf-8")
    assert "idn-area-data" in notice
    assert "Open Database License" in notice


def test_an_installation_reads_what_it_brought(folder: Path) -> None:
    assert resource_files.root() == folder


def test_missing_files(folder: Path) -> None:
    assert code(resource_files.load_catalogue) == ("resources.missing", "layanan.toml")
    assert code(resource_files.load_regions) == ("resources.missing", "data/dki_wilayah.csv")
    assert code(resource_files.texts, "galat") == ("resources.missing", "teks/galat")


@pytest.mark.parametrize("content", [b"a = ", b"\xff\xfe"])
def test_a_damaged_toml(folder: Path, content: bytes) -> None:
    (folder / "layanan.toml").write_bytes(content)
    assert code(resource_files.load_catalogue) == ("resources.damaged", "layanan.toml")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"state,printable\n",
        b"state,printable\nA\n",
        b"state,printable\nA,no,x\n",
        b'state\n"A\n',
        b"\xff",
    ],
)
def test_a_damaged_table(folder: Path, content: bytes) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "enrolment_states.csv").write_bytes(content)
    assert code(resource_files.enrolment_states) == ("resources.damaged", "data/enrolment_states.csv")


def test_a_folder_in_place_of_a_file(folder: Path) -> None:
    (folder / "data" / "code_tables.csv").mkdir(parents=True)
    assert code(resource_files.code_tables) == ("resources.damaged", "data/code_tables.csv")


def test_texts_in_several_files_are_joined(folder: Path) -> None:
    (folder / "teks" / "layar").mkdir(parents=True)
    (folder / "teks" / "layar.toml").write_text('[umum]\nya = "Ya"\n', encoding="utf-8")
    (folder / "teks" / "layar" / "b.toml").write_text('[umum]\ntidak = "Tidak"\n', encoding="utf-8")
    assert dict(resource_files.texts("layar")) == {"umum": {"ya": "Ya", "tidak": "Tidak"}}


def test_a_text_that_stands_twice(folder: Path) -> None:
    (folder / "teks" / "layar").mkdir(parents=True)
    for name in ("a.toml", "b.toml"):
        (folder / "teks" / "layar" / name).write_text('[umum]\nya = "Ya"\n', encoding="utf-8")
    assert code(resource_files.texts, "layar") == ("resources.damaged", "b.toml")
