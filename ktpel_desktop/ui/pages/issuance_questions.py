"""Questions that only people can answer while a card is made, and the second person that some answers need."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import JobState, PrintAnswer, SpoilReason
from ktpel_desktop.core.roles import Action
from ktpel_desktop.services.approvals import Approval
from ktpel_desktop.ui import words
from ktpel_desktop.ui.dialogs import AskApproval, AskFields, ask_choice
from ktpel_desktop.ui.pages.issuance_states import TOLD
from ktpel_desktop.ui.widgets.editors import ChecksEditor
from ktpel_desktop.ui.widgets.face_check import POINTS
from ktpel_desktop.ui.workplace import Workplace


def leave_needed(error: Exception) -> Action | None:
    """The act for which a second person's leave is missing, where leave is all that is missing."""
    if not isinstance(error, PolicyError) or error.code != "approval.missing":
        return None
    action = error.params.get("action")
    return Action(str(action)) if action in (Action.REPRINT, Action.PRINT_OUT_OF_HOURS) else None


def ask_bad_face(page: QWidget, seen: Sequence[str], confirmed: Callable[[tuple[str, ...]], object]) -> None:
    """What is wrong with the printed face: the points in `seen` are ticked already, at least one must be."""
    options = [(code, words.word("face_fault", code)) for code in POINTS]
    told = "Kartu dicatat rusak dan tidak dapat dipakai lagi. Permohonan dicetak ulang dengan blangko baru."
    editor = ChecksEditor("Apa yang tidak baik?", options, required=True)
    editor.fill(tuple(seen))

    def given(answers: list[object]) -> None:
        chosen = answers[0]
        confirmed(tuple(code for code in POINTS if isinstance(chosen, frozenset) and code in chosen))

    AskFields(page, "Muka kartu tidak baik", told, ("Catat rusak", "trash"), [editor], given)


def ask_unknown(
    page: QWidget,
    place: Workplace,
    request_id: str,
    answered: Callable[[PrintAnswer, Approval | None], object],
) -> None:
    """What came out of the printer; two of the answers need a second person."""

    def given(code: str) -> None:
        answer = PrintAnswer(code)
        if answer in (PrintAnswer.NOT_PRINTED, PrintAnswer.CARD_MISSING):
            AskApproval(
                page, place, Action.NOT_PRINTED, request_id, lambda approval: answered(answer, approval)
            )
        else:
            answered(answer, None)

    options = [(answer.value, words.word("print_answer", answer)) for answer in PrintAnswer]
    title, told = TOLD[JobState.PRINT_UNKNOWN]
    ask_choice(page, title, told, options, ("Jawab", "done"), given)


def ask_spoil(
    page: QWidget,
    place: Workplace,
    request_id: str,
    *,
    reported: bool,
    spoiled: Callable[[SpoilReason, Approval | None], object],
) -> None:
    """Why a card is withdrawn; one that is missing or was reported already needs a second person."""

    def given(code: str) -> None:
        reason = SpoilReason(code)
        if reason is SpoilReason.MISSING or reported:
            AskApproval(
                page, place, Action.DESTROY_SPOILED, request_id, lambda approval: spoiled(reason, approval)
            )
        else:
            spoiled(reason, None)

    options = [(reason.value, words.word("spoil_reason", reason)) for reason in SpoilReason]
    told = "Kartu ini tidak akan dipakai. Pilih sebabnya."
    ask_choice(page, "Kartu rusak", told, options, ("Catat rusak", "trash"), given)
