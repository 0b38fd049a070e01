"""A PostgreSQL server of the tests' own: one per test process, databases copied from a template in some hundredths."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from ktpel_desktop.store.migrations.upgrade import upgrade_server
from ktpel_desktop.store.postgres_engine import build_engine

OWNER = "postgres"
_numbers = count(1)


def binaries() -> Path:
    """Where Debian keeps the newest server's commands."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        pytest.skip("PostgreSQL is not installed here")
    return found[-1].parent


def as_server(*command: str | Path) -> None:
    """Run a command of the server, which refuses to be root."""
    user = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
    subprocess.run([*user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")


class PostgresServer:
    """A cluster in a folder of its own, answering on a socket there only."""

    def __init__(self, *settings: str) -> None:
        self.binaries = binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="ktpel-pg-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, OWNER)
        self.data = self.folder / "data"
        self._settings = [
            f"-c {one}"
            for one in ("listen_addresses=''", f"unix_socket_directories={self.folder}", *settings)
        ]
        init = ("initdb", "-N", "-D", self.data, "-A", "trust", "-U", OWNER, "-E", "UTF8", "--locale=C.UTF-8")
        as_server(self.binaries / init[0], *init[1:])
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = " ".join(self._settings)
        as_server(
            self.binaries / "pg_ctl", "-w", "-D", self.data, "-l", self.folder / "log", "-o", options, "start"
        )

    def stop(self, mode: str = "fast") -> None:
        """Stop it: smart, fast, or immediate, which is a crash."""
        as_server(self.binaries / "pg_ctl", "-w", "-m", mode, "-D", self.data, "stop")

    def remove(self) -> None:
        """Stop it, and leave nothing."""
        with suppress(subprocess.CalledProcessError):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = OWNER, user: str = OWNER) -> URL:
        """A database of the server, for one of its people."""
        return URL.create("postgresql+psycopg", username=user, host=str(self.folder), database=database)

    def run(self, sql: str, database: str = OWNER) -> None:
        """A statement by the server's owner, outside any transaction."""
        with psycopg.connect(
            host=str(self.folder), user=OWNER, dbname=database, autocommit=True
        ) as connection:
            connection.execute(sql)


@cache
def server() -> PostgresServer:
    """The one of this process; it is gone when the process ends."""
    started = PostgresServer("fsync=off", "max_connections=60", "shared_buffers=16MB")
    atexit.register(started.remove)
    return started


@cache
def _template() -> str:
    name = "ktpel_template"
    server().run(f"CREATE DATABASE {name}")
    engine = build_engine(server().url(name), busy_seconds=5)
    upgrade_server(engine)
    engine.dispose()
    return name


def fresh_database() -> URL:
    """An empty database of the newest schema; it goes when the server goes."""
    return copy_of(server().url(_template()))


def copy_of(url: URL) -> URL:
    """A copy of a database to which nobody is connected."""
    name = f"ktpel_{next(_numbers)}"
    server().run(f"CREATE DATABASE {name} TEMPLATE {url.database}")
    return server().url(name)
