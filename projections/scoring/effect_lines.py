"""Lines of rules that act on what other rules gave: factors by unit, exclusives, gates (spec 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from lifecycle.exact_numbers import ZERO
from lifecycle.rulebook.acting_order import ActingStep
from lifecycle.rulebook.kinds.coefficient_rule import (
    MultipliedModule,
    MultipliedRule,
    UnitCoefficient,
)
from lifecycle.rulebook.kinds.exclusive_rule import Exclusive, OnlyHighestCounts
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.result_conditions import RULE_LEVEL, ResultObject
from projections.facts.unit_facts import UnitFacts
from projections.scoring.gate_conditions import ClosedGate, FactorApplied
from projections.scoring.prepared_policy import Policy, weaker_basis
from projections.scoring.score_line import ScoreLine, unit_line
from projections.scoring.unit_conditions import UnitConditions

ModulePoints = Callable[[str, str], Fraction]
"""A unit's points in a module so far, by unit and module."""


class RuleEffects:
    """What rules do to each other's points within a year.

    `rule_sums` are the points by unit and rule as given, before factors by unit. `points` is what
    is left of them: a rule that an exclusive or a gate has stopped stands at 0 there, so that
    nothing is taken from it twice. `limited_points` are a module's within its floor and cap.
    """

    def __init__(
        self,
        policy: Policy,
        units: Mapping[str, UnitFacts],
        rule_sums: Mapping[tuple[str, str], Fraction],
        module_points: ModulePoints,
        limited_points: ModulePoints,
    ) -> None:
        self._units = units
        self._limited_points = limited_points
        self._rule_sums = dict(rule_sums)
        self._module_points = module_points
        self._rules = {rule.id: rule for rule in policy.rules}
        self._modules = {module.id: module for module in policy.book.modules}
        self.points = dict(rule_sums)

    def lines(self, step: ActingStep, conditions: UnitConditions) -> Iterator[ScoreLine]:
        """What a step does to the points of every unit; on the total others act."""
        rule = step.rule
        if isinstance(rule, UnitCoefficient):
            for unit in self._units:
                yield from self._factor_lines(rule, step.objects[0], unit, conditions)
        elif isinstance(rule, Exclusive):
            for unit in self._units:
                yield from self._exclusive_lines(rule, unit)
        elif isinstance(rule, Gate):
            yield from self._gate_lines(rule, conditions)

    def _factor_lines(
        self,
        rule: UnitCoefficient,
        changed: ResultObject,
        unit: str,
        conditions: UnitConditions,
    ) -> Iterator[ScoreLine]:
        """The line of a rule or a module that a factor multiplies; none of a factor of 1."""
        # Every factor multiplies the points as given: their order does not matter.
        name = changed.name
        inputs: MultipliedRule | MultipliedModule
        factor, looked_at, events = conditions.unit_factor(rule, unit)
        if changed.level == RULE_LEVEL:
            given = self._rule_sums.get((unit, name), ZERO)
            inputs = MultipliedRule(name, given, factor)
            module, basis = self._rules[name].module, self._rules[name].basis
        else:
            given = self._limited_points(unit, name)
            inputs = MultipliedModule(name, given, factor)
            module, basis = name, self._modules[name].basis
        # A factor of 1 changes nothing and would only lengthen the explanation.
        added = given * (factor - 1)
        if not added:
            return
        if changed.level == RULE_LEVEL:
            self.points[unit, name] = self._points_of(unit, name) + added
        yield unit_line(
            rule,
            unit,
            added,
            FactorApplied(inputs, looked_at) if looked_at else inputs,
            events=events,
            module=module,
            basis=weaker_basis(rule.basis, basis),
        )

    def _exclusive_lines(
        self,
        rule: Exclusive,
        unit: str,
    ) -> Iterator[ScoreLine]:
        """Lines that take back all but the highest of rules of which only one counts per unit."""
        # Rules are compared by the points that the unit has from them, factors included.
        points_by_rule = {name: self._points_of(unit, name) for name in rule.rules}
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
                self.points[unit, name] = ZERO

    def _gate_lines(self, rule: Gate, conditions: UnitConditions) -> Iterator[ScoreLine]:
        """Lines that take back what a rule or a module gave, where its gate is closed."""
        # A place rests on the points of the whole sequence: all conditions come before any line.
        unmet_by_unit = {unit: conditions.unmet(rule, unit) for unit in self._units}
        for unit, unmet in unmet_by_unit.items():
            if unmet is None:
                continue
            if rule.rule is not None:
                points, shut = self._points_of(unit, rule.rule), rule.rule
                module = self._rules[rule.rule].module
            else:
                points, shut = self._module_points(unit, rule.module), rule.module
                module = rule.module
            if points:
                inputs = ClosedGate(shut, unmet.conditions)
                yield unit_line(rule, unit, -points, inputs, events=unmet.events, module=module)
            if rule.rule is not None:
                self.points[unit, rule.rule] = ZERO

    def _points_of(self, unit: str, rule: str) -> Fraction:
        """What a unit has left from a rule."""
        return self.points.get((unit, rule), ZERO)
