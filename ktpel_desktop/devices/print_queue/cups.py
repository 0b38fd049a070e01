"""CUPS, spoken to in IPP over its socket or loopback port (RFC 8011).

No libcups and no pycups (GPL 2): one POST per question, a connection of its own each. A queue whose device is an IPP
printer is asked at the printer too, as CUPS itself looks at a printer only while it prints.
"""

from __future__ import annotations

import getpass
import ssl
import time
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.print_queue import ipp
from ktpel_desktop.devices.print_queue.cups_answers import (
    INSTALLED_ASKED,
    JOB_ASKED,
    PRINTER_ASKED,
    device_of,
    installed_of,
    job_of,
    number_of,
    queue_of,
)
from ktpel_desktop.devices.print_queue.ipp import Group, Message, Op
from ktpel_desktop.devices.print_queue.jobs import (
    Document,
    Format,
    InstalledQueue,
    Job,
    JobState,
    Queue,
    QueueState,
    Trouble,
)

DEFAULT_SOCKET = "/run/cups/cups.sock"
DEFAULT_ADDRESS = "http://127.0.0.1:631"
_RAW = "application/vnd.cups-raw"
"""CUPS's word for "no filter", also on a queue that has some."""
_ASK_SECONDS = 5.0
_SEND_SECONDS = 60.0
_UNHURRIED = 1.0
"""Seconds; below it somebody waits for a lamp, and slow is not yet switched off."""
_LONGEST_NAME = 255
"""Octets of a name (RFC 8011 5.1.3)."""
_NOT_FOUND, _NOT_ACCEPTING = 0x0406, 0x0506
_NOT_ALLOWED = {0x0401, 0x0402, 0x0403}
_SURELY_REFUSED = {0x0501, 0x0502, 0x0503, 0x0506, 0x0507, 0x0509}
"""Server errors that say that nothing was accepted; the others leave it open (RFC 8011 appendix B.1.5)."""


class _Refused(Exception):
    """The server answered with an IPP status that is no success."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:#06x}")
        self.status = status


class _SwitchedOff(Exception):
    """Nobody takes a connection at the printer's own address."""


