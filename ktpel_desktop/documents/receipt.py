"""The applicant's receipt as ESC/POS bytes (python-escpos, no device).

It shows the office, the number, what was brought and what is missing, and an opaque ticket; never a whole name
or NIK, for slips get lost (UU 27/2022). Text is reduced to printable bytes of the printer's code page before it
reaches the printer, so that nothing typed in can command it. A printer of needles gets text only: the ticket large, to
be typed, in place of QR and bar code.
"""

from __future__ import annotations

import os
import shutil
import textwrap
from datetime import datetime, tzinfo

import qrcode
from escpos import capabilities
from escpos.printer import Dummy
from PIL import Image

from ktpel_desktop.core import ticket
from ktpel_desktop.core.papers import ReceiptData
from ktpel_desktop.documents.copy_mark import copy_mark
from ktpel_desktop.documents.indonesian import clock, long_date
from ktpel_desktop.documents.receipt_paper import ASCII, MM80, CodePage, Paper, plain

if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
    # python-escpos leaves a new temporary folder behind at every start, and never looks at it again
    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)

_QR_MODULE_DOTS = 4  # 0.5 mm at 203 dpi; scanners want at least 0.375 mm
_QR_QUIET_MODULES = 4
_BARCODE_DOTS = 2  # width of the narrowest bar
_BARCODE_HEIGHT_DOTS = 80  # 10 mm


def receipt(data: ReceiptData, timezone: tzinfo, paper: Paper = MM80, page: CodePage = ASCII) -> bytes:
    """The bytes of one receipt: the same data always gives the same bytes."""
    roll = _Roll(paper, page)
    roll.start()
    if data.training:
        roll.banner("LATIHAN")
    roll.title(data.office, bold=True)
    roll.title("TANDA TERIMA PERMOHONAN")
    if data.copy:
        roll.title(copy_mark(data.copy), bold=True)
    roll.rule()
    roll.title("Nomor Anda")
    roll.large(data.number)
    roll.title(data.service, bold=True)
    roll.rule()
    roll.pair("Diterima", _when(data.accepted_at, timezone))
    roll.pair("Perkiraan selesai", _when(data.promised_at, timezone), bold=True)
    roll.pair("Nama", data.name_masked)
    roll.pair("NIK", data.nik_masked)
    roll.items("Berkas diterima", "[x]", data.documents)
    roll.items("Berkas kurang, mohon dilengkapi", "[ ]", data.missing)
    roll.rule()
    roll.title("GRATIS - tidak dipungut biaya", bold=True)
    roll.rule()
    roll.title("Pantau permohonan Anda:")
    in_fours = ticket.in_fours(plain(data.ticket))
    if paper.impact:
        roll.title("Kode permohonan")
        roll.large(in_fours)
    else:
        roll.qr(status_address(data))
        roll.barcode(data.ticket)
        roll.title(in_fours, bold=True)
    roll.title(_short_address(data.status_url, paper.columns))
    roll.pair("Pengaduan", data.complaints)
    roll.title("Bawa tanda terima ini saat mengambil hasil.")
    roll.title("Bukan pengganti KTP-el.", bold=True)
    if data.training:
        roll.banner("LATIHAN")
    return roll.cut()


def status_address(data: ReceiptData) -> str:
    """What the QR holds: the status page with the opaque ticket, no personal data."""
    url = plain(data.status_url)
    return url if data.ticket in url else f"{url.rstrip('/')}/?tiket={plain(data.ticket)}"


def _short_address(url: str, columns: int) -> str:
    """The address as people type it, on one line where it can be."""
    short = plain(url).removeprefix("https://").rstrip("/")
    return short if len(short) <= columns else short.removeprefix("www.")


def _when(moment: datetime, timezone: tzinfo) -> str:
    return f"{long_date(moment.astimezone(timezone))}, {clock(moment, timezone)}"


