"""What the training SIAK decides: look-ups, print orders, results, statuses. No HTTP, no clock, no threads.

The rules are those of resources/siak/kontrak.yaml. An order hangs on the job id alone: the same job always gets the
same order id, content and digest, with fresh times; and an order whose card was reported is never given again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

from ktpel_desktop.core import chip_files, security_object
from ktpel_desktop.core.card_profile import CardProfile
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.outbox import CardOutcome
from ktpel_desktop.core.ports import Reception
from ktpel_desktop.core.print_order import PrintOrder
from ktpel_desktop.core.security_object import SecurityObject
from ktpel_desktop.core.subject import content_digest
from ktpel_desktop.siak.simulator import biometrics
from ktpel_desktop.siak.simulator.eligibility import printable
from ktpel_desktop.siak.simulator.ledger import Entry, Ledger, MemoryLedger
from ktpel_desktop.siak.simulator.residents import PRINTED, PRR, Resident, Standing

ORDER_LIFE = timedelta(hours=1)
RESULT_FIELDS = frozenset({"job_id", "order_id", "request_id", "outcome", "chip_serial", "reason"})
STATUS_FIELDS = frozenset({"ticket", "status"})
HANDED_OVER = "HANDED_OVER"

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_ANSWER_CODES = {Standing.DECEASED: "11", Standing.DUPLICATE: "12", Standing.INACTIVE: "14"}
_REFUSED_STANDING = {
    Standing.DECEASED: "deceased",
    Standing.DUPLICATE: "duplicate_record",
    Standing.INACTIVE: "inactive",
}


class Signer(Protocol):
    """Who signs the orders, and the digests of the chip's files."""

    def sign(self, order: PrintOrder) -> PrintOrder: ...
    def sign_object(self, made: SecurityObject) -> SecurityObject: ...


