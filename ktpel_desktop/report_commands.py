"""Commands about the books: a period's report as a file, and the audit chain computed again.

`periksa-rantai` ends with 0: every event fits, and so does the report's code where one was given, and no archived paper
was altered, 2: one does not or was, 3: the chain or the code could not be read and nothing is known. A missing paper is
told only: archive and database may be moved apart.
`laporan` ends with 0: written, 2: an expected failure, 3: written, but the chain it rests on is broken.
"""

from __future__ import annotations

import json
import sys
import traceback
from datetime import date
from pathlib import Path

from ktpel_desktop import bootstrap, startup
from ktpel_desktop.core.audit import Anchor, AnchorVerdict, ChainReport, read_anchor
from ktpel_desktop.core.errors import KtpelError, PolicyError, StoreError
from ktpel_desktop.core.period import Form
from ktpel_desktop.services import archive, period_reports, reports
from ktpel_desktop.services.archive import ArchiveState
from ktpel_desktop.spoken import number, typed_day
from ktpel_desktop.whole_file import whole_file

INTACT, BROKEN, UNREADABLE = 0, 2, 3
WRITTEN, WRITTEN_OF_BROKEN = 0, 3
_AGAINST_REPORT = {
    AnchorVerdict.FITS: "Cocok dengan laporan yang dibandingkan.",
    AnchorVerdict.CUT: "TIDAK COCOK dengan laporan: kejadian yang dilaporkan sudah tidak ada.",
    AnchorVerdict.REWRITTEN: "TIDAK COCOK dengan laporan: kejadian bernomor itu sudah bukan yang dilaporkan.",
}
NO_REASON = "perintah laporan, tanpa alasan tertulis"
"""What the journal says where `--alasan` was not given: the truth, and not a reason made up."""


def day_of(text: str) -> date:
    """A typed day. Raises PolicyError "report.date_unreadable"."""
    day = typed_day(text)
    if day is None:
        raise PolicyError("report.date_unreadable", typed=text)
    return day


def write_report(
    settings_path: Path | None,
    first: str,
    last: str | None,
    form: str,
    path: Path,
    reason: str | None,
    *,
    folder: Path | None = None,
) -> int:
    """The report of the days from `first` to `last` (without it `first` alone) into the file, replacing an older one.

    The file is whole or not there: it is written beside and put in its place last. Raises PolicyError of `day_of` and
    of `period_reports.export`; StoreError "report.no_office", "file.not_written", and what opening raises.
    """
    begins = day_of(first)
    ends = begins if last is None else day_of(last)
    why = NO_REASON if reason is None else reason
    with _office(settings_path, folder) as office:
        from ktpel_desktop.training.people import OPERATOR

        with whole_file(
            path
        ) as out:  # opened before the export is journalled: a place that refuses journals none
            made = period_reports.export(office.desk, OPERATOR, begins, ends, Form(form), why)
            out.write(made.content)
    print(f"Tersimpan: {path}")
    if made.report.chain_intact:
        return WRITTEN
    print("Rantai audit RUSAK; laporan mengatakannya. Jalankan periksa-rantai.", file=sys.stderr)
    return WRITTEN_OF_BROKEN


def check_chain(
    settings_path: Path | None, *, as_json: bool, code: str | None = None, folder: Path | None = None
) -> int:
    """Compute every hash of the audit chain and of the archived papers again; hold it against the `code` of a report.

    Whatever keeps the chain or the code from being read is UNREADABLE, never intact.
    """
    try:
        anchor = None if code is None else _anchor(code)
        with _office(settings_path, folder) as office:
            from ktpel_desktop.training.people import OPERATOR

            chain = reports.audit(office.desk, OPERATOR, anchor)
            papers = archive.checked(office.desk, OPERATOR)
    except KtpelError as error:
        return _not_read(startup.explain(error), as_json=as_json)
    except Exception:  # noqa: BLE001 - Python's own exit code 1 would say nothing of the chain
        traceback.print_exc()
        return _not_read("Rantai audit tidak terbaca; rinciannya di stderr.", as_json=as_json)
    if as_json:
        _print_json(chain, papers, "")
    else:
        print(_told(chain))
        print(_told_papers(papers))
    fits = chain.intact and chain.anchor in (None, AnchorVerdict.FITS)
    return INTACT if fits and not papers.altered else BROKEN


def _anchor(code: str) -> Anchor:
    """Raises PolicyError "audit.code_unreadable"."""
    anchor = read_anchor(code)
    if anchor is None:
        raise PolicyError("audit.code_unreadable")
    return anchor


def _office(settings_path: Path | None, folder: Path | None) -> bootstrap.TrainingOffice:
    """The office as it lies there. Raises StoreError "report.no_office": a look at the books begins no new ones."""
    chosen = startup.read_settings(settings_path)
    where = folder or startup.data_folder()
    if not (where / bootstrap.DATABASE).is_file():
        raise StoreError("report.no_office", folder=str(where))
    return bootstrap.open_training(where, chosen, pace=lambda _seconds: None)


def _told(chain: ChainReport) -> str:
    state = "utuh" if chain.intact else f"RUSAK, kejadian pertama yang tidak cocok: nomor {chain.first_bad}"
    told = f"Rantai audit {state}. {number(chain.count)} kejadian, sidik kejadian terakhir {chain.head}"
    return told if chain.anchor is None else f"{told}\n{_AGAINST_REPORT[chain.anchor]}"


def _told_papers(papers: ArchiveState) -> str:
    there, missing, altered = map(number, (papers.there, papers.missing, papers.altered))
    told = f"Arsip: {there} berkas ada, {missing} hilang, {altered} berubah"
    if papers.refused:
        told += f", {number(papers.refused)} dahulu gagal disimpan"
    return f"{told}."


def _not_read(told: str, *, as_json: bool) -> int:
    if as_json:
        _print_json(None, None, told)
    else:
        print(told, file=sys.stderr)
    return UNREADABLE


def _print_json(chain: ChainReport | None, papers: ArchiveState | None, error: str) -> None:
    content = {
        "utuh": None if chain is None else chain.intact,
        "kejadian": None if chain is None else chain.count,
        "sidik": None if chain is None else chain.head,
        "pertama_tidak_cocok": None if chain is None else chain.first_bad,
        "laporan": None if chain is None or chain.anchor is None else chain.anchor is AnchorVerdict.FITS,
        "arsip": None
        if papers is None
        else {
            "ada": papers.there,
            "hilang": papers.missing,
            "berubah": papers.altered,
            "gagal_disimpan": papers.refused,
        },
        "galat": error,
    }
    print(json.dumps(content, ensure_ascii=False, indent=2))
