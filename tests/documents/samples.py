"""Synthetic residents, orders and pictures. Nobody here exists: sequence numbers 9xxx, drawn portraits."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.print_order import PrintOrder, VerifiedOrder, verify
from ktpel_desktop.core.subject import Subject, content_digest
from tests import residents

RESOURCES = Path(__file__).parents[2] / "resources"
NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)


@cache
def portrait() -> bytes:
    picture = Image.new("RGB", (480, 640), (170, 30, 40))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((130, 120, 350, 400), fill=(205, 160, 130))
    draw.ellipse((40, 430, 440, 900), fill=(235, 235, 240))
    draw.pieslice((120, 90, 360, 330), 180, 360, fill=(30, 25, 25))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


@cache
def signature() -> bytes:
    picture = Image.new("L", (420, 160), 255)
    draw = ImageDraw.Draw(picture)
    points = [(20, 120), (70, 30), (100, 130), (150, 50), (190, 110), (260, 40), (300, 120), (400, 70)]
    draw.line(points, fill=40, width=7, joint="curve")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


SUBJECT = residents.subject(
    nik=Nik.parse("3174054411859001"),
    name="SITI CONTOHWATI",
    birth_date=date(1985, 11, 4),
    sex="PEREMPUAN",
    address="JL. KEMANG UTARA IX NO. 12",
    kelurahan="BANGKA",
    kecamatan="MAMPANG PRAPATAN",
    kabupaten="KOTA ADMINISTRASI JAKARTA SELATAN",
    province="DKI JAKARTA",
    marital_status="KAWIN",
    photo=portrait(),
    signature=signature(),
    fingers=(b"synthetic",),
)


def subject(**changes: Any) -> Subject:
    return replace(SUBJECT, **changes)


class _Believes:
    def knows(self, authority: str) -> bool:
        return True

    def valid(self, authority: str, message: bytes, signature: bytes) -> bool:
        return True


def order(of: Subject = SUBJECT) -> VerifiedOrder:
    content = of.to_content()
    wanted = PrintOrder(
        order_id="O-1",
        job_id="TICKET-1",
        nik=of.nik,
        content=content,
        digest=content_digest(content),
        issued_at=NOW - timedelta(minutes=5),
        expires_at=NOW + timedelta(hours=8),
        authority="tests",
        signature=b"",
    )
    return verify(wanted, job_id="TICKET-1", nik=of.nik, now=NOW, check=_Believes())
