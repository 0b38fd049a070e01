"""A face as the tests look at it: its layers opened, where its texts stand, and whether they stand apart."""

import io
from datetime import date

from PIL import Image

from ktpel_desktop.core.subject import Subject
from ktpel_desktop.documents.card_face import FaceArtist
from ktpel_desktop.documents.face_fields import texts
from ktpel_desktop.documents.face_layout import Placed, layout
from ktpel_desktop.documents.face_template import FaceTemplate

ISSUED = date(2026, 11, 23)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def placed(of: Subject, artist: FaceArtist) -> tuple[Placed, ...]:
    """The lines of the card that this artist would draw on that day."""
    values = texts(of, of.nik.reveal(), ISSUED, artist.template)
    return layout(values, of.foreign, artist.template)


def assert_tidy(lines: tuple[Placed, ...], template: FaceTemplate) -> None:
    """No text covers another, leaves the card, or reaches the photo or the signature."""
    boxes = [line.box for line in lines]
    boxes += [template.pixel_box(box) for box in (template.photo, template.signature)]
    for place, line in enumerate(lines):
        left, top, right, bottom = line.box
        assert 0 <= left <= right <= template.pixels[0], line
        assert 0 <= top <= bottom <= template.pixels[1], line
        for other in boxes[place + 1 :]:
            clash = left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            assert not clash, line
