"""The notice of an incomplete file: what lacks, from the decision; a copy for each further print of the same stop."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.request import Request
from ktpel_desktop.devices.simulator.page_printer import SimulatedPagePrinter
from ktpel_desktop.services import intake, notices, verifying
from tests.services.office import BUDI, JOKO, NAME, NIK, SARI, TONO, World, refused


def incomplete(day: World, *reasons: str) -> Request:
    request = day.claimed()
    day.clock.advance(20)
    return verifying.decide_incomplete(day.desk, BUDI, request.id, reasons or ("form_unsigned", "KK-SALINAN"))


def test_the_notice_tells_documents_by_name_and_the_rest_by_code(day: World) -> None:
    request = incomplete(day)
    told = notices.sheet(day.desk, SARI, request.id)
    assert told.reasons == ("form_unsigned",)
    assert told.lacking == ("Fotokopi Kartu Keluarga (KK)",)
    assert (told.name, told.nik_masked) == (NAME, NIK.masked)
    assert (told.since, told.by, told.copy) == (day.clock.now(), SARI.name, 0)
    assert told.accepted_at < told.since


def test_each_further_print_is_a_copy_and_the_next_stop_begins_anew(day: World) -> None:
    request = incomplete(day)
    for copy in range(2):
        assert notices.sheet(day.desk, SARI, request.id).copy == copy
        notices.print_out(day.desk, SARI, request.id)
    intake.complete(day.desk, SARI, request.id, [])
    intake.hand_to_operator(day.desk, SARI, [request.id], BUDI.username)
    verifying.claim(day.desk, BUDI, request.id)
    verifying.decide_incomplete(day.desk, BUDI, request.id, ["data_differs"])
    told = notices.sheet(day.desk, SARI, request.id)
    assert (told.copy, told.reasons) == (0, ("data_differs",))


def test_a_print_is_journalled_without_any_name(day: World) -> None:
    request = incomplete(day)
    notices.print_out(day.desk, BUDI, request.id)
    ((subject, said),) = day.events(notices.PRINTED)
    assert subject == request.id
    assert set(said) == {"edition", "copy"}
    assert isinstance(day.desk.page_printer, SimulatedPagePrinter)
    assert len(day.desk.page_printer.printed) == 1


def test_a_printer_that_is_off_makes_no_copy(day: World) -> None:
    request = incomplete(day)
    day.bench.faults.script("page_off")
    with pytest.raises(DeviceError):
        notices.print_out(day.desk, SARI, request.id)
    assert notices.sheet(day.desk, SARI, request.id).copy == 0


def test_a_file_that_does_not_wait_for_papers_has_no_notice(day: World) -> None:
    request = day.claimed()
    for act in (notices.sheet, notices.pdf, notices.print_out):
        with refused("notice.not_incomplete"):
            act(day.desk, BUDI, request.id)


@pytest.mark.parametrize("actor", [JOKO, TONO])
def test_who_sees_no_residents_sees_no_notice(day: World, actor: object) -> None:
    request = incomplete(day)
    with refused("role.not_allowed"):
        notices.sheet(day.desk, actor, request.id)  # type: ignore[arg-type]
