"""NIK and No. KK: two sixteen-digit numbers that are easily typed into each other's field.

NIK (PP 40/2019 Ps. 30; PP 37/2007 Ps. 37): six digits of the region where the resident was first registered, the
birth date as DDMMYY with 40 added to a female's day, four digits of sequence from 0001 on. It has no check digit
and never changes: not with domicile, and not when the birth date or sex is corrected. So a NIK that differs from
the biodata is lawful: it is a finding for the operator, never a refusal.

No. KK: six digits of the region of issue, the date of recording as DDMMYY, four digits of series.

Both show themselves masked wherever they are turned into text; `.reveal()` is the only way to the digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NoReturn, Self

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.regions import PrefixStanding, Regions

LENGTH = 16
ADULT_AGE = 17
"""Age from which a resident must hold a KTP-el (UU 24/2013 Ps. 63)."""

_SEPARATORS = re.compile(r"[\s.\-]+")
_PLAIN = re.compile("[0-9]*")
_IN_TEXT = re.compile(r"(?<![0-9])[0-9](?:[ .\-]?[0-9]){15}(?![0-9])")
_FEMALE = 40
_IN_EVERY_MONTH = 28


class Sex(StrEnum):
    """Sex as SIAK and the card write it."""

    MALE = "LAKI-LAKI"
    FEMALE = "PEREMPUAN"


class NikFinding(StrEnum):
    """What is odd about a NIK. Each is shown to the operator and recorded; none refuses."""

    PREFIX_UNKNOWN = "prefix_unknown"
    PREFIX_RETIRED = "prefix_retired"
    DATE_DIFFERS = "date_differs"
    SEX_DIFFERS = "sex_differs"
    SAME_AS_KK = "same_as_kk"
    LOOKS_LIKE_KK = "looks_like_kk"


class _MaskedNumber:
    """Sixteen digits that never leave by accident.

    Not a dataclass on purpose: `dataclasses.asdict` of anything that holds one would spell the digits out.
    """

    __slots__ = ("__digits",)
    __digits: str

    def __init__(self, digits: str) -> None:
        object.__setattr__(self, "_MaskedNumber__digits", digits)

    def reveal(self) -> str:
        """All sixteen digits. Every caller is listed in tests/core/test_reveal.py; showing them is an audit event."""
        return self.__digits

    @property
    def masked(self) -> str:
        """First and last four digits; what lies between holds the birth date."""
        return mask(self.__digits)

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.masked})"

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _MaskedNumber) or type(other) is not type(self):
            return NotImplemented
        return self.__digits == other.__digits

    def __hash__(self) -> int:
        return hash((type(self), self.__digits))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"{type(self).__name__} must not be pickled: it would carry the digits in the clear")


class Nik(_MaskedNumber):
    """A resident's number. `parse` is the way in; there is no object with a number that breaks the rules."""

    __slots__ = ()

    def __init__(self, digits: str) -> None:
        """Raises PolicyError as `parse` does."""
        if not _only_digits(digits):
            raise PolicyError("nik.digits")
        if len(digits) != LENGTH:
            raise PolicyError("nik.length", length=len(digits))
        super().__init__(digits)
        day = self.day
        if not 1 <= day <= 31:
            raise PolicyError("nik.day")
        if not 1 <= self.month <= 12:
            raise PolicyError("nik.month")
        if day > _IN_EVERY_MONTH and not self._dates():
            raise PolicyError("nik.date")
        if self.sequence == 0:
            raise PolicyError("nik.sequence")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The NIK in what was typed or scanned; white space, dots and hyphens do not matter.

        Raises PolicyError "nik.digits" (something but ASCII digits), "nik.length" (not sixteen), "nik.day",
        "nik.month", "nik.date" (a date that exists neither in 19yy nor in 20yy), "nik.sequence" (0000).
        """
        return cls(_without_separators(text))

    @property
    def prefix(self) -> str:
        """Region of first registration: province, kab/kota, kecamatan, two digits each."""
        return self.reveal()[:6]

    @property
    def sex(self) -> Sex:
        """Sex by the day of birth, to which 40 is added for females."""
        return Sex.FEMALE if int(self.reveal()[6:8]) > _FEMALE else Sex.MALE

    @property
    def day(self) -> int:
        """Day of birth, without the 40 of females."""
        written = int(self.reveal()[6:8])
        return written - _FEMALE if written > _FEMALE else written

    @property
    def month(self) -> int:
        """Month of birth."""
        return int(self.reveal()[8:10])

    @property
    def yy(self) -> int:
        """Year of birth within its century, 0 to 99."""
        return int(self.reveal()[10:12])

    @property
    def sequence(self) -> int:
        """Number given by SIAK within region and date, 1 to 9999."""
        return int(self.reveal()[12:])

    def birth_date(self, today: date, *, ever_married: bool = False, biodata: date | None = None) -> date:
        """The birth date in the NIK with its century chosen.

        The biodata's date settles it when it is one of the two; otherwise the century in which the holder is
        seventeen or older, or ever married; if both fit, the later one, for nobody is a hundred years older.
        """
        dates = [born for born in self._dates() if born <= today] or self._dates()
        if biodata is not None and biodata in dates:
            return biodata
        fitting = [born for born in dates if ever_married or age(born, today) >= ADULT_AGE]
        return max(fitting or dates)

    def findings(
        self,
        today: date,
        regions: Regions,
        *,
        kk: FamilyCardNumber | None = None,
        biodata_date: date | None = None,
        biodata_sex: Sex | None = None,
        ever_married: bool = False,
        child: bool = False,
    ) -> tuple[NikFinding, ...]:
        """Everything odd about this NIK, in the order of `NikFinding`; empty when nothing is.

        `child` is for services of residents under seventeen (KIA), where a young age says nothing of a No. KK.
        A prefix outside DKI is not odd: most Jakartans were first registered elsewhere.
        """
        born = self.birth_date(today, ever_married=ever_married or child, biodata=biodata_date)
        standing = regions.standing(self.prefix)
        found = {
            NikFinding.PREFIX_UNKNOWN: standing is PrefixStanding.UNKNOWN,
            NikFinding.PREFIX_RETIRED: standing is PrefixStanding.RETIRED,
            NikFinding.DATE_DIFFERS: biodata_date is not None and biodata_date != born,
            NikFinding.SEX_DIFFERS: biodata_sex is not None and biodata_sex is not self.sex,
            NikFinding.SAME_AS_KK: kk is not None and kk.reveal() == self.reveal(),
            NikFinding.LOOKS_LIKE_KK: not (ever_married or child)
            and self._could_be_recording_date(today)
            and biodata_date != born,
        }
        return tuple(finding for finding in NikFinding if found[finding])

    def _dates(self) -> list[date]:
        """The dates of this century and the last that the digits can mean, the earlier first."""
        return list(_existing((century + self.yy, self.month, self.day) for century in (1900, 2000)))

    def _could_be_recording_date(self, today: date) -> bool:
        """Whether it reads like a No. KK: a male by the day, born less than seventeen years ago."""
        if self.sex is Sex.FEMALE:
            return False
        return any(born <= today and age(born, today) < ADULT_AGE for born in self._dates())


class FamilyCardNumber(_MaskedNumber):
    """No. KK, the number of a family card (Kartu Keluarga)."""

    __slots__ = ()

    def __init__(self, digits: str) -> None:
        """Raises PolicyError as `parse` does."""
        if not _only_digits(digits):
            raise PolicyError("kk.digits")
        if len(digits) != LENGTH:
            raise PolicyError("kk.length", length=len(digits))
        super().__init__(digits)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The No. KK in what was typed or scanned; white space, dots and hyphens do not matter.

        Its date part is not judged: practice before SIAK is not documented. Raises PolicyError "kk.digits",
        "kk.length".
        """
        return cls(_without_separators(text))


def age(born: date, today: date) -> int:
    """Full years; who was born on 29 February has a birthday on 1 March in common years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def mask(digits: str) -> str:
    """First four and last four of a sixteen-digit number: the birth date and half the region stay hidden."""
    return f"{digits[:4]}••••••••{digits[-4:]}"


def mask_nik(text: str) -> str:
    """The text with every number of sixteen digits in it masked, also where spaces, dots or hyphens part them."""
    return _IN_TEXT.sub(lambda found: mask(_SEPARATORS.sub("", found.group())), text)


def _only_digits(text: str) -> bool:
    # str.isdigit alone would let Arabic-Indic and superscript digits through.
    return not text or (text.isascii() and text.isdigit())


def _without_separators(text: str) -> str:
    # A list of requests makes hundreds of numbers, nearly all of them without.
    return text if _PLAIN.fullmatch(text) else _SEPARATORS.sub("", text)


def _existing(parts: Iterable[tuple[int, int, int]]) -> Iterable[date]:
    for year, month, day in parts:
        try:
            yield date(year, month, day)
        except ValueError:
            continue
