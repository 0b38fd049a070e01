"""The composition root: the only place that builds adapters and hands them to each other.

Training is a whole office of its own in one folder: embedded database, a SIAK that is a real HTTP server on
loopback with a throw-away authority, simulated devices (the chip's reader may be a real one), and synthetic residents.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ktpel_desktop import resource_files
from ktpel_desktop.core import ticket
from ktpel_desktop.core.errors import PolicyError, StoreError
from ktpel_desktop.core.office import Office
from ktpel_desktop.core.ports import ChipStation, Clock, Ids
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.supplies import SuppliesPolicy
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.settings import Settings

if TYPE_CHECKING:
    from argon2 import PasswordHasher
    from filelock import FileLock

    from ktpel_desktop.bootstrap.chip_stations import ChipStations
    from ktpel_desktop.devices.simulator.hands import AutoHands
    from ktpel_desktop.devices.simulator.workbench import Workbench
    from ktpel_desktop.siak.simulator.residents import City
    from ktpel_desktop.siak.simulator.server import SiakSimulator
    from ktpel_desktop.siak.simulator.world import TrainingWorld
    from ktpel_desktop.store.sql_store import SqlStore

WIB = timezone(timedelta(hours=7), "WIB")
TRAINING_BLANKS = 500
DATABASE, BENCH, SIAK_STATE, AUTHORITY = "ktpel.db", "meja.jsonl", "siak.jsonl", "otoritas-latihan.pem"


class SystemClock:
    """The computer's clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class RandomIds:
    """Ticket codes that nobody can guess from another."""

    def ticket(self) -> str:
        return ticket.from_number(secrets.randbelow(32**11))


def office(settings: Settings, *, training: bool) -> Office:
    """The office of the settings. Raises PolicyError "settings.kelurahan_unknown"."""
    place = resource_files.load_regions().kelurahan(settings.kelurahan)
    if place is None:
        raise PolicyError("settings.kelurahan_unknown", kelurahan=settings.kelurahan)
    return Office(
        name=f"{settings.office_name} Kelurahan {place.name}",
        kelurahan_code=place.code,
        kelurahan=place.name,
        kecamatan=place.kec_name,
        kabupaten=place.kab_name,
        province=settings.province,
        timezone=WIB,
        opens=settings.opens,
        closes=settings.closes,
        working_days=settings.weekday_numbers,
        status_url=settings.status_url,
        complaints=settings.complaints,
        claim_lease=timedelta(minutes=settings.claim_minutes),
        stuck_after=timedelta(days=settings.stuck_days),
        blanks_low=settings.blanks_low,
        training=training,
    )


