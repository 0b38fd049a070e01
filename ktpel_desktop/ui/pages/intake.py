"""Step 1: an application becomes a request, and its receipt is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from ktpel_desktop.core import flow
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.flow import Answers, Field, Step, codes
from ktpel_desktop.core.flows import INTAKE
from ktpel_desktop.core.nik import FamilyCardNumber, Nik
from ktpel_desktop.core.request import Priority, Request
from ktpel_desktop.core.services_catalogue import Holder, Service
from ktpel_desktop.services import intake, receipts
from ktpel_desktop.services.intake import Application
from ktpel_desktop.services.receipts import ReceiptOutcome
from ktpel_desktop.ui import words
from ktpel_desktop.ui.pages import receipt_words
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.editors import Editor, Option
from ktpel_desktop.ui.widgets.facts import Facts
from ktpel_desktop.ui.wizard import WizardPage
from ktpel_desktop.ui.workplace import Workplace


class IntakePage(WizardPage):
    """Service, applicant, requirements, warnings, receipt."""

    topic = "loket"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place, INTAKE, {"services": tuple(service.code for service in place.desk.catalogue)})
        self._duplicates: Sequence[Request] = ()
        self.show_step()

    # ------------------------------------------------------------ words and facts

    def _service(self) -> Service:
        return self.place.desk.catalogue.get(str(self.journey.known["service"]))

    def options_in_words(self, step: Step, field: Field) -> Sequence[Option]:
        """Services in the catalogue's order, documents with their duty, warnings with what to look at."""
        if field.id == "service":
            return [(one.code, one.name) for one in self.place.desk.catalogue]
        if field.id == "documents":
            return [
                (need.code, need.text if need.mandatory else f"{need.text} (bila ada)")
                for need in self._service().requirements
            ]
        if field.id == "warnings_seen":
            return [(code, words.finding(code)) for code in sorted(codes(self.journey.known, "warnings"))]
        return super().options_in_words(step, field)

    def make_editor(self, step: Step, field: Field) -> Editor | None:
        """A reason is asked for a second request only; most people stand in the usual queue."""
        if field.id == "duplicate_reason" and "duplicate" not in codes(self.journey.known, "warnings"):
            return None
        made = super().make_editor(step, field)
        if field.id == "priority" and made is not None and made.answer() is None:
            made.fill(Priority.NORMAL.value)
        return made

    def beside(self, step: Step) -> QWidget | None:
        """Before the end, everything that is read back to the applicant."""
        if step.id == "applicant" and self.place.resident_for is not None:
            return Button("Isi dengan warga contoh", "training", slot=self._sample)
        if step.id == "incomplete":
            short = self._service().missing(codes(self.journey.known, "documents"))
            return Facts([("Kurang", need.text) for need in short])
        if step.id != "confirm":
            return None
        known, service = self.journey.known, self._service()
        missing = service.missing(codes(known, "documents"))
        return Facts(
            [
                ("Layanan", service.name),
                ("Nama", str(known["name"])),
                ("NIK", str(known["nik"])),
                ("No. KK", str(known.get("kk") or "–")),
                ("Telepon", str(known.get("phone") or "–")),
                (
                    "Berkas",
                    "lengkap" if not missing else f"kurang: {', '.join(need.text for need in missing)}",
                ),
                ("Antrean", words.word("priority", known["priority"])),
                ("Janji selesai", f"dalam {words.span(service.target)} waktu layanan"),
                ("Biaya", "gratis"),
            ]
        )

    def _sample(self) -> None:
        """In training: a resident of the simulated city who may ask for this service."""
        resident_for = self.place.resident_for
        found = resident_for(str(self.journey.known["service"])) if resident_for is not None else None
        if found is None:
            self.place.messages.say("Tidak ada warga contoh untuk layanan ini", "", Tone.WARN)
            return
        for field, value in (("nik", found.nik), ("name", found.name), ("kk", found.kk)):
            self.editors[field].fill(value)
            self.editors[field].show_error("")
        self.primary_button.setFocus()

    def outcomes(self, step: Step, values: Mapping[str, object]) -> Mapping[str, object]:
        """Whether the file is complete follows from what lies in it."""
        if step.id != "requirements":
            return {}
        missing = self._service().missing(codes(values, "documents"))
        return {"file": "incomplete" if missing else "complete"}

    # ------------------------------------------------------------ acts

    def perform(self, step: Step, values: Answers) -> None:
        """Learn the case's facts on the way; at the end take the application in."""
        if step.id == "service":
            service = self.place.desk.catalogue.get(str(values["service"]))
            documents = tuple(need.code for need in service.requirements)
            self.journey = flow.learn(self.journey, {"documents": documents})
            self.advance(values)
        elif step.id == "applicant":
            self._look_at_applicant(values)
        elif step.id == "confirm":
            self._accept()
        else:
            self.advance(values)

    def _look_at_applicant(self, values: Answers) -> None:
        try:
            nik = Nik.parse(str(values["nik"]))
            kk = FamilyCardNumber.parse(str(values["kk"])) if values.get("kk") else None
        except PolicyError as error:
            self.place.messages.show_error(error)
            return
        service = self._service()
        found = nik.findings(
            self.place.now().date(),
            self.place.desk.regions,
            kk=kk,
            ever_married=service.holder is Holder.EVER_MARRIED,
            child=service.holder is not Holder.ADULT,
        )

        def done(open_requests: Sequence[Request]) -> None:
            twins = [one for one in open_requests if one.service == service.code]
            warnings = {finding.value for finding in found} | ({"duplicate"} if twins else set())
            self.journey = flow.learn(self.journey, {"warnings": tuple(warnings)})
            self.advance(values)

        self.act(intake.duplicates, nik, service.code, done=done)

    def _accept(self) -> None:
        known = self.journey.known
        nik, kk = known["nik"], known.get("kk")
        assert isinstance(nik, Nik)  # noqa: S101 - the flow's check made it
        application = Application(
            service=str(known["service"]),
            nik=nik,
            kk=kk if isinstance(kk, FamilyCardNumber) else None,
            name=str(known["name"]),
            phone=str(known.get("phone") or ""),
            documents=codes(known, "documents"),
            priority=Priority(str(known["priority"])),
            duplicate_reason=str(known.get("duplicate_reason") or ""),
        )
        self.act(intake.accept, application, done=self._accepted)

    def _accepted(self, request: Request) -> None:
        """It is in: the receipt follows, and a printer that is off changes nothing."""

        def printed(outcome: ReceiptOutcome) -> None:
            self.place.home()
            if outcome.failure is None:
                self.place.messages.say(
                    f"Permohonan {request.number} diterima", f"Tanda terima tercetak. Kode: {request.id}"
                )
            else:
                self.place.messages.show_message(receipt_words.not_printed(request, outcome.failure))

        self.act(receipts.print_receipt, request.id, lane=Lane.DEVICE, done=printed)

    def finished(self) -> None:
        """Ended without a request: the applicant comes back with the whole file."""
        self.place.home()
        self.place.messages.say(
            "Permohonan tidak dibuat", "Pemohon kembali setelah berkas lengkap.", Tone.ACTIVE
        )
