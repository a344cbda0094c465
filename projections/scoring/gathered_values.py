"""Values of units, gathered from all streams for rules that one stream cannot yield (spec 6).

Every such rule's value of a unit is computed here: what was counted, by period where the rule
says so, short of or beyond a number, over its target.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from lifecycle.calendar import period_ends
from lifecycle.exact_numbers import MICRO, ZERO, exact_sum
from lifecycle.periods import period_of
from lifecycle.rulebook.counted import Counted, Reference
from projections.facts.unit_facts import UnitFacts
from projections.scoring.counted_items import (
    CountedItem,
    CreditedItem,
    Difference,
    IndicatorFigure,
    PeriodResult,
)
from projections.scoring.item_sources import ProjectItemSource, UnitItemSource, gathered_sources
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.partial_year import ItemsByPlace
from projections.scoring.prepared_policy import Policy
from projections.scoring.project_filters import unit_matches
from projections.scoring.scored_periods import NO_PERIODS, ScoredPeriods
from projections.scoring.target_amounts import TargetAmounts
from projections.scoring.unit_values import CountedNumber, UnitValue


class GatheredItems:
    """Items by place and unit, as the streams come in, and the units' values once they all have."""

    def __init__(
        self,
        policy: Policy,
        units: Mapping[str, UnitFacts],
        axes: ScoringAxes,
        targets: TargetAmounts,
        last_year: GatheredItems | None = None,
        periods: ScoredPeriods = NO_PERIODS,
    ) -> None:
        self.units, self.axes, self.targets = units, axes, targets
        self.last_year, self.periods = last_year, periods
        self._project_sources: list[tuple[str, ProjectItemSource]] = []
        self._unit_sources: list[tuple[str, UnitItemSource]] = []
        is_last_year = axes.facts_by is not None
        for place, source in gathered_sources(policy.rules, of_last_year=is_last_year):
            if isinstance(source, ProjectItemSource):
                self._project_sources.append((place, source))
            else:
                self._unit_sources.append((place, source))
        self.items_by_place: ItemsByPlace = {}
        self._values: dict[tuple[str, str], UnitValue] = {}

    def add_project(self, project: JudgedProject) -> None:
        """Gather a project's items."""
        for place, source in self._project_sources:
            unit = source.credit_unit(project)
            if unit is None:
                continue
            items = source.items(project)
            if items:
                self.items_by_place.setdefault((place, unit), []).extend(items)
        if self.last_year is not None:
            self.last_year.add_project(project.at(self.last_year.axes))

    def add_unit(self, unit: UnitFacts) -> None:
        """Gather the items of a unit's own facts."""
        for place, source in self._unit_sources:
            items = source.items(unit, self.axes)
            if items:
                self.items_by_place[place, unit.name] = items
        if self.last_year is not None:
            self.last_year.add_unit(unit)

    def settle(self) -> None:
        """Put what was gathered into the order of the projects' codes, once all streams are in.

        Where a limit of several projects is full, the order decides whose points are cut. Databases
        sort names by rules of their own, and the same ledger must have the same lines on each.
        """
        for items in self.items_by_place.values():
            items.sort(key=_project_code)
        if self.last_year is not None:
            self.last_year.settle()

    # Once all streams are in ----------------------------------------------------------------------

    def items(
        self,
        place: str,
        counted: Counted,
        unit: str,
    ) -> list[CreditedItem]:
        """What a rule counts of a unit: as gathered, or differences to a number, or by period."""
        if not unit_matches(counted.where, self.units[unit]):
            return []
        gathered = self.gathered(place, 0, unit)
        if counted.each == "project":
            # Each item is a project's own value already.
            return gathered
        by_period = counted.reaching is not None or counted.short_of is not None
        if counted.each_period is not None and by_period:
            return list(self._period_items(counted, counted.each_period, gathered))
        if counted.short_of is None and counted.beyond is None:
            return gathered
        return self._difference_items(place, counted, unit)

    def _difference_items(
        self,
        place: str,
        counted: Counted,
        unit: str,
    ) -> list[CreditedItem]:
        """One item of how much a unit is short of a number or beyond it; none where it is not."""
        gathered = self.gathered(place, 0, unit)
        reference = counted.short_of or counted.beyond
        assert reference is not None
        # A unit with nothing counted is short of all that is due.
        actual = total_of(gathered)
        due, further_events = self._reference_amount(
            reference,
            place,
            counted,
            unit,
        )
        difference = due - actual if counted.short_of is not None else actual - due
        if difference <= 0:
            return []
        item = CountedItem(
            counted.subject,
            difference * MICRO,
            (),
            Difference(actual, due),
        )
        return [CreditedItem(item, None, events_of_items(gathered, *further_events))]

    def _period_items(
        self,
        counted: Counted,
        each: str,
        gathered: list[CreditedItem],
    ) -> Iterator[CreditedItem]:
        """An item for each period that reaches a number, or of how much it is short of one."""
        for period, items in self.by_period(each, gathered):
            actual = total_of(items)
            if counted.reaching is not None:
                due = counted.reaching
                number = Fraction(actual >= due)
            else:
                assert counted.short_of is not None
                due = counted.short_of.fixed or ZERO
                number = max(ZERO, due - actual)
            if number:
                facts = PeriodResult(period, actual, due)
                item = CountedItem(
                    period,
                    number * MICRO,
                    (),
                    facts,
                    period,
                )
                yield CreditedItem(item, None, events_of_items(items))

    def by_period(
        self, each: str, gathered: list[CreditedItem]
    ) -> Iterator[tuple[str, list[CreditedItem]]]:
        """The periods of a length assessed that are over by the day, each with its items."""
        items_by_period: dict[str | None, list[CreditedItem]] = {}
        for credited in gathered:
            period = period_of(credited.item.when, each)
            items_by_period.setdefault(period, []).append(credited)
        for end in period_ends(self.axes.year, each):
            if end <= self.axes.as_of and self.axes.covers(end):
                period = period_of(end, each)
                assert period is not None  # a day lies in one of each
                yield period, items_by_period.get(period, [])

    def gathered(
        self,
        place: str,
        number: int,
        unit: str,
    ) -> list[CreditedItem]:
        """What a place counts of a unit as the streams gave it: 0 its own, from 1 on references."""
        return self.items_by_place.get((f"{place}/{number}", unit), [])

    def _reference_amount(
        self,
        reference: Reference,
        place: str,
        counted: Counted,
        unit: str,
    ) -> tuple[Fraction, tuple[str, ...]]:
        """The number that a value is compared with, and the events that it adds."""
        if reference.fixed is not None:
            return reference.fixed, ()
        if reference.source == "reported":
            # The target stands in the same events as the figures.
            return exact_sum(reported_targets(self.gathered(place, 0, unit))), ()
        if reference.indicator is not None:
            # A target that was not set counts as 0; the rule's `when_zero` says what then.
            if (unit, reference.indicator) not in self.targets:
                return ZERO, ()
            target = self.targets[unit, reference.indicator]
            return target.for_reference(reference, self.axes), (target.ref,)
        # By identity: two references of a rule may count the same.
        number = next(
            number for number, part in enumerate(counted.parts) if part is reference.counted
        )
        gathered = self.gathered(place, number, unit)
        return total_of(gathered), events_of_items(gathered)

    def value(
        self,
        place: str,
        counted: Counted,
        unit: str,
    ) -> UnitValue:
        """A unit's value of what a rule counts, over its target where there is one."""
        # Composites, sequences and gates look at the same values several times.
        key = place, unit
        if key not in self._values:
            self._values[key] = self._work_out_value(place, counted, unit)
        return self._values[key]

    def _work_out_value(
        self,
        place: str,
        counted: Counted,
        unit: str,
    ) -> UnitValue:
        items = self.items(place, counted, unit)
        actual = total_of(items)
        if counted.target is None:
            return UnitValue(actual, CountedNumber(counted.subject, actual), events_of_items(items))
        target, further_events = self._reference_amount(
            counted.target,
            place,
            counted,
            unit,
        )
        ratio = actual / target if target else counted.when_zero or ZERO
        inputs = CountedNumber(
            counted.subject,
            actual,
            target,
            ratio,
        )
        return UnitValue(ratio, inputs, events_of_items(items, *further_events))


def _project_code(credited: CreditedItem) -> str:
    return credited.project or ""


def total_of(items: Iterable[CreditedItem]) -> Fraction:
    """How much the items are together."""
    return Fraction(sum(credited.item.value for credited in items)) / MICRO


def reported_targets(items: Iterable[CreditedItem]) -> list[Fraction]:
    """The targets reported with an indicator's figures; a figure need not bear one."""
    targets = []
    for credited in items:
        facts = credited.item.facts
        if isinstance(facts, IndicatorFigure) and facts.target is not None:
            targets.append(facts.target)
    return targets


def events_of_items(items: Iterable[CreditedItem], *further_events: str) -> tuple[str, ...]:
    """The items' events in their order, then further ones, each once."""
    events: dict[str, None] = {}
    for credited in items:
        events.update(dict.fromkeys(credited.events))
    events.update(dict.fromkeys(further_events))
    return tuple(events)
