"""The stored pictures of the forty faces, and how a face is held against them.

`python -m tests.documents.stored_faces` draws them anew; then look at every one before it is committed.
Black layers are stored dot by dot, colour layers as one sheet of thumbnails.
"""

from pathlib import Path

from PIL import Image, ImageChops

from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.documents.card_face import FaceArtist
from ktpel_desktop.documents.face_layout import Placed
from tests.documents.people import people
from tests.documents.samples import RESOURCES, order
from tests.documents.tidy import ISSUED, opened, placed

FOLDER = Path(__file__).with_name("faces")
ALSO_600 = ("shortest", "name_60", "foreign_long", "all_long")
_THUMB = (126, 80)
_COLUMNS = 5
LINE_TOLERANCE = 0.05
"""Share of a line's ink that may differ: a rasteriser's rounding. A line moved by one dot differs by far more."""
COLOUR_TOLERANCE = 6.0
"""Mean difference of a thumbnail's grey levels."""


def artist(dpi: int) -> FaceArtist:
    return FaceArtist(RESOURCES, head=f"id1_{dpi}")


def drawn(of: str, by: FaceArtist) -> CardFace:
    return by.render(order(people()[of]), issued_on=ISSUED, training=False)


def black(face: CardFace) -> Image.Image:
    return opened(face.black)


def thumbnail(face: CardFace) -> Image.Image:
    return opened(face.colour).convert("RGB").resize(_THUMB, Image.Resampling.BOX)


def stored_black(of: str, dpi: int) -> Image.Image:
    return opened((FOLDER / f"{of}-{dpi}.png").read_bytes())


def stored_thumbnails() -> dict[str, Image.Image]:
    with Image.open(FOLDER / "colour.png") as opened:
        sheet = opened.convert("RGB")
    return {of: sheet.crop(_cell(place)) for place, of in enumerate(people())}


def lines(of: str, by: FaceArtist) -> tuple[Placed, ...]:
    return placed(people()[of], by)


def differing(of: str, by: FaceArtist, shown: Image.Image, kept: Image.Image) -> list[str]:
    """The lines of text and other places where the picture differs from the stored one."""
    if shown.size != kept.size or shown.mode != kept.mode:
        return ["size"]
    changed = ImageChops.logical_xor(shown, kept)
    found = []
    for line in lines(of, by):
        left, top, right, bottom = line.box
        box = (left - 2, top - 2, right + 2, bottom + 2)
        ink = _count(ImageChops.invert(kept.convert("L")).crop(box).convert("1"))
        if _count(changed.crop(box)) > ink * LINE_TOLERANCE:
            found.append(line.name)
        changed.paste(0, box)
    if _count(changed) > 20:  # a signature's edge after another version's scaling
        found.append("elsewhere")
    return found


def write() -> None:
    """Draw everything anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    rows = -(-len(people()) // _COLUMNS)
    sheet = Image.new("RGB", (_THUMB[0] * _COLUMNS, _THUMB[1] * rows), "white")
    small, large = artist(300), artist(600)
    for place, of in enumerate(people()):
        face = drawn(of, small)
        black(face).save(FOLDER / f"{of}-300.png", optimize=True)
        sheet.paste(thumbnail(face), _cell(place))
    for of in ALSO_600:
        black(drawn(of, large)).save(FOLDER / f"{of}-600.png", optimize=True)
    sheet.save(FOLDER / "colour.png", optimize=True)


def _cell(place: int) -> tuple[int, int, int, int]:
    left, top = place % _COLUMNS * _THUMB[0], place // _COLUMNS * _THUMB[1]
    return left, top, left + _THUMB[0], top + _THUMB[1]


def _count(image: Image.Image) -> int:
    return image.convert("L").histogram()[255]


if __name__ == "__main__":
    write()
    size = sum(file.stat().st_size for file in FOLDER.iterdir())
    print(f"{len(list(FOLDER.iterdir()))} pictures, {size / 1024:.0f} KiB, in {FOLDER}")
