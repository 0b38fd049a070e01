"""`laporan` and `periksa-rantai` as a timer calls them: processes of their own over an office that worked a day."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from ktpel_desktop import bootstrap, report_commands
from ktpel_desktop.bootstrap import DATABASE
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.training import people
from tests.acceptance import program


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training office in the middle of a morning."""
    folder = tmp_path_factory.mktemp("laporan") / "kantor"
    with bootstrap.open_training(folder, pace=lambda _seconds: None) as made:
        people.begin(made)
    return folder


@pytest.fixture
def office(worked: Path, tmp_path: Path) -> Path:
    """A copy, to be written into."""
    return Path(shutil.copytree(worked, tmp_path / "kantor"))


def events(office: Path, kind: str) -> list[tuple[str, dict[str, object]]]:
    with closing(sqlite3.connect(office / DATABASE)) as database:
        found = database.execute("SELECT subject, data FROM event WHERE kind = ?", (kind,)).fetchall()
    return [(subject, json.loads(data)) for subject, data in found]


def today(office: Path) -> str:
    with closing(sqlite3.connect(office / DATABASE)) as database:
        row = database.execute("SELECT strftime('%Y-%m-%d', opened_at, '+7 hours') FROM shift").fetchone()
    return str(row[0])


def written(office: Path, file: Path, *more: str) -> int:
    form = file.suffix[1:]
    return program.run(
        *("--data", office, "laporan", "--tanggal", today(office)),
        *("--bentuk", form, "--keluaran", file, *more),
    ).returncode


@pytest.mark.parametrize(
    ("name", "begins"), [("a.pdf", b"%PDF-"), ("a.xlsx", b"PK"), ("a.csv", b"\xef\xbb\xbf"), ("a.json", b"{")]
)
def test_a_report_in_every_form(office: Path, tmp_path: Path, name: str, begins: bytes) -> None:
    file = tmp_path / name
    assert written(office, file, "--alasan", "laporan ke Sudin") == 0
    assert file.read_bytes().startswith(begins)
    ((subject, said),) = events(office, "report.exported")
    assert subject == f"{today(office)}..{today(office)}"
    assert (said["form"], said["reason"]) == (name[2:], "laporan ke Sudin")
    assert list(tmp_path.glob(".*")) == []


