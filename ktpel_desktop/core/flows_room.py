"""The print room's wizards as tables: verification (steps 3, 4), issuance (5), day closing (9), counts. See `flows`."""

from __future__ import annotations

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.field_checks import Check
from ktpel_desktop.core.flow import END, Answers, Field, FieldKind, Step, Wizard, codes, then, when
from ktpel_desktop.core.issuance import PrintAnswer, SpoilReason

_K = FieldKind

# ---------------------------------------------------------------- steps 3 and 4: verification


def _decision_is_founded(known: Answers) -> None:
    """Complete only with every mandatory paper, a record that may be printed, and differences explained."""
    if known["decision"] != "complete":
        return
    if codes(known, "mandatory") - codes(known, "papers"):
        raise PolicyError("verify.papers_missing")
    if known["siak"] != "found":
        raise PolicyError("verify.siak_says_no")
    if codes(known, "differing") and not known.get("explanation"):
        raise PolicyError("verify.fields_differ")


EXPLANATIONS = ("spelling", "title", "newer_family_card", "moved", "corrected_in_siak")
"""Why a file that differs from SIAK is right all the same. Codes, for free text would name residents."""
INCOMPLETE_REASONS = (
    "document_missing",
    "document_illegible",
    "form_unsigned",
    "data_differs",
    "not_recorded",
    "applicant_must_come",
)
REJECT_REASONS = (
    "not_resident",
    "deceased",
    "duplicate_record",
    "inactive_record",
    "not_entitled",
    "false_document",
)
WAITING_REASONS = (
    "enrolment_in_progress",
    "enrolment_failed",
    "adjudication",
    "siak_offline",
    "no_print_order",
)

VERIFICATION = Wizard(
    "verification",
    (
        Step(
            "papers",
            (
                Field("papers", _K.CHECKLIST, required=False, options_from="documents"),
                Field("legible", _K.YES_NO),
            ),
            (then("siak"),),
        ),
        Step(
            "siak",
            (
                Field(
                    "siak",
                    _K.OUTCOME,
                    options=(
                        "found",
                        "not_printable",
                        "not_found",
                        "deceased",
                        "duplicate",
                        "inactive",
                        "offline",
                    ),
                ),
            ),
            (when("siak", "found", "not_printable", to="compare"), then("decision")),
        ),
        Step(
            "compare",
            (
                Field("differing", _K.CHECKLIST, required=False, options_from="compared_fields"),
                Field("explanation", _K.CHOICE, required=False, options=EXPLANATIONS),
                Field("compared", _K.CONFIRM),
            ),
            (then("decision"),),
        ),
        Step(
            "decision",
            (Field("decision", _K.CHOICE, options=("complete", "incomplete", "reject", "wait_siak")),),
            (
                when("decision", "incomplete", to="incomplete"),
                when("decision", "reject", to="reject"),
                when("decision", "wait_siak", to="waiting"),
                then("confirm"),
            ),
            accept=_decision_is_founded,
        ),
        Step(
            "incomplete",
            (
                Field("reasons", _K.CHECKLIST, options=INCOMPLETE_REASONS),
                Field("lacking", _K.CHECKLIST, required=False, options_from="documents"),
            ),
            (then("confirm"),),
        ),
        Step(
            "reject",
            (Field("reject_reason", _K.CHOICE, options=REJECT_REASONS),),
            (then("confirm"),),
        ),
        Step(
            "waiting",
            (Field("waiting_reason", _K.CHOICE, options=WAITING_REASONS),),
            (then("confirm"),),
        ),
        Step("confirm", (Field("confirmed", _K.CONFIRM),), (then(END),)),
    ),
)
"""Facts: `documents` and `mandatory` (requirement codes of the service; `mandatory` those an alternative does not
already meet), `compared_fields` (names of the fields shown side by side). `siak` "not_printable" is an enrolment
state that cannot be printed; for a service that ends in a document a record is "found" in any state.
"""


# ---------------------------------------------------------------- step 5: issuance


