"""Scores: lines of points gathered into modules, groups, totals and ranks (spec 2). Pure: facts and axes in, results out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from lifecycle.rulebook.model import Group, Module, Rule
from projections.judgement import Axes, Judged
from projections.kinds import Line, lines
from projections.measures import OF_PROJECT, OF_UNIT, Item
from projections.policy import BASES, Fits, Policy
from projections.unit_facts import UnitFacts

ZERO: Final = Fraction(0)


class Applied(NamedTuple):
    """A rule of projects, worked out once: its measure, its filter, what it says of the consultation, what it needs."""

    rule: Rule
    measure: Callable[[Judged], Iterator[Item]]
    fits: Fits | None
    consulted: bool | None
    needs: tuple[str, ...]


@lru_cache(maxsize=64)
def _applied(policy: Policy) -> list[Applied]:
    rules = [rule for rule in policy.rules if rule.measure in OF_PROJECT]
    consulted = {rule.id: None if rule.where is None else rule.where.consulted_in_year for rule in rules}
    return [Applied(rule, OF_PROJECT[rule.measure], policy.rule_fits[rule.id], consulted[rule.id], rule.needs) for rule in rules]


def project_lines(judged: Judged) -> Iterator[Line]:
    """What a project earns its credit unit, or costs it."""
    code, scale, information = judged.project.code, judged.scale, judged.information
    for applied in _applied(judged.policy):
        if takes(applied, judged) and all([holds(need, judged) for need in applied.needs]):  # noqa: C419 -- a list is faster
            items = list(applied.measure(judged))
            if items:
                rule = applied.rule
                factor = None if rule.coefficient is None else judged.policy.factor(rule.coefficient, information, scale)
                yield from lines(rule, items, judged.unit, code, project=code, factor=factor, scale=scale)


def holds(need: str, judged: Judged) -> bool:
    """Whether a project meets one of a rule's needs."""
    if need == "not_excluded":
        return not judged.excluded
    return judged.recognised if need == "recognised" else judged.eligible


def takes(applied: Applied, judged: Judged) -> bool:
    """Whether a rule's filter takes a project."""
    if applied.fits is not None and not applied.fits(judged.information, judged.scale):
        return False
    if applied.consulted is None:
        return True
    node = judged.project.nodes.get("consultation")
    return applied.consulted is (node is not None and node.on.year == judged.axes.year)


def fits(rule: Rule, judged: Judged) -> bool:
    """Whether a rule of projects looks at this one."""
    return any(takes(applied, judged) for applied in _applied(judged.policy) if applied.rule is rule)


def unit_lines(unit: UnitFacts, policy: Policy, axes: Axes) -> Iterator[Line]:
    """What a unit earns or loses by its own facts."""
    for rule in policy.rules:
        if rule.measure in OF_UNIT:
            items = list(OF_UNIT[rule.measure](unit, axes))
            yield from lines(rule, items, unit.name, unit.name, project=None, factor=None, scale=0)


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


class Tally:
    """Points of a unit by module and by basis, as its lines come in."""

    __slots__ = ("basis", "modules")

    def __init__(self, policy: Policy) -> None:
        self.modules = dict.fromkeys(policy.modules, ZERO)
        self.basis = dict.fromkeys(BASES, ZERO)

    def add(self, line: Line) -> None:
        """Count a line in."""
        self.modules[line.module] += line.points
        self.basis[line.basis] += abs(line.points)

    def shift(self, change: Tally) -> None:
        """Move by a difference."""
        for module, points in change.modules.items():
            self.modules[module] += points
        for basis, points in change.basis.items():
            self.basis[basis] += points


def limit_lines(unit: str, tally: Tally, policy: Policy) -> Iterator[Line]:
    """The floors and caps of a unit's modules, as lines of their own, so that its lines sum to its modules."""
    for module in policy.book.modules:
        raw = tally.modules[module.id]
        counted = limited(raw, module)
        if counted != raw:
            which = "floor" if counted > raw else "cap"
            inputs = {"sum": raw, which: counted}
            yield Line(f"{module.id}.{which}", module.id, counted - raw, module.clause, module.basis, unit, None, inputs, ())


def limited(raw: Fraction, limits: Module | Group) -> Fraction:
    """A sum within its floor and cap."""
    floor = getattr(limits, "floor", None)
    if floor is not None and raw < floor:
        return Fraction(floor)
    return Fraction(limits.cap) if limits.cap is not None and raw > limits.cap else raw


def unit_score(unit: UnitFacts, tally: Tally, policy: Policy) -> UnitScore:
    """Modules within their limits, groups within theirs, and the total."""
    modules = {module.id: limited(tally.modules[module.id], module) for module in policy.book.modules}
    groups: dict[str, tuple[Fraction, Fraction]] = {}
    alone = dict(modules)
    for group in policy.book.groups:
        raw = sum((alone.pop(module) for module in group.modules), ZERO)
        groups[group.id] = raw, limited(raw, group)
    total = sum((counted for _, counted in groups.values()), ZERO) + sum(alone.values(), ZERO)
    return UnitScore(unit.name, unit.sequence, 0, total, modules, groups, tally.basis)


def ranked(scores: Iterable[UnitScore], units: Mapping[str, UnitFacts]) -> list[UnitScore]:
    """Ranks within each sequence by exact total, equal totals sharing one; sequences in order of first registration."""
    by_sequence: dict[str, list[UnitScore]] = {}
    for score in sorted(scores, key=lambda score: units[score.unit].order):
        by_sequence.setdefault(score.sequence, []).append(score)
    result: list[UnitScore] = []
    for members in by_sequence.values():
        members.sort(key=lambda score: -score.total)
        for place, score in enumerate(members, start=1):
            before = members[place - 2] if place > 1 else None
            score.rank = before.rank if before is not None and before.total == score.total else place
        result.extend(members)
    return result
