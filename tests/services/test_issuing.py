"""One card's way from reserved to reported, and every refusal on it."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect, UserCancelled
from ktpel_desktop.core.issuance import ChipContent, ChipProbe, JobState, SpoilReason
from ktpel_desktop.core.ports import Step
from ktpel_desktop.core.roles import Action
from ktpel_desktop.devices.simulator.cards import Place
from ktpel_desktop.services import issuing, outbox, recovery, stock
from tests.services.office import AGUS, BLANKS, BUDI, World, approved, nik, refused

# ---------------------------------------------------------------- encoding


def test_a_card_that_is_not_blank_is_not_written(day: World) -> None:
    written = day.encoded()
    job = day.reserved(nik(2))
    day.on_reader(written)
    with refused("issuing.card_not_blank"):
        day.encode(job)
    assert day.job(job.id) == job


def test_a_first_write_that_did_nothing_gives_the_blank_back(day: World) -> None:
    job = day.reserved()
    day.blank_on_reader()
    day.bench.faults.script("write_refused")
    with pytest.raises(DeviceError):
        day.encode(job)
    assert day.job(job.id) == job
    assert day.encode(job).state is JobState.ENCODED


def test_a_write_in_doubt_is_settled_by_the_chip(day: World) -> None:
    job = day.reserved()
    day.blank_on_reader()
    day.bench.faults.script("write_answer_lost")
    with pytest.raises(DeviceError) as error:
        day.encode(job)
    assert error.value.effect is Effect.UNKNOWN
    assert day.job(job.id).state is JobState.ENCODING
    assert day.encode(job).state is JobState.ENCODED
    assert day.events("job.ENCODED")[0][1]["found"] == "full"


def test_a_torn_write_is_written_again_once(day: World) -> None:
    job = day.reserved()
    day.blank_on_reader()
    day.bench.faults.script("torn_write", at=3, times=2)
    for _ in range(2):
        with pytest.raises(DeviceError):
            day.encode(job)
    spoiled = day.encode(job)
    assert (spoiled.state, spoiled.spoil_reason) == (JobState.SPOILED, SpoilReason.ENCODE_FAILED)
    assert spoiled.write_attempts == 2


def test_a_write_that_was_lost_is_written_again_on_the_same_blank(day: World) -> None:
    job = day.reserved()
    day.blank_on_reader()
    day.bench.faults.script("write_lost")
    with pytest.raises(DeviceError):
        day.encode(job)
    again = day.encode(job)
    assert (again.state, again.write_attempts) == (JobState.ENCODED, 1)


def test_a_second_refusal_of_a_write_leaves_the_job_where_it_was(day: World) -> None:
    job = day.reserved()
    day.blank_on_reader()
    day.bench.faults.script("torn_write", at=3)
    with pytest.raises(DeviceError):
        day.encode(job)
    day.bench.faults.script("write_refused")
    with pytest.raises(DeviceError):
        day.encode(job)
    assert (day.job(job.id).state, day.job(job.id).write_attempts) == (JobState.ENCODING, 2)


def test_an_interrupted_write_goes_on_with_its_own_card_only(day: World) -> None:
    job = day.reserved()
    day.blank_on_reader()
    day.bench.faults.script("torn_write", at=3)
    with pytest.raises(DeviceError):
        day.encode(job)
    day.blank_on_reader()
    with refused("issuing.other_card"):
        day.encode(job)
    assert day.job(job.id).state is JobState.ENCODING


def test_only_what_the_chip_says_after_the_write_is_believed(
    day: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = day.reserved()
    serial = day.blank_on_reader()
    torn = ChipProbe(serial, ChipContent.PARTIAL, job.digest)
    monkeypatch.setattr(type(day.desk.chip), "write", lambda chip, serial, load, progress: torn)
    with pytest.raises(DeviceError) as error:
        day.encode(job)
    assert (error.value.code, error.value.effect) == ("chip.not_as_written", Effect.UNKNOWN)
    assert day.job(job.id).state is JobState.ENCODING


def test_who_stops_before_the_first_command_keeps_the_blank(day: World) -> None:
    def stop(step: Step) -> None:
        if step.may_stop:
            raise UserCancelled

    job = day.reserved()
    serial = day.blank_on_reader()
    with pytest.raises(UserCancelled):
        issuing.encode(day.desk, BUDI, job.id, issuing.order_for(day.desk, BUDI, job.id), stop)
    assert day.job(job.id).state is JobState.RESERVED
    assert day.bench.card(serial).untouched


@pytest.mark.parametrize("stage", ["encoded", "printed", "reporting"])
def test_a_card_is_encoded_once(day: World, stage: str) -> None:
    job = getattr(day, stage)()
    day.on_reader(job)
    with refused("issuing.not_allowed"):
        day.encode(job)


# ---------------------------------------------------------------- printing


@pytest.mark.parametrize("stage", ["reserved", "printed", "reporting"])
def test_only_an_encoded_card_is_printed(day: World, stage: str) -> None:
    job = getattr(day, stage)()
    before = day.bench.counter
    with refused("issuing.not_allowed"):
        day.print_card(job)
    assert day.bench.counter == before


def test_a_printer_that_took_nothing_leaves_the_card_encoded(day: World) -> None:
    job = day.encoded()
    day.bench.move_to_printer(job.chip_serial)
    day.bench.faults.script("ribbon_out")
    with pytest.raises(DeviceError):
        day.print_card(job)
    assert day.job(job.id).state is JobState.ENCODED
    assert day.print_card(job).state is JobState.PRINTED


def test_a_printer_without_a_counter_is_sent_nothing(day: World) -> None:
    job = day.encoded()
    day.bench.move_to_printer(job.chip_serial)
    day.bench.faults.script("printer_offline", verb="marker")
    with pytest.raises(DeviceError):
        day.print_card(job)
    assert day.job(job.id).state is JobState.ENCODED
    assert day.events("job.PRINTING") == []


def test_a_print_in_doubt_is_never_sent_again(day: World) -> None:
    job = day.unknown()
    with refused("issuing.not_allowed"):
        day.print_card(job)
    assert day.bench.counter == 1


# ---------------------------------------------------------------- spoiling


def test_a_faulty_blank_is_booked_with_its_serial(day: World) -> None:
    job = day.reserved()
    serial = day.blank_on_reader()
    done = issuing.spoil(day.desk, BUDI, job.id, SpoilReason.FACTORY_FAULT)
    assert (done.state, done.chip_serial) == (JobState.SPOILED, serial)
    assert done.spoil_reason is SpoilReason.FACTORY_FAULT
    (report,) = [item for item in outbox.waiting(day.desk, BUDI) if item.id == job.id]
    assert (report.payload["outcome"], report.payload["chip_serial"]) == ("SPOILED", serial)
    assert stock.balance(day.desk, BUDI).left == BLANKS - 1


def test_a_mute_blank_is_booked_without_a_serial(day: World) -> None:
    job = day.reserved()
    day.blank_on_reader()
    day.bench.faults.script("dead_on_arrival")
    done = issuing.spoil(day.desk, BUDI, job.id, SpoilReason.FACTORY_FAULT)
    assert (done.state, done.chip_serial) == (JobState.SPOILED, None)


def test_a_blank_that_is_booked_already_is_not_booked_twice(day: World) -> None:
    job, other = day.reserved(nik(1)), day.reserved(nik(2))
    day.blank_on_reader()
    issuing.spoil(day.desk, BUDI, job.id, SpoilReason.FACTORY_FAULT)
    with refused("issuing.chip_used"):
        issuing.spoil(day.desk, BUDI, other.id, SpoilReason.FACTORY_FAULT)
    assert day.job(other.id) == other


def test_a_mute_card_that_may_be_another_jobs_is_not_booked_as_a_blank(day: World) -> None:
    begun, job = day.reserved(nik(1)), day.reserved(nik(2))
    day.blank_on_reader()
    day.bench.faults.script("chip_dies", at=3)
    with pytest.raises(DeviceError):
        day.encode(begun)
    with refused("issuing.whose_card"):
        issuing.spoil(day.desk, BUDI, job.id, SpoilReason.FACTORY_FAULT)
    assert day.job(job.id) == job
    issuing.spoil(day.desk, BUDI, begun.id, SpoilReason.ENCODE_FAILED)
    done = issuing.spoil(day.desk, BUDI, job.id, SpoilReason.FACTORY_FAULT)
    assert done.state is JobState.SPOILED


@pytest.mark.parametrize("stage", ["encoded", "printed"])
def test_a_card_that_was_damaged_on_the_way_is_spoiled(day: World, stage: str) -> None:
    job = getattr(day, stage)()
    day.blank_on_reader()
    done = issuing.spoil(day.desk, BUDI, job.id, SpoilReason.DAMAGED)
    assert (done.state, done.chip_serial) == (JobState.SPOILED, job.chip_serial)


def test_a_card_that_is_being_printed_is_not_spoiled(day: World) -> None:
    job = day.encoded()
    with day.desk.unit(BUDI) as unit:
        unit.jobs.move(job, JobState.PRINTING, printer_marker=0)
    with refused("issuing.not_allowed"):
        issuing.spoil(day.desk, BUDI, job.id, SpoilReason.DAMAGED)
    recovery.recover(day.desk, BUDI)
    assert issuing.spoil(day.desk, BUDI, job.id, SpoilReason.DAMAGED).state is JobState.SPOILED


@pytest.mark.parametrize(
    ("stage", "reason"), [("reporting", SpoilReason.DAMAGED), ("encoded", SpoilReason.MISSING)]
)
def test_a_reported_or_missing_card_is_withdrawn_by_two(day: World, stage: str, reason: SpoilReason) -> None:
    job = getattr(day, stage)()
    with refused("approval.missing"):
        issuing.spoil(day.desk, BUDI, job.id, reason)
    with refused("approval.for_another"):
        issuing.spoil(day.desk, BUDI, job.id, reason, approved(Action.REPRINT, job.request_id))
    leave = approved(Action.DESTROY_SPOILED, job.request_id)
    assert issuing.spoil(day.desk, BUDI, job.id, reason, leave).spoil_reason is reason
    with day.desk.unit(BUDI) as unit:
        (move,) = [event for event in unit.events.of(job.request_id) if event.kind == "job.SPOILED"]
    assert move.approver == "ratna"


def test_an_ended_job_is_not_spoiled(day: World) -> None:
    request = day.produced()
    with refused("issuing.not_allowed"):
        issuing.spoil(day.desk, BUDI, f"{request.id}-1", SpoilReason.DAMAGED)


# ---------------------------------------------------------------- whose it is


def test_anothers_work_is_left_alone_while_the_claim_runs(day: World) -> None:
    job = day.encoded()
    day.bench.move_to_printer(job.chip_serial)
    order = issuing.order_for(day.desk, BUDI, job.id)
    with refused("request.claimed"):
        issuing.print_card(day.desk, AGUS, job.id, order)
    with refused("request.claimed"):
        issuing.spoil(day.desk, AGUS, job.id, SpoilReason.DAMAGED)
    with refused("request.claimed"):
        issuing.cancel(day.desk, AGUS, job.id)
    day.clock.advance(31)
    assert issuing.print_card(day.desk, AGUS, job.id, order).state is JobState.PRINTED
    assert day.bench.lying_at(Place.PRINTER) == ()


@pytest.mark.parametrize("stage", ["encoded", "printed", "reporting"])
def test_only_an_untouched_blank_goes_back(day: World, stage: str) -> None:
    job = getattr(day, stage)()
    with refused("issuing.not_allowed"):
        issuing.cancel(day.desk, BUDI, job.id)
