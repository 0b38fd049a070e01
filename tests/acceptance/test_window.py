"""The real window on a real screen, worked by key events of the X server, and judged by the database alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ktpel_desktop.bootstrap import claim_folder
from ktpel_desktop.training import people
from tests.acceptance.program import run
from tests.acceptance.screen import PATIENCE, Program, program, until

pytestmark = [pytest.mark.real, pytest.mark.timeout(300), pytest.mark.xdist_group("screen")]
OPERATOR, PENYELIA = people.OPERATOR.username, people.PENYELIA.username
NEW, VERIFIED = "A-001", "A-002"
"""Of the sample requests: one that waits for verification, the next in the queue is verified."""


@pytest.fixture
def window(display: str, tmp_path: Path) -> Iterator[Program]:
    with program(display, tmp_path / "latihan") as found:
        yield found


def jobs(window: Program) -> list[Any]:
    return window.query("SELECT state, write_attempts, printer_marker FROM job ORDER BY created_at")


def state(window: Program) -> str:
    """The state of the only job, "" without one."""
    (job,) = jobs(window) or [("",)]
    return str(job[0])


def moves(window: Program, number: str) -> list[str]:
    """Every move of the request's jobs, as the journal tells it."""
    told = window.query(
        "SELECT event.kind FROM event JOIN request ON subject = id"
        " WHERE number = ? AND event.kind LIKE 'job.%' ORDER BY seq",
        number,
    )
    return [row[0].removeprefix("job.") for row in told]


def request_state(window: Program, number: str) -> str:
    return str(window.query("SELECT state FROM request WHERE number = ?", number)[0][0])


def enter_until(window: Program, *wanted: str) -> None:
    """Enter, the main button of every page, until the job is so far; it may be further already."""
    window.keys_until("Return", lambda: state(window) in wanted, f"the job is {wanted[0]}")
    window.still()


def claim_until(window: Program, number: str) -> str:
    """When the operator's claim ends; a claim taken again ends later."""
    ((until_when,),) = window.query("SELECT claim_until FROM request WHERE number = ?", number)
    return until_when or ""


def open_from_queue(window: Program, number: str) -> None:
    """Claim the chosen request and open its page."""
    before = claim_until(window, number)
    window.keys_until("F2", lambda: claim_until(window, number) != before, f"{number} is claimed")
    window.still()


def print_verified(window: Program) -> None:
    """As far as the printer's work."""
    window.keys("Down")
    window.still()
    open_from_queue(window, VERIFIED)
    enter_until(window, "RESERVED", "ENCODED")
    enter_until(window, "ENCODED")
    window.keys_until("Return", lambda: state(window) == "PRINTING", "the printer works")


def finish(window: Program) -> None:
    enter_until(window, "PRINTED")
    enter_until(window, "REPORTING", "ISSUED")
    until(lambda: state(window) == "ISSUED", "SIAK knows of the card")


def card_of(folder: Path) -> dict[str, Any]:
    """The only card that was ever taken from the tray, as it lies on the bench now."""
    cards: dict[str, Any] = {}
    for line in (folder / "meja.jsonl").read_text().splitlines():
        cards |= {card["serial"]: card for card in json.loads(line).get("cards", ())}
    (card,) = cards.values()
    found: dict[str, Any] = card
    return found


def test_a_card_is_verified_and_issued_by_keyboard_alone(window: Program) -> None:
    assert not jobs(window)
    window.log_in(OPERATOR)
    open_from_queue(window, NEW)
    window.keys("Return")
    window.still()

    def verified() -> bool:
        """One more answer by Space and Enter; the focus stands where the next one is wanted."""
        if request_state(window, NEW) != "VERIFIED":
            for key in ("space", "Return"):
                window.keys(key)
                window.still()
        return request_state(window, NEW) == "VERIFIED"

    until(verified, "the request is verified")
    enter_until(window, "RESERVED", "ENCODED", "PRINTING", "PRINTED")
    enter_until(window, "ENCODED", "PRINTING", "PRINTED")
    finish(window)

    assert request_state(window, NEW) == "PRODUCED"
    assert [row[0] for row in jobs(window)] == ["ISSUED"]
    every_step = ["RESERVED", "ENCODING", "ENCODED", "PRINTING", "PRINTED", "REPORTING", "ISSUED"]
    assert moves(window, NEW) == every_step
    card = card_of(window.folder)
    assert (card["face"], card["prints"], card["locked"]) == ("full", 1, True)
    done = run("--latihan", "--data", window.folder, display="offscreen")
    assert (done.returncode, "[folder.in_use]" in done.stderr) == (2, True), done.stderr


def test_killed_while_printing_it_asks_what_came_out_and_prints_nothing_by_itself(
    window: Program, display: str
) -> None:
    window.log_in(OPERATOR)
    print_verified(window)
    window.process.kill()
    window.process.wait(PATIENCE)
    assert state(window) == "PRINTING"
    assert card_of(window.folder)["prints"] == 0

    with program(display, window.folder) as again:
        again.log_in(OPERATOR)
        until(lambda: state(again) == "PRINT_UNKNOWN", "what the kill left is known to be in doubt")
        again.keys("alt+2")  # Pekerjaan terputus
        again.still()
        again.keys_until("Return", lambda: len(again.windows()) == 2, "the program asks what came out")
        assert card_of(window.folder)["prints"] == 0  # so far nothing was printed again
        again.still()
        again.keys("alt+t")  # Tidak ada yang tercetak
        again.still()
        before = again.windows()
        again.keys_until("Return", lambda: again.windows() != before, "a second person is asked for")
        again.still()
        again.type(PENYELIA)
        again.keys("Tab")
        again.type(people.PASSWORD)
        enter_until(again, "ENCODED", "PRINTING", "PRINTED")
        finish(again)
        told = moves(again, VERIFIED)
        assert told.count("PRINT_UNKNOWN") == 1
        assert told[-3:] == ["PRINTED", "REPORTING", "ISSUED"]
        approver = again.query("SELECT data, approver FROM event WHERE kind = 'job.ENCODED' ORDER BY seq")[
            -1
        ][1]
        assert approver == PENYELIA
    assert card_of(window.folder)["prints"] == 1


def test_asked_to_end_it_finishes_the_card_in_the_printer_and_lets_the_folder_go(window: Program) -> None:
    window.log_in(OPERATOR)
    print_verified(window)
    assert window.close() == 0
    assert "Traceback" not in window.told()
    assert moves(window, VERIFIED)[-1] == "PRINTED"
    assert card_of(window.folder)["face"] == "full"
    with claim_folder(window.folder):
        pass
