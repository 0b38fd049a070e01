"""The program's wizards as tables; titles and labels stand in resources/teks/layar/alur.toml under the same ids.

How to read one: a step asks its fields, `accept` is the rule its answers must keep, and the first open way leads
on. OUTCOME fields are filled in by the program (device, SIAK, records). Facts that a wizard needs when it starts
or learns on the way are named in its docstring.
"""

from __future__ import annotations

from collections.abc import Collection

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.field_checks import Check
from ktpel_desktop.core.flow import END, Answers, Field, FieldKind, Step, Wizard, then, when
from ktpel_desktop.core.issuance import PrintAnswer, SpoilReason
from ktpel_desktop.core.request import Priority

_K = FieldKind


def _codes(known: Answers, name: str) -> frozenset[str]:
    found = known.get(name, ())
    return frozenset(str(code) for code in found) if isinstance(found, Collection) else frozenset()


# ---------------------------------------------------------------- step 1: intake at the counter


def _warnings_seen(known: Answers) -> None:
    """Findings never refuse (domain: a NIK that differs is lawful), but somebody must have seen each."""
    if _codes(known, "warnings") - _codes(known, "warnings_seen"):
        raise PolicyError("intake.warning_unseen")
    if "duplicate" in _codes(known, "warnings") and not known.get("note"):
        raise PolicyError("intake.note_missing")


INTAKE = Wizard(
    "intake",
    (
        Step("service", (Field("service", _K.CHOICE, options_from="services"),), (then("applicant"),)),
        Step(
            "applicant",
            (
                Field("nik", _K.TEXT, check=Check.NIK),
                Field("name", _K.TEXT, check=Check.NAME),
                Field("kk", _K.TEXT, required=False, check=Check.KK),
                Field("phone", _K.TEXT, required=False, check=Check.PHONE),
            ),
            (then("requirements"),),
        ),
        Step(
            "requirements",
            (
                Field("documents", _K.CHECKLIST, required=False, options_from="documents"),
                Field("file", _K.OUTCOME, options=("complete", "incomplete")),
            ),
            (when("file", "incomplete", to="incomplete"), then("warnings")),
        ),
        Step(
            "incomplete",
            (Field("incomplete_choice", _K.CHOICE, options=("take", "come_back")),),
            (when("incomplete_choice", "come_back", to=END), then("warnings")),
        ),
        Step(
            "warnings",
            (
                Field("priority", _K.CHOICE, options=tuple(Priority)),
                Field("warnings_seen", _K.CHECKLIST, required=False, options_from="warnings"),
                Field("note", _K.TEXT, required=False),
            ),
            (then("confirm"),),
            accept=_warnings_seen,
        ),
        Step("confirm", (Field("read_back", _K.CONFIRM),), (then(END),)),
    ),
)
"""Facts: `services` (codes); after the service `documents` (its requirement codes); after the applicant `warnings`
(NikFinding values and "duplicate" for an open request of the same NIK and service). `file` is `Service.missing`
empty or not. Ended at `incomplete` with "come_back": no request is made.
"""


# ---------------------------------------------------------------- steps 3 and 4: verification


def _decision_is_founded(known: Answers) -> None:
    """Complete only with every mandatory paper, a record that may be printed, and differences explained."""
    if known["decision"] != "complete":
        return
    if _codes(known, "mandatory") - _codes(known, "papers"):
        raise PolicyError("verify.papers_missing")
    if known["siak"] != "found":
        raise PolicyError("verify.siak_says_no")
    if _codes(known, "differing") and not known.get("explanation"):
        raise PolicyError("verify.fields_differ")


