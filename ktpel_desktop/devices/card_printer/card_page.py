"""A card's artwork as one exact page: every pixel of the face at its place on the card, nothing rescaled.

The page has the size and the way round of the medium that the queue offers, as drivers turn and scale what does not
fit (feasibility.md 4: a landscape CR80 is refused by a printer that feeds its cards upright). Offsets are whole
pixels, so that no renderer has a reason to blur; only a calibrated scale other than 1 resamples.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.devices.print_queue.jobs import Format, Queue, Size

CR80 = Size(8560, 5398)
"""ID-1 of ISO/IEC 7810: 85.60 x 53.98 mm."""
_NEAR = 250
"""A medium this close is a CR80 card, with or without the maker's bleed; a CR79 (83.9 x 51 mm) is not."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the alignment card showed of one printer: move right and down in mm, stretch about the card's middle.

    `upside_down` turns the face by 180 degrees, for printers that draw the card in by its other end.
    """

    right: float = 0.0
    down: float = 0.0
    stretch_x: float = 1.0
    stretch_y: float = 1.0
    upside_down: bool = False


def card_medium(queue: Queue) -> Size:
    """The queue's own size for a CR80 card, its way round kept. Raises DeviceError "printer.no_card_size"."""
    if not queue.media and queue.custom is None:
        return CR80
    offered = [size for size in queue.media if size.near(CR80, _NEAR) or size.near(CR80.turned(), _NEAR)]
    if offered:
        return min(offered, key=_strangeness)
    if queue.custom is not None:
        low, high = queue.custom
        for size in (CR80.turned(), CR80):
            if low.width <= size.width <= high.width and low.height <= size.height <= high.height:
                return size
    raise DeviceError("printer.no_card_size", Effect.NONE, queue=queue.name)


def card_page(face: CardFace, medium: Size, calibration: Calibration, form: Format) -> bytes:
    """The face on a page of `medium`, as PDF or PNG. Raises DeviceError "printer.face_unreadable"."""
    colour, black = _layers(face)
    card = medium if medium.width >= medium.height else medium.turned()
    box = _box(colour.size, card, face.dpi, calibration)
    if form is Format.PDF:
        return _pdf(colour, black, face.dpi, medium, box, calibration)
    return _png(colour, black, face.dpi, medium, box, calibration)


def _strangeness(size: Size) -> int:
    lying = size if size.width >= size.height else size.turned()
    return abs(lying.width - CR80.width) + abs(lying.height - CR80.height)


def _layers(face: CardFace) -> tuple[Image.Image, Image.Image]:
    try:
        with Image.open(BytesIO(face.colour)) as colour, Image.open(BytesIO(face.black)) as black:
            layers = colour.convert("RGB"), black.convert("1")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise DeviceError("printer.face_unreadable", Effect.NONE) from error
    width, height = layers[0].size
    measured = Size(round(width * 2540 / face.dpi), round(height * 2540 / face.dpi))
    if layers[1].size != layers[0].size or not measured.near(CR80, _NEAR):
        raise DeviceError("printer.face_unreadable", Effect.NONE, size=layers[0].size)
    return layers


@dataclass(frozen=True, slots=True)
class _Box:
    """Where the face lies on the card, in its own pixels from the card's upper left corner."""

    left: int
    top: int
    width: int
    height: int


def _box(pixels: tuple[int, int], card: Size, dpi: int, calibration: Calibration) -> _Box:
    width, height = round(pixels[0] * calibration.stretch_x), round(pixels[1] * calibration.stretch_y)
    across, along = card.width * dpi / 2540, card.height * dpi / 2540
    left = round((across - width) / 2 + calibration.right * dpi / 25.4)
    top = round((along - height) / 2 + calibration.down * dpi / 25.4)
    return _Box(left, top, width, height)


# ---------------------------------------------------------------- PNG


def _png(
    colour: Image.Image, black: Image.Image, dpi: int, medium: Size, box: _Box, calibration: Calibration
) -> bytes:
    """Both layers in one picture of the page; black stays exactly black, for drivers that pick their K from it."""
    upright = medium.height > medium.width
    card = medium.turned() if upright else medium
    page = Image.new("RGB", card.pixels(dpi), "white")
    size = (box.width, box.height)
    if colour.size != size:
        colour = colour.resize(size, Image.Resampling.LANCZOS)
        black = black.resize(size, Image.Resampling.NEAREST)
    page.paste(colour, (box.left, box.top))
    page.paste("black", (box.left, box.top), black.convert("L").point(lambda grey: 255 - grey))
    if upright:
        page = page.transpose(Image.Transpose.ROTATE_270)  # clockwise, as the PDF's matrix
    if calibration.upside_down:
        page = page.transpose(Image.Transpose.ROTATE_180)
    out = BytesIO()
    page.save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


# ---------------------------------------------------------------- PDF


def _pdf(
    colour: Image.Image, black: Image.Image, dpi: int, medium: Size, box: _Box, calibration: Calibration
) -> bytes:
    """One page of exactly the medium: the colour picture, and over it the black layer as a stencil in pure black."""
    width, height = medium.points
    point = 72 / dpi
    x, y, w, h = box.left * point, box.top * point, box.width * point, box.height * point
    if height > width:  # the card lies clockwise on the page: its left edge is the page's upper edge
        matrix = (0.0, -w, h, 0.0, width - y - h, height - x)
    else:
        matrix = (w, 0.0, 0.0, h, x, height - y - h)
    half_turn = f"-1 0 0 -1 {width:.4f} {height:.4f} cm\n" if calibration.upside_down else ""
    place = " ".join(f"{number:.4f}" for number in matrix)
    drawing = f"{half_turn}{place} cm\n/Warna Do\n0 g\n/Hitam Do\n".encode()
    picture = f"/Type /XObject /Subtype /Image /Width {colour.width} /Height {colour.height}"
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.4f} {height:.4f}] /Contents 4 0 R "
        "/Resources << /XObject << /Warna 5 0 R /Hitam 6 0 R >> >> >>"
    )
    return _document(
        b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page.encode(),
        _stream("", drawing),
        _stream(f"{picture} /ColorSpace /DeviceRGB /BitsPerComponent 8", colour.tobytes()),
        _stream(f"{picture} /ImageMask true /BitsPerComponent 1 /Decode [0 1]", black.tobytes()),
    )


def _stream(entries: str, data: bytes) -> bytes:
    packed = zlib.compress(data, 6)
    head = f"<< {entries} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n"
    return head.encode() + packed + b"\nendstream"


def _document(*objects: bytes) -> bytes:
    """A PDF file of numbered objects, the first of them the catalogue (ISO 32000-1, 7.5)."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)
