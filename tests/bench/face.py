"""face.render, face.render_600: the card face of a verified order, against a bare Pillow script that draws the same."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

from ktpel_desktop import resource_files
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.documents.card_face import FaceArtist
from ktpel_desktop.documents.face_fields import texts
from ktpel_desktop.documents.face_layout import layout
from ktpel_desktop.services import issuing
from ktpel_desktop.training.people import OPERATOR
from tests.bench import office as offices
from tests.bench.measure import Figure, Peer, compare, timed

RUNS, RUNS_600 = 25, 10
TIMES = 5
PEER = "a bare Pillow script: the same lines at fixed places, the same pictures, two layers, PNG of the same level"


def measure(folder: Path, runs: int | None) -> list[Figure]:
    """face.render, face.render_600."""
    with offices.opened(folder) as office:
        offices.begin(office)
        (request,) = offices.verified(office, 1)
        _, order = issuing.reserve(office.desk, OPERATOR, request)
        day = order.order.issued_at.astimezone(office.desk.office.timezone).date()
    return [
        _one("face.render", "id1_300", order, day, RUNS if runs is None else runs),
        _one("face.render_600", "id1_600", order, day, RUNS_600 if runs is None else runs),
    ]


def _one(name: str, head: str, order: VerifiedOrder, day: date, runs: int) -> Figure:
    artist = FaceArtist(resource_files.root(), head=head)
    bare = BareScript(artist, order, day)
    made = artist.render(order, issued_on=day, training=False)
    bare.must_show_the_same(made.colour, made.black)
    return compare(
        name,
        timed(lambda: artist.render(order, issued_on=day, training=False), TIMES),
        Peer(PEER, timed(bare.draw, TIMES)),
        runs=runs,
        target=1.2,
        note="Both warm, fonts open, without CONTOH; the peer knows size and place of each line beforehand.",
    )


class BareScript:
    """What somebody writes who knows where everything stands: no layout, no checks."""

    def __init__(self, artist: FaceArtist, order: VerifiedOrder, day: date) -> None:
        template, subject = artist.template, order.subject
        placed = layout(texts(subject, subject.nik.reveal(), day, template), subject.foreign, template)
        fonts = {
            (item.font, item.size): ImageFont.truetype(
                str(template.fonts[item.font]), item.size, layout_engine=ImageFont.Layout.BASIC
            )
            for item in placed
        }
        self._lines = [(item.x, item.baseline, item.text, fonts[item.font, item.size]) for item in placed]
        self._size, self._dpi = template.pixels, template.dpi
        self._photo, self._signature = subject.photo, subject.signature
        self._photo_box = template.pixel_box(template.photo)
        self._signature_box = template.pixel_box(template.signature)

    def draw(self) -> tuple[bytes, bytes]:
        """Colour and black layer as PNG."""
        colour, black = Image.new("RGB", self._size, "white"), Image.new("1", self._size, 255)
        self._paste(colour, Image.open(BytesIO(self._photo)).convert("RGB"), self._photo_box)
        ink = ImageOps.autocontrast(Image.open(BytesIO(self._signature)).convert("L"))
        self._paste(black, ink, self._signature_box)
        draw = ImageDraw.Draw(black)
        for x, baseline, text, font in self._lines:
            draw.text((x, baseline), text, fill=0, font=font, anchor="ls")
        return self._png(colour), self._png(black)

    def must_show_the_same(self, colour: bytes, black: bytes) -> None:
        """Raises AssertionError where the program's layers differ: then the comparison is worth nothing."""
        for ours, theirs in zip((colour, black), self.draw(), strict=True):
            one, other = (Image.open(BytesIO(data)).convert("RGB") for data in (ours, theirs))
            if ImageChops.difference(one, other).getbbox() is not None:
                raise AssertionError("the bare script draws another face")

    def _paste(self, onto: Image.Image, picture: Image.Image, box: tuple[int, int, int, int]) -> None:
        left, top, right, bottom = box
        scale = min((right - left) / picture.width, (bottom - top) / picture.height)
        size = (round(picture.width * scale), round(picture.height * scale))
        fitted = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        if onto.mode == "1":
            fitted = fitted.point(lambda grey: 255 if grey >= 128 else 0, mode="1")
        onto.paste(fitted, (left + (right - left - size[0]) // 2, top + (bottom - top - size[1]) // 2))

    def _png(self, image: Image.Image) -> bytes:
        out = BytesIO()
        image.save(out, "PNG", compress_level=1, dpi=(self._dpi, self._dpi))
        return out.getvalue()
