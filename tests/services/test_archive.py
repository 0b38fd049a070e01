"""What left the program is in the archive under the digest that its event tells, and can be printed again as a copy."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ktpel_desktop.core.errors import DeviceError, StoreError
from ktpel_desktop.core.period import Form
from ktpel_desktop.core.ports import PrinterChoice
from ktpel_desktop.devices.simulator.page_printer import SimulatedPagePrinter
from ktpel_desktop.services import (
    archive,
    on_paper,
    period_reports,
    readiness,
    reports,
    room_minutes,
    shifts,
    signing,
)
from tests.services.desks import MemoryArchive
from tests.services.office import BUDI, JOKO, RATNA, SARI, TODAY, World, refused
from tests.services.test_reports import close


def memory(world: World) -> MemoryArchive:
    assert isinstance(world.desk.archive, MemoryArchive)
    return world.desk.archive


def sheets(world: World) -> list[bytes]:
    assert isinstance(world.desk.page_printer, SimulatedPagePrinter)
    return list(world.desk.page_printer.printed)


def today(world: World) -> list[tuple[str, int, bool]]:
    return [(one.kind, one.copy, one.kept) for one in archive.papers(world.desk, BUDI, TODAY, TODAY)]


def test_what_is_printed_signed_or_exported_is_kept_and_nothing_else(day: World) -> None:
    reports.daily_pdf(day.desk, BUDI)
    readiness.preview(day.desk, BUDI)
    assert memory(day).papers == {}
    reports.print_daily(day.desk, BUDI)
    room_minutes.print_out(day.desk, BUDI)
    readiness.print_out(day.desk, BUDI)
    readiness.export(day.desk, BUDI, readiness.Form.JSON)
    period_reports.export(day.desk, BUDI, TODAY, TODAY, Form.XLSX, "laporan bulanan")
    period_reports.print_out(day.desk, BUDI, TODAY, TODAY, "rapat Sudin")
    close(day)
    reports.sign(day.desk, RATNA)
    found = archive.papers(day.desk, BUDI, TODAY, TODAY)
    assert [(one.kind, one.form) for one in reversed(found)] == [
        (reports.PRINTED, "pdf"),
        (room_minutes.PRINTED, "pdf"),
        (readiness.REPORTED, "pdf"),
        (readiness.REPORTED, "json"),
        (period_reports.EXPORTED, "xlsx"),
        (period_reports.PRINTED, "pdf"),
        (signing.SIGNED, "pdf"),
    ]
    for one in found:
        assert hashlib.sha256(archive.opened(day.desk, BUDI, one.number)).hexdigest() == one.digest
    assert archive.opened(day.desk, BUDI, found[0].number) == reports.daily_pdf(day.desk, RATNA)
    assert reports.daily(day.desk, BUDI).signature_holds


def test_a_paper_with_residents_data_is_not_kept(day: World) -> None:
    on_paper.print_recorded(day.desk, BUDI, b"%PDF-", "x", kind="x.printed", subject="x", told={}, keep=False)
    assert memory(day).papers == {}
    assert today(day) == []
    assert day.events("x.printed") == [("x", {})]


@pytest.mark.parametrize("fault", [None, "page_answer_lost"])
def test_every_further_print_is_a_copy_also_after_one_that_nobody_knows_of(
    day: World, fault: str | None
) -> None:
    for copy in range(3):
        if fault is not None:
            day.bench.faults.script(fault)
            with pytest.raises(DeviceError):
                reports.print_daily(day.desk, BUDI)
        else:
            reports.print_daily(day.desk, BUDI)
        assert sheets(day)[-1].endswith(f" ke-{copy}".encode()) is (copy > 0)
    assert [told[on_paper.COPY] for _, told in day.events(reports.PRINTED)] == [0, 1, 2]


def test_one_that_surely_did_not_come_out_is_none(day: World) -> None:
    day.bench.faults.script("page_off")
    with pytest.raises(DeviceError):
        reports.print_daily(day.desk, BUDI)
    reports.print_daily(day.desk, BUDI)
    assert [told[on_paper.COPY] for _, told in day.events(reports.PRINTED)] == [0]


def test_another_day_has_papers_of_its_own(day: World) -> None:
    for _ in range(2):
        room_minutes.print_out(day.desk, BUDI)
        readiness.print_out(day.desk, BUDI)
    close(day)
    day.clock.advance(timedelta(days=1).total_seconds() / 60)
    shifts.open_shift(day.desk, BUDI)
    for use_case in (room_minutes.print_out, readiness.print_out, reports.print_daily):
        use_case(day.desk, BUDI)
    for kind in (room_minutes.PRINTED, readiness.REPORTED):
        assert [told[on_paper.COPY] for _, told in day.events(kind)] == [0, 1, 0]
    assert [told[on_paper.COPY] for _, told in day.events(reports.PRINTED)] == [0]
    assert len(archive.papers(day.desk, BUDI, TODAY, TODAY)) == 4
    assert len(archive.papers(day.desk, BUDI, TODAY + timedelta(1), TODAY + timedelta(1))) == 3
    assert len(archive.papers(day.desk, BUDI, TODAY, TODAY + timedelta(1))) == 7


def test_a_kept_paper_is_printed_again_as_the_copy_that_it_is(day: World) -> None:
    room_minutes.print_out(day.desk, BUDI)
    (paper,) = archive.papers(day.desk, BUDI, TODAY, TODAY)
    kept = dict(memory(day).papers)
    archive.print_again(day.desk, RATNA, paper.number)
    archive.print_again(day.desk, RATNA, paper.number)
    assert sheets(day)[1:] == [sheets(day)[0] + b" ke-1", sheets(day)[0] + b" ke-2"]
    told = [dict(data) for _, data in day.events(on_paper.AGAIN)]
    assert [(one["of"], one["kind"], one["copy"]) for one in told] == [
        (paper.number, room_minutes.PRINTED, 1),
        (paper.number, room_minutes.PRINTED, 2),
    ]
    assert memory(day).papers == kept, "a copy is not kept beside its original"
    room_minutes.print_out(day.desk, BUDI)
    assert day.events(room_minutes.PRINTED)[-1][1][on_paper.COPY] == 3


def test_what_was_only_exported_or_signed_is_on_paper_a_copy_too(day: World) -> None:
    readiness.export(day.desk, BUDI, readiness.Form.PDF)
    (paper,) = archive.papers(day.desk, BUDI, TODAY, TODAY)
    archive.print_again(day.desk, BUDI, paper.number)
    assert sheets(day)[-1].endswith(b" ke-1")


def test_signed_saved_and_printed_papers_of_one_day_share_their_numbers(day: World) -> None:
    close(day)
    reports.sign(day.desk, RATNA)
    pdf = reports.daily_pdf(day.desk, BUDI)
    assert on_paper.saved(day.desk, BUDI, pdf, kind=reports.PRINTED, subject="shift-1") == pdf
    saved, signed = archive.papers(day.desk, BUDI, TODAY, TODAY)
    assert (saved.kind, saved.digest) == (on_paper.SAVED, signed.digest), "the same paper, kept once"
    assert len(memory(day).papers) == 1
    for paper in (signed, saved):
        archive.print_again(day.desk, BUDI, paper.number)
    reports.print_daily(day.desk, BUDI)
    archive.print_again(day.desk, BUDI, saved.number)
    told = [*day.events(on_paper.AGAIN), *day.events(reports.PRINTED)]
    assert sorted(int(str(data[on_paper.COPY])) for _, data in told) == [1, 2, 3, 4]
    assert [one[-5:] for one in sheets(day)] == [b" ke-1", b" ke-2", b" ke-3", b" ke-4"]


def test_a_file_that_is_no_page_is_not_printed(day: World) -> None:
    readiness.export(day.desk, BUDI, readiness.Form.JSON)
    (paper,) = archive.papers(day.desk, BUDI, TODAY, TODAY)
    with refused("archive.no_pdf"):
        archive.print_again(day.desk, BUDI, paper.number)
    assert sheets(day) == []


def test_a_full_disk_stops_no_paper_and_is_told(day: World) -> None:
    memory(day).full = True
    reports.print_daily(day.desk, BUDI)
    assert len(sheets(day)) == 1
    ((_, told),) = day.events(reports.PRINTED)
    assert (told[on_paper.ARCHIVED], told["refusal"]) == (False, "archive.not_written")
    assert told[on_paper.DIGEST] == hashlib.sha256(sheets(day)[0]).hexdigest()
    assert today(day) == [(reports.PRINTED, 0, False)]
    assert archive.checked(day.desk, JOKO) == archive.ArchiveState(refused=1)
    (paper,) = archive.papers(day.desk, BUDI, TODAY, TODAY)
    with pytest.raises(StoreError) as error:
        archive.opened(day.desk, BUDI, paper.number)
    assert error.value.code == "archive.missing"
    memory(day).full = False
    close(day)
    reports.sign(day.desk, RATNA)
    assert today(day)[0] == (signing.SIGNED, 0, True)


def test_altered_and_missing_papers_are_counted_and_not_shown(day: World) -> None:
    reports.print_daily(day.desk, BUDI)
    room_minutes.print_out(day.desk, BUDI)
    readiness.print_out(day.desk, BUDI)
    third, second, first = archive.papers(day.desk, BUDI, TODAY, TODAY)
    memory(day).papers[first.digest] += b" "
    del memory(day).papers[second.digest]
    assert archive.checked(day.desk, JOKO) == archive.ArchiveState(there=1, missing=1, altered=1)
    for paper, code in ((first, "archive.altered"), (second, "archive.missing")):
        for use_case in (archive.opened, archive.print_again):
            with pytest.raises(StoreError) as error:
                use_case(day.desk, BUDI, paper.number)
            assert error.value.code == code
    assert archive.opened(day.desk, BUDI, third.number)
    assert len(sheets(day)) == 3


def test_an_event_without_a_paper_opens_none(day: World) -> None:
    for number in (1, 10_000):
        with refused("archive.unknown"):
            archive.opened(day.desk, BUDI, number)


@pytest.mark.parametrize("actor", [SARI, JOKO])
def test_who_makes_no_reports_reads_none(day: World, actor: object) -> None:
    with refused("role.not_allowed"):
        archive.papers(day.desk, actor, TODAY, TODAY)  # type: ignore[arg-type]
    with refused("role.not_allowed"):
        archive.opened(day.desk, actor, 1)  # type: ignore[arg-type]


def test_a_day_without_papers_and_an_office_without_days(world: World) -> None:
    assert archive.papers(world.desk, BUDI, TODAY, TODAY) == ()
    assert archive.papers(world.desk, BUDI, date(2020, 1, 1), date(2030, 1, 1)) == ()
    assert archive.checked(world.desk, BUDI) == archive.ArchiveState()


def test_where_it_came_out_is_told_if_it_was_chosen(day: World) -> None:
    chosen = PrinterChoice("laser-latihan", "manual")
    reports.print_daily(replace(day.desk, print_on=chosen), BUDI)
    reports.print_daily(day.desk, BUDI)
    first, second = (told for _, told in day.events(reports.PRINTED))
    assert (first["queue"], first["tray"]) == ("laser-latihan", "manual")
    assert "queue" not in second
    assert isinstance(day.desk.page_printer, SimulatedPagePrinter)
    assert day.desk.page_printer.chosen == [chosen, PrinterChoice()]
