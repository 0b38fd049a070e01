"""The program's wizards, each a table; titles and labels stand in resources/teks/layar/alur.toml under the same ids.

How to read a table: a step asks its fields, `accept` is the rule its answers must keep, and the first open way
leads on. OUTCOME fields are filled in by the program (device, SIAK, records). The facts that a wizard needs when
it starts or learns on the way are named in the text under its table.
"""

from __future__ import annotations

from ktpel_desktop.core.flow import Wizard
from ktpel_desktop.core.flows_counter import HANDOVER, INTAKE
from ktpel_desktop.core.flows_room import CLOSING, COUNTING, ISSUANCE, OPENING, VERIFICATION

__all__ = ["CLOSING", "COUNTING", "HANDOVER", "INTAKE", "ISSUANCE", "OPENING", "VERIFICATION", "WIZARDS"]

WIZARDS: tuple[Wizard, ...] = (INTAKE, VERIFICATION, ISSUANCE, HANDOVER, CLOSING, COUNTING, OPENING)
