"""The wizard engine: a wizard is a table of steps, a run through it an immutable value.

A run knows the way it came (`trail`: step and answers, in order) and what was typed on steps it left by going back
(`drafts`, only to fill the fields again). What counts is the trail alone, so that an answer given on a way that
was abandoned cannot end up in the result. The engine knows no Qt and no words: `flows` holds the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.field_checks import CHECKS, Check

END = "end"

Answers = Mapping[str, object]
Accept = Callable[[Answers], None]
"""A rule over all that is known with the step's answers; raises PolicyError."""


class FieldKind(StrEnum):
    """What a field takes.

    TEXT a str, NUMBER an int from 0 on, YES_NO a bool, CONFIRM nothing but True, CHOICE one option, CHECKLIST any
    number of options, OUTCOME one option that the program fills in, not a person.
    """

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    CONFIRM = "confirm"
    CHOICE = "choice"
    CHECKLIST = "checklist"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Field:
    """One question. Options stand here, or in the fact named `options_from` when they depend on the case."""

    id: str
    kind: FieldKind
    required: bool = True
    check: Check | None = None
    options: tuple[str, ...] = ()
    options_from: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """Where to go when the answer or fact `field` is one of `values`; without a field, always."""

    to: str
    field: str = ""
    values: tuple[object, ...] = ()

    def open(self, known: Answers) -> bool:
        """Whether this way is taken."""
        return not self.field or known.get(self.field) in self.values


def when(field_id: str, *values: object, to: str) -> Way:
    """A way taken when the answer is one of the values."""
    return Way(to, field_id, values)


def then(to: str) -> Way:
    """The way taken when no other before it was."""
    return Way(to)


@dataclass(frozen=True, slots=True)
class Step:
    """One page: its questions, the rule that accepts the answers, and where they lead (the first open way).

    `no_return`: once answered, the step has changed the world and cannot be gone back to.
    """

    id: str
    fields: tuple[Field, ...]
    ways: tuple[Way, ...]
    accept: Accept | None = None
    no_return: bool = False

    @property
    def last(self) -> bool:
        """Whether every way from here ends the wizard."""
        return all(way.to == END for way in self.ways)


@dataclass(frozen=True, slots=True)
class Wizard:
    """A table of steps, the first of which starts it. A table that cannot work is a bug: ValueError."""

    id: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        ids = [step.id for step in self.steps]
        if len(set(ids)) != len(ids) or END in ids:
            raise ValueError(f"{self.id}: step ids are not unique")
        for step in self.steps:
            if not step.ways or step.ways[-1].field:
                raise ValueError(f"{self.id}.{step.id}: the last way must be open always")
            for way in step.ways:
                if way.to != END and way.to not in ids:
                    raise ValueError(f"{self.id}.{step.id}: no step {way.to}")

    def step(self, step_id: str) -> Step:
        """The step of an id."""
        return next(step for step in self.steps if step.id == step_id)


@dataclass(frozen=True, slots=True)
class Answered:
    """A step of the trail with its answers, checked and in their settled form."""

    step: str
    values: Answers


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Run:
    """Where a person is in a wizard. `step` is END once it is finished."""

    wizard: Wizard
    step: str
    facts: Answers = field(default_factory=_nothing)
    trail: tuple[Answered, ...] = ()
    drafts: Mapping[str, Answers] = field(default_factory=_nothing)

    @property
    def finished(self) -> bool:
        """Whether the end was reached."""
        return self.step == END

    @property
    def current(self) -> Step:
        """The step that waits for its answers. Raises PolicyError "flow.finished"."""
        if self.finished:
            raise PolicyError("flow.finished", wizard=self.wizard.id)
        return self.wizard.step(self.step)

    @property
    def answers(self) -> Answers:
        """All answers on the way that was taken; where a step was met twice, the later ones."""
        merged: dict[str, object] = {}
        for answered in self.trail:
            merged.update(answered.values)
        return MappingProxyType(merged)

    @property
    def known(self) -> Answers:
        """Facts and answers together."""
        return MappingProxyType({**self.facts, **self.answers})


def start(wizard: Wizard, facts: Answers | None = None) -> Run:
    """A run at the first step, with what the program knows of the case."""
    return Run(wizard, wizard.steps[0].id, MappingProxyType(dict(facts or {})))


def learn(run: Run, facts: Answers) -> Run:
    """The same run with more facts, such as the documents of the service just chosen."""
    return replace(run, facts=MappingProxyType({**run.facts, **facts}))


