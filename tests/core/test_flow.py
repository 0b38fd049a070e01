"""The wizard engine, on a small wizard and on every real one in any order of answers and steps back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core import flow
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.field_checks import Check
from ktpel_desktop.core.flow import END, Answers, Field, FieldKind, Run, Step, Wizard, then, when
from ktpel_desktop.core.flows import WIZARDS
from ktpel_desktop.core.nik import Nik


def refuse_zero(known: Answers) -> None:
    if known["count"] == 0:
        raise PolicyError("closing.same_person")


SMALL = Wizard(
    "small",
    (
        Step(
            "first",
            (
                Field("way", FieldKind.CHOICE, options=("left", "right")),
                Field("nik", FieldKind.TEXT, required=False, check=Check.NIK),
                Field("remark", FieldKind.TEXT, required=False),
            ),
            (when("way", "left", to="left"), then("right")),
        ),
        Step("left", (Field("count", FieldKind.NUMBER),), (then("last"),), accept=refuse_zero),
        Step("right", (Field("chosen", FieldKind.CHECKLIST, options_from="papers"),), (then("last"),), no_return=True),
        Step("last", (Field("sure", FieldKind.CONFIRM), Field("nice", FieldKind.YES_NO)), (then(END),)),
    ),
)  # fmt: skip


def refused(run: Run, **values: object) -> str:
    with pytest.raises(PolicyError) as caught:
        flow.answer(run, values)
    return caught.value.code


def test_a_way_to_the_end() -> None:
    run = flow.start(SMALL)
    assert (run.step, flow.is_last(run), flow.can_go_back(run)) == ("first", False, False)
    run = flow.answer(run, {"way": "left", "nik": "3174 1005 0190 9901", "remark": "  "})
    assert run.answers["nik"] == Nik.parse("3174100501909901")
    assert "remark" not in run.answers
    run = flow.answer(run, {"count": 3})
    assert flow.is_last(run)
    assert flow.can_finish(run, {"sure": True, "nice": False})
    assert not flow.can_finish(run, {"sure": False, "nice": False})
    run = flow.answer(run, {"sure": True, "nice": False})
    assert run.finished
    assert dict(run.answers) | {"nik": None} == {
        "way": "left", "nik": None, "count": 3, "sure": True, "nice": False,
    }  # fmt: skip


def test_nothing_follows_the_end() -> None:
    run = flow.start(Wizard("w", (Step("only", (), (then(END),)),)))
    done = flow.answer(run, {})
    assert refused(done) == "flow.finished"
    with pytest.raises(PolicyError):
        flow.back(done)
    with pytest.raises(PolicyError):
        flow.is_last(done)
    assert not flow.can_go_back(done)


def test_what_an_abandoned_way_answered_does_not_count() -> None:
    run = flow.answer(flow.answer(flow.start(SMALL), {"way": "left"}), {"count": 3})
    run = flow.back(flow.back(run))
    assert run.step == "first"
    assert run.drafts["left"] == {"count": 3}
    run = flow.learn(run, {"papers": ("KK",)})
    run = flow.answer(flow.answer(run, {"way": "right"}), {"chosen": ["KK"]})
    assert dict(run.answers) == {"way": "right", "chosen": frozenset({"KK"})}
    assert run.known["papers"] == ("KK",)


def test_no_way_back() -> None:
    run = flow.start(SMALL, {"papers": ("KK",)})
    with pytest.raises(PolicyError) as caught:
        flow.back(run)
    assert caught.value.code == "flow.no_way_back"
    run = flow.answer(flow.answer(run, {"way": "right"}), {"chosen": {"KK"}})
    with pytest.raises(PolicyError) as caught:
        flow.back(run)
    assert caught.value.params == {"wizard": "small", "step": "last"}


def test_answers_that_are_none() -> None:
    first = flow.start(SMALL, {"papers": ("KK", "KTP")})
    assert refused(first) == "flow.field_missing"
    assert refused(first, way="") == "flow.field_missing"
    assert refused(first, way="up") == "flow.option_unknown"
    assert refused(first, way=1) == "flow.field_type"
    assert refused(first, way="left", colour="red") == "flow.field_unknown"
    assert refused(first, way="left", nik="12") == "nik.length"
    left = flow.answer(first, {"way": "left"})
    for wrong in (-1, True, "3", 1.5):
        assert refused(left, count=wrong) == "flow.field_type"
    assert refused(left, count=0) == "closing.same_person"
    right = flow.answer(first, {"way": "right"})
    assert refused(right) == "flow.field_missing"
    assert refused(right, chosen=["SIM"]) == "flow.option_unknown"
    assert refused(right, chosen=[1]) == "flow.option_unknown"
    assert refused(right, chosen="KK") == "flow.field_type"
    assert refused(right, chosen=7) == "flow.field_type"
    last = flow.answer(left, {"count": 1})
    assert refused(last, sure=False, nice=True) == "flow.not_confirmed"
    assert refused(last, sure=1, nice=True) == "flow.field_type"
    assert refused(last, sure=True, nice="yes") == "flow.field_type"


def test_a_fact_of_one_word_is_no_list() -> None:
    run = flow.answer(flow.start(SMALL, {"papers": "KK"}), {"way": "right"})
    with pytest.raises(TypeError):
        flow.answer(run, {"chosen": ["K"]})
    with pytest.raises(TypeError):
        flow.codes({"papers": 7}, "papers")


def test_options() -> None:
    fixed, from_case = (
        Field("a", FieldKind.CHOICE, options=("x",)),
        Field("b", FieldKind.CHOICE, options_from="f"),
    )
    assert flow.options(fixed, {}) == ("x",)
    assert flow.options(from_case, {}) == ()
    assert flow.options(from_case, {"f": ["2", "1"]}) == ("2", "1")


@pytest.mark.parametrize(
    "steps",
    [
        (Step("a", (), (then(END),)), Step("a", (), (then(END),))),
        (Step("end", (), (then(END),)),),
        (Step("a", (), ()),),
        (Step("a", (), (when("x", "y", to=END),)),),
        (Step("a", (), (then("b"),)),),
    ],
)
def test_a_table_that_cannot_work(steps: tuple[Step, ...]) -> None:
    with pytest.raises(ValueError, match="wrong"):
        Wizard("wrong", steps)


# ---------------------------------------------------------------- any order, any wizard

LISTS = ("services", "documents", "mandatory", "warnings", "compared_fields", "to_withdraw", "open_work")
TEXTS = {
    Check.NIK: "3174100501909901", Check.KK: "3174100501909902", Check.NAME: "SITI AMINAH",
    Check.PHONE: "081200009901", Check.PERCENT: "40",
}  # fmt: skip


def facts(draw: st.DrawFn) -> dict[str, object]:
    found: dict[str, object] = {name: tuple(draw(st.sets(st.sampled_from(["a", "b"])))) for name in LISTS}
    found["services"] = ("KTP-BARU", "PINDAH")
    return found | {"product": draw(st.sampled_from(["card", "document"])), "lost": draw(st.booleans())}


def value(draw: st.DrawFn, asked: Field, known: Answers) -> Any:
    options = flow.options(asked, known)
    match asked.kind:
        case FieldKind.TEXT:
            return TEXTS[asked.check] if asked.check else draw(st.sampled_from(["", "keterangan"]))
        case FieldKind.NUMBER:
            return draw(st.integers(0, 3))
        case FieldKind.YES_NO | FieldKind.CONFIRM:
            return draw(st.sampled_from([True, True, True, False]))
        case FieldKind.CHECKLIST:
            return draw(st.sets(st.sampled_from(options))) if options else ()
        case FieldKind.CHOICE | FieldKind.OUTCOME:
            return draw(st.sampled_from(options)) if options else None


@given(data=st.data())
def test_any_order_of_answers_and_steps_back_leaves_a_sound_run(data: st.DataObject) -> None:
    wizard = data.draw(st.sampled_from(WIZARDS))

    @st.composite
    def case(draw: st.DrawFn) -> dict[str, object]:
        return facts(draw)

    known = data.draw(case())
    run = flow.start(wizard, known)
    raw: list[dict[str, object]] = []  # what was typed on the way that counts
    for _ in range(data.draw(st.integers(1, 25))):
        if run.finished:
            break
        before = run
        if data.draw(st.booleans()) and flow.can_go_back(run):
            run = flow.back(run)
            raw.pop()
        else:

            @st.composite
            def typed(draw: st.DrawFn, at: Run = run) -> dict[str, object]:
                return {asked.id: value(draw, asked, at.facts) for asked in at.current.fields}

            values = data.draw(typed())
            try:
                run = flow.answer(run, values)
            except PolicyError:
                assert run is before
                continue
            raw.append(values)

        # The same answers from the start lead to the same place: nothing of abandoned ways is left.
        again = flow.start(wizard, known)
        for values in raw:
            again = flow.answer(again, values)
        assert (again.step, again.trail) == (run.step, run.trail)
        assert run.finished or run.step in {step.id for step in wizard.steps}
        asked_on_the_way = {asked.id for done in run.trail for asked in wizard.step(done.step).fields}
        assert set(run.answers) <= asked_on_the_way
