"""The five task sheets (五单) at (D, K).

Which are due on a day, every task, and the week (日清、周结; spec 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, NamedTuple

from lifecycle.deciding import task_ladder
from lifecycle.deciding.sheet_numbers import SHEET_NUMBER
from lifecycle.deciding.task_ladder import ACTIONS, Action, Task
from lifecycle.ledger.store import Ledger
from lifecycle.rounding import decimal_text
from lifecycle.rulebook.sheet_policy import SheetLadder
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.result_view import View
from projections.scoring.schedule_checks import in_force
from projections.views.project_view import iso

_ACTION_ORDER: Final = list(ACTIONS)
_RATE_PLACES: Final = 4


class DueSheet(NamedTuple):
    """A sheet that is due.

    The action, on which task or for which stage (`about`), and by which unit.
    """

    action: Action
    project: str
    about: str
    unit: str | None
    due_on: date
    name: str | None
    """What the unit is called on the day."""

    @property
    def place(self) -> tuple[int, str, str]:
        """The key that lists are sorted by: assign, warn, supervise, expose, clear.

        Then project and subject.
        """
        return _ACTION_ORDER.index(self.action), self.project, self.about

    def as_json(self) -> dict[str, Any]:
        """One row of `sheets due --format json`."""
        return {
            "action": self.action,
            "project": self.project,
            "about": self.about,
            "unit": self.unit,
            "name": self.name,
            "due_on": self.due_on.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of a project as it stands on a day."""

    project: str
    task: Task
    axes: ScoringAxes
    responsible_unit: str
    """The unit responsible as of the day: a dissolved one's successor."""
    unit_name: str
    """What that unit is called on the day."""

    @property
    def day(self) -> date:
        """The day of the view."""
        return self.axes.as_of

    @property
    def status(self) -> str:
        """Its state on the day."""
        return self.task.status(self.day)

    @property
    def estimated(self) -> bool:
        """Whether `rectify_by` rests on working days that are not officially arranged yet."""
        rectify_by = self.task.rectify_by
        return rectify_by is not None and not self.axes.working_days.knows(rectify_by)

    def as_json(self) -> dict[str, Any]:
        """One row of `sheets list --format json`."""
        task = self.task
        row: dict[str, Any] = {
            "number": task.number,
            "project": self.project,
            "task": task.task,
            "responsible_unit": self.responsible_unit,
            "due_on": task.due_on.isoformat(),
            "stage": task.stage,
            "status": self.status,
            "warned_on": iso(task.warned_on),
            "supervised_on": iso(task.supervised_on),
            "rectify_by": iso(task.rectify_by),
            "exposed_on": iso(task.exposed_on),
            "cleared_on": iso(task.cleared_on),
        }
        # The key is absent where the day is certain, so that rows without it keep their shape.
        if self.estimated:
            row["estimated"] = True
        return row


# Of one project -----------------------------------------------------------------------------------


def project_due_sheets(project: JudgedProject) -> Iterator[DueSheet]:
    """Yield the sheets due for a project on the day it is judged at.

    None under a rulebook without a ladder.
    """
    ladder = project.policy.book.ladder
    if ladder is None:
        return
    code = project.facts.code
    for stage, due_on in milestones_to_assign(project, ladder):
        yield DueSheet(
            "assign",
            code,
            stage,
            project.unit,
            due_on,
            project.unit_name,
        )
    for task in project.facts.tasks.values():
        done = only_clearing_left(project, task)
        unit = project.responsible_unit(task)
        for step in task_ladder.due_actions(
            task,
            project.axes.as_of,
            ladder,
            only_clearing_left=done,
        ):
            yield DueSheet(
                step.action,
                code,
                task.number,
                unit,
                step.due_on,
                project.units.shown_name(unit),
            )


def milestones_to_assign(
    project: JudgedProject,
    ladder: SheetLadder,
) -> Iterator[tuple[str, date]]:
    """Yield stage and day of each near milestone that is not reached and has no open task."""
    facts = project.facts
    # Whoever is to let a project rest is given nothing new to do for it.
    if facts.terminated_on is not None or facts.is_paused:
        return
    assigned_stages = {task.stage for task in facts.tasks.values() if task.is_open}
    day = project.axes.as_of
    horizon = day + timedelta(days=ladder.assign_days)
    for stage, milestone in in_force(facts.plans, day).items():
        # An open task for the stage already asks for it.
        if milestone.due_on > horizon or stage in assigned_stages:
            continue
        if project.node(stage) is None:
            yield stage, milestone.due_on


