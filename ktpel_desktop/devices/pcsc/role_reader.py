"""The reader of one role: found by its name at each use, opened for one action, asked how it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.devices.pcsc.connection import SHARED_NOTE, PcscConnection, connect
from ktpel_desktop.devices.pcsc.monitor import ReaderMonitor
from ktpel_desktop.devices.pcsc.readers import ReaderRoles, Role, reader_for, resolve


class RoleReader:
    """A role of this PC. Remembers only whether its last connection had to be shared, to warn about it."""

    def __init__(self, role: Role, roles: ReaderRoles) -> None:
        self._role, self._roles = role, roles
        self._shared = False
        self._monitor = ReaderMonitor()

    @contextmanager
    def connect(self) -> Iterator[PcscConnection]:
        """The card on the reader, for one action. Raises DeviceError of `reader_for` and of `connection.connect`."""
        with connect(reader_for(self._role, self._roles)) as connection:
            self._shared = connection.shared
            yield connection

    def health(self) -> Health:
        """Whether the reader is there, and whether a card lies on it. Never raises."""
        seen = self._monitor.look()
        if seen.service is not Answer.YES or not seen.readers:
            return Health(Answer.NO, (seen.note,) if seen.note else ())
        try:
            name = resolve(self._role, self._roles, [one.name for one in seen.readers])
        except DeviceError as error:
            return Health(Answer.NO, (error.code,))
        state = next(one for one in seen.readers if one.name == name)
        notes = (SHARED_NOTE,) if self._shared else ()
        return Health(Answer.YES, notes, {"reader": name, "card_on_reader": "yes" if state.present else "no"})
