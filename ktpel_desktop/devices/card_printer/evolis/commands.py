"""The Evolis ESC command language: commands as bytes, answers as values. No transport, no decisions.

Sources, by how much they are worth:

[G]  Evolis Card Printers Programming Guide A5013 rev. E: page 4 (syntax, five bitmaps kept for a second try after a
     media error), 5 (compression), 14 (Db), 68 (answers of an option: '0' OK, '1' command, 'T' time-out); Evolis' own
     page on its SDK (Pem;0 the printer recovers by itself, Pem;2 the host manages errors; Sic, Sis).
[D]  dpavlin/Printer-EVOLIS, a driver in daily use: `scripts/evolis-driver.pl` (Pr, Pmi;F;s, Ss, Sr, Db;k;2, Se),
     `scripts/evolis-command.pl` (Rtp, Rsn, Rkn, Rfv; Rco;p printed panels, c inserted cards, a and m mean and longest
     cleaning interval, n cleanings, l this ribbon), `Printer/EVOLIS/Parallel.pm` (an answer ends with NUL),
     `scripts/evolis-simulator.pl` (Dbc's four parameters).
[S]  Evolis SDK header evolis.h: a reply is "OK", or begins with "ERR"; an unknown command is "ERROR CDE".
[?]  A guess, because no public text says it: check it on the first real printer. All guesses are in this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

ESC, CR, SEPARATOR = b"\x1b", b"\r", ";"
ENDS = frozenset(b"\x00\r\n")
"""Bytes that end an answer: NUL [D]; CR and LF are tolerated [?]."""


class Kind(Enum):
    """What a command can do at the most; the effect of a lost answer depends on nothing else."""

    READ = "read"
    SET = "set"
    """Parameters and bitmaps: moves nothing."""
    MOVE = "move"
    """May move a card."""
    PRINT = "print"
    """May put ink on a card."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `payload` is binary and may hold a resident's face: it is never logged (see `header`)."""

    name: str
    parameters: tuple[str, ...] = ()
    kind: Kind = Kind.READ
    payload: bytes | None = None

    @property
    def header(self) -> str:
        """The command without its data, for the traffic log."""
        return SEPARATOR.join((self.name, *self.parameters))

    def encoded(self) -> bytes:
        """ESC, name, parameters and data by semicolons, CR [G, page 4]."""
        text = self.header.encode("ascii")
        data = b"" if self.payload is None else SEPARATOR.encode() + self.payload
        return ESC + text + data + CR


# ---------------------------------------------------------------- what may be asked (never moves a card)

MODEL = Command("Rtp")
SERIAL = Command("Rsn")
FIRMWARE = Command("Rfv")
HEAD = Command("Rkn")
RIBBON = Command("Rr")
"""The ribbon in use. [?] answered with the letters that Pr takes ("ymcko")."""
LAST_ANSWER = Command("Rlr")
"""The last answer to a sequence command. [?] kept until the next sequence or until the power goes off."""
PANELS_PRINTED = Command("Rco", ("p",))
CARDS_INSERTED = Command("Rco", ("c",))
RIBBON_USED = Command("Rco", ("l",))
"""[D] "this ribbon"; [?] counted in cards."""
CLEANINGS = Command("Rco", ("n",))


class Sensor(StrEnum):
    """What Rse can be asked. [?] letters and the answers "1" yes, "0" no."""

    CARD_INSIDE = "c"
    AT_STATION = "s"
    CARD_WAITING = "f"
    DOOR_OPEN = "d"
    RIBBON_PRESENT = "r"
    REJECT_FULL = "b"


def sensor(which: Sensor) -> Command:
    """Ask one sensor."""
    return Command("Rse", (which.value,))


# ---------------------------------------------------------------- settings and bitmaps

HOST_MANAGES_ERRORS = Command("Pem", ("2",), Kind.SET)
"""Without it the printer prints on by itself after a ribbon change [G]: a second printing nobody ordered."""
FRONT = Command("Sr", (), Kind.SET)
CLEAR_STATUS = Command("Scs", (), Kind.SET)


def ribbon(letters: str) -> Command:
    """Tell the ribbon [D "Pr;k"]."""
    return Command("Pr", (letters,), Kind.SET)


def insertion(letter: str) -> Command:
    """Where cards come from: F feeder, M by hand, B both [D "Pmi;F;s"]."""
    return Command("Pmi", (letter, "s"), Kind.SET)


def download(panel: str, levels: int, data: bytes) -> Command:
    """One whole panel, y m c with 32, 64 or 128 levels, k o with 2 [G, page 14]."""
    return Command("Db", (panel, str(levels)), Kind.SET, data)


def download_compressed(panel: str, lines: int, data: bytes) -> Command:
    """A k or o panel, compressed line by line [G, page 5]. Parameters [D]; the second as number of lines [?]."""
    return Command("Dbc", (panel, str(lines), str(len(data))), Kind.SET, data)


# ---------------------------------------------------------------- sequences

INSERT = Command("Si", (), Kind.MOVE)
TO_STATION = Command("Sic", (), Kind.MOVE)
START = Command("Ss", (), Kind.MOVE)
"""Start of a print sequence. [D] sends no Si before it, so it may take a card in."""
PRINT = Command("Se", (), Kind.PRINT)
"""End of the sequence: print and put out. [?] After a ribbon error it prints the bitmaps once more on the card inside,
the second try that they are kept for [G]."""
EJECT = Command("Se", (), Kind.MOVE)
"""[?] Without a sequence begun by Ss, Se only puts the card out."""
REJECT = Command("Ser", (), Kind.MOVE)
RESET = Command("Srs", (), Kind.MOVE)
"""Software reset; [?] it may drive the motors."""


# ---------------------------------------------------------------- answers


class Refusal(StrEnum):
    """Why a command was refused. The letters are the guide's; the meanings of 2, C, F, R, K, D, W are [?]."""

    COMMAND = "1"
    PARAMETER = "2"
    TIMEOUT = "T"
    COVER = "C"
    FEEDER = "F"
    RIBBON = "R"
    MECHANICAL = "K"
    DATA = "D"
    WAITING = "W"
    OTHER = "?"
    """Any other answer that begins with ERR [S]."""


_LETTERS = {refusal.value: refusal for refusal in Refusal if refusal is not Refusal.OTHER}

DID_NOT_BEGIN = frozenset(
    {
        *(Refusal.COMMAND, Refusal.PARAMETER, Refusal.COVER),
        *(Refusal.FEEDER, Refusal.RIBBON, Refusal.WAITING),
    }
)
"""Refusals that say by their meaning that the command was not begun. The others may come from the middle of it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: the text of a read, or accepted, or refused."""

    text: str
    refusal: Refusal | None = None


def read_reply(command: Command, raw: bytes) -> Reply | None:
    """What an answer says, without its end; None when it is no answer to this command."""
    text = raw.strip(b"\x00\r\n ")
    if not text or any(byte < 0x20 or byte > 0x7E for byte in text):
        return None
    words = text.decode("ascii")
    if words.startswith("ERR"):
        return Reply(words, Refusal.COMMAND if words.startswith("ERROR CDE") else Refusal.OTHER)
    if command.kind is Kind.READ:
        return Reply(words)
    if words in {"OK", "0"}:
        return Reply(words)
    refusal = _LETTERS.get(words)
    return None if refusal is None else Reply(words, refusal)


def number(text: str) -> int | None:
    """A counter's value; None when it is none."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 9 else None
