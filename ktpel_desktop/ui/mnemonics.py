"""Letters under words: given by machine, each once among what can be seen, so that Alt+letter is never ambiguous."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget

from ktpel_desktop.ui.keys import portable

_BY_LETTER = re.compile(r"Alt\+[A-Z]$")
_UNDERLINED = re.compile(r"&(?!&)(?=\S)")


def letter(text: str) -> str:
    """The letter under which a text can be called, empty where there is none."""
    found = re.search(r"(?<!&)&([^&\s])", text.replace("&&", "\0"))
    return found.group(1).casefold() if found else ""


def assign(root: QWidget) -> None:
    """Give every visible button, and every label with a buddy, a letter of its own; nothing where none is left."""
    taken: set[str] = set()
    pressed = [button for button in root.findChildren(QAbstractButton) if button.isVisibleTo(root)]
    labels = [
        label for label in root.findChildren(QLabel) if label.buddy() is not None and label.isVisibleTo(root)
    ]
    ordered: list[QAbstractButton | QLabel] = [
        *(b for b in pressed if isinstance(b, QPushButton)),
        *labels,
        *pressed,
    ]
    seen: set[int] = set()
    for widget in ordered:
        if id(widget) in seen:
            continue
        seen.add(id(widget))
        _letter_for(widget, taken)


def _letter_for(widget: QAbstractButton | QLabel, taken: set[str]) -> None:
    plain = _UNDERLINED.sub("", widget.text().replace("&&", "\0")).replace("\0", "&&")
    place = next(
        (
            index
            for index, char in enumerate(plain)
            if char.isascii() and char.isalpha() and char.casefold() not in taken
        ),
        None,
    )
    shortcut = widget.shortcut() if isinstance(widget, QAbstractButton) else None
    own_key = shortcut is not None and not shortcut.isEmpty() and not _BY_LETTER.match(portable(shortcut))
    if place is None or own_key:
        text = plain
    else:
        taken.add(plain[place].casefold())
        text = f"{plain[:place]}&{plain[place:]}"
    if text != widget.text():
        widget.setText(text)
        if own_key and isinstance(widget, QAbstractButton) and shortcut is not None:
            widget.setShortcut(shortcut)
