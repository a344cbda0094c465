"""The five sheets at (D, K) (spec 3): what ought to be issued on a day, every task with its status, and the week (日清、周结)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, NamedTuple

from lifecycle.calendar import working_calendar
from lifecycle.deciding import task_ladder as tasks
from lifecycle.deciding.decide import NUMBER
from lifecycle.deciding.task_ladder import ACTIONS, Action, Task
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.sheet_policy import SheetLadder
from projections.scoring.evaluation import View, judged_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.rounding import decimal_text
from projections.scoring.schedule_checks import in_force
from projections.views.project_view import iso

_ORDER: Final = list(ACTIONS)
_PLACES: Final = 4


class DueSheet(NamedTuple):
    """A sheet that is due: what is to be done about which task, or for which stage, by whom."""

    action: Action
    project: str
    about: str
    unit: str
    due_on: date

    @property
    def place(self) -> tuple[int, str, str]:
        """Its place in the list: assign, warn, supervise, expose, clear, then project, then what it is about."""
        return _ORDER.index(self.action), self.project, self.about


# Of one project -------------------------------------------------------------------------------------------------------


def project_due_sheets(judged: JudgedProject) -> Iterator[DueSheet]:
    """The sheets due for a project on the day it is judged at; none where the rulebook has no ladder."""
    ladder, project = judged.policy.book.ladder, judged.project
    if ladder is None:
        return
    for stage, due_on in milestones_to_assign(judged, ladder):
        yield DueSheet("assign", project.code, stage, judged.unit, due_on)
    for task in project.tasks.values():
        for step in tasks.due(
            task, judged.axes.as_of, ladder, done=only_clearing_left(judged, task)
        ):
            yield DueSheet(
                step.action,
                project.code,
                task.number,
                task.responsible_unit,
                step.due_on,
            )


def milestones_to_assign(judged: JudgedProject, ladder: SheetLadder) -> Iterator[tuple[str, date]]:
    """Milestones near enough that are not reached and that no open task bears, with their days."""
    project = judged.project
    if project.terminated_on is not None:
        return
    borne = {task.stage for task in project.tasks.values() if task.is_open}
    last = judged.axes.as_of + timedelta(days=ladder.assign_days)
    for stage, milestone in in_force(project.plans, judged.axes.as_of).items():
        if milestone.due_on <= last and stage not in borne and judged.node(stage) is None:
            yield stage, milestone.due_on


def only_clearing_left(judged: JudgedProject, task: Task) -> bool:
    """Whether nothing but a clearing is left: the task's stage is reached, or its project terminated."""
    return judged.project.terminated_on is not None or (
        task.stage is not None and judged.node(task.stage) is not None
    )


def task_row(project: str, task: Task, day: date) -> dict[str, Any]:
    """A task's row of `sheets list` on a day."""
    row = {
        "number": task.number,
        "project": project,
        "task": task.task,
        "responsible_unit": task.responsible_unit,
        "due_on": task.due_on.isoformat(),
        "stage": task.stage,
        "status": task.status(day),
        "warned_on": iso(task.warned_on),
        "supervised_on": iso(task.supervised_on),
        "rectify_by": iso(task.rectify_by),
        "exposed_on": iso(task.exposed_on),
        "cleared_on": iso(task.cleared_on),
    }
    return (
        row | {"estimated": True}
        if task.rectify_by is not None and not working_calendar().knows(task.rectify_by)
        else row
    )


# Of all ---------------------------------------------------------------------------------------------------------------


def due_sheets(ledger: Ledger, view: View) -> list[dict[str, Any]]:
    """`sheets due --format json`."""
    found = [order for judged in judged_at(ledger, view) for order in project_due_sheets(judged)]
    return [due_sheet_row(order) for order in sorted(found, key=lambda order: order.place)]


def due_sheet_row(order: DueSheet) -> dict[str, Any]:
    """A row of `sheets due`."""
    return {**order._asdict(), "due_on": order.due_on.isoformat()}


def task_rows(ledger: Ledger, view: View) -> list[dict[str, Any]]:
    """`sheets list --format json`: every task, by year and counter of its number."""
    found = [
        (judged.project.code, task)
        for judged in judged_at(ledger, view)
        for task in judged.project.tasks.values()
    ]
    return [
        task_row(code, task, view.as_of)
        for code, task in sorted(found, key=lambda pair: sheet_number_order(pair[1].number))
    ]


def sheet_number_order(number: str) -> tuple[int, int]:
    """Year and counter of a sheet's number, which its text does not sort by."""
    match = NUMBER.fullmatch(number)
    return (int(match["year"]), int(match["counter"])) if match else (0, 0)


# The week -------------------------------------------------------------------------------------------------------------


def week_bounds(day: date) -> tuple[date, date]:
    """Monday and Sunday of the day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def weekly_summary(ledger: Ledger, view: View) -> list[dict[str, Any]]:
    """周结 of the week, Monday to Sunday, that the view's day lies in, as far as that day: a row for each unit with tasks.

    `issued`: sheets of the week other than clearings; `cleared`: tasks cleared in it and not reopened since, `in_time` those on
    or before their day; `open` and `overdue`: as the week ends; `closing_rate`: cleared ÷ (cleared + open), null without either.
    """
    monday, _sunday = week_bounds(view.as_of)
    own: dict[str, list[Task]] = {}
    for judged in judged_at(ledger, view):
        for task in judged.project.tasks.values():
            own.setdefault(task.responsible_unit, []).append(task)
    return [_week_row(unit, own[unit], monday, view.as_of) for unit in sorted(own)]


def _week_row(unit: str, own: Iterable[Task], monday: date, day: date) -> dict[str, Any]:
    found = list(own)
    sheets = [
        sheet
        for task in found
        for sheet in task.sheets
        if sheet.on >= monday and sheet.event != "TaskCleared"
    ]
    cleared = [task for task in found if task.cleared_on is not None and task.cleared_on >= monday]
    left = [task for task in found if task.is_open]
    rate = Fraction(len(cleared), len(cleared) + len(left)) if cleared or left else None
    return {
        "unit": unit,
        "issued": len(sheets),
        "cleared": len(cleared),
        "in_time": sum(
            task.cleared_on is not None and task.cleared_on <= task.due_on for task in cleared
        ),
        "open": len(left),
        "overdue": sum(day > task.due_on for task in left),
        "closing_rate": None if rate is None else decimal_text(rate, _PLACES),
    }
