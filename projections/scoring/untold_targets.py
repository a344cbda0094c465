"""Targets that rules need and nobody told, of the year and of periods assessed by themselves.

Each is named for every unit that the rules take.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from lifecycle.events.county_events import TargetSet
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds import RuleOnResults
from lifecycle.rulebook.rulebook_model import Rulebook
from projections.facts.county_facts import CountyFacts
from projections.facts.unit_facts import UnitFacts
from projections.scoring.assessed_spans import UnitsOfSpan
from projections.scoring.judgement import ScoringAxes
from projections.scoring.project_filters import unit_matches
from projections.scoring.reported_figures import ReportedFigure, reported_figures
from projections.scoring.target_amounts import is_for_assessed


class UntoldTarget(NamedTuple):
    """A target that a unit lacks, of which period, and how many values lack it."""

    indicator: str
    unit: str
    period: str
    values: int


def untold_targets(county: CountyFacts, spans: Iterable[UnitsOfSpan]) -> Iterator[UntoldTarget]:
    """Every target that rules need and nobody told, of the year and of each period assessed."""
    for (book, axes), units, _policy in spans:
        targets = [event for event, _ref in county.targets_of(axes.year, axes.as_of)]
        figures = reported_figures(units.values(), axes)
        yield from _untold_of_span(book, axes, units, list(figures), targets)


def _untold_of_span(
    book: Rulebook,
    axes: ScoringAxes,
    units: Mapping[str, UnitFacts],
    figures: Sequence[ReportedFigure],
    targets: Iterable[TargetSet],
) -> Iterator[UntoldTarget]:
    """Targets that rules need and nobody set, for each unit that the rules take.

    Where some of an indicator's figures bear a target and others none, the latter are named too:
    the target is the sum of those that were reported.
    """
    with_target = _units_with_target(targets, axes)
    assessed = [figure for figure in figures if axes.holds_figures_of(figure.period)]
    span = str(axes.year)
    if axes.of_module:
        span = axes.assessed_period or span
    counts: Counter[tuple[str, str, str]] = Counter()
    for counted in _silent_values(book):
        for unit in units.values():
            if not unit_matches(counted.where, unit):
                continue
            for indicator in _targets_needed(counted):
                if (unit.name, indicator) not in with_target:
                    counts[indicator, unit.name, span] += 1
            if counted.reports_target:
                for period, count in _figures_without_target(counted, unit.name, assessed):
                    counts[counted.subject, unit.name, period or span] += count
    for (indicator, unit_name, period), count in counts.items():
        yield UntoldTarget(indicator, unit_name, period, count)


def _units_with_target(
    targets: Iterable[TargetSet],
    axes: ScoringAxes,
) -> set[tuple[str | None, str]]:
    """Unit and indicator of each target that serves what is assessed; no unit for the county."""
    pairs: set[tuple[str | None, str]] = set()
    for event in targets:
        if is_for_assessed(event, axes):
            pairs.add((event.for_unit, event.indicator))
    return pairs


def _silent_values(book: Rulebook) -> Iterator[Counted]:
    """Values of rules that a missing target leaves without points, or makes 0 without a word."""
    for rule in book.rules:
        if isinstance(rule, RuleOnResults):
            continue
        for _place, counted in rule.counted():
            if counted.when_missing in (None, "none"):
                yield counted


def _targets_needed(counted: Counted) -> list[str]:
    indicators = [reference.indicator for reference in counted.references]
    return [indicator for indicator in indicators if indicator is not None]


def _figures_without_target(
    counted: Counted,
    unit: str,
    assessed: Iterable[ReportedFigure],
) -> list[tuple[str | None, int]]:
    """How many figures of each period bear no target; the period is None where none is reported."""
    figures = [
        figure
        for figure in assessed
        if figure.unit == unit and figure.indicator == counted.indicator
    ]
    if not figures:
        return [(None, 1)]
    periods = Counter(figure.period for figure in figures if not figure.bears_target)
    return list(periods.items())
