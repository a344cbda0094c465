"""A year under a rulebook, from its streams' lines to the lines that look at several of them, at other rules, or at the whole sequence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from lifecycle.rulebook.kinds import (
    Composite,
    Escalating,
    Exclusive,
    Gate,
    ItemRule,
    Outcome,
    Rule,
    RuleBase,
    SequenceRule,
    UnitCoefficient,
)
from projections.facts.unit_facts import UnitFacts
from projections.scoring.gathered_values import GatheredItems, Got, TargetAmounts
from projections.scoring.item_rules import (
    KINDS,
    NO_SIZE,
    ONE,
    ZERO,
    ItemPoints,
    summed,
    within_limits,
)
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.prepared_policy import Policy, takes_unit, weakest
from projections.scoring.rounding import round_half_up
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import PointTally, limit_lines, project_lines, unit_lines
from projections.scoring.value_rules import RANKED, VALUED, Worth, composite


class YearScoring:
    """Tallies of every unit; streams are taken one by one, then the year is concluded once."""

    def __init__(
        self,
        policy: Policy,
        units: Mapping[str, UnitFacts],
        axes: ScoringAxes,
        targets: TargetAmounts,
    ) -> None:
        self.policy, self.units, self.axes = policy, units, axes
        self.tallies = {name: PointTally(policy) for name in units}
        self._gathering = GatheredItems(policy, units, axes, targets) if policy.whole else None
        self._sums: dict[tuple[str, str], Fraction] = {}

    def take(self, judged: JudgedProject) -> Iterator[ScoreLine]:
        """A project's own lines."""
        if self._gathering is not None:
            self._gathering.take(judged)
        return self._counted(project_lines(judged))

    def take_unit(self, unit: UnitFacts) -> Iterator[ScoreLine]:
        """The lines of a unit's own facts."""
        if self._gathering is not None:
            self._gathering.take_unit(unit)
        return self._counted(unit_lines(unit, self.policy, self.axes))

    def _counted(self, lines: Iterator[ScoreLine], *, based: bool = True) -> Iterator[ScoreLine]:
        tallies, sums, whole = self.tallies, self._sums, self.policy.whole
        for line in lines:
            tally = tallies.get(line.unit)
            if (
                tally is not None
            ):  # a credit unit is registered, or the ledger would have refused the fact that names it
                tally.add(line, based=based)
                if whole:
                    key = line.unit, line.rule
                    sums[key] = sums.get(key, ZERO) + line.points
            yield line

    # What no stream alone can tell --------------------------------------------------------------------------------------

    def conclude(self) -> Iterator[ScoreLine]:
        """The lines of rules that need the whole, then of those that look upon other rules, then of limits; in this order."""
        if self._gathering is not None:
            for rule in self.policy.rules:
                yield from self._counted(self._later(rule, self._gathering))
            yield from self._counted(self._multiplied())
            for kind in ("unit", "rule", "module"):
                yield from self._counted(self._stopped(kind, self._gathering), based=False)
            self._decide(self._gathering)
        for name in self.units:
            yield from limit_lines(name, self.tallies[name], self.policy)

    def _later(self, rule: Rule, gathering: GatheredItems) -> Iterator[ScoreLine]:
        if isinstance(rule, SequenceRule):
            yield from self._ranked(rule, gathering)
        elif isinstance(rule, Composite):
            for name in self.units:
                places = [
                    (f"{rule.id}.parts.{place}", mark) for place, mark in enumerate(rule.parts)
                ]
                values = [gathering.value(place, mark, name) for place, mark in places]
                worth = composite(
                    rule, [gathering.items(place, mark, name) for place, mark in places], values
                )
                events = tuple(dict.fromkeys(event for value in values for event in value.events))
                yield _line(rule, name, worth, {}, events)
        elif isinstance(rule, RuleBase) and not (
            isinstance(rule, ItemRule) and rule.reads_one_stream
        ):
            for name, unit in self.units.items():
                if takes_unit(rule.where, unit):
                    yield from self._of_unit(rule, name, gathering)

    def _of_unit(self, rule: Any, unit: str, gathering: GatheredItems) -> Iterator[ScoreLine]:
        if isinstance(rule, ItemRule):
            yield from _itemwise(rule, unit, gathering.items(rule.id, rule, unit))
        else:
            found = gathering.value(rule.id, rule, unit)
            yield _line(
                rule, unit, VALUED[rule.kind](rule, found.value), found.inputs, found.events
            )

    def _ranked(self, rule: Any, gathering: GatheredItems) -> Iterator[ScoreLine]:
        sequences: dict[str, list[str]] = {}
        for name, unit in self.units.items():
            if takes_unit(rule.where, unit):
                sequences.setdefault(unit.sequence, []).append(name)
        for members in sequences.values():
            found = {unit: gathering.value(rule.id, rule, unit) for unit in members}
            worths = RANKED[rule.kind](rule, {unit: value.value for unit, value in found.items()})
            for name, worth in worths.items():
                yield _line(rule, name, worth, found[name].inputs, found[name].events)

    # What looks upon other rules ----------------------------------------------------------------------------------------

    def sum_of(self, unit: str, rule: str) -> Fraction:
        """What a unit has from a rule so far."""
        return self._sums.get((unit, rule), ZERO)

    def _multiplied(self) -> Iterator[ScoreLine]:
        """Factors by category or sequence, each upon what its rules gave."""
        modules = {rule.id: rule.module for rule in self.policy.rules}
        bases = {rule.id: rule.basis for rule in self.policy.rules}
        for rule in self.policy.rules:
            if isinstance(rule, UnitCoefficient):
                for name, unit in self.units.items():
                    factor = _factor(rule, unit)
                    for other in rule.rules:
                        given = self.sum_of(name, other)
                        if given and factor != 1:
                            inputs = {"rule": other, "sum_of_rule": given, "factor": factor}
                            basis = weakest(rule.basis, bases[other])
                            yield ScoreLine(
                                rule.id,
                                modules[other],
                                given * (factor - 1),
                                rule.clause,
                                basis,
                                name,
                                None,
                                inputs,
                                (),
                            )

    def _stopped(self, kind: str, gathering: GatheredItems) -> Iterator[ScoreLine]:
        """What does not count: of rules that exclude each other all but the highest, and what a gate that is shut stops."""
        for rule in self.policy.rules:
            for unit in self.units:
                if isinstance(rule, Exclusive) and rule.per == kind:
                    yield from self._excluded(rule, unit)
                elif isinstance(rule, Gate) and rule.gates == kind:
                    yield from self._shut(rule, unit, gathering)

    def _shut(self, rule: Gate, unit: str, gathering: GatheredItems) -> Iterator[ScoreLine]:
        points = (
            self._of_rule(unit, rule.rule)
            if rule.rule is not None
            else self.tallies[unit].modules[rule.module]
        )
        unmet = _unmet(rule, unit, gathering)
        if unmet is not None and points:
            inputs, events = unmet
            module = (
                next(other.module for other in self.policy.rules if other.id == rule.rule)
                if rule.rule
                else rule.module
            )
            yield ScoreLine(
                rule.id,
                module,
                -points,
                rule.clause,
                rule.basis,
                unit,
                None,
                {"shut": rule.rule or rule.module, **inputs},
                events,
            )
            if rule.rule is not None:
                self._sums[unit, rule.rule] = ZERO

    def _of_rule(self, unit: str, rule: str) -> Fraction:
        """What a rule gave, its factors by unit included."""
        upon = [
            other
            for other in self.policy.rules
            if isinstance(other, UnitCoefficient) and rule in other.rules
        ]
        given = self.sum_of(unit, rule)
        return given + summed(given * (_factor(other, self.units[unit]) - 1) for other in upon)

    def _excluded(self, rule: Exclusive, unit: str) -> Iterator[ScoreLine]:
        given = {other: self._of_rule(unit, other) for other in rule.rules}
        best = max(rule.rules, key=lambda other: given[other])
        modules = {other.id: other.module for other in self.policy.rules}
        for other in rule.rules:
            if other != best and given[other]:
                yield ScoreLine(
                    rule.id,
                    modules[other],
                    -given[other],
                    rule.clause,
                    rule.basis,
                    unit,
                    None,
                    {"kept": best, "left_out": other},
                    (),
                )
                self._sums[unit, other] = ZERO

    def _decide(self, gathering: GatheredItems) -> None:
        """Which totals do not count, and what comes of it in words."""
        for rule in self.policy.rules:
            for unit in self.units:
                if isinstance(rule, Gate) and rule.gates == "total":
                    unmet = _unmet(rule, unit, gathering)
                    if unmet is not None:
                        self.tallies[unit].shut = rule, *unmet
                elif isinstance(rule, Outcome) and _unmet(rule, unit, gathering) is None:
                    self.tallies[unit].outcomes.append(rule.id)


