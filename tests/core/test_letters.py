"""What is referred is what the field's tables name, every code has its words, and no word states what a person is."""

from __future__ import annotations

from ktpel_desktop import resource_files
from ktpel_desktop.core.enrolment import Enrolment
from ktpel_desktop.core.flows_room import INCOMPLETE_REASONS, REJECT_REASONS, WAITING_REASONS
from ktpel_desktop.core.letters import REFERRED, REFUSALS, LetterKind, LetterNumber, Referral
from ktpel_desktop.spoken import table_of

REFERRED_BY = ("refer", "report")


def test_a_number_reads_as_it_is_written() -> None:
    assert str(LetterNumber(12, LetterKind.REFERRAL, 2026)) == "12/SR/2026"
    assert str(LetterNumber(1, LetterKind.ESCALATION, 2027)) == "1/ESK/2027"


def test_the_enrolment_states_are_those_that_the_table_refers() -> None:
    rows = resource_files.rows("enrolment_states")
    told = {
        row["state"] for row in rows if any(verb in row["operator_action_proposed"] for verb in REFERRED_BY)
    }
    assert told == {code for code in REFERRED if code in set(Enrolment)}


def test_the_refusals_are_codes_11_12_and_14() -> None:
    rows = {row["code_or_text"]: row for row in resource_files.rows("dukcapil_ws_errors")}
    assert {
        code for code, row in rows.items() if "refer" in row["client_action_proposed"] and code != "13"
    } == {"11", "12", "14"}
    assert set(REFUSALS.values()) == {Referral.DECEASED, Referral.DUPLICATE, Referral.INACTIVE}


def test_every_other_code_is_a_reason_of_a_wizard() -> None:
    reasons = set(REFERRED) - set(REFUSALS) - set(Enrolment)
    assert reasons <= {*REJECT_REASONS, *WAITING_REASONS}
    assert set(REFERRED.values()) == set(Referral)


def test_every_code_has_its_words_and_none_is_left_over() -> None:
    for table in ("referral_answer", "referral_meaning", "referral_request", "referral_bring"):
        assert set(table_of(table)) == set(Referral), table
    for table in ("notice_what", "notice_bring"):
        assert set(table_of(table)) == set(INCOMPLETE_REASONS), table
    assert set(table_of("siak_refusal")) == set(REFUSALS)


def test_what_touches_the_person_is_told_as_the_systems_record() -> None:
    meaning = table_of("referral_meaning")
    for code in (Referral.DUPLICATE, Referral.DECEASED, Referral.ADJUDICATION):
        assert "catatan sistem" in str(meaning[code])
        assert "tidak menyatakan" in str(meaning[code])
