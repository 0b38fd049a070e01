import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.line_sharing import (
    Counters,
    Evidence,
    Finding,
    Rung,
    judge_cameras,
    judge_counters,
    judge_declaration,
    judge_deficit,
    judge_variation,
    moved,
    weigh,
)

FOR, NO, UNKNOWN = Finding.EVIDENCE_FOR, Finding.NO_EVIDENCE, Finding.UNKNOWN
MB = 1_000_000


def pair(received: int, sent: int = 0, *, seconds: float = 30.0, bits: int = 64) -> tuple[Counters, Counters]:
    start = Counters(100.0, 5_000, 7_000, bits)
    return start, Counters(100.0 + seconds, 5_000 + received, 7_000 + sent, bits)


# ------------------------------------------------------------------ counters


@pytest.mark.parametrize(
    ("before", "after", "bits", "expected"),
    [
        ((100, 200), (150, 260), 64, 110),
        ((2**32 - 10, 0), (90, 5), 32, 105),  # UPnP's ui4 goes round every 4 GiB
        ((2**32 - 10, 0), (90, 5), 64, None),  # a 64-bit counter that goes back was reset
        ((3_000_000_000, 0), (10, 0), 32, 1_294_967_306),
        ((10, 0), (3_000_000_000, 0), 32, None),
        ((1_000_000, 0), (10, 0), 32, None),  # the router was restarted
    ],
)
def test_counters_go_round_and_are_reset(
    before: tuple[int, int], after: tuple[int, int], bits: int, expected: int | None
) -> None:
    assert moved(Counters(0, *before, bits), Counters(1, *after, bits)) == expected


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**31 - 1))
def test_a_round_of_32_bits_is_seen_through(start: int, step: int) -> None:
    later = Counters(1, (start + step) % 2**32, 0, 32)
    assert moved(Counters(0, start, 0, 32), later) == step


@pytest.mark.parametrize(
    ("wan", "own", "complete", "finding", "why"),
    [
        (pair(10 * MB), [pair(10 * MB)], True, NO, "no_foreign_bytes"),
        (pair(10 * MB), [pair(6 * MB), pair(3_600_000)], True, NO, "no_foreign_bytes"),
        (pair(10 * MB), [pair(6 * MB)], True, FOR, "foreign_bytes"),
        (pair(0, 10 * MB), [pair(0, 6 * MB)], True, FOR, "foreign_bytes"),
        (pair(10 * MB), [pair(6 * MB)], False, UNKNOWN, "machines_not_all_counted"),
        (pair(10 * MB), [pair(10 * MB)], False, NO, "no_foreign_bytes"),
        (pair(10 * MB), [pair(30 * MB)], True, UNKNOWN, "counters_disagree"),
        (pair(1000), [pair(0)], True, UNKNOWN, "too_little_traffic"),
        (pair(10 * MB, seconds=5), [pair(MB)], True, UNKNOWN, "window_too_short"),
        (pair(10 * MB, seconds=math.nan), [pair(MB)], True, UNKNOWN, "window_too_short"),
        (pair(-1), [pair(MB)], True, UNKNOWN, "counters_unusable"),
        (pair(10 * MB), [pair(-1)], True, UNKNOWN, "counters_unusable"),
        (pair(10 * MB), [], True, UNKNOWN, "counters_unusable"),
    ],
)
def test_the_line_against_the_rooms_own_machines(
    wan: tuple[Counters, Counters],
    own: list[tuple[Counters, Counters]],
    complete: bool,
    finding: Finding,
    why: str,
) -> None:
    found = judge_counters(wan, own, complete=complete)
    assert (found.rung, found.finding, found.why) == (Rung.ROUTER_COUNTERS, finding, why)


def test_foreign_traffic_is_told_as_a_rate() -> None:
    found = judge_counters(pair(15 * MB), [pair(7_500_000)], complete=True)
    assert (found.value, found.unit) == (2.0, "Mbps")


# ------------------------------------------------------------------ the other rungs


@pytest.mark.parametrize(
    ("contract", "runs", "finding", "why"),
    [
        (8.0, [5.9, 6.0, 6.1, 6.0, 5.9], FOR, "stable_deficit"),
        (8.0, [7.9, 7.8, 8.0, 7.9, 7.9], NO, "contract_is_met"),
        (8.0, [7.2, 7.1, 7.3, 7.2, 7.2], NO, "contract_is_met"),  # less than a camera
        (8.0, [3.0, 7.0, 5.0, 6.5, 4.0], UNKNOWN, "deficit_not_stable"),
        (8.0, [6.0] * 4, UNKNOWN, "too_few_runs"),
        (8.0, [6.0] * 4 + [math.nan], UNKNOWN, "too_few_runs"),
        (None, [6.0] * 9, UNKNOWN, "contract_not_stated"),
        (0.0, [6.0] * 9, UNKNOWN, "contract_not_stated"),
        (math.inf, [6.0] * 9, UNKNOWN, "contract_not_stated"),
        (50.0, [9.0] * 9, UNKNOWN, "test_stops_at_cap"),  # 41 Mbps are not missing
        (50.0, [6.0] * 9, FOR, "stable_deficit"),
    ],
)
def test_the_deficit(contract: float | None, runs: list[float], finding: Finding, why: str) -> None:
    found = judge_deficit(contract, runs)
    assert (found.finding, found.why) == (finding, why)


def test_cameras() -> None:
    assert judge_cameras(None).finding is UNKNOWN
    assert judge_cameras(0).finding is NO
    assert judge_cameras(3) == Evidence(Rung.CAMERAS, FOR, "cameras_answered", 3.0)


@pytest.mark.parametrize(
    ("runs", "finding"),
    [([8, 8.1, 7.9, 8, 8], NO), ([8, 4, 8, 5, 8], FOR), ([8, 4], UNKNOWN), ([0.0] * 9, UNKNOWN)],
)
def test_variation(runs: list[float], finding: Finding) -> None:
    assert judge_variation(runs).finding is finding


def test_a_declaration_needs_a_document_that_holds() -> None:
    assert judge_declaration("kontrak 12/2026", valid=True).finding is NO
    assert judge_declaration("kontrak 12/2026", valid=False).why == "document_expired"
    assert judge_declaration("  ", valid=True).why == "no_document"


# ------------------------------------------------------------------ all together


def test_any_evidence_for_sharing_stands() -> None:
    found = weigh([judge_declaration("kontrak", valid=True), judge_cameras(2), judge_cameras(None)])
    assert (found.finding, found.level) == (FOR, 3)


def test_silence_is_told_with_the_strongest_rung_that_was_silent() -> None:
    found = weigh([judge_declaration("kontrak", valid=True), judge_cameras(0)])
    assert (found.finding, found.level) == (NO, 3)
    assert [one.rung for one in found.evidence] == [Rung.CAMERAS, Rung.DECLARATION]


def test_nothing_known_is_unknown() -> None:
    assert (weigh([]).finding, weigh([]).level) == (UNKNOWN, None)
    assert weigh([judge_cameras(None)]).finding is UNKNOWN


@given(st.lists(st.builds(Evidence, st.sampled_from(Rung), st.sampled_from(Finding), st.just("x"))))
def test_no_silence_outweighs_evidence(evidence: list[Evidence]) -> None:
    found = weigh(evidence).finding
    assert (found is FOR) == any(one.finding is FOR for one in evidence)
    assert (found is UNKNOWN) == all(one.finding is UNKNOWN for one in evidence)
