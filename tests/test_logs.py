"""The technical log tells codes and durations, and nothing of a resident, whatever is thrown at it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop import logs
from ktpel_desktop.core.nik import Nik

NIK = "3174050101900001"
HIDDEN = "3174••••••••0001"
LOG = logging.getLogger("ktpel_desktop.test")


@pytest.fixture(autouse=True)
def quiet_again() -> Iterator[None]:
    yield
    logs.stop()


def formatted(message: str, *args: object, exc_info: BaseException | None = None) -> str:
    trace = (type(exc_info), exc_info, exc_info.__traceback__) if exc_info else None
    record = logging.LogRecord("ktpel_desktop.test", logging.INFO, "x.py", 1, message, args, trace)
    return logs.MaskingFormatter("%(levelname)s %(message)s").format(record)


def written(folder: Path) -> str:
    return (folder / "ktpel.log").read_text(encoding="utf-8")


# ------------------------------------------------------------------ masking


def test_a_nik_in_a_line_is_masked() -> None:
    assert formatted("NIK %s ditolak", NIK) == f"INFO NIK {HIDDEN} ditolak"


@pytest.mark.parametrize(
    "spelling",
    [
        "3174 0501 0190 0001",
        "3174.0501.0190.0001",
        "3174-0501-0190-0001",
        "3174_0501_0190_0001",
        "31.74.05.010190.0001",
        "3 1 7 4 0 5 0 1 0 1 9 0 0 0 0 1",
        f"'{NIK}'",
        f"nik={NIK}",
        f"x{NIK}x",
        f"/tmp/{NIK}.pdf",
        "٣١٧٤٠٥٠١٠١٩٠٠٠٠١",
    ],
)
def test_a_nik_is_masked_however_it_is_spelt(spelling: str) -> None:
    line = formatted(spelling)
    assert "••••••••" in line
    assert "0501" not in line.replace(" ", "").replace(".", "").replace("-", "").replace("_", "")


@pytest.mark.parametrize("value", [int(NIK), float(NIK), float(NIK) / 1e15])
def test_a_nik_that_became_a_number_is_masked(value: object) -> None:
    assert "••••••••" in formatted("%s", value)


@pytest.mark.parametrize("text", [NIK + "5", "0" + NIK, NIK + "3174050101200001", NIK + "\n" + NIK])
def test_a_nik_inside_a_longer_run_of_digits_is_masked(text: str) -> None:
    assert "0501019" not in formatted(text)


@given(st.integers(0, 10**16 - 1).map("{:016}".format), st.text(max_size=30), st.text(max_size=30))
def test_sixteen_digits_never_stand_in_a_line_whatever_is_around_them(
    digits: str, before: str, after: str
) -> None:
    assert digits not in formatted("%s", before + digits + after)


@pytest.mark.parametrize(
    "text",
    ["job 23456789ABCD-1", "2026-03-02 08:15:00,123", "port 8080", "123456789012345", "04A1B2C3D4E5F6"],
)
def test_what_is_no_nik_is_left_as_it_is(text: str) -> None:
    assert formatted(text) == f"INFO {text}"


def test_the_type_masks_itself_before_the_net_is_needed() -> None:
    assert formatted("%s %r", Nik(NIK), Nik(NIK)) == f"INFO {HIDDEN} Nik({HIDDEN})"


def test_a_trace_is_masked_too() -> None:
    try:
        raise ValueError(f"no resident {NIK}") from KeyError(NIK)
    except ValueError as error:
        line = formatted("failed", exc_info=error)
    assert "Traceback" in line
    assert NIK not in line
    assert line.count(HIDDEN) == 2


def test_a_message_cannot_forge_a_line_of_its_own() -> None:
    assert formatted("a\nERROR b\rINFO c") == "INFO a\\nERROR b\\rINFO c"


# ------------------------------------------------------------------ fields


def test_an_allowed_field_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "ktpel_desktop"):
        logs.note(LOG, "printed", code="printer.jam", duration_ms=1200)
    assert caplog.messages == ["printed code=printer.jam duration_ms=1200"]


@pytest.mark.parametrize("name", ["nik", "name", "phone", "password", "content", "kk", "Code"])
def test_any_other_field_keeps_its_name_and_loses_its_value(
    caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with caplog.at_level(logging.INFO, "ktpel_desktop"):
        logs.note(LOG, "looked up", logging.INFO, **{name: "BUDI SANTOSO"})
    assert caplog.messages == [f"looked up {name}=<disamarkan>"]


def test_a_percent_sign_in_a_note_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "ktpel_desktop"):
        logs.note(LOG, "100 %s done", status="50 %d")
    assert caplog.messages == ["100 %s done status=50 %d"]


def test_a_note_can_be_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    logs.note(LOG, "slow", logging.WARNING, lane="DEVICE")
    assert caplog.records[0].levelno == logging.WARNING


def test_no_allowed_field_is_one_of_a_resident() -> None:
    assert not logs.ALLOWED_FIELDS & {
        "nik",
        "kk",
        "name",
        "phone",
        "address",
        "photo",
        "collector",
        "identity",
    }


# ------------------------------------------------------------------ the handlers


def test_everything_goes_to_the_file_masked(tmp_path: Path) -> None:
    logs.start(tmp_path)
    LOG.info("found %s", NIK)
    assert "found" in written(tmp_path)
    assert HIDDEN in written(tmp_path)
    assert NIK not in written(tmp_path)


def test_details_are_not_logged(tmp_path: Path) -> None:
    logs.start(tmp_path)
    LOG.debug("a detail")
    LOG.info("a fact")
    assert "a detail" not in written(tmp_path)


def test_errors_go_to_standard_error_masked(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start(None)
    LOG.error("lost %s", NIK)
    LOG.warning("only odd")
    shown = capsys.readouterr().err
    assert HIDDEN in shown
    assert "only odd" not in shown


def test_starting_again_does_not_write_twice(tmp_path: Path) -> None:
    logs.start(tmp_path)
    logs.start(tmp_path)
    LOG.info("once")
    assert written(tmp_path).count("once") == 1


def test_a_stopped_log_holds_no_file(tmp_path: Path) -> None:
    logs.start(tmp_path)
    LOG.info("open")
    logs.stop()
    assert not logging.getLogger("ktpel_desktop").handlers
    assert logging.getLogger("ktpel_desktop").level == logging.NOTSET
    (tmp_path / "ktpel.log").unlink()


def test_the_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    logs.start(tmp_path)
    for _ in range(70):
        LOG.info("x" * 100_000)
    files = sorted(tmp_path.glob("ktpel.log*"))
    assert len(files) == 5
    assert all(file.stat().st_size <= 1_000_000 for file in files)


def test_a_log_that_cannot_be_written_neither_stops_the_work_nor_shows_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ktpel.log").mkdir()  # a folder where the file should be, as unwritable as a full disk
    logs.start(tmp_path)
    LOG.info("found %s", NIK)
    assert capsys.readouterr().err == ""
