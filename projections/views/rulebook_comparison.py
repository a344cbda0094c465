"""The same history under two rulebooks, A and B.

Unit by unit, rank by rank, rule by rule (spec 6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final, NamedTuple

from lifecycle.ledger.store import Ledger
from lifecycle.rounding import decimal_text
from lifecycle.rulebook import LoadedRulebook
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore

_ZERO: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """A unit's points of one rule under both rulebooks; None where a rulebook has no such rule."""

    rule: str
    module: str
    a: Fraction | None = None
    b: Fraction | None = None

    @property
    def difference(self) -> Fraction:
        """B less A."""
        return (self.b or _ZERO) - (self.a or _ZERO)


@dataclass(frozen=True, slots=True)
class UnitComparison:
    """A unit under both rulebooks, with the rules whose points differ."""

    unit: str
    sequence: str
    a: UnitScore
    b: UnitScore
    rules: list[RuleDifference] = field(default_factory=list)

    @property
    def difference(self) -> Fraction:
        """B less A."""
        return self.b.total - self.a.total

    @property
    def places_gained(self) -> int | None:
        """How many places the unit gains under B; None where either does not rank it."""
        # A smaller rank is better.
        if self.a.rank is None or self.b.rank is None:
            return None
        return self.a.rank - self.b.rank

    @property
    def by_limits(self) -> Fraction:
        """What the rules' lines do not explain: the caps of groups and the limits of the total."""
        by_rules = sum((row.difference for row in self.rules), _ZERO)
        return self.difference - by_rules


class ProjectDifference(NamedTuple):
    """What a project earns its unit by one rule under both rulebooks, and the rule's clause."""

    project: str
    unit: str
    rule: str
    clause: str
    a: Fraction
    b: Fraction

    @property
    def difference(self) -> Fraction:
        """B less A."""
        return self.b - self.a


class RulebookComparison(NamedTuple):
    """Every unit in B's order, and the projects whose points differ, the greatest first."""

    units: list[UnitComparison]
    projects: list[ProjectDifference]


class _ProjectRule(NamedTuple):
    project: str
    unit: str
    rule: str


class _ClausePoints(NamedTuple):
    clause: str
    points: Fraction


class RulePoints(NamedTuple):
    """A unit's points of one rule, summed over its lines."""

    module: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class _ScoredRulebook:
    """One side of the comparison: scores by unit, and points by unit and rule."""

    book: LoadedRulebook
    scores: dict[str, UnitScore]
    points: dict[tuple[str, str], RulePoints]
    project_points: dict[_ProjectRule, _ClausePoints]

    def points_of(self, unit: str, rule: str) -> Fraction | None:
        """Return the unit's points.

        0 where the rule gave none, None where the rulebook has no such rule.
        """
        rule_points = self.points.get((unit, rule))
        if rule_points is not None:
            return rule_points.points
        known = any(known_rule.id == rule for known_rule in self.book.rulebook.rules)
        return _ZERO if known else None

    def module_of(self, unit: str, rule: str) -> str | None:
        """Return the module that the unit's points of a rule went to, if there are any."""
        rule_points = self.points.get((unit, rule))
        return None if rule_points is None else rule_points.module


def compare_rulebooks(
    ledger: Ledger,
    view: View,
    other: LoadedRulebook,
) -> RulebookComparison:
    """Compare every unit and project under the view's rulebook (A) and another (B)."""
    a = _scored(ledger, view)
    b = _scored(ledger, replace(view, rulebook=other))
    # Both saw the same history, so both have the same units; B may rank them otherwise.
    comparisons = []
    for unit, score in b.scores.items():
        differences = _rule_differences(unit, a, b)
        comparisons.append(UnitComparison(unit, score.sequence, a.scores[unit], score, differences))
    return RulebookComparison(comparisons, _project_differences(a, b))


