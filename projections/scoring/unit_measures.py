"""What rules count of a unit's own facts: its events, or the figures reported of an indicator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

from lifecycle.events.unit_events import IndicatorReported
from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.measure_selection import MeasureSelection
from projections.facts.narrow_events import events_of, micro
from projections.facts.unit_facts import UnitFacts
from projections.scoring.counted_events import counted_events, event_count
from projections.scoring.counted_items import CountedItem, IndicatorFigure
from projections.scoring.judgement import ScoringAxes

UnitMeasure = Callable[[UnitFacts, ScoringAxes], Iterator[CountedItem]]
"""The items of a unit by its own facts."""


def unit_measure(selection: MeasureSelection) -> UnitMeasure:
    """A measure of units, its parameters filled in."""
    if selection.indicator is not None:
        return partial(
            _indicator_figures,
            indicator=selection.indicator,
            within=selection.range,
        )
    count = event_count(selection)

    def events_counted(
        unit: UnitFacts,
        axes: ScoringAxes,
    ) -> Iterator[CountedItem]:
        return counted_events(count, unit.facts, axes)

    return events_counted


def _indicator_figures(
    unit: UnitFacts,
    axes: ScoringAxes,
    indicator: str,
    within: Interval | None,
) -> Iterator[CountedItem]:
    """The figures reported of an indicator, for the year or a period within it.

    One outside the range of marks is not counted, nor is its target.
    """
    for on, version, event in events_of(IndicatorReported, unit.facts):
        if event.indicator != indicator or on > axes.last_day_of_facts:
            continue
        if within is not None and Fraction(micro(event.actual), MICRO) not in within:
            continue
        if axes.holds_figures_of(event.period):
            yield _indicator_item(version, event)


def _indicator_item(
    version: int,
    event: IndicatorReported,
) -> CountedItem:
    actual = micro(event.actual)
    value: int | Fraction = actual
    shared_by = None
    # What several units did together is split equally among them, and kept exact.
    if event.shared_by != 1:
        shared_by = event.shared_by
        value = Fraction(actual, event.shared_by)
    target = None if event.target is None else Fraction(micro(event.target), MICRO)
    facts = IndicatorFigure(
        event.indicator,
        event.period,
        Fraction(actual, MICRO),
        target,
        shared_by,
    )
    return CountedItem(
        event.indicator,
        value,
        (version,),
        facts,
        event.period,
    )
