"""Fixtures of the use-case tests: an office of its own for each test, from one template file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services import office
from tests.services.office import World


@pytest.fixture(scope="session")
def office_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office.template(tmp_path_factory.mktemp("office"))


@pytest.fixture
def world(office_template: Path, tmp_path: Path) -> Iterator[World]:
    """An office in the morning, the day not yet opened."""
    found = office.copy(office_template, tmp_path)
    yield found
    found.store.close()


@pytest.fixture
def day(world: World) -> World:
    """An office whose day is open and whose room was checked."""
    world.open_day()
    return world
