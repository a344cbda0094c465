"""What a rulebook passes over: figures, targets, units and rules that meet nothing (spec 6).

Nothing here moves a point. It is said beside a result, so that a slip of the hand (another name of
an indicator, a year's figure for a monthly rule) shows as what it is and not as a silent zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, product
from operator import attrgetter
from typing import Literal, NamedTuple

from lifecycle.events.county_events import TargetSet
from lifecycle.ledger.store import Ledger
from lifecycle.periods import period_of
from lifecycle.rulebook.declared_words import DeclaredWord, words_declared_in
from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.measure_selection import MeasureSelection
from lifecycle.rulebook.parts import Filter
from lifecycle.rulebook.reads import all_filters, rule_filters, selections, target_indicators
from lifecycle.rulebook.rulebook_model import Rulebook
from projections.facts.county_facts import CountyFacts
from projections.facts.unit_facts import UnitFacts
from projections.scoring.absent_last_year import absent_last_year
from projections.scoring.assessed_spans import (
    AssessedSpan,
    UnitsOfSpan,
    assessed_spans,
    judged_spans,
)
from projections.scoring.figures_passed_over import Reading, readings_by_name, unused_figures
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.project_filters import unit_matches
from projections.scoring.reported_figures import ReportedFigure, reported_figures
from projections.scoring.result_view import View, county_of
from projections.scoring.untold_targets import untold_targets

Subject = Literal["indicator", "target", "sequence", "category", "rule", "sector", "figure"]
Reason = Literal[
    "no_target",
    "read_by_no_rule",
    "too_coarse",
    "after_period",
    "no_such_unit",
    "out_of_range",
    "unknown_to_rulebook",
    "no_last_year",
]


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


def passed_over(ledger: Ledger, view: View) -> list[PassedOver]:
    """Everything that the view's rulebook passes over, in the year and by the day."""
    county = county_of(ledger, view)
    spans = list(judged_spans(ledger, view))
    units = spans[0].units
    targets = [event for event, _ref in county.targets_of(view.year, view.as_of)]
    book = view.rulebook.rulebook
    rows = chain(
        _of_no_use(book, view.axes, units, targets),
        _without_target(county, spans),
        _without_last_year(ledger, view, spans),
        _of_units(book, list(units.values())),
        _of_projects(ledger, view),
    )
    return _summed(rows)


def _summed(rows: Iterable[PassedOver]) -> list[PassedOver]:
    """Make one row of those that differ in their counts alone, where the first of them stood."""
    counts: Counter[PassedOver] = Counter()
    for row in rows:
        counts[row._replace(count=0)] += row.count
    return [row._replace(count=count) for row, count in counts.items()]


def _of_no_use(
    book: Rulebook,
    axes: ScoringAxes,
    units: Mapping[str, UnitFacts],
    targets: Sequence[TargetSet],
) -> Iterator[PassedOver]:
    """Figures and targets that no rule can use."""
    spans = assessed_spans(book, axes)
    figures = list(reported_figures(units.values(), axes))
    yield from _figures_of_no_use(spans, figures)
    yield from _figures_out_of_range(selections(book), figures)
    yield from _targets_of_no_use(spans, targets)


def _of_units(book: Rulebook, units: Sequence[UnitFacts]) -> Iterator[PassedOver]:
    """Sequences, categories and rules that meet no unit; nothing is said where there is none."""
    if units:
        yield from _units_without_rule(book, units)
        yield from _filters_without_unit(book, units)
        yield from _rules_without_unit(book, units)


def _of_projects(ledger: Ledger, view: View) -> Iterator[PassedOver]:
    """Projects of sectors that only other rulebooks declare, and figures that no rule can use."""
    book = view.rulebook.rulebook
    known_sectors = book.words("sectors")
    declared: set[DeclaredWord] = set()
    for adopted in county_of(ledger, view).adoptions:
        declared.update(words_declared_in(adopted.content))
    # Where no rulebook declares either no project has one: projects need not be read.
    if not any(_is_of_projects(word, known_sectors) for word in declared):
        return
    projects = judged_at(ledger, view)
    yield from _of_unknown_sectors(projects, known_sectors)
    spans = assessed_spans(book, view.axes)
    for figure, unit, period, reports, reason in unused_figures(spans, projects):
        yield PassedOver("figure", figure, unit, period, reports, reason)


def _is_of_projects(word: DeclaredWord, known_sectors: Collection[str]) -> bool:
    """Whether a declared word is a figure, or a sector that the view's rulebook does not know."""
    if word.word_list == "sectors":
        return word.name not in known_sectors
    return word.word_list == "figures"


def _of_unknown_sectors(
    projects: Iterable[JudgedProject],
    known_sectors: Collection[str],
) -> Iterator[PassedOver]:
    """Projects of sectors that the rulebook does not know; they are not eligible under it."""
    for project in projects:
        sector = project.information.sector
        if sector not in known_sectors:
            yield PassedOver("sector", sector, project.unit, None, 1, "unknown_to_rulebook")


# Figures ------------------------------------------------------------------------------------------