class _Roll:
    """Lines on one roll of paper. Only this class speaks to python-escpos, and only with cleaned text."""

    def __init__(self, paper: Paper, page: CodePage) -> None:
        self._paper = paper
        self._page = page
        profile = capabilities.Profile(columns=paper.columns, features={"paperPartCut": True})
        profile.profile_data = {**profile.profile_data, "media": {"width": {"pixels": paper.dots}}}
        self._out = Dummy(profile=profile)

    def start(self) -> None:
        self._out.hw("INIT")
        if self._page.number is not None:
            self._out._raw(b"\x1bt" + bytes([self._page.number]))  # noqa: SLF001 no public way

    def title(self, text: str, *, bold: bool = False) -> None:
        self._out.set(align="center", bold=bold, normal_textsize=True)
        for line in self._wrapped(text):
            self._line(line)
        self._out.set(align="left", bold=False)

    def banner(self, text: str) -> None:
        wide = self._paper.columns // 2
        invert = None if self._paper.impact else True
        self._out.set(align="center", bold=True, invert=invert, double_width=True, double_height=True)
        self._line(plain(text).center(wide)[:wide])
        self._out.set(align="left", bold=False, invert=invert and False, normal_textsize=True)

    def large(self, text: str) -> None:
        clean = self._clean(text)
        most = 2 if self._paper.impact else 4
        times = max(1, min(most, self._paper.columns // max(1, len(clean))))
        if self._paper.impact:
            self._out.set(align="center", bold=True, double_width=times == 2, double_height=True)
        else:
            self._out.set(align="center", bold=True, custom_size=True, width=times, height=times)
        for line in textwrap.wrap(clean, self._paper.columns // times):
            self._line(line)
        self._out.set(align="left", bold=False, normal_textsize=True)

    def pair(self, label: str, text: str, *, bold: bool = False) -> None:
        """Label and text on one line where they fit, else the text below its label."""
        together = f"{self._clean(label)}: {self._clean(text)}"
        fits = len(together) <= self._paper.columns
        self._out.set(bold=bold)
        if not fits:
            self._line(f"{self._clean(label)}:")
        for line in [together] if fits else self._wrapped(text, "  ", "  "):
            self._line(line)
        self._out.set(bold=False)

    def items(self, heading: str, tick: str, items: tuple[str, ...]) -> None:
        if items:
            self._line(f"{self._clean(heading)}:")
        for item in items:
            for line in self._wrapped(f"{tick} {item}", "    "):
                self._line(line)

    def rule(self) -> None:
        self._line("-" * self._paper.columns)

    def qr(self, text: str) -> None:
        """As a picture: every printer prints it alike, and a test can decode it."""
        code = qrcode.QRCode(
            error_correction=qrcode.constants.ERROR_CORRECT_M,
            box_size=1,
            border=_QR_QUIET_MODULES,
        )
        code.add_data(text)
        code.make(fit=True)
        rows = code.get_matrix()
        dots = min(_QR_MODULE_DOTS, self._paper.dots // len(rows))
        picture = Image.new("L", (len(rows), len(rows)), 255)
        picture.putdata([0 if dark else 255 for row in rows for dark in row])
        size = len(rows) * dots
        self._out.set(align="center")
        self._out.image(picture.resize((size, size), Image.Resampling.NEAREST), center=False)
        self._out.set(align="left")

    def barcode(self, ticket: str) -> None:
        """Code 128 by the printer itself. The library's own method writes chatter to standard output."""
        code = b"{B" + plain(ticket).encode("ascii")  # "{B" chooses code set B
        centre, left = b"\x1ba\x01", b"\x1ba\x00"
        height, width = b"\x1dh" + bytes([_BARCODE_HEIGHT_DOTS]), b"\x1dw" + bytes([_BARCODE_DOTS])
        no_text, print_it = b"\x1dH\x00", b"\x1dk\x49" + bytes([len(code)]) + code  # GS k 73, function B
        self._out._raw(centre + height + width + no_text + print_it + left)  # noqa: SLF001 no public way
        self._line("")

    def cut(self) -> bytes:
        self._out.cut(mode="PART")
        return bytes(self._out.output)

    def _wrapped(self, text: str, indent: str = "", first: str = "") -> list[str]:
        columns = self._paper.columns
        return textwrap.wrap(self._clean(text), columns, initial_indent=first, subsequent_indent=indent) or [
            ""
        ]

    def _clean(self, text: str) -> str:
        return plain(text, self._page.codec)

    def _line(self, clean: str) -> None:
        """Past the library's own encoder, which would choose code pages of its own."""
        self._out._raw(clean.encode(self._page.codec) + b"\n")  # noqa: SLF001 no public way
