"""Where in a TOML text a key stands: the line that a person must mend. tomllib itself forgets it."""

from __future__ import annotations

import re

_SECTION = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?")
_ELEMENT = re.compile(r"\s*\[\[([^\[\]]+)\]\]\s*(?:#.*)?")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*=""")


def line_of(text: str, section: str, key: str = "", element: int = 0) -> int:
    """Line (1 …) of `key` in `[section]`, or in the `element`-th (0 …) `[[section]]`; without a key the header's.

    Where the key is missing, the header's line; where that is missing too, 1. Inline tables and dotted keys count
    as their first part.
    """
    seen, inside, header = -1, section == "", 1
    for number, line in enumerate(text.splitlines(), 1):
        if found := _ELEMENT.fullmatch(line):
            named = found[1].strip() == section
            seen += named
            inside = named and seen == element
            header = number if inside else header
        elif found := _SECTION.fullmatch(line):
            inside = found[1].strip() == section
            header = number if inside else header
        elif inside and key and (found := _KEY.match(line)) and found[1].strip("\"'") == key:
            return number
    return header
