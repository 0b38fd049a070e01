"""The wizards themselves: that each table can work, and each rule of it."""

from __future__ import annotations

import pytest

from ktpel_desktop.core import flow
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.flow import END, FieldKind, Run, Wizard
from ktpel_desktop.core.flows import (
    CLOSING,
    COUNTING,
    HANDOVER,
    INTAKE,
    ISSUANCE,
    OPENING,
    VERIFICATION,
    WIZARDS,
)
from ktpel_desktop.core.issuance import PrintAnswer

NIK = "3174100501909901"


def walk(wizard: Wizard, facts: dict[str, object], *answers: dict[str, object]) -> Run:
    run = flow.start(wizard, facts)
    for values in answers:
        run = flow.answer(run, values)
    return run


def refused(run: Run, **values: object) -> str:
    with pytest.raises(PolicyError) as caught:
        flow.answer(run, values)
    return caught.value.code


# ---------------------------------------------------------------- the tables


@pytest.mark.parametrize("wizard", WIZARDS, ids=lambda wizard: wizard.id)
def test_every_step_can_be_reached_and_left(wizard: Wizard) -> None:
    reached, leading = {wizard.steps[0].id}, [wizard.steps[0].id]
    while leading:
        for way in wizard.step(leading.pop()).ways:
            if way.to != END and way.to not in reached:
                reached.add(way.to)
                leading.append(way.to)
    assert reached == {step.id for step in wizard.steps}
    ending = {step.id for step in wizard.steps if any(way.to == END for way in step.ways)}
    for _ in wizard.steps:
        ending |= {step.id for step in wizard.steps if any(way.to in ending for way in step.ways)}
    assert ending == reached


FACTS = {"product": ("card", "document")}


@pytest.mark.parametrize("wizard", WIZARDS, ids=lambda wizard: wizard.id)
def test_every_way_asks_for_an_answer_that_can_be_given(wizard: Wizard) -> None:
    for step in wizard.steps:
        given = {asked.id: asked for asked in step.fields}
        for way in step.ways[:-1]:
            if way.field in FACTS:
                assert set(way.values) <= set(FACTS[way.field])
                continue
            asked = given[way.field]
            possible = {True, False} if asked.kind is FieldKind.YES_NO else set(asked.options)
            assert set(way.values) <= possible


@pytest.mark.parametrize("wizard", WIZARDS, ids=lambda wizard: wizard.id)
def test_choices_have_options_and_options_are_told_once(wizard: Wizard) -> None:
    choosing = {FieldKind.CHOICE, FieldKind.CHECKLIST, FieldKind.OUTCOME}
    for step in wizard.steps:
        for asked in step.fields:
            assert (asked.kind in choosing) == bool(asked.options or asked.options_from)
            assert not (asked.options and asked.options_from)


# ---------------------------------------------------------------- intake

INTAKE_FACTS: dict[str, object] = {"services": ("KTP-BARU",), "documents": ("KK-SALINAN",), "warnings": ()}
APPLICANT: dict[str, object] = {"nik": NIK, "name": "siti aminah", "kk": "", "phone": ""}
COMPLETE: dict[str, object] = {"documents": {"KK-SALINAN"}, "file": "complete"}


def test_intake() -> None:
    run = walk(
        INTAKE, INTAKE_FACTS, {"service": "KTP-BARU"}, APPLICANT, COMPLETE,
        {"priority": "NORMAL"}, {"read_back": True},
    )  # fmt: skip
    assert run.finished
    assert run.answers["name"] == "SITI AMINAH"


def test_an_incomplete_file_is_taken_or_not() -> None:
    start = walk(INTAKE, INTAKE_FACTS, {"service": "KTP-BARU"}, APPLICANT, {"file": "incomplete"})
    assert flow.answer(start, {"incomplete_choice": "come_back"}).finished
    assert flow.answer(start, {"incomplete_choice": "take"}).step == "warnings"


