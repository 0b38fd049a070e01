"""Fixtures of the store's tests; `database` has the parts for others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import fresh_store, remove_template


@pytest.fixture(scope="session", autouse=True)
def _template_goes_away() -> Iterator[None]:
    yield
    remove_template()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """An empty store of its own."""
    with fresh_store(tmp_path) as opened:
        yield opened
