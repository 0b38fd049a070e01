"""Texts of a small XML answer from the local network, read without trust: no document type, no entities, few bytes."""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

LIMIT = 256 * 1024
Field = tuple[tuple[str, ...], str]
"""Local names from the root to an element, and its own text. Parents come after their children."""


class XmlRefused(ValueError):
    """It is no XML, too long, or more than a plain answer needs. Stays inside this package."""


def fields(data: bytes) -> list[Field]:
    """Every element with its text, in the order of their ends. Raises XmlRefused."""
    if len(data) > LIMIT:
        raise XmlRefused("too long")
    path: list[str] = []
    texts: list[list[str]] = []
    found: list[Field] = []

    def begin(name: str, _: dict[str, str]) -> None:
        path.append(name.rpartition(" ")[2])
        texts.append([])
        if len(path) > 32:
            raise XmlRefused("too deep")

    def end(_: str) -> None:
        found.append((tuple(path), "".join(texts.pop()).strip()))
        path.pop()

    def refuse(*_: object) -> None:
        raise XmlRefused("document type")

    def say(text: str) -> None:
        texts[-1].append(text)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = say
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # LookupError: an encoding nobody knows
        raise XmlRefused("no XML") from error
    return found


def groups(found: list[Field], name: str) -> Iterator[dict[str, str]]:
    """The texts below each element of a name, by their own names; the first of a name counts."""
    inside: dict[str, str] = {}
    for path, text in found:
        if path[-1] == name:
            yield inside
            inside = {}
        elif name in path:
            inside.setdefault(path[-1], text)


def first(found: list[Field], name: str) -> str | None:
    """The text of the first element of a name."""
    return next((text for path, text in found if path[-1] == name), None)