def _figures_of_no_use(
    spans: Iterable[AssessedSpan],
    figures: Iterable[ReportedFigure],
) -> Iterator[PassedOver]:
    readings = readings_by_name(spans, attrgetter("indicator"))
    for figure in figures:
        reason = _why_of_no_use(figure, readings.get(figure.indicator, ()))
        if reason is not None:
            yield _figure_row(figure, reason)


def _figure_row(figure: ReportedFigure, reason: Reason) -> PassedOver:
    unit, indicator, period = figure.subject
    return PassedOver("indicator", indicator, unit, period, 1, reason)


def _why_of_no_use(figure: ReportedFigure, readings: Sequence[Reading]) -> Reason | None:
    """Why no reading of the indicator can use a figure; None where one can."""
    if not readings:
        return "read_by_no_rule"
    usable = [reading for reading in readings if reading.can_use(figure.period)]
    if not usable:
        return "too_coarse"
    # A period is scored as of its last day: what is reported of it later comes too late.
    late = [reading.axes.of_module and figure.is_after(reading.axes.assessed) for reading in usable]
    return "after_period" if all(late) else None


def _figures_out_of_range(
    readings: Iterable[MeasureSelection],
    figures: Iterable[ReportedFigure],
) -> Iterator[PassedOver]:
    """Figures outside the range of marks that a rule reads them within."""
    ranges: dict[str | None, list[Interval]] = {}
    for reading in readings:
        if reading.range is not None:
            ranges.setdefault(reading.indicator, []).append(reading.range)
    for figure in figures:
        of_indicator = ranges.get(figure.indicator, ())
        if any(figure.actual not in marks for marks in of_indicator):
            yield _figure_row(figure, "out_of_range")


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
    spans: Sequence[AssessedSpan],
    targets: Iterable[TargetSet],
) -> Iterator[PassedOver]:
    # The county's own targets are shown beside what was reached, whatever rules read.
    shown = {target.indicator for target in spans[0].book.targets}
    read_by_span = [(target_indicators(book), axes) for book, axes in spans]
    for event in targets:
        if event.period is None and event.indicator in shown:
            continue
        # A period's target serves where periods of that length are assessed, in each its own.
        is_read = any(
            event.indicator in read and _serves_assessed(event, axes) for read, axes in read_by_span
        )
        if not is_read:
            period = event.period or str(event.year)
            indicator, unit = event.indicator, event.for_unit
            yield PassedOver("target", indicator, unit, period, 1, "read_by_no_rule")


def _without_target(county: CountyFacts, spans: Iterable[UnitsOfSpan]) -> Iterator[PassedOver]:
    """Targets that rules need and nobody told, of the year and of each period assessed."""
    for indicator, unit, period, count in untold_targets(county, spans):
        yield PassedOver("target", indicator, unit, period, count, "no_target")


def _without_last_year(
    ledger: Ledger,
    view: View,
    spans: Iterable[UnitsOfSpan],
) -> Iterator[PassedOver]:
    """Rules that leave units out, as they are new or have no fact of last year."""
    for rule, unit, year, values in absent_last_year(ledger, view, spans):
        yield PassedOver("rule", rule, unit, year, values, "no_last_year")


# Units, sequences and rules -----------------------------------------------------------------------


def _of_rulebook(what: Subject, name: str, reason: Reason, count: int = 1) -> PassedOver:
    """A row about what a rulebook names or leaves out, whatever the unit and period."""
    return PassedOver(what, name, None, None, count, reason)


def _units_without_rule(book: Rulebook, units: Iterable[UnitFacts]) -> Iterator[PassedOver]:
    """Sequences of which no rule takes any unit."""
    filters = [where for _rule, where in rule_filters(book)]
    members: dict[str, list[UnitFacts]] = {}
    for unit in units:
        members.setdefault(unit.sequence, []).append(unit)
    for sequence, of_sequence in members.items():
        if not _take_any(filters, of_sequence):
            yield _of_rulebook("sequence", sequence, "read_by_no_rule", len(of_sequence))


def _rules_without_unit(book: Rulebook, units: Sequence[UnitFacts]) -> Iterator[PassedOver]:
    filters: dict[str, list[Filter | None]] = {}
    for rule_id, where in rule_filters(book):
        filters.setdefault(rule_id, []).append(where)
    for rule_id, of_rule in filters.items():
        if not _take_any(of_rule, units):
            yield _of_rulebook("rule", rule_id, "no_such_unit")


def _take_any(filters: Iterable[Filter | None], units: Sequence[UnitFacts]) -> bool:
    return any(unit_matches(where, unit) for where, unit in product(filters, units))


def _filters_without_unit(book: Rulebook, units: Iterable[UnitFacts]) -> Iterator[PassedOver]:
    """Sequences and categories that filters name and no unit has."""
    sequences: set[str] = set()
    categories: set[str] = set()
    for unit in units:
        sequences.add(unit.sequence)
        categories.add(str(unit.category))
    for where in all_filters(book):
        included, left_out = where.sequence or (), where.except_sequence or ()
        for sequence in (*included, *left_out):
            if sequence not in sequences:
                yield _of_rulebook("sequence", sequence, "no_such_unit")
        for category in where.category or ():
            if category not in categories:
                yield _of_rulebook("category", category, "no_such_unit")