def answer(run: Run, values: Answers) -> Run:
    """The run after the current step's answers; `finished` when they led to the end.

    Raises PolicyError "flow.finished", "flow.field_unknown", "flow.field_missing", "flow.field_type",
    "flow.option_unknown", "flow.not_confirmed", and what the field checks and the step's rule raise. A run that
    raised is unchanged, as every run is.
    """
    step = run.current
    settled = MappingProxyType(_settled(step, values, run.facts))
    known = MappingProxyType({**run.known, **settled})
    if step.accept is not None:
        step.accept(known)
    to = next(way.to for way in step.ways if way.open(known))
    return replace(
        run,
        step=to,
        trail=(*run.trail, Answered(step.id, settled)),
        drafts=MappingProxyType({**run.drafts, step.id: settled}),
    )


def can_go_back(run: Run) -> bool:
    """Whether there is a step before this one that may be met again."""
    return bool(run.trail) and not run.finished and not run.wizard.step(run.trail[-1].step).no_return


def back(run: Run) -> Run:
    """The run one step earlier; what was typed there is in `drafts`.

    Raises PolicyError "flow.finished", "flow.no_way_back" (first step, or the step before changed the world).
    """
    step = run.current
    if not can_go_back(run):
        raise PolicyError("flow.no_way_back", wizard=run.wizard.id, step=step.id)
    return replace(run, step=run.trail[-1].step, trail=run.trail[:-1])


def is_last(run: Run) -> bool:
    """Whether this step's answers end the wizard whatever they are."""
    return run.current.last


def can_finish(run: Run, values: Answers) -> bool:
    """Whether these answers would be accepted and end the wizard."""
    try:
        return answer(run, values).finished
    except PolicyError:
        return False


def options(asked: Field, facts: Answers) -> tuple[str, ...]:
    """The options of a field, fixed or from the facts of the case in their order; empty while not known."""
    if not asked.options_from:
        return asked.options
    return _listed(facts, asked.options_from)


def codes(known: Answers, name: str) -> frozenset[str]:
    """A checklist's answer or a fact of several codes; empty while it is not known."""
    return frozenset(_listed(known, name))


def _listed(known: Answers, name: str) -> tuple[str, ...]:
    found = known.get(name, ())
    if isinstance(found, str) or not isinstance(found, Collection):
        raise TypeError(f"{name} must be a collection of codes")
    return tuple(str(code) for code in found)


def _settled(step: Step, values: Answers, facts: Answers) -> dict[str, object]:
    unknown = set(values) - {asked.id for asked in step.fields}
    if unknown:
        raise PolicyError("flow.field_unknown", step=step.id, field=min(unknown))
    settled: dict[str, object] = {}
    for asked in step.fields:
        value = values.get(asked.id)
        if isinstance(value, str):
            value = value.strip()
        if value is None or value == "":
            if asked.kind is FieldKind.CHECKLIST:
                value = ()
            elif asked.required:
                raise PolicyError("flow.field_missing", step=step.id, field=asked.id)
            else:
                continue
        settled[asked.id] = _value(step, asked, value, options(asked, facts))
    return settled


def _value(step: Step, asked: Field, value: object, allowed: tuple[str, ...]) -> object:
    match asked.kind:
        case FieldKind.TEXT if isinstance(value, str):
            return CHECKS[asked.check](value) if asked.check else value
        case FieldKind.NUMBER if type(value) is int and value >= 0:
            return value
        case FieldKind.YES_NO if isinstance(value, bool):
            return value
        case FieldKind.CONFIRM if isinstance(value, bool):
            if not value:
                raise PolicyError("flow.not_confirmed", step=step.id, field=asked.id)
            return True
        case FieldKind.CHOICE | FieldKind.OUTCOME if isinstance(value, str):
            if value not in allowed:
                raise PolicyError("flow.option_unknown", step=step.id, field=asked.id)
            return value
        case FieldKind.CHECKLIST if isinstance(value, Collection) and not isinstance(value, str):
            return _checked(step, asked, value, allowed)
        case _:
            raise PolicyError("flow.field_type", step=step.id, field=asked.id)


def _checked(step: Step, asked: Field, value: Collection[object], allowed: tuple[str, ...]) -> frozenset[str]:
    if not all(isinstance(option, str) and option in allowed for option in value):
        raise PolicyError("flow.option_unknown", step=step.id, field=asked.id)
    if asked.required and not value:
        raise PolicyError("flow.field_missing", step=step.id, field=asked.id)
    return frozenset(str(option) for option in value)
