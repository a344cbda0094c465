"""The five sheets (spec 3).

Tasks and their cycles folded from history, what is due, and the list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from .effective import Event, Record
from .recognition import Project, credit_unit, facts, paused, responsible_unit, terminated
from .schedule import milestones_in_force, reached_by

WARN_DAYS = 7
ASSIGN_DAYS = 60
RECTIFY_WORKING_DAYS = 5
ACTIONS = ("assign", "warn", "supervise", "expose", "clear")


@dataclass(frozen=True)
class Task:
    """A task and the state of its current cycle."""

    project: Project
    number: str
    task: str
    responsible_unit: str
    due_on: date
    stage: str | None
    is_open: bool = True
    warned_on: date | None = None
    supervised_on: date | None = None
    rectify_by: date | None = None
    exposed_on: date | None = None
    # An exposure answers the supervision before it, so a new supervision may lead to a new
    # exposure.
    exposed_since_supervision: bool = False
    cleared_on: date | None = None


def assigned(
    project: Project,
    event: Event,
) -> Task:
    """A new task, its first cycle begun."""
    fields = event.fields
    due_on = date.fromisoformat(fields["due_on"])
    return Task(
        project,
        fields["number"],
        fields["task"],
        fields["responsible_unit"],
        due_on,
        fields.get("stage"),
    )


def reopened(task: Task) -> Task:
    """A new cycle: nothing warned, supervised, exposed or cleared in it."""
    return Task(
        task.project, task.number, task.task, task.responsible_unit, task.due_on, task.stage
    )


def followed(
    task: Task,
    event: Event,
) -> Task:
    """The task after a sheet about it."""
    day = event.occurred_on
    if event.kind == "WarningIssued":
        return replace(task, warned_on=day)
    if event.kind == "SupervisionIssued":
        rectify_by = date.fromisoformat(event.fields["rectify_by"])
        return replace(
            task, supervised_on=day, rectify_by=rectify_by, exposed_since_supervision=False
        )
    if event.kind == "ExposurePublished":
        return replace(task, exposed_on=day, exposed_since_supervision=True)
    if event.kind == "TaskCleared":
        return replace(task, is_open=False, cleared_on=day)
    return reopened(task)


def tasks_of(project: Project) -> list[Task]:
    """The tasks of a project by D."""
    tasks: dict[str, Task] = {}
    follow_ups = (
        "WarningIssued",
        "SupervisionIssued",
        "TaskCleared",
        "TaskReopened",
        "ExposurePublished",
    )
    for event in project.all("TaskAssigned", *follow_ups):
        if event.kind == "TaskAssigned":
            tasks[event.fields["number"]] = assigned(project, event)
        elif event.fields["about"] in tasks:
            tasks[event.fields["about"]] = followed(tasks[event.fields["about"]], event)
    return list(tasks.values())


def to_clear(
    task: Task,
    day: date,
) -> bool:
    """Open, and its stage has been reached by D or the project is terminated."""
    reached = task.stage is not None and reached_by(task.project, task.stage, day)
    return task.is_open and (reached or terminated(task.project))


def to_warn(
    task: Task,
    day: date,
) -> bool:
    """Open, no warning yet, within the days before it is due."""
    near = task.due_on - timedelta(days=WARN_DAYS) <= day <= task.due_on
    return task.is_open and not to_clear(task, day) and task.warned_on is None and near


def to_supervise(
    task: Task,
    day: date,
) -> bool:
    """Open, no supervision yet, past due."""
    late = day > task.due_on
    return task.is_open and not to_clear(task, day) and task.supervised_on is None and late


def to_expose(
    task: Task,
    day: date,
) -> bool:
    """Open, past the last `rectify_by`, no exposure since that supervision."""
    late = task.rectify_by is not None and day > task.rectify_by
    return task.is_open and not to_clear(task, day) and late and not task.exposed_since_supervision


def to_assign(
    project: Project,
    day: date,
) -> list[tuple[str, date]]:
    """Milestones in force that want a task: near, not reached, not yet borne by an open task."""
    if terminated(project) or paused(project):
        return []
    borne = {task.stage for task in tasks_of(project) if task.is_open}
    return [
        (stage, due)
        for stage, due in milestones_in_force(project, day).items()
        if due <= day + timedelta(days=ASSIGN_DAYS)
        and not reached_by(project, stage, day)
        and stage not in borne
    ]


def due_row(
    action: str,
    project: Project,
    about: str,
    unit: str | None,
    due_on: date | None,
) -> dict[str, Any]:
    """A row of `sheets due`."""
    return {
        "action": action,
        "project": project.code,
        "about": about,
        "unit": unit,
        "name": project.all_units.shown(unit),
        "due_on": iso(due_on),
    }


def iso(day: date | None) -> str | None:
    """A day as JSON has it."""
    if day is None:
        return None
    return day.isoformat()


def sheets_due(
    records: Sequence[Record],
    as_of: date,
    known_at: datetime | None = None,
) -> list[dict[str, Any]]:
    """Which sheets are due at D: by action in the ladder's order, then by project and about."""
    rows = []
    for project in facts(records, as_of, known_at).projects.values():
        for stage, due in to_assign(project, as_of):
            rows.append(due_row("assign", project, stage, credit_unit(project), due))
        for task in tasks_of(project):
            rows += task_due_rows(task, as_of)
    return sorted(
        rows, key=lambda row: (ACTIONS.index(row["action"]), row["project"], row["about"])
    )


