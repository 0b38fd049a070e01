"""The feed tells of what others commit, once, and of nothing else."""

from pathlib import Path

import pytest

from ktpel_desktop.store.sql_store import SqlStore
from ktpel_desktop.store.sqlite_feed import SqliteChangeFeed
from tests.store.database import MORNING, OPERATOR, add_request
from tests.store.raw import again, refusal


def test_a_commit_elsewhere_is_told_once(store: SqlStore) -> None:
    feed = store.feed()
    assert not feed.changed()
    with again(store) as other, other.unit(OPERATOR, MORNING) as unit:
        add_request(unit)
        assert not feed.changed()  # not yet kept
    assert feed.changed()
    assert not feed.changed()
    feed.close()


def test_reading_and_rolling_back_are_no_changes(store: SqlStore) -> None:
    feed = store.feed()
    with store.unit(OPERATOR, MORNING) as unit:
        unit.requests.count()
    with pytest.raises(KeyError), store.unit(OPERATOR, MORNING) as unit:
        add_request(unit)
        raise KeyError
    assert not feed.changed()
    feed.close()


def test_a_feed_on_nothing_is_refused(tmp_path: Path) -> None:
    with refusal("store.cannot_open"):
        SqliteChangeFeed(tmp_path / "nowhere.db")
