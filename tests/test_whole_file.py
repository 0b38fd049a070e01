"""A file is there whole, or as it was before."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.whole_file import whole_file


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "laporan.pdf"
    path.write_bytes(b"old and longer")
    with whole_file(path) as out:
        out.write(b"new")
        assert path.read_bytes() == b"old and longer"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_on_the_way_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "laporan.pdf"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="broken"), whole_file(path) as out:
        out.write(b"half")
        raise ValueError("broken")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("place", ["", "no/such/folder/x.pdf"])
def test_a_place_that_refuses_does_so_before_anything_else_happens(tmp_path: Path, place: str) -> None:
    begun = []
    with pytest.raises(StoreError) as refused, whole_file(tmp_path / place):
        begun.append(True)
    assert refused.value.code == "file.not_written"
    assert refused.value.params["cause"]
    assert not begun


def test_a_disk_that_refuses_says_so_and_what_was_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "laporan.pdf"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError), whole_file(path) as out:
        out.write(b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