ISSUANCE = Wizard(
    "issuance",
    (
        Step(
            "reserve",
            (
                Field("blank_in_hand", _K.CONFIRM),
                Field("reserved", _K.OUTCOME, options=("reserved", "no_blank", "no_order", "room_not_ready")),
            ),
            (when("reserved", "reserved", to="place_on_reader"), then("stopped")),
            no_return=True,
        ),
        Step("stopped", (Field("understood", _K.CONFIRM),), (then(END),)),
        Step(
            "place_on_reader",
            (Field("chip", _K.OUTCOME, options=("blank", "ours", "foreign", "none")),),
            (when("chip", "blank", "ours", to="encode"), then("place_on_reader")),
        ),
        Step(
            "encode",
            (Field("encoded", _K.OUTCOME, options=("encoded", "again", "spoiled")),),
            (
                when("encoded", "encoded", to="move_to_printer"),
                when("encoded", "again", to="place_on_reader"),
                then("spoiled"),
            ),
            no_return=True,
        ),
        Step("move_to_printer", (Field("card_in_printer", _K.CONFIRM),), (then("print"),)),
        Step(
            "print",
            (Field("printed", _K.OUTCOME, options=("printed", "not_sent", "unknown")),),
            (
                when("printed", "printed", to="read_back"),
                when("printed", "not_sent", to="move_to_printer"),
                then("print_unknown"),
            ),
            no_return=True,
        ),
        Step(
            "print_unknown",
            (Field("came_out", _K.CHOICE, options=tuple(PrintAnswer)),),
            (
                when("came_out", PrintAnswer.CARD_GOOD, to="read_back"),
                when("came_out", PrintAnswer.NOT_PRINTED, to="second_person"),
                then("spoiled"),
            ),
        ),
        Step(
            "second_person",
            (Field("approval", _K.OUTCOME, options=("approved",)),),
            (then("move_to_printer"),),
            no_return=True,
        ),
        Step(
            "read_back",
            (
                Field("read", _K.OUTCOME, options=("equal", "differs", "mute")),
                Field("face_good", _K.YES_NO),
            ),
            (
                when("read", "differs", "mute", to="spoiled"),
                when("face_good", False, to="spoiled"),
                then("report"),
            ),
            no_return=True,
        ),
        Step(
            "report",
            (Field("reported", _K.OUTCOME, options=("reported", "in_outbox", "refused")),),
            (when("reported", "refused", to="spoiled"), then(END)),
            no_return=True,
        ),
        Step(
            "spoiled",
            (Field("spoil_reason", _K.CHOICE, options=tuple(SpoilReason)), Field("set_aside", _K.CONFIRM)),
            (then(END),),
        ),
    ),
)
"""The screen's side of the state machine in `issuance`, which alone decides; each OUTCOME tells what it did.

`encoded` "again" is a write that did nothing or tore once; `printed` "not_sent" an effect of NONE; "in_outbox" a
report that waits for SIAK. A `came_out` of "not_printed" needs a second person (Action.NOT_PRINTED).
"""


# ---------------------------------------------------------------- step 9: day closing


def _open_work_seen(known: Answers) -> None:
    """Nothing is left overnight that nobody has looked at."""
    if codes(known, "open_work") - codes(known, "open_work_seen"):
        raise PolicyError("closing.open_work_unseen")


def _two_persons(known: Answers) -> None:
    """A blind double count is worth something only by two people."""
    if known["first_by"] == known["second_by"]:
        raise PolicyError("closing.same_person")


def _counted_twice(to: str) -> tuple[Step, Step]:
    """One item counted blind by two: neither sees the books, nor the second the first one's figure (room.md 6.3)."""
    return (
        Step(
            "first_count",
            (Field("first_by", _K.TEXT, check=Check.NAME), Field("first_count", _K.NUMBER)),
            (then("second_count"),),
            no_return=True,
        ),
        Step(
            "second_count",
            (Field("second_by", _K.TEXT, check=Check.NAME), Field("second_count", _K.NUMBER)),
            (then(to),),
            accept=_two_persons,
            no_return=True,
        ),
    )


def _held_against_the_books(to: str) -> tuple[Step, Step]:
    """The books shown beside both counts; a difference is explained in writing."""
    return (
        Step(
            "comparison",
            (Field("agrees", _K.OUTCOME, options=("yes", "no")),),
            (when("agrees", "no", to="difference"), then(to)),
        ),
        Step("difference", (Field("difference_reason", _K.TEXT),), (then(to),)),
    )


CLOSING = Wizard(
    "closing",
    (
        Step(
            "open_work",
            (Field("open_work_seen", _K.CHECKLIST, required=False, options_from="open_work"),),
            (then("first_count"),),
            accept=_open_work_seen,
        ),
        *_counted_twice(to="comparison"),
        *_held_against_the_books(to="consumables"),
        Step(
            "consumables",
            (
                Field("ribbon", _K.TEXT, check=Check.PERCENT),
                Field("film", _K.TEXT, check=Check.PERCENT),
            ),
            (then("report"),),
        ),
        Step("report", (Field("report_read", _K.CONFIRM), Field("close_day", _K.CONFIRM)), (then(END),)),
    ),
)
"""Facts: `open_work` (codes of what is unfinished). The counts are blind: the books are shown at `comparison`, whose
`agrees` is `stock.PhysicalCount.agrees`; a difference needs a written reason (domain: blank register).
"""


# ---------------------------------------------------------------- the cabinet at any time, and on the first day

COUNTING = Wizard("counting", (*_counted_twice(to="comparison"), *_held_against_the_books(to=END)))
"""`agrees` as in CLOSING."""

OPENING = Wizard(
    "opening",
    (*_counted_twice(to="document"), Step("document", (Field("document", _K.TEXT),), (then(END),))),
)
"""The first stock of an item: there are no books yet to hold it against, but a paper."""
