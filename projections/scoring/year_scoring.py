"""A year under a rulebook: lines of its streams, then of the whole, of effects, of limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from lifecycle.exact_numbers import ZERO, clamped
from lifecycle.rulebook.kinds import RuleOnResults
from lifecycle.rulebook.kinds.coefficient_rule import UnitCoefficient
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from lifecycle.rulebook.result_conditions import MODULE_LEVEL, TOTAL_LEVEL
from projections.facts.unit_facts import UnitFacts
from projections.scoring.effect_lines import RuleEffects
from projections.scoring.gathered_values import GatheredItems
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.partial_year import PartialYear
from projections.scoring.point_tally import ClosedTotal, FactorOfTotal
from projections.scoring.prepared_policy import Policy
from projections.scoring.score_line import ScoreLine
from projections.scoring.scored_periods import NO_PERIODS, ScoredPeriods
from projections.scoring.stream_lines import project_lines, unit_lines
from projections.scoring.target_amounts import TargetsOfYears
from projections.scoring.unit_conditions import UnitConditions
from projections.scoring.unit_results import UnitResults
from projections.scoring.unit_scores import limit_lines
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
        targets: TargetsOfYears,
        periods: ScoredPeriods = NO_PERIODS,
    ) -> None:
        self.policy, self.units, self.axes = policy, units, axes
        self.taken = PartialYear.of_units(units, policy)
        self.tallies = self.taken.tallies
        # Most policies need no more than the sum of their streams' lines; then nothing is gathered.
        self._gathered: GatheredItems | None = None
        if policy.whole:
            last_year = None
            if policy.compares_years:
                axes_then = axes.of_last_year()
                last_year = GatheredItems(policy, units, axes_then, targets.of_last_year)
                self.taken.items_of_last_year = last_year.items_by_place
            self._gathered = GatheredItems(
                policy,
                units,
                axes,
                targets.of_year,
                last_year,
                periods,
            )
            self.taken.items = self._gathered.items_by_place
        self._rule_sums = self.taken.rule_sums

    def take_share(self, share: PartialYear) -> None:
        """Take what other projects gave elsewhere, in place of the projects themselves."""
        self.taken.merge(share)

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
        rules, gates of modules, floors and caps of modules, gates of the total; a rule that reads a
        result comes after all that act on it.
        """
        if self._gathered is not None:
            yield from self._whole_year(self._gathered)
        for name in self.units:
            yield from limit_lines(name, self.tallies[name], self.policy)

    def _whole_year(self, gathered: GatheredItems) -> Iterator[ScoreLine]:
        gathered.settle()
        for rule in self.policy.rules:
            yield from self._tallied(whole_year_lines(rule, self.units, gathered))
        effects = RuleEffects(
            self.policy,
            self.units,
            self._rule_sums,
            self._module_points,
            self._limited_points,
        )
        results = UnitResults(self.policy, self.units, self.tallies, effects.points)
        conditions = UnitConditions(gathered, results)
        for step in self.policy.acting_steps:
            is_factor = isinstance(step.rule, UnitCoefficient)
            if step.level == TOTAL_LEVEL:
                self._multiply_totals(step.rule, conditions)
            elif is_factor and step.level == MODULE_LEVEL:
                yield from self._tallied_after_limits(effects.lines(step, conditions))
            else:
                # What only takes others' points back has no basis of its own.
                yield from self._tallied(effects.lines(step, conditions), based=is_factor)
        self._close_totals(conditions)
        self._find_outcomes(conditions)

    def _module_points(self, unit: str, module: str) -> Fraction:
        return self.tallies[unit].module_points(module)

    def _limited_points(self, unit: str, module: str) -> Fraction:
        limits = next(table for table in self.policy.book.modules if table.id == module)
        return clamped(self._module_points(unit, module), limits.floor, limits.cap)

    def _multiply_totals(self, rule: RuleOnResults, conditions: UnitConditions) -> None:
        """Note the factors of the units' totals; gates of the total are closed later, together."""
        if not isinstance(rule, UnitCoefficient):
            return
        for unit in self.units:
            factor = conditions.unit_factor(rule, unit).factor
            if factor != 1:
                multiplied = FactorOfTotal(rule.id, rule.basis, factor)
                self.tallies[unit].total_factors.append(multiplied)

    def _close_totals(self, conditions: UnitConditions) -> None:
        """Note the units whose total a gate stops; all gates look at the totals without any."""
        closed_by: dict[str, ClosedTotal] = {}
        for rule in self.policy.rules:
            if isinstance(rule, Gate) and rule.gates == "total":
                for unit in self.units:
                    unmet = conditions.unmet(rule, unit)
                    if unmet is not None:
                        closed_by[unit] = ClosedTotal(rule, unmet)
        for unit, closed_total in closed_by.items():
            self.tallies[unit].closed_by = closed_total

    def _find_outcomes(self, conditions: UnitConditions) -> None:
        """Note the outcomes of each unit, in the rulebook's order."""
        for rule in self.policy.rules:
            if isinstance(rule, Outcome):
                for unit in self.units:
                    if conditions.unmet(rule, unit) is None:
                        self.tallies[unit].outcomes.append(rule.id)

    def _tallied_after_limits(self, lines: Iterator[ScoreLine]) -> Iterator[ScoreLine]:
        """The lines of modules' factors, which floors and caps no longer touch."""
        for line in lines:
            self.tallies[line.unit].add_after_limits(line)
            yield line

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
