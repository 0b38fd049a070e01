"""Papers as files: kept once, whole, read-only, and never taken for what they no longer are."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.core.ports import Archive
from ktpel_desktop.store.archive import FORMS, FileArchive

PAPER = b"%PDF-1.4 laporan"
DIGEST = hashlib.sha256(PAPER).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "arsip"


def refusal(archive: Archive, digest: str = DIGEST) -> str:
    with pytest.raises(StoreError) as error:
        archive.read(digest)
    return error.value.code


def test_a_paper_lies_under_its_year_and_digest_read_only(folder: Path) -> None:
    archive: Archive = FileArchive(folder)
    assert not folder.exists()
    assert archive.keep(PAPER, "pdf", 2026) == DIGEST
    path = folder / "2026" / f"{DIGEST}.pdf"
    assert [one for one in folder.rglob("*") if one.is_file()] == [path]
    assert archive.read(DIGEST) == PAPER == path.read_bytes()
    assert not path.stat().st_mode & stat.S_IWUSR
    if sys.platform != "win32":
        assert [stat.S_IMODE(one.stat().st_mode) for one in (folder, path.parent, path)] == [
            0o700,
            0o700,
            0o400,
        ]


def test_the_same_paper_is_kept_once_also_in_another_year(folder: Path) -> None:
    archive = FileArchive(folder)
    archive.keep(PAPER, "pdf", 2026)
    before = (folder / "2026" / f"{DIGEST}.pdf").stat()
    assert archive.keep(PAPER, "pdf", 2027) == DIGEST
    after = (folder / "2026" / f"{DIGEST}.pdf").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert [one.name for one in folder.iterdir()] == ["2026"]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_found_again(folder: Path, form: str) -> None:
    archive = FileArchive(folder)
    assert archive.read(archive.keep(form.encode(), form, 2026)) == form.encode()


def test_an_altered_paper_is_never_shown_and_never_covered_up(folder: Path) -> None:
    archive = FileArchive(folder)
    archive.keep(PAPER, "pdf", 2026)
    path = folder / "2026" / f"{DIGEST}.pdf"
    path.chmod(0o600)
    path.write_bytes(PAPER + b" ")
    assert refusal(archive) == "archive.altered"
    with pytest.raises(StoreError) as error:
        archive.keep(PAPER, "pdf", 2026)
    assert error.value.code == "archive.altered"
    assert path.read_bytes() == PAPER + b" "


def test_what_is_not_there_is_missing(folder: Path) -> None:
    archive = FileArchive(folder)
    assert refusal(archive) == "archive.missing"
    archive.keep(b"another", "pdf", 2026)
    assert refusal(archive) == "archive.missing"


@pytest.mark.parametrize("odd", ["", "*", "../../etc/passwd", "2026/x"])
def test_what_is_no_digest_leads_nowhere(folder: Path, odd: str) -> None:
    archive = FileArchive(folder)
    archive.keep(PAPER, "pdf", 2026)
    assert refusal(archive, odd) == "archive.missing"


def test_a_full_disk_leaves_no_half_paper(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    archive = FileArchive(folder)
    with monkeypatch.context() as broken, pytest.raises(StoreError) as error:
        broken.setattr(os, "fsync", full)
        archive.keep(PAPER, "pdf", 2026)
    assert error.value.code == "file.not_written"
    assert [one for one in folder.rglob("*") if one.is_file()] == []
    assert archive.keep(PAPER, "pdf", 2026) == DIGEST


def test_a_folder_that_cannot_be_made_is_told(folder: Path) -> None:
    folder.write_bytes(b"a file where the folder should be")
    with pytest.raises(StoreError) as error:
        FileArchive(folder).keep(PAPER, "pdf", 2026)
    assert error.value.code == "archive.not_written"
    assert error.value.params["cause"]


@given(st.lists(st.binary(max_size=50), max_size=8), st.integers(2020, 2030))
def test_any_papers_are_read_back_each_under_its_own_digest(
    tmp_path_factory: pytest.TempPathFactory, papers: list[bytes], year: int
) -> None:
    archive = FileArchive(tmp_path_factory.mktemp("any") / "arsip")
    digests = [archive.keep(paper, "pdf", year) for paper in papers]
    assert digests == [hashlib.sha256(paper).hexdigest() for paper in papers]
    assert [archive.read(digest) for digest in digests] == papers
