"""A year under a rulebook: lines of its streams, then of the whole, of effects, of limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from lifecycle.exact_numbers import ZERO
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from projections.facts.unit_facts import UnitFacts
from projections.scoring.effect_lines import RuleEffects, module_gate_line, unmet_of_unit
from projections.scoring.gathered_values import GatheredItems
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.prepared_policy import Policy
from projections.scoring.score_line import ScoreLine
from projections.scoring.stream_lines import project_lines, unit_lines
from projections.scoring.target_amounts import TargetAmounts
from projections.scoring.unit_scores import ClosedTotal, PointTally, limit_lines
from projections.scoring.whole_year_lines import whole_year_lines


class YearScoring:
    """Tallies of every unit. Streams are taken one by one, then the year is concluded once.

    Each method yields lines and tallies a line as it passes, so that its result has to be consumed.
    """

    def __init__(
        self,
        policy: Policy,
        units: Mapping[str, UnitFacts],
        axes: ScoringAxes,
        targets: TargetAmounts,
    ) -> None:
        self.policy, self.units, self.axes = policy, units, axes
        self.tallies = {name: PointTally(policy) for name in units}
        # Most policies need no more than the sum of their streams' lines; then nothing is gathered.
        self._gathered: GatheredItems | None = None
        if policy.whole:
            self._gathered = GatheredItems(
                policy,
                units,
                axes,
                targets,
            )
        self._rule_sums: dict[tuple[str, str], Fraction] = {}

    def take_project(self, project: JudgedProject) -> Iterator[ScoreLine]:
        """A project's own lines."""
        if self._gathered is not None:
            self._gathered.add_project(project)
        return self._tallied(project_lines(project))

    def take_unit(self, unit: UnitFacts) -> Iterator[ScoreLine]:
        """The lines of a unit's own facts."""
        if self._gathered is not None:
            self._gathered.add_unit(unit)
        return self._tallied(unit_lines(unit, self.policy, self.axes))

    def conclude(self) -> Iterator[ScoreLine]:
        """The lines that need the whole year, and the limits.

        In this order: rules of whole years and sequences, factors by unit, exclusives, gates of
        rules, gates of modules, floors and caps of modules, gates of the total.
        """
        if self._gathered is not None:
            yield from self._whole_year(self._gathered)
        for name in self.units:
            yield from limit_lines(name, self.tallies[name], self.policy)

    def _whole_year(self, gathered: GatheredItems) -> Iterator[ScoreLine]:
        gathered.settle()
        for rule in self.policy.rules:
            yield from self._tallied(whole_year_lines(rule, self.units, gathered))
        effects = RuleEffects(self.policy, self.units, self._rule_sums)
        yield from self._tallied(effects.factor_lines())
        yield from self._tallied(effects.exclusive_lines(), based=False)
        yield from self._tallied(effects.rule_gate_lines(gathered), based=False)
        yield from self._tallied(self._module_gate_lines(gathered), based=False)
        self._close_totals(gathered)
        self._find_outcomes(gathered)

    def _module_gate_lines(self, gathered: GatheredItems) -> Iterator[ScoreLine]:
        for rule in self.policy.rules:
            if isinstance(rule, Gate) and rule.gates == "module":
                for unit in self.units:
                    points = self.tallies[unit].module_points(rule.module)
                    line = module_gate_line(
                        rule,
                        unit,
                        points,
                        gathered,
                    )
                    if line is not None:
                        yield line

    def _close_totals(self, gathered: GatheredItems) -> None:
        """Note the units whose total a gate stops."""
        for rule in self.policy.rules:
            if isinstance(rule, Gate) and rule.gates == "total":
                for unit in self.units:
                    unmet = unmet_of_unit(rule, unit, gathered)
                    if unmet is not None:
                        self.tallies[unit].closed_by = ClosedTotal(rule, unmet)

    def _find_outcomes(self, gathered: GatheredItems) -> None:
        """Note the outcomes of each unit, in the rulebook's order."""
        for rule in self.policy.rules:
            if isinstance(rule, Outcome):
                for unit in self.units:
                    if unmet_of_unit(rule, unit, gathered) is None:
                        self.tallies[unit].outcomes.append(rule.id)

    def _tallied(
        self,
        lines: Iterator[ScoreLine],
        *,
        based: bool = True,
    ) -> Iterator[ScoreLine]:
        """The lines, each tallied as it passes; `based` counts its points by basis too."""
        tallies, rule_sums, whole = self.tallies, self._rule_sums, self.policy.whole
        for line in lines:
            # A credit unit is registered, or the ledger would have rejected the fact that names it;
            # its registration may have been voided since.
            tally = tallies.get(line.unit)
            if tally is not None:
                tally.add(line, based=based)
                if whole:
                    key = line.unit, line.rule
                    rule_sums[key] = rule_sums.get(key, ZERO) + line.points
            yield line
