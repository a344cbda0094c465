"""Lines of rules that act on what other rules gave: factors by unit, exclusives, gates (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import partial

from lifecycle.exact_numbers import ZERO, exact_sum
from lifecycle.rulebook.kinds.exclusive_rule import Exclusive, OnlyHighestCounts
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from lifecycle.rulebook.kinds.unit_coefficient_rule import MultipliedRule, UnitCoefficient
from projections.facts.unit_facts import UnitFacts
from projections.scoring.gate_conditions import (
    ClosedGate,
    UnmetAlternatives,
    unmet_alternatives,
)
from projections.scoring.gathered_values import GatheredItems
from projections.scoring.prepared_policy import Policy, weaker_basis
from projections.scoring.score_line import ScoreLine, unit_line
from projections.scoring.unit_conditions import condition_holds


class RuleEffects:
    """What rules do to each other's points within a year.

    `rule_sums` are the points by unit and rule so far, before factors by unit. A rule that an
    exclusive or a gate has stopped stands at 0 there, so that nothing is taken from it twice.
    """

    def __init__(
        self,
        policy: Policy,
        units: Mapping[str, UnitFacts],
        rule_sums: dict[tuple[str, str], Fraction],
    ) -> None:
        self._policy = policy
        self._units = units
        self._rule_sums = rule_sums
        self._rules = {rule.id: rule for rule in policy.rules}

    def factor_lines(self) -> Iterator[ScoreLine]:
        """A line for each rule that a factor by category or sequence multiplies."""
        for rule in self._policy.rules:
            if isinstance(rule, UnitCoefficient):
                for unit in self._units:
                    yield from self._factor_lines_of(rule, unit)

    def _factor_lines_of(
        self,
        rule: UnitCoefficient,
        unit: str,
    ) -> Iterator[ScoreLine]:
        factor = rule.factor_of(self._units[unit])
        # A factor of 1 changes nothing and would only lengthen the explanation.
        if factor == 1:
            return
        for name in rule.rules:
            points = self._points(unit, name)
            if points:
                multiplied = self._rules[name]
                yield unit_line(
                    rule,
                    unit,
                    points * (factor - 1),
                    MultipliedRule(name, points, factor),
                    module=multiplied.module,
                    basis=weaker_basis(rule.basis, multiplied.basis),
                )

    def exclusive_lines(self) -> Iterator[ScoreLine]:
        """Lines that take back all but the highest of rules of which only one counts per unit."""
        for rule in self._policy.rules:
            if isinstance(rule, Exclusive) and rule.per == "unit":
                for unit in self._units:
                    yield from self._exclusive_lines_of(rule, unit)

    def _exclusive_lines_of(
        self,
        rule: Exclusive,
        unit: str,
    ) -> Iterator[ScoreLine]:
        # Rules are compared by the points that the unit has from them, factors included.
        points_by_rule = {name: self._points_with_factors(unit, name) for name in rule.rules}
        highest = rule.highest_of(points_by_rule)
        for name, points in points_by_rule.items():
            if name != highest and points:
                inputs = OnlyHighestCounts(kept=highest, left_out=name)
                yield unit_line(
                    rule,
                    unit,
                    -points,
                    inputs,
                    module=self._rules[name].module,
                )
                self._rule_sums[unit, name] = ZERO

    def rule_gate_lines(self, gathered: GatheredItems) -> Iterator[ScoreLine]:
        """Lines that take back what a rule gave, where its gate is closed."""
        for rule in self._policy.rules:
            if isinstance(rule, Gate) and rule.gates == "rule":
                for unit in self._units:
                    yield from self._rule_gate_lines_of(rule, unit, gathered)

    def _rule_gate_lines_of(
        self,
        rule: Gate,
        unit: str,
        gathered: GatheredItems,
    ) -> Iterator[ScoreLine]:
        assert rule.rule is not None  # a gate of a rule names it
        points = self._points_with_factors(unit, rule.rule)
        unmet = unmet_of_unit(rule, unit, gathered)
        if unmet is not None and points:
            yield unit_line(
                rule,
                unit,
                -points,
                ClosedGate(rule.rule, unmet.conditions),
                events=unmet.events,
                module=self._rules[rule.rule].module,
            )
            self._rule_sums[unit, rule.rule] = ZERO

    def _points(self, unit: str, rule: str) -> Fraction:
        """What a unit has from a rule so far."""
        return self._rule_sums.get((unit, rule), ZERO)

    def _points_with_factors(
        self,
        unit: str,
        rule: str,
    ) -> Fraction:
        """What a unit has from a rule, with what each factor by unit added."""
        points = self._points(unit, rule)
        factors = [
            coefficient.factor_of(self._units[unit])
            for coefficient in self._policy.rules
            if isinstance(coefficient, UnitCoefficient) and rule in coefficient.rules
        ]
        return points + exact_sum(points * (factor - 1) for factor in factors)


def module_gate_line(
    rule: Gate,
    unit: str,
    points: Fraction,
    gathered: GatheredItems,
) -> ScoreLine | None:
    """The line that takes back what a module has, where its gate is closed."""
    unmet = unmet_of_unit(rule, unit, gathered)
    if unmet is None or not points:
        return None
    inputs = ClosedGate(rule.module, unmet.conditions)
    return unit_line(
        rule,
        unit,
        -points,
        inputs,
        events=unmet.events,
    )


def unmet_of_unit(
    rule: Gate | Outcome,
    unit: str,
    gathered: GatheredItems,
) -> UnmetAlternatives | None:
    """The conditions of a unit where none of the alternatives holds; None where one does."""
    return unmet_alternatives(rule, partial(condition_holds, gathered, unit=unit))
