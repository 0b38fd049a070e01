"""The router's counters by UPnP: a router that counts, and what else may answer in a network."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.devices.bandwidth import plain_http
from ktpel_desktop.devices.bandwidth.multicast import ask_all
from ktpel_desktop.devices.bandwidth.upnp import UpnpRouter, location_of
from ktpel_desktop.devices.bandwidth.xml_fields import LIMIT, XmlRefused, fields, first, groups
from tests.devices.bandwidth.servers import PATIENCE_S, answering, read_line, scripted
from tests.devices.sensors.outcomes import code_of

SERVICE = "urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1"
DESCRIPTION = """<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>{base}
<device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType>
<serviceList><service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType>
<controlURL>/ctl/L3F</controlURL></service></serviceList>
<deviceList><device><serviceList><service><serviceType>{service}</serviceType>
<serviceId>urn:upnp-org:serviceId:WANCommonIFC1</serviceId><controlURL>{control}</controlURL></service></serviceList>
</device></deviceList></device></root>"""
ANSWER = """<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<u:{action}Response xmlns:u="urn:x"><New{what}>{value}</New{what}></u:{action}Response></s:Body></s:Envelope>"""


def description(control: str = "/ctl/CmnIfCfg", base: str = "", service: str = SERVICE) -> str:
    return DESCRIPTION.format(control=control, base=base, service=service)


def web(pages: Callable[[str, str], bytes | None]) -> Callable[[socket.socket, int], None]:
    """A small HTTP server: given request line and body, the page, or None for 404."""

    def script(sock: socket.socket, number: int) -> None:
        said = b""
        while b"\r\n\r\n" not in said:
            said += sock.recv(4096)
        head, _, body = said.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or b"0")
        while len(body) < length:
            body += sock.recv(4096)
        page = pages(head.split(b"\r\n")[0].decode(), body.decode())
        if page is None:
            sock.sendall(b"HTTP/1.1 404 Not Found\r\n\r\n")
        else:
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page) + page)

    return script


def router(
    received: str = "1234567", sent: str = "7654321", page: str | None = None
) -> Callable[[socket.socket, int], None]:
    def pages(request: str, body: str) -> bytes | None:
        if request.startswith("GET /rootDesc.xml"):
            return (description() if page is None else page).encode()
        if request.startswith("POST /ctl/CmnIfCfg"):
            action = "GetTotalBytesReceived" if "GetTotalBytesReceived" in body else "GetTotalBytesSent"
            value = received if action.endswith("Received") else sent
            return ANSWER.format(action=action, what=action.removeprefix("Get"), value=value).encode()
        return None

    return web(pages)


def here(port: int, host: str = "127.0.0.1", page: str = "/rootDesc.xml") -> bytes:
    return f"HTTP/1.1 200 OK\r\nST: x\r\nLOCATION: http://{host}:{port}{page}\r\n\r\n".encode()


def find(destination: tuple[str, int]) -> UpnpRouter:
    return UpnpRouter.find(destination=destination, seconds=0.3)


def test_a_router_that_counts() -> None:
    with scripted(router()) as http, answering(lambda _: [b"junk", here(http.port)]) as place:
        found = find(place).counters()
    assert (found.received, found.sent, found.bits) == (1234567, 7654321, 32)


def test_a_description_with_its_own_base() -> None:
    def pages(request: str, body: str) -> bytes | None:
        if "rootDesc" in request:
            return description("ctl", f"<URLBase>http://127.0.0.1:{port[0]}/deep/</URLBase>").encode()
        return (
            ANSWER.format(action="x", what="TotalBytesReceived", value=1).encode()
            if "/deep/ctl" in request
            else None
        )

    port: list[int] = []
    with scripted(web(pages)) as http:
        port.append(http.port)
        with answering(lambda _: [here(http.port)]) as place:
            found = find(place)
        assert (
            code_of(found.counters) == "router.nonsense"
        )  # asked at the right place, and has no second counter


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (description(control="http://192.0.2.9/ctl"), "router.nonsense"),  # leads to another host
        (description(control="file:///etc/passwd"), "router.nonsense"),
        (description(control="http://[::1"), "router.nonsense"),
        (description(service="urn:other:service:WANCommonInterfaceConfig:1"), "router.nonsense"),
        ("<html><body>masuk</body>", "router.nonsense"),
        ("", "router.nonsense"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "router.nonsense"),
        ("x" * (LIMIT + 10), "router.nonsense"),
    ],
)
def test_a_description_that_is_none(page: str, code: str) -> None:
    with scripted(router(page=page)) as http, answering(lambda _: [here(http.port)]) as place:
        assert code_of(lambda: find(place)) == code


@pytest.mark.parametrize("value", ["", "-1", "4294967296", "NaN", "1e9", "99999999999999999999", "١٢"])
def test_a_counter_that_is_none(value: str) -> None:
    with scripted(router(received=value)) as http, answering(lambda _: [here(http.port)]) as place:
        found = find(place)
        assert code_of(found.counters) == "router.nonsense"


def test_nobody_answers() -> None:
    with answering(lambda _: []) as place:
        assert code_of(lambda: find(place)) == "router.not_found"
    assert code_of(lambda: UpnpRouter.find(interface="198.51.100.77", seconds=0.1)) == "router.not_found"


def raw(answer: bytes) -> Callable[[socket.socket, int], None]:
    """Answers a GET with these bytes, and hangs up."""

    def script(sock: socket.socket, _: int) -> None:
        while read_line(sock):
            continue
        sock.sendall(answer)

    return script


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "router.refused"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.9/\r\nContent-Length: 0\r\n\r\n", "router.refused"),
        (b"", "router.nonsense"),
        (b"hello\r\n\r\n", "router.nonsense"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12",
            "router.nonsense",
        ),  # a counter cut off is no counter
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n12\r\n", "router.nonsense"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + bytes(plain_http.LIMIT + 1), "router.nonsense"),
    ],
)
def test_a_router_that_goes_wrong(answer: bytes, code: str) -> None:
    with scripted(raw(answer)) as http:
        assert code_of(lambda: plain_http.fetch("GET", f"http://127.0.0.1:{http.port}/")) == code


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 200 OK\r\n\r\n12",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n12 and more",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n1\r\n2\r\n0\r\n\r\n",
    ],
)
def test_a_page_is_read_as_its_router_sends_it(answer: bytes) -> None:
    with scripted(raw(answer)) as http:
        assert plain_http.fetch("GET", f"http://127.0.0.1:{http.port}/") == b"12"


def test_a_router_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_http, "TIME_S", 0.6)

    def trickle(sock: socket.socket, _: int) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            sock.sendall(b"H")
            time.sleep(0.1)

    with scripted(trickle) as http:
        assert code_of(lambda: plain_http.fetch("GET", f"http://127.0.0.1:{http.port}/")) == "router.silent"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/", "http://[", "http://127.0.0.1:99999/", "http://127.0.0.1:1/ä", "http://bad..name/", "x",
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere(address: str) -> None:
    assert code_of(lambda: plain_http.fetch("GET", address)) == "router.silent"


def test_only_the_router_itself_is_believed() -> None:
    assert location_of("192.168.1.1", here(5000, "192.168.1.1")) == "http://192.168.1.1:5000/rootDesc.xml"
    assert location_of("192.168.1.1", here(5000, "192.168.1.2")) is None
    assert location_of("8.8.8.8", here(5000, "8.8.8.8")) is None
    assert location_of("192.168.1.1", here(0, "192.168.1.1")) is None
    assert location_of("192.168.1.1", b"HTTP/1.1 200 OK\r\n\r\n") is None
    assert location_of("192.168.1.1", b"NOTIFY * HTTP/1.1\r\nLOCATION: http://192.168.1.1/\r\n") is None
    assert location_of("router.lan", here(80, "router.lan")) is None


@given(st.text(max_size=30), st.binary(max_size=300))
def test_no_answer_crashes_the_search(sender: str, answer: bytes) -> None:
    location_of(sender, answer)
    location_of(sender, b"HTTP/1.1 200 OK\r\nLocation: " + answer)


def test_a_flood_of_answers_ends() -> None:
    enough = threading.Event()

    def flood(question: bytes) -> Iterator[bytes]:
        while not enough.is_set():
            yield b"x"

    with answering(flood) as place:
        heard = list(ask_all(b"?", place, seconds=PATIENCE_S))
        enough.set()
    assert len(heard) == 256


# ------------------------------------------------------------------ XML without trust


def test_fields_are_told_with_their_places() -> None:
    found = fields(b'<a xmlns="u:1"><b> x <c>y</c></b><b>z</b></a>')
    assert found == [(("a", "b", "c"), "y"), (("a", "b"), "x"), (("a", "b"), "z"), (("a",), "")]
    assert first(found, "b") == "x"
    assert first(found, "q") is None
    assert list(groups(found, "b")) == [{"c": "y"}, {}]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"<a>", b"<a/><b/>", b"<!DOCTYPE a><a/>", b"<a>&x;</a>", b"<a>" * 40 + b"</a>" * 40,
        b"<?xml version='1.0' encoding='nobody-knows'?><a/>", b"<a>\xff</a>", b"x" * (LIMIT + 1),
    ],
)  # fmt: skip
def test_what_is_no_plain_xml_is_refused(data: bytes) -> None:
    with pytest.raises(XmlRefused):
        fields(data)


@given(st.binary(max_size=100))
def test_no_bytes_crash_the_xml_reader(data: bytes) -> None:
    for one in (data, b"<a>" + data + b"</a>"):
        with contextlib.suppress(XmlRefused):
            fields(one)