def test_warnings_must_be_seen_and_a_duplicate_explained() -> None:
    run = walk(INTAKE, INTAKE_FACTS, {"service": "KTP-BARU"}, APPLICANT, COMPLETE)
    run = flow.learn(run, {"warnings": ("sex_differs", "duplicate")})
    both = {"sex_differs", "duplicate"}
    assert refused(run, priority="LANSIA", warnings_seen={"duplicate"}) == "intake.warning_unseen"
    assert refused(run, priority="LANSIA", warnings_seen=both) == "intake.duplicate_reason_missing"
    seen = {"priority": "LANSIA", "warnings_seen": both, "duplicate_reason": "file_lost"}
    assert flow.answer(run, seen).step == "confirm"


# ---------------------------------------------------------------- verification

VERIFY_FACTS: dict[str, object] = {
    "documents": ("KK", "LAPOR-POLISI"), "mandatory": ("KK",), "compared_fields": ("name", "address"),
}  # fmt: skip
PAPERS: dict[str, object] = {"papers": {"KK"}, "legible": True}
FOUND: dict[str, object] = {"siak": "found"}


def test_a_good_file() -> None:
    run = walk(
        VERIFICATION, VERIFY_FACTS, PAPERS, FOUND, {"compared": True}, {"decision": "complete"}, {"confirmed": True}
    )  # fmt: skip
    assert run.finished


@pytest.mark.parametrize("answer", ["not_found", "deceased", "duplicate", "inactive", "offline"])
def test_what_is_not_found_is_not_compared(answer: str) -> None:
    run = walk(VERIFICATION, VERIFY_FACTS, PAPERS, {"siak": answer})
    assert run.step == "decision"
    assert refused(run, decision="complete") == "verify.siak_says_no"


def test_complete_must_be_founded() -> None:
    without = walk(VERIFICATION, VERIFY_FACTS, {"papers": (), "legible": True}, FOUND, {"compared": True})
    assert refused(without, decision="complete") == "verify.papers_missing"
    stuck = walk(VERIFICATION, VERIFY_FACTS, PAPERS, {"siak": "not_printable"}, {"compared": True})
    assert refused(stuck, decision="complete") == "verify.siak_says_no"
    differing = walk(VERIFICATION, VERIFY_FACTS, PAPERS, FOUND, {"differing": {"name"}, "compared": True})
    assert refused(differing, decision="complete") == "verify.fields_differ"
    explained = flow.answer(
        flow.back(differing), {"differing": {"name"}, "explanation": "title", "compared": True}
    )
    assert flow.answer(explained, {"decision": "complete"}).step == "confirm"


def test_the_other_decisions() -> None:
    run = walk(VERIFICATION, VERIFY_FACTS, PAPERS, {"siak": "not_printable"}, {"compared": True})
    incomplete = flow.answer(run, {"decision": "incomplete"})
    assert refused(incomplete, reasons=()) == "flow.field_missing"
    assert flow.answer(incomplete, {"reasons": {"document_missing"}, "lacking": {"KK"}}).step == "confirm"
    rejected = flow.answer(run, {"decision": "reject"})
    assert refused(rejected) == "flow.field_missing"
    assert flow.answer(rejected, {"reject_reason": "deceased"}).step == "confirm"
    waiting = flow.answer(run, {"decision": "wait_siak"})
    assert flow.answer(waiting, {"waiting_reason": "enrolment_in_progress"}).step == "confirm"


# ---------------------------------------------------------------- issuance

TO_PRINT: tuple[dict[str, object], ...] = (
    {"blank_in_hand": True, "reserved": "reserved"},
    {"chip": "blank"},
    {"encoded": "encoded"},
    {"card_in_printer": True},
)
PRINTED: dict[str, object] = {"printed": "printed"}
GOOD_CARD: dict[str, object] = {"read": "equal", "face_good": True}
SPOILED: dict[str, object] = {"spoil_reason": "GAGAL_CETAK", "set_aside": True}


