"""What another program reads on the card: tesseract, on the black layer as it is printed, 300 dots an inch."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.documents.people import people
from tests.documents.stored_faces import artist, black, drawn

ARTIST = artist(300)
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed"),
]


def read(picture: Image.Image, folder: Path) -> list[str]:
    """Lines of text, white space left out. No list of allowed signs, no enlarging, no training."""
    file = folder / "seen.png"
    picture.save(file)
    found = subprocess.run(
        ["tesseract", str(file), "stdout", "--psm", "6", "--dpi", "300"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        timeout=120,
    ).stdout
    return ["".join(line.split()) for line in found.splitlines() if line.strip()]


def test_every_nik_of_the_forty_is_read_right(tmp_path: Path) -> None:
    (line,) = [line for line in ARTIST.template.lines if line.name == "nik"]
    box = ARTIST.template.pixel_box(line.box)
    width, height = box[2] - box[0], box[3] - box[1]
    page = Image.new("1", (width + 60, (height + 40) * len(people())), 255)
    for place, of in enumerate(people()):
        page.paste(black(drawn(of, ARTIST)).crop(box), (30, place * (height + 40) + 20))
    assert read(page, tmp_path) == [subject.nik.reveal() for subject in people().values()]


@pytest.mark.parametrize("of", ["plain", "all_long", "foreign_long"])
def test_a_whole_face_is_read(of: str, tmp_path: Path) -> None:
    """The smallest letters, too: the column of rows, every word of name, address and occupation."""
    subject = people()[of]
    face = black(drawn(of, ARTIST))
    face.paste(255, ARTIST.template.pixel_box(ARTIST.template.signature))
    lines = read(face, tmp_path)
    assert subject.nik.reveal() in lines[2]
    seen = "".join(lines)
    words = [*subject.name.split(), *subject.address.split(), *subject.kecamatan.split()]
    missed = [word for word in words if word not in seen]
    assert len(missed) <= len(words) // 5, missed