def only_clearing_left(project: JudgedProject, task: Task) -> bool:
    """Whether the task can only be cleared: its stage is reached, or its project terminated."""
    if project.facts.terminated_on is not None:
        return True
    return task.stage is not None and project.node(task.stage) is not None


def project_task_rows(project: JudgedProject) -> list[TaskRow]:
    """Return the project's tasks, open and cleared, as they stand on the day it is judged at."""
    return [task_row(project, task) for task in project.facts.tasks.values()]


def task_row(project: JudgedProject, task: Task) -> TaskRow:
    """Return a task of a project as it stands on the day it is judged at."""
    unit = project.responsible_unit(task)
    name = project.units.shown_name(unit)
    return TaskRow(project.facts.code, task, project.axes, unit, name)


# Of all projects ----------------------------------------------------------------------------------


def due_sheets(ledger: Ledger, view: View) -> list[DueSheet]:
    """List the sheets that ought to be issued on the day, in the order of the ladder."""
    return due_sheets_of(judged_at(ledger, view))


def due_sheets_of(projects: Iterable[JudgedProject]) -> list[DueSheet]:
    """List the sheets due for several projects, in the order of the ladder."""
    sheets: list[DueSheet] = []
    for project in projects:
        sheets.extend(project_due_sheets(project))
    return sorted(sheets, key=lambda sheet: sheet.place)


def task_rows(ledger: Ledger, view: View) -> list[TaskRow]:
    """List every task by year and counter of its number."""
    rows: list[TaskRow] = []
    for project in judged_at(ledger, view):
        rows.extend(project_task_rows(project))
    return sorted(rows, key=lambda row: sheet_number_order(row.task.number))


def sheet_number_order(number: str) -> tuple[int, int]:
    """Return year and counter of a sheet's number: as text, 10号 would come before 2号."""
    match = SHEET_NUMBER.fullmatch(number)
    return (int(match["year"]), int(match["counter"])) if match else (0, 0)


# The week -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitWeek:
    """A unit's tasks in one week; `name` is what it is called on the week's last day.

    `issued` counts the week's sheets other than clearings; `cleared` the tasks cleared in it and
    not reopened since, `in_time` those of them cleared by their due day; `still_open` and `overdue`
    are as the week ends.
    """

    unit: str
    name: str
    issued: int
    cleared: int
    in_time: int
    still_open: int
    overdue: int

    @property
    def closing_rate(self) -> Fraction | None:
        """Cleared ÷ (cleared + open); None without either."""
        tasks = self.cleared + self.still_open
        return Fraction(self.cleared, tasks) if tasks else None

    def as_json(self) -> dict[str, Any]:
        """One row of `sheets week --format json`."""
        rate = self.closing_rate
        return {
            "unit": self.unit,
            "name": self.name,
            "issued": self.issued,
            "cleared": self.cleared,
            "in_time": self.in_time,
            "open": self.still_open,
            "overdue": self.overdue,
            "closing_rate": None if rate is None else decimal_text(rate, _RATE_PLACES),
        }


def week_bounds(day: date) -> tuple[date, date]:
    """Return Monday and Sunday of the day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def weekly_summary(ledger: Ledger, view: View) -> list[UnitWeek]:
    """周结: sum up the week up to the view's day, for each unit with tasks."""
    monday, _sunday = week_bounds(view.as_of)
    tasks_by_unit: dict[str, list[Task]] = {}
    names: dict[str, str] = {}
    for project in judged_at(ledger, view):
        for task in project.facts.tasks.values():
            unit = project.responsible_unit(task)
            names[unit] = project.units.shown_name(unit)
            tasks_by_unit.setdefault(unit, []).append(task)
    return [
        _unit_week(
            unit,
            names[unit],
            tasks_by_unit[unit],
            monday,
            view.as_of,
        )
        for unit in sorted(tasks_by_unit)
    ]


def _unit_week(
    unit: str,
    name: str,
    tasks: Sequence[Task],
    monday: date,
    day: date,
) -> UnitWeek:
    issued = 0
    cleared = 0
    in_time = 0
    still_open = 0
    overdue = 0
    for task in tasks:
        # Clearings are counted as tasks below, not as sheets issued.
        for sheet in task.sheets:
            issued += sheet.on >= monday and sheet.event != "TaskCleared"
        # A task that was reopened since has no clearing day any more.
        if task.cleared_on is not None and task.cleared_on >= monday:
            cleared += 1
            in_time += task.cleared_on <= task.due_on
        if task.is_open:
            still_open += 1
            overdue += day > task.due_on
    return UnitWeek(
        unit,
        name,
        issued,
        cleared,
        in_time,
        still_open,
        overdue,
    )
