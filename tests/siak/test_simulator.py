"""The fault switches, each met by the real client: once straight behind it, once over real HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest

from ktpel_desktop.core.errors import Effect, GatewayError, PolicyError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.ports import Answer, Clock, Reception
from ktpel_desktop.core.print_order import verify
from ktpel_desktop.siak.authority import TrainingAuthority
from ktpel_desktop.siak.client import SiakClient
from ktpel_desktop.siak.simulator import in_process
from ktpel_desktop.siak.simulator.exchange import Exchange
from ktpel_desktop.siak.simulator.faults import Call, FaultBoard, FaultKind
from ktpel_desktop.siak.simulator.in_process import InProcess
from ktpel_desktop.siak.simulator.registry import Registry
from ktpel_desktop.siak.simulator.server import SiakSimulator
from ktpel_desktop.siak.transport import Timeouts
from tests.siak.conftest import Checked, SetClock, result, status

HASTY = Timeouts(read=0.2)
"""For answers that must not come in time; every other call has time, however busy the machine is."""


class Both:
    """The client, and the switches and book behind it."""

    def __init__(
        self, client: SiakClient, hasty: SiakClient, faults: FaultBoard, apply: Callable[[], None]
    ) -> None:
        self.client, self.hasty, self._faults, self._apply = client, hasty, faults, apply

    def close(self) -> None:
        self.client.close()
        self.hasty.close()

    def set(self, kind: FaultKind, call: Call = Call.ANY, times: int | None = 1) -> None:
        self._faults.set(kind, call, times)
        self._apply()

    def clear(self) -> None:
        self._faults.clear()
        self._apply()

    def active(self) -> list[FaultKind]:
        return [fault.kind for fault in self._faults.active()]


@pytest.fixture(params=["in_process", pytest.param("http", marks=pytest.mark.real)])
def siak(request: pytest.FixtureRequest, registry: Registry, clock: SetClock) -> Iterator[Both]:
    if request.param == "in_process":
        exchange = Exchange(registry, clock)
        line, access = InProcess(exchange), in_process.access()
        both = Both(
            SiakClient(access, line),
            SiakClient(replace(access, timeouts=HASTY), line),
            exchange.faults,
            lambda: None,
        )
        yield both
        both.close()
        return
    with SiakSimulator(registry, clock) as simulator:
        access = simulator.access
        both = Both(
            SiakClient(access), SiakClient(replace(access, timeouts=HASTY)), simulator.faults, simulator.apply
        )
        yield both
        both.close()


def failure(call: Callable[[], object]) -> tuple[str, Effect]:
    with pytest.raises(GatewayError) as caught:
        call()
    return caught.value.code, caught.value.effect


def test_without_a_fault_all_is_well(siak: Both, ready: Nik) -> None:
    assert siak.client.health().ready is Answer.YES
    assert siak.client.look_up(ready).enrolment == "PRINT_READY_RECORD"
    order = siak.client.print_order("T-1", "T", ready, "KTP-BARU")
    assert siak.client.deliver(result(order, "T")) is Reception.ACCEPTED
    assert siak.client.deliver(status("T")) is Reception.ACCEPTED


LINE_FAULTS = [
    (FaultKind.SLOW, "siak.timeout"),
    (FaultKind.DROP_BEFORE, "siak.connection_lost"),
    (FaultKind.DROP_AFTER, "siak.connection_lost"),
    (FaultKind.SERVER_ERROR, "siak.server_error"),
    (FaultKind.SERVER_ERROR_AFTER, "siak.server_error"),
    (FaultKind.MALFORMED, "siak.answer_malformed"),
]


@pytest.mark.parametrize(("kind", "code"), LINE_FAULTS)
def test_a_lost_answer_is_unknown_and_asked_again_under_the_same_job(
    siak: Both, registry: Registry, ready: Nik, kind: FaultKind, code: str
) -> None:
    first = siak.hasty if kind is FaultKind.SLOW else siak.client
    siak.set(kind)
    assert failure(lambda: first.print_order("T-1", "T", ready, "KTP-BARU")) == (code, Effect.UNKNOWN)
    order = siak.client.print_order("T-1", "T", ready, "KTP-BARU")
    assert set(registry.orders) == {"T-1"}
    siak.set(kind)
    assert failure(lambda: first.deliver(result(order, "T"))) == (code, Effect.UNKNOWN)
    siak.client.deliver(result(order, "T"))
    assert registry.issued("T") == ("T-1",)


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        (FaultKind.DROP_BEFORE, False),
        (FaultKind.SERVER_ERROR, False),
        (FaultKind.DROP_AFTER, True),
        (FaultKind.SERVER_ERROR_AFTER, True),
        (FaultKind.MALFORMED, True),
    ],
)
def test_what_siak_knows_after_a_lost_answer(
    siak: Both, registry: Registry, ready: Nik, kind: FaultKind, known: bool
) -> None:
    order = siak.client.print_order("T-1", "T", ready, "KTP-BARU")
    siak.set(kind, Call.PRINT_RESULT)
    failure(lambda: siak.client.deliver(result(order, "T")))
    assert bool(registry.results) is known
    word = siak.client.deliver(result(order, "T"))
    assert word is (Reception.ALREADY_HAD if known else Reception.ACCEPTED)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (FaultKind.QUOTA, "siak.quota_spent"),
        (FaultKind.LOGIN, "siak.login_refused"),
        (FaultKind.ADDRESS, "siak.caller_not_listed"),
        (FaultKind.DUPLICATE_RECORD, "siak.duplicate"),
    ],
)
def test_a_refusal_did_nothing(
    siak: Both, registry: Registry, ready: Nik, kind: FaultKind, code: str
) -> None:
    siak.set(kind, times=None)
    assert failure(lambda: siak.client.look_up(ready)) == (code, Effect.NONE)
    assert failure(lambda: siak.client.print_order("T-1", "T", ready, "KTP-BARU")) == (code, Effect.NONE)
    assert registry.orders == {}
    if kind is not FaultKind.DUPLICATE_RECORD:
        assert failure(lambda: siak.client.deliver(status("T"))) == (code, Effect.NONE)
        assert registry.statuses == {}
    siak.clear()
    assert siak.client.look_up(ready).nik == ready


def test_a_stuck_record_waits_at_the_centre(siak: Both, registry: Registry, ready: Nik) -> None:
    known = siak.client.print_order("T-1", "T", ready, "KTP-BARU")
    siak.set(FaultKind.STUCK_SFE, times=None)
    assert siak.client.look_up(ready).enrolment == "SENT_FOR_ENROLLMENT"
    assert failure(lambda: siak.client.print_order("T-2", "T", ready, "KTP-BARU")) == (
        "siak.not_printable",
        Effect.NONE,
    )
    assert siak.client.print_order("T-1", "T", ready, "KTP-BARU").digest == known.digest
    siak.clear()
    assert siak.client.look_up(ready).enrolment == "PRINT_READY_RECORD"


def test_a_duplicate_answer_counts_as_one(siak: Both, ready: Nik) -> None:
    siak.set(FaultKind.DUPLICATE_ANSWER, times=None)
    assert siak.client.look_up(ready).nik == ready
    assert siak.client.deliver(status("T")) is Reception.ALREADY_HAD


def test_an_answer_about_somebody_else_is_found(
    siak: Both, ready: Nik, clock: Clock, authority: TrainingAuthority
) -> None:
    siak.set(FaultKind.OTHER_NIK, times=2)
    assert failure(lambda: siak.client.look_up(ready)) == ("siak.answer_other_nik", Effect.NONE)
    order = siak.client.print_order("T-1", "T", ready, "KTP-BARU")
    with pytest.raises(PolicyError) as caught:
        verify(order, job_id="T-1", nik=ready, now=clock.now(), check=authority.pinned())
    assert caught.value.code == "order.signature_wrong"


def test_a_tampered_order_is_found(
    siak: Both, ready: Nik, clock: Clock, authority: TrainingAuthority
) -> None:
    siak.set(FaultKind.TAMPERED, Call.PRINT_ORDER)
    order = siak.client.print_order("T-1", "T", ready, "KTP-BARU")
    with pytest.raises(PolicyError) as caught:
        verify(order, job_id="T-1", nik=ready, now=clock.now(), check=authority.pinned())
    assert caught.value.code == "order.signature_wrong"


def test_offline_refuses_and_comes_back(siak: Both, registry: Registry, ready: Nik) -> None:
    siak.client.look_up(ready)
    siak.set(FaultKind.OFFLINE, times=None)
    assert siak.client.health().ready is Answer.NO
    assert failure(lambda: siak.client.look_up(ready)) == ("siak.offline", Effect.NONE)
    assert failure(lambda: siak.client.print_order("T-1", "T", ready, "KTP-BARU")) == (
        "siak.offline",
        Effect.NONE,
    )
    assert registry.orders == {}
    siak.clear()
    assert siak.client.health().ready is Answer.YES
    assert siak.client.look_up(ready).nik == ready


def test_faults_meet_the_call_they_are_for_and_count_down(siak: Both, ready: Nik) -> None:
    siak.set(FaultKind.SERVER_ERROR, Call.STATUS, times=2)
    siak.client.look_up(ready)
    for left in (1, 0):
        assert failure(lambda: siak.client.deliver(status("T")))[0] == "siak.server_error"
        assert len(siak.active()) == min(left, 1)
    assert siak.client.deliver(status("T")) is Reception.ACCEPTED


def test_a_health_probe_uses_no_fault_up(siak: Both, ready: Nik) -> None:
    siak.set(FaultKind.SERVER_ERROR)
    assert siak.client.health().ready is Answer.NO
    assert failure(lambda: siak.client.look_up(ready))[0] == "siak.server_error"
    assert siak.client.health().ready is Answer.YES


# ---------------------------------------------------------------- the server as such


@pytest.mark.real
def test_answers_over_http_keep_the_contract(simulator: SiakSimulator, ready: Nik) -> None:
    checked = Checked(httpx.HTTPTransport())
    client = SiakClient(simulator.access, checked)
    client.health()
    client.look_up(ready)
    with pytest.raises(GatewayError):
        client.look_up(Nik.parse("3174010101900001"))
    order = client.print_order("T-1", "T", ready, "KTP-BARU")
    client.print_order("T-1", "T", ready, "KTP-BARU")
    client.deliver(result(order, "T"))
    client.deliver(result(order, "T"))
    client.deliver(status("T"))
    for call in (
        lambda: client.print_order("T-2", "T", ready, "KTP-BARU"),
        lambda: client.print_order("T-1", "U", ready, "KTP-BARU"),
        lambda: client.deliver(result(order, "T", chip_serial="00")),
        lambda: client.deliver(status("T", state="CANCELLED")),
    ):
        with pytest.raises(GatewayError):
            call()
    for kind in (FaultKind.QUOTA, FaultKind.LOGIN, FaultKind.ADDRESS, FaultKind.SERVER_ERROR):
        simulator.faults.set(kind, times=2)
        for ask in (lambda: client.look_up(ready), lambda: client.deliver(status("T"))):
            with pytest.raises(GatewayError):
                ask()
    assert checked.checked == 20
    client.close()


@pytest.mark.real
def test_it_listens_on_loopback_only(simulator: SiakSimulator) -> None:
    assert simulator.url.startswith("http://127.0.0.1:")
    assert simulator._listening is not None
    assert simulator._listening.server_address[0] == "127.0.0.1"


@pytest.mark.real
def test_the_address_stays_the_same_after_an_outage(simulator: SiakSimulator) -> None:
    before = simulator.url
    simulator.faults.set(FaultKind.OFFLINE)
    simulator.apply()
    simulator.faults.clear()
    simulator.apply()
    assert simulator.url == before
    client = SiakClient(simulator.access)
    assert client.health().ready is Answer.YES
    client.close()


@pytest.mark.real
def test_after_stopping_nobody_answers_and_no_slow_answer_is_waited_for(
    registry: Registry, clock: SetClock, ready: Nik
) -> None:
    with SiakSimulator(registry, clock) as simulator:
        client = SiakClient(replace(simulator.access, timeouts=HASTY))
        simulator.faults.set(FaultKind.SLOW, seconds=3600)
        assert failure(lambda: client.print_order("T-1", "T", ready, "KTP-BARU"))[0] == "siak.timeout"
    assert registry.orders == {}, "what was waiting when the program ended was not done"
    assert client.health().notes == ("siak.offline",)
    assert failure(lambda: client.deliver(status("T"))) == ("siak.offline", Effect.NONE)
    client.close()


@pytest.mark.real
def test_switches_over_http(simulator: SiakSimulator, ready: Nik) -> None:
    client = SiakClient(simulator.access)
    with httpx.Client(base_url=simulator.control_url, trust_env=False) as control:
        assert control.get("/_faults").json() == {"faults": []}
        sent = control.put("/_faults", json={"kind": "quota", "call": "look_up", "times": 1})
        assert sent.json() == {"faults": [{"kind": "quota", "call": "look_up", "times": 1, "seconds": 30.0}]}
        assert failure(lambda: client.look_up(ready))[0] == "siak.quota_spent"
        assert control.put("/_faults", json={"kind": "offline"}).status_code == 200
        assert client.health().ready is Answer.NO
        assert control.delete("/_faults/offline").json() == {"faults": []}
        assert client.health().ready is Answer.YES
        control.put("/_faults", json={"kind": "login"})
        control.delete("/_faults")
        assert client.look_up(ready).nik == ready
    client.close()


@pytest.mark.real
@pytest.mark.parametrize(
    "body", ["", "[]", '{"kind": "fire"}', '{"kind": "slow", "times": 0}', '{"kind": "slow", "seconds": "x"}']
)
def test_a_wrong_switch_is_refused(simulator: SiakSimulator, body: str) -> None:
    with httpx.Client(base_url=simulator.control_url, trust_env=False) as control:
        assert control.put("/_faults", content=body).status_code == 422
        assert control.put("/other", json={"kind": "slow"}).status_code == 404
        assert control.delete("/_faults/fire").status_code == 404
        assert control.get("/other").status_code == 404
    assert simulator.faults.active() == ()


@pytest.mark.real
def test_a_request_without_end_is_not_read(simulator: SiakSimulator) -> None:
    with (
        httpx.Client(base_url=simulator.url, trust_env=False) as client,
        pytest.raises(httpx.TransportError),
    ):
        client.put("/v1/statuses/T-1", content=b" " * 200_000)
