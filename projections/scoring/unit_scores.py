"""Scores: lines of points gathered into modules, groups, totals and ranks (spec 2). Pure: facts and axes in, results out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from lifecycle.rulebook.kinds import Exclusive, Gate, ItemRule, RuleBase
from lifecycle.rulebook.scoring_policy import Group, Module, TotalLimits
from projections.facts.unit_facts import UnitFacts
from projections.scoring.item_rules import ZERO, lines, summed
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.measure_values import (
    CountedItem,
    of_project as measure_of_project,
    of_unit as measure_of_unit,
)
from projections.scoring.prepared_policy import BASES, Fits, Policy, fits as filter_test, takes_unit
from projections.scoring.score_line import ScoreLine
from projections.scoring.value_rules import clamped


class Applied(NamedTuple):
    """A rule of projects that one stream can tell, worked out once: its measure, its filter with its needs, to whom it goes."""

    rule: Any
    measure: Callable[[JudgedProject], Iterator[CountedItem]]
    fits: Fits | None
    to_reporter: bool


@lru_cache(maxsize=64)
def _applied(policy: Policy) -> list[Applied]:
    rules: list[Any] = [
        rule
        for rule in policy.rules
        if isinstance(rule, ItemRule) and rule.reads_one_stream and rule.counts_projects
    ]
    return [
        Applied(
            rule,
            measure_of_project(rule),
            filter_test(rule.where, rule.needs),
            rule.credits_reporter,
        )
        for rule in rules
    ]


@lru_cache(maxsize=64)
def _exclusive(policy: Policy) -> list[Exclusive]:
    return [rule for rule in policy.rules if isinstance(rule, Exclusive) and rule.per == "project"]


def project_lines(judged: JudgedProject) -> Iterator[ScoreLine]:
    """What a project earns its credit unit, or costs it."""
    found = _project_lines(judged)
    for rule in _exclusive(judged.policy):
        found = _highest(list(found), rule)
    return found


def _project_lines(judged: JudgedProject) -> Iterator[ScoreLine]:
    code = judged.project.code
    for rule, measure, test, reporter in _applied(judged.policy):
        if test is None or test(judged):
            items = list(measure(judged))
            if items:
                factor = (
                    None
                    if rule.coefficient is None
                    else judged.policy.factor(rule.coefficient, judged)
                )
                unit = judged.information.reporting_unit if reporter else judged.unit
                yield from lines(rule, items, unit, code, project=code, factor=factor, size=judged)


def _highest(found: list[ScoreLine], rule: Exclusive) -> Iterator[ScoreLine]:
    """Of rules that exclude each other, the project's highest; the lines of the others are left at 0 and say for which."""
    sums = {name: summed(line.points for line in found if line.rule == name) for name in rule.rules}
    best = max(rule.rules, key=lambda name: sums[name])
    others = {name for name in rule.rules if name != best and any(sums.values())}
    for line in found:
        yield (
            line._replace(points=ZERO, inputs=line.inputs | {"left_for": best})
            if line.rule in others
            else line
        )


def looks_at(rule: RuleBase, judged: JudgedProject) -> bool:
    """Whether a rule counts what this project does."""
    test = filter_test(rule.where)
    return rule.counts_projects and (test is None or test(judged))


def unit_lines(unit: UnitFacts, policy: Policy, axes: ScoringAxes) -> Iterator[ScoreLine]:
    """What a unit earns or loses by its own facts."""
    for rule, measure in _of_units(policy):
        if takes_unit(rule.where, unit):
            yield from lines(
                rule, list(measure(unit, axes)), unit.name, unit.name, project=None, factor=None
            )


@lru_cache(maxsize=64)
def _of_units(
    policy: Policy,
) -> list[tuple[Any, Callable[[UnitFacts, ScoringAxes], Iterator[CountedItem]]]]:
    rules: list[Any] = [
        rule
        for rule in policy.rules
        if isinstance(rule, ItemRule) and rule.reads_one_stream and not rule.counts_projects
    ]
    return [(rule, measure_of_unit(rule)) for rule in rules]


@dataclass(slots=True)
class UnitScore:
    """A unit's result. `modules` are after their own floors and caps, `raw` of a group is the sum of its modules."""

    unit: str
    sequence: str
    rank: int = 0
    total: Fraction = ZERO
    modules: dict[str, Fraction] = field(default_factory=dict)
    groups: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    basis: dict[str, Fraction] = field(default_factory=dict)
    outcomes: list[str] = field(default_factory=list)
    grade: str | None = None


