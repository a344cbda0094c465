"""In which order rules act on results, where some of them read what others leave (spec 6).

Factors multiply, exclusives compare, gates of rules stop, then gates of modules, then those of the
total; outcomes come last. A rule that reads a result acts after all that act on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.kinds import Rule, RuleOnResults
from lifecycle.rulebook.kinds.exclusive_rule import Exclusive
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from lifecycle.rulebook.result_conditions import (
    PLACE_LEVEL,
    TOTAL_LEVEL,
    ResultCondition,
    ResultObject,
)

_FACTOR: Final = 0
_EXCLUSIVE: Final = 1
_GATE: Final = 2
"""In which order rules act on one object."""


def in_acting_order(rules: Sequence[Rule]) -> list[RuleOnResults]:
    """The rules on results as they act: by object and rulebook, but after all that they read."""
    waiting = _acting_rules(rules)
    waiting.sort(key=_usual_place)
    earlier_of = {rule.id: _acts_after(rule, waiting) for rule in waiting}
    ordered: list[RuleOnResults] = []
    acted: set[str] = set()
    while waiting:
        # The findings refuse circles, so that one of them is always free.
        following = next(rule for rule in waiting if earlier_of[rule.id] <= acted)
        waiting.remove(following)
        ordered.append(following)
        acted.add(following.id)
    return ordered


def circle_findings(rules: Sequence[Rule]) -> Iterator[Problem]:
    """Conditions on results that are final only after what the rule itself changes."""
    for rule in _acting_rules(rules):
        for place, condition in rule.conditions_on_results():
            if _reads_too_high(rule, condition):
                changed, read = rule.acts_on()[0], condition.result.objects[0]
                yield _circle([rule.id, changed.name, read.name, rule.id], place)
    yield from _circles_of_one_level(rules)


def _acting_rules(rules: Sequence[Rule]) -> list[RuleOnResults]:
    """The rules that change results of units; per project an exclusive acts in each stream."""
    acting = [rule for rule in rules if isinstance(rule, RuleOnResults)]
    return [
        rule
        for rule in acting
        if not isinstance(rule, Outcome)
        and not (isinstance(rule, Exclusive) and rule.per == "project")
    ]


def _usual_place(rule: RuleOnResults) -> tuple[int, int]:
    # Sorting is stable: rules of one kind on one level act in the rulebook's order.
    level = max(acted_on.level for acted_on in rule.acts_on())
    return level, _turn(rule)


def _turn(rule: RuleOnResults) -> int:
    if isinstance(rule, Gate):
        return _GATE
    return _EXCLUSIVE if isinstance(rule, Exclusive) else _FACTOR


def _acts_after(rule: RuleOnResults, rules: Sequence[RuleOnResults]) -> set[str]:
    """The rules that act before a rule: on what it acts on, or on what it reads."""
    own_objects = set(rule.acts_on())
    number = next(number for number, other in enumerate(rules) if other is rule)
    earlier: set[str] = set()
    for other in rules[:number]:
        if own_objects.intersection(other.acts_on()):
            earlier.add(other.id)
    read = _objects_read(rule) - own_objects
    if not isinstance(rule, Gate):
        # A gate alone may read what it acts on: as it was before the gate.
        read = _objects_read(rule)
    for other in rules:
        if read.intersection(other.acts_on()):
            earlier.add(other.id)
    return earlier


def _objects_read(rule: RuleOnResults) -> set[ResultObject]:
    objects: set[ResultObject] = set()
    for _place, condition in rule.conditions_on_results():
        objects.update(condition.result.objects)
    return objects


# Circles ------------------------------------------------------------------------------------------


def _reads_too_high(rule: RuleOnResults, condition: ResultCondition) -> bool:
    """Whether a condition reads a result that is final only after what the rule acts on."""
    level, _order = _usual_place(rule)
    if isinstance(rule, Gate) and level == TOTAL_LEVEL:
        # Gates of the total look at one provisional state, places included.
        level = PLACE_LEVEL
    return condition.level > level


def _circles_of_one_level(rules: Sequence[Rule]) -> Iterator[Problem]:
    ordered = sorted(_acting_rules(rules), key=_usual_place)
    earlier_of = {rule.id: _acts_after(rule, ordered) for rule in ordered}
    reported: set[str] = set()
    for rule in ordered:
        path = _way_back(rule.id, earlier_of)
        if path and not reported.intersection(path):
            reported.update(path)
            yield _circle(path, rule.id)


def _way_back(start: str, earlier_of: dict[str, set[str]]) -> list[str]:
    """The shortest way from a rule over those that act before it back to it; empty if none."""
    ways: list[list[str]] = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for name in sorted(earlier_of[way[-1]]):
            if name == start:
                return [*way, start]
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def _circle(path: Sequence[str], place: str) -> Problem:
    return Problem(
        "circle",
        msg("a condition reads what its own rule changes: {path}"),
        {"path": " → ".join(path)},
        f"rules.{place}",
    )