def _project_differences(a: _ScoredRulebook, b: _ScoredRulebook) -> list[ProjectDifference]:
    differences = []
    for key in dict.fromkeys((*a.project_points, *b.project_points)):
        in_a = a.project_points.get(key)
        in_b = b.project_points.get(key)
        before = _ZERO if in_a is None else in_a.points
        after = _ZERO if in_b is None else in_b.points
        # A clause that both have may be numbered otherwise in the draft, which is B.
        source = in_b or in_a
        if source is not None and before != after:
            differences.append(ProjectDifference(*key, source.clause, before, after))
    differences.sort(key=_by_size)
    return differences


def _by_size(row: ProjectDifference) -> tuple[Fraction, str, str]:
    return -abs(row.difference), row.project, row.rule


def _scored(ledger: Ledger, view: View) -> _ScoredRulebook:
    points: dict[tuple[str, str], RulePoints] = {}
    project_points: dict[_ProjectRule, _ClausePoints] = {}

    def add(line: ScoreLine) -> bool:
        key = (line.unit, line.rule)
        before = points.get(key)
        total = line.points if before is None else before.points + line.points
        points[key] = RulePoints(line.module, total)
        if line.project is not None:
            project_key = _ProjectRule(line.project, line.unit, line.rule)
            earlier = project_points.get(project_key)
            sum_before = _ZERO if earlier is None else earlier.points
            project_points[project_key] = _ClausePoints(line.clause, sum_before + line.points)
        # Lines are summed as they come; none is kept.
        return False

    scores = evaluate(ledger, view, keep=add).scores
    scores_by_unit = {score.unit: score for score in scores}
    return _ScoredRulebook(view.rulebook, scores_by_unit, points, project_points)


def _rule_differences(
    unit: str,
    a: _ScoredRulebook,
    b: _ScoredRulebook,
) -> list[RuleDifference]:
    """Return the rules whose points differ.

    A's in its order, then B's own, then the limits of modules.
    """
    # A rule that both have stands once, at its place in A.
    names = dict.fromkeys(
        (
            *_rule_ids(a),
            *_rule_ids(b),
            *_limit_names(a),
            *_limit_names(b),
        )
    )
    differences = []
    for name in names:
        difference = RuleDifference(
            rule=name,
            module=a.module_of(unit, name) or b.module_of(unit, name) or "",
            a=a.points_of(unit, name),
            b=b.points_of(unit, name),
        )
        if difference.difference:
            differences.append(difference)
    return differences


def _rule_ids(scored: _ScoredRulebook) -> list[str]:
    return [rule.id for rule in scored.book.rulebook.rules]


def _limit_names(scored: _ScoredRulebook) -> Iterator[str]:
    """Yield the names under which a module's limits have lines of their own."""
    for module in scored.book.rulebook.modules:
        yield f"{module.id}.floor"
        yield f"{module.id}.cap"


def comparison_json(comparison: UnitComparison, places: int) -> dict[str, Any]:
    """Return one unit of `rulebook compare --format json`, points as plain text."""
    a = comparison.a
    b = comparison.b
    return {
        "unit": comparison.unit,
        "sequence": comparison.sequence,
        "total": {
            "a": decimal_text(a.total, places),
            "b": decimal_text(b.total, places),
            "difference": decimal_text(comparison.difference, places),
        },
        "rank": {"a": a.rank, "b": b.rank, "change": comparison.places_gained},
        "rules": [_rule_json(row, places) for row in comparison.rules],
        "limits": decimal_text(comparison.by_limits, places),
    }


def project_json(row: ProjectDifference, places: int) -> dict[str, Any]:
    """Return one project and rule of `rulebook compare --format json`."""
    return {
        "project": row.project,
        "unit": row.unit,
        "rule": row.rule,
        "clause": row.clause,
        "a": decimal_text(row.a, places),
        "b": decimal_text(row.b, places),
        "difference": decimal_text(row.difference, places),
    }


def _rule_json(row: RuleDifference, places: int) -> dict[str, Any]:
    return {
        "rule": row.rule,
        "module": row.module,
        "a": _points_text(row.a, places),
        "b": _points_text(row.b, places),
        "difference": decimal_text(row.difference, places),
    }


def _points_text(points: Fraction | None, places: int) -> str | None:
    if points is None:
        return None
    return decimal_text(points, places)
