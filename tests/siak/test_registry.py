"""What the training SIAK decides, asked by the real client without a socket; all of it held to the contract."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from ktpel_desktop.core.errors import GatewayError, PolicyError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.outbox import Delivery
from ktpel_desktop.core.ports import Reception
from ktpel_desktop.core.print_order import verify
from ktpel_desktop.core.regions import Regions
from ktpel_desktop.siak.authority import TrainingAuthority
from ktpel_desktop.siak.client import SiakClient
from ktpel_desktop.siak.simulator import in_process
from ktpel_desktop.siak.simulator.exchange import Account, Asked, Exchange
from ktpel_desktop.siak.simulator.in_process import InProcess
from ktpel_desktop.siak.simulator.opening import open_registry
from ktpel_desktop.siak.simulator.registry import ORDER_LIFE, Registry
from ktpel_desktop.siak.simulator.residents import City, Resident
from tests.siak.conftest import HOME, LISTS, PROFILE, TODAY, SetClock, result, status

Someone = Callable[[str], Resident]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(GatewayError) as caught:
        call()
    return caught.value.code


def test_every_resident_can_be_looked_up(client: SiakClient, city: City) -> None:
    for who in [one for one in city.values() if one.standing == "active"][::7]:
        record = client.look_up(Nik.parse(who.nik))
        assert record.enrolment == who.enrolment
        assert record.fields["NAMA_LGKP"] == who.name
        assert record.fields["TGL_LHR"] == who.birth_date.isoformat()
        assert record.fields["GOL_DARAH"] == who.blood_group


@pytest.mark.parametrize(
    ("standing", "code", "order_code"),
    [
        ("deceased", "siak.deceased", "siak.deceased"),
        ("duplicate", "siak.duplicate", "siak.duplicate"),
        ("inactive", "siak.inactive", "siak.inactive"),
    ],
)
def test_a_resident_whom_siak_holds_back(
    client: SiakClient, city: City, standing: str, code: str, order_code: str
) -> None:
    nik = Nik.parse(next(who.nik for who in city.values() if who.standing == standing))
    assert refusal(lambda: client.look_up(nik)) == code
    assert refusal(lambda: client.print_order("T-1", "T", nik, "KTP-HILANG")) == order_code


def test_a_nik_that_is_not_there(client: SiakClient) -> None:
    nik = Nik.parse("3174010101900001")
    assert refusal(lambda: client.look_up(nik)) == "siak.not_found"
    assert refusal(lambda: client.print_order("T-1", "T", nik, "KTP-BARU")) == "siak.not_found"


def test_an_order_is_good_for_its_job(
    client: SiakClient, ready: Nik, clock: SetClock, authority: TrainingAuthority
) -> None:
    order = client.print_order("T-1", "T", ready, "KTP-BARU")
    verified = verify(order, job_id="T-1", nik=ready, now=clock.now(), check=authority.pinned())
    assert verified.subject.nik == ready
    with pytest.raises(PolicyError) as caught:
        verify(order, job_id="T-2", nik=ready, now=clock.now(), check=authority.pinned())
    assert caught.value.code == "order.other_job"


def test_the_same_job_gets_the_same_order(client: SiakClient, ready: Nik, clock: SetClock) -> None:
    first = client.print_order("T-1", "T", ready, "KTP-BARU")
    assert client.print_order("T-1", "T", ready, "KTP-BARU") == first
    clock.forward(timedelta(days=1))
    later = client.print_order("T-1", "T", ready, "KTP-BARU")
    assert (later.order_id, later.content, later.digest) == (first.order_id, first.content, first.digest)
    assert later.expires_at == later.issued_at + ORDER_LIFE
    assert later.issued_at > first.issued_at


def test_another_job_gets_another_order(client: SiakClient, ready: Nik) -> None:
    first = client.print_order("T-1", "T", ready, "KTP-BARU")
    second = client.print_order("T-2", "T", ready, "KTP-BARU")
    assert first.order_id != second.order_id
    assert first.digest == second.digest


@pytest.mark.parametrize("change", ["request", "nik", "service"])
def test_a_job_can_not_change_its_mind(client: SiakClient, ready: Nik, city: City, change: str) -> None:
    other = Nik.parse(
        next(who.nik for who in city.values() if who.enrolment == "CARD_ISSUED" and who.standing == "active")
    )
    client.print_order("T-1", "T", ready, "KTP-BARU")
    request = "U" if change == "request" else "T"
    service = "KTP-HILANG" if change == "service" else "KTP-BARU"
    nik = other if change == "nik" else ready
    assert refusal(lambda: client.print_order("T-1", request, nik, service)) == "siak.order_conflict"


@pytest.mark.parametrize(
    ("enrolment", "service", "code"),
    [
        ("PRINT_READY_RECORD", "KTP-BARU", ""),
        ("PRINT_READY_RECORD", "KTP-HILANG", ""),
        ("CARD_ISSUED", "KTP-HILANG", ""),
        ("CARD_SHIPPED", "KTP-RUSAK", ""),
        ("CARD_ISSUED", "KTP-BARU", "siak.not_printable"),
        ("SENT_FOR_ENROLLMENT", "KTP-BARU", "siak.not_printable"),
        ("SENT_FOR_ENROLLMENT", "KTP-HILANG", "siak.not_printable"),
        ("SENT_FOR_CARD_PRINTING", "KTP-HILANG", "siak.not_printable"),
        ("UNREGISTERED", "KTP-BARU", "siak.not_printable"),
        ("DUPLICATE_RECORD", "KTP-BARU", "siak.duplicate"),
    ],
)
def test_the_record_decides_on_the_order(
    client: SiakClient, someone: Someone, enrolment: str, service: str, code: str
) -> None:
    nik = Nik.parse(someone(enrolment).nik)
    if not code:
        assert client.print_order("T-1", "T", nik, service).nik == nik
        return
    with pytest.raises(GatewayError) as caught:
        client.print_order("T-1", "T", nik, service)
    assert caught.value.code == code
    if code == "siak.not_printable":
        assert caught.value.params == {"enrolment": enrolment}


def test_a_report_is_taken_once_and_known_again(client: SiakClient, registry: Registry, ready: Nik) -> None:
    report = result(client.print_order("T-1", "T", ready, "KTP-BARU"), "T")
    assert client.deliver(report) is Reception.ACCEPTED
    assert client.deliver(report) is Reception.ALREADY_HAD
    assert registry.issued("T") == ("T-1",)


def test_the_record_moves_on_with_the_card(client: SiakClient, ready: Nik) -> None:
    client.deliver(result(client.print_order("T-1", "T", ready, "KTP-BARU"), "T"))
    assert client.look_up(ready).enrolment == "CARD_PRINTED"
    client.deliver(status("T"))
    assert client.look_up(ready).enrolment == "CARD_ISSUED"
    assert refusal(lambda: client.print_order("U-1", "U", ready, "KTP-BARU")) == "siak.not_printable"
    assert client.print_order("V-1", "V", ready, "KTP-HILANG").job_id == "V-1"


def test_a_reported_order_is_never_given_again(client: SiakClient, ready: Nik) -> None:
    client.deliver(result(client.print_order("T-1", "T", ready, "KTP-BARU"), "T"))
    assert refusal(lambda: client.print_order("T-1", "T", ready, "KTP-BARU")) == "siak.order_used"
    assert refusal(lambda: client.print_order("T-2", "T", ready, "KTP-BARU")) == "siak.already_issued"


def test_after_a_spoiled_card_the_next_job_gets_its_order(
    client: SiakClient, registry: Registry, ready: Nik
) -> None:
    spoiled = client.print_order("T-1", "T", ready, "KTP-BARU")
    assert client.deliver(result(spoiled, "T", "SPOILED", chip_serial="")) is Reception.ACCEPTED
    assert refusal(lambda: client.print_order("T-1", "T", ready, "KTP-BARU")) == "siak.order_used"
    second = client.print_order("T-2", "T", ready, "KTP-BARU")
    assert client.deliver(result(second, "T")) is Reception.ACCEPTED
    assert registry.issued("T") == ("T-2",)


def test_a_request_has_one_issued_card(client: SiakClient, ready: Nik) -> None:
    first, second = (client.print_order(job, "T", ready, "KTP-BARU") for job in ("T-1", "T-2"))
    client.deliver(result(first, "T"))
    assert refusal(lambda: client.deliver(result(second, "T"))) == "siak.already_issued"
    assert client.deliver(result(second, "T", "SPOILED")) is Reception.ACCEPTED


@pytest.mark.parametrize("change", [{"chip_serial": "04FFFFFF"}, {"outcome": "SPOILED", "reason": "HILANG"}])
def test_another_report_under_a_known_id_is_refused(
    client: SiakClient, ready: Nik, change: dict[str, str]
) -> None:
    report = result(client.print_order("T-1", "T", ready, "KTP-BARU"), "T")
    client.deliver(report)
    other = replace(report, payload={**report.payload, **change})
    assert refusal(lambda: client.deliver(other)) == "siak.result_conflict"
    assert refusal(lambda: client.deliver(replace(other, id="T-1-b"))) == "siak.result_conflict"


@pytest.mark.parametrize(
    "change", [{"job_id": "T-9"}, {"order_id": "PO-0000000000000000"}, {"request_id": "U"}]
)
def test_a_report_without_an_order_is_refused(client: SiakClient, ready: Nik, change: dict[str, str]) -> None:
    report = result(client.print_order("T-1", "T", ready, "KTP-BARU"), "T", **change)
    assert refusal(lambda: client.deliver(report)) == "siak.order_unknown"


@pytest.mark.parametrize(
    "change", [{"chip_serial": ""}, {"outcome": "MAYBE"}, {"outcome": "SPOILED", "reason": ""}, {"more": "x"}]
)
def test_a_report_of_a_wrong_shape_is_refused(
    bare_client: SiakClient, ready: Nik, change: dict[str, str]
) -> None:
    report = result(bare_client.print_order("T-1", "T", ready, "KTP-BARU"), "T", **change)
    assert refusal(lambda: bare_client.deliver(report)) == "siak.request_malformed"


def test_a_status_is_taken_once_and_known_again(client: SiakClient) -> None:
    assert client.deliver(status("T")) is Reception.ACCEPTED
    assert client.deliver(status("T")) is Reception.ALREADY_HAD
    assert refusal(lambda: client.deliver(status("T", state="CANCELLED"))) == "siak.result_conflict"


@pytest.mark.parametrize("delivery_id", ["", "a b", "../T", "x" * 65])
def test_an_id_of_a_wrong_shape_is_refused(exchange: Exchange, delivery_id: str) -> None:
    asked = Asked(
        "PUT", f"/v1/statuses/{delivery_id}", "Basic bGF0aWhhbjpsYXRpaGFu", b'{"ticket":"T","status":"S"}'
    )
    reply = exchange.handle(asked, lambda seconds: True)
    assert reply is not None
    assert (reply.status, json.loads(reply.body)["code"]) == (422, "malformed")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"NIK": 1}', b"\xff", b"[" * 100_000])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/dukcapil/get_json/a/CALL_NIK"), ("PUT", "/v1/print-orders/T-1"), ("PUT", "/v1/statuses/T-1")],
)
def test_a_body_of_a_wrong_shape_is_answered(exchange: Exchange, method: str, path: str, body: bytes) -> None:
    reply = exchange.handle(Asked(method, path, "Basic bGF0aWhhbjpsYXRpaGFu", body), lambda seconds: True)
    assert reply is not None
    assert reply.status == (200 if method == "POST" else 422)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("DELETE", "/v1/print-orders/T-1"), ("POST", "/v1/health"), ("PUT", "/")],
)
def test_other_paths_are_not_there(exchange: Exchange, method: str, path: str) -> None:
    reply = exchange.handle(Asked(method, path, "", b"{}"), lambda seconds: True)
    assert reply is not None
    assert reply.status == 404


def test_a_stranger_is_refused(exchange: Exchange, ready: Nik) -> None:
    stranger = SiakClient(in_process.access(Account("lain", "lain")), InProcess(exchange))
    assert refusal(lambda: stranger.look_up(ready)) == "siak.login_refused"
    assert refusal(lambda: stranger.print_order("T-1", "T", ready, "KTP-BARU")) == "siak.login_refused"
    assert refusal(lambda: stranger.deliver(status("T"))) == "siak.login_refused"


@pytest.mark.parametrize("header", ["", "Basic", "Basic ***", "Basic /w==", "Bearer bGF0aWhhbjpsYXRpaGFu"])
def test_a_broken_login_is_refused(exchange: Exchange, header: str) -> None:
    reply = exchange.handle(Asked("PUT", "/v1/statuses/T-1", header, b"{}"), lambda seconds: True)
    assert reply is not None
    assert reply.status == 401


# ---------------------------------------------------------------- what outlives a restart


def reopened(
    regions: Regions, path: Path, clock: SetClock, today: date = TODAY, seed: str = "a"
) -> tuple[SiakClient, Registry, City]:
    authority = TrainingAuthority.from_seed("uji")
    registry, city = open_registry(
        regions, LISTS, authority, today, PROFILE, seed=seed, home=HOME, size=700, state=path
    )
    return SiakClient(in_process.access(), InProcess(Exchange(registry, clock))), registry, city


def test_a_restart_finds_the_same_city_orders_and_results(
    regions: Regions, tmp_path: Path, clock: SetClock
) -> None:
    path = tmp_path / "siak.jsonl"
    client, _, city = reopened(regions, path, clock)
    nik = Nik.parse(next(who.nik for who in city.values() if who.enrolment == "PRINT_READY_RECORD"))
    order = client.print_order("T-1", "T", nik, "KTP-WNA")
    client.deliver(status("T"))
    later, _, again = reopened(regions, path, clock, date(2031, 1, 1), seed="b")
    assert list(again) == list(city)
    same = later.print_order("T-1", "T", nik, "KTP-WNA")
    assert (same.order_id, same.digest) == (order.order_id, order.digest)
    assert later.deliver(result(order, "T")) is Reception.ACCEPTED
    assert later.deliver(status("T")) is Reception.ALREADY_HAD
    last, registry, _ = reopened(regions, path, clock)
    assert last.deliver(result(order, "T")) is Reception.ALREADY_HAD
    assert registry.issued("T") == ("T-1",)


def test_a_line_that_was_cut_off_was_never_answered(
    regions: Regions, tmp_path: Path, clock: SetClock
) -> None:
    path = tmp_path / "siak.jsonl"
    client, _, _ = reopened(regions, path, clock)
    client.deliver(status("T"))
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"kind": "status", "id"')
    client, registry, _ = reopened(regions, path, clock)
    assert set(registry.statuses) == {"T-S1"}
    assert path.read_bytes() == whole
    assert client.deliver(status("T", 2)) is Reception.ACCEPTED
    assert set(reopened(regions, path, clock)[1].statuses) == {"T-S1", "T-S2"}


@pytest.mark.parametrize("line", [b"x", b"[]", b'{"kind": "status"}', b'{"kind": "a", "id": 1, "body": {}}'])
def test_a_broken_state_names_its_line(
    regions: Regions, tmp_path: Path, clock: SetClock, line: bytes
) -> None:
    path = tmp_path / "siak.jsonl"
    reopened(regions, path, clock)
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(GatewayError) as caught:
        reopened(regions, path, clock)
    assert (caught.value.code, caught.value.params["place"]) == ("siak.training_state", "baris 2")


def test_a_disk_that_refuses_is_told(regions: Regions, tmp_path: Path, clock: SetClock) -> None:
    with pytest.raises(GatewayError) as caught:
        reopened(regions, tmp_path / "no folder" / "siak.jsonl", clock)
    assert caught.value.code == "siak.training_state"


def test_a_disk_that_refuses_later_keeps_nothing(regions: Regions, tmp_path: Path, clock: SetClock) -> None:
    folder = tmp_path / "latihan"
    folder.mkdir()
    client, registry, _ = reopened(regions, folder / "siak.jsonl", clock)
    (folder / "siak.jsonl").unlink()
    folder.rmdir()
    assert refusal(lambda: client.deliver(status("T"))) == "siak.server_error"
    assert registry.statuses == {}


def test_a_delivery_of_nothing_is_refused(bare_client: SiakClient) -> None:
    empty: Delivery = replace(status("T"), payload={})
    assert refusal(lambda: bare_client.deliver(empty)) == "siak.request_malformed"
