"""The face of a KTP-el as two layers: colour (photo) and black (text, signature), for one printer's head.

Only text, photo and signature: background, emblem, map and security print are on the official blank and are
never drawn here. A face to print comes from a `VerifiedOrder` only; proofs and test cards always carry CONTOH.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.subject import Subject
from ktpel_desktop.documents import face_fields, face_mark, face_template_file, portrait_check, print_head
from ktpel_desktop.documents.face_layout import Placed, font, layout
from ktpel_desktop.documents.face_mark import PROOF_MARK, TRAINING_MARK
from ktpel_desktop.documents.face_pictures import BLACK, WHITE, as_ink, paste_inside, picture, png
from ktpel_desktop.documents.face_template import Box, FaceTemplate


class FaceArtist:
    """Draws faces by one template for one print head. Fonts and the CONTOH layer are made once.

    Raises what the reading of template and head raises, and StoreError "face.head_too_small".
    """

    def __init__(self, resources: Path, name: str = "ktp_el", head: str = print_head.DEFAULT) -> None:
        self.head = print_head.load(resources, head)
        self.template: FaceTemplate = face_template_file.load(resources, name, self.head.dpi)
        self.head.check(self.template)
        self.origin = self.head.origin(self.template.pixels)

    def render(self, order: VerifiedOrder, *, issued_on: date, training: bool) -> CardFace:
        """The layers of the ordered card as PNG. In training CONTOH – LATIHAN stands across both.

        Raises PolicyError "face.text_too_long", "face.text_missing", "face.character_unknown",
        "face.picture_unreadable", each naming the field and never its content.
        """
        colour, black = self._layers(order.subject, issued_on, TRAINING_MARK if training else None)
        return self._face(colour, black)

    def proof(self, subject: Subject, *, training: bool) -> bytes:
        """PNG of both layers in one picture, always with CONTOH over it. Raises as `render`."""
        colour, black = self._layers(subject, None, TRAINING_MARK if training else PROOF_MARK)
        colour.paste(BLACK, (0, 0), ImageOps.invert(black.convert("L")))
        return png(colour, self.head.dpi)

    def warnings(self, subject: Subject) -> tuple[str, ...]:
        """What the operator should look at on the proof, as codes of resources/teks/galat. Never a refusal.

        Raises PolicyError "face.picture_unreadable", "face.character_unknown", as `render` would.
        """
        photo = picture(subject.photo, self.template.names["photo"])
        signature = picture(subject.signature, self.template.names["signature"])
        return (
            *face_fields.warnings(subject, self.template),
            *portrait_check.warnings(photo, subject.birth_date.year, foreign=subject.foreign),
            *portrait_check.signature_warnings(as_ink(signature)),
        )

    def test_card(self, *, training: bool) -> CardFace:
        """A card of nobody: every field names itself, wedges stand for the photo. CONTOH stands across it."""
        colour, black = self._blank()
        paste_inside(colour, _wedges(), self._box(self.template.photo))
        paste_inside(black, _wave(), self._box(self.template.signature))
        self._draw(black, layout(face_fields.TEST_TEXTS, False, self.template))
        self._mark(TRAINING_MARK if training else PROOF_MARK, colour, black)
        return self._face(colour, black)

    def _layers(
        self, subject: Subject, issued_on: date | None, mark: str | None
    ) -> tuple[Image.Image, Image.Image]:
        template = self.template
        values = face_fields.texts(subject, subject.nik.reveal(), issued_on, template)
        lines = layout(values, subject.foreign, template)
        colour, black = self._blank()
        paste_inside(colour, picture(subject.photo, template.names["photo"]), self._box(template.photo))
        signature = as_ink(picture(subject.signature, template.names["signature"]))
        paste_inside(black, signature, self._box(template.signature))
        self._draw(black, lines)
        if mark is not None:
            self._mark(mark, colour, black)
        return colour, black

    def _blank(self) -> tuple[Image.Image, Image.Image]:
        return Image.new("RGB", self.head.pixels, "white"), Image.new("1", self.head.pixels, WHITE)

    def _box(self, box: Box) -> tuple[int, int, int, int]:
        """A box of the template in dots of the head."""
        left, top, right, bottom = self.template.pixel_box(box)
        x, y = self.origin
        return left + x, top + y, right + x, bottom + y

    def _draw(self, black: Image.Image, lines: tuple[Placed, ...]) -> None:
        """Text without anti-aliasing: a dot of the K panel is there or not."""
        draw = ImageDraw.Draw(black)
        x, y = self.origin
        for item in lines:
            drawn = font(item.file, item.size)
            draw.text((item.x + x, item.baseline + y), item.text, fill=BLACK, font=drawn, anchor="ls")

    def _mark(self, word: str, colour: Image.Image, black: Image.Image) -> None:
        face_mark.masks(word, self.template).onto(colour, black, self.origin)

    def _face(self, colour: Image.Image, black: Image.Image) -> CardFace:
        return CardFace(png(colour, self.head.dpi), png(black, self.head.dpi), self.head.dpi)


def _wedges() -> Image.Image:
    """Three by four fields in the place of a photo: the six full colours of the ribbon, six greys below."""
    colours = [(0, 174, 239), (236, 0, 140), (255, 242, 0), (237, 28, 36), (0, 166, 81), (46, 49, 146)]
    greys = [(grey, grey, grey) for grey in (32, 72, 112, 152, 192, 232)]
    fields = Image.new("RGB", (3, 4))
    fields.putdata([*colours, *greys])
    return fields.resize((480, 640), Image.Resampling.NEAREST)


def _wave() -> Image.Image:
    """A line in the place of a signature that shows its box from edge to edge."""
    drawn = Image.new("L", (480, 200), WHITE)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 0, 479, 199), outline=BLACK, width=4)
    pen.line([(x, 100 + 70 * (-1 if x // 40 % 2 else 1)) for x in range(20, 480, 40)], fill=BLACK, width=8)
    return drawn
