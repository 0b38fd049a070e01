"""Every target is fuzzed for about a second, in a process of its own; `make fuzz` goes on for as long as is wanted."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.fuzz import __main__ as runner
from tests.fuzz.targets import PLANTED, TARGETS

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ATHERIS = next(
    asked
    for asked in map(Requirement, PROJECT["optional-dependencies"]["dev"])
    if asked.name.lower() == "atheris"
)
MISSING = importlib.util.find_spec("atheris") is None
WANTED = ATHERIS.marker is None or ATHERIS.marker.evaluate()

pytestmark = [
    pytest.mark.skipif(MISSING, reason=f"atheris is not installed; it is made where {ATHERIS.marker}")
]
if WANTED:  # then CI takes no skip for an answer
    pytestmark.append(pytest.mark.real)

COVERAGE = re.compile(r"^#(\d+)\s+(INITED|DONE)\s+cov: (\d+) ft: (\d+)", re.MULTILINE)


def fuzz(name: str, corpus: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.fuzz", name, "--corpus", str(corpus / name), *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=150,
    )


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_is_found_and_more_is_reached_than_by_the_seeds(name: str, tmp_path: Path) -> None:
    done = fuzz(name, tmp_path)
    assert done.returncode == 0, done.stderr[-6000:]
    told = {state: tuple(map(int, counts)) for *counts, state in _figures(done.stderr)}
    runs, edges, features = told["DONE"]
    assert runs >= TARGETS[name].runs
    assert edges >= told["INITED"][1] > 0
    assert features > told["INITED"][2]


def _figures(text: str) -> list[tuple[str, str, str, str]]:
    return [(runs, edges, features, state) for runs, state, edges, features in COVERAGE.findall(text)]


def test_a_planted_mistake_is_found_and_can_be_shown_again(tmp_path: Path) -> None:
    done = fuzz("planted", tmp_path)
    assert done.returncode != 0
    assert "RuntimeError: the planted mistake" in done.stderr + done.stdout
    (found,) = tmp_path.glob("planted-crash-*")
    assert found.read_bytes().startswith(b"\xfaKT")
    again = fuzz("planted", tmp_path, "--again", str(found))
    assert again.returncode != 0
    assert "RuntimeError: the planted mistake" in again.stderr
    for seed in PLANTED["planted"].seeds():
        PLANTED["planted"].run(seed)


def test_an_unknown_target_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        runner.main(["nothing", "--again", "unread"])
    assert "ber_tlv" in capsys.readouterr().err
