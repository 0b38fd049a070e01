"""Papers kept as files beside the database: `<folder>/<year>/<digest>.<form>`, written whole, then never again.

Only this account may read them, and nobody is to write: what was kept is compared with its name at each reading.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.whole_file import whole_file

FOLDER = "arsip"
FORMS = ("pdf", "xlsx", "csv", "json")
"""Suffixes of what is kept."""


class FileArchive:
    """Implements core.ports.Archive. The folder is made with the first paper."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, paper: bytes, form: str, year: int) -> str:
        """Raises StoreError "archive.not_written", "archive.altered", "file.not_written"."""
        digest = hashlib.sha256(paper).hexdigest()
        if self._find(digest) is not None:
            self.read(digest)  # a file that lies there altered is not covered up by a good one
            return digest
        place = self._folder / f"{year:04d}"
        try:
            for folder in (self._folder, place):
                folder.mkdir(mode=0o700, exist_ok=True)
            with whole_file(place / f"{digest}.{form}") as out:
                out.write(paper)
            (place / f"{digest}.{form}").chmod(0o400)
        except OSError as error:
            cause = error.strerror or type(error).__name__
            raise StoreError("archive.not_written", folder=str(place), cause=cause) from None
        return digest

    def read(self, digest: str) -> bytes:
        """Raises StoreError "archive.missing", "archive.altered"."""
        path = self._find(digest)
        try:
            paper = None if path is None else path.read_bytes()
        except OSError:
            paper = None
        if paper is None:
            raise StoreError("archive.missing", digest=digest[:16])
        if hashlib.sha256(paper).hexdigest() != digest:
            raise StoreError("archive.altered", digest=digest[:16])
        return paper

    def _find(self, digest: str) -> Path | None:
        """By its name, whatever the year; a name from a journal that holds no digest finds nothing."""
        if not digest.isalnum():
            return None
        years = sorted(self._folder.iterdir()) if self._folder.is_dir() else ()
        places = (year / f"{digest}.{form}" for year in years for form in FORMS)
        return next((place for place in places if place.is_file()), None)
