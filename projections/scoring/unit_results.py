"""The results that conditions read while a year is concluded: each is final at its level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from lifecycle.exact_numbers import ZERO, exact_sum
from lifecycle.rulebook.kinds import RuleOnResults
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.result_conditions import ResultSelection
from projections.facts.unit_facts import UnitFacts
from projections.scoring.point_tally import PointTally
from projections.scoring.prepared_policy import Policy
from projections.scoring.unit_scores import counted_results

PointsByRule = Mapping[tuple[str, str], Fraction]
"""What each unit has from each rule, by unit and rule."""


class UnitResults:
    """What units have so far of rules, modules, groups and the total.

    Rules act in the order of what they read, so that what a condition reads has its final value.
    """

    def __init__(
        self,
        policy: Policy,
        units: Mapping[str, UnitFacts],
        tallies: Mapping[str, PointTally],
        rule_points: PointsByRule,
    ) -> None:
        self._policy, self._units = policy, units
        self._tallies, self._rule_points = tallies, rule_points

    def amount(
        self,
        result: ResultSelection,
        unit: str,
        reader: RuleOnResults,
    ) -> Fraction:
        """A unit's result; a gate reads what it may stop as it was before the gate."""
        if result.rule is not None:
            return self._rule_points.get((unit, result.rule), ZERO)
        if result.modules is not None:
            return exact_sum(self.modules(result, unit, reader))
        counted = counted_results(self._tallies[unit], self._policy)
        if result.group is not None:
            return counted.groups[result.group].counted
        return counted.total

    def modules(
        self,
        result: ResultSelection,
        unit: str,
        reader: RuleOnResults,
    ) -> Sequence[Fraction]:
        """The points of each module that a selection names."""
        gated = None
        if isinstance(reader, Gate) and reader.gates == "module":
            gated = reader.module
        tally = self._tallies[unit]
        counted = counted_results(tally, self._policy).modules
        points = []
        for module in result.modules or ():
            # A module's floor and cap come after its gates.
            is_own = module == gated
            points.append(tally.module_points(module) if is_own else counted[module])
        return points

    def sequence_of(self, unit: str) -> Sequence[str]:
        """The units of a unit's sequence, itself included."""
        sequence = self._units[unit].sequence
        return [name for name, member in self._units.items() if member.sequence == sequence]
