"""Each point of the instruction by what it stands on, what lacks, the one word, and the stage of the placement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core import readiness
from ktpel_desktop.core.placement import WANTED, Condition, DeviceKind, PlacedDevice, Provider, Wanted
from ktpel_desktop.core.power_capacity import Fit
from ktpel_desktop.core.readiness import POINTS, Application, LackKind, OfficeReadiness, PointId, Stage
from ktpel_desktop.core.room import Readiness, RoomCheck, RoomVerdict
from ktpel_desktop.core.room_items import ITEM, ITEMS, ItemId
from ktpel_desktop.core.room_limits import Status
from tests.documents.placements import AT, FULL, device

USED = Application("1.2.3", date(2026, 3, 2), training=False)
K, P = DeviceKind, PointId
TOLD_BY_ITEMS = {item: point.id for point in POINTS for item in point.items}


def judged(
    register: Sequence[PlacedDevice] = FULL,
    fit: Fit = Fit.ENOUGH,
    *,
    unread: bool = False,
    application: Application = USED,
    items: Mapping[ItemId, Status] | None = None,
) -> OfficeReadiness:
    """A good office but for these items of the room check."""
    told = items or {}
    checks = tuple(RoomCheck(item.id, told.get(item.id, Status.OK), "not_checked", AT) for item in ITEMS)
    return readiness.judge(RoomVerdict(checks), register, fit, unread, application)


def status(found: OfficeReadiness, point: PointId) -> Status:
    return next(one.status for one in found.points if one.point.id is point)


def lacks(found: OfficeReadiness) -> list[tuple[LackKind, object, int]]:
    return [(one.kind, one.check.item if one.check else one.device, one.count) for one in found.lacks]


def without(*kinds: DeviceKind) -> list[PlacedDevice]:
    return [one for one in FULL if one.kind not in kinds]


def damaged(kind: DeviceKind, condition: Condition) -> list[PlacedDevice]:
    """The first device of the kind is so."""
    place = next(place for place, one in enumerate(FULL) if one.kind is kind)
    return [replace(one, condition=condition) if at == place else one for at, one in enumerate(FULL)]


# ---------------------------------------------------------------- the table of points


def test_the_points_stand_in_the_instructions_order_and_cite_it() -> None:
    assert [point.id for point in POINTS] == list(PointId)
    for point in POINTS:
        letter, number = point.id.value
        assert point.paragraph == f"KEDUA huruf {letter} angka {number}"
        assert {ITEM[item].paragraph for item in point.items} <= {point.paragraph, "Lampiran", ""}


def test_every_item_that_cites_a_point_and_every_wanted_device_belongs_to_one() -> None:
    cited = {point.paragraph for point in POINTS}
    assert {item.id for item in ITEMS if item.paragraph in cited} <= set(TOLD_BY_ITEMS)
    kinds = [kind for point in POINTS for kind in point.kinds]
    assert sorted(kinds) == sorted(one.kind for one in WANTED)


# ---------------------------------------------------------------- items of the room check


def test_an_office_that_has_everything() -> None:
    found = judged()
    assert {one.status for one in found.points} == {Status.OK}
    assert (found.readiness, found.stage, found.lacks) == (Readiness.READY, Stage.IN_SERVICE, ())


@pytest.mark.parametrize("item", TOLD_BY_ITEMS)
@pytest.mark.parametrize("told", [one for one in Status if one is not Status.OK])
def test_an_item_decides_its_point_and_no_other(item: ItemId, told: Status) -> None:
    found = judged(items={item: told})
    point = TOLD_BY_ITEMS[item]
    assert {one.point.id: one.status for one in found.points if one.status is not Status.OK} == {point: told}
    provider = next(one.provider for one in POINTS if one.id is point)
    assert [(one.kind, one.provider) for one in found.lacks] == [(LackKind.ITEM, provider)]
    assert lacks(found) == [(LackKind.ITEM, item, 0)]


def test_items_that_belong_to_no_point_say_nothing_here() -> None:
    others = {item.id: Status.CRITICAL for item in ITEMS if item.id not in TOLD_BY_ITEMS}
    assert others
    assert judged(items=others).readiness is Readiness.READY


@given(st.fixed_dictionaries({item: st.sampled_from(Status) for item in (ItemId.AREA, ItemId.SECURED)}))
def test_the_worst_item_decides(told: dict[ItemId, Status]) -> None:
    worst = [Status.CRITICAL, Status.UNKNOWN, Status.WAIVED, Status.WARNING, Status.OK]
    found = judged(items=told)
    assert status(found, P.ROOM) is min(told.values(), key=worst.index)


# ---------------------------------------------------------------- devices


def test_an_empty_register_says_nothing() -> None:
    found = judged([])
    assert status(found, P.DEVICES) is Status.UNKNOWN
    assert found.readiness is Readiness.NOT_MEASURED
    assert (LackKind.NOT_REGISTERED, K.PC, 2) in lacks(found)


def test_a_register_of_what_was_taken_away_says_that_nothing_is_there() -> None:
    found = judged([replace(one, condition=Condition.TAKEN_AWAY) for one in FULL])
    assert status(found, P.DEVICES) is Status.CRITICAL
    assert all(not one.devices for one in found.points)


def test_one_of_two_computers_is_not_enough() -> None:
    found = judged([one for one in FULL if one.serial != "PC-B"])
    assert lacks(found) == [(LackKind.NOT_REGISTERED, K.PC, 1)]
    assert (status(found, P.DEVICES), found.stage) == (Status.CRITICAL, Stage.PLACE_DEVICES)
    assert found.readiness is Readiness.NOT_READY


@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: wanted.kind)
def test_a_kind_that_stands_in_no_line(wanted: Wanted) -> None:
    found = judged(without(wanted.kind))
    assert lacks(found) == [(LackKind.NOT_REGISTERED, wanted.kind, wanted.count)]
    assert [one.provider for one in found.lacks] == [wanted.provider]
    advised = wanted.kind in (K.CHIP_READER, K.UPS, K.RECEIPT_PRINTER)
    told_by_item = wanted.kind in (K.AIR_CONDITIONER, K.CABINET)
    worst = Status.WARNING if advised or told_by_item else Status.CRITICAL
    assert [one.status for one in found.points if one.lacks] == [worst]


@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: wanted.kind)
def test_a_damaged_device(wanted: Wanted) -> None:
    advised = wanted.kind in (K.CHIP_READER, K.UPS, K.RECEIPT_PRINTER)
    for condition, lack, worst in (
        (Condition.LIGHT_DAMAGE, LackKind.LIGHT_DAMAGE, Status.WARNING),
        (Condition.HEAVY_DAMAGE, LackKind.HEAVY_DAMAGE, Status.WARNING if advised else Status.CRITICAL),
    ):
        found = judged(damaged(wanted.kind, condition))
        assert lacks(found) == [(lack, wanted.kind, 1)]
        assert [one.status for one in found.points if one.lacks] == [worst]


def test_a_damaged_device_beyond_the_need_is_no_lack() -> None:
    spare = [
        device(K.PC, serial="PC-C", condition=Condition.HEAVY_DAMAGE),
        device(K.PC, serial="PC-D", condition=Condition.LIGHT_DAMAGE),
    ]
    assert judged([*spare, *FULL]).readiness is Readiness.READY


def test_a_lightly_damaged_device_stands_in_before_a_heavily_damaged_one() -> None:
    two = [
        device(K.PC, serial="1", condition=Condition.HEAVY_DAMAGE),
        device(K.PC, serial="2", condition=Condition.LIGHT_DAMAGE),
        device(K.PC, serial="3", condition=Condition.LIGHT_DAMAGE),
    ]
    found = judged([*two, *without(K.PC)])
    assert lacks(found) == [(LackKind.LIGHT_DAMAGE, K.PC, 2)]
    assert found.readiness is Readiness.READY_WITH_WARNINGS


def test_what_is_damaged_and_what_is_missing_are_told_apart() -> None:
    found = judged([device(K.PC, condition=Condition.HEAVY_DAMAGE), *without(K.PC)])
    assert lacks(found) == [(LackKind.HEAVY_DAMAGE, K.PC, 1), (LackKind.NOT_REGISTERED, K.PC, 1)]


def test_pieces_of_one_line_count() -> None:
    both = device(K.AIR_CONDITIONER, serial="", count=2, condition=Condition.HEAVY_DAMAGE)
    assert lacks(judged([both, *without(K.AIR_CONDITIONER)])) == [
        (LackKind.HEAVY_DAMAGE, K.AIR_CONDITIONER, 1)
    ]


@given(
    st.lists(
        st.builds(device, st.sampled_from(DeviceKind), condition=st.sampled_from(Condition)), max_size=12
    )
)
def test_what_lacks_of_a_kind_is_never_more_than_is_wanted(register: list[PlacedDevice]) -> None:
    found = judged(register)
    for wanted in WANTED:
        good = sum(one.kind is wanted.kind and one.condition is Condition.GOOD for one in register)
        told = sum(lack.count for lack in found.lacks if lack.device is wanted.kind)
        assert told == max(0, wanted.count - good)


# ---------------------------------------------------------------- power and application


def test_the_supply_beside_the_labels() -> None:
    small = judged(fit=Fit.TOO_SMALL, unread=True)
    assert status(small, P.POWER) is Status.WARNING
    assert [(one.kind, one.provider) for one in small.lacks] == [
        (LackKind.SUPPLY_TOO_SMALL, Provider.MUNICIPALITY),
        (LackKind.LABELS_UNREAD, Provider.DINAS),
    ]
    for fit in (Fit.ENOUGH, Fit.NO_RESERVE, Fit.UNKNOWN):
        assert judged(fit=fit).lacks == ()


def test_a_training_office_is_never_ready() -> None:
    found = judged(application=Application("1.2.3", date(2026, 3, 2), training=True))
    assert (status(found, P.APPLICATION), found.readiness) == (Status.UNKNOWN, Readiness.NOT_MEASURED)
    assert (found.stage, lacks(found)) == (Stage.INSTALL, [(LackKind.TRAINING_ONLY, None, 0)])


def test_a_program_that_opened_no_day_yet() -> None:
    found = judged(application=Application("1.2.3", None, training=False))
    assert (status(found, P.APPLICATION), found.readiness) == (Status.UNKNOWN, Readiness.NOT_MEASURED)
    assert (found.stage, lacks(found)) == (Stage.INSTALL, [(LackKind.NOT_USED_YET, None, 0)])


# ---------------------------------------------------------------- the word and the stage


def test_the_word_is_that_of_the_worst_point() -> None:
    assert judged(items={ItemId.AREA: Status.WARNING}).readiness is Readiness.READY_WITH_WARNINGS
    assert (
        judged(items={ItemId.AREA: Status.WARNING, ItemId.SIAK: Status.UNKNOWN}).readiness
        is Readiness.NOT_MEASURED
    )
    assert (
        judged(items={ItemId.SIAK: Status.UNKNOWN, ItemId.BANDWIDTH: Status.CRITICAL}).readiness
        is Readiness.NOT_READY
    )


def test_what_was_waived_is_not_met() -> None:
    found = judged(items={ItemId.CABINET_LOCKED: Status.WAIVED})
    assert status(found, P.CABINET) is Status.WAIVED
    assert found.readiness is Readiness.NOT_READY
    assert (found.stage, lacks(found)) == (Stage.PREPARE_ROOM, [(LackKind.ITEM, ItemId.CABINET_LOCKED, 0)])


def test_the_stages_in_their_order() -> None:
    unused = Application("1.2.3", None, training=False)
    steps = [
        judged([], application=unused, items={ItemId.NETWORK_24_7: Status.CRITICAL}).stage,
        judged([], application=unused).stage,
        judged(application=unused).stage,
        judged().stage,
    ]
    assert steps == list(Stage)


@given(st.fixed_dictionaries({item: st.sampled_from(Status) for item in TOLD_BY_ITEMS}), st.booleans())
def test_who_is_ready_serves_and_who_serves_is_ready(told: dict[ItemId, Status], placed: bool) -> None:
    found = judged(FULL if placed else [], items=told)
    ready = found.readiness in (Readiness.READY, Readiness.READY_WITH_WARNINGS)
    assert ready == (found.stage is Stage.IN_SERVICE)