def _line(
    rule: Any, unit: str, worth: Worth, inputs: dict[str, Any], events: tuple[str, ...]
) -> ScoreLine:
    points = worth.points if rule.places is None else round_half_up(worth.points, rule.places)
    used = inputs | worth.inputs | ({} if rule.places is None else {"places": rule.places})
    return ScoreLine(
        rule.id, rule.module, points, rule.clause, rule.basis, unit, None, used, events
    )


def _itemwise(rule: Any, unit: str, got: list[Got]) -> Iterator[ScoreLine]:
    """The lines of a kind that scores each thing counted, over all that the unit has."""
    items = [one.item for one in got]
    if isinstance(rule, Escalating):
        scored = [
            one._replace(points=one.points * _value(got[at]))
            for at, one in enumerate(KINDS[rule.kind](rule, items, ONE, NO_SIZE))
        ]
    else:
        scored = [
            ItemPoints(at, own.points, own.inputs)
            for at, one in enumerate(got)
            for own in KINDS[rule.kind](rule, [one.item], _value(one), one.size)
        ]
    for at, points, inputs in within_limits(rule, items, scored):
        if at is None:
            yield ScoreLine(
                rule.id, rule.module, points, rule.clause, rule.basis, unit, None, inputs, ()
            )
            continue
        one = got[at]
        used = (
            one.item.inputs
            | inputs
            | ({} if one.factor is None else {"coefficient": one.factor.value})
        )
        basis = rule.basis if one.factor is None else weakest(rule.basis, one.factor.basis)
        yield ScoreLine(
            rule.id, rule.module, points, rule.clause, basis, unit, one.project, used, one.events
        )


def _value(got: Got) -> Fraction:
    return ONE if got.factor is None else got.factor.value


def _factor(rule: UnitCoefficient, unit: UnitFacts) -> Fraction:
    found = [row.factor for row in rule.rows if any(takes_unit(where, unit) for where in row.where)]
    if not found:
        return ONE
    product = ONE
    for factor in found:
        product *= factor
    return product if rule.combine == "product" else max(found)


def _unmet(
    rule: Gate | Outcome, unit: str, gathering: GatheredItems
) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """What was looked at, and the events behind it, where none of the alternatives holds; None where one does."""
    looked: list[dict[str, Any]] = []
    events: dict[str, None] = {}
    for place, one in enumerate(rule.any_of):
        held = []
        for number, condition in enumerate(one.all):
            holds, found = gathering.holds(f"{rule.id}.any_of.{place}.{number}", condition, unit)
            held.append(holds)
            looked.append({**found.inputs, "value": found.value, "holds": holds})
            events.update(dict.fromkeys(found.events))
        if all(held):
            return None
    return {"conditions": looked}, tuple(events)
