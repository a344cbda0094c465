"""In which order rules act on results, where some of them read what others leave (spec 6).

Factors multiply, exclusives compare, gates of rules stop, then gates of modules, then those of the
total; outcomes come last. A rule that reads a result acts after all that act on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.kinds import Rule, RuleOnResults
from lifecycle.rulebook.kinds.coefficient_rule import UnitCoefficient
from lifecycle.rulebook.kinds.exclusive_rule import Exclusive
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from lifecycle.rulebook.result_conditions import (
    MODULE_LEVEL,
    PLACE_LEVEL,
    TOTAL_LEVEL,
    ResultCondition,
    ResultObject,
)

_FACTOR: Final = 0
_EXCLUSIVE: Final = 1
_GATE: Final = 2
_LAST: Final = 3
"""In which order rules act on one object."""


class ActingStep(NamedTuple):
    """A rule, and which of its objects it acts on at once: a factor on each by itself."""

    rule: RuleOnResults
    objects: tuple[ResultObject, ...]

    @property
    def level(self) -> int:
        """The level of what the step acts on."""
        return self.objects[0].level


def acting_steps(rules: Sequence[Rule]) -> list[ActingStep]:
    """The steps of the rules on results as they act: by object, but after all that they read."""
    waiting = _usual_steps(rules)
    earlier_steps = {step: _acts_after(step, waiting) for step in waiting}
    ordered: list[ActingStep] = []
    while waiting:
        # The findings refuse circles, so that one of them is always free.
        following = next(step for step in waiting if earlier_steps[step].issubset(ordered))
        waiting.remove(following)
        ordered.append(following)
    return ordered


def circle_findings(rules: Sequence[Rule]) -> Iterator[Problem]:
    """Conditions on results that are final only after what the rule itself changes."""
    steps = _usual_steps(rules)
    for step in steps:
        # A factor has a step for each object: one finding is enough.
        if step.objects[0] == step.rule.acts_on()[0]:
            yield from _readings_too_high(step)
    yield from _circles_of_one_level(steps)


def _usual_steps(rules: Sequence[Rule]) -> list[ActingStep]:
    """The steps in the order in which they act where none reads what another leaves."""
    steps: list[ActingStep] = []
    for rule in rules:
        if not isinstance(rule, RuleOnResults) or _acts_elsewhere(rule):
            continue
        objects = tuple(rule.acts_on())
        if isinstance(rule, UnitCoefficient):
            steps += [ActingStep(rule, (changed,)) for changed in objects]
        else:
            steps.append(ActingStep(rule, objects))
    # Sorting is stable: rules of one kind on one level act in the rulebook's order.
    return sorted(steps, key=_usual_place)


def _acts_elsewhere(rule: RuleOnResults) -> bool:
    """Whether a rule acts on no unit's results: outcomes, and exclusives within a project."""
    if isinstance(rule, Exclusive):
        return rule.per == "project"
    return isinstance(rule, Outcome)


def _usual_place(step: ActingStep) -> tuple[int, int]:
    if isinstance(step.rule, Gate):
        return step.level, _GATE
    if isinstance(step.rule, Exclusive):
        return step.level, _EXCLUSIVE
    # A module's factor comes after its gates, floor and cap; other factors come first.
    return step.level, _LAST if step.level == MODULE_LEVEL else _FACTOR


def _acts_after(step: ActingStep, steps: Sequence[ActingStep]) -> set[ActingStep]:
    """The steps that come before a step: on what it acts on, or on what it reads."""
    own_objects = set(step.objects)
    before = steps[: steps.index(step)]
    earlier = _acting_on(own_objects, before)
    read = _objects_read(step.rule)
    if isinstance(step.rule, Gate):
        # A gate alone may read what it acts on: as it was before the gate.
        read -= own_objects
    return earlier | _acting_on(read, steps)


def _acting_on(objects: set[ResultObject], steps: Sequence[ActingStep]) -> set[ActingStep]:
    return {step for step in steps if objects.intersection(step.objects)}


def _objects_read(rule: RuleOnResults) -> set[ResultObject]:
    objects: set[ResultObject] = set()
    for _place, condition in rule.conditions_on_results():
        objects.update(condition.result.objects)
    return objects


# Circles ------------------------------------------------------------------------------------------


def _readings_too_high(step: ActingStep) -> Iterator[Problem]:
    changed = step.objects[0]
    for place, condition in step.rule.conditions_on_results():
        if _reads_too_high(step, condition):
            read = condition.result.objects[0]
            between = dict.fromkeys([changed.name, read.name])
            yield _circle([step.rule.id, *between, step.rule.id], place)


def _reads_too_high(step: ActingStep, condition: ResultCondition) -> bool:
    """Whether a condition reads a result that is final only after what the rule acts on."""
    level = step.level
    if isinstance(step.rule, Gate) and level == TOTAL_LEVEL:
        # Gates of the total look at one provisional state, places included.
        level = PLACE_LEVEL
    return condition.level > level


def _reads_any_too_high(step: ActingStep) -> bool:
    conditions = [condition for _place, condition in step.rule.conditions_on_results()]
    return any(_reads_too_high(step, condition) for condition in conditions)


def _circles_of_one_level(steps: Sequence[ActingStep]) -> Iterator[Problem]:
    earlier_steps = {step: _acts_after(step, steps) for step in steps}
    reported: set[str] = set()
    too_high = {step.rule.id for step in steps if _reads_any_too_high(step)}
    for step in steps:
        path = [] if step.rule.id in too_high else _way_back(step, earlier_steps)
        if path and not reported.intersection(path):
            reported.update(path)
            yield _circle(path, step.rule.id)


def _way_back(start: ActingStep, earlier_steps: Mapping[ActingStep, set[ActingStep]]) -> list[str]:
    """The shortest way from a step over those that come before it back to it; empty if none."""
    ways: list[list[ActingStep]] = [[start]]
    seen: set[ActingStep] = set()
    while ways:
        way = ways.pop(0)
        for earlier in sorted(earlier_steps[way[-1]], key=_name_of_rule):
            if earlier == start:
                names = [step.rule.id for step in way]
                # A rule that reads what it acts on itself leads over that.
                further = [start.objects[0].name] if len(way) == 1 else []
                return [*names, *further, start.rule.id]
            if earlier not in seen:
                seen.add(earlier)
                ways.append([*way, earlier])
    return []


def _name_of_rule(step: ActingStep) -> str:
    return step.rule.id


def _circle(path: Sequence[str], place: str) -> Problem:
    return Problem(
        "circle",
        msg("a condition reads what its own rule changes: {path}"),
        {"path": " → ".join(path)},
        f"rules.{place}",
    )