class PointTally:
    """Points of a unit by module and by basis, as its lines come in; what shuts its total, and what comes of it in words."""

    __slots__ = ("basis", "modules", "outcomes", "shut")

    def __init__(self, policy: Policy) -> None:
        self.modules = dict.fromkeys(policy.modules, ZERO)
        self.basis = dict.fromkeys(BASES, ZERO)
        self.shut: tuple[Gate, dict[str, Any], tuple[str, ...]] | None = None
        self.outcomes: list[str] = []

    def add(self, line: ScoreLine, *, based: bool = True) -> None:
        """Count a line in; one that only stops other points rests on no basis of its own."""
        self.modules[line.module] += line.points
        if based:
            self.basis[line.basis] += abs(line.points)

    def shift(self, change: PointTally) -> None:
        """Move by a difference."""
        for module, points in change.modules.items():
            self.modules[module] += points
        for basis, points in change.basis.items():
            self.basis[basis] += points


def limit_lines(unit: str, tally: PointTally, policy: Policy) -> Iterator[ScoreLine]:
    """The floors and caps of a unit's modules, as lines of their own, so that its lines sum to its modules."""
    for module in policy.book.modules:
        raw = tally.modules[module.id]
        counted = limited(raw, module)
        if counted != raw:
            which = "floor" if counted > raw else "cap"
            inputs = {"sum": raw, which: counted}
            yield ScoreLine(
                f"{module.id}.{which}",
                module.id,
                counted - raw,
                module.clause,
                module.basis,
                unit,
                None,
                inputs,
                (),
            )
        if tally.shut is not None and counted:
            gate, looked, events = tally.shut
            yield ScoreLine(
                gate.id,
                module.id,
                -counted,
                gate.clause,
                gate.basis,
                unit,
                None,
                {"shut": "total", **looked},
                events,
            )


def limited(raw: Fraction, limits: Module | Group | TotalLimits) -> Fraction:
    """A sum within its floor and cap."""
    return clamped(raw, getattr(limits, "floor", None), limits.cap)


def unit_score(unit: UnitFacts, tally: PointTally, policy: Policy) -> UnitScore:
    """Modules within their limits, groups within theirs, the total within its own; grade and outcomes where there are any."""
    book = policy.book
    modules = {
        module.id: ZERO if tally.shut else limited(tally.modules[module.id], module)
        for module in book.modules
    }
    groups: dict[str, tuple[Fraction, Fraction]] = {}
    alone = dict(modules)
    for group in book.groups:
        raw = summed(alone.pop(module) for module in group.modules)
        groups[group.id] = raw, limited(raw, group)
    total = summed([*(counted for _, counted in groups.values()), *alone.values()])
    if book.total is not None:
        total = limited(total, book.total)
    return UnitScore(
        unit.name,
        unit.sequence,
        total=total,
        modules=modules,
        groups=groups,
        basis=tally.basis,
        outcomes=list(tally.outcomes),
        grade=grade(total, tally.outcomes, policy),
    )


def grade(total: Fraction, outcomes: Iterable[str], policy: Policy) -> str | None:
    """The grade of a total, moved by the outcomes' steps along the grades, the best of which stands first."""
    grades = policy.book.grades or ()
    place = next((place for place, one in enumerate(grades) if total in one.total), None)
    if place is None:
        return None
    steps = {rule.id: rule.steps or 0 for rule in policy.rules if rule.kind == "outcome"}
    moved = place - sum(steps[outcome] for outcome in outcomes)
    return grades[min(max(moved, 0), len(grades) - 1)].chinese


def ranked_scores(scores: Iterable[UnitScore], units: Mapping[str, UnitFacts]) -> list[UnitScore]:
    """Ranks within each sequence by exact total, equal totals sharing one; sequences in order of first registration."""
    by_sequence: dict[str, list[UnitScore]] = {}
    for score in sorted(scores, key=lambda score: units[score.unit].order):
        by_sequence.setdefault(score.sequence, []).append(score)
    result: list[UnitScore] = []
    for members in by_sequence.values():
        members.sort(key=lambda score: -score.total)
        for place, score in enumerate(members, start=1):
            before = members[place - 2] if place > 1 else None
            score.rank = (
                before.rank if before is not None and before.total == score.total else place
            )
        result.extend(members)
    return result