def task_due_rows(
    task: Task,
    day: date,
) -> list[dict[str, Any]]:
    """What is due for one task; a task to clear has nothing else due."""
    rows = []
    for action, is_due, due_on in (
        ("warn", to_warn(task, day), task.due_on),
        ("supervise", to_supervise(task, day), task.due_on),
        ("expose", to_expose(task, day), task.rectify_by),
        ("clear", to_clear(task, day), task.due_on),
    ):
        if is_due:
            unit = responsible_unit(task.project, task.responsible_unit)
            rows.append(due_row(action, task.project, task.number, unit, due_on))
    return rows


def status(
    task: Task,
    day: date,
) -> str:
    """The first that holds."""
    if not task.is_open:
        return "cleared"
    if task.exposed_on is not None:
        return "exposed"
    if task.supervised_on is not None:
        return "supervised"
    if task.warned_on is not None:
        return "warned"
    if day > task.due_on:
        return "overdue"
    return "open"


def sheets_list(
    records: Sequence[Record],
    as_of: date,
    known_at: datetime | None = None,
) -> list[dict[str, Any]]:
    """All tasks at D, by number: by year, then by counter (10号 after 9号)."""
    tasks: list[Task] = []
    for project in facts(records, as_of, known_at).projects.values():
        tasks += tasks_of(project)
    tasks.sort(key=lambda task: number_order(task.number))
    return [list_row(task, as_of) for task in tasks]


def number_order(number: str) -> tuple[int, ...]:
    """The year and the counter of a sheet's number."""
    return tuple(int(digits) for digits in re.findall(r"[0-9]+", number))


def list_row(
    task: Task,
    day: date,
) -> dict[str, Any]:
    """A row of `sheets list`."""
    return {
        "number": task.number,
        "project": task.project.code,
        "task": task.task,
        "responsible_unit": responsible_unit(task.project, task.responsible_unit),
        "due_on": iso(task.due_on),
        "stage": task.stage,
        "status": status(task, day),
        "warned_on": iso(task.warned_on),
        "supervised_on": iso(task.supervised_on),
        "rectify_by": iso(task.rectify_by),
        "exposed_on": iso(task.exposed_on),
        "cleared_on": iso(task.cleared_on),
    }


def rectify_by(
    issued_on: date,
    is_working_day: Callable[[date], bool],
) -> date:
    """Five working days after the issue of a supervision; the day of issue is not counted."""
    day = issued_on
    left = RECTIFY_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day
