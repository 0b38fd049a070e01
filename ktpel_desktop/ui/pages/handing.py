"""Files and results change hands by name: one small window, used wherever something can be handed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ktpel_desktop.core.records import Person
from ktpel_desktop.core.request import Request
from ktpel_desktop.core.roles import Action
from ktpel_desktop.services import accounts, handing_over, intake
from ktpel_desktop.ui.dialogs import ask_choice
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.theme import Tone

_NUMBERS_SHOWN = 12


def files_to_operator(page: Page, requests: Sequence[Request], done: Callable[[], object]) -> None:
    """Step 2: the files go to an operator."""
    _hand(page, requests, done, "berkas", "operator", Action.RECEIVE_FILES, intake.hand_to_operator)


def results_to_counter(page: Page, requests: Sequence[Request], done: Callable[[], object]) -> None:
    """Step 6: the results go to a counter officer."""
    _hand(page, requests, done, "hasil", "loket", Action.RECEIVE_RESULTS, handing_over.hand_to_counter)


def _hand(
    page: Page,
    requests: Sequence[Request],
    done: Callable[[], object],
    what: str,
    whom: str,
    action: Action,
    hand: Callable[..., Sequence[Request]],
) -> None:
    messages = page.place.messages
    if not requests:
        messages.say(f"Tidak ada {what} untuk diserahkan ke {whom}", "", Tone.WARN)
        return
    ids = [request.id for request in requests]
    numbers = ", ".join(request.number for request in requests[:_NUMBERS_SHOWN])
    more = f" dan {len(ids) - _NUMBERS_SHOWN} lainnya" if len(ids) > _NUMBERS_SHOWN else ""

    def handed(moved: Sequence[Request]) -> None:
        done()
        messages.say(f"{len(moved)} {what} diserahkan ke {whom}", "Kedua nama dan waktunya tercatat.")

    def choose(people: Sequence[Person]) -> None:
        ask_choice(
            page,
            f"Serahkan {what} ke {whom}",
            f"{len(ids)} {what}: {numbers}{more}",
            [(person.username, person.name) for person in people],
            ("Serahkan", "bundle"),
            lambda receiver: page.act(hand, ids, receiver, done=handed),
            caption="Penerima",
        )

    page.act(accounts.receivers, action, done=choose)
