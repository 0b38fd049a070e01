"""What a person finds wrong with a printed face is journalled, and a print tells its stages."""

from __future__ import annotations

from ktpel_desktop.core.issuance import JobState, SpoilReason
from ktpel_desktop.services import issuing
from tests.services.office import BUDI, World, refused


def test_what_was_wrong_with_the_face_is_journalled(day: World) -> None:
    job = day.printed()
    day.on_reader(job)
    faults = ("text", "photo", "text")
    spoiled = issuing.check_printed(day.desk, BUDI, job.id, face_ok=False, faults=faults)
    assert (spoiled.state, spoiled.spoil_reason) == (JobState.SPOILED, SpoilReason.PRINT_FAILED)
    assert day.events("job.SPOILED")[0][1]["faults"] == ["photo", "text"]


def test_one_fault_is_enough_to_spoil_a_card(day: World) -> None:
    job = day.printed()
    day.on_reader(job)
    checked = issuing.check_printed(day.desk, BUDI, job.id, face_ok=True, faults=("surface",))
    assert checked.state is JobState.SPOILED


def test_a_fault_that_is_not_on_the_list_books_nothing(day: World) -> None:
    job = day.printed()
    day.on_reader(job)
    with refused("issuing.fault_unknown"):
        issuing.check_printed(day.desk, BUDI, job.id, face_ok=False, faults=("photo", "chip"))
    assert day.job(job.id) == job


def test_the_stages_of_a_print_are_told(day: World) -> None:
    job = day.encoded()
    day.bench.move_to_printer(job.chip_serial)
    order = issuing.order_for(day.desk, BUDI, job.id)
    told: list[str] = []
    issuing.print_card(day.desk, BUDI, job.id, order, told=told.append)
    assert told == ["sending", "printing", "counting"]
