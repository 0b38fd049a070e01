"""A camera and a router of the other end's network: `neighbours.py camera`, `neighbours.py router ADDRESS`.

Both join their multicast group and answer as ONVIF and UPnP devices do; the router serves its description and two
counters, those of its own network card.
"""

from __future__ import annotations

import re
import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import psutil

from tests.devices.bandwidth.test_onvif import match
from tests.devices.bandwidth.test_upnp import ANSWER, description


def group(address: str, port: int, own: str) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", port))
    sock.setsockopt(
        socket.IPPROTO_IP,
        socket.IP_ADD_MEMBERSHIP,
        struct.pack("4s4s", socket.inet_aton(address), socket.inet_aton(own)),
    )
    return sock


def camera(own: str) -> None:
    sock = group("239.255.255.250", 3702, own)
    print("ready", flush=True)
    while True:
        question, asker = sock.recvfrom(4000)
        found = re.search(rb"MessageID>(urn:uuid:[0-9a-f-]{36})<", question)
        if found:
            sock.sendto(match(found[1].decode()), asker)


class Router(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.answer(description().encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        card = psutil.net_io_counters(pernic=True)["tb"]
        way, value = ("Received", card.bytes_sent) if b"Received" in body else ("Sent", card.bytes_recv)
        self.answer(
            ANSWER.format(action=f"GetTotalBytes{way}", what=f"TotalBytes{way}", value=value).encode()
        )

    def answer(self, page: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *said: object) -> None:
        """Say nothing."""


def router(own: str) -> None:
    web = HTTPServer((own, 0), Router)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    sock = group("239.255.255.250", 1900, own)
    print("ready", flush=True)
    while True:
        question, asker = sock.recvfrom(4000)
        if b"InternetGatewayDevice" in question:
            sock.sendto(
                f"HTTP/1.1 200 OK\r\nLOCATION: http://{own}:{web.server_port}/rootDesc.xml\r\n\r\n".encode(),
                asker,
            )


if __name__ == "__main__":
    {"camera": camera, "router": router}[sys.argv[1]](sys.argv[2])
