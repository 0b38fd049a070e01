"""A small city, its registry, and the client in front of it: in-process, and over real HTTP."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.outbox import Delivery, DeliveryKind
from ktpel_desktop.core.print_order import PrintOrder
from ktpel_desktop.core.regions import Regions
from ktpel_desktop.resource_files import load_profile
from ktpel_desktop.siak.authority import TrainingAuthority
from ktpel_desktop.siak.client import SiakClient
from ktpel_desktop.siak.simulator import in_process
from ktpel_desktop.siak.simulator.exchange import Exchange
from ktpel_desktop.siak.simulator.in_process import InProcess
from ktpel_desktop.siak.simulator.registry import Registry
from ktpel_desktop.siak.simulator.residents import City, Resident
from ktpel_desktop.siak.simulator.server import SiakSimulator
from ktpel_desktop.siak.transport import SiakAccess
from tests.siak.contract_check import check_answer, check_request

ROOT = Path(__file__).parents[2]
LISTS = ROOT / "resources/siak/latihan"
HOME = "3174051001"
NOON = datetime(2026, 3, 2, 5, 0, 0, 123456, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PROFILE = load_profile("acuan-8k")


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment

    def forward(self, by: timedelta) -> None:
        self.moment += by


class Checked(httpx.BaseTransport):
    """Passes on, and holds every request and answer against the contract."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner
        self.checked = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        sent = request.read()
        check_request(request.method, path, json.loads(sent) if sent else None)
        response = self.inner.handle_request(request)
        body = response.read()
        media = response.headers["content-type"]
        check_answer(request.method, path, response.status_code, media, json.loads(body))
        self.checked += 1
        return response

    def close(self) -> None:
        self.inner.close()


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "resources/data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def regions() -> Regions:
    return Regions(rows("dki_wilayah.csv"), rows("kab_kota_nasional.csv"), rows("retired_kab_prefixes.csv"))


@pytest.fixture(scope="session")
def city(regions: Regions) -> City:
    return City(regions, LISTS, year=2026, home=HOME)


@pytest.fixture(scope="session")
def authority() -> TrainingAuthority:
    return TrainingAuthority.from_seed("uji")


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def registry(city: City, authority: TrainingAuthority) -> Registry:
    return Registry(city, authority, PROFILE)


@pytest.fixture
def exchange(registry: Registry, clock: SetClock) -> Exchange:
    return Exchange(registry, clock)


@pytest.fixture
def client(exchange: Exchange) -> Iterator[SiakClient]:
    """The real client in front of the exchange; every message is held against the contract."""
    client = SiakClient(in_process.access(), Checked(InProcess(exchange)))
    yield client
    client.close()


@pytest.fixture
def bare_client(exchange: Exchange) -> Iterator[SiakClient]:
    """The same for answers that break the contract on purpose."""
    client = SiakClient(in_process.access(), InProcess(exchange))
    yield client
    client.close()


@pytest.fixture
def simulator(registry: Registry, clock: SetClock) -> Iterator[SiakSimulator]:
    with SiakSimulator(registry, clock) as simulator:
        yield simulator


@pytest.fixture
def someone(city: City) -> Callable[[str], Resident]:
    """The first active citizen of Jakarta whose record stands in a state."""

    def find(enrolment: str) -> Resident:
        return next(
            who
            for who in city.values()
            if who.enrolment == enrolment and who.standing == "active" and who.in_dki and not who.foreign
        )

    return find


@pytest.fixture
def ready(someone: Callable[[str], Resident]) -> Nik:
    """Somebody whose first card can be printed."""
    return Nik.parse(someone("PRINT_READY_RECORD").nik)


def answering(
    handler: Callable[[httpx.Request], httpx.Response], access: SiakAccess | None = None
) -> SiakClient:
    """The client against a handler."""
    return SiakClient(access or SiakAccess("http://127.0.0.1"), httpx.MockTransport(handler))


def result(order: PrintOrder, request_id: str, /, outcome: str = "ISSUED", **other: str) -> Delivery:
    """The report of an order's card."""
    payload = {
        "job_id": order.job_id,
        "order_id": order.order_id,
        "request_id": request_id,
        "outcome": outcome,
        "chip_serial": "04A1B2C3",
        "reason": "" if outcome == "ISSUED" else "GAGAL_CETAK",
    }
    return Delivery(order.job_id, DeliveryKind.PRINT_RESULT, request_id, NOON, payload | other)


def status(request_id: str, number: int = 1, state: str = "HANDED_OVER") -> Delivery:
    """A status for the website."""
    payload = {"ticket": request_id, "status": state}
    return Delivery(f"{request_id}-S{number}", DeliveryKind.STATUS, request_id, NOON, payload)
