"""The tasks of a project as its sheets leave them by a day (五单, spec 3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from lifecycle.deciding.task_ladder import SheetIssued, Task
from lifecycle.events.sheet_events import (
    ExposurePublished,
    SupervisionIssued,
    TaskAssigned,
    TaskCleared,
    TaskReopened,
    WarningIssued,
)
from projections.facts.narrow_events import DatedEvent
from projections.facts.projection import Projection

Tasks = dict[str, Task]
_TASKS: Final = Projection[Tasks]()


def fold_tasks(facts: Iterable[DatedEvent]) -> Tasks:
    """Fold a project's events into its tasks by number."""
    tasks: Tasks = {}
    _TASKS.apply(tasks, facts)
    return tasks


@_TASKS.when(TaskAssigned)
def _assigned(
    tasks: Tasks,
    on: date,
    _version: int,
    event: TaskAssigned,
) -> None:
    tasks[event.number] = Task(
        event.number,
        event.task,
        event.responsible_unit,
        event.due_on,
        event.stage,
        sheets=[SheetIssued("TaskAssigned", on)],
    )


@_TASKS.when(WarningIssued)
def _warning(
    tasks: Tasks,
    on: date,
    _version: int,
    event: WarningIssued,
) -> None:
    _apply(tasks, event.about, "WarningIssued", on)


@_TASKS.when(SupervisionIssued)
def _supervision(
    tasks: Tasks,
    on: date,
    _version: int,
    event: SupervisionIssued,
) -> None:
    _apply(tasks, event.about, "SupervisionIssued", on, event.rectify_by)


@_TASKS.when(ExposurePublished)
def _exposure(
    tasks: Tasks,
    on: date,
    _version: int,
    event: ExposurePublished,
) -> None:
    _apply(tasks, event.about, "ExposurePublished", on)


@_TASKS.when(TaskCleared)
def _clearing(
    tasks: Tasks,
    on: date,
    _version: int,
    event: TaskCleared,
) -> None:
    _apply(tasks, event.about, "TaskCleared", on)


@_TASKS.when(TaskReopened)
def _reopening(
    tasks: Tasks,
    on: date,
    _version: int,
    event: TaskReopened,
) -> None:
    _apply(tasks, event.about, "TaskReopened", on)


def _apply(
    tasks: Tasks,
    number: str,
    event: str,
    on: date,
    rectify_by: date | None = None,
) -> None:
    task = tasks.get(number)
    # By the order of days a sheet may come before the assignment that was corrected to a later day.
    if task is not None:
        task.apply(event, on, rectify_by)