class Refusal(Exception):
    """SIAK says no: HTTP status, code of the contract, and the enrolment state where that is the reason."""

    def __init__(self, status: int, code: str, enrolment: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.enrolment = status, code, enrolment


class Registry:
    """Residents, the orders given, and what was reported of them."""

    def __init__(
        self,
        people: Mapping[str, Resident],
        authority: Signer,
        profile: CardProfile,
        ledger: Ledger | None = None,
    ) -> None:
        """`profile` is the kind of card that orders are for; `ledger` keeps what must outlive a restart.

        Raises GatewayError "siak.training_state".
        """
        self.people = people
        self.stuck = False
        """While set, every record waits at the centre (SENT_FOR_ENROLLMENT) and no new order is given."""
        self.orders: dict[str, Mapping[str, str]] = {}
        self.results: dict[str, Mapping[str, str]] = {}
        self.statuses: dict[str, Mapping[str, str]] = {}
        self._authority = authority
        self._profile = profile
        self._content: Callable[[str], bytes] = lru_cache(64)(self._draw_content)
        self._ledger: Ledger = MemoryLedger() if ledger is None else ledger
        for entry in self._ledger:
            self._take(entry)

    # ------------------------------------------------------------ what tests and reports ask

    def issued(self, request_id: str) -> tuple[str, ...]:
        """Jobs of this request that were reported as ISSUED: at most one, ever."""
        return tuple(
            job
            for result in self.results.values()
            if result["request_id"] == request_id and result["outcome"] == CardOutcome.ISSUED
            for job in [result["job_id"]]
        )

    def enrolment(self, person: Resident) -> str:
        """The state of the record, as far as the reported cards have moved it on."""
        if self.stuck and person.enrolment in PRINTED | {PRR}:
            return "SENT_FOR_ENROLLMENT"
        requests = {
            order["request_id"]
            for job, order in self.orders.items()
            if order["nik"] == person.nik and job in self.issued(order["request_id"])
        }
        if not requests:
            return person.enrolment
        handed = any(
            status["ticket"] in requests and status["status"] == HANDED_OVER
            for status in self.statuses.values()
        )
        return "CARD_ISSUED" if handed else "CARD_PRINTED"

    # ------------------------------------------------------------ the contract

    def look_up(self, digits: str) -> dict[str, object]:
        """The one element of `content`: the record, or the code and text of the refusal."""
        if not _is_nik(digits):
            return _refused("15", "Format NIK Tidak Sesuai")
        person = self.people.get(digits)
        if person is None:
            return _refused("13", "Data Tidak Ditemukan")
        if person.standing is not Standing.ACTIVE:
            return _refused(_ANSWER_CODES[person.standing], "Data Ditemukan")
        return _row(person, self.enrolment(person))

    def order(
        self, job_id: str, request_id: str, nik: str, service: str, now: datetime
    ) -> tuple[PrintOrder, bool]:
        """The print order of a job, and whether it is new. Raises Refusal."""
        if not (_ID.fullmatch(job_id) and _ID.fullmatch(request_id) and service and _is_nik(nik)):
            raise Refusal(422, "malformed")
        person = self.people.get(nik)
        if person is None:
            raise Refusal(404, "unknown_nik")
        asked = {"request_id": request_id, "nik": nik, "service": service}
        known = self.orders.get(job_id)
        if known is not None:
            if known != asked:
                raise Refusal(409, "order_conflict")
            if any(result["job_id"] == job_id for result in self.results.values()):
                raise Refusal(409, "order_used")
            return self._signed(job_id, nik, now), False
        if person.standing is not Standing.ACTIVE:
            raise Refusal(409, _REFUSED_STANDING[person.standing])
        if self.issued(request_id):
            raise Refusal(409, "already_issued")
        enrolment = self.enrolment(person)
        if enrolment == "DUPLICATE_RECORD":
            raise Refusal(409, "duplicate_record", enrolment)
        if not printable(service, enrolment):
            raise Refusal(409, "not_printable", enrolment)
        self._keep(Entry("order", job_id, asked))
        return self._signed(job_id, nik, now), True

    def result(self, delivery_id: str, body: Mapping[str, str]) -> Reception:
        """Take the report of a card. Raises Refusal."""
        _check(delivery_id, body, RESULT_FIELDS)
        outcome = body["outcome"]
        wrong = outcome not in set(CardOutcome) or (outcome == CardOutcome.ISSUED and not body["chip_serial"])
        if wrong or (outcome == CardOutcome.SPOILED and not body["reason"]):
            raise Refusal(422, "malformed")
        known = self.results.get(delivery_id)
        if known is not None:
            if known != body:
                raise Refusal(409, "result_conflict")
            return Reception.ALREADY_HAD
        order = self.orders.get(body["job_id"])
        if (
            order is None
            or order["request_id"] != body["request_id"]
            or order_id(body["job_id"], order["nik"]) != body["order_id"]
        ):
            raise Refusal(404, "unknown_order")
        if any(result["job_id"] == body["job_id"] for result in self.results.values()):
            raise Refusal(409, "result_conflict")
        if outcome == CardOutcome.ISSUED and self.issued(body["request_id"]):
            raise Refusal(409, "already_issued")
        self._keep(Entry("result", delivery_id, dict(body)))
        return Reception.ACCEPTED

    def status(self, delivery_id: str, body: Mapping[str, str]) -> Reception:
        """Take a request's status for the website (step 8). Raises Refusal."""
        _check(delivery_id, body, STATUS_FIELDS)
        if not (body["ticket"] and body["status"]):
            raise Refusal(422, "malformed")
        known = self.statuses.get(delivery_id)
        if known is not None:
            if known != body:
                raise Refusal(409, "result_conflict")
            return Reception.ALREADY_HAD
        self._keep(Entry("status", delivery_id, dict(body)))
        return Reception.ACCEPTED

    # ------------------------------------------------------------ inside

    def _signed(self, job_id: str, nik: str, now: datetime) -> PrintOrder:
        content = self._content(nik)
        issued_at = now.replace(microsecond=0)
        digest = content_digest(content)
        files = security_object.digests_of(chip_files.build_from_content(self._profile, content))
        chip = self._authority.sign_object(
            SecurityObject(order_id(job_id, nik), digest, self._profile.name, files, authority="")
        )
        return self._authority.sign(
            PrintOrder(
                order_id=order_id(job_id, nik),
                job_id=job_id,
                nik=Nik.parse(nik),
                content=content,
                digest=digest,
                issued_at=issued_at,
                expires_at=issued_at + ORDER_LIFE,
                authority="",
                signature=b"",
                security_object=chip.encode(),
            )
        )

    def _draw_content(self, nik: str) -> bytes:
        return biometrics.subject(self.people[nik]).to_content()

    def _keep(self, entry: Entry) -> None:
        self._ledger.add(entry)
        self._take(entry)

    def _take(self, entry: Entry) -> None:
        kept = {"order": self.orders, "result": self.results, "status": self.statuses}.get(entry.kind)
        if kept is not None:
            kept[entry.id] = entry.body


def order_id(job_id: str, nik: str) -> str:
    """Id of a job's order: the same after a restart that forgot everything."""
    return "PO-" + hashlib.sha256(f"{job_id}/{nik}".encode()).hexdigest()[:16].upper()


def _check(delivery_id: str, body: Mapping[str, str], wanted: frozenset[str]) -> None:
    if not _ID.fullmatch(delivery_id) or set(body) != wanted:
        raise Refusal(422, "malformed")


def _is_nik(digits: str) -> bool:
    return re.fullmatch(r"[0-9]{16}", digits) is not None


def _refused(code: str, text: str) -> dict[str, object]:
    return {"RESPONSE_CODE": code, "RESPON": text}


def _row(person: Resident, enrolment: str) -> dict[str, object]:
    """The record with the fields of the Dukcapil web service (dukcapil_ws_fields.csv)."""
    return {
        "NIK": person.nik,
        "NO_KK": person.kk,
        "NAMA_LGKP": person.name,
        "TMPT_LHR": person.birth_place,
        "TGL_LHR": person.birth_date.strftime("%d-%m-%Y"),
        "JENIS_KLMIN": biometrics.sex(person),
        "GOL_DARAH": "TIDAK TAHU" if person.blood_group == "-" else person.blood_group,
        "ALAMAT": person.address,
        "NO_RT": person.rt,
        "NO_RW": person.rw,
        "DUSUN": None,
        "KEL_NAME": person.kelurahan,
        "KEC_NAME": person.kecamatan,
        "KAB_NAME": person.kabupaten,
        "PROP_NAME": person.province,
        "NO_KEL": person.area[6:],
        "NO_KEC": person.area[4:6],
        "NO_KAB": person.area[2:4],
        "NO_PROP": person.area[:2],
        "AGAMA": person.religion,
        "STATUS_KAWIN": person.marital_status,
        "JENIS_PKRJN": person.occupation,
        "EKTP_STATUS": enrolment,
    }
