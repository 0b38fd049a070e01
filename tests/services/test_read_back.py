"""The read-back sheet: of the job's own signed order, before the card is printed, journalled by digest only."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.services import issuing, read_back
from tests.services.office import BUDI, RATNA, SARI, World, nik, refused


def test_the_sheet_shows_the_signed_subject(day: World) -> None:
    job = day.reserved()
    order = issuing.order_for(day.desk, BUDI, job.id)
    told = read_back.sheet(day.desk, BUDI, job.id, order)
    assert told.subject is order.subject
    assert (told.by, told.copy, told.number) == (BUDI.name, 0, day.get(job.request_id).number)


def test_the_print_is_journalled_by_the_digest_and_nothing_else(day: World) -> None:
    job = day.reserved()
    order = issuing.order_for(day.desk, BUDI, job.id)
    for copy in range(2):
        read_back.print_out(day.desk, BUDI, job.id, order)
        assert day.events(read_back.PRINTED)[-1] == (
            job.request_id,
            {"job": job.id, "edition": job.digest, "copy": copy},
        )
    subject = order.subject
    with day.desk.unit(BUDI) as unit:
        journal = " ".join(str(event.data) for event in unit.events.all())
    for secret in (subject.nik.reveal(), subject.name, subject.address):
        assert secret not in journal


def test_an_encoded_card_can_still_be_kept_from_printing(day: World) -> None:
    job = day.encoded()
    order = issuing.order_for(day.desk, BUDI, job.id)
    assert read_back.pdf(day.desk, RATNA, job.id, order).startswith(b"%PDF")


def test_after_printing_it_is_too_late(day: World) -> None:
    job = day.printed()
    order = issuing.order_for(day.desk, BUDI, job.id)
    for act in (read_back.pdf, read_back.print_out):
        with refused("read_back.too_late"):
            act(day.desk, BUDI, job.id, order)
    assert day.events(read_back.PRINTED) == []


def test_another_order_is_refused(day: World) -> None:
    job, other = day.reserved(nik(1)), day.reserved(nik(2))
    order = issuing.order_for(day.desk, BUDI, other.id)
    with refused("order.content_changed"):
        read_back.sheet(day.desk, BUDI, job.id, order)


def test_a_printer_that_is_off_makes_no_copy(day: World) -> None:
    job = day.reserved()
    order = issuing.order_for(day.desk, BUDI, job.id)
    day.bench.faults.script("page_off")
    with pytest.raises(DeviceError):
        read_back.print_out(day.desk, BUDI, job.id, order)
    assert read_back.sheet(day.desk, BUDI, job.id, order).copy == 0


def test_only_the_print_room_reads_an_order(day: World) -> None:
    job = day.reserved()
    order = issuing.order_for(day.desk, BUDI, job.id)
    with refused("role.not_allowed"):
        read_back.sheet(day.desk, SARI, job.id, order)
