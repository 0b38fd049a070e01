"""The people of the training office, and how its first day begins."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from ktpel_desktop.bootstrap import TRAINING_BLANKS, TrainingOffice
from ktpel_desktop.core.nik import FamilyCardNumber, Nik
from ktpel_desktop.core.power_capacity import Connection
from ktpel_desktop.core.records import Person
from ktpel_desktop.core.request import Priority, Request
from ktpel_desktop.core.roles import Action, Actor, Role
from ktpel_desktop.core.services_catalogue import Service
from ktpel_desktop.core.stock import PhysicalCount
from ktpel_desktop.services import handing_over, intake, power_declared, preflight, shifts, stock, verifying
from ktpel_desktop.services.approvals import Approval, approve
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.intake import Application

if TYPE_CHECKING:
    from ktpel_desktop.siak.simulator.residents import Resident

PC = "PC-1"
PASSWORD = "latihan-ktpel"  # noqa: S105 - shown on the login page; opens nothing but the training folder
LOKET = Actor("sari", "Sari Dewi", Role.LOKET, PC)
OPERATOR = Actor("budi", "Budi Santoso", Role.OPERATOR, PC)
PENYELIA = Actor("ratna", "Ratna Wulandari", Role.PENYELIA, PC)
PEMANTAU = Actor("lurah", "Hendra Gunawan", Role.PEMANTAU, PC)
ADMIN = Actor("teknisi", "Agus Prasetyo", Role.ADMIN, PC)
STAFF = (LOKET, OPERATOR, PENYELIA, PEMANTAU, ADMIN)

_ATTESTED: tuple[tuple[str, bool | float, str, str], ...] = (
    ("area", 20.0, "ukur pita, 5 m × 4 m", "m²"),
    ("secured", True, "pintu berkunci, petugas keamanan berjaga", ""),
    ("cabinet_locked", True, "lemari arsip terkunci, kunci di penyelia", ""),
    ("air_conditioned", True, "AC 1 PK menyala, disetel 23 °C", ""),
    ("power_dedicated", True, "MCB tersendiri, tidak dibagi", ""),
    ("network_24_7", 99.7, "laporan gangguan Diskominfotik bulan lalu", "%"),
    ("bandwidth_dedicated", True, "jalur tersendiri, CCTV di jalur lain", ""),
)

SUPPLY = Connection(4400, 20, document="kontrak PLN daya khusus layanan adminduk")


def leave(desk: Desk, action: Action, subject: str) -> Approval:
    """The penyelia beside the operator gives leave."""
    return approve(desk, OPERATOR, PENYELIA.username, PASSWORD, action, subject)


def settle_in(desk: Desk) -> None:
    """First start: the accounts, and the blanks with which the office begins."""
    with desk.unit(ADMIN) as unit:
        if unit.people.list():
            return
        for person in STAFF:
            unit.people.add(Person(person.username, person.name, person.role), PASSWORD)
    approval = leave(desk, Action.STOCK_CORRECTION, stock.SUBJECT)
    counted = PhysicalCount(TRAINING_BLANKS, TRAINING_BLANKS, 0)
    stock.opening(desk, OPERATOR, counted, "BA-PEMBUKAAN-LATIHAN", approval, second_counter=approval.approver)


def open_the_day(desk: Desk) -> None:
    """Walk through the room, and open the day."""
    for item, value, seen, unit in _ATTESTED:
        preflight.attest(desk, OPERATOR, item, value, seen, unit=unit)
    power_declared.declare(desk, OPERATOR, SUPPLY)
    preflight.run(desk, OPERATOR)
    shifts.open_shift(desk, OPERATOR)


def papers_for(service: Service) -> frozenset[str]:
    """The documents that make a file complete: all mandatory ones, one of each group of alternatives, and the
    paper that is given up for the new one where the service has any.
    """
    chosen: set[str] = set()
    while missing := service.missing(chosen):
        chosen.add(missing[0].code)
    if service.withdrawn and not service.withdrawn_for(chosen):
        chosen.add(service.withdrawn[0].only_with)
    return frozenset(chosen)


def application(
    resident: Resident, service: Service, documents: frozenset[str], priority: Priority = Priority.NORMAL
) -> Application:
    """What the resident hands over the counter."""
    return Application(
        service=service.code,
        nik=Nik.parse(resident.nik),
        kk=FamilyCardNumber.parse(resident.kk),
        name=resident.name,
        documents=documents,
        priority=priority,
    )


def somebody(office: TrainingOffice, service: str, chance: Random) -> Resident | None:
    """A resident who may ask for the service now, for who tries the counter."""
    from ktpel_desktop.siak.simulator.eligibility import pick

    day = office.desk.clock.now().astimezone(office.desk.office.timezone).date()
    fitting = pick(office.city, service, 200, chance, day)
    return chance.choice(fitting) if fitting else None


def sample_requests(office: TrainingOffice, seed: int = 1) -> None:
    """A few requests in several stages, so that the first screens of training show life."""
    from ktpel_desktop.siak.simulator.eligibility import pick

    desk, chance = office.desk, Random(seed)
    day = desk.clock.now().astimezone(desk.office.timezone).date()
    wanted = (
        "KTP-BARU",
        "KTP-HILANG",
        "KTP-RUSAK",
        "KTP-UBAH",
        "KK-UBAH",
        "KTP-BARU",
        "KTP-WNA",
        "KTP-RUSAK",
    )
    requests: list[Request] = []
    for place, code in enumerate(wanted):
        service = desk.catalogue.get(code)
        resident = pick(office.city, code, place + 1, chance, day)[-1]
        requests.append(intake.accept(desk, LOKET, application(resident, service, papers_for(service))))
    with_operator = [request.id for request in requests[:6]]
    intake.hand_to_operator(desk, LOKET, with_operator, OPERATOR.username)
    for request in (requests[1], requests[2], requests[4]):
        verifying.claim(desk, OPERATOR, request.id)
        verifying.look_up(desk, OPERATOR, request.id)
        verifying.decide_complete(desk, OPERATOR, request.id)
    verifying.make_document(desk, OPERATOR, requests[4].id, "KK/2026/0001")
    handing_over.hand_to_counter(desk, OPERATOR, [requests[4].id], LOKET.username)
    verifying.claim(desk, OPERATOR, requests[3].id)
    verifying.decide_incomplete(desk, OPERATOR, requests[3].id, ("BUKTI-PERUBAHAN",))


def begin(office: TrainingOffice) -> None:
    """On the very first start, an office in mid-morning; later starts find it as it was left."""
    if not office.store.has_accounts():
        settle_in(office.desk)
        open_the_day(office.desk)
        sample_requests(office)
