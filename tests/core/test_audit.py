"""The audit chain: what was altered, removed, inserted or swapped is found at its place."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ktpel_desktop.core.audit import (
    GENESIS,
    Anchor,
    AnchorVerdict,
    ChainReport,
    Event,
    check_chain,
    event_hash,
    read_anchor,
)

START = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
words = st.text(max_size=12)
values = st.one_of(st.integers(), st.booleans(), words, st.none())


@st.composite
def chains(draw: st.DrawFn, shortest: int = 0) -> list[Event]:
    facts = draw(
        st.lists(
            st.builds(
                Event,
                seq=st.just(0),
                at=st.integers(0, 10**15).map(lambda shift: START + timedelta(microseconds=shift)),
                actor=words,
                role=words,
                pc=words,
                kind=words,
                subject=words,
                data=st.dictionaries(words, values, max_size=3),
                approver=st.none() | words,
            ),
            min_size=shortest,
            max_size=shortest + 5,
        )
    )
    return chained(facts)


def chained(facts: Sequence[Event]) -> list[Event]:
    events: list[Event] = []
    for seq, fact in enumerate(facts, start=1):
        linked = replace(fact, seq=seq, previous=events[-1].hash if events else GENESIS)
        events.append(replace(linked, hash=event_hash(linked)))
    return events


def simple(count: int) -> list[Event]:
    return chained([Event(0, START, "sari", "OPERATOR", "PC-1", "job.moved", f"T{n}") for n in range(count)])


@given(chains())
def test_an_untouched_chain_is_intact(chain: list[Event]) -> None:
    assert check_chain(chain) == ChainReport(len(chain), chain[-1].hash if chain else GENESIS, None)


def test_an_empty_chain_is_intact_and_its_head_is_the_genesis() -> None:
    report = check_chain([])
    assert report.intact
    assert report.head == GENESIS


ALTERED = {
    "at": START + timedelta(days=9999, microseconds=1),
    "actor": "someone else entirely",
    "role": "not the role it was",
    "pc": "a PC of another room",
    "kind": "another kind of event",
    "subject": "another request's code",
    "data": {"something": "that was never said"},
    "approver": "a penyelia who was not there",
}


@given(chains(shortest=1), st.sampled_from(sorted(ALTERED)), st.data())
def test_an_altered_event_is_found_at_its_place(chain: list[Event], field: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    altered = replace(chain[place], **{field: ALTERED[field]})  # type: ignore[arg-type]
    report = check_chain([*chain[:place], altered, *chain[place + 1 :]])
    assert report.first_bad == place + 1


@given(chains(shortest=2), st.data())
def test_an_altered_event_with_its_hash_made_anew_is_found_at_the_next(
    chain: list[Event], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(chain) - 2))
    altered = replace(chain[place], actor="someone else entirely")
    altered = replace(altered, hash=event_hash(altered))
    assert check_chain([*chain[:place], altered, *chain[place + 1 :]]).first_bad == place + 2


@given(chains(shortest=2), st.data())
def test_a_removed_event_is_found_where_it_is_missing(chain: list[Event], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 2))
    report = check_chain(chain[:place] + chain[place + 1 :])
    assert report.first_bad == place + 2
    assert not report.intact


@given(chains(shortest=1), st.data())
def test_an_inserted_event_is_found_at_its_place(chain: list[Event], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    before = chain[place - 1].hash if place else GENESIS
    forged = replace(chain[place], seq=place + 1, subject="a card that never was", previous=before)
    forged = replace(forged, hash=event_hash(forged))
    shifted = [replace(event, seq=event.seq + 1) for event in chain[place:]]
    assert check_chain([*chain[:place], forged, *shifted]).first_bad == place + 2


@given(chains(shortest=2), st.data())
def test_swapped_events_are_found_at_the_first_of_them(chain: list[Event], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 2))
    first, second = chain[place], chain[place + 1]
    report = check_chain([*chain[:place], second, first, *chain[place + 2 :]])
    assert report.first_bad == second.seq


@given(chains(shortest=2), st.data())
def test_swapped_events_with_their_numbers_put_right_are_found(
    chain: list[Event], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(chain) - 2))
    first, second = chain[place], chain[place + 1]
    swapped = [replace(second, seq=first.seq), replace(first, seq=second.seq)]
    assert check_chain([*chain[:place], *swapped, *chain[place + 2 :]]).first_bad == place + 1


@given(chains(shortest=1), st.data())
def test_a_cut_tail_is_seen_only_against_a_head_noted_elsewhere(
    chain: list[Event], data: st.DataObject
) -> None:
    noted = check_chain(chain)
    left = check_chain(chain[: data.draw(st.integers(0, len(chain) - 1))])
    assert left.intact
    assert (left.count, left.head) != (noted.count, noted.head)


@given(chains(shortest=1))
def test_a_chain_must_begin_at_the_genesis(chain: list[Event]) -> None:
    uprooted = replace(chain[0], previous="f" * 64)
    uprooted = replace(uprooted, hash=event_hash(uprooted))
    assert check_chain([uprooted, *chain[1:]]).first_bad == 1


def test_only_the_first_of_several_broken_events_is_named() -> None:
    chain = simple(5)
    for place in (1, 3):
        chain[place] = replace(chain[place], actor="someone else")
    assert check_chain(chain).first_bad == 2


@given(chains(shortest=1), st.integers(-12, 14))
def test_the_same_instant_hashes_alike_however_it_is_written(chain: list[Event], hours: int) -> None:
    event = chain[0]
    elsewhere = replace(event, at=event.at.astimezone(timezone(timedelta(hours=hours))))
    assert event_hash(elsewhere) == event_hash(event)


@given(chains(shortest=2))
def test_two_different_facts_never_share_a_hash(chain: list[Event]) -> None:
    one, other = (replace(event, seq=1, previous=GENESIS, hash="") for event in chain[:2])
    assume(dict(one.data) != dict(other.data))
    assert event_hash(one) != event_hash(other)


def test_words_cannot_slide_from_one_field_into_the_next() -> None:
    event = simple(1)[0]
    slid = replace(event, kind=event.kind + event.pc, pc="")
    assert event_hash(slid) != event_hash(event)


def test_a_number_that_json_cannot_tell_is_refused_before_it_is_chained() -> None:
    with pytest.raises(ValueError, match="JSON"):
        event_hash(replace(simple(1)[0], data={"value": float("nan")}))


def test_a_gap_in_the_numbers_is_found_though_every_hash_fits() -> None:
    chain = simple(2)
    late = replace(chain[1], seq=3)
    late = replace(late, hash=event_hash(late))
    assert check_chain([chain[0], late]).first_bad == 3


# ---------------------------------------------------------------- what stands on a signed report


@given(chains(shortest=1), st.data())
def test_an_anchor_fits_its_event_and_no_other_chain(chain: list[Event], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(chain)))
    anchor = read_anchor(Anchor(at, chain[at - 1].hash).code)
    assert anchor == Anchor(at, chain[at - 1].hash)
    assert check_chain(chain, anchor).anchor is AnchorVerdict.FITS
    assert check_chain(chain[: at - 1], anchor).anchor is AnchorVerdict.CUT
    other = chained([replace(event, subject=event.subject + "x") for event in chain])
    assert check_chain(other).intact
    assert check_chain(other, anchor).anchor is AnchorVerdict.REWRITTEN


def test_without_an_anchor_there_is_no_verdict() -> None:
    assert check_chain(simple(2)).anchor is None


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "RANTAI",
        "RANTAI 0 " + "a" * 64,
        "RANTAI 5 " + "a" * 63,
        "RANTAI 5 " + "g" * 64,
        "RANTAI -5 " + "a" * 64,
        "RANTAI \u0665 " + "a" * 64,
        "32222222222Y",
    ],
)
def test_what_is_no_code_is_no_anchor(typed: str) -> None:
    assert read_anchor(typed) is None


def test_a_head_may_be_typed_as_it_is_printed() -> None:
    printed = " ".join(["01234567", "89abcdef"] * 4)
    assert read_anchor(f"rantai 12 {printed} ") == Anchor(12, "0123456789abcdef" * 4)


@given(st.text(alphabet="RANTAI 0123456789abcdefABCDEF\n", max_size=90))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = read_anchor(text)
    assert found is None or read_anchor(found.code) == found
