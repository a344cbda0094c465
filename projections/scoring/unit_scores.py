"""Scores: lines of points summed into modules, groups and totals, then ranked (spec 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from lifecycle.exact_numbers import ZERO, clamped, exact_sum
from lifecycle.rulebook.kinds import Rule
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from lifecycle.rulebook.scoring_policy import Module
from projections.facts.unit_facts import UnitFacts
from projections.scoring.gate_conditions import ClosedGate
from projections.scoring.point_tally import PointTally
from projections.scoring.prepared_policy import Policy
from projections.scoring.score_line import CapApplied, FloorApplied, ScoreLine, unit_line


class GroupPoints(NamedTuple):
    """A group's sum of its modules, and what of it counts."""

    raw: Fraction
    counted: Fraction


class MultipliedTotal(NamedTuple):
    """A rule, the groups and modules together, the factor on them, and what it adds."""

    rule: str
    basis: str
    sum_of_groups: Fraction
    factor: Fraction
    added: Fraction


@dataclass(slots=True)
class UnitScore:
    """A unit's result; `modules` are after their own floors and caps.

    `unit` is its identity, `name` what it is called on the day.
    """

    unit: str
    sequence: str
    name: str = ""
    rank: int | None = 0
    """None where an outcome takes the unit out of the ranking."""
    total: Fraction = ZERO
    modules: dict[str, Fraction] = field(default_factory=dict)
    groups: dict[str, GroupPoints] = field(default_factory=dict)
    basis: dict[str, Fraction] = field(default_factory=dict)
    rests_on: dict[str, Fraction] = field(default_factory=dict)
    """Signed points by basis, limits included: they sum exactly to the total."""
    total_factors: list[MultipliedTotal] = field(default_factory=list)
    """What factors of the total add to the groups and modules."""
    outcomes: list[str] = field(default_factory=list)
    grade: str | None = None


def limit_lines(
    unit: str,
    tally: PointTally,
    policy: Policy,
) -> Iterator[ScoreLine]:
    """Lines of the modules' floors and caps, so that a unit's lines sum to its modules."""
    for module in policy.book.modules:
        raw = tally.module_points(module.id)
        counted = clamped(raw, module.floor, module.cap)
        # Nothing is said where the limits change nothing.
        if counted != raw:
            yield _limit_line(
                module,
                unit,
                raw,
                counted,
            )
        counted += tally.points_after_limits(module.id)
        if tally.closed_by is not None and counted:
            gate, unmet = tally.closed_by
            inputs = ClosedGate("total", unmet.conditions)
            yield unit_line(
                gate,
                unit,
                -counted,
                inputs,
                events=unmet.events,
                module=module.id,
            )


def _limit_line(
    module: Module,
    unit: str,
    raw: Fraction,
    counted: Fraction,
) -> ScoreLine:
    raised = counted > raw
    return ScoreLine(
        rule=f"{module.id}.{'floor' if raised else 'cap'}",
        module=module.id,
        points=counted - raw,
        clause=module.clause,
        basis=module.basis,
        unit=unit,
        project=None,
        inputs=FloorApplied(raw, counted) if raised else CapApplied(raw, counted),
        events=(),
    )


class CountedResults(NamedTuple):
    """What counts of a unit's modules, groups and total; `raw_total` is before its limits.

    `factors` are what multiplies the groups and modules together, each as they were without any.
    """

    modules: dict[str, Fraction]
    groups: dict[str, GroupPoints]
    factors: list[MultipliedTotal]
    raw_total: Fraction
    total: Fraction


def counted_results(tally: PointTally, policy: Policy) -> CountedResults:
    """Modules, groups and total, each within its limits."""
    modules = _counted_modules(tally, policy)
    groups: dict[str, GroupPoints] = {}
    # A module outside all groups counts by itself: in kaihua-2024 the deduction.
    ungrouped = dict(modules)
    for group in policy.book.groups:
        raw = exact_sum(ungrouped.pop(module) for module in group.modules)
        groups[group.id] = GroupPoints(raw, clamped(raw, None, group.cap))
    counted = [group.counted for group in groups.values()]
    together = exact_sum([*counted, *ungrouped.values()])
    factors: list[MultipliedTotal] = []
    for rule, basis, factor in tally.total_factors:
        added = together * (factor - 1)
        factors.append(MultipliedTotal(rule, basis, together, factor, added))
    raw_total = together + exact_sum(multiplied.added for multiplied in factors)
    total = raw_total
    limits = policy.book.total
    if limits is not None:
        total = clamped(total, limits.floor, limits.cap)
    return CountedResults(modules, groups, factors, raw_total, total)


