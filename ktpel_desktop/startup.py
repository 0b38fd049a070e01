"""How the program starts: the window in training, the head-less day, and pictures of every screen.

Each way opens the training office in a folder, does its work, and closes it; an expected failure becomes words.
"""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import replace
from datetime import time
from pathlib import Path

from ktpel_desktop import __version__, bootstrap, logs, resource_files
from ktpel_desktop import settings as settings_file
from ktpel_desktop.core.errors import KtpelError, PolicyError, StoreError
from ktpel_desktop.core.services_catalogue import Product
from ktpel_desktop.settings import Settings

_EVERY_DAY = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")


def explain(error: KtpelError) -> str:
    """What happened, what to do now, and who does it, for a terminal."""
    known = resource_files.texts("galat").get(error.code)
    if not isinstance(known, dict):
        return f"Kode {error.code}. Catat kode ini dan hubungi administrator."
    values = {name: str(value) for name, value in error.params.items()}
    text = str(known["teks"])
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    step = str(known["langkah"])
    for name, value in values.items():
        step = step.replace("{" + name + "}", value)
    return f"{known['judul']}\n{text}\nLangkah berikutnya: {step}\nSiapa: {known['siapa']}\n[{error.code}]"


def data_folder() -> Path:
    """Where a person's training office lies when nothing else is said."""
    from platformdirs import user_data_path

    return user_data_path("ktpel-desktop", appauthor=False) / "latihan"


def read_settings(path: Path | None) -> Settings:
    """The office's settings, or the defaults. Raises PolicyError of `settings.load`."""
    return Settings() if path is None else settings_file.load(path)


def window(folder: Path, settings_path: Path | None, *, full_screen: bool = False) -> int:
    """Training in the window. Raises PolicyError "display.missing", and what opening the office raises."""
    chosen = read_settings(settings_path)
    if sys.platform == "linux" and not has_display():
        raise PolicyError("display.missing")
    from ktpel_desktop.training import people

    chance = secrets.SystemRandom()

    with bootstrap.open_training(folder, always_open(chosen)) as office:
        logs.start(folder)
        people.begin(office)
        # Last: once PySide6 is there it reads the source of every module that is imported.
        from ktpel_desktop.ui import app
        from ktpel_desktop.ui.theme import Mode
        from ktpel_desktop.ui.workplace import SampleAccount, SampleResident

        hints = [SampleAccount(one.username, people.PASSWORD, one.name, one.role) for one in people.STAFF]

        def resident_for(service: str) -> SampleResident | None:
            found = people.somebody(office, service, chance)
            return None if found is None else SampleResident(found.nik, found.kk, found.name)

        return app.run(
            office.desk,
            pc=people.PC,
            people_hint=hints,
            resident_for=resident_for,
            mode=Mode(chosen.theme) if settings_path else None,
            full_screen=full_screen,
            reader_watch=office.stations.watch if office.stations else None,
            reader_roles=office.stations.roles_of if office.stations else None,
        )


def has_display() -> bool:
    """Whether a window can be shown (X11 or Wayland), or Qt was told to draw elsewhere."""
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def day(folder: Path, visits: int, seed: int, *, pictures: bool = True) -> int:
    """A whole head-less day into `folder`, which must be empty or not exist.

    Raises StoreError "folder.not_empty", "folder.disk_full", and what opening the office raises.
    """
    from tqdm import tqdm

    from ktpel_desktop.core.room_items import ItemId
    from ktpel_desktop.devices.simulator import disk
    from ktpel_desktop.services import readiness, room_minutes
    from ktpel_desktop.training import plan, summary
    from ktpel_desktop.training.day import Day, DayClock, DayIds
    from ktpel_desktop.training.people import OPERATOR

    _must_be_empty(folder)
    clock = DayClock()
    with bootstrap.open_training(
        folder,
        clock=clock,
        ids=DayIds(seed),
        seed=f"hari-{seed}",
        papers=folder / "kertas",
        pace=_at_once,
    ) as opened:
        # The same seed gives the same day, on a disk that fills as well.
        looks = {**opened.desk.looks, ItemId.DISK: disk.look}
        office = replace(opened, desk=replace(opened.desk, looks=looks))
        proofs = folder / "contoh"
        proofs.mkdir()
        documents = tuple(
            service.code for service in office.desk.catalogue if service.product is Product.DOCUMENT
        )
        with tqdm(
            total=100, desc="Hari latihan", unit="%", bar_format="{desc}: {percentage:3.0f}%|{bar}|"
        ) as bar:
            played = Day(
                office,
                clock,
                plan.plan(visits, seed, documents),
                seed,
                proofs,
                lambda share: bar.update(int(90 * share) - bar.n),
            )
            played.play()
            (folder / "berita-acara-ruangan.pdf").write_bytes(room_minutes.pdf(office.desk, OPERATOR))
            for form in readiness.Form:
                made = readiness.preview(office.desk, OPERATOR, form)
                (folder / f"laporan-kesiapan.{form.value}").write_bytes(made)
            numbers = summary.summarise(office, seed)
            if pictures:
                _portraits(office, folder / "layar")
            bar.update(100 - bar.n)
    summary.write(numbers, folder)
    sys.stdout.write(f"Selesai: {visits} permohonan. Hasil ada di {folder}/ringkasan.json\n")
    return 0


def portraits(folder: Path) -> int:
    """Every page as a picture, light and dark, at 100 % and 200 %, of a small training day."""
    import tempfile

    from ktpel_desktop.training import people
    from ktpel_desktop.ui import portraits as draw

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with (
        tempfile.TemporaryDirectory() as scratch,
        bootstrap.open_training(Path(scratch), always_open(Settings()), pace=_at_once) as office,
    ):
        people.begin(office)
        for dark in (False, True):
            for scale in (1.0, 2.0):
                draw.render_pages(office.desk, people.STAFF, folder, dark=dark, scale=scale)
    return 0


def version() -> str:
    """Version of the program."""
    return __version__


def always_open(chosen: Settings) -> Settings:
    """Practice is not bound to the office's hours."""
    return replace(chosen, opens=time(0, 0), closes=time(23, 59, 59), working_days=_EVERY_DAY)


def _portraits(office: bootstrap.TrainingOffice, folder: Path) -> None:
    """Pictures of the screens at the end of the day, over a copy: looking is journalled, and the day is closed."""
    import tempfile

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ktpel_desktop.training import people
    from ktpel_desktop.ui import portraits as draw

    with tempfile.TemporaryDirectory() as scratch, office.copy_of_store(Path(scratch)) as store:
        draw.render_pages(replace(office.desk, store=store), people.STAFF, folder)


def _at_once(_seconds: float) -> None:
    """Simulated devices take no time where nobody watches them."""


def _must_be_empty(folder: Path) -> None:
    try:
        taken = folder.exists() and any(folder.iterdir())
    except OSError:
        taken = True
    if taken:
        raise StoreError("folder.not_empty", folder=str(folder))
