"""Steps 3 and 4: the file against its checklist and against SIAK, and the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtWidgets import QProgressBar, QWidget

from ktpel_desktop.core import flow
from ktpel_desktop.core.errors import GatewayError
from ktpel_desktop.core.flow import Answers, Field, Step, codes
from ktpel_desktop.core.flows import VERIFICATION
from ktpel_desktop.core.request import Request
from ktpel_desktop.core.services_catalogue import Product
from ktpel_desktop.services import queries, verifying
from ktpel_desktop.services.queries import RequestView
from ktpel_desktop.services.verifying import Comparison
from ktpel_desktop.ui import messages, theme, words
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.editors import Editor, Option
from ktpel_desktop.ui.widgets.facts import Facts
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.wizard import WizardPage
from ktpel_desktop.ui.workplace import Workplace

_SHOWN = (
    "NAMA_LGKP",
    "TMPT_LHR",
    "TGL_LHR",
    "JENIS_KLMIN",
    "ALAMAT",
    "NO_RT",
    "NO_RW",
    "AGAMA",
    "STATUS_KAWIN",
    "JENIS_PKRJN",
)
"""Fields of SIAK that are laid beside the file."""


_REFUSED = {
    "siak.not_found": "not_found",
    "siak.deceased": "deceased",
    "siak.duplicate": "duplicate",
    "siak.inactive": "inactive",
}
"""SIAK's refusals that answer the question; after any other it is not known."""