def test_a_report_replaces_an_older_one_and_says_that_no_reason_was_given(
    office: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.json"
    file.write_text("lama")
    assert written(office, file) == 0
    assert json.loads(file.read_text("utf-8"))["skema"] == "periode/1"
    assert events(office, "report.exported")[0][1]["reason"] == report_commands.NO_REASON


def test_a_place_that_refuses_journals_nothing(office: Path, tmp_path: Path) -> None:
    done = program.run(
        *("--data", office, "laporan", "--tanggal", today(office), "--bentuk", "csv"),
        *("--keluaran", tmp_path / "tiada" / "a.csv"),
    )
    assert done.returncode == 2
    assert "file.not_written" in done.stderr
    assert events(office, "report.exported") == []


def test_a_period_without_work_writes_nothing(office: Path, tmp_path: Path) -> None:
    done = program.run(
        *("--data", office, "laporan", "--tanggal", "1/1/2020", "--sampai", "2020-01-31"),
        *("--bentuk", "csv", "--keluaran", tmp_path / "a.csv"),
    )
    assert done.returncode == 2
    assert "report.span_empty" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kantor"]


@pytest.mark.parametrize("typed", ["2026-11-23", "23/11/2026", " 23/11/2026 "])
def test_days_are_typed_in_two_ways(typed: str) -> None:
    assert report_commands.day_of(typed) == date(2026, 11, 23)


@pytest.mark.parametrize("typed", ["", "11/23/2026", "2026-02-30", "kemarin", "23-11-26"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(PolicyError) as error:
        report_commands.day_of(typed)
    assert error.value.code == "report.date_unreadable"


# ---------------------------------------------------------------- the chain


def tampered(office: Path, change: str) -> None:
    with closing(sqlite3.connect(office / DATABASE)) as database:
        rules = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
        ).fetchall()
        for name, _sql in rules:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute(change)
        for _name, sql in rules:
            database.execute(sql)
        database.commit()


def test_an_intact_chain(office: Path) -> None:
    done = program.run("--data", office, "periksa-rantai", "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["utuh"], said["pertama_tidak_cocok"], said["galat"]) == (0, True, None, "")
    plain = program.run("--data", office, "periksa-rantai")
    assert plain.returncode == 0
    assert said["sidik"] in plain.stdout


def test_a_changed_event_is_named(office: Path, tmp_path: Path) -> None:
    tampered(office, "UPDATE event SET actor = 'orang lain' WHERE seq = 9")
    done = program.run("--data", office, "periksa-rantai", "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["utuh"], said["pertama_tidak_cocok"]) == (2, False, 9)
    assert "nomor 9" in program.run("--data", office, "periksa-rantai").stdout
    assert written(office, tmp_path / "a.json") == 3
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["rantai_audit"]["utuh"] is False


def test_archived_papers_are_counted_and_an_altered_one_is_no_good_end(office: Path, tmp_path: Path) -> None:
    def said() -> tuple[int, dict[str, int]]:
        done = program.run("--data", office, "periksa-rantai", "--json")
        return done.returncode, json.loads(done.stdout)["arsip"]

    assert said() == (0, {"ada": 0, "hilang": 0, "berubah": 0, "gagal_disimpan": 0})
    for name in ("a.pdf", "a.xlsx"):
        assert written(office, tmp_path / name) == 0
    assert said() == (0, {"ada": 2, "hilang": 0, "berubah": 0, "gagal_disimpan": 0})
    (page,), (sheet,) = (list((office / "arsip").rglob(f"*.{form}")) for form in ("pdf", "xlsx"))
    assert page.read_bytes() == (tmp_path / "a.pdf").read_bytes()
    sheet.unlink()
    assert said() == (0, {"ada": 1, "hilang": 1, "berubah": 0, "gagal_disimpan": 0})
    page.chmod(0o600)
    page.write_bytes(page.read_bytes() + b" ")
    assert said() == (2, {"ada": 0, "hilang": 1, "berubah": 1, "gagal_disimpan": 0})
    assert "0 berkas ada, 1 hilang, 1 berubah" in program.run("--data", office, "periksa-rantai").stdout


def test_a_printed_code_is_held_against_the_chain(office: Path) -> None:
    def held(code: str) -> tuple[int, object]:
        done = program.run("--data", office, "periksa-rantai", "--json", "--kode", code)
        return done.returncode, json.loads(done.stdout)["laporan"]

    said = json.loads(program.run("--data", office, "periksa-rantai", "--json").stdout)
    assert said["laporan"] is None
    head = said["sidik"]
    assert held(f"RANTAI {said['kejadian']} {head.upper()}") == (0, True)
    assert held(f"RANTAI {said['kejadian'] + 1} {head}") == (2, False)
    assert held(f"RANTAI 3 {head}") == (2, False)
    assert held("RANTAI 3 abc") == (3, None)


def test_what_cannot_be_read_is_not_intact(office: Path, tmp_path: Path) -> None:
    (office / DATABASE).write_bytes(b"bukan basis data" * 500)
    done = program.run("--data", office, "periksa-rantai", "--json")
    assert (done.returncode, json.loads(done.stdout)["utuh"]) == (3, None)
    absent = program.run("--data", tmp_path / "tiada", "periksa-rantai")
    assert (absent.returncode, absent.stdout) == (3, "")
    assert "report.no_office" in absent.stderr
    assert not (tmp_path / "tiada").exists()


def test_the_archive_lies_where_the_settings_say(office: Path, tmp_path: Path) -> None:
    shared = tmp_path / "bersama"
    shared.mkdir()
    settings = tmp_path / "pengaturan.toml"
    settings.write_text(f'[arsip]\nfolder = "{shared.as_posix()}"\n', "utf-8")
    day = date.fromisoformat(today(office))
    place = (tmp_path / "a.csv", None)
    assert (
        report_commands.write_report(settings, f"{day:%d/%m/%Y}", None, "csv", *place, folder=office)
        == report_commands.WRITTEN
    )
    assert [path.suffix for path in shared.rglob("*") if path.is_file()] == [".csv"]
    assert not (office / "arsip").exists()
