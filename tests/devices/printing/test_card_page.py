"""A card's page: its exact size, every pixel of the face where it belongs, and what cannot be a card refused."""

import subprocess
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.devices.card_printer.card_page import CR80, card_medium, card_page
from ktpel_desktop.devices.print_queue.jobs import Format, Queue, QueueState, Size
from tests.devices.printing.faces import face, opened, share_different

LYING, UPRIGHT = CR80, CR80.turned()
BLEED = Size(8768, 5585)
"""A maker's "edge to edge": the face lies in the middle of it, some pixels in from every side."""


def queue(*media: Size, custom: tuple[Size, Size] | None = None) -> Queue:
    return Queue("kartu", QueueState.IDLE, accepting=True, media=media, custom=custom)


def rendered(pdf: bytes, folder: Path, dpi: int = 300) -> Image.Image:
    (folder / "page.pdf").write_bytes(pdf)
    command = [
        "pdftoppm",
        "-r",
        str(dpi),
        "-png",
        "-singlefile",
        str(folder / "page.pdf"),
        str(folder / "page"),
    ]
    subprocess.run(command, check=True, timeout=60)
    return opened((folder / "page.png").read_bytes())


@pytest.mark.real
@pytest.mark.parametrize("medium", [LYING, UPRIGHT, BLEED, BLEED.turned()])
def test_another_program_draws_every_pixel_where_the_picture_has_it(tmp_path: Path, medium: Size) -> None:
    """Poppler draws the PDF as the PNG has it: both are made of one arrangement, and nothing is resampled."""
    picture = opened(card_page(face(), medium, Format.PNG))
    drawn = rendered(card_page(face(), medium, Format.PDF), tmp_path)
    assert share_different(drawn, picture) == 0.0


@pytest.mark.parametrize("medium", [LYING, UPRIGHT, Size(5400, 8600)])
def test_the_page_is_the_medium(medium: Size) -> None:
    page = pypdfium2.PdfDocument(card_page(face(), medium, Format.PDF))[0]
    assert page.get_size() == pytest.approx(medium.points, abs=0.001)
    assert opened(card_page(face(), medium, Format.PNG)).size == medium.pixels(300)


def test_an_untouched_face_is_on_the_card_pixel_by_pixel() -> None:
    artwork = face()
    page = opened(card_page(artwork, LYING, Format.PNG))
    expected = opened(artwork.colour)
    with Image.open(BytesIO(artwork.black)) as black:
        expected.paste("black", (0, 0), black.convert("L").point([255 - grey for grey in range(256)]))
    assert page.tobytes() == expected.tobytes()


def test_an_upright_card_is_the_lying_one_turned_clockwise() -> None:
    lying = opened(card_page(face(), LYING, Format.PNG))
    upright = opened(card_page(face(), UPRIGHT, Format.PNG))
    assert upright.transpose(Image.Transpose.ROTATE_90).tobytes() == lying.tobytes()


def test_a_face_with_bleed_is_centred_and_cut() -> None:
    page = opened(card_page(face(1016, 648), LYING, Format.PNG))
    assert page.size == (1011, 638)
    assert page.getpixel((0, 0)) == (0, 0, 0)  # the mark's own corner is cut, the mark still reaches the edge
    assert page.getpixel((28 - 1, 10 - 1)) == (0, 0, 0)


def test_at_600_dpi_too() -> None:
    artwork = face(2022, 1275, 600)
    assert opened(card_page(artwork, UPRIGHT, Format.PNG)).size == (1275, 2022)
    page = pypdfium2.PdfDocument(card_page(artwork, UPRIGHT, Format.PDF))[0]
    assert page.get_size() == pytest.approx(UPRIGHT.points, abs=0.001)


def test_the_same_face_gives_the_same_bytes() -> None:
    assert card_page(face(), LYING, Format.PDF) == card_page(face(), LYING, Format.PDF)


@pytest.mark.parametrize(
    "broken",
    [
        CardFace(b"colour", b"black", 300),
        CardFace(face().colour, b"", 300),
        CardFace(face().colour, face(1011, 637).black, 300),
        face(2000, 1000),
        CardFace(face().colour, face().black, 600),
    ],
)
def test_what_is_no_card_is_refused(broken: CardFace) -> None:
    with pytest.raises(DeviceError) as refused:
        card_page(broken, LYING, Format.PDF)
    assert (refused.value.code, refused.value.effect) == ("printer.face_unreadable", Effect.NONE)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (queue(), LYING),
        (queue(Size(21000, 29700), UPRIGHT), UPRIGHT),
        (queue(Size(8573, 5398)), Size(8573, 5398)),
        (queue(Size(5400, 8600), UPRIGHT), UPRIGHT),
        (queue(BLEED), BLEED),
        (queue(custom=(Size(2540, 2540), Size(21590, 100000))), UPRIGHT),
        (queue(Size(21000, 29700), custom=(Size(8000, 5000), Size(9000, 6000))), LYING),
    ],
)
def test_the_queues_own_card_size_is_taken(offered: Queue, chosen: Size) -> None:
    assert card_medium(offered) == chosen


@pytest.mark.parametrize("offered", [queue(Size(21000, 29700)), queue(Size(8390, 5100))])
def test_a_queue_without_a_card_size_is_refused(offered: Queue) -> None:
    with pytest.raises(DeviceError) as refused:
        card_medium(offered)
    assert (refused.value.code, refused.value.effect) == ("printer.no_card_size", Effect.NONE)
