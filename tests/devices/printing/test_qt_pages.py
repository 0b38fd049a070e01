"""Painting through Qt's print support: into a file, and in a process of its own through a real CUPS.

What a maker's driver does on Windows cannot be tried here; the painting before it can.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtWidgets import QApplication

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.card_printer.card_page import CR80, card_page
from ktpel_desktop.devices.print_queue.cups import CupsSystem
from ktpel_desktop.devices.print_queue.jobs import Document, Format, JobState, Size
from ktpel_desktop.devices.print_queue.qt_pages import QtPages
from tests.devices.printing.conftest import PrintRoom
from tests.devices.printing.cups_server import wait_for
from tests.devices.printing.faces import face, opened, share_different

ROOT = Path(__file__).parents[3]
PAINT = """
import sys
from pathlib import Path
from PySide6.QtGui import QGuiApplication
from ktpel_desktop.devices.print_queue.jobs import Document, Format, Size
from ktpel_desktop.devices.print_queue.qt_pages import QtPages

application = QGuiApplication([])
pages = QtPages()
size = next(size for size in pages.media("kartu") if size.near(Size(5398, 8560), 100))
picture = Path(sys.argv[1]).read_bytes()
document = Document(picture, Format.PNG, "R-7-1", size, 300, strict=True)
pages.paint("kartu", document, [picture], lambda: print("begun"))
print(size)
"""


def images_of(pdf: bytes) -> list[object]:
    page = pypdfium2.PdfDocument(pdf)[0]
    return [item for item in page.get_objects() if item.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]


def card(size: Size) -> Document:
    picture = card_page(face(), size, Format.PNG)
    return Document(picture, Format.PNG, "R-7-1", size, 300, strict=True)


@pytest.mark.parametrize("size", [CR80.turned(), CR80])
def test_a_card_is_painted_at_its_size_and_its_pixels_are_kept(
    qapp: QApplication, tmp_path: Path, size: Size
) -> None:
    target, begun = tmp_path / "kartu.pdf", list[str]()
    document = card(size)
    QtPages(str(target)).paint("", document, [document.data], lambda: begun.append("begun"))
    pdf = pypdfium2.PdfDocument(target.read_bytes())
    assert (len(pdf), len(begun)) == (1, 1)
    assert pdf[0].get_size() == pytest.approx(size.points, abs=1)  # whole points
    (image,) = images_of(target.read_bytes())
    assert isinstance(image, pypdfium2.PdfImage)
    kept = image.get_bitmap().to_pil().convert("RGB")
    assert kept.size == size.pixels(300)
    assert share_different(kept, opened(document.data)) == 0.0
    left, bottom, right, top = image.get_bounds()
    assert right - left == pytest.approx(size.points[0], abs=0.15)
    assert top - bottom == pytest.approx(size.points[1], abs=0.15)
    assert left == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("made", [CR80, CR80.turned()])
def test_report_pages_fill_their_paper_and_lie_along_it(
    qapp: QApplication, tmp_path: Path, made: Size
) -> None:
    """A page on its side (the register of blanks) is turned, not shrunk into the paper's width."""
    target = tmp_path / "laporan.pdf"
    page = card(made).data
    document = Document(b"", Format.PDF, "Laporan", Size(21000, 29700))
    QtPages(str(target)).paint("", document, [page, page, page], lambda: None)
    pdf = pypdfium2.PdfDocument(target.read_bytes())
    assert len(pdf) == 3
    assert pdf[0].get_size() == pytest.approx((595, 842), abs=1)
    (image,) = images_of(target.read_bytes())
    assert isinstance(image, pypdfium2.PdfImage)
    left, bottom, right, top = image.get_bounds()
    assert (left, bottom, top) == pytest.approx((0, 0, 842), abs=1)
    assert right == pytest.approx(842 * 638 / 1011, abs=1)


def test_what_begun_refuses_is_not_painted(qapp: QApplication, tmp_path: Path) -> None:
    def refuse() -> None:
        raise DeviceError("queue.answer_odd", Effect.NONE)

    document = card(CR80)
    with pytest.raises(DeviceError) as refused:
        QtPages(str(tmp_path / "x.pdf")).paint("", document, [document.data], refuse)
    assert refused.value.code == "queue.answer_odd"
    assert images_of((tmp_path / "x.pdf").read_bytes()) == []


def test_no_picture_and_no_printer_are_refused(qapp: QApplication, tmp_path: Path) -> None:
    with pytest.raises(DeviceError) as refused:
        QtPages(str(tmp_path / "x.pdf")).paint("", card(CR80), [b"no picture"], lambda: None)
    assert (refused.value.code, refused.value.effect) == ("queue.refused", Effect.NONE)
    with pytest.raises(DeviceError) as refused:
        QtPages().paint("antrean-yang-tidak-ada", card(CR80), [card(CR80).data], lambda: None)
    assert (refused.value.code, refused.value.effect) == ("queue.unknown", Effect.NONE)


@pytest.mark.real
@pytest.mark.xdist_group("cups")
def test_a_queue_of_cups_takes_what_qt_paints(room: PrintRoom, tmp_path: Path) -> None:
    picture = tmp_path / "kartu.png"
    picture.write_bytes(card_page(face(), CR80.turned(), Format.PNG))
    environment = {
        **os.environ,
        **room.server.environment,
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
    }
    done = subprocess.run(
        [sys.executable, "-c", PAINT, str(picture)],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("begun")
    system = CupsSystem(room.server.address)  # Qt sends as whoever runs it, and titles are for owners
    wait_for(lambda: system.jobs("kartu")[-1].state is JobState.COMPLETED, "the job does not end")
    assert system.jobs("kartu")[-1].title == "R-7-1"
    (page,) = [path for path in room.card.printed() if path.suffix == ".pdf"]
    assert pypdfium2.PdfDocument(page.read_bytes())[0].get_size() == pytest.approx((153, 242.6), abs=1)
    assert len(images_of(page.read_bytes())) == 1
