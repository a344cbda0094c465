"""What a rulebook passes over: figures, targets, units and rules that meet nothing (spec 6).

Nothing here moves a point. It is said beside a result, so that a slip of the hand (another name of
an indicator, a year's figure for a monthly rule) shows as what it is and not as a silent zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from lifecycle.events.county_events import TargetSet
from lifecycle.events.unit_events import IndicatorReported
from lifecycle.ledger.store import Ledger
from lifecycle.periods import is_half_year, is_whole_year, period_of
from lifecycle.rulebook.counted import Counted, MeasureSelection
from lifecycle.rulebook.kinds import RuleOnResults
from lifecycle.rulebook.parts import Filter
from lifecycle.rulebook.reads import all_filters, rule_filters, selections, target_indicators
from lifecycle.rulebook.rulebook_model import Rulebook
from projections.facts.narrow_events import events_of
from projections.facts.unit_facts import UnitFacts
from projections.scoring.judgement import ScoringAxes
from projections.scoring.project_filters import unit_matches
from projections.scoring.result_view import View, county_of
from projections.scoring.target_amounts import is_for_assessed
from projections.scoring.units_of_view import units_at

Subject = Literal["indicator", "target", "sequence", "category", "rule"]
Reason = Literal["no_target", "read_by_no_rule", "too_coarse", "no_such_unit", "out_of_range"]


class PassedOver(NamedTuple):
    """Something that counts for nothing, and why; `count` is how often it occurs.

    The fields are those of a row in JSON.
    """

    what: Subject
    name: str
    unit: str | None
    period: str | None
    count: int  # type: ignore[assignment]  # of every tuple it is a method, and JSON's name here
    reason: Reason


class _Figure(NamedTuple):
    """A figure of a unit that lies in the year, and whether it bears a target."""

    unit: str
    indicator: str
    period: str
    bears_target: bool
    actual: Fraction

    @property
    def subject(self) -> tuple[str, str, str]:
        """Of which unit, indicator and period it is: figures alike are counted together."""
        return self.unit, self.indicator, self.period


def passed_over(ledger: Ledger, view: View) -> list[PassedOver]:
    """Everything that the view's rulebook passes over, in the year and by the day."""
    units = units_at(ledger, view)
    targets = county_of(ledger, view).targets_of(view.year, view.as_of)
    events = [event for event, _ref in targets]
    return list(_passed_over(view.rulebook.rulebook, view.axes, units, events))


def _passed_over(
    book: Rulebook,
    axes: ScoringAxes,
    units: Mapping[str, UnitFacts],
    targets: Sequence[TargetSet],
) -> Iterator[PassedOver]:
    figures = list(_figures(units.values(), axes))
    yield from _figures_of_no_use(book, axes, figures)
    yield from _figures_out_of_range(selections(book), figures)
    yield from _targets_of_no_use(book, axes, targets)
    yield from _missing_targets(book, axes, units, figures, targets)
    if units:
        yield from _units_without_rule(book, units.values())
        yield from _filters_without_unit(book, units.values())
        yield from _rules_without_unit(book, units.values())


# Figures ------------------------------------------------------------------------------------------


def _figures(units: Iterable[UnitFacts], axes: ScoringAxes) -> Iterator[_Figure]:
    """The figures of the year by the day, whether or not they lie in what is assessed."""
    for unit in units:
        for on, _version, event in events_of(IndicatorReported, unit.facts):
            if on <= axes.as_of and event.period.startswith(str(axes.year)):
                has_target = event.target is not None
                actual = Fraction(event.actual)
                yield _Figure(unit.name, event.indicator, event.period, has_target, actual)


def _figures_of_no_use(
    book: Rulebook,
    axes: ScoringAxes,
    figures: Iterable[_Figure],
) -> Iterator[PassedOver]:
    readings: dict[str, list[MeasureSelection]] = {}
    for selection in selections(book):
        if selection.indicator is not None:
            readings.setdefault(selection.indicator, []).append(selection)
    counts = Counter(figure.subject for figure in figures)
    for (unit, indicator, period), count in counts.items():
        if indicator not in readings:
            yield PassedOver("indicator", indicator, unit, period, count, "read_by_no_rule")
        elif not any(_can_use(reading, axes, period) for reading in readings[indicator]):
            yield PassedOver("indicator", indicator, unit, period, count, "too_coarse")


def _figures_out_of_range(
    readings: Iterable[MeasureSelection],
    figures: Iterable[_Figure],
) -> Iterator[PassedOver]:
    """Figures outside the range of marks that a rule reads them within."""
    ranges = [(reading.indicator, reading.range) for reading in readings if reading.range]
    counts: Counter[tuple[str, str, str]] = Counter()
    for figure in figures:
        for indicator, marks in ranges:
            if figure.indicator == indicator and figure.actual not in marks:
                counts[figure.subject] += 1
                break
    for (unit, indicator, period), count in counts.items():
        yield PassedOver("indicator", indicator, unit, period, count, "out_of_range")


