"""Who may turn a masked number into its digits. A new caller is a decision: add it here with its reason."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "ktpel_desktop"

ALLOWED = {
    "core/nik.py": "the number's own parts, and the comparison with the No. KK",
    "core/chip_files.py": "the biodata file of the chip holds the NIK",
    "core/print_order.py": "the bytes that SIAK signs name the NIK",
    "core/subject.py": "the card and the chip hold the NIK",
    "documents/card_face.py": "the card shows the NIK",
    "documents/read_back.py": "the card's owner reads the own NIK before it is printed",
    "services/intake.py": "an operator opens a NIK; the act is an audit event",
    "services/referrals.py": "the resident takes the own NIK to the Suku Dinas; the print is an audit event",
    "siak/client.py": "SIAK is asked by NIK",
    "siak/simulator/exchange.py": "synthetic residents stand in the simulated SIAK",
    "store/queue.py": "a full NIK is searched for",
    "store/requests.py": "the encrypted database keeps NIK and No. KK",
}


def callers() -> set[str]:
    found = set()
    for file in PACKAGE.rglob("*.py"):
        name = file.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Attribute) or node.attr != "reveal":
                continue
            # A page's own method may be called "reveal"; only in nik.py is `self` a number.
            if ast.unparse(node.value) != "self" or name == "core/nik.py":
                found.add(name)
    return found


def test_every_caller_is_known() -> None:
    assert callers() - set(ALLOWED) == set()


def test_nobody_reaches_past_reveal() -> None:
    for file in PACKAGE.rglob("*.py"):
        if file.relative_to(PACKAGE).as_posix() != "core/nik.py":
            assert "_MaskedNumber" not in file.read_text(encoding="utf-8"), file


def test_the_list_has_no_dead_entry() -> None:
    assert set(ALLOWED) - callers() == set()
