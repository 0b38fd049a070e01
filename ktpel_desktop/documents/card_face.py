"""The face of a KTP-el as two layers: colour (photo) and black (text, signature), at 300 dpi.

Only text, photo and signature: background, emblem, map and security print are on the official blank and are
never drawn here. A face to print comes from a `VerifiedOrder` only; a proof always carries CONTOH.
"""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.subject import Subject
from ktpel_desktop.documents import face_template
from ktpel_desktop.documents.face_layout import font, layout, texts
from ktpel_desktop.documents.face_template import FaceTemplate

TRAINING_MARK = "CONTOH – LATIHAN"
PROOF_MARK = "CONTOH"
_WHITE, _BLACK = 255, 0
_RED = (200, 20, 30)
_MOST_PIXELS = 40_000_000
"""A picture larger than this (about 6,300 x 6,300) is no portrait; opening it would only eat memory."""
_INK = 128
"""Grey below this becomes black in the 1-bit layer, after the contrast was stretched."""


class FaceArtist:
    """Draws faces by one template; fonts and the CONTOH layer are made once."""

    def __init__(self, resources: Path, name: str = "ktp_el") -> None:
        self.template: FaceTemplate = face_template.load(resources, name)
        self._marks: dict[str, tuple[Image.Image, Image.Image, Image.Image]] = {}

    def render(self, order: VerifiedOrder, *, issued_on: date, training: bool) -> CardFace:
        """The layers of the ordered card as PNG. In training CONTOH – LATIHAN stands across both.

        Raises PolicyError "face.text_too_long", "face.character_unknown", "face.picture_unreadable".
        """
        colour, black = self._layers(order.subject, issued_on, TRAINING_MARK if training else None)
        return CardFace(self._png(colour), self._png(black), self.template.dpi)

    def proof(self, subject: Subject, *, training: bool) -> bytes:
        """PNG of both layers in one picture, always with CONTOH over it. Raises as `render`."""
        colour, black = self._layers(subject, None, TRAINING_MARK if training else PROOF_MARK)
        colour.paste(_BLACK, (0, 0), ImageOps.invert(black.convert("L")))
        return self._png(colour)

    def _layers(
        self, subject: Subject, issued_on: date | None, mark: str | None
    ) -> tuple[Image.Image, Image.Image]:
        template = self.template
        values = texts(subject, subject.nik.reveal(), issued_on, template)
        placed = layout(values, subject.foreign, template)
        colour = Image.new("RGB", template.pixels, "white")
        black = Image.new("1", template.pixels, _WHITE)
        _paste_inside(
            colour, _picture(subject.photo, template.names["photo"]), template.pixel_box(template.photo)
        )
        signature = ImageOps.autocontrast(
            _picture(subject.signature, template.names["signature"]).convert("L")
        )
        box = template.pixel_box(template.signature)
        _paste_inside(black, signature, box)
        draw = ImageDraw.Draw(black)
        for item in placed:
            drawn = font(template.fonts[item.font], item.size)
            draw.text((item.x, item.baseline), item.text, fill=_BLACK, font=drawn, anchor="ls")
        if mark is not None:
            body, halo, outline = self._mark(mark)
            colour.paste("white", (0, 0), halo)  # red on the red ground of a portrait would not be seen
            colour.paste(_RED, (0, 0), body)
            black.paste(_BLACK, (0, 0), outline)
        return colour, black

    def _mark(self, word: str) -> tuple[Image.Image, Image.Image, Image.Image]:
        """Masks of the word across the card: body and halo for the colour layer, an outline for the black one."""
        if word not in self._marks:
            template = self.template
            shape = template.mark
            size = template.px(shape.size)
            drawn = font(template.fonts[shape.font], size)
            width = template.pixels[0] * 0.95
            size = min(size, int(size * width / drawn.getlength(word)))
            drawn = font(template.fonts[shape.font], size)
            centre = (template.pixels[0] / 2, template.pixels[1] / 2)
            body, halo, outline = (Image.new("L", template.pixels, 0) for _ in range(3))
            ImageDraw.Draw(body).text(centre, word, font=drawn, anchor="mm", fill=150)
            ImageDraw.Draw(halo).text(
                centre, word, font=drawn, anchor="mm", fill=190, stroke_width=5, stroke_fill=190
            )
            ImageDraw.Draw(outline).text(
                centre, word, font=drawn, anchor="mm", fill=255, stroke_width=2, stroke_fill=255
            )
            ImageDraw.Draw(outline).text(centre, word, font=drawn, anchor="mm", fill=0)
            body, halo, outline = (
                mask.rotate(shape.angle, Image.Resampling.BICUBIC, fillcolor=0)
                for mask in (body, halo, outline)
            )
            sharp = outline.point(lambda grey: 255 if grey >= _INK else 0, mode="1")
            self._marks[word] = (body, halo, sharp)
        return self._marks[word]

    def _png(self, image: Image.Image) -> bytes:
        """PNG with its resolution. Level 1: the artwork lives for seconds, and time counts more than size."""
        out = BytesIO()
        dpi = self.template.dpi
        image.save(out, "PNG", compress_level=1, dpi=(dpi, dpi))
        return out.getvalue()


def _picture(data: bytes, field: str) -> Image.Image:
    """An encoded picture as RGB on white. Raises PolicyError "face.picture_unreadable"."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise PolicyError("face.picture_unreadable", field=field)
            picture = ImageOps.exif_transpose(opened)
            if picture.has_transparency_data:
                picture = picture.convert("RGBA")
                ground = Image.new("RGBA", picture.size, "white")
                picture = Image.alpha_composite(ground, picture)
            return picture.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PolicyError("face.picture_unreadable", field=field) from None


def _paste_inside(onto: Image.Image, picture: Image.Image, box: tuple[int, int, int, int]) -> None:
    """Fit the whole picture into the middle of the box; nothing is cropped."""
    left, top, right, bottom = box
    room = (right - left, bottom - top)
    scale = min(room[0] / picture.width, room[1] / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    fitted = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if onto.mode == "1":
        fitted = fitted.point(lambda grey: _WHITE if grey >= _INK else _BLACK, mode="1")
    onto.paste(fitted, (left + (room[0] - size[0]) // 2, top + (room[1] - size[1]) // 2))
