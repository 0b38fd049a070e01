"""Photo, signature and finger templates of synthetic residents, drawn when asked for and never kept.

The photo is an abstract head and shoulders, nobody's likeness: red behind odd, blue behind even birth years
(Ditjen Dukcapil 2025), orange for foreign residents (domain.md 2). The templates are random minutiae in the compact
card format of ISO/IEC 19794-2:2005: three bytes each, ordered by y and x. Everything hangs on the NIK only, so that a
signed content stays the same after a restart.
"""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw

from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.subject import Subject
from ktpel_desktop.siak.simulator.residents import Resident

RED, BLUE, ORANGE = (196, 32, 38), (28, 78, 170), (232, 128, 30)
PHOTO_SIZE = (240, 320)
SIGNATURE_SIZE = (220, 90)
FINGERS = 2
MINUTIAE = range(38, 61)
PHOTO_BYTES = 3800
"""What fits the photo's place in the reference profile, with room."""

_SCALE = 2
_SKIN = ((241, 205, 172), (224, 178, 138), (198, 146, 104), (164, 112, 76))
_CLOTHES = ((250, 250, 250), (52, 58, 70), (92, 120, 92), (140, 92, 120), (210, 190, 150))
_HAIR = ((24, 20, 20), (46, 34, 28), (110, 108, 106))


def subject(resident: Resident) -> Subject:
    """Everything that stands on the resident's card and in its chip."""
    return Subject(
        nik=Nik.parse(resident.nik),
        name=resident.name,
        birth_place=resident.birth_place,
        birth_date=resident.birth_date,
        sex=sex(resident),
        blood_group=resident.blood_group,
        address=resident.address,
        rt=resident.rt,
        rw=resident.rw,
        kelurahan=resident.kelurahan,
        kecamatan=resident.kecamatan,
        kabupaten=resident.kabupaten,
        province=resident.province,
        religion=resident.religion,
        marital_status=resident.marital_status,
        occupation=resident.occupation,
        nationality=resident.nationality,
        valid_until=resident.valid_until,
        photo=photo(resident),
        signature=signature(resident),
        fingers=fingers(resident),
    )


def sex(resident: Resident) -> str:
    """Sex as SIAK writes it."""
    return "PEREMPUAN" if resident.female else "LAKI-LAKI"


def background(resident: Resident) -> tuple[int, int, int]:
    """Colour behind the head."""
    if resident.foreign:
        return ORANGE
    return RED if resident.birth_date.year % 2 else BLUE


def photo(resident: Resident) -> bytes:
    """JPEG, 3 × 4."""
    rng = random.Random(f"photo/{resident.nik}")
    width, height = (side * _SCALE for side in PHOTO_SIZE)
    picture = Image.new("RGB", (width, height), background(resident))
    pen = ImageDraw.Draw(picture)
    skin, hair = rng.choice(_SKIN), rng.choice(_HAIR)
    clothes = rng.choice(_CLOTHES)
    middle, eyes = width // 2, int(height * rng.uniform(0.38, 0.42))
    head_w, head_h = int(width * rng.uniform(0.19, 0.22)), int(height * rng.uniform(0.20, 0.22))
    shoulders = int(width * rng.uniform(0.38, 0.46))
    if resident.female and rng.random() < 0.6:
        veil = rng.choice(_CLOTHES)
        pen.ellipse(
            (middle - head_w * 1.5, eyes - head_h * 1.4, middle + head_w * 1.5, eyes + head_h * 2.2), veil
        )
    else:
        fall = head_h * (1.5 if resident.female else 0.1)
        pen.ellipse((middle - head_w * 1.15, eyes - head_h * 1.25, middle + head_w * 1.15, eyes + fall), hair)
    pen.rectangle((middle - head_w * 0.45, eyes + head_h * 0.6, middle + head_w * 0.45, height * 0.75), skin)
    pen.ellipse((middle - shoulders, height * 0.68, middle + shoulders, height * 1.4), clothes)
    pen.ellipse((middle - head_w, eyes - head_h, middle + head_w, eyes + head_h), skin)
    pen.pieslice(
        (middle - head_w, eyes - head_h * 1.05, middle + head_w, eyes + head_h * 0.5), 190, 350, hair
    )
    for side in (-1, 1):
        at = middle + side * head_w * 0.4
        pen.ellipse((at - 7, eyes - 5, at + 7, eyes + 5), hair)
    out = io.BytesIO()
    small = picture.resize(PHOTO_SIZE, Image.Resampling.BILINEAR)
    for quality in range(45, 5, -5):
        out.seek(0)
        out.truncate()
        small.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= PHOTO_BYTES:
            break
    return out.getvalue()


def signature(resident: Resident) -> bytes:
    """PNG, one bit per dot: a scribble."""
    rng = random.Random(f"signature/{resident.nik}")
    width, height = SIGNATURE_SIZE
    picture = Image.new("1", SIGNATURE_SIZE, 1)
    points = [(width * 0.08, height * 0.6)]
    for step in range(rng.randint(7, 12)):
        swing = height * rng.uniform(0.1, 0.42) * (-1 if step % 2 else 1)
        points.append((width * (0.12 + step * 0.07), height * 0.5 + swing))
    points.append((width * 0.94, height * rng.uniform(0.4, 0.8)))
    ImageDraw.Draw(picture).line(points, fill=0, width=2, joint="curve")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def fingers(resident: Resident) -> tuple[bytes, ...]:
    """Two templates, right and left index (Perpres 35/2010 Ps. 6)."""
    rng = random.Random(f"fingers/{resident.nik}")
    return tuple(_template(rng) for _ in range(FINGERS))


def _template(rng: random.Random) -> bytes:
    points = [(rng.randrange(256), rng.randrange(256)) for _ in range(rng.choice(MINUTIAE))]  # y, x in 0.1 mm
    kinds = (0x40, 0x80)  # ending, bifurcation; the other six bits are the angle
    return b"".join(bytes([x, y, rng.choice(kinds) | rng.randrange(64)]) for y, x in sorted(points))
