"""A card's artwork as one exact page: every pixel of the face at its place on the card, nothing rescaled.

The page has the size and the way round of the medium that the queue offers, as drivers turn and scale what does not
fit (feasibility.md 4: a landscape CR80 is refused by a printer that feeds its cards upright). Where on the card the
face belongs is decided before, once for every driver (core/calibration.py): here it lies in the middle of the page.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.devices.print_queue.jobs import Format, Queue, Size

CR80 = Size(8560, 5398)
"""ID-1 of ISO/IEC 7810: 85.60 x 53.98 mm."""
_NEAR = 250
"""A medium this close is a CR80 card, with or without the maker's bleed; a CR79 (83.9 x 51 mm) is not."""
_INSET = 0.01
"""Pixels; see `_pdf`."""


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


def card_page(face: CardFace, medium: Size, form: Format) -> bytes:
    """The face on a page of `medium`, as PDF or PNG. Raises DeviceError "printer.face_unreadable"."""
    laid = _laid_out(*_layers(face), face.dpi, medium)
    return _pdf(laid, face.dpi, medium) if form is Format.PDF else _png(laid, face.dpi, medium)


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
class _Laid:
    """Both layers turned the way of the page, and where they lie on it in pixels from its upper left corner."""

    colour: Image.Image
    black: Image.Image
    left: int
    top: int


def _laid_out(colour: Image.Image, black: Image.Image, dpi: int, medium: Size) -> _Laid:
    """Turned by whole pictures, not by the page's matrix, which poppler does not hit to the pixel."""
    if medium.height > medium.width:  # clockwise: the card's left edge is the page's upper edge
        colour, black = (layer.transpose(Image.Transpose.ROTATE_270) for layer in (colour, black))
    left = round((medium.width * dpi / 2540 - colour.width) / 2)
    top = round((medium.height * dpi / 2540 - colour.height) / 2)
    return _Laid(colour, black, left, top)


def _png(laid: _Laid, dpi: int, medium: Size) -> bytes:
    """Both layers in one picture of the page; black stays exactly black, for drivers that pick their K from it."""
    page = Image.new("RGB", medium.pixels(dpi), "white")
    page.paste(laid.colour, (laid.left, laid.top))
    page.paste("black", (laid.left, laid.top), ImageOps.invert(laid.black.convert("L")))
    out = BytesIO()
    page.save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


def _pdf(laid: _Laid, dpi: int, medium: Size) -> bytes:
    """One page of exactly the medium: the colour picture, and over it the black layer as a stencil in pure black.

    The picture is smaller by a hundredth of a pixel: one that ends exactly where a pixel ends is drawn one pixel
    larger by poppler (Splash's imgCoordMungeUpper), which would rescale it.
    """
    width, height = medium.points
    point = 72 / dpi
    w, h = ((pixels - 2 * _INSET) * point for pixels in laid.colour.size)
    x, y = (laid.left + _INSET) * point, height - (laid.top + _INSET) * point - h
    drawing = f"{w:.5f} 0 0 {h:.5f} {x:.5f} {y:.5f} cm\n/Warna Do\n0 g\n/Hitam Do\n".encode()
    picture = f"/Type /XObject /Subtype /Image /Width {laid.colour.width} /Height {laid.colour.height}"
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.4f} {height:.4f}] /Contents 4 0 R "
        "/Resources << /XObject << /Warna 5 0 R /Hitam 6 0 R >> >> >>"
    )
    return _document(
        b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page.encode(),
        _stream("", drawing),
        _stream(f"{picture} /ColorSpace /DeviceRGB /BitsPerComponent 8", laid.colour.tobytes()),
        _stream(f"{picture} /ImageMask true /BitsPerComponent 1 /Decode [0 1]", laid.black.tobytes()),
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
