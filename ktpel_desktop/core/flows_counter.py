"""The counter's wizards as tables: intake (step 1) and handover (step 7). How to read them: see `flows`."""

from __future__ import annotations

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.field_checks import Check
from ktpel_desktop.core.flow import END, Answers, Field, FieldKind, Step, Wizard, codes, then, when
from ktpel_desktop.core.request import Priority

_K = FieldKind

# ---------------------------------------------------------------- step 1: intake

DUPLICATE_REASONS = ("other_child", "other_event", "file_lost", "recorded_wrongly")
"""Why a second open request for the same service is right. Codes, for free text would name residents."""


def _warnings_seen(known: Answers) -> None:
    """Findings never refuse (domain: a NIK that differs is lawful), but somebody must have seen each."""
    if codes(known, "warnings") - codes(known, "warnings_seen"):
        raise PolicyError("intake.warning_unseen")
    if "duplicate" in codes(known, "warnings") and not known.get("duplicate_reason"):
        raise PolicyError("intake.duplicate_reason_missing")


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
                Field("duplicate_reason", _K.CHOICE, required=False, options=DUPLICATE_REASONS),
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


# ---------------------------------------------------------------- step 7: handover


def _proxy_is_empowered(known: Answers) -> None:
    """Somebody outside the family brings the power of attorney F-1.07 (Permendagri 109/2019)."""
    if not known["power_of_attorney"]:
        raise PolicyError("handover.power_of_attorney_missing")


def _old_card_is_given_up(known: Answers) -> None:
    """Everything that the service withdraws, or the police's word that it is lost."""
    if codes(known, "to_withdraw") - codes(known, "withdrawn"):
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
            (
                Field("collector", _K.CHOICE, options=("self", "family", "proxy")),
                Field("identity", _K.CHOICE, options=IDENTITY_SHOWN),
            ),
            (when("collector", "family", to="family"), when("collector", "proxy", to="proxy"), then("self")),
        ),
        Step("self", (Field("face_matches", _K.CONFIRM),), (then("old_card"),)),
        Step(
            "family",
            (
                Field("collector_name", _K.TEXT, check=Check.NAME),
                Field("relation", _K.CHOICE, options=FAMILY_RELATIONS),
                Field("same_kk", _K.CONFIRM),
            ),
            (then("old_card"),),
        ),
        Step(
            "proxy",
            (
                Field("collector_name", _K.TEXT, check=Check.NAME),
                Field("relation", _K.TEXT),
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
