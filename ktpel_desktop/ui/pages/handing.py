"""Files and results change hands by name: one small window, used wherever something can be handed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ktpel_desktop.core.records import Person
from ktpel_desktop.core.request import Request
from ktpel_desktop.core.roles import Action
from ktpel_desktop.services import accounts, hand_off_lists, handing_over, intake
from ktpel_desktop.services.hand_off_lists import ListOutcome
from ktpel_desktop.ui.dialogs import ask_choice
from ktpel_desktop.ui.messages import message_for_code
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone

_NUMBERS_SHOWN = 12


class LastList:
    """The list of what was handed over last on a page: a button, once there is something to print and to print on."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._request_id = ""
        self.button = page.action("Cetak daftar serah", "print", self.print, key="F7", in_head=False)
        self.button.hide()

    def offer(self, moved: Sequence[Request]) -> None:
        """These changed hands."""
        self._request_id = moved[0].id
        self.button.setVisible(self._page.place.desk.dot_matrix is not None)

    def print(self) -> None:
        """Print it, for the first time or as a copy."""
        print_list(self._page, self._request_id)


def print_list(page: Page, request_id: str, done: Callable[[], object] = lambda: None) -> None:
    """Print the list of the hand-off in which this request changed hands last; the journal knows of copies."""

    def printed(outcome: ListOutcome) -> None:
        done()
        if outcome.error is not None:
            page.place.messages.show_message(message_for_code(outcome.error))
        else:
            copy = f"Salinan {outcome.copy}. " if outcome.copy else ""
            page.place.messages.say("Daftar serah tercetak", f"{copy}Kedua pihak menandatanganinya.")

    page.act(hand_off_lists.print_list, request_id, lane=Lane.DEVICE, done=printed)


def files_to_operator(
    page: Page, requests: Sequence[Request], done: Callable[[], object], last: LastList | None = None
) -> None:
    """Step 2: the files go to an operator."""
    _hand(page, requests, done, last, "berkas", "operator", Action.RECEIVE_FILES, intake.hand_to_operator)


def results_to_counter(
    page: Page, requests: Sequence[Request], done: Callable[[], object], last: LastList | None = None
) -> None:
    """Step 6: the results go to a counter officer."""
    _hand(page, requests, done, last, "hasil", "loket", Action.RECEIVE_RESULTS, handing_over.hand_to_counter)


def _hand(
    page: Page,
    requests: Sequence[Request],
    done: Callable[[], object],
    last: LastList | None,
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
        if last is not None:
            last.offer(moved)
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
