"""Each house rule fires where it must, says what to write instead, and leaves its exception alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUFF = str(Path(sys.executable).with_name("ruff"))


def house_rules_broken(source: str, filename: str) -> list[str]:
    command = [
        RUFF,
        "check",
        "--select",
        "TID251,S602",
        "--output-format",
        "json",
        "--stdin-filename",
        filename,
        "-",
    ]
    done = subprocess.run(command, cwd=ROOT, input=source, capture_output=True, text=True, check=False)
    return [finding["message"] for finding in json.loads(done.stdout)]


RULES = [
    ("import threading\nthreading.Thread(target=print)", "runner.run(lane"),
    ("from threading import Timer\nTimer(1, print)", "Clock port"),
    ("from concurrent.futures import ThreadPoolExecutor", "runner.run(lane"),
    ("import asyncio", "runner.run(lane"),
    ("import multiprocessing", "runner.run(lane"),
    ("from http.server import ThreadingHTTPServer", "siak/simulator/server.py"),
    ("from PySide6.QtCore import QThread", "ui/runner.py"),
    ("from PySide6.QtCore import QThreadPool", "ui/runner.py"),
    ("from PySide6.QtCore import QCoreApplication\nQCoreApplication.processEvents()", "Never re-enter"),
    ("from PySide6.QtWidgets import QApplication\nQApplication.processEvents()", "Never re-enter"),
    ("from datetime import UTC, datetime\ndatetime.now(UTC)", "Clock port"),
    ("import datetime\ndatetime.datetime.utcnow()", "Clock port"),
    ("from datetime import date\ndate.today()", "Clock port"),
    ("import time\ntime.time()", "Clock port"),
    ("import keyring", "Only bootstrap"),
    ("import os\nos.system('lp')", "subprocess.run(["),
    ("import subprocess\nsubprocess.run('lp ' + name, shell=True)", "shell=True"),
]


@pytest.mark.parametrize(("source", "instead"), RULES)
def test_a_house_rule_says_what_to_write_instead(source: str, instead: str) -> None:
    messages = house_rules_broken(source, "ktpel_desktop/services/intake.py")
    assert messages
    assert all(instead in message for message in messages)


@pytest.mark.parametrize(
    ("source", "filename"),
    [
        ("import threading\nthreading.Thread(target=print)", "ktpel_desktop/ui/runner.py"),
        ("import threading\nthreading.Thread(target=print)", "ktpel_desktop/store/postgres_feed.py"),
        ("from http.server import ThreadingHTTPServer", "ktpel_desktop/siak/simulator/server.py"),
        (
            "from datetime import UTC, datetime\ndatetime.now(UTC)",
            "ktpel_desktop/bootstrap/keyring_secrets.py",
        ),
        ("import keyring", "ktpel_desktop/bootstrap/keyring_secrets.py"),
    ],
)
def test_a_house_rule_leaves_its_exception_alone(source: str, filename: str) -> None:
    assert house_rules_broken(source, filename) == []