def test_a_good_card() -> None:
    run = walk(ISSUANCE, {}, *TO_PRINT, {"printed": "printed"}, GOOD_CARD, {"reported": "in_outbox"})
    assert run.finished


@pytest.mark.parametrize("why", ["no_blank", "no_order", "room_not_ready"])
def test_nothing_is_touched(why: str) -> None:
    run = walk(ISSUANCE, {}, {"blank_in_hand": True, "reserved": why}, {"understood": True})
    assert run.finished


def test_the_reader_waits_for_the_right_card() -> None:
    run = walk(ISSUANCE, {}, TO_PRINT[0], {"chip": "none"}, {"chip": "foreign"}, {"chip": "ours"})
    assert run.step == "encode"
    assert flow.answer(run, {"encoded": "again"}).step == "place_on_reader"
    assert flow.answer(flow.answer(run, {"encoded": "spoiled"}), SPOILED).finished


def test_an_unknown_print_is_never_sent_again_by_itself() -> None:
    run = walk(ISSUANCE, {}, *TO_PRINT, {"printed": "unknown"})
    assert run.step == "print_unknown"
    assert flow.answer(run, {"came_out": PrintAnswer.CARD_GOOD}).step == "read_back"
    assert flow.answer(run, {"came_out": PrintAnswer.CARD_SPOILED}).step == "spoiled"
    assert flow.answer(run, {"came_out": PrintAnswer.CARD_MISSING}).step == "spoiled"
    second = flow.answer(run, {"came_out": PrintAnswer.NOT_PRINTED})
    assert second.step == "second_person"
    assert flow.answer(second, {"approval": "approved"}).step == "move_to_printer"


def test_a_print_that_was_not_sent_is_tried_again() -> None:
    assert walk(ISSUANCE, {}, *TO_PRINT, {"printed": "not_sent"}).step == "move_to_printer"


@pytest.mark.parametrize(("read", "face"), [("differs", True), ("mute", True), ("equal", False)])
def test_a_card_that_is_not_good_is_spoiled(read: str, face: bool) -> None:
    run = walk(ISSUANCE, {}, *TO_PRINT, {"printed": "printed"}, {"read": read, "face_good": face})
    assert run.step == "spoiled"


def test_a_report_that_is_refused() -> None:
    run = walk(ISSUANCE, {}, *TO_PRINT, {"printed": "printed"}, GOOD_CARD, {"reported": "refused"})
    assert run.step == "spoiled"


def test_what_a_device_did_is_not_gone_back_to() -> None:
    for done in (1, 3, 5):
        assert not flow.can_go_back(walk(ISSUANCE, {}, *(*TO_PRINT, PRINTED)[:done]))


# ---------------------------------------------------------------- handover

CARD: dict[str, object] = {"product": "card", "to_withdraw": ("KTP-RUSAK",), "lost": False}
HERE: dict[str, object] = {"found": "at_counter"}
SELF: tuple[dict[str, object], ...] = (
    HERE,
    {"collector": "self", "identity": "ktp_lama"},
    {"face_matches": True},
)
WITHDRAWN: dict[str, object] = {"withdrawn": {"KTP-RUSAK"}}
SIGNED: dict[str, object] = {"data_read_by_collector": True, "signed": True}


def test_a_card_for_its_holder() -> None:
    assert walk(HANDOVER, CARD, *SELF, WITHDRAWN, {"chip_answers": "yes"}, SIGNED).finished


def test_a_document_has_no_chip() -> None:
    assert walk(HANDOVER, CARD | {"product": "document"}, *SELF, WITHDRAWN).step == "receipt"


def test_a_dead_chip_is_not_handed_over() -> None:
    run = walk(HANDOVER, CARD, *SELF, WITHDRAWN, {"chip_answers": "no"}, {"returned_to_operator": True})
    assert run.finished
    assert "receipt" not in [done.step for done in run.trail]
    assert walk(HANDOVER, CARD, *SELF, WITHDRAWN, {"chip_answers": "unknown"}).step == "receipt"


