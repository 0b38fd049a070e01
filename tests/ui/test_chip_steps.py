"""Writing a chip on the screen: steps with bytes, a way out while it is safe, words when the reader stays silent."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ktpel_desktop.core.chip_load import ChipLoad, Fault, Finding
from ktpel_desktop.core.errors import UserCancelled
from ktpel_desktop.core.issuance import ChipProbe, JobState
from ktpel_desktop.core.ports import Answer, Progress, Stage, Step
from ktpel_desktop.devices.simulator.chip import SimulatedChip
from ktpel_desktop.services.handing_over import ChipCheck
from ktpel_desktop.training.people import OPERATOR
from ktpel_desktop.ui import words
from ktpel_desktop.ui.pages.issuance import IssuancePage
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.widgets.device_work import DeviceWork
from tests.ui.conftest import Trainee

WRITING = Step(Stage.WRITE, 0.25, "foto", 2304, 6120)
SAFE = Step(Stage.AUTHENTICATE, 0.02, may_stop=True)


def at_the_reader(trainee: Trainee) -> IssuancePage:
    request_id = trainee.verified()
    trainee.log_in(OPERATOR)
    trainee.window.go("issue", request_id=request_id)
    trainee.idle()
    trainee.enter()
    page = trainee.window.page
    assert isinstance(page, IssuancePage)
    assert page.state is JobState.RESERVED
    return page


def lane_first(trainee: Trainee, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lane has done its work before the page hears that it was given: the order in which a stop can be missed."""
    runner = trainee.window.place.runner
    run = runner.run

    def slow(lane: Lane, *arguments: Any, **named: Any) -> None:
        run(lane, *arguments, **named)
        while lane is Lane.DEVICE and runner.busy(lane):
            pass

    monkeypatch.setattr(runner, "run", slow)


def test_a_step_is_told_with_its_bytes() -> None:
    assert words.chip_step(WRITING) == "Menulis foto, 2.304 dari 6.120 bita."
    assert words.chip_step(SAFE) == "Membuka saluran aman."


def test_what_the_check_reader_found_is_told() -> None:
    assert words.chip_check(ChipCheck(Answer.YES))[0] == "Chip menjawab, isinya benar"
    bad = ChipCheck(Answer.NO, (Finding(Fault.FILE_DIFFERS, "foto"), Finding(Fault.UNLOCKED)))
    mute = words.chip_check(ChipCheck(Answer.NO))
    assert mute[0] == "Chip tidak menjawab"
    assert "uji lagi" in mute[1]
    title, text = words.chip_check(bad)
    assert title == "Isi chip salah"
    assert text == (
        "Foto: tidak sama dengan yang ditandatangani SIAK; chip belum dikunci. Kartu ini tidak diserahkan."
    )


def test_the_way_out_is_there_while_it_is_safe_and_gone_afterwards(qtbot: QtBot) -> None:
    work = DeviceWork()
    qtbot.addWidget(work)
    work.begin(measured=True, watched=True)
    work.show_step(SAFE)
    assert work.stop.isVisible()
    work.show_step(WRITING)
    assert not work.stop.isVisible()
    assert work.bar.value() == 25


def test_who_asked_to_stop_is_heard_at_the_next_safe_step_only(qtbot: QtBot) -> None:
    work = DeviceWork()
    qtbot.addWidget(work)
    work.begin(measured=True, watched=True)
    told: list[Step] = []
    lane = work.until_stopped(told.append)
    lane(SAFE)
    work.show_step(SAFE)
    work.stop.click()
    lane(WRITING)
    with pytest.raises(UserCancelled):
        lane(SAFE)
    assert told == [SAFE, WRITING, SAFE]
    assert not work.stop.isVisible()


def test_a_new_begin_forgets_the_last_stop(qtbot: QtBot) -> None:
    work = DeviceWork()
    qtbot.addWidget(work)
    work.begin(measured=True, watched=True)
    work.show_step(SAFE)
    work.stop.click()
    work.begin(measured=True, watched=True)
    work.until_stopped(lambda step: None)(SAFE)


def test_silence_is_told_and_every_step_puts_it_off(qtbot: QtBot) -> None:
    work = DeviceWork()
    qtbot.addWidget(work)
    work._patience.setInterval(40)
    work.begin(measured=True, watched=True)
    with qtbot.waitSignal(work.silent, timeout=2000):
        pass
    work.end()
    with qtbot.assertNotEmitted(work.silent, wait=120):
        work.begin(measured=False, watched=False)


def test_a_reader_that_hangs_leaves_the_window_alive_and_is_told(
    trainee: Trainee, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = at_the_reader(trainee)
    release, hanging = Event(), Event()
    write = SimulatedChip.write

    def hang(chip: SimulatedChip, serial: str, load: ChipLoad, progress: Progress) -> ChipProbe:
        hanging.set()
        assert release.wait(20)
        return write(chip, serial, load, progress)

    monkeypatch.setattr(SimulatedChip, "write", hang)
    page.work._patience.setInterval(50)
    try:
        page.encode()
        trainee.qtbot.waitUntil(hanging.is_set, timeout=5000)
        trainee.qtbot.waitUntil(lambda: "tidak menjawab" in trainee.message(), timeout=5000)
        assert page.working
    finally:
        release.set()
    trainee.idle()
    assert page.state is JobState.ENCODED


def test_stopping_at_the_screen_keeps_the_blank(trainee: Trainee, monkeypatch: pytest.MonkeyPatch) -> None:
    page = at_the_reader(trainee)
    at_safe_step, go_on = Event(), Event()
    write = SimulatedChip.write

    def wait_at_safe_step(chip: SimulatedChip, serial: str, load: ChipLoad, progress: Progress) -> ChipProbe:
        progress(SAFE)
        at_safe_step.set()
        assert go_on.wait(20)
        return write(chip, serial, load, progress)

    monkeypatch.setattr(SimulatedChip, "write", wait_at_safe_step)
    page.encode()
    trainee.qtbot.waitUntil(lambda: at_safe_step.is_set() and page.work.stop.isVisible(), timeout=5000)
    page.work.stop.click()
    go_on.set()
    trainee.idle()
    trainee.qtbot.waitUntil(lambda: not page.working, timeout=5000)
    trainee.idle()
    assert page.state is JobState.RESERVED
    assert trainee.message() == ""
    monkeypatch.setattr(SimulatedChip, "write", write)
    lane_first(trainee, monkeypatch)
    page.encode()
    trainee.qtbot.waitUntil(lambda: page.state is JobState.ENCODED, timeout=5000)
