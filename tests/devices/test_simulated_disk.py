"""The disk of a played day is the same on every machine, and says that it is none."""

from ktpel_desktop import room_words
from ktpel_desktop.core import room
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.devices.simulator import disk
from tests.services.desks import MORNING


def test_the_disk_of_a_played_day() -> None:
    check = room.seen(ItemId.DISK, disk.look(), at=MORNING)
    assert (check.value, check.unit, check.status) == (64.0, "GB", Status.OK)
    assert room_words.source_name(check) == "alat tiruan"
