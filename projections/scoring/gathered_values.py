"""What a year's units have, gathered from all streams: for rules that one stream alone cannot tell (spec 6).

Every rule's value of a unit is worked out here: what was counted, by period where it says so, short of or beyond a
number, over its target.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from operator import ge, gt, le, lt
from typing import Any, NamedTuple

from lifecycle.calendar import period_ends
from lifecycle.rulebook.counted import Condition, Counted, MeasureSelection, Reference
from lifecycle.rulebook.kinds import ItemRule, Rule, RuleBase
from lifecycle.rulebook.measures import MEASURES
from projections.facts.narrow_events import MICRO
from projections.facts.unit_facts import UnitFacts
from projections.scoring.item_rules import NO_SIZE, ZERO, Size, period_of, summed
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.measure_values import CountedItem, of_project, of_unit
from projections.scoring.prepared_policy import Factor, Fits, Policy, fits, takes_unit

TargetAmounts = Mapping[tuple[str, str], tuple[Fraction, str]]
"""Targets set for the year, by unit and indicator: the amount, and the event that set it."""


class Got(NamedTuple):
    """An item, whose it is, its events by their full names, and what a project's coefficient and size make of it."""

    item: CountedItem
    project: str | None
    events: tuple[str, ...]
    factor: Factor | None = None
    size: Size = NO_SIZE


class Value(NamedTuple):
    """A unit's value of what a rule counts, with the numbers it was worked out from and its events."""

    value: Fraction
    inputs: dict[str, Any]
    events: tuple[str, ...]


class Wanted(NamedTuple):
    """Something to gather: its place, the measure, the filter and needs of projects, the coefficient, to whom it goes."""

    place: str
    plain: MeasureSelection
    fits: Fits | None
    coefficient: str | None
    to_reporter: bool


def wanted_of(rules: Iterable[Rule]) -> Iterator[Wanted]:
    """Everything to be gathered for the rules that no stream alone can tell."""
    for rule in rules:
        if isinstance(rule, ItemRule) and rule.reads_one_stream:
            continue
        for place, counted in rule.counted():
            for number, plain in enumerate(counted.parts):
                table = rule.coefficient if number == 0 and isinstance(rule, RuleBase) else None
                yield Wanted(
                    f"{place}/{number}",
                    plain,
                    fits(plain.where, plain.needs),
                    table,
                    number == 0 and isinstance(rule, RuleBase) and rule.credits_reporter,
                )


