"""A head-less day of 200 requests, checked from outside: by SQL, by hashing, by counting blanks, by reading papers."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.acceptance.program import play
from tests.documents.test_daily_report import pages

pytestmark = [pytest.mark.real, pytest.mark.timeout(300), pytest.mark.xdist_group("day")]
VISITS, SEED = 200, 3


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hari") / "keluaran"
    play(folder, VISITS, SEED, "--tanpa-layar")
    return folder


@pytest.fixture(scope="module")
def told(day: Path) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads((day / "ringkasan.json").read_text(encoding="utf-8"))
    return summary


@pytest.fixture
def database(day: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(day / "ktpel.db")) as connection:
        yield connection


def one(database: sqlite3.Connection, sql: str) -> Any:
    return database.execute(sql).fetchone()[0]


def test_the_summary_balances(told: dict[str, Any], day: Path) -> None:
    blanks = told["blangko"]
    came = blanks["awal"] + blanks["terima"] + blanks["koreksi"]
    assert came == (
        blanks["terbit"] + blanks["rusak"] + blanks["retur"] + blanks["dipegang"] + blanks["akhir"]
    )
    assert told["permohonan"] == VISITS == sum(told["keadaan"].values())
    assert (told["terbit"], told["rusak"]) == (blanks["terbit"], blanks["rusak"])
    assert told["rantai_audit"]["utuh"] is True
    assert told["berkas"]
    assert all((day / name).is_file() for name in told["berkas"])


def test_the_day_leaves_the_minutes_of_its_room(told: dict[str, Any], day: Path) -> None:
    assert "berita-acara-ruangan.pdf" in told["berkas"]
    found = " ".join(pages((day / "berita-acara-ruangan.pdf").read_bytes()))
    assert "Senin, 5 Januari 2026" in found
    assert "Cek ruangan hari ini dijalankan oleh Budi Santoso" in found
    assert "Halaman 2 dari 2" in found


def test_the_day_leaves_the_readiness_of_its_office(told: dict[str, Any], day: Path) -> None:
    assert {"laporan-kesiapan.pdf", "laporan-kesiapan.json"} <= set(told["berkas"])
    data = json.loads((day / "laporan-kesiapan.json").read_text(encoding="utf-8"))
    status = {point["kode"]: point["status"] for point in data["diktum"]}
    assert (data["latihan"], status["a1"], status["d1"], status["d2"]) == (True, "ok", "unknown", "unknown")
    assert "Menempatkan perangkat" in " ".join(pages((day / "laporan-kesiapan.pdf").read_bytes()))


def test_the_day_ends_with_every_invalid_card_destroyed(
    told: dict[str, Any], database: sqlite3.Connection
) -> None:
    spoiled = one(database, "SELECT count(*) FROM job WHERE state = 'SPOILED' AND spoil_reason <> 'HILANG'")
    given_up = one(
        database,
        "SELECT count(*) FROM handover, json_each(handover.withdrawn) WHERE value LIKE 'KTP-%'",
    )
    assert spoiled > 0
    assert given_up > 0
    assert one(database, "SELECT count(*) FROM destroyed") == spoiled + given_up
    assert database.execute("SELECT year, number, approver FROM destruction").fetchall() == [
        (2026, 1, "ratna")
    ]
    assert one(database, "SELECT count(*) FROM event WHERE kind = 'destruction.minutes_printed'") == 1


def test_plain_sql_gives_the_same_numbers(told: dict[str, Any], database: sqlite3.Connection) -> None:
    states = dict(database.execute("SELECT state, count(*) FROM request GROUP BY state").fetchall())
    assert states == told["keadaan"]
    assert one(database, "SELECT count(*) FROM request") == told["permohonan"]
    assert one(database, "SELECT count(*) FROM job WHERE state = 'ISSUED'") == told["terbit"]
    assert one(database, "SELECT count(*) FROM job WHERE state = 'SPOILED'") == told["rusak"]
    returned = "SELECT count(DISTINCT subject) FROM event WHERE kind = 'request.INCOMPLETE'"
    assert one(database, returned) == told["dikembalikan"]
    waiting = (
        "SELECT count(*) FROM request WHERE state IN "
        "('ACCEPTED','WITH_OPERATOR','INCOMPLETE','WAITING_SIAK','WAITING_BLANK','VERIFIED')"
    )
    assert one(database, waiting) == told["menunggu"]
    moved = dict(database.execute("SELECT kind, sum(quantity) FROM movement GROUP BY kind").fetchall())
    blanks = told["blangko"]
    assert moved == {"SALDO_AWAL": blanks["awal"], "TERIMA": blanks["terima"]}
    cursor = database.execute("SELECT * FROM v_blangko")
    line = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
    assert line == blanks


def test_the_chain_can_be_computed_again_without_the_program(
    told: dict[str, Any], database: sqlite3.Connection
) -> None:
    head, count = "0" * 64, 0
    rows = database.execute(
        "SELECT seq, at, actor, role, pc, kind, subject, data, approver, previous, hash FROM event ORDER BY seq"
    )
    for seq, at, actor, role, pc, kind, subject, data, approver, previous, stored in rows:
        count += 1
        body = {
            "actor": actor,
            "approver": approver,
            "at": at,
            "data": json.loads(data),
            "kind": kind,
            "pc": pc,
            "role": role,
            "seq": seq,
            "subject": subject,
        }
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert (seq, previous) == (count, head)
        head = hashlib.sha256((head + text).encode()).hexdigest()
        assert head == stored
    assert (count, head) == (told["rantai_audit"]["jumlah"], told["rantai_audit"]["kepala"])


def test_the_usual_troubles_really_happened(told: dict[str, Any], database: sqlite3.Connection) -> None:
    kinds = {row[0] for row in database.execute("SELECT DISTINCT kind FROM event")}
    assert {"siak.offline", "siak.online", "request.INCOMPLETE", "report.signed"} <= kinds
    reasons = "SELECT state || ' ' || reasons FROM request WHERE state IN ('WAITING_SIAK', 'REJECTED')"
    side_ways = {row[0] for row in database.execute(reasons)}
    assert 'WAITING_SIAK ["SENT_FOR_ENROLLMENT"]' in side_ways
    assert 'REJECTED ["duplicate_record"]' in side_ways
    spoiled = {
        row[0] for row in database.execute("SELECT DISTINCT spoil_reason FROM job WHERE state='SPOILED'")
    }
    assert spoiled == {"CACAT_PABRIK", "GAGAL_CETAK"}
    assert one(database, "SELECT max(write_attempts) FROM job WHERE state = 'ISSUED'") == 2
    assert one(database, "SELECT count(*) FROM event WHERE kind = 'job.PRINT_UNKNOWN'") >= 2
    assert told["belum_terkirim"] == 0


def test_the_cabinet_holds_what_the_books_say(told: dict[str, Any], day: Path) -> None:
    fresh = 0
    cards: dict[str, dict[str, Any]] = {}
    for line in (day / "meja.jsonl").read_text().splitlines():
        step = json.loads(line)
        fresh = step.get("fresh", fresh)
        cards |= {card["serial"]: card for card in step.get("cards", ())}
    tray = fresh + sum(card["place"] == "tray" for card in cards.values())
    assert tray == told["blangko"]["akhir"]
    assert all(card["prints"] <= 1 for card in cards.values())
    printed_well = [card for card in cards.values() if card["face"] == "full" and card["place"] != "reject"]
    assert len(printed_well) == told["terbit"]


def test_residents_data_stay_where_they_belong(day: Path, database: sqlite3.Connection) -> None:
    numbers = [number for row in database.execute("SELECT nik, kk FROM request") for number in row if number]
    pictures = (b"\xff\xd8\xff", b"\x89PNG")
    for path in day.rglob("*"):
        if not path.is_file():
            continue
        assert not any(number in path.name for number in numbers)
        data = path.read_bytes()
        if path.parent.name != "contoh":
            assert not any(magic in data for magic in pictures), path
        if path.name not in ("ktpel.db", "siak.jsonl"):
            assert not any(number.encode() in data for number in numbers), path
    told = "".join(row[0] for row in database.execute("SELECT data FROM event"))
    assert not any(number in told for number in numbers)


def test_the_signed_report_says_the_same(told: dict[str, Any], day: Path) -> None:
    minutes, path = sorted((day / "kertas").glob("halaman-*.pdf"))
    assert "Nomor 1/BA-MUSNAH/2026" in pages(minutes.read_bytes())[0]
    with closing(pypdfium2.PdfDocument(path)) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    assert "LATIHAN" in text
    assert "Ditandatangani secara elektronik oleh" in text
    figures = re.search(r"(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+Permohonan masuk", text)
    assert figures is not None
    assert int(figures[1]) == told["permohonan"]
    assert int(figures[2]) == told["terbit"]
    assert int(figures[4]) == told["keadaan"]["HANDED_OVER"]
    assert int(figures[6]) == told["keadaan"]["REJECTED"]


def test_the_same_seed_gives_the_same_day(tmp_path: Path) -> None:
    for name, seed in (("a", 11), ("b", 11), ("c", 12)):
        play(tmp_path / name, 12, seed, "--tanpa-layar")
    same = {path.relative_to(tmp_path / "a") for path in (tmp_path / "a" / "kertas").rglob("*")}
    for path in (*same, Path("ringkasan.json")):
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes()
    first, other = (json.loads((tmp_path / name / "ringkasan.json").read_text()) for name in ("a", "c"))
    assert first["rantai_audit"]["kepala"] != other["rantai_audit"]["kepala"]


def test_a_day_with_pictures_leaves_them(tmp_path: Path) -> None:
    play(tmp_path / "hari", 3, 1)
    summary = json.loads((tmp_path / "hari" / "ringkasan.json").read_text())
    assert sum(name.startswith("layar/") for name in summary["berkas"]) > 10
