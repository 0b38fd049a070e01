"""What runs beside the pages: recovery at login, deliveries that never block, lamps, and what waits for whom."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ktpel_desktop.core.errors import Effect, GatewayError
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.outbox import Delivery
from ktpel_desktop.core.ports import Answer, Health, Reception
from ktpel_desktop.devices.simulator.cards import Place
from ktpel_desktop.services import issuing
from ktpel_desktop.ui.app import build_window
from ktpel_desktop.ui.chrome import LampStrip
from ktpel_desktop.ui.pages.interrupted import InterruptedPage
from ktpel_desktop.ui.pages.issuance import IssuancePage
from ktpel_desktop.ui.theme import Tone
from tests.services import office
from tests.services.office import BUDI, JOKO, RATNA, SARI, World
from tests.ui.conftest import Hands, K


def left_printing(world: World) -> str:
    """The power went while a card was in the printer; returns the job's id."""
    request = world.verified()
    job, order = issuing.reserve(world.desk, BUDI, request.id)
    world.bench.move(world.bench.take_blank().serial, Place.READER)
    encoded = issuing.encode(world.desk, BUDI, job.id, order, lambda _share: None)
    with world.desk.unit(BUDI) as unit:
        unit.jobs.move(encoded, JobState.PRINTING, printer_marker=world.bench.counter)
    return job.id


def state_of(world: World, job_id: str) -> JobState:
    with world.desk.unit(BUDI) as unit:
        return unit.jobs.get(job_id).state


def test_a_print_in_doubt_is_asked_about_at_the_next_login(hands: Hands) -> None:
    job_id = left_printing(hands.world)
    hands.login(BUDI)
    assert "terputus" in hands.message()
    assert state_of(hands.world, job_id) is JobState.PRINT_UNKNOWN
    assert hands.world.bench.counter == 0  # nothing was started
    assert hands.window.navigation.waiting("interrupted") == 1
    hands.window.go("interrupted")
    hands.idle()
    page = hands.window.page
    assert isinstance(page, InterruptedPage)
    chosen = page.table.current()
    assert chosen is not None
    assert chosen.job.id == job_id
    assert "jawab pertanyaan" in page.rule.text()
    hands.key(K.Key_Return)
    hands.idle()
    assert isinstance(hands.window.page, IssuancePage)
    hands.window.background.count()
    hands.idle()
    assert hands.window.navigation.waiting("interrupted") == 0  # it is being worked at


def test_who_may_not_issue_recovers_nothing(hands: Hands) -> None:
    job_id = left_printing(hands.world)
    for actor in (SARI, JOKO):
        hands.window.welcome(actor)
        hands.idle()
        assert not hands.message()
        assert state_of(hands.world, job_id) is JobState.PRINTING
        hands.window.log_out()
        hands.idle()


def test_a_card_in_the_machine_is_not_taken_for_one_in_doubt(hands: Hands) -> None:
    """Somebody else sits down at a locked PC while its printer still works."""
    from ktpel_desktop.ui.runner import Lane

    job_id = left_printing(hands.world)
    still = threading.Event()
    hands.window.place.runner.run(Lane.DEVICE, lambda: still.wait(5), owner=hands.window)
    hands.window.welcome(BUDI)
    hands.qtbot.wait(100)
    assert state_of(hands.world, job_id) is JobState.PRINTING
    still.set()
    hands.idle()
    assert state_of(hands.world, job_id) is JobState.PRINT_UNKNOWN


def test_the_question_is_not_put_again_when_a_locked_pc_is_opened(hands: Hands) -> None:
    left_printing(hands.world)
    hands.login(BUDI)
    hands.window.place.messages.clear()
    hands.window.lock()
    hands.window.welcome(BUDI)
    hands.idle()
    assert not hands.message()


class Line:
    """SIAK whose line can be held, cut, or given back."""

    def __init__(self, inner: object) -> None:
        self._inner = inner
        self.up, self.free = True, threading.Event()
        self.free.set()

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def deliver(self, delivery: Delivery) -> Reception:
        self.free.wait(10)
        if not self.up:
            raise GatewayError("siak.offline", Effect.NONE)
        answer: Reception = self._inner.deliver(delivery)  # type: ignore[attr-defined]
        return answer


