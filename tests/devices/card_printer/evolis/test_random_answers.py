"""A printer that answers anything at all: every verb ends, honestly, and never says "done" without both proofs."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.card_printer.evolis import EvolisSettings
from ktpel_desktop.devices.simulator.evolis import Lie, LinkLie
from tests.devices.card_printer.evolis.rigs import Rig, face

FACE = face()
ANSWERS = st.one_of(
    st.sampled_from(
        [b"OK\x00", b"0\x00", b"1\x00", b"5\x00", b"C\x00", b"F\x00", b"R\x00", b"K\x00", b"T\x00", b"W\x00"]
    ),
    st.sampled_from([b"ERROR CDE\x00", b"ERR\x00", b"ymcko\x00", b"", b"\x00", b"OK", b"OK\x00OK\x00"]),
    st.binary(max_size=80),
)
ACTING = ("Si", "Sic", "Ss", "Se", "Ser", "Srs")
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def attempt(act: Callable[[], object]) -> DeviceError | None:
    try:
        act()
    except DeviceError as error:
        return error
    return None


def acted(rig: Rig) -> list[str]:
    return [heard for heard in rig.machine.heard if heard in ACTING]


@MANY
@given(st.data(), st.booleans())
def test_any_answers_end_in_an_honest_error_or_in_both_proofs(data: st.DataObject, inline: bool) -> None:
    rig = Rig(EvolisSettings(inline_encoder=inline))
    if not inline:
        rig.feed()
    given_out: list[bytes] = []

    def any_answer() -> bytes:
        given_out.append(data.draw(ANSWERS))
        return given_out[-1]

    rig.backend.answers_with = any_answer
    error = attempt(lambda: rig.printer.print_card(FACE, "T"))
    if error is None:
        assert given_out[-1].strip(b"\x00\r\n ") == b"0"  # no card inside
        assert int(given_out[-2].strip(b"\x00\r\n ")) >= 5  # the counter went up by five panels
        assert acted(rig)[-1] == "Se"
    elif error.effect is Effect.NONE:
        assert "Se" not in acted(rig)
        assert len(acted(rig)) <= 1  # the one that was clearly refused
    else:
        assert error.effect is Effect.UNKNOWN
    assert rig.given_back


@MANY
@given(st.data())
def test_a_true_run_with_one_answer_replaced_is_never_done_wrongly(data: st.DataObject) -> None:
    """All answers but one are true, so whatever is called done must be done."""
    rig = Rig()
    serial = rig.feed()
    at = data.draw(st.integers(0, 26))
    answer = data.draw(ANSWERS)
    heard = 0
    honest = rig.machine.receive

    def receive(piece: bytes) -> list[str]:
        nonlocal heard
        answers = honest(piece)
        if answers:
            rig.backend.answers_with = (lambda: answer) if heard == at else None
            heard += len(answers)
        return answers

    rig.machine.receive = receive  # type: ignore[method-assign]
    error = attempt(lambda: rig.printer.print_card(FACE, "T"))
    card = rig.card(serial)
    if error is None:
        assert (card.prints, rig.bench.counter, rig.is_out(serial)) == (1, 1, True)
    elif error.effect is Effect.NONE:
        assert (card.prints, rig.bench.counter) == (0, 0)
    assert rig.given_back


@FEW
@given(
    st.lists(st.sampled_from(sorted(Lie)), max_size=2),
    st.sets(st.sampled_from(sorted(LinkLie)), max_size=1),
    st.one_of(st.none(), st.integers(1, 1_900_000)),
)
def test_none_means_nothing_was_printed_and_done_means_counted_and_out(
    lies: list[Lie], link: set[LinkLie], unplug: int | None
) -> None:
    rig = Rig()
    serial = rig.feed()
    rig.machine.lies, rig.backend.lies, rig.backend.unplug_after = list(lies), link, unplug
    error = attempt(lambda: rig.printer.print_card(FACE, "T"))
    card = rig.card(serial)
    if error is None:
        assert rig.is_out(serial)
        assert rig.bench.counter == 1
        assert card.prints == 1 or Lie.COUNTED_OUT in lies
    elif error.effect is Effect.NONE:
        assert (card.prints, rig.bench.counter) == (0, 0)
    assert rig.given_back


@FEW
@given(st.data())
def test_no_answer_makes_health_raise(data: st.DataObject) -> None:
    rig = Rig()
    rig.backend.answers_with = lambda: data.draw(ANSWERS)
    assert rig.printer.health().ready in Answer
    assert acted(rig) == []


@FEW
@given(
    st.data(),
    st.sampled_from(["marker", "spot", "feed_to_station", "eject", "reject", "clear_status", "reset"]),
)
def test_every_other_verb_ends_too(data: st.DataObject, verb: str) -> None:
    rig = Rig(EvolisSettings(inline_encoder=True))
    rig.backend.answers_with = lambda: data.draw(ANSWERS)
    error = attempt(getattr(rig.printer, verb))
    if error is not None and error.effect is Effect.NONE:
        assert len(acted(rig)) <= 1
    assert rig.given_back
