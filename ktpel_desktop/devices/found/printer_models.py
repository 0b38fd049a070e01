"""What a printer's name tells of its kind."""

from __future__ import annotations

import re

from ktpel_desktop.core.placement import DeviceKind

_DOT_MATRIX = re.compile(r"\b(dot[ -]?matrix|(9|24)-pin|(lx|lq|fx|dfx|plq)-?\d{2,4}[a-z]*)\b", re.IGNORECASE)
"""Epson's series LX, LQ, FX, DFX and PLQ (for passbooks), and how drivers call the others."""


def kind_of(make: str) -> DeviceKind | None:
    """The kind that a make and model says by itself; None where it does not."""
    return DeviceKind.DOT_MATRIX_PRINTER if _DOT_MATRIX.search(make) else None