def with_line(application: QApplication, world: World, qtbot: QtBot) -> tuple[Hands, Line]:
    line = Line(world.siak)
    desk = replace(world.desk, siak=line)  # type: ignore[arg-type]
    window = build_window(desk, network_period=3600, lock_after=3600)
    with qtbot.waitExposed(window):
        window.show()
    return Hands(window, qtbot, world), line


def end(hands: Hands) -> None:
    assert hands.window.place.runner.close(10)
    hands.window.place.actor = None
    hands.window.close()
    hands.window.deleteLater()


def test_deliveries_wait_in_the_strip_and_go_out_by_themselves(
    application: QApplication, world: World, qtbot: QtBot
) -> None:
    for _ in range(7):
        world.accepted(resident=office.nik(_))
    hands, line = with_line(application, world, qtbot)
    line.up = False
    hands.window.welcome(BUDI)
    hands.idle()
    strip = hands.window.lamps.waiting
    assert (strip.text(), strip.tone) == ("Kiriman: 7 menunggu SIAK", Tone.WARN)
    assert not hands.message()  # an outage is no error of who works here
    line.up = True
    world.clock.advance(30)
    hands.window.background.deliver()
    hands.idle()
    assert strip.tone is Tone.OK
    with world.desk.unit(BUDI) as unit:
        assert not unit.outbox.waiting()
    end(hands)


def test_a_slow_line_blocks_no_screen(application: QApplication, world: World, qtbot: QtBot) -> None:
    world.accepted()
    hands, line = with_line(application, world, qtbot)
    line.free.clear()
    hands.window.welcome(BUDI)
    hands.window.go("room")
    page = hands.window.page
    qtbot.waitUntil(lambda: bool(page.table.rows.rows), timeout=3000)  # type: ignore[union-attr]
    line.free.set()
    hands.idle()
    end(hands)


def test_who_may_send_nothing_sends_nothing(hands: Hands) -> None:
    hands.world.accepted()
    hands.window.welcome(SARI)
    hands.idle()
    assert hands.window.lamps.waiting.text() == "Kiriman: 1 menunggu SIAK"


def test_nothing_known_is_told_as_unknown(application: QApplication) -> None:
    strip = LampStrip()
    assert strip.waiting.tone is Tone.UNKNOWN
    strip.show_waiting(None)
    assert strip.waiting.text() == "Kiriman: tidak diketahui"
    strip.show_health("chip", Health(Answer.NO, ("chip.reader_gone",)))
    assert strip.lamps["chip"].toolTip() == "Pembaca chip tidak terhubung"


def test_a_narrow_strip_keeps_the_words_of_what_is_not_well(application: QApplication) -> None:
    strip = LampStrip()
    for name in strip.lamps:
        strip.show_health(name, Health(Answer.YES))
    strip.show_health("chip", Health(Answer.UNKNOWN))
    strip.resize(2000, 34)
    strip.show()
    assert strip.lamps["siak"].text() == "SIAK: siap"
    strip.resize(760, 34)
    assert strip.lamps["siak"].text() == "SIAK"
    assert strip.lamps["siak"].accessibleName() == "SIAK: siap"
    assert "tidak diketahui" in strip.lamps["chip"].text()
    strip.deleteLater()


def test_closed_days_wait_for_the_penyelia(make_window: Callable[..., Hands]) -> None:
    from ktpel_desktop.core.stock import PhysicalCount
    from ktpel_desktop.services import shifts

    hands = make_window()
    left = 20
    shifts.close(hands.world.desk, BUDI, PhysicalCount(left, left, left), second_counter=SARI.username)
    hands.window.welcome(RATNA)
    hands.idle()
    assert hands.window.navigation.waiting("reports") == 1
    hands.window.log_out()
    hands.idle()
    hands.window.welcome(BUDI)
    hands.idle()
    assert hands.window.navigation.waiting("reports") == 0