def _can_use(
    reading: MeasureSelection,
    axes: ScoringAxes,
    period: str,
) -> bool:
    """Whether a reading is as coarse as a figure's period: a year's figure lies in no month."""
    if axes.first is not None and is_whole_year(period):
        return False
    if axes.assessed in ("quarter", "month") and is_half_year(period):
        return False
    each = reading.each_period if isinstance(reading, Counted) else None
    return each is None or period_of(period, each) is not None


# Targets ------------------------------------------------------------------------------------------


def _serves_assessed(event: TargetSet, axes: ScoringAxes) -> bool:
    """Whether a target is of the year, or of a period as long as those that are assessed."""
    if event.period is None:
        return True
    if axes.assessed == "year":
        return False
    length = period_of(event.period, axes.assessed)
    return length == event.period


def _targets_of_no_use(
    book: Rulebook,
    axes: ScoringAxes,
    targets: Iterable[TargetSet],
) -> Iterator[PassedOver]:
    # The county's own targets are shown beside what was reached, whatever rules read.
    shown = {target.indicator for target in book.targets}
    read = target_indicators(book)
    subjects = []
    for event in targets:
        # A period's target serves where periods of that length are assessed, in each its own.
        is_read = event.indicator in read and _serves_assessed(event, axes)
        if not is_read and (event.period is not None or event.indicator not in shown):
            period = event.period or str(event.year)
            subjects.append((event.indicator, event.for_unit, period))
    for (indicator, unit, year), count in Counter(subjects).items():
        yield PassedOver("target", indicator, unit, year, count, "read_by_no_rule")


def _missing_targets(
    book: Rulebook,
    axes: ScoringAxes,
    units: Mapping[str, UnitFacts],
    figures: Iterable[_Figure],
    targets: Iterable[TargetSet],
) -> Iterator[PassedOver]:
    """Targets that rules need and nobody set, for each unit that the rules take.

    Where some of an indicator's figures bear a target and others none, the latter are named too:
    the target is the sum of those that were reported.
    """
    with_target = _units_with_target(targets, axes)
    assessed = [figure for figure in figures if axes.holds_figures_of(figure.period)]
    counts: Counter[tuple[str, str, str]] = Counter()
    for counted in _silent_values(book):
        for unit in units.values():
            if not unit_matches(counted.where, unit):
                continue
            for indicator in _targets_needed(counted):
                if (unit.name, indicator) not in with_target:
                    counts[indicator, unit.name, str(axes.year)] += 1
            if counted.reports_target:
                for period, count in _figures_without_target(counted, unit.name, assessed):
                    counts[counted.subject, unit.name, period or str(axes.year)] += count
    for (indicator, unit_name, period), count in counts.items():
        yield PassedOver("target", indicator, unit_name, period, count, "no_target")


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
    assessed: Iterable[_Figure],
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


# Units, sequences and rules -----------------------------------------------------------------------


def _units_without_rule(book: Rulebook, units: Iterable[UnitFacts]) -> Iterator[PassedOver]:
    """Sequences of which no rule takes any unit."""
    filters = [where for _rule, where in rule_filters(book)]
    members: dict[str, list[UnitFacts]] = {}
    for unit in units:
        members.setdefault(unit.sequence, []).append(unit)
    for sequence, of_sequence in members.items():
        if not any(unit_matches(where, unit) for where in filters for unit in of_sequence):
            count = len(of_sequence)
            yield PassedOver("sequence", sequence, None, None, count, "read_by_no_rule")


def _rules_without_unit(book: Rulebook, units: Iterable[UnitFacts]) -> Iterator[PassedOver]:
    all_units = list(units)
    filters: dict[str, list[Filter | None]] = {}
    for rule_id, where in rule_filters(book):
        filters.setdefault(rule_id, []).append(where)
    for rule_id, of_rule in filters.items():
        if not any(unit_matches(where, unit) for where in of_rule for unit in all_units):
            yield PassedOver("rule", rule_id, None, None, 1, "no_such_unit")


def _filters_without_unit(book: Rulebook, units: Iterable[UnitFacts]) -> Iterator[PassedOver]:
    """Sequences and categories that filters name and no unit has."""
    all_units = list(units)
    sequences = {unit.sequence for unit in all_units}
    categories = {str(unit.category) for unit in all_units}
    named: Counter[tuple[Subject, str]] = Counter()
    for where in all_filters(book):
        included, left_out = where.sequence or (), where.except_sequence or ()
        for sequence in (*included, *left_out):
            if sequence not in sequences:
                named["sequence", sequence] += 1
        for category in where.category or ():
            if category not in categories:
                named["category", category] += 1
    for (subject, name), count in named.items():
        yield PassedOver(subject, name, None, None, count, "no_such_unit")
