"""`periksa` as a monitoring system calls it, and `server-uji` as the Dinas starts it: processes of their own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop import bootstrap, room_commands
from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.roles import Action
from ktpel_desktop.core.room import judge
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status, judge_clock
from ktpel_desktop.devices.bandwidth.client import Target
from ktpel_desktop.devices.bandwidth.line_test import LineSensor
from ktpel_desktop.services import preflight
from ktpel_desktop.training import people
from tests.acceptance import program
from tests.devices.bandwidth.test_line_test import SHORT
from tests.documents.test_daily_report import pages

PERFORMANCE = re.compile(r"'[a-z0-9_]+'=-?[0-9.]+(s|%)?(;(~|-?[0-9.]+)?:?-?[0-9.]*){0,2}(;-?[0-9.]*){0,2}")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training office that has been opened once; each check changes little in it."""
    folder = tmp_path_factory.mktemp("periksa") / "kantor"
    with bootstrap.open_training(folder, pace=lambda _seconds: None) as made:
        people.settle_in(made.desk)
        people.open_the_day(made.desk)
    return folder


def check(office: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return program.run("--data", office, "periksa", *words, seconds=20)


def test_the_whole_room_in_one_line_and_a_line_for_each_item(office: Path) -> None:
    done = check(office)
    first, _office, *items = done.stdout.splitlines()
    assert done.returncode == 3, done.stderr  # nobody said where the extinguisher is, or which ribbon is in
    told, figures = first.split(" | ")
    assert told.startswith("KTPEL UNKNOWN - 25 butir: ")
    assert "Alat pemadam api, Pita dan film" in told
    found = figures.split(" ")
    assert all(PERFORMANCE.fullmatch(one) for one in found), found
    assert {"'suhu_celsius'", "'kecepatan_mbps'", "'jam'"} <= {one.partition("=")[0] for one in found}
    assert len(items) == len(ItemId)


def test_some_items_only_and_the_exit_code_is_theirs(office: Path) -> None:
    done = check(office, "--hanya", "bandwidth", "--hanya", "clock")
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("KTPEL OK - 2 butir, semuanya baik | ")
    assert len(done.stdout.splitlines()) == 4


def test_as_one_object(office: Path) -> None:
    done = check(office, "--json", "--hanya", "temperature", "--hanya", "fire_extinguisher")
    assert done.returncode == 3, done.stdout
    found = json.loads(done.stdout)
    assert set(found) == {"versi", "waktu", "kantor", "kesimpulan", "butir"}
    assert found["kesimpulan"] == "UNKNOWN"
    assert "(latihan)" in found["kantor"]
    extinguisher, temperature = found["butir"]
    assert (temperature["id"], temperature["status"], temperature["satuan"]) == ("temperature", "ok", "°C")
    assert 20 <= temperature["nilai"] <= 25
    assert (extinguisher["id"], extinguisher["nilai"], extinguisher["saran"]) == (
        "fire_extinguisher",
        None,
        "Belum diperiksa. Ukur atau isi butir ini.",
    )


def test_the_minutes_of_what_was_just_checked_are_left_in_a_file(office: Path, tmp_path: Path) -> None:
    paper = tmp_path / "ruangan.pdf"
    done = check(office, "--hanya", "disk", "--hanya", "temperature", "--berita-acara", str(paper))
    assert done.returncode == 0, done.stdout
    found = " ".join(pages(paper.read_bytes()))
    values = re.findall(r"^(.+?): baik \((.+?); batas", done.stdout, re.MULTILINE)
    assert [name for name, _ in values] == ["Suhu ruangan", "Ruang penyimpanan"]
    assert all(f"{name} {value} batas" in found for name, value in values), values
    assert "LATIHAN – bukan berita acara resmi" in found


def test_minutes_that_cannot_be_written_are_no_silent_ok(office: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "tidak-ada" / "ruangan.pdf"
    done = check(office, "--hanya", "disk", "--berita-acara", str(nowhere))
    assert done.returncode == 3
    assert done.stdout.startswith("KTPEL OK - 1 butir")
    assert "[file.not_written]" in done.stderr


def test_an_item_that_is_not_known_is_told(office: Path) -> None:
    done = check(office, "--hanya", "suhu")
    assert done.returncode == 3
    assert done.stdout.startswith("KTPEL UNKNOWN - Butir cek ruangan tidak dikenal")
    assert "suhu" in done.stdout
    assert "temperature" in done.stdout
    as_json = json.loads(check(office, "--json", "--hanya", "suhu").stdout)
    assert (as_json["kesimpulan"], as_json["butir"]) == ("UNKNOWN", [])
    assert "suhu" in as_json["galat"]


def test_an_office_that_is_open_elsewhere_is_unknown(office: Path) -> None:
    lock = bootstrap.claim_folder(office)
    try:
        done = check(office)
    finally:
        lock.release()
    assert done.returncode == 3
    assert "[folder.in_use]" in done.stdout


def test_broken_settings_are_unknown_and_no_warning(office: Path, tmp_path: Path) -> None:
    settings = tmp_path / "kantor.toml"
    settings.write_text('[jaringan]\nluar = "contoh.invalid"\n')
    done = program.run("--data", office, "--pengaturan", settings, "periksa")
    assert done.returncode == 3
    assert "jaringan.luar" in done.stdout


def test_a_server_that_does_not_answer_is_unknown_with_what_to_do(office: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = tmp_path / "kantor.toml"
    settings.write_text(f'[jaringan]\ncara = "sungguhan"\nserver_uji = ["127.0.0.1:{port}"]\n')
    done = program.run("--data", office, "--pengaturan", settings, "periksa", "--hanya", "bandwidth")
    assert done.returncode == 3
    assert "tidak diketahui" in done.stdout
    assert "[Sudin Kominfo]" in done.stdout


def test_a_waived_item_counts_ok_and_stays_waived(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with bootstrap.open_training(tmp_path, pace=lambda _seconds: None) as made:
        people.settle_in(made.desk)
        preflight.run(made.desk, people.OPERATOR, items=[ItemId.SUPPLIES])
        approval = people.leave(made.desk, Action.WAIVE_ROOM, ItemId.SUPPLIES)
        preflight.waive(made.desk, people.OPERATOR, ItemId.SUPPLIES, "pita baru dipesan", approval)
    for _ in range(2):
        assert room_commands.check_room(None, ["supplies"], as_json=False, folder=tmp_path) == 0
        told = capsys.readouterr().out
        assert told.startswith("KTPEL OK - 1 butir: 1 dikecualikan")
        assert "pita baru dipesan" in told


def test_a_bug_is_unknown_and_no_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "open_training", lambda *_, **__: 1 / 0)
    assert room_commands.check_room(None, [], as_json=False, folder=tmp_path) == 3
    told = capsys.readouterr()
    assert told.out.startswith("KTPEL UNKNOWN - ")
    assert "ZeroDivisionError" in told.err


# ------------------------------------------------------------ ranges


def alerts(value: float, text: str) -> bool:
    """The guidelines' ranges, without "@" and "~", which are not used here."""
    if not text:
        return False
    low, _, high = text.partition(":")
    return value < float(low) or (high != "" and value > float(high))


MEASURED = [
    item
    for item, how in room_commands.FIGURES.items()
    if item not in (ItemId.BLANKS, ItemId.SUPPLIES, ItemId.DISK)
]


@pytest.mark.parametrize("item", MEASURED)
@given(st.data())
def test_the_ranges_say_what_the_verdicts_say(item: ItemId, data: st.DataObject) -> None:
    how = room_commands.FIGURES[item]
    edges = [float(one) for text in (how.warn, how.critical) for one in text.split(":") if one]
    value = data.draw(
        st.floats(min(edges) - 3, max(edges) + 3)
        .map(lambda number: round(number, 2))
        .filter(lambda n: n not in edges)
    )
    verdict = judge_clock(value) if item is ItemId.CLOCK else judge(item, value, how.unit)
    if verdict.status is Status.UNKNOWN:
        return
    expected = (
        Status.CRITICAL
        if alerts(value, how.critical)
        else Status.WARNING
        if alerts(value, how.warn)
        else Status.OK
    )
    assert verdict.status is expected, value


@pytest.mark.parametrize(
    ("statuses", "word"),
    [
        ([], "UNKNOWN"),
        ([Status.OK, Status.WAIVED], "OK"),
        ([Status.OK, Status.UNKNOWN], "UNKNOWN"),
        ([Status.UNKNOWN, Status.WARNING], "WARNING"),
        ([Status.WARNING, Status.UNKNOWN, Status.CRITICAL, Status.OK], "CRITICAL"),
    ],
)
def test_the_worst_item_decides(statuses: list[Status], word: str) -> None:
    from ktpel_desktop.core.room import RoomCheck

    at = bootstrap.SystemClock().now()
    assert room_commands.conclusion(RoomCheck(ItemId.UPS, one, "", at) for one in statuses) == word


# ------------------------------------------------------------ the Dinas' end


@pytest.fixture
def serving() -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [*program.COMMAND, "server-uji", "--alamat", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            found = re.fullmatch(
                r"Peladen uji mendengarkan: 127\.0\.0\.1, port (\d+)\. .*\n", process.stdout.readline()
            )
            assert found
            yield process, int(found[1])
        finally:
            process.kill()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_server_answers_a_line_test_and_stops_in_order(
    serving: tuple[subprocess.Popen[str], int], how: signal.Signals
) -> None:
    process, port = serving
    assert LineSensor([Target("127.0.0.1", port)], plan=SHORT).run().mbps > 0
    process.send_signal(how)
    said, errors = process.communicate(timeout=20)
    assert (said, errors, process.returncode) == ("Peladen uji berhenti.\n", "", 0)
    with pytest.raises(DeviceError):
        LineSensor([Target("127.0.0.1", port)], plan=SHORT).run()


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = program.run(
            "server-uji", "--alamat", "127.0.0.1", "--port", taken.getsockname()[1], seconds=20
        )
    assert done.returncode == 2
    assert "[line.cannot_serve]" in done.stderr


def test_the_server_needs_neither_qt_nor_a_folder(tmp_path: Path) -> None:
    """As on a server of the Dinas: nothing of Qt is loaded, nothing is written at home."""
    ask = (
        "import sys, ktpel_desktop.room_commands, ktpel_desktop.devices.bandwidth.server;"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'sqlalchemy'))])"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, timeout=60, env=environment, check=True
    )
    assert (done.stdout.strip(), list(tmp_path.iterdir())) == ("[]", [])
