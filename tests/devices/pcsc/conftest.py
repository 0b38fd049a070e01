"""A PC/SC service of our own for tests of what is really plugged in.

Marks for a module that uses it: `pytestmark = [pytest.mark.real, pytest.mark.xdist_group("pcsc")]`; the group keeps
them in one worker, so that one service is started and not one per worker.
"""

from collections.abc import Iterator

import pytest

from tests.devices.pcsc.room import PcscRoom, claim_client, missing, the_room

claim_client()  # at collection: libpcsclite asks for its socket's name once per process


@pytest.fixture(scope="session")
def pcsc_room() -> Iterator[PcscRoom]:
    """The service and its readers, started once; tests take `room`.

    A module elsewhere that imports this fixture makes a second fixture of it, over the same room.
    """
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    room = the_room()
    if not room.running:
        room.start()
    yield room
    room.stop()


@pytest.fixture
def room(pcsc_room: PcscRoom) -> Iterator[PcscRoom]:
    """The room, running and with empty readers, before and after."""
    if not pcsc_room.running:
        pcsc_room.start()
    yield pcsc_room
    if not pcsc_room.running:
        pcsc_room.start()
    pcsc_room.clear()