class VerificationPage(WizardPage):
    """Papers, SIAK, differences, decision."""

    topic = "verifikasi"

    def __init__(self, place: Workplace, request_id: str) -> None:
        super().__init__(place, VERIFICATION, {})
        self.request_id = request_id
        self.request: Request | None = None
        self.comparison: Comparison | None = None
        self._siak = ""
        self.ask(queries.request_view, request_id, done=self._begin, failed=self._gone)

    def _gone(self, error: Exception) -> None:
        self.place.home()
        self.place.messages.show_error(error)

    def _begin(self, view: RequestView) -> None:
        self.request = view.request
        service = self.place.desk.catalogue.get(view.request.service)
        needed = tuple(need.code for need in service.requirements)
        self.journey = flow.learn(
            self.journey,
            {
                "documents": needed,
                "mandatory": tuple(need.code for need in service.missing(view.request.documents)),
                "product": service.product.value,
            },
        )
        self.say_below(f"{view.request.number} · {view.request.name} · {service.name}")
        self.show_step()

    # ------------------------------------------------------------ words

    def options_in_words(self, step: Step, field: Field) -> Sequence[Option]:
        """Documents by their name, SIAK's fields by theirs."""
        if field.id in ("papers", "lacking") and self.request is not None:
            service = self.place.desk.catalogue.get(self.request.service)
            return [(need.code, need.text) for need in service.requirements]
        if field.id == "differing":
            return [
                (code, words.word("siak_field", code))
                for code in sorted(codes(self.journey.known, "compared_fields"))
            ]
        return super().options_in_words(step, field)

    def make_editor(self, step: Step, field: Field) -> Editor | None:
        """What the counter saw is ticked already; what differs is found by the program, and only then explained."""
        if field.id == "explanation" and self.comparison is not None and not self.comparison.differences:
            return None
        made = super().make_editor(step, field)
        if made is None or self.request is None:
            return made
        if field.id == "papers":
            made.fill(self.request.documents)
        elif field.id == "differing" and self.comparison is not None:
            made.fill(frozenset(one.field for one in self.comparison.differences))
        elif field.id == "lacking":
            papers = codes(self.journey.known, "papers")
            made.fill(codes(self.journey.known, "documents") - papers)
        return made

    # ------------------------------------------------------------ beside the fields

    def beside(self, step: Step) -> QWidget | None:
        """SIAK's answer and the comparison."""
        if step.id == "siak":
            return self._answer()
        if step.id == "compare":
            return self._side_by_side()
        if step.id == "decision" and self.comparison is not None:
            return Facts(self._verdict())
        if step.id == "confirm":
            return Facts(self._summary())
        return None

    def _answer(self) -> QWidget:
        sheet = Section("Jawaban SIAK")
        self._lamp = Lamp("")
        self._told = Facts()
        self._skeleton = QProgressBar()
        self._skeleton.setRange(0, 0)
        self._skeleton.setTextVisible(False)
        self._skeleton.setFixedHeight(10)
        self._skeleton.setAccessibleName("Menunggu jawaban SIAK")
        self._again = Button("Tanya lagi", "refresh", slot=self._look_up)
        sheet.add(self._lamp)
        sheet.add(self._skeleton)
        sheet.add(self._told)
        sheet.column.addStretch(1)
        sheet.head.addWidget(self._again)
        return sheet

    def entered(self, step: Step) -> None:
        """SIAK is asked as soon as its step is shown."""
        if step.id == "siak" and self.comparison is None:
            self._look_up()
        elif step.id == "siak":
            self._show_answer()

    def _look_up(self) -> None:
        self._skeleton.show()
        self._lamp.show_state(Tone.ACTIVE, "SIAK sedang ditanya …")
        self.act(
            verifying.look_up,
            self.request_id,
            lane=Lane.NETWORK,
            done=self._looked_up,
            failed=self._no_answer,
        )

    def _looked_up(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self._siak = "found" if comparison.printable else "not_printable"
        fields = tuple(one.field for one in comparison.differences)
        self.journey = flow.learn(self.journey, {"compared_fields": fields})
        self._show_answer()

    def _no_answer(self, error: Exception) -> None:
        """No record: the decision can still be to wait or to refuse."""
        self.comparison = None
        code = error.code if isinstance(error, GatewayError) else ""
        self._siak = _REFUSED.get(code, "offline")
        self._skeleton.hide()
        message = messages.message_for(error)
        self._lamp.show_state(Tone.BAD, message.title if message else "Tidak ada jawaban")
        if not isinstance(error, GatewayError):
            self._siak = ""
        self.place.messages.show_error(error)

    def _show_answer(self) -> None:
        self._skeleton.hide()
        if self.comparison is None:
            return
        good = self.comparison.printable
        self._lamp.show_state(
            Tone.OK if good else Tone.WARN,
            "Ditemukan, dapat diproses" if good else "Ditemukan, belum dapat dicetak",
        )
        self._told.show_rows(self._verdict())
        self.primary_button.setFocus()

    def _verdict(self) -> list[tuple[str, str]]:
        comparison = self.comparison
        if comparison is None:
            return []
        differing = ", ".join(words.word("siak_field", one.field) for one in comparison.differences)
        rows = [
            ("Status perekaman", words.word("enrolment_state", comparison.enrolment)),
            ("Anjuran", words.word("enrolment_advice", comparison.enrolment)),
            ("Perbedaan", differing or "tidak ada"),
        ]
        rows += [("Catatan NIK", words.finding(finding.value)) for finding in comparison.nik_findings]
        return rows

    def _summary(self) -> list[tuple[str, str]]:
        """What is about to be saved."""
        known, request = self.journey.known, self.request
        if request is None:
            return []
        decision = str(known["decision"])
        rows = [
            ("Permohonan", f"{request.number} · {request.name}"),
            ("Keputusan", self.option_word("decision", "decision", decision)),
        ]
        reasons = [words.reason(code) for code in sorted(codes(known, "reasons"))]
        needs = {need.code: need.text for need in self.place.desk.catalogue.get(request.service).requirements}
        lacking = [needs.get(code, code) for code in sorted(codes(known, "lacking"))]
        for field, title in (("reject_reason", "Alasan"), ("waiting_reason", "Menunggu")):
            if known.get(field):
                rows.append((title, words.reason(str(known[field]))))
        if decision == "complete" and known.get("explanation"):
            rows.append(("Perbedaan", self.option_word("compare", "explanation", str(known["explanation"]))))
        if decision == "incomplete":
            rows += [("Alasan", "; ".join(reasons)), ("Kurang", "; ".join(lacking) or "–")]
        return rows

    def _side_by_side(self) -> QWidget | None:
        comparison, request = self.comparison, self.request
        if comparison is None or request is None:
            return None
        theirs = comparison.record.fields
        found = {one.field: one for one in comparison.differences}
        kk = found.get("NO_KK")
        rows: list[tuple[str, str, str, Tone | None]] = [
            ("NIK", request.nik.masked, comparison.record.nik.masked, Tone.OK),
            (
                "No. KK",
                request.kk.masked if request.kk else "–",
                kk.siak if kk else (request.kk.masked if request.kk else "–"),
                Tone.WARN if kk else Tone.OK,
            ),
        ]
        for field in _SHOWN:
            if field not in theirs and field not in found:
                continue
            ours = request.name if field == "NAMA_LGKP" else ""
            tone = Tone.WARN if field in found else (Tone.OK if ours else None)
            rows.append(
                (
                    words.word("siak_field", field),
                    ours or "lihat berkas",
                    _readable(theirs.get(field, "–")),
                    tone,
                )
            )
        table = RowsView(
            (
                Column("Data", lambda row: row[0], width=15),
                Column("Di berkas", lambda row: row[1]),
                Column("Di SIAK", lambda row: row[2]),
                Column("Hasil", _result, lambda row: row[3], width=11),
            ),
            "Perbandingan berkas dan SIAK",
            wrap=True,
        )
        table.show_rows(rows)
        table.setMinimumHeight(min(len(rows), 8) * theme.TARGET + 40)
        return table

    # ------------------------------------------------------------ acts

    def outcomes(self, step: Step, values: Mapping[str, object]) -> Mapping[str, object]:
        """SIAK's word, and the papers that are still mandatory with what was ticked."""
        if step.id == "papers" and self.request is not None:
            service = self.place.desk.catalogue.get(self.request.service)
            missing = service.missing(codes(values, "papers"))
            self.journey = flow.learn(self.journey, {"mandatory": tuple(need.code for need in missing)})
        return {"siak": self._siak} if step.id == "siak" and self._siak else {}

    def perform(self, step: Step, values: Answers) -> None:
        """Wait for SIAK; decide at the end."""
        if step.id == "siak" and not self._siak:
            self._look_up()
        elif step.id == "confirm":
            self._decide()
        else:
            self.advance(values)

    def plain_way(self, step: Step) -> str:
        """A good file is compared."""
        return "compare" if step.id == "siak" else super().plain_way(step)

    def _decide(self) -> None:
        known, request_id = self.journey.known, self.request_id
        match known["decision"]:
            case "complete":
                explanation = str(known.get("explanation") or "")
                self.act(verifying.decide_complete, request_id, explanation, done=self._decided)
            case "incomplete":
                reasons = [*sorted(codes(known, "lacking")), *sorted(codes(known, "reasons"))]
                self.act(verifying.decide_incomplete, request_id, reasons, done=self._decided)
            case "reject":
                reason = str(known["reject_reason"])
                self.act(verifying.decide_reject, request_id, [reason], done=self._decided)
            case _:
                reason = str(known["waiting_reason"])
                self.act(verifying.decide_wait, request_id, reason, done=self._decided)

    def _decided(self, request: Request) -> None:
        product = self.place.desk.catalogue.get(request.service).product
        ready = request.state.value == "VERIFIED"
        if ready and product is Product.CARD:
            self.place.go("issue", request_id=request.id)
        else:
            self.place.go("request", request_id=request.id)
        self.place.messages.say(f"{request.number}: {words.state_of(request)}", "Keputusan tercatat.")


def _readable(value: str) -> str:
    """A date as it stands on papers; anything else as it came."""
    try:
        return words.short_day(datetime.fromisoformat(value)) if len(value) == 10 else value
    except ValueError:
        return value


def _result(row: tuple[str, str, str, Tone | None]) -> str:
    return {Tone.OK: "sama", Tone.WARN: "berbeda", None: "bandingkan"}.get(row[3], "")
