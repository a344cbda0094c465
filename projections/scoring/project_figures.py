"""Figures of projects (项目指标): what was reported by a day, and what of it counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from lifecycle.events.project_course_events import ProjectFigureReported
from lifecycle.periods import last_day_of
from projections.facts.narrow_events import DatedEvent, events_of, micro


class FigureReport(NamedTuple):
    """A figure of a period in millionths. Figures sort by their periods' ends, then by report."""

    last_day: date
    on: date
    version: int
    period: str
    actual: int


def figure_reports(facts: Iterable[DatedEvent], figure: str, day: date) -> list[FigureReport]:
    """What was reported of a figure by a day, in the order of the reports."""
    reported: list[FigureReport] = []
    for on, version, event in events_of(ProjectFigureReported, facts):
        if event.figure == figure and on <= day:
            last_day = last_day_of(event.period)
            actual = micro(event.actual)
            reported.append(FigureReport(last_day, on, version, event.period, actual))
    return reported


def counted_reports(
    reported: list[FigureReport],
    figure: str,
    by_last_period: Collection[str],
) -> list[FigureReport]:
    """Those that count: the last period's alone where the rulebook takes the last."""
    if figure in by_last_period and reported:
        return [max(reported)]
    return reported