@pytest.mark.parametrize("found", ["not_ready", "handed_over", "ended"])
def test_what_is_not_at_the_counter(found: str) -> None:
    assert walk(HANDOVER, CARD, {"found": found}, {"told": True}).finished


def test_family_and_proxy() -> None:
    family = walk(HANDOVER, CARD, HERE, {"collector": "family", "identity": "kk"})
    assert flow.answer(
        family, {"collector_name": "Budi Contoh", "relation": "anak", "same_kk": True}
    ).step == "old_card"  # fmt: skip
    proxy = walk(HANDOVER, CARD, HERE, {"collector": "proxy", "identity": "sim"})
    person: dict[str, object] = {"collector_name": "Budi Contoh", "relation": "tetangga"}
    assert refused(proxy, **person, power_of_attorney=False) == "handover.power_of_attorney_missing"
    assert flow.answer(proxy, {**person, "power_of_attorney": True}).step == "old_card"


def test_the_old_card_is_given_up() -> None:
    assert refused(walk(HANDOVER, CARD, *SELF), withdrawn=()) == "handover.not_withdrawn"
    lost = walk(HANDOVER, CARD | {"to_withdraw": (), "lost": True}, *SELF)
    assert refused(lost) == "handover.police_report_missing"
    assert flow.answer(lost, {"police_report": "STPL/99/2026"}).step == "chip"


# ---------------------------------------------------------------- day closing

FIRST: dict[str, object] = {"first_by": "Siti Contoh", "first_count": 40}
SECOND: dict[str, object] = {"second_by": "Budi Contoh", "second_count": 40}
END_OF_DAY: tuple[dict[str, object], ...] = (
    {"ribbon": "40", "film": "35 %"},
    {"report_read": True, "close_day": True},
)


def test_a_day_that_agrees() -> None:
    run = walk(CLOSING, {"open_work": ()}, {}, FIRST, SECOND, {"agrees": "yes"}, *END_OF_DAY)
    assert run.finished
    assert (run.answers["ribbon"], run.answers["film"]) == (40, 35)


def test_a_difference_is_explained() -> None:
    run = walk(CLOSING, {}, {}, FIRST, SECOND, {"agrees": "no"})
    assert refused(run, difference_reason=" ") == "flow.field_missing"
    assert flow.answer(run, {"difference_reason": "satu blangko jatuh di bawah lemari"}).step == "consumables"


def test_open_work_is_looked_at() -> None:
    run = flow.start(CLOSING, {"open_work": ("jobs", "claims")})
    assert refused(run, open_work_seen={"jobs"}) == "closing.open_work_unseen"


@pytest.mark.parametrize(
    "run", [walk(CLOSING, {}, {}, FIRST), walk(COUNTING, {}, FIRST), walk(OPENING, {}, FIRST)]
)
def test_two_people_count_and_the_second_does_not_see_the_first(run: Run) -> None:
    assert refused(run, second_by=" siti  contoh", second_count=40) == "closing.same_person"
    assert not flow.can_go_back(run)


def test_a_count_at_any_time_ends_with_the_books_or_with_a_reason() -> None:
    run = walk(COUNTING, {}, FIRST, SECOND)
    assert flow.answer(run, {"agrees": "yes"}).finished
    explained = flow.answer(run, {"agrees": "no"})
    assert refused(explained, difference_reason=" ") == "flow.field_missing"
    assert flow.answer(explained, {"difference_reason": "terselip"}).finished


def test_the_first_stock_has_its_paper() -> None:
    run = walk(OPENING, {}, FIRST, SECOND)
    assert refused(run, document="") == "flow.field_missing"
    assert flow.answer(run, {"document": "BA-1"}).finished
