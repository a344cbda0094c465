"""Charts of progress: nodes reached, timelines, funds against pace, overdue tasks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from commands.web.accounts import Reader
from commands.web.county_view import CountyView
from commands.web.duty_rows import open_tasks
from commands.web.page_chart import PageChart
from commands.web.target_rows import funds_target
from commands.words import page_words
from commands.words.amount_text import column_amount
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import STAGES
from projections.scoring.judgement import JudgedProject
from projections.scoring.schedule_checks import in_force
from projections.views.county_overview import MonthOverview
from projections.views.project_deadlines import is_complete
from projections.views.target_view import TargetProgress, year_pace

_MOST_PROJECTS: Final = 60
# The last day overdue of each band but the first, which holds tasks not yet due.
_BAND_ENDS: Final = (0, 7, 30)

# Nodes reached


def funnel_chart(county: CountyView, reader: Reader) -> PageChart:
    """Each unit's projects by node reached (节点漏斗).

    The sum of the whole stands first for readers who see all units.
    """
    counts = county.projects_by_stage()
    numbers_by_unit = {}
    for unit in county.units():
        if unit in counts and reader.sees(unit):
            name = county.units().shown_name(unit)
            numbers_by_unit[name] = [counts[unit][stage] for stage in STAGES]
    rows = [_numbers_row(unit, numbers) for unit, numbers in numbers_by_unit.items()]
    if rows and reader.role != "unit":
        sums = map(sum, zip(*numbers_by_unit.values(), strict=True))
        rows.insert(0, _numbers_row(county.whole, sums))
    return PageChart(
        kind="funnel",
        name="funnel",
        title=page_words.FUNNEL_TITLE,
        reading=page_words.FUNNEL_READING,
        headings=[page_words.UNIT, *map(word, STAGES)],
        rows=rows,
    )


def _numbers_row(unit: str, numbers: Iterable[int]) -> list[str]:
    return [unit, *map(str, numbers)]


# Timeline


def timeline_chart(
    county: CountyView,
    reader: Reader,
    *,
    most: int = _MOST_PROJECTS,
) -> PageChart:
    """Signed projects under way: nodes, next milestone, end of the assessment period."""
    projects = []
    for project in county.projects().values():
        is_open = reader.sees(project.unit, project.information.reporting_unit)
        if is_open and _is_under_way(project):
            projects.append(project)
    projects.sort(key=_period_end_order)
    shown_projects = projects[:most]
    return PageChart(
        kind="timeline",
        name="timeline",
        title=page_words.TIMELINE_TITLE,
        reading=page_words.timeline_reading(len(projects), len(shown_projects)),
        headings=[
            page_words.PROJECT,
            *map(word, STAGES),
            page_words.NEXT_MILESTONE,
            page_words.PERIOD_END,
        ],
        rows=[_timeline_row(project) for project in shown_projects],
        day=county.view.as_of.isoformat(),
    )


def _is_under_way(project: JudgedProject) -> bool:
    """Whether a project is signed, counts, and has not invested all that it promised."""
    is_over = bool(project.excluded) or project.facts.terminated_on is not None
    if is_over or "signing" not in project.facts.nodes:
        return False
    policy = project.policy.book.deadlines
    return policy is None or not is_complete(project, policy)


def _period_end_order(project: JudgedProject) -> tuple[date, str]:
    """The earliest period end first, projects without one last."""
    return project.period_end or date.max, project.facts.code


def _timeline_row(project: JudgedProject) -> list[str]:
    row = [f"{project.facts.code} {project.information.name}"]
    for stage in STAGES:
        node = project.node(stage)
        row.append("" if node is None else node.on.isoformat())
    row.append(_iso(_next_milestone(project)))
    row.append(_iso(project.period_end))
    return row


def _next_milestone(project: JudgedProject) -> date | None:
    """The earliest milestone in force whose node is not reached."""
    due_days = []
    for stage, milestone in in_force(project.facts.plans, project.axes.as_of).items():
        if project.node(stage) is None:
            due_days.append(milestone.due_on)
    return min(due_days, default=None)


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


# Funds against pace


def pace_chart(county: CountyView) -> PageChart | None:
    """Funds in place at each month's end, beside what the target asks for by then.

    None without a target of funds, or before the year begins.
    """
    months = county.months()
    target = funds_target(county)
    if target is None or not months:
        return None
    return PageChart(
        kind="pace",
        name="pace",
        title=page_words.PACE_TITLE,
        reading=page_words.pace_reading(target.chinese, target.unit_of_measure),
        headings=page_words.PACE_HEADINGS,
        rows=[_pace_row(month, target.indicator) for month in months],
    )


def _pace_row(month: MonthOverview, indicator: str) -> list[str]:
    progress = _county_progress(month.targets, indicator)
    by_pace = progress.target * year_pace(month.view)
    return [
        month.month,
        column_amount(progress.actual),
        column_amount(by_pace),
        column_amount(progress.target),
    ]


def _county_progress(targets: Iterable[TargetProgress], indicator: str) -> TargetProgress:
    """The progress of the county itself, not of a unit."""
    return next(row for row in targets if row.unit is None and row.indicator == indicator)


# Overdue tasks


def overdue_chart(county: CountyView, reader: Reader) -> PageChart:
    """Each unit's open tasks by how long they are overdue, the longest overdue first."""
    counts: dict[str, list[int]] = {}
    for task in open_tasks(county, reader):
        bands = counts.setdefault(task.unit_name, [0] * len(page_words.OVERDUE_BANDS))
        days_overdue = (county.view.as_of - task.task.due_on).days
        bands[_overdue_band(days_overdue)] += 1
    units = sorted(counts, key=lambda unit: (_longest_first(counts[unit]), unit))
    return PageChart(
        kind="heat",
        name="overdue",
        title=page_words.OVERDUE_TITLE,
        reading=page_words.OVERDUE_READING,
        headings=[page_words.RESPONSIBLE_UNIT, *page_words.OVERDUE_BANDS],
        rows=[_numbers_row(unit, counts[unit]) for unit in units],
        whole=True,
        more_is_worse=True,
    )


def _overdue_band(days_overdue: int) -> int:
    for band, last_day in enumerate(_BAND_ENDS):
        if days_overdue <= last_day:
            return band
    return len(_BAND_ENDS)


def _longest_first(bands: list[int]) -> list[int]:
    """The bands from the longest overdue down, negated, so that the most come first."""
    return [-count for count in reversed(bands[1:])]