def unit_score(
    unit: UnitFacts,
    tally: PointTally,
    policy: Policy,
) -> UnitScore:
    """The score of a tally: modules, groups and total, each within its limits, then the grade."""
    results = counted_results(tally, policy)
    total = results.total
    return UnitScore(
        unit.name,
        unit.sequence,
        unit.shown_name,
        rank=_unset_rank(policy.rules, tally.outcomes),
        total=total,
        modules=results.modules,
        groups=results.groups,
        basis=tally.basis_points(),
        total_factors=results.factors,
        rests_on=_rests_on(tally, policy, results),
        outcomes=list(tally.outcomes),
        grade=grade(total, tally.outcomes, policy),
    )


def _rests_on(
    tally: PointTally,
    policy: Policy,
    results: CountedResults,
) -> dict[str, Fraction]:
    """The points by what they rest on; what a limit adds or takes rests on the limit's table."""
    book = policy.book
    points_by_basis = tally.signed_points()
    for module in book.modules:
        raw = tally.module_points(module.id)
        counted = clamped(raw, module.floor, module.cap)
        points_by_basis[module.basis] += counted - raw
        counted += tally.points_after_limits(module.id)
        if tally.closed_by is not None:
            points_by_basis[tally.closed_by.gate.basis] -= counted
    for group in book.groups:
        raw, counted = results.groups[group.id]
        points_by_basis[group.basis] += counted - raw
    for multiplied in results.factors:
        points_by_basis[multiplied.basis] += multiplied.added
    if book.total is not None:
        points_by_basis[book.total.basis] += results.total - results.raw_total
    return points_by_basis


def _counted_modules(
    tally: PointTally,
    policy: Policy,
) -> dict[str, Fraction]:
    # A closed gate of the total leaves no module anything, so that the modules still sum to the
    # total.
    if tally.closed_by is not None:
        return dict.fromkeys(policy.modules, ZERO)
    modules: dict[str, Fraction] = {}
    for module in policy.book.modules:
        counted = clamped(tally.module_points(module.id), module.floor, module.cap)
        modules[module.id] = counted + tally.points_after_limits(module.id)
    return modules


def grade(
    total: Fraction,
    outcomes: Iterable[str],
    policy: Policy,
) -> str | None:
    """The grade of a total, moved by the outcomes' steps; None where the policy has no grades."""
    grades = policy.book.grades or ()
    for place, row in enumerate(grades):
        if total in row.total:
            # The best grade stands first, so that a step up leads to a smaller place.
            moved = place - _steps_up(policy.rules, outcomes)
            return grades[min(max(moved, 0), len(grades) - 1)].chinese
    return None


def _steps_up(
    rules: Iterable[Rule],
    outcomes: Iterable[str],
) -> int:
    """How many grades up the outcomes of a unit lead together; down where negative."""
    steps = {rule.id: rule.steps or 0 for rule in rules if isinstance(rule, Outcome)}
    return sum(steps[outcome] for outcome in outcomes)


def _unset_rank(
    rules: Iterable[Rule],
    outcomes: Iterable[str],
) -> int | None:
    """0 until the sequence is ranked; None where an outcome takes the unit out of the ranking."""
    unranking = {rule.id for rule in rules if isinstance(rule, Outcome) and rule.unranked}
    return 0 if unranking.isdisjoint(outcomes) else None


def ranked_scores(
    scores: Iterable[UnitScore],
    units: Mapping[str, UnitFacts],
) -> list[UnitScore]:
    """Scores in rank order within each sequence, sequences in order of first registration.

    Ranks are set by exact total; equal totals share one, and the next is skipped (1, 2, 2, 4).
    Units out of the ranking come last, and the others close up.
    """
    by_sequence: dict[str, list[UnitScore]] = {}
    for score in sorted(scores, key=lambda score: units[score.unit].order):
        by_sequence.setdefault(score.sequence, []).append(score)
    ordered: list[UnitScore] = []
    for members in by_sequence.values():
        # Sorting is stable: equal totals keep the order of registration.
        members.sort(key=lambda score: (score.rank is None, -score.total))
        _set_ranks([score for score in members if score.rank is not None])
        ordered.extend(members)
    return ordered


def _set_ranks(members: list[UnitScore]) -> None:
    for place, score in enumerate(members, start=1):
        score.rank = place
        if place > 1:
            before = members[place - 2]
            if before.total == score.total:
                score.rank = before.rank
