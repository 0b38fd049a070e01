"""Fixtures of the store's tests; `database` has the parts for others. A test with a `store` runs on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ktpel_desktop.store.server import ServerDatabase
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import QUICK, fresh_store, remove_template
from tests.store.postgres_server import fresh_database

EMBEDDED, SERVER = "sqlite", "postgresql"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Both engines, but where a test is about the file itself (`embedded`)."""
    if "engine" in metafunc.fixturenames:
        embedded = metafunc.definition.get_closest_marker("embedded") is not None
        both = (EMBEDDED, pytest.param(SERVER, marks=pytest.mark.real))
        metafunc.parametrize("engine", (EMBEDDED,) if embedded else both, scope="session")


@pytest.fixture(scope="session", autouse=True)
def _template_goes_away() -> Iterator[None]:
    yield
    remove_template()


@pytest.fixture
def store(tmp_path: Path, engine: str) -> Iterator[SqlStore]:
    """An empty store of its own."""
    if engine == EMBEDDED:
        with fresh_store(tmp_path) as opened:
            yield opened
    else:
        with SqlStore(ServerDatabase.open(fresh_database()), QUICK) as opened:
            yield opened
