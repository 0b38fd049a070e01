"""The print head: how many dots a printer lays over a card. Template and head together give pixels.

A head's field may be larger than the card (it prints over the edge, "bleed") or a little smaller; the card lies in
its middle. So the same template prints on every head, moved by whole dots.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.documents.face_template import FaceTemplate
from ktpel_desktop.documents.template_reading import opened

DEFAULT = "id1_300"


@dataclass(frozen=True, slots=True)
class PrintHead:
    """Resolution and field of one kind of printer, in dots."""

    name: str
    dpi: int
    width: int
    height: int

    @property
    def pixels(self) -> tuple[int, int]:
        return self.width, self.height

    def origin(self, card: tuple[int, int]) -> tuple[int, int]:
        """Where the top left corner of a card of these pixels lies in the field; negative on a smaller field."""
        return (self.width - card[0]) // 2, (self.height - card[1]) // 2

    def check(self, template: FaceTemplate) -> None:
        """Raises StoreError "face.head_too_small" where something of the template lies outside the field."""
        left, top = self.origin(template.pixels)
        for box in template.areas().values():
            x, y, right, bottom = template.pixel_box(box)
            if x + left < 0 or y + top < 0 or right + left > self.width or bottom + top > self.height:
                raise StoreError("face.head_too_small", head=self.name)


def heads(resources: Path) -> dict[str, PrintHead]:
    """Every head of resources/kartu/kepala.toml by name. Raises StoreError "face.template_…"."""
    file = opened(resources, "kepala")
    found = {}
    for name in file.names():
        place = file.table(name)
        dpi = place.whole("dpi", 150, 1200)
        found[name] = PrintHead(name, dpi, place.whole("width", 200, 9000), place.whole("height", 200, 9000))
        place.done()
    return found


def load(resources: Path, name: str = DEFAULT) -> PrintHead:
    """The head `name`. Raises StoreError "face.head_unknown", and as `heads`."""
    known = heads(resources)
    if name not in known:
        raise StoreError("face.head_unknown", head=name)
    return known[name]
