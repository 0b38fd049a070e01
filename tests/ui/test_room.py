"""The room check at the window, by keys: everything at once, one item again, what is typed, how it went."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QApplication

from ktpel_desktop import room_words
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ITEM, ITEMS, ItemId, Kind
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.core.thermometer import AirSensor
from ktpel_desktop.services import preflight
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.pages.room import RoomPage
from ktpel_desktop.ui.pages.room_questions import end_of
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.widgets.plot import Curve, Plot
from ktpel_desktop.ui.widgets.room_detail import MONTH
from ktpel_desktop.ui.widgets.ticks import Choice
from tests.services.office import BUDI, JOKO, Gauge
from tests.ui.conftest import Hands, K

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


def at_room(hands: Hands) -> RoomPage:
    hands.window.welcome(BUDI)
    hands.window.go("room")
    hands.idle()
    page = hands.window.page
    assert isinstance(page, RoomPage)
    return page


def choose(page: RoomPage, item: ItemId) -> RoomCheck:
    rows: list[RoomCheck] = page.table.rows.rows
    place = next(place for place, check in enumerate(rows) if check.item is item)
    page.table.selectRow(place)
    return rows[place]


def test_every_item_comes_into_its_row_and_the_verdict_is_a_sentence(hands: Hands) -> None:
    page = at_room(hands)
    hands.key(K.Key_F2)
    hands.idle()
    assert not page.progress.isVisible()
    assert page.progress.value() == len(ITEMS)
    assert [check.item for check in page.table.rows.rows] == [item.id for item in ITEMS]
    found = preflight.verdict(hands.world.desk, BUDI)
    assert page.verdict.text() == room_words.sentence_of(found)
    assert {check.method for check in found.checks if check.item is ItemId.BLANKS} == {"asked"}


def test_results_are_seen_before_the_last_one_has_come(hands: Hands) -> None:
    page = at_room(hands)
    check = choose(page, ItemId.DISK)
    page._awaited = frozenset({ItemId.DISK, ItemId.BANDWIDTH})
    page._told([check])
    disk, line = (choose(page, item) for item in (ItemId.DISK, ItemId.BANDWIDTH))
    assert page._state(disk) == room_words.status_of(disk)
    assert page._state(line) == "sedang diperiksa …"


def test_one_item_is_looked_at_alone(hands: Hands) -> None:
    def looks() -> dict[ItemId, int]:
        return {item: len(preflight.history(hands.world.desk, BUDI, item)) for item in ItemId}

    page, before = at_room(hands), looks()
    choose(page, ItemId.BLANKS)
    hands.key(K.Key_F6)
    hands.idle()
    assert {item: count - before[item] for item, count in looks().items() if count != before[item]} == {
        ItemId.BLANKS: 1
    }


def test_devices_are_asked_behind_the_card_in_work(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    page = at_room(hands)
    lanes: list[Lane] = []
    run = page.place.runner.run

    def seen(lane: Lane, *arguments: object, **named: object) -> None:
        lanes.append(lane)
        run(lane, *arguments, **named)  # type: ignore[call-overload]

    choose(page, ItemId.CARD_PRINTER)
    hands.idle()
    monkeypatch.setattr(page.place.runner, "run", seen)
    hands.key(K.Key_F6)
    hands.idle()
    assert Lane.DEVICE in lanes
    assert Lane.ROOM not in lanes


def test_the_supply_is_asked_in_volt_amperes_and_told_in_watts(hands: Hands) -> None:
    page = at_room(hands)
    choose(page, ItemId.POWER_CAPACITY)
    hands.key(K.Key_F3)
    hands.dialog()
    hands.type("3500")
    for answer in ("16", "", "rekening PLN"):
        hands.key(K.Key_Tab)
        hands.type(answer)
    hands.enter()
    check = choose(page, ItemId.POWER_CAPACITY)
    assert (check.status, check.value, check.document) == (Status.WARNING, 2975, "rekening PLN")
    assert "bukan 3.500 watt" in page.detail.advice.text()


def test_a_declaration_has_its_document_and_its_end(hands: Hands) -> None:
    page = at_room(hands)
    choose(page, ItemId.POWER_DEDICATED)
    hands.key(K.Key_F3)
    hands.dialog()
    hands.key(K.Key_Space)
    for answer in ("MCB ruang 3", "BA 7/2026", "31/12/2027"):
        hands.key(K.Key_Tab)
        hands.type(answer)
    hands.enter()
    check = choose(page, ItemId.POWER_DEDICATED)
    assert (check.document, check.text) == ("BA 7/2026", "MCB ruang 3"), hands.message()
    assert "Berlaku sampai: 31/12/2027" in page.detail.facts.text()


def test_what_the_program_asks_itself_cannot_be_typed(hands: Hands) -> None:
    page = at_room(hands)
    for item in ITEMS:
        choose(page, item.id)
        assert page.type_button.isEnabled() is (item.kind is not Kind.ASKED)
    choose(page, ItemId.DISK)
    hands.key(K.Key_Return)
    hands.idle()
    assert QApplication.activeModalWidget() is None


def test_the_history_is_drawn_with_the_band_of_the_instruction(hands: Hands) -> None:
    for celsius in (22.0, 26.5, 23.0):
        preflight.attest(hands.world.desk, BUDI, "temperature", celsius, "termometer dinding")
        hands.world.clock.advance(30)
    page = at_room(hands)
    choose(page, ItemId.TEMPERATURE)
    hands.idle()
    said = page.detail.plot.accessibleDescription()
    assert said == "3 nilai, 22 sampai 26,5 °C, terakhir 23; 1 di luar batas."
    hands.world.clock.advance(60 * 48)
    page.refresh()
    hands.idle()
    assert page.detail.plot.accessibleDescription() == "Belum ada nilai dalam rentang ini."
    page.detail.spans.findChildren(Choice)[-1].click()
    hands.idle()
    assert page.detail.span == MONTH
    assert page.detail.plot.accessibleDescription().startswith("3 nilai")


def test_who_only_looks_on_can_look_only(hands: Hands) -> None:
    hands.window.welcome(JOKO)
    hands.window.go("room")
    hands.idle()
    page = hands.window.page
    assert isinstance(page, RoomPage)
    assert not any(button.isVisible() for button in (page.again_button, page.type_button, page.waive_button))
    hands.key(K.Key_F2)
    hands.idle()
    assert not page.progress.isVisible()
    assert not page.table.rows.rows[0].by


# ---------------------------------------------------------------- pieces


@pytest.mark.parametrize(
    ("text", "day"),
    [("31/12/2026", 31), ("1-2-2027", 1), ("32/1/2026", None), ("besok", None), ("", None)],
)
def test_days_are_read_as_people_write_them(text: str, day: int | None) -> None:
    found = end_of(text, UTC)
    assert (found.day if found else None) == day
    assert found is None or (found.hour, found.minute) == (23, 59)


@pytest.mark.parametrize("series", [[], [20.0], [19.0, 26.0, 24.0] * 60])
def test_a_plot_is_drawn_whatever_there_is(application: QApplication, series: list[float]) -> None:
    plot = Plot(words.number, words.clock)
    values = [(NOW + timedelta(minutes=place), value) for place, value in enumerate(series)]
    item = ITEM[ItemId.TEMPERATURE]
    assert item.band is not None
    plot.show_curve(Curve(values, NOW, NOW + timedelta(days=1), item.band, "°C", timedelta(minutes=30)))
    plot.resize(360, 190)
    image = plot.grab().toImage()
    inks = {image.pixelColor(x, y).name() for x in range(360) for y in range(190)}
    assert (theme.colours().accent in inks) is bool(series)  # the curve
    assert (theme.colours().ok_soft in inks) is bool(series)  # the band


def test_values_far_apart_are_not_joined() -> None:
    values = [(NOW, 20.0), (NOW + timedelta(minutes=10), 21.0), (NOW + timedelta(hours=3), 22.0)]
    curve = Curve(values, NOW, NOW + timedelta(days=1), (20, 25), "°C", timedelta(minutes=30))
    assert [len(stretch) for stretch in Plot._stretches(curve)] == [2, 1]


def test_the_axis_holds_all_values_and_every_finite_limit() -> None:
    curve = Curve([(NOW, 8.0)], NOW, NOW + timedelta(days=1), (6.0, float("inf")), "Mbps", timedelta(hours=5))
    low, high = curve.span
    assert low < 6.0 < 8.0 < high < 20


def test_the_thermometer_is_compared_and_looked_at_again(hands: Hands) -> None:
    gauge = Gauge(24.6, "°C", air=AirSensor())
    hands.window.place.desk = replace(hands.world.desk, sensors={ItemId.TEMPERATURE: gauge})
    page = at_room(hands)
    assert not page.compare_button.isVisible()
    choose(page, ItemId.TEMPERATURE)
    hands.key(K.Key_F8)
    hands.dialog()
    hands.type("23,4")
    hands.key(K.Key_Tab)
    hands.type("Fluke 971")
    hands.enter()
    told = hands.window.place.messages.message
    assert told is not None
    assert told.text == "Koreksi -1,2 °C, acuan Fluke 971."
    check = choose(page, ItemId.TEMPERATURE)
    assert (check.value, check.status) == (23.4, Status.OK)


def test_without_an_instrument_there_is_nothing_to_compare(hands: Hands) -> None:
    hands.window.place.desk = replace(hands.world.desk, sensors={})
    page = at_room(hands)
    choose(page, ItemId.TEMPERATURE)
    assert not page.compare_button.isVisible()
