"""Numbers of letters: one after the other, for each kind and year, whatever else happens."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ktpel_desktop.core.letters import LetterKind
from ktpel_desktop.services import letter_book
from tests.services import office
from tests.services.office import BUDI

KINDS = st.sampled_from(LetterKind)


class Undone(Exception):
    """The transaction does not come to its end."""


@settings(max_examples=15, deadline=None)
@given(acts=st.lists(st.tuples(KINDS, st.booleans()), max_size=12))
def test_numbers_have_no_gap_also_where_a_transaction_fails(
    office_template: Path, tmp_path_factory: object, acts: list[tuple[LetterKind, bool]]
) -> None:
    world = office.copy(office_template, tmp_path_factory.mktemp("book"))  # type: ignore[attr-defined]
    kept = dict.fromkeys(LetterKind, 0)
    for kind, commits in acts:
        try:
            with world.desk.unit(BUDI) as unit:
                number = letter_book.enter(world.desk, unit, kind, {})
                assert number.place == kept[kind] + 1
                if not commits:
                    raise Undone
        except Undone:
            continue
        kept[kind] += 1
    with world.desk.unit(BUDI) as unit:
        for kind in LetterKind:
            places = [one.number.place for one in letter_book.entries(unit, kind, 2026)]
            told = [one.event.data["number"] for one in letter_book.entries(unit, kind, 2026)]
            assert places == told == list(range(1, kept[kind] + 1))
    world.store.close()


def test_the_year_turns_where_the_office_is(world: office.World) -> None:
    world.clock.moment = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)  # 23.59 WIB
    with world.desk.unit(BUDI) as unit:
        assert str(letter_book.enter(world.desk, unit, LetterKind.REFERRAL, {})) == "1/SR/2026"
    world.clock.advance(1)
    with world.desk.unit(BUDI) as unit:
        assert str(letter_book.enter(world.desk, unit, LetterKind.REFERRAL, {})) == "1/SR/2027"
        assert str(letter_book.enter(world.desk, unit, LetterKind.REFERRAL, {})) == "2/SR/2027"
