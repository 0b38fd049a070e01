"""Step 7: the result goes into the hands of the right person, and what must come back is taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ktpel_desktop.core import flow
from ktpel_desktop.core.flow import Answers, Field, Step, codes
from ktpel_desktop.core.flows import HANDOVER
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.services_catalogue import Product
from ktpel_desktop.services import handing_over, intake
from ktpel_desktop.services.handing_over import ChipCheck, Collection, Relation
from ktpel_desktop.services.verifying import LOSS_REPORT
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.pages import listing
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import Option
from ktpel_desktop.ui.widgets.facts import Facts
from ktpel_desktop.ui.widgets.lines import Line
from ktpel_desktop.ui.widgets.tables import RowsView
from ktpel_desktop.ui.wizard import WizardPage
from ktpel_desktop.ui.workplace import Workplace

_RELATIONS = {"self": Relation.SELF, "family": Relation.FAMILY, "proxy": Relation.PROXY}


class HandoverPage(WizardPage):
    """Find, collector, old card, chip, receipt."""

    topic = "serah-terima"

    def __init__(self, place: Workplace, request_id: str = "") -> None:
        super().__init__(place, HANDOVER, {})
        self._request: Request | None = None
        self._wanted = request_id
        self._search = Line()
        self.show_step()
        if request_id:
            self.act(intake.find, request_id, done=self._found)

    # ------------------------------------------------------------ finding

    def beside(self, step: Step) -> QWidget | None:
        """The search at first; later who and what it is about."""
        if step.id == "find":
            return self._finder()
        if self._request is None:
            return None
        request = self._request
        return Facts(
            [
                ("Permohonan", f"{request.number} · {self.place.desk.catalogue.get(request.service).name}"),
                ("Pemohon", f"{request.name} · {request.nik}"),
                ("Keadaan", words.state_of(request)),
            ]
        )

    def _finder(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        self._search = Line(self._wanted)
        self._search.setMinimumHeight(theme.TARGET_COUNTER)
        self._search.setPlaceholderText("Pindai tanda terima, atau ketik nomor, nama, NIK lengkap")
        self._search.setAccessibleName("Cari permohonan")
        self._table = RowsView(
            (
                listing.number(),
                listing.applicant(),
                listing.service(self.place),
                listing.state(),
            ),
            "Permohonan yang ditemukan",
            key=lambda request: request.id,
        )
        self._table.opened.connect(self._take)
        column.addWidget(self._search)
        column.addWidget(self._table, 1)
        return holder

    def plain_way(self, step: Step) -> str:
        """What is usual: it is there, and the applicant collects it."""
        return {"find": "collector", "collector": "self"}.get(step.id, super().plain_way(step))

    def focus_first(self) -> None:
        """On the first step one types or scans at once."""
        if not self.journey.finished and self.journey.current.id == "find":
            self._search.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().focus_first()

    def entered(self, step: Step) -> None:
        """What is ready is listed even before anything is typed."""
        if step.id == "find":
            if not self._wanted:
                self.ask(handing_over.ready, done=self._table.show_rows)
        elif step.id == "chip":
            self._read_chip()

    def proceed(self) -> None:
        """On the first step Enter looks for what was typed, and takes it when it is one."""
        if self.journey.current.id != "find":
            super().proceed()
            return
        text = self._search.text().strip()
        chosen = self._table.current()
        if text:
            self.act(intake.find, text, done=self._found)
        elif chosen is not None:
            self._take(chosen)

    def _found(self, found: Sequence[Request]) -> None:
        self._search.clear()
        self._table.show_rows(found)
        if len(found) == 1:
            self._take(found[0])
        elif not found:
            self.place.messages.say(
                "Tidak ditemukan", "Periksa kode atau nomor pada tanda terima.", Tone.WARN
            )
        else:
            self._table.setFocus()

    def _take(self, request: Request) -> None:
        """The request this is about: its facts, and whether it can be handed over at all."""
        self._request = request
        service = self.place.desk.catalogue.get(request.service)
        lost = LOSS_REPORT in request.documents
        due = [] if lost else [item.code for item in service.withdrawn_for(request.documents)]
        product = "card" if service.product is Product.CARD else "document"
        self.journey = flow.learn(
            self.journey, {"product": product, "to_withdraw": tuple(due), "lost": False}
        )
        if request.state is RequestState.AT_COUNTER:
            found = "at_counter"
        elif request.state is RequestState.HANDED_OVER:
            found = "handed_over"
        else:
            found = "ended" if request.ended else "not_ready"
        self.advance({"found": found})

    # ------------------------------------------------------------ words

    def options_in_words(self, step: Step, field: Field) -> Sequence[Option]:
        """What is withdrawn, by its name."""
        if field.id == "withdrawn" and self._request is not None:
            service = self.place.desk.catalogue.get(self._request.service)
            due = codes(self.journey.known, "to_withdraw")
            return [(item.code, item.text) for item in service.withdrawn if item.code in due]
        return super().options_in_words(step, field)

    # ------------------------------------------------------------ acts

    def _read_chip(self) -> None:
        """Ask the reader in front of the collector; a person may still answer where it knows nothing."""
        if self._request is None:
            return

        def done(check: ChipCheck) -> None:
            editor = self.editors.get("chip_answers")
            if editor is not None:
                editor.fill(check.answer.value)
            title, told = words.chip_check(check)
            self.place.messages.say(title, told, Tone.OK if check.answer is Answer.YES else Tone.WARN)
            self.focus_first()

        self.act(handing_over.check_chip, self._request.id, lane=Lane.DEVICE, done=done)

    def perform(self, step: Step, values: Answers) -> None:
        """At the end of the way the card changes hands."""
        if step.id == "receipt" and self._request is not None:
            self._hand_over(values)
        else:
            self.advance(values)

    def _hand_over(self, values: Answers) -> None:
        known: Mapping[str, object] = {**self.journey.known, **values}
        request = self._request
        if request is None:
            return
        withdrawn = set(codes(known, "withdrawn"))
        if LOSS_REPORT in request.documents or known.get("police_report"):
            withdrawn.add(LOSS_REPORT)
        collection = Collection(
            collector=str(known.get("collector_name", "")),
            relation=_RELATIONS[str(known["collector"])].value,
            identity=self.option_word("self", "identity", str(known["identity"])),
            withdrawn=tuple(sorted(withdrawn)),
            chip_answers=Answer(str(known.get("chip_answers", Answer.UNKNOWN.value))),
            receipt_signed=known.get("signed") is True,
            letter="F-1.07" if known.get("power_of_attorney") is True else "",
        )

        def done(moved: Request) -> None:
            self.place.home()
            self.place.messages.say(f"Permohonan {moved.number} sudah diserahkan", "Serah terima tercatat.")

        self.act(handing_over.hand_over, request.id, collection, done=done)
