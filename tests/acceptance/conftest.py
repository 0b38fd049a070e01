"""The screen that the tests of the real window share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance import screen


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    with screen.screen() as name:
        yield name