def claim_folder(folder: Path) -> FileLock:
    """Make the data folder and hold it for this program alone, until the lock is released.

    Raises StoreError "folder.in_use" where another copy of the program works in it, "folder.read_only",
    "folder.disk_full", "folder.unusable".
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "dipakai.lock")
        lock.acquire(timeout=0)
        probe = folder / ".tulis"
        probe.write_bytes(b"\0" * 4096)
        probe.unlink()
    except Timeout:
        raise StoreError("folder.in_use", folder=str(folder)) from None
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StoreError("folder.read_only", folder=str(folder)) from None
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreError("folder.disk_full", folder=str(folder)) from None
        raise StoreError("folder.unusable", folder=str(folder), cause=os.strerror(error.errno or 0)) from None
    return lock


@dataclass
class TrainingOffice:
    """A desk in training with the world behind it. Close it to let the folder go."""

    desk: Desk
    store: SqlStore
    world: TrainingWorld
    bench: Workbench
    hands: AutoHands
    folder: Path
    lock: FileLock
    stations: ChipStations | None = None
    """Where the settings ask for real readers."""

    @property
    def siak(self) -> SiakSimulator:
        """The simulated SIAK, opened now if nobody asked it before."""
        return self.world.opened().simulator

    @property
    def city(self) -> City:
        """Its residents."""
        return self.world.opened().city

    def close(self) -> None:
        """Stop the simulated SIAK, close the database, let the folder go."""
        self.world.close()
        self.store.close()
        self.lock.release()

    @contextmanager
    def copy_of_store(self, folder: Path) -> Iterator[SqlStore]:
        """The store on a copy of the database as it stands, in another folder."""
        import sqlite3

        copy = folder / DATABASE
        with closing(sqlite3.connect(self.store.path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        with type(self.store).open(copy, at=self.desk.clock.now()) as store:
            yield store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_training(
    folder: Path,
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    seed: str | None = None,
    papers: Path | None = None,
    pace: Callable[[float], None] = time.sleep,
) -> TrainingOffice:
    """The training office in `folder`, made on first start, found again as it was left afterwards.

    With `seed` the authority and the city follow from it; without, the authority is a fresh key kept in the
    folder. `papers` is where receipts and pages come out; `pace` waits as devices do.
    Raises StoreError of `claim_folder` and of the store, PolicyError of the settings.
    """
    lock = claim_folder(folder)
    try:
        return _build(
            folder,
            settings or Settings(),
            lock,
            clock or SystemClock(),
            ids or RandomIds(),
            seed,
            papers or folder / "kertas",
            pace,
        )
    except BaseException:
        lock.release()
        raise


def _build(
    folder: Path,
    settings: Settings,
    lock: FileLock,
    clock: Clock,
    ids: Ids,
    seed: str | None,
    papers: Path,
    pace: Callable[[float], None],
) -> TrainingOffice:
    from ktpel_desktop.bootstrap.found_devices import device_finder
    from ktpel_desktop.bootstrap.printers import (
        card_printer,
        dot_matrix_printer,
        form,
        page_printer,
        receipt_printer,
        receipts,
    )
    from ktpel_desktop.bootstrap.room_instruments import room_instruments
    from ktpel_desktop.bootstrap.room_line import room_line
    from ktpel_desktop.devices.simulator.card_printer import SimulatedCardPrinter
    from ktpel_desktop.devices.simulator.chip import SimulatedChip
    from ktpel_desktop.devices.simulator.dot_matrix_printer import SimulatedDotMatrixPrinter
    from ktpel_desktop.devices.simulator.following import FollowingStore
    from ktpel_desktop.devices.simulator.hands import AutoHands
    from ktpel_desktop.devices.simulator.page_printer import SimulatedPagePrinter
    from ktpel_desktop.devices.simulator.receipt_printer import SimulatedReceiptPrinter
    from ktpel_desktop.devices.simulator.workbench import Workbench
    from ktpel_desktop.documents.writer import PaperWriter
    from ktpel_desktop.siak.simulator.world import TrainingWorld
    from ktpel_desktop.store.archive import FOLDER, FileArchive
    from ktpel_desktop.store.sql_store import SqlStore

    place = office(settings, training=True)
    profile = resource_files.load_profile(settings.chip_profile)
    store = SqlStore.open(folder / DATABASE, at=clock.now(), hasher=_quick_hasher)
    regions = resource_files.load_regions()
    world = TrainingWorld(
        state=folder / SIAK_STATE,
        key=folder / AUTHORITY,
        clock=clock,
        timezone=WIB,
        regions=regions,
        lists=resource_files.path("siak", "latihan"),
        home=place.kelurahan_code,
        seed=seed,
        profile=profile,
    )
    bench = Workbench.load(folder / BENCH, blanks=TRAINING_BLANKS, pace=pace)
    hands = AutoHands(bench)
    stations = None
    chip: ChipStation = SimulatedChip(bench, hands)
    check_chip = chip
    if settings.chip_by == "pcsc":
        from ktpel_desktop.bootstrap.chip_stations import AdoptingStation, chip_stations

        stations = chip_stations(settings, profile, world.check)
        chip, check_chip = AdoptingStation(stations.encoder, bench), stations.check
    chosen = card_printer(settings, SimulatedCardPrinter(bench, hands))
    dot_matrix = dot_matrix_printer(settings, SimulatedDotMatrixPrinter(bench.faults, papers))
    line = room_line(settings, clock, bench.faults)
    instruments = room_instruments(settings, folder, bench.faults)
    desk = Desk(
        office=place,
        catalogue=resource_files.load_catalogue(),
        consumables=resource_files.load_consumables(),
        regions=regions,
        store=FollowingStore(store, bench, hands),
        clock=clock,
        ids=ids,
        siak=world.siak,
        authority=world.check,
        profile=profile,
        chip=chip,
        check_chip=check_chip,
        card_printer=chosen.printer,
        receipt_printer=receipts(
            settings,
            receipt_printer(settings, SimulatedReceiptPrinter(bench.faults, papers)),
            dot_matrix,
        ),
        page_printer=page_printer(settings, SimulatedPagePrinter(bench.faults, papers)),
        sensors={str(item): one for item, one in {**instruments.sensors, **line.sensors}.items()},
        papers=PaperWriter(
            resource_files.root(),
            place,
            receipt_mm=settings.receipt_width_mm,
            receipt_page=settings.receipt_page,
            head=chosen.head,
            form=form(settings),
            receipt_on_form=settings.receipt_on_form,
        ),
        archive=FileArchive(Path(settings.archive_folder) if settings.archive_folder else folder / FOLDER),
        looks={**instruments.looks, **line.looks},
        load_meter=instruments.load_meter,
        finder=device_finder(settings),
        room_must=frozenset(ItemId(item) for item in settings.room_must),
        line=line.line,
        feeder=chosen.feeder,
        dot_matrix=dot_matrix,
        card_printer_name=f"{chosen.name}/{settings.card_tray}",
        supplies=SuppliesPolicy(
            ribbon_prints=settings.ribbon_prints,
            ribbon_low=settings.ribbon_low,
            rest_after=settings.rest_after,
            rest_minutes=settings.rest_minutes,
            cleaning_every=settings.cleaning_every,
            film_prints=settings.film_prints,
        ),
    )
    return TrainingOffice(desk, store, world, bench, hands, folder, lock, stations)


def _quick_hasher() -> PasswordHasher:
    """Training passwords are printed on the login page; a costly hash would guard nothing."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=1024)