INCOMPLETE_REASONS = (
    "document_missing",
    "document_illegible",
    "form_unsigned",
    "data_differs",
    "not_recorded",
    "applicant_must_come",
)
REJECT_REASONS = ("not_resident", "deceased", "duplicate_record", "not_entitled", "false_document")
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
                Field("reference", _K.TEXT, required=False),
            ),
            (when("siak", "found", "not_printable", to="compare"), then("decision")),
        ),
        Step(
            "compare",
            (
                Field("differing", _K.CHECKLIST, required=False, options_from="compared_fields"),
                Field("explanation", _K.TEXT, required=False),
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
                Field("note", _K.TEXT, required=False),
            ),
            (then("confirm"),),
        ),
        Step(
            "reject",
            (Field("reject_reason", _K.CHOICE, options=REJECT_REASONS), Field("note", _K.TEXT)),
            (then("confirm"),),
        ),
        Step(
            "waiting",
            (
                Field("waiting_reason", _K.CHOICE, options=WAITING_REASONS),
                Field("note", _K.TEXT, required=False),
            ),
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


# ---------------------------------------------------------------- step 7: handover


def _proxy_is_empowered(known: Answers) -> None:
    """Somebody outside the family brings the power of attorney F-1.07 (Permendagri 109/2019)."""
    if not known["power_of_attorney"]:
        raise PolicyError("handover.power_of_attorney_missing")


def _old_card_is_given_up(known: Answers) -> None:
    """Everything that the service withdraws, or the police's word that it is lost."""
    if _codes(known, "to_withdraw") - _codes(known, "withdrawn"):
        raise PolicyError("handover.not_withdrawn")
    if known.get("lost") is True and not known.get("police_report"):
        raise PolicyError("handover.police_report_missing")


IDENTITY_SHOWN = ("ktp_lama", "ktp_el", "ikd", "kk", "sim", "paspor")
FAMILY_RELATIONS = ("suami_istri", "orang_tua", "anak", "saudara", "satu_kk")

HANDOVER = Wizard(
    "handover",
    (
        Step(
            "find",
            (Field("found", _K.OUTCOME, options=("at_counter", "not_ready", "handed_over", "ended")),),
            (when("found", "at_counter", to="collector"), then("not_here")),
        ),
        Step("not_here", (Field("told", _K.CONFIRM),), (then(END),)),
        Step(
            "collector",
            (Field("collector", _K.CHOICE, options=("self", "family", "proxy")),),
            (when("collector", "family", to="family"), when("collector", "proxy", to="proxy"), then("self")),
        ),
        Step(
            "self",
            (
                Field("identity", _K.CHOICE, options=IDENTITY_SHOWN),
                Field("face_matches", _K.CONFIRM),
            ),
            (then("old_card"),),
        ),
        Step(
            "family",
            (
                Field("collector_name", _K.TEXT, check=Check.NAME),
                Field("relation", _K.CHOICE, options=FAMILY_RELATIONS),
                Field("identity", _K.CHOICE, options=IDENTITY_SHOWN),
                Field("same_kk", _K.CONFIRM),
            ),
            (then("old_card"),),
        ),
        Step(
            "proxy",
            (
                Field("collector_name", _K.TEXT, check=Check.NAME),
                Field("relation", _K.TEXT),
                Field("identity", _K.CHOICE, options=IDENTITY_SHOWN),
                Field("power_of_attorney", _K.YES_NO),
            ),
            (then("old_card"),),
            accept=_proxy_is_empowered,
        ),
        Step(
            "old_card",
            (
                Field("withdrawn", _K.CHECKLIST, required=False, options_from="to_withdraw"),
                Field("police_report", _K.TEXT, required=False),
            ),
            (when("product", "card", to="chip"), then("receipt")),
            accept=_old_card_is_given_up,
        ),
        Step(
            "chip",
            (Field("chip_answers", _K.CHOICE, options=("yes", "no", "unknown")),),
            (when("chip_answers", "no", to="chip_dead"), then("receipt")),
        ),
        Step("chip_dead", (Field("returned_to_operator", _K.CONFIRM),), (then(END),)),
        Step(
            "receipt",
            (Field("data_read_by_collector", _K.CONFIRM), Field("signed", _K.CONFIRM)),
            (then(END),),
        ),
    ),
)
"""Facts: `product` ("card", "document"), `to_withdraw` (codes of `Service.withdrawn_for`), `lost` (bool: the file
holds a police report in place of the old card). The card changed hands only if the run passed `receipt`.
"""


# ---------------------------------------------------------------- step 9: day closing


def _open_work_seen(known: Answers) -> None:
    """Nothing is left overnight that nobody has looked at."""
    if _codes(known, "open_work") - _codes(known, "open_work_seen"):
        raise PolicyError("closing.open_work_unseen")


def _two_persons(known: Answers) -> None:
    """A blind double count is worth something only by two people."""
    if known["first_by"] == known["second_by"]:
        raise PolicyError("closing.same_person")


CLOSING = Wizard(
    "closing",
    (
        Step(
            "open_work",
            (Field("open_work_seen", _K.CHECKLIST, required=False, options_from="open_work"),),
            (then("first_count"),),
            accept=_open_work_seen,
        ),
        Step(
            "first_count",
            (Field("first_by", _K.TEXT, check=Check.NAME), Field("first_count", _K.NUMBER)),
            (then("second_count"),),
            no_return=True,
        ),
        Step(
            "second_count",
            (Field("second_by", _K.TEXT, check=Check.NAME), Field("second_count", _K.NUMBER)),
            (then("comparison"),),
            accept=_two_persons,
            no_return=True,
        ),
        Step(
            "comparison",
            (Field("agrees", _K.OUTCOME, options=("yes", "no")),),
            (when("agrees", "no", to="difference"), then("consumables")),
        ),
        Step("difference", (Field("difference_reason", _K.TEXT),), (then("consumables"),)),
        Step(
            "consumables",
            (
                Field("ribbon", _K.TEXT, check=Check.PERCENT),
                Field("film", _K.TEXT, check=Check.PERCENT),
                Field("day_note", _K.TEXT, required=False),
            ),
            (then("report"),),
        ),
        Step("report", (Field("report_read", _K.CONFIRM), Field("sign", _K.CONFIRM)), (then(END),)),
    ),
)
"""Facts: `open_work` (codes of what is unfinished). The counts are blind: the books are shown at `comparison`, whose
`agrees` is `stock.PhysicalCount.agrees`; a difference needs a written reason (domain: blank register).
"""


WIZARDS: tuple[Wizard, ...] = (INTAKE, VERIFICATION, ISSUANCE, HANDOVER, CLOSING)
