"""The five task sheets (五单) at (D, K).

Which are due on a day, and every task (日清; spec 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from lifecycle.deciding import task_ladder
from lifecycle.deciding.sheet_numbers import SHEET_NUMBER
from lifecycle.deciding.task_ladder import ACTIONS, Action, Task
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.sheet_policy import SheetLadder
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.result_view import View
from projections.scoring.schedule_checks import in_force
from projections.views.project_view import iso

_ACTION_ORDER: Final = list(ACTIONS)


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
    def due_order(self) -> tuple[date, str]:
        """The key by which what is overdue longest comes first."""
        return self.task.due_on, self.task.number

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


def project_open_tasks(project: JudgedProject) -> list[TaskRow]:
    """Return the project's tasks that are not cleared."""
    return [row for row in project_task_rows(project) if row.status != "cleared"]


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
    if match is None:
        return 0, 0
    return int(match["year"]), int(match["counter"])