class CupsSystem:
    """One CUPS server. `server` is the path of its socket or an http address; `user` is who owns the jobs."""

    exact = Format.PDF

    def __init__(
        self,
        server: str | None = None,
        *,
        user: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        if server is None:
            server = DEFAULT_SOCKET if Path(DEFAULT_SOCKET).exists() else DEFAULT_ADDRESS
        self._socket = server if server.startswith("/") else None
        self._address = "http://localhost" if self._socket else server
        self._user = user or getpass.getuser()
        self._transport = transport
        self._number = 0

    # ------------------------------------------------------------ PrintSystem

    def installed(self) -> tuple[InstalledQueue, ...]:
        asked = {"requested-attributes": [ipp.keyword(word) for word in INSTALLED_ASKED]}
        try:
            answer = self._ask(Op.CUPS_GET_PRINTERS, "/", asked)
        except _Refused as error:
            if error.status == _NOT_FOUND:  # so CUPS says that there is none
                return ()
            raise DeviceError("queue.refused", Effect.NONE, status=str(error)) from error
        return tuple(found for each in answer.of(Group.PRINTER) if (found := installed_of(each)))

    def queue(self, name: str, seconds: float = _ASK_SECONDS) -> Queue:
        attributes = self._printer(name, seconds)
        known = replace(queue_of(attributes), printed=None)  # what CUPS may count is no printer's count
        device = _address_of(device_of(attributes), seconds)
        if device is None:
            return known
        try:
            itself = self._printer_itself(*device, seconds)
        except _SwitchedOff:
            return replace(known, live=True, troubles=frozenset({Trouble.OFFLINE}))
        if itself is None:
            return known
        told = queue_of(itself)
        at_work = known.state is QueueState.IDLE and told.state is QueueState.PROCESSING
        return replace(
            known,
            state=told.state if at_work else known.state,
            live=True,
            troubles=told.troubles,
            printed=told.printed,
        )

    def jobs(self, queue: str) -> tuple[Job, ...]:
        asked = {
            "printer-uri": [ipp.uri(self._uri(queue))],
            "requesting-user-name": [ipp.name(self._user)],
            "which-jobs": [ipp.keyword("all")],
            "requested-attributes": [ipp.keyword(word) for word in JOB_ASKED],
        }
        try:
            answer = self._ask(Op.GET_JOBS, self._path(queue), asked)
        except _Refused as error:
            if error.status == _NOT_FOUND:
                raise DeviceError("queue.unknown", Effect.NONE, queue=queue) from error
            raise DeviceError("queue.refused", Effect.NONE, status=str(error)) from error
        found: list[Job] = []
        for each in answer.of(Group.JOB):
            if (job := job_of(each, self._user)) is None:  # a job that cannot be told may print all the same
                raise DeviceError("queue.answer_odd", Effect.NONE)
            found.append(job)
        return tuple(sorted(found, key=lambda job: job.number))

    def submit(self, queue: str, document: Document) -> int:
        raw = document.format is Format.RAW
        operation: dict[str, ipp.Values] = {
            "printer-uri": [ipp.uri(self._uri(queue))],
            "requesting-user-name": [ipp.name(self._user)],
            "job-name": [ipp.name(_clipped(document.title))],
            "document-format": [ipp.mime(_RAW if raw else document.format.value)],
        }
        if document.strict:
            operation["ipp-attribute-fidelity"] = [True]
        template = {} if raw else _template(document)
        try:
            answer = self._send(Op.PRINT_JOB, self._path(queue), operation, template, document.data)
        except _Refused as error:
            if error.status == _NOT_FOUND:
                raise DeviceError("queue.unknown", Effect.NONE, queue=queue) from error
            if error.status == _NOT_ACCEPTING:
                raise DeviceError("queue.not_accepting", Effect.NONE, queue=queue) from error
            if error.status in _NOT_ALLOWED:
                raise DeviceError("queue.not_allowed", Effect.NONE, queue=queue) from error
            if error.status < 0x0500 or error.status in _SURELY_REFUSED:
                raise DeviceError("queue.refused", Effect.NONE, status=str(error)) from error
            raise DeviceError("queue.answer_lost", Effect.UNKNOWN, status=str(error)) from error
        numbers = [number_of(each) for each in answer.of(Group.JOB)]
        if len(numbers) != 1 or numbers[0] is None:
            raise DeviceError("queue.answer_odd", Effect.UNKNOWN)
        return numbers[0]

    def job(self, queue: str, number: int) -> Job:
        asked: dict[str, ipp.Values] = {
            "printer-uri": [ipp.uri(self._uri(queue))],
            "job-id": [number],
            "requesting-user-name": [ipp.name(self._user)],
            "requested-attributes": [ipp.keyword(word) for word in JOB_ASKED],
        }
        try:
            answer = self._ask(Op.GET_JOB_ATTRIBUTES, self._path(queue), asked)
        except _Refused as error:
            if error.status == _NOT_FOUND:
                return Job(number, "", JobState.GONE)
            raise DeviceError("queue.refused", Effect.NONE, status=str(error)) from error
        for each in answer.of(Group.JOB):
            if (job := job_of(each, self._user)) and job.number == number:
                return job
        raise DeviceError("queue.answer_odd", Effect.NONE)

    def cancel(self, queue: str, number: int) -> None:
        operation: dict[str, ipp.Values] = {
            "printer-uri": [ipp.uri(self._uri(queue))],
            "job-id": [number],
            "requesting-user-name": [ipp.name(self._user)],
        }
        try:
            self._send(Op.CANCEL_JOB, self._path(queue), operation)
        except _Refused as error:
            raise DeviceError("queue.cancel_refused", Effect.NONE, status=str(error)) from error

    def settled(self, queue: str, number: int) -> None:
        """CUPS keeps its history by its own rules."""

    # ------------------------------------------------------------ questions

    def _printer(self, name: str, seconds: float) -> ipp.Attributes:
        asked = {
            "printer-uri": [ipp.uri(self._uri(name))],
            "requested-attributes": [ipp.keyword(word) for word in PRINTER_ASKED],
        }
        try:
            answer = self._ask(Op.GET_PRINTER_ATTRIBUTES, self._path(name), asked, seconds)
        except _Refused as error:
            if error.status == _NOT_FOUND:
                raise DeviceError("queue.unknown", Effect.NONE, queue=name) from error
            raise DeviceError("queue.refused", Effect.NONE, status=str(error)) from error
        for attributes in answer.of(Group.PRINTER):
            return attributes
        raise DeviceError("queue.answer_odd", Effect.NONE)

    def _printer_itself(self, uri: str, address: str, seconds: float) -> ipp.Attributes | None:
        """What the IPP printer behind a queue says now; None where it says nothing of use."""
        asked: dict[str, ipp.Values] = {
            "printer-uri": [ipp.uri(uri)],
            "requested-attributes": [ipp.keyword(word) for word in PRINTER_ASKED],
        }
        try:
            answer = self._post(
                Op.GET_PRINTER_ATTRIBUTES, address, asked, {}, b"", seconds, Effect.NONE, own=False
            )
        except DeviceError as error:
            hurried = seconds < _UNHURRIED and isinstance(error.__cause__, httpx.ConnectTimeout)
            if error.code == "queue.system_off" and not hurried:
                raise _SwitchedOff from error
            return None
        except (_Refused, httpx.InvalidURL):
            return None
        return next(answer.of(Group.PRINTER), None)

    def _ask(self, operation: Op, path: str, asked: ipp.Attributes, seconds: float = _ASK_SECONDS) -> Message:
        return self._post(operation, self._address + path, asked, {}, b"", seconds, Effect.NONE)

    def _send(
        self,
        operation: Op,
        path: str,
        asked: ipp.Attributes,
        template: ipp.Attributes | None = None,
        data: bytes = b"",
    ) -> Message:
        address = self._address + path
        return self._post(operation, address, asked, template or {}, data, _SEND_SECONDS, Effect.UNKNOWN)

    def _post(
        self,
        operation: Op,
        address: str,
        asked: ipp.Attributes,
        template: ipp.Attributes,
        data: bytes,
        seconds: float,
        lost: Effect,
        *,
        own: bool = True,
    ) -> Message:
        """One request and its answer. `lost` is the effect when it was sent and no answer can be read.

        `own`: to this server, perhaps over its socket, and not to a printer.
        """
        self._number += 1
        head: Mapping[str, ipp.Values] = {
            "attributes-charset": [ipp.Text(ipp.Tag.CHARSET, "utf-8")],
            "attributes-natural-language": [ipp.Text(ipp.Tag.LANGUAGE, "en")],
            **asked,
        }
        groups: list[tuple[int, ipp.Attributes]] = [(Group.OPERATION, head)]
        if template:
            groups.append((Group.JOB, template))
        body = ipp.encode(Message(operation, self._number, groups, data))
        try:
            with self._client(seconds, own=own) as client:
                status, answer = _exchange(client, address, body, seconds)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            raise DeviceError("queue.system_off", Effect.NONE) from error
        except httpx.HTTPError as error:
            if lost is Effect.NONE:
                raise DeviceError("queue.system_silent", Effect.NONE) from error
            raise DeviceError("queue.answer_lost", lost) from error
        return _understood(status, answer, self._number, lost)

    def _client(self, seconds: float, *, own: bool) -> httpx.Client:
        """A connection for one question: no proxy, no redirect, no certificates to load."""
        bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        transport = self._transport
        if transport is None and own and self._socket:
            transport = httpx.HTTPTransport(uds=self._socket, verify=bare)
        timeout = httpx.Timeout(seconds, connect=min(seconds, 3.0))
        return httpx.Client(transport=transport, timeout=timeout, trust_env=False, verify=bare)

    def _path(self, queue: str) -> str:
        return "/printers/" + quote(queue, safe="")

    def _uri(self, queue: str) -> str:
        return "ipp" + self._address.removeprefix("http") + self._path(queue)


def _exchange(client: httpx.Client, address: str, body: bytes, seconds: float) -> tuple[int, bytes]:
    """Status and body of the answer; one that drips or never ends is a time-out."""
    with client.stream("POST", address, content=body, headers={"Content-Type": ipp.CONTENT_TYPE}) as answer:
        end = time.monotonic() + seconds
        read = bytearray()
        for piece in answer.iter_bytes():
            read += piece
            if time.monotonic() > end or len(read) > ipp.MOST_BYTES:
                raise httpx.ReadTimeout("the answer does not end")
        return answer.status_code, bytes(read)


def _address_of(device: str, seconds: float) -> tuple[str, str] | None:
    """The uri and the http address of an IPP printer, if it can be asked in this time.

    Only plain ipp, as printers' own certificates prove nothing and only words about paper are read. In a hurry only by
    its number: nothing bounds the time in which a name is looked up.
    """
    try:
        parts = urlsplit(device)
        host, port = parts.hostname or "", parts.port or 631
    except ValueError:
        return None
    if parts.scheme != "ipp" or not host or (seconds < _UNHURRIED and not _is_number(host)):
        return None
    return device, f"http://{f'[{host}]' if ':' in host else host}:{port}{parts.path or '/'}"


def _is_number(host: str) -> bool:
    """Whether a host is an address that needs no looking up."""
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def _understood(status: int, answer: bytes, number: int, lost: Effect) -> Message:
    if status in {401, 403, 426}:
        raise DeviceError("queue.not_allowed", Effect.NONE, status=status)
    if 400 <= status < 500:
        raise DeviceError("queue.refused", Effect.NONE, status=status)
    if status != 200:
        raise DeviceError("queue.answer_odd", lost, status=status)
    try:
        message = ipp.decode(answer)
    except ipp.IppBroken as error:
        raise DeviceError("queue.answer_odd", lost) from error
    if message.number != number:
        raise DeviceError("queue.answer_odd", lost)
    if message.code >= 0x0100:
        raise _Refused(message.code)
    return message


def _template(document: Document) -> ipp.Attributes:
    """Job template attributes: the medium, and for a card that nothing is turned, scaled or doubled."""
    wanted: dict[str, ipp.Values] = {"copies": [1]}
    if document.size is not None:  # a tray is asked for together with the medium that lies in it
        measures = {"x-dimension": [document.size.width], "y-dimension": [document.size.height]}
        media: dict[str, ipp.Values] = {"media-size": [measures]}
        if document.strict:
            margins = ("top", "bottom", "left", "right")
            media |= {f"media-{side}-margin": [0] for side in margins}
        if document.tray:
            media["media-source"] = [ipp.keyword(document.tray)]
        wanted["media-col"] = [media]
    if document.strict:
        wanted |= {"sides": [ipp.keyword("one-sided")], "print-scaling": [ipp.keyword("none")]}
        wanted |= {"number-up": [1], "orientation-requested": [ipp.Enum(3)]}
    if document.strict and document.dpi is not None:
        wanted["printer-resolution"] = [ipp.Resolution(document.dpi, document.dpi)]
    return wanted


def _clipped(title: str) -> str:
    """A title of at most 255 octets, cut between letters."""
    return title.encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
