"""Figures of projects (项目指标) that no rule can use, in the year and by the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Literal, NamedTuple

from lifecycle.events.project_course_events import ProjectFigureReported
from lifecycle.periods import is_half_year, is_whole_year, period_of
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.measure_selection import MeasureSelection
from lifecycle.rulebook.reads import all_filters, selections
from projections.facts.narrow_events import events_of
from projections.scoring.assessed_spans import AssessedSpan
from projections.scoring.judgement import JudgedProject, ScoringAxes


class Reading(NamedTuple):
    """A selection that reads a figure or indicator, and the axes of the rule that it belongs to."""

    selection: MeasureSelection
    axes: ScoringAxes

    def can_use(self, period: str) -> bool:
        """Whether it is as coarse as a figure's period: a year's figure lies in no month."""
        axes = self.axes
        if axes.first is not None and is_whole_year(period):
            return False
        if axes.assessed in ("quarter", "month") and is_half_year(period):
            return False
        if axes.of_module and period_of(period, axes.assessed) is None:
            return False
        selection = self.selection
        each = selection.each_period if isinstance(selection, Counted) else None
        return each is None or period_of(period, each) is not None


class UnusedFigures(NamedTuple):
    """Reports of a figure of a unit's projects that count nowhere, and why."""

    figure: str
    unit: str | None
    period: str
    reports: int
    reason: Literal["read_by_no_rule", "too_coarse"]


def unused_figures(
    spans: Sequence[AssessedSpan],
    projects: Iterable[JudgedProject],
) -> Iterator[UnusedFigures]:
    """The figures of the year that no rule of the spans can use, by unit and period."""
    readings = readings_by_name(spans, attrgetter("figure"))
    filtered = _filtered(spans)
    counts: Counter[tuple[str, str | None, str]] = Counter()
    for project in projects:
        for figure, period in _figures_of_year(project):
            if figure not in filtered and not _is_usable(readings.get(figure, ()), period):
                counts[figure, project.unit, period] += 1
    for (figure, unit, period), reports in counts.items():
        reason: Literal["read_by_no_rule", "too_coarse"] = "read_by_no_rule"
        if figure in readings:
            reason = "too_coarse"
        yield UnusedFigures(figure, unit, period, reports, reason)


def readings_by_name(
    spans: Iterable[AssessedSpan],
    name_of: Callable[[MeasureSelection], str | None],
) -> dict[str, list[Reading]]:
    """What reads each figure, or each indicator: `name_of` says which one a selection reads."""
    readings: dict[str, list[Reading]] = {}
    for book, axes in spans:
        for selection in selections(book):
            name = name_of(selection)
            if name is not None:
                readings.setdefault(name, []).append(Reading(selection, axes))
    return readings


def _filtered(spans: Iterable[AssessedSpan]) -> set[str]:
    """The figures that filters look at: whatever the period, every report by the day."""
    filtered: set[str] = set()
    for book, _axes in spans:
        for where in all_filters(book):
            filtered.update(where.figures or ())
    return filtered


def _is_usable(readings: Iterable[Reading], period: str) -> bool:
    return any(reading.can_use(period) for reading in readings)


def _figures_of_year(project: JudgedProject) -> Iterator[tuple[str, str]]:
    year = str(project.axes.year)
    for on, _version, event in events_of(ProjectFigureReported, project.facts.facts):
        if on <= project.axes.as_of and event.period.startswith(year):
            yield event.figure, event.period