class GatheredItems:
    """Items by place and unit, as the streams come in."""

    def __init__(
        self,
        policy: Policy,
        units: Mapping[str, UnitFacts],
        axes: ScoringAxes,
        targets: TargetAmounts,
    ) -> None:
        self.policy, self.units, self.axes, self.targets = policy, units, axes, targets
        wanted = list(wanted_of(policy.rules))
        self._of_project = [
            (one, of_project(one.plain))
            for one in wanted
            if MEASURES[one.plain.measure].of == "project"
        ]
        self._of_unit = [
            (one, of_unit(one.plain)) for one in wanted if MEASURES[one.plain.measure].of == "unit"
        ]
        self._got: dict[tuple[str, str], list[Got]] = {}
        self._values: dict[tuple[str, str], Value] = {}

    def take(self, judged: JudgedProject) -> None:
        """What a project brings."""
        code = judged.project.code
        for one, measure in self._of_project:
            if one.fits is None or one.fits(judged):
                unit = judged.information.reporting_unit if one.to_reporter else judged.unit
                factor = (
                    None if one.coefficient is None else self.policy.factor(one.coefficient, judged)
                )
                size = Size(judged.scale, judged.investment)
                found = [
                    Got(item, code, _names(code, item), factor, size) for item in measure(judged)
                ]
                self._got.setdefault((one.place, unit), []).extend(found)

    def take_unit(self, unit: UnitFacts) -> None:
        """What a unit has of its own."""
        for one, measure in self._of_unit:
            if takes_unit(one.plain.where, unit):
                self._got[one.place, unit.name] = [
                    Got(item, None, _names(unit.name, item)) for item in measure(unit, self.axes)
                ]

    # What became of it --------------------------------------------------------------------------------------------------

    def items(self, place: str, counted: Counted, unit: str) -> list[Got]:
        """What a rule counts of a unit: as gathered, or what is short of, beyond, or reached in each period."""
        if not takes_unit(counted.where, self.units[unit]):
            return []
        got = self._plain(place, 0, unit)
        if counted.each is not None and (
            counted.reaching is not None or counted.short_of is not None
        ):
            return list(self._by_period(counted, counted.each, got))
        if counted.short_of is None and counted.beyond is None:
            return got
        actual = _sum(got)
        against = counted.short_of or counted.beyond
        assert against is not None
        due, more = self._against(against, place, counted, unit)
        left = max(ZERO, due - actual if counted.short_of is not None else actual - due)
        inputs = {"actual": actual, "due": due}
        events = _events(got, *more)
        return (
            [
                Got(
                    CountedItem(counted.indicator or counted.measure, left * MICRO, (), inputs),
                    None,
                    events,
                )
            ]
            if left
            else []
        )

    def _by_period(self, counted: Counted, each: str, got: list[Got]) -> Iterator[Got]:
        for period, own in self.periods(each, got):
            actual = _sum(own)
            if counted.reaching is not None:
                left = Fraction(actual >= counted.reaching)
            else:
                assert counted.short_of is not None
                left = max(ZERO, (counted.short_of.fixed or ZERO) - actual)
            due = (
                counted.reaching
                if counted.reaching is not None
                else counted.short_of and counted.short_of.fixed
            )
            if left:
                yield Got(
                    CountedItem(
                        period,
                        left * MICRO,
                        (),
                        {"period": period, "actual": actual, "due": due},
                        period,
                    ),
                    None,
                    _events(own),
                )

    def periods(self, each: str, got: list[Got]) -> Iterator[tuple[str, list[Got]]]:
        """The months or quarters assessed that are over by the day, each with what lies in it."""
        own: dict[str | None, list[Got]] = {}
        for one in got:
            own.setdefault(period_of(one.item.when, each), []).append(one)
        for end in period_ends(self.axes.year, each):
            if end <= self.axes.as_of and self.axes.covers(end):
                period = period_of(end, each)
                assert period is not None  # a day lies in one
                yield period, own.get(period, [])

    def _plain(self, place: str, number: int, unit: str) -> list[Got]:
        return self._got.get((f"{place}/{number}", unit), [])

    def _against(
        self, against: Reference, place: str, counted: Counted, unit: str
    ) -> tuple[Fraction, tuple[str, ...]]:
        """The number that something is held against, and the events that it rests on beside what is counted."""
        if against.fixed is not None:
            return against.fixed, ()
        if against.source == "reported":
            return summed(
                one.item.inputs.get("target", ZERO) for one in self._plain(place, 0, unit)
            ), ()
        if against.indicator is not None:
            amount, event = self.targets.get((unit, against.indicator), (ZERO, None))
            return amount, () if event is None else (event,)
        number = next(
            number for number, plain in enumerate(counted.parts) if plain is against.counted
        )
        got = self._plain(place, number, unit)
        return _sum(got), _events(got)

    def value(self, place: str, counted: Counted, unit: str) -> Value:
        """A unit's value of what a rule counts, over its target where there is one."""
        key = place, unit
        if key not in self._values:
            self._values[key] = self._value(place, counted, unit)
        return self._values[key]

    def _value(self, place: str, counted: Counted, unit: str) -> Value:
        got = self.items(place, counted, unit)
        actual, events = _sum(got), _events(got)
        inputs: dict[str, Any] = {"what": counted.indicator or counted.measure, "actual": actual}
        if counted.target is None:
            return Value(actual, inputs, events)
        target, more = self._against(counted.target, place, counted, unit)
        value = actual / target if target else counted.when_zero or ZERO
        return Value(value, {**inputs, "target": target, "ratio": value}, _events(got, *more))

    def holds(self, place: str, condition: Condition, unit: str) -> tuple[bool, Value]:
        """Whether a condition holds of a unit, and the value that it was held against."""
        found = self.value(place, condition, unit)
        if not takes_unit(condition.where, self.units[unit]):
            return False, found
        if condition.in_a_row is None:
            return _bounded(condition, found.value), found
        assert condition.each is not None  # `in_a_row` is of periods
        run = longest = 0
        for _period, own in self.periods(condition.each, self._plain(place, 0, unit)):
            run = run + 1 if _bounded(condition, _sum(own)) else 0
            longest = max(longest, run)
        return longest >= condition.in_a_row, Value(
            Fraction(longest), {"what": found.inputs["what"], "in_a_row": longest}, found.events
        )


def _bounded(condition: Condition, value: Fraction) -> bool:
    bounds = (
        (condition.at_least, ge),
        (condition.at_most, le),
        (condition.above, gt),
        (condition.below, lt),
    )
    return all(within(value, bound) for bound, within in bounds if bound is not None)


def _sum(got: Iterable[Got]) -> Fraction:
    return Fraction(sum(one.item.value for one in got)) / MICRO


def _names(stream: str, item: CountedItem) -> tuple[str, ...]:
    return tuple(f"{stream}#{version}" for version in item.versions)


def _events(got: Iterable[Got], *more: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(event for one in got for event in one.events), *more]))
