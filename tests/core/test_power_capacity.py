"""Watts of a connection, the sentence about VA and W, and the inventory beside the instruction's three groups."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.power_capacity import (
    INSTRUCTED_WATTS,
    PLN_TIERS,
    Capacity,
    Connection,
    Fit,
    LimitedBy,
    LoadGroup,
    RoomDevice,
    Tier,
    budget,
    capacity,
    fits,
    judge_connection,
    load_of,
    smallest_tier,
    watt_facts,
)
from ktpel_desktop.core.room_limits import MIN_POWER_W, Status


def of(**stated: float) -> Capacity:
    found = capacity(Connection(**stated))  # type: ignore[arg-type]
    assert found is not None
    return found


# ------------------------------------------------------------------ capacity


@pytest.mark.parametrize(
    ("tier", "factor", "watts"),
    [
        (Tier(3500, 16), 1.0, 3520), (Tier(3500, 16), 0.95, 3344), (Tier(3500, 16), 0.85, 2992),
        (Tier(4400, 20), 0.8, 3520), (Tier(4400, 20), 0.85, 3740), (Tier(2200, 10), 0.9, 1980),
        (Tier(5500, 25), 0.8, 4400),
    ],
)  # fmt: skip
def test_the_table_of_the_notes_by_breaker(tier: Tier, factor: float, watts: float) -> None:
    found = of(breaker_amperes=tier.amperes, power_factor=factor)
    assert found.watts == pytest.approx(watts)
    assert found.limited_by is LimitedBy.BREAKER
    assert not found.assumed


def test_at_a_sagging_supply() -> None:
    assert of(breaker_amperes=20, power_factor=0.9, volts=198).watts == pytest.approx(3564)


def test_the_smaller_of_contract_and_breaker_counts() -> None:
    found = of(volt_amperes=4400, breaker_amperes=16)
    assert (found.limited_by, found.volt_amperes, found.amperes) == (LimitedBy.BREAKER, 3520, 16)
    found = of(volt_amperes=3500, breaker_amperes=20)
    assert (found.limited_by, found.volt_amperes, found.assumed) == (LimitedBy.CONTRACT, 3500, True)
    assert found.continuous_watts == pytest.approx(0.8 * 2975)


@pytest.mark.parametrize(
    "connection",
    [
        Connection(),
        Connection(volt_amperes=0),
        Connection(volt_amperes=math.nan),
        Connection(volt_amperes=4400, breaker_amperes=-20),
        Connection(volt_amperes=4400, breaker_amperes=math.inf),
        Connection(volt_amperes=4400, volts=12),
    ],
)
def test_what_was_not_stated_or_cannot_be_true_is_no_capacity(connection: Connection) -> None:
    assert capacity(connection) is None
    verdict = judge_connection(connection)
    assert (verdict.status, verdict.advice) == (Status.UNKNOWN, "power.not_declared")


@pytest.mark.parametrize("factor", [0.0, 1.2, math.nan, -0.8])
def test_a_power_factor_that_cannot_be(factor: float) -> None:
    verdict = judge_connection(Connection(volt_amperes=4400, power_factor=factor))
    assert (verdict.status, verdict.advice) == (Status.UNKNOWN, "power.factor_implausible")


@pytest.mark.parametrize(
    ("connection", "advice"),
    [
        (Connection(volt_amperes=3500), "power.va_is_not_w"),
        (Connection(breaker_amperes=16), "power.va_is_not_w"),
        (Connection(volt_amperes=4400), "power.ok"),
        (Connection(volt_amperes=4400, breaker_amperes=16), "power.va_is_not_w"),
        (Connection(volt_amperes=3500, power_factor=1.0), "power.ok"),
        (Connection(volt_amperes=3500, power_factor=0.9), "power.too_small"),
        (Connection(volt_amperes=2200), "power.too_small"),
    ],
)
def test_verdicts(connection: Connection, advice: str) -> None:
    assert judge_connection(connection).advice == advice


# ------------------------------------------------------------------ the sentence


def test_why_3500_va_are_not_3500_w() -> None:
    facts = watt_facts(of(breaker_amperes=16))
    found = facts.found
    assert (found.volt_amperes, found.amperes, found.power_factor, facts.needed_watts) == (
        3520,
        16,
        0.85,
        3500,
    )
    assert [found.watts, facts.missing_watts, facts.ask_for_watts] == pytest.approx([2992, 508, 3740])
    assert facts.ask_for == Tier(4400, 20)
    assert found.assumed


def test_a_connection_that_carries_it_asks_for_nothing() -> None:
    facts = watt_facts(of(volt_amperes=4400, power_factor=0.8))
    assert (facts.missing_watts, facts.ask_for, facts.ask_for_watts) == (0.0, None, 0.0)


def test_no_class_of_the_table_may_carry_it() -> None:
    facts = watt_facts(of(volt_amperes=3500), needed=20_000)
    assert (facts.ask_for, facts.ask_for_watts) == (None, 0.0)


@given(st.floats(1, 10_000), st.floats(0.5, 1.0))
def test_the_smallest_class_is_the_smallest(watts: float, factor: float) -> None:
    found = smallest_tier(watts, factor)
    carrying = [tier for tier in PLN_TIERS if tier.volt_amperes * factor >= watts]
    assert found == (carrying[0] if carrying else None)


# ------------------------------------------------------------------ the inventory

ROOM = [
    RoomDevice("PC", LoadGroup.COMPUTERS, 2, watts=400, power_factor=0.95, on_ups=True),
    RoomDevice("Server", LoadGroup.COMPUTERS, watts=700, power_factor=0.95, on_ups=True),
    RoomDevice("Pencetak kartu", LoadGroup.PRINTERS, watts=450),
    RoomDevice("Laser", LoadGroup.PRINTERS, volt_amperes=1000, power_factor=0.6),
    RoomDevice("AC 1 PK", LoadGroup.AIR_CONDITIONER, watts=800),
]


def test_the_instruction_has_no_reserve_in_it() -> None:
    assert sum(INSTRUCTED_WATTS.values()) == MIN_POWER_W


def test_the_inventory_stands_beside_the_instruction() -> None:
    found = budget(ROOM)
    watts = {group.group: group.load.watts for group in found.groups}
    assert watts == {
        LoadGroup.COMPUTERS: pytest.approx(1500),
        LoadGroup.PRINTERS: pytest.approx(1050),
        LoadGroup.AIR_CONDITIONER: pytest.approx(800),
        LoadGroup.OTHER: 0,
    }
    assert found.total.watts == pytest.approx(3350)
    assert found.total.volt_amperes == pytest.approx(1500 / 0.95 + 450 / 0.85 + 1000 + 800 / 0.85)
    assert found.on_ups.watts == pytest.approx(1500)
    assert found.unread == ()
    assert [group.over_by for group in found.groups] == [0, 0, 0, 0]
    more = budget([*ROOM, RoomDevice("Lampu", LoadGroup.OTHER, watts=40)])
    assert more.groups[-1].over_by == 40


@pytest.mark.parametrize(
    "device",
    [
        RoomDevice("x", LoadGroup.OTHER),
        RoomDevice("x", LoadGroup.OTHER, watts=0),
        RoomDevice("x", LoadGroup.OTHER, watts=math.nan),
        RoomDevice("x", LoadGroup.OTHER, volt_amperes=math.inf),
        RoomDevice("x", LoadGroup.OTHER, watts=100, count=0),
        RoomDevice("x", LoadGroup.OTHER, watts=100, power_factor=0),
    ],
)
def test_a_label_that_says_nothing_is_told_and_not_guessed(device: RoomDevice) -> None:
    assert load_of(device) is None
    assert budget([*ROOM, device]).unread == ("x",)


def test_whether_the_supply_carries_the_room() -> None:
    room = budget(ROOM)
    assert fits(room, None) is Fit.UNKNOWN
    assert fits(room, of(volt_amperes=5500)) is Fit.ENOUGH
    assert fits(room, of(volt_amperes=4400)) is Fit.NO_RESERVE
    assert fits(room, of(volt_amperes=3500)) is Fit.TOO_SMALL
    assert fits(budget([]), of(volt_amperes=5500)) is Fit.UNKNOWN
    unread = budget([*ROOM, RoomDevice("x", LoadGroup.OTHER)])
    assert fits(unread, of(volt_amperes=5500)) is Fit.UNKNOWN
    assert fits(unread, of(volt_amperes=3500)) is Fit.TOO_SMALL
