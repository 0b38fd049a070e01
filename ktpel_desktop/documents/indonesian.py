"""Dates, times and numbers as Indonesian papers write them (PUEBI; KBBI). Pure functions, no locale of the PC."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_ONES = (
    *("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    *("sepuluh", "sebelas"),
)
_UNITS = ((1000, "ribu"), (100, "ratus"), (10, "puluh"))
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


def long_date(day: date) -> str:
    """ "Senin, 23 November 2026"."""
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def plain_date(day: date) -> str:
    """ "23 November 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def card_date(day: date) -> str:
    """ "23-11-2026", as on the card."""
    return f"{day.day:02d}-{day.month:02d}-{day.year:04d}"


def clock(moment: datetime, timezone: tzinfo) -> str:
    """ "14.05 WIB": hours and minutes of an aware moment with a point, and the zone's Indonesian name."""
    local = moment.astimezone(timezone)
    offset = local.utcoffset()
    hours = None if offset is None else offset.total_seconds() / 3600
    zone = _ZONES.get(int(hours)) if hours is not None and hours == int(hours) else None
    return f"{local.hour:02d}.{local.minute:02d}" + (f" {zone}" if zone else "")


def number(value: float, decimals: int = 0) -> str:
    """ "1.234,5": points between thousands, comma before decimals, a true minus sign."""
    text = f"{abs(value):,.{decimals}f}".translate(str.maketrans(",.", ".,"))
    negative = value < 0 and any(char not in "0.," for char in text)
    return f"−{text}" if negative else text


def in_words(count: int) -> str:
    """A whole number from 0 to 999,999 in words: "nol", "sebelas", "seratus dua puluh", "dua ribu dua puluh enam"."""
    return " ".join(_spelt(count)) or "nol"


def told_twice(count: int) -> str:
    """ "120 (seratus dua puluh)", as a figure that nobody may change by a stroke of the pen; none is "0 (nol)"."""
    return f"{number(count)} ({in_words(count)})"


def reckoned(count: int) -> str:
    """A reckoned nought is written out, so that it can't be taken for a forgotten field (room.md 6.3)."""
    return number(count) if count else told_twice(0)


def _spelt(count: int) -> list[str]:
    if count < len(_ONES):
        return [_ONES[count]] if count else []
    if count < 20:
        return [_ONES[count - 10], "belas"]
    size, unit = next((size, unit) for size, unit in _UNITS if count >= size)
    many, rest = divmod(count, size)
    return ([f"se{unit}"] if many == 1 else [*_spelt(many), unit]) + _spelt(rest)


def minutes(total: int) -> str:
    """Minutes in words: "0 menit", "45 menit", "2 jam", "2 jam 5 menit", "3 hari 4 jam"."""
    days, rest = divmod(total, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [(days, "hari"), (hours, "jam"), (left if not days else 0, "menit")]
    return " ".join(f"{number(count)} {unit}" for count, unit in parts if count) or "0 menit"
