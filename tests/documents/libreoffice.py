"""LibreOffice without a window: a workbook opened, reckoned again, and every sheet read back as what it shows."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""
_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
"""Comma, quote, UTF-8, from the first line, numbers as they are and not as they look, all sheets (-1)."""


def opened(xlsx: bytes, folder: Path) -> dict[str, list[list[str]]]:
    """The rows of every sheet after all formulas were reckoned, whatever values the file keeps of them.

    Each call has a profile of its own in `folder`: two LibreOffices on one profile are one.
    """
    assert SOFFICE is not None
    profile, out, book = folder / "profil", folder / "lembar", folder / "buku.xlsx"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS, "utf-8")
    book.write_bytes(xlsx)
    done = subprocess.run(
        [
            *(SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"),
            *("--convert-to", _SHEETS, "--outdir", str(out), str(book)),
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=150,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"},  # dates as 11/23/2026
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    found = {path.stem.removeprefix("buku-"): path for path in out.glob("*.csv")}
    return {name: list(csv.reader(StringIO(path.read_text("utf-8")))) for name, path in found.items()}


def without_values(xlsx: bytes) -> bytes:
    """The workbook with 999999 kept for every formula: what is then shown was reckoned."""
    return edited(xlsx, rb"(</f><v>)[^<]*(</v>)", rb"\g<1>999999\2")


def edited(xlsx: bytes, pattern: bytes, put: bytes) -> bytes:
    """The workbook with something else in its sheets' XML."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(xlsx)) as book, zipfile.ZipFile(out, "w") as fresh:
        for name in book.namelist():
            content = book.read(name)
            fresh.writestr(
                name, re.sub(pattern, put, content) if name.startswith("xl/worksheets/") else content
            )
    return out.getvalue()
