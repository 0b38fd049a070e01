"""Reads resources/kartu/muka/*.toml and refuses a template that could not print a whole and lawful card.

Checked here, so that a mistake costs no blank: types and limits of every value, unknown keys, fonts that are
shipped, boxes inside the card and apart from each other, and that each element of the card (UU 24/2013 Ps. 64)
stands in it.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from string import Formatter

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.documents.face_template import Box, FaceTemplate, Line, Mark, Row, Rows, Spelling, Tail
from ktpel_desktop.documents.template_reading import Place, opened

FIELDS = frozenset(
    {
        *("nik", "name", "birth_place", "birth_date", "sex", "blood_group", "address", "rt_rw", "kelurahan"),
        *("kecamatan", "kabupaten", "province", "religion", "marital_status", "occupation", "nationality"),
        *("valid_until", "issue_place", "issue_date"),
    }
)
"""What a template may fill in, and must: the elements of UU 24/2013 Ps. 64 but emblem and map, on the blank."""

TALLEST = 1.12
"""From the top of an É to the foot of a Q, as a share of the em: lines closer than this would touch."""

_SIDE = 200.0
_LEAST_SIZE = 1.5
"""Smaller capitals (1.1 mm high, 13 dots at 300 dpi) do not print legibly."""


def load(resources: Path, name: str = "ktp_el", dpi: int = 300) -> FaceTemplate:
    """The template `name` seen at `dpi`; its fonts are files of resources/huruf.

    Raises StoreError "face.template_unreadable", "face.template_missing", "face.template_unknown",
    "face.template_value", "face.template_font", "face.template_field", "face.template_outside",
    "face.template_overlap", each naming file and place.
    """
    file = opened(resources, f"muka/{name}")
    card = file.table("card")
    width, height = card.number("width", 10, _SIDE), card.number("height", 10, _SIDE)
    card.done()
    fonts = _fonts(file.table("fonts"), resources / "huruf")
    keys = tuple(fonts)
    column = _column(file.table("rows"), keys)
    photo, signature, mark = file.table("photo"), file.table("signature"), file.table("mark")
    template = FaceTemplate(
        width=width,
        height=height,
        dpi=dpi,
        fonts=fonts,
        lines=tuple(_line(place, keys) for place in file.tables("line", "name")),
        column=column,
        rows=tuple(_row(place, keys, column) for place in file.tables("row", "name")),
        photo=_box(photo),
        signature=_box(signature),
        mark=Mark(mark.text("font", keys), mark.number("size", 5, 40), mark.number("angle", 5, 60)),
        spellings=(
            *(_spelling(place, prefix=True) for place in file.tables("shorten")),
            *(_spelling(place, prefix=False) for place in file.tables("replace")),
        ),
        english=_english(file.table("english")),
        names=file.texts("names"),
    )
    for place in (photo, signature, mark, file):
        place.done()
    _check_fields(template, file)
    _check_places(template, file)
    return template


def _fonts(place: Place, folder: Path) -> dict[str, Path]:
    found = {key: folder / place.text(key) for key in place.names()}
    for key, path in found.items():
        if path.parent != folder or not path.is_file():
            raise StoreError("face.template_font", file=place.file, where=place.at(key))
    return found


def _box(place: Place) -> Box:
    box = Box(*place.numbers("box", 4))
    if box.width <= 0 or box.height <= 0:
        raise place.wrong("box")
    return box


def _line(place: Place, fonts: tuple[str, ...]) -> Line:
    size = place.number("size", _LEAST_SIZE, 20)
    line = Line(
        name=place.text("name"),
        text=place.text("text"),
        box=_box(place),
        font=place.text("font", fonts),
        size=size,
        size_min=place.number("size_min", _LEAST_SIZE, size),
        align=place.text("align", ("left", "center", "right")),
    )
    place.done()
    return line


def _column(place: Place, fonts: tuple[str, ...]) -> Rows:
    size, pitch = place.number("size", _LEAST_SIZE, 20), place.number("pitch", _LEAST_SIZE, 40)
    size_min = place.number("size_min", _LEAST_SIZE, size)
    label_x = place.number("label_x", 0, _SIDE)
    colon_x = place.number("colon_x", label_x, _SIDE)
    value_x = place.number("value_x", colon_x, _SIDE)
    top = place.number("top", 0, _SIDE)
    column = Rows(
        label_x=label_x,
        colon_x=colon_x,
        value_x=value_x,
        right=place.number("right", value_x, _SIDE),
        top=top,
        bottom=place.number("bottom", top, _SIDE),
        pitch=pitch,
        pitch_min=place.number("pitch_min", size_min * TALLEST, pitch),
        size=size,
        size_min=size_min,
        font=place.text("font", fonts),
    )
    place.done()
    return column


def _row(place: Place, fonts: tuple[str, ...], column: Rows) -> Row:
    row = Row(
        name=place.text("name"),
        label=place.pair("label"),
        text=place.text("text"),
        lines=place.whole("lines", 1, 4),
        font=place.text("font", fonts) if place.has("font") else column.font,
        right=place.number("right", column.value_x, _SIDE) if place.has("right") else column.right,
        indent=place.number("indent", 0, column.colon_x - column.label_x) if place.has("indent") else 0.0,
        tail=_tail(place.table("tail"), column) if place.has("tail") else None,
    )
    if row.tail is not None and row.tail.x < row.right:
        raise StoreError("face.template_overlap", file=place.file, where=place.at("right"), other="tail.x")
    place.done()
    return row


def _tail(place: Place, column: Rows) -> Tail:
    x = place.number("x", column.value_x, _SIDE)
    colon_x = place.number("colon_x", x, _SIDE)
    value_x = place.number("value_x", colon_x, _SIDE)
    tail = Tail(
        name=place.text("name"),
        label=place.pair("label"),
        text=place.text("text"),
        x=x,
        colon_x=colon_x,
        value_x=value_x,
        right=place.number("right", value_x, _SIDE),
    )
    place.done()
    return tail


def _spelling(place: Place, *, prefix: bool) -> Spelling:
    rule = Spelling(
        place.text("field", tuple(sorted(FIELDS))), place.text("from"), place.text("to"), prefix=prefix
    )
    place.done()
    return rule


def _english(place: Place) -> dict[str, dict[str, str]]:
    for key in place.names():
        if key not in FIELDS:
            raise StoreError("face.template_field", file=place.file, where=place.at(key))
    return {key: place.texts(key) for key in place.names()}


def _check_fields(template: FaceTemplate, file: Place) -> None:
    """Each text asks for fields of the card only, each field is asked for, and everything has a name."""
    texts = {f"line.{line.name}": line.text for line in template.lines}
    texts |= {f"row.{row.name}": row.text for row in template.rows}
    tails = [row.tail for row in template.rows if row.tail is not None]
    texts |= {f"row.tail.{tail.name}": tail.text for tail in tails}
    asked: set[str] = set()
    for where, text in texts.items():
        try:
            fields = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
        except ValueError:
            fields = {"?"}
        if not fields <= FIELDS:
            raise StoreError("face.template_field", file=file.file, where=f"{where}.text")
        asked |= fields
    for field in sorted(FIELDS - asked):
        raise StoreError("face.template_missing", file=file.file, where=f"{{{field}}}")
    named = {line.name for line in template.lines} | {row.name for row in template.rows}
    named |= {tail.name for tail in tails} | {"photo", "signature"} | FIELDS
    for name in sorted(named - set(template.names)):
        raise StoreError("face.template_missing", file=file.file, where=f"names.{name}")


def _check_places(template: FaceTemplate, file: Place) -> None:
    """Everything lies inside the card, and nothing lies on anything else."""
    areas = template.areas()
    for where, box in areas.items():
        if box.x < 0 or box.y < 0 or box.right > template.width or box.bottom > template.height:
            raise StoreError("face.template_outside", file=file.file, where=where)
    for (where, one), (other, two) in combinations(areas.items(), 2):
        if one.overlaps(two):
            raise StoreError("face.template_overlap", file=file.file, where=where, other=other)
