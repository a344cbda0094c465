"""The same history under two rulebooks: unit by unit, rank by rank, rule by rule (spec 6)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import LoadedRulebook
from projections.scoring.evaluation import View, evaluate
from projections.scoring.rounding import decimal_text
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore

ZERO = Fraction(0)


@dataclass(slots=True)
class RuleDifference:
    """A unit's points of one rule under both; None where the rulebook has no such rule."""

    rule: str
    module: str
    a: Fraction | None = None
    b: Fraction | None = None

    @property
    def difference(self) -> Fraction:
        """B less A."""
        return (self.b or ZERO) - (self.a or ZERO)


@dataclass(slots=True)
class UnitComparison:
    """A unit under both rulebooks; `beyond` is what caps of groups and limits of the total make of the difference."""

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
    def beyond(self) -> Fraction:
        """What the rules' lines do not explain."""
        return self.difference - sum((sides.difference for sides in self.rules), ZERO)


def compare_rulebooks(ledger: Ledger, view: View, other: LoadedRulebook) -> list[UnitComparison]:
    """Every unit under the view's rulebook (A) and another (B); in B's order."""
    a, of_a = _scored(ledger, view)
    b, of_b = _scored(ledger, replace(view, rulebook=other))
    return [
        UnitComparison(
            unit, score.sequence, a[unit], score, _sides(unit, (view.rulebook, of_a), (other, of_b))
        )
        for unit, score in b.items()
    ]


Sums = dict[tuple[str, str], tuple[str, Fraction]]


def _scored(ledger: Ledger, view: View) -> tuple[dict[str, UnitScore], Sums]:
    sums: Sums = {}

    def add(line: ScoreLine) -> bool:
        key = line.unit, line.rule
        sums[key] = line.module, sums.get(key, ("", ZERO))[1] + line.points
        return False

    found = evaluate(ledger, view, keep=add)
    return {score.unit: score for score in found.scores}, sums


def _sides(unit: str, *books: tuple[LoadedRulebook, Sums]) -> list[RuleDifference]:
    """The rules whose points differ, A's in their order and then B's own; limits of modules under their names."""
    (a, of_a), (b, of_b) = books
    known = [{rule.id for rule in book.rulebook.rules} for book in (a, b)]
    order = [rule.id for book in (a, b) for rule in book.rulebook.rules]
    order += [
        f"{module.id}.{which}"
        for book in (a, b)
        for module in book.rulebook.modules
        for which in ("floor", "cap")
    ]
    found = []
    for rule in dict.fromkeys(order):
        one, two = of_a.get((unit, rule)), of_b.get((unit, rule))
        module = (one or two or ("", ZERO))[0]
        sides = RuleDifference(
            rule, module, _points(one, known=rule in known[0]), _points(two, known=rule in known[1])
        )
        if sides.difference:
            found.append(sides)
    return found


def _points(found: tuple[str, Fraction] | None, *, known: bool) -> Fraction | None:
    return found[1] if found is not None else (ZERO if known else None)


def comparison_json(compared: UnitComparison, places: int) -> dict[str, Any]:
    """One unit of `rulebook compare --format json`; points as plain text."""

    def shown(value: Fraction | None) -> str | None:
        return None if value is None else decimal_text(value, places)

    one, two = compared.a, compared.b
    return {
        "unit": compared.unit,
        "sequence": compared.sequence,
        "total": {
            "a": shown(one.total),
            "b": shown(two.total),
            "difference": shown(compared.difference),
        },
        "rank": {"a": one.rank, "b": two.rank, "change": one.rank - two.rank},
        "rules": [
            {
                "rule": sides.rule,
                "module": sides.module,
                "a": shown(sides.a),
                "b": shown(sides.b),
                "difference": shown(sides.difference),
            }
            for sides in compared.rules
        ],
        "limits": shown(compared.beyond),
    }
