"""Cameras by one question: who is one, and who only answers."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.line_sharing import Finding
from ktpel_desktop.devices.bandwidth.onvif import CAMERA, camera_evidence, find_cameras
from ktpel_desktop.devices.bandwidth.ws_discovery import matches
from tests.devices.bandwidth.servers import answering
from tests.devices.sensors.outcomes import code_of

MATCH = """<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"
 xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl">
<SOAP-ENV:Header><wsa:RelatesTo>{message}</wsa:RelatesTo></SOAP-ENV:Header>
<SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>urn:uuid:1</wsa:Address>
</wsa:EndpointReference><d:Types>{types}</d:Types><d:XAddrs>http://192.168.1.64/onvif/device_service</d:XAddrs>
</d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>"""


def match(message: str = "urn:uuid:q", types: str = "dn:NetworkVideoTransmitter tds:Device") -> bytes:
    return MATCH.format(message=message, types=types).encode()


def test_a_camera_is_known_by_its_type() -> None:
    assert matches(match(), "urn:uuid:q", CAMERA)
    assert matches(match(types="NetworkVideoTransmitter"), "urn:uuid:q", CAMERA)


@pytest.mark.parametrize(
    "answer",
    [
        match(message="urn:uuid:other"),
        match(types="wprt:PrintDeviceType"),
        match(types="dn:NetworkVideoTransmitterX"),
        match(types=""),
        b"<html/>",
        b"",
        match().replace(b"ProbeMatch>", b"Hello>"),
    ],
)
def test_others_are_none(answer: bytes) -> None:
    assert not matches(answer, "urn:uuid:q", CAMERA)


@given(st.binary(max_size=300))
def test_no_answer_crashes_the_search(answer: bytes) -> None:
    assert not matches(answer, "urn:uuid:q", CAMERA)


def asked(answers: Callable[[str], list[bytes]]) -> frozenset[str]:
    def answer(question: bytes) -> list[bytes]:
        assert b"dn:NetworkVideoTransmitter" in question
        found = re.search(rb"<w:MessageID>(urn:uuid:[0-9a-f-]{36})</w:MessageID>", question)
        assert found
        return answers(found[1].decode())

    with answering(answer) as camera:
        return find_cameras(destination=camera, seconds=0.4)


def test_a_camera_is_counted_once() -> None:
    assert asked(lambda message: [match(message), match(message), b"\x00", match("urn:uuid:x")]) == {
        "127.0.0.1"
    }


def test_silence_is_no_camera() -> None:
    assert asked(lambda message: []) == frozenset()


def test_a_network_that_takes_no_question_is_unknown() -> None:
    assert code_of(lambda: find_cameras(interface="198.51.100.77", seconds=0.1)) == "cameras.not_asked"
    assert camera_evidence(interface="198.51.100.77", seconds=0.1).finding is Finding.UNKNOWN


def test_silence_is_told_as_no_evidence() -> None:
    with answering(lambda _: []) as mute:
        found = camera_evidence(destination=mute, seconds=0.1)
    assert (found.finding, found.why) == (Finding.NO_EVIDENCE, "no_camera_answered")
