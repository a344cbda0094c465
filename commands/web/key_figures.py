"""The figures at the top of the first page: targets, then what wants a decision."""

from __future__ import annotations

from calendar import isleap
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple

from commands.web.accounts import Reader
from commands.web.county_view import CountyView
from commands.web.duty_rows import is_overdue, open_deadlines, open_due_sheets, open_tasks
from commands.web.target_rows import declared_targets, share_of_bar
from commands.words import page_words, sheet_words
from commands.words.amount_text import leaders_amount, reached_amount
from commands.words.point_text import percent
from lifecycle.rounding import decimal_text
from lifecycle.rulebook.incentive_policy import CountyTarget
from projections.views.deadline_view import URGENCY_LEVELS
from projections.views.target_view import TargetProgress, year_pace
from projections.views.year_comparison import growth_since

# Targets with a figure of their own; the others stand in one line below the last of these.
_TARGET_FIGURES: Final = 2


class KeyFigure(NamedTuple):
    """A figure with what it is compared with, whether it is late, and the page that shows more.

    A target's figure has the target beside it, a bar of what is reached, and a mark where the days
    passed would have it (`share` and `pace`, in per cent of the bar). `chosen` says what of the
    page is shown: of projects, those that add to the target.
    """

    name: str
    figure: str
    verdict: str
    is_late: bool
    details: list[str]
    path: str
    chosen: Mapping[str, str] = MappingProxyType({})
    goal: str = ""
    share: str = ""
    pace: str = ""


def key_figures(county: CountyView, reader: Reader) -> list[KeyFigure]:
    """What the head of a county looks at for ten seconds."""
    return [
        *target_figures(county),
        _overdue_figure(county, reader),
        _due_sheet_figure(county, reader),
        _deadline_figure(county, reader),
    ]


# Targets


def target_figures(county: CountyView) -> list[KeyFigure]:
    """The first targets of the county, or of the whole region."""
    targets = declared_targets(county)
    rows = []
    for progress in county.targets():
        if progress.unit is None and progress.ratio is not None:
            rows.append(progress)
    figures = []
    for progress in rows[:_TARGET_FIGURES]:
        figures.append(_target_figure(county, progress, targets[progress.indicator]))
    others = [_short_target(row, targets[row.indicator]) for row in rows[_TARGET_FIGURES:]]
    if others:
        # There are others only behind the first ones, so a last figure is there.
        figures[-1].details.append("；".join(others))
    return figures


def _target_figure(
    county: CountyView,
    progress: TargetProgress,
    target: CountyTarget,
) -> KeyFigure:
    completion = progress.ratio or Fraction(0)
    pace = year_pace(county.view)
    is_late = completion < pace
    details = [
        page_words.target_reached(
            completion=percent(completion),
            pace=percent(pace),
            days=_days_passed(county.view.year, pace),
        ),
        *_compared_with_year_before(county, progress, target),
    ]
    return KeyFigure(
        name=target.chinese,
        figure=reached_amount(progress.actual, progress.target, target.unit_of_measure),
        verdict=page_words.BEHIND_PACE if is_late else page_words.ON_PACE,
        is_late=is_late,
        details=details,
        path="/projects",
        chosen={"target": target.indicator},
        goal=leaders_amount(progress.target, target.unit_of_measure),
        share=share_of_bar(completion),
        pace=share_of_bar(pace),
    )


def _days_passed(year: int, pace: Fraction) -> str:
    days = 366 if isleap(year) else 365
    return f"{int(pace * days)}/{days}"


def _compared_with_year_before(
    county: CountyView,
    progress: TargetProgress,
    target: CountyTarget,
) -> list[str]:
    """The sentence that compares with the year before; none where nothing was reached then."""
    amount_before = county.reached_a_year_before().get(progress.indicator)
    growth = growth_since(amount_before, progress.actual)
    if amount_before is None or growth is None:
        return []
    amount = leaders_amount(amount_before, target.unit_of_measure)
    if growth > 0:
        return [page_words.more_than_year_before(amount, percent(growth))]
    if growth < 0:
        return [page_words.less_than_year_before(amount, percent(-growth))]
    return [page_words.same_as_year_before(amount)]


def _short_target(progress: TargetProgress, target: CountyTarget) -> str:
    actual = decimal_text(progress.actual, 0)
    return page_words.other_target(target.chinese, actual, decimal_text(progress.target, 0))


# What wants a decision


def _overdue_figure(county: CountyView, reader: Reader) -> KeyFigure:
    tasks = open_tasks(county, reader)
    overdue = [task for task in tasks if is_overdue(county, task)]
    exposed = [task for task in tasks if task.status == "exposed"]
    return KeyFigure(
        name=page_words.OVERDUE_TASKS,
        figure=page_words.task_count(len(overdue)),
        verdict=page_words.MUST_SUPERVISE if overdue else page_words.NONE_OVERDUE,
        is_late=bool(overdue),
        details=[page_words.open_tasks(len(tasks), len(exposed))],
        path="/sheets",
    )


def _due_sheet_figure(county: CountyView, reader: Reader) -> KeyFigure:
    due_sheets = open_due_sheets(county, reader)
    counts = Counter(sheet_words.action(sheet.action) for sheet in due_sheets)
    by_action = [page_words.counted(action, count) for action, count in counts.items()]
    return KeyFigure(
        name=page_words.DUE_SHEETS,
        figure=page_words.task_count(len(due_sheets)),
        verdict=page_words.MUST_ISSUE if due_sheets else page_words.NONE_TO_ISSUE,
        is_late=bool(due_sheets),
        details=["，".join(by_action)],
        path="/sheets",
    )


def _deadline_figure(county: CountyView, reader: Reader) -> KeyFigure:
    rows = open_deadlines(county, reader)
    counts = Counter(row.level for row in rows)
    red = counts["red"]
    stalled = sum(row.level == "red" and row.deadline.kind == "stalled" for row in rows)
    milder = [
        page_words.counted(sheet_words.level(level), counts[level])
        for level in URGENCY_LEVELS
        if level != "red"
    ]
    return KeyFigure(
        name=page_words.RED_DEADLINES,
        figure=page_words.deadline_count(red),
        verdict=page_words.PAST_DUE if red else page_words.NONE_PAST_DUE,
        is_late=red > 0,
        details=[page_words.stalled_projects(stalled), "，".join(milder)],
        path="/deadlines",
        chosen={"level": "red"},
    )
