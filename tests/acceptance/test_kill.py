"""The real program, killed by SIGKILL at every step boundary and at random moments, then started again."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from random import Random

import pytest

from tests.acceptance import kill_child, morning

pytestmark = [pytest.mark.real, pytest.mark.timeout(300)]
SHARES = 4
RANDOM_KILLS = 16
PATIENCE = 60.0


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("pagi") / "kantor"
    return folder, morning.make(folder)


def run_until_it_ends(folder: Path, request_id: str, boundary: int = 0) -> tuple[int | None, int]:
    """Exit code, and how many boundaries were passed (0 where it died)."""
    child, told = kill_child.start(folder, request_id, boundary)
    child.join(PATIENCE)
    heard = []
    while told.poll():
        try:
            heard.append(told.recv())
        except EOFError:
            break
    return child.exitcode, heard[-1] if heard and heard[-1] != "begun" else 0


def go_on_and_check(folder: Path, request_id: str) -> None:
    code, _ = run_until_it_ends(folder, request_id)
    assert code == 0
    morning.assert_accounted(folder, request_id)


@pytest.mark.parametrize("share", range(SHARES))
def test_killed_at_every_step_boundary(share: int, template: tuple[Path, str], tmp_path: Path) -> None:
    source, request_id = template
    code, boundaries = run_until_it_ends(morning.copy(source, tmp_path / "utuh"), request_id)
    assert code == 0
    assert boundaries > 30
    for boundary in range(1 + share, boundaries + 1, SHARES):
        folder = morning.copy(source, tmp_path / "mati")
        code, _ = run_until_it_ends(folder, request_id, boundary)
        assert code == -signal.SIGKILL, f"boundary {boundary} was not reached"
        go_on_and_check(folder, request_id)


@pytest.mark.parametrize("number", range(RANDOM_KILLS))
def test_killed_at_a_random_moment(number: int, template: tuple[Path, str], tmp_path: Path) -> None:
    source, request_id = template
    folder = morning.copy(source, tmp_path / "mati")
    child, told = kill_child.start(folder, request_id)
    assert told.recv() == "begun"
    time.sleep(Random(number).uniform(0.0, 0.3))
    child.kill()
    child.join(PATIENCE)
    go_on_and_check(folder, request_id)
