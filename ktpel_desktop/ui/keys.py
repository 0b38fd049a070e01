"""Keys by their portable names: Qt reads a bare string in the language of the screen, where "Enter" is Return."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence


def sequence(name: str) -> QKeySequence:
    """The key sequence of a portable name, such as "Alt+Left"."""
    return QKeySequence.fromString(name, QKeySequence.SequenceFormat.PortableText)


def portable(keys: QKeySequence) -> str:
    """The portable name of a key sequence."""
    return keys.toString(QKeySequence.SequenceFormat.PortableText)
