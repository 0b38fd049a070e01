"""The first start makes an office, the second finds it as it was left."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.screen import Program, program

pytestmark = [pytest.mark.real, pytest.mark.timeout(180), pytest.mark.xdist_group("screen")]
PRIVATE = ("ktpel.db", "otoritas-latihan.pem", "siak.jsonl")
BANNER_RED = (185, 21, 28)


def found(window: Program) -> tuple[object, ...]:
    everything = (
        "SELECT id, number, state FROM request ORDER BY id",
        "SELECT username, role FROM person ORDER BY username",
        "SELECT * FROM v_blangko",
        "SELECT hash FROM event ORDER BY seq",
    )
    return tuple(window.query(sql) for sql in everything)


def test_a_second_start_finds_what_the_first_one_made(display: str, tmp_path: Path) -> None:
    folder = tmp_path / "latihan"
    with program(display, folder) as window:
        pixel = window.picture().convert("RGB").getpixel((8, 8))
        assert isinstance(pixel, tuple)
        red, green, blue = pixel
        assert red > 150 > green + blue, "the LATIHAN banner lies over everything"
        first = found(window)
        assert window.close() == 0
    assert all(first)
    authority = (folder / "otoritas-latihan.pem").read_bytes()
    assert authority
    for name in PRIVATE:
        assert (folder / name).stat().st_mode & 0o777 == 0o600, name

    with program(display, folder) as window:
        assert found(window) == first
        window.log_in("sari")
        assert window.close() == 0
        assert window.told() == ""
    assert (folder / "otoritas-latihan.pem").read_bytes() == authority
