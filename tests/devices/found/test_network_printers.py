"""Printers by one question: who is one, what it is called, and who only answers."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.placement import DeviceKind, FoundDevice
from ktpel_desktop.devices.bandwidth.ws_discovery import matches
from ktpel_desktop.devices.found.network_printers import PRINTER, name_in, network_printers
from tests.devices.bandwidth.servers import answering
from tests.devices.bandwidth.test_onvif import MATCH, match
from tests.devices.sensors.outcomes import code_of

TYPES = "wsdp:Device wprt:PrintDeviceType"


def answer(message: str, *, types: str = TYPES, more: str = "") -> bytes:
    return (
        MATCH.format(message=message, types=types)
        .replace("<d:XAddrs>", f"{more}<d:XAddrs>")
        .encode("utf-8", "replace")
    )


def asked(more: str = "", types: str = TYPES) -> list[FoundDevice]:
    def reply(question: bytes) -> list[bytes]:
        assert b"<d:Types>dn:PrintDeviceType</d:Types>" in question
        assert b'xmlns:dn="http://schemas.microsoft.com/windows/2006/08/wdp/print"' in question
        found = re.search(rb"<w:MessageID>(urn:uuid:[0-9a-f-]{36})</w:MessageID>", question)
        assert found
        own = answer(found[1].decode(), types=types, more=more)
        return [b"\xff", answer("urn:uuid:another"), own, own]

    with answering(reply) as printer:
        return [one.device for one in network_printers(destination=printer, seconds=0.4).seen]


def test_a_printer_without_a_name_is_offered_by_its_address() -> None:
    assert asked() == [FoundDevice("Printer jaringan", None, "", "127.0.0.1")]


@pytest.mark.parametrize(
    ("more", "make", "kind"),
    [
        ("<f:FriendlyName xmlns:f='urn:f'>HP LaserJet 400</f:FriendlyName>", "HP LaserJet 400", None),
        (
            "<d:Scopes>ldap:///ou=x urn:y http://a/name/EPSON%20LQ-310</d:Scopes>",
            "EPSON LQ-310",
            DeviceKind.DOT_MATRIX_PRINTER,
        ),
        ("<d:Scopes>http://[a/name/x http://a/name/%00 http://a/model/B%202</d:Scopes>", "B 2", None),
    ],
)
def test_a_name_that_the_answer_gives_is_taken(more: str, make: str, kind: DeviceKind | None) -> None:
    assert asked(more) == [FoundDevice(make, kind, "", "127.0.0.1")]


def test_cameras_are_no_printers() -> None:
    assert asked(types="dn:NetworkVideoTransmitter tds:Device") == []
    assert matches(match("urn:uuid:q"), "urn:uuid:q", PRINTER) == []


def test_silence_is_no_printer_and_no_failure() -> None:
    with answering(lambda _: []) as mute:
        found = network_printers(destination=mute, seconds=0.1)
    assert (found.seen, found.notes) == ((), ())


def test_a_network_that_takes_no_question_is_told() -> None:
    assert (
        code_of(lambda: network_printers(interface="198.51.100.77", seconds=0.1))
        == "finder.network_not_asked"
    )


@given(st.text(max_size=500), st.text(max_size=500))
def test_no_name_crashes_the_search(scopes: str, friendly: str) -> None:
    name = name_in({"Scopes": scopes, "FriendlyName": friendly})
    assert name.isprintable()
    assert len(name) <= 60


@given(st.text(max_size=900), st.sampled_from(["FriendlyName", "Scopes", "Types", "ProbeMatch"]))
def test_no_text_in_an_answer_crashes_the_search(text: str, element: str) -> None:
    content = answer("urn:uuid:q", more=f"<{element}>{escape(text)}</{element}>")
    for told in matches(content, "urn:uuid:q", PRINTER):
        assert name_in(told).isprintable()
        assert len(name_in(told)) <= 60


@given(st.binary(max_size=300))
def test_no_answer_is_taken_that_is_none(content: bytes) -> None:
    assert matches(content, "urn:uuid:q", PRINTER) == []
