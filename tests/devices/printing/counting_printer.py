"""A small IPP printer over real HTTP that counts its cards, for CUPS's own ipp backend to print to.

ippeveprinter has no printer-impressions-completed (PWG 5100.13 names the counters); this has, and a tray, a door and a
few lies. It takes whole documents and prints them at once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ktpel_desktop.devices.print_queue import ipp
from ktpel_desktop.devices.print_queue.ipp import Enum, Group, Message, Tag, Text

VALIDATE, CREATE, SEND = 0x0004, 0x0005, 0x0006


@dataclass
class CountingPrinter:
    """What is true of the printer; the test is the operator beside it."""

    port: int = 0
    count: int = 500
    cards_in_tray: int = 0
    out: list[bytes] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    swallows: bool = False
    """Says done, moves no card and counts none."""
    jobs: dict[int, int] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    def reset(self) -> None:
        self.cards_in_tray, self.swallows = 0, False
        self.out.clear()
        self.reasons.clear()

    def take(self, number: int, data: bytes) -> None:
        if not self.swallows and self.cards_in_tray:
            self.cards_in_tray -= 1
            self.count += 1
            self.out.append(data)
        self.jobs[number] = 9

    def answer(self, asked: Message) -> Message:
        groups: list[tuple[int, ipp.Attributes]] = [
            (
                Group.OPERATION,
                {
                    "attributes-charset": [Text(Tag.CHARSET, "utf-8")],
                    "attributes-natural-language": [Text(Tag.LANGUAGE, "en")],
                },
            )
        ]
        operation = next(asked.of(Group.OPERATION))
        if asked.code == ipp.Op.GET_PRINTER_ATTRIBUTES:
            groups.append((Group.PRINTER, self._printer()))
        elif asked.code in {ipp.Op.PRINT_JOB, CREATE}:
            number = len(self.jobs) + 1
            self.jobs[number] = 3
            if asked.code == ipp.Op.PRINT_JOB:
                self.take(number, asked.data)
            groups.append((Group.JOB, self._job(number)))
        elif asked.code in {SEND, ipp.Op.GET_JOB_ATTRIBUTES}:
            given = operation.get("job-id", [0])[0]
            number = given if isinstance(given, int) else 0
            if asked.code == SEND:
                self.take(number, asked.data)
            groups.append((Group.JOB, self._job(number)))
        elif asked.code == ipp.Op.GET_JOBS:
            groups.extend((Group.JOB, self._job(number)) for number, state in self.jobs.items() if state < 7)
        return Message(0, asked.number, groups, version=asked.version)

    def _printer(self) -> ipp.Attributes:
        reasons = [*self.reasons, *([] if self.cards_in_tray else ["media-empty"])] or ["none"]
        operations = [2, VALIDATE, CREATE, SEND, 8, 9, 10, 11]
        return {
            "printer-uri-supported": [ipp.uri(self.uri)],
            "uri-security-supported": [ipp.keyword("none")],
            "uri-authentication-supported": [ipp.keyword("none")],
            "printer-name": [ipp.name("penghitung")],
            "printer-state": [Enum(3)],
            "printer-state-reasons": [ipp.keyword(reason) for reason in reasons],
            "printer-is-accepting-jobs": [True],
            "printer-impressions-completed": [self.count],
            "queued-job-count": [0],
            "ipp-versions-supported": [ipp.keyword("1.1"), ipp.keyword("2.0")],
            "operations-supported": [Enum(number) for number in operations],
            "charset-configured": [Text(Tag.CHARSET, "utf-8")],
            "charset-supported": [Text(Tag.CHARSET, "utf-8")],
            "natural-language-configured": [Text(Tag.LANGUAGE, "en")],
            "generated-natural-language-supported": [Text(Tag.LANGUAGE, "en")],
            "document-format-default": [ipp.mime("application/pdf")],
            "document-format-supported": [ipp.mime("application/pdf"), ipp.mime("application/octet-stream")],
            "pdl-override-supported": [ipp.keyword("attempted")],
            "printer-up-time": [60],
            "compression-supported": [ipp.keyword("none")],
        }

    def _job(self, number: int) -> ipp.Attributes:
        return {
            "job-id": [number],
            "job-uri": [ipp.uri(f"{self.uri}/{number}")],
            "job-state": [Enum(self.jobs.get(number, 9))],
            "job-state-reasons": [ipp.keyword("none")],
        }


@contextmanager
def counting_printer() -> Iterator[CountingPrinter]:
    """The printer on a free port of loopback."""
    printer = CountingPrinter()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            if self.headers.get("Expect", "").lower() == "100-continue":
                self.send_response_only(100)
                self.end_headers()
            answer = ipp.encode(printer.answer(ipp.decode(self._body())))
            self.send_response(200)
            self.send_header("Content-Type", ipp.CONTENT_TYPE)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def _body(self) -> bytes:
            if "Content-Length" in self.headers:
                return self.rfile.read(int(self.headers["Content-Length"]))
            pieces = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(pieces)

        def handle_expect_100(self) -> bool:
            return True

        def log_message(self, *told: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    printer.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield printer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
