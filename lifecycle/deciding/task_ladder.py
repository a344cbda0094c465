"""A task and the ladder of its five sheets (五单, 意8): its states and what is due.

The states follow from the sheets alone. What is due on a day follows from the states, the day and
the rulebook's numbers of days; listing it issues nothing (spec 3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from lifecycle.rulebook.sheet_policy import SheetLadder

TaskState = Literal["open", "warned", "supervised", "exposed", "cleared"]
Action = Literal["assign", "warn", "supervise", "expose", "clear"]

ACTIONS: Final[dict[Action, str]] = {
    "assign": "TaskAssigned",
    "warn": "WarningIssued",
    "supervise": "SupervisionIssued",
    "expose": "ExposurePublished",
    "clear": "TaskCleared",
}
"""What may be due, in the order of the ladder, and the event that does it."""

TRANSITIONS: Final[dict[TaskState, dict[str, TaskState]]] = {
    "open": {
        "WarningIssued": "warned",
        "SupervisionIssued": "supervised",
        "ExposurePublished": "exposed",
        "TaskCleared": "cleared",
    },
    "warned": {
        "WarningIssued": "warned",
        "SupervisionIssued": "supervised",
        "ExposurePublished": "exposed",
        "TaskCleared": "cleared",
    },
    "supervised": {
        "WarningIssued": "supervised",
        "SupervisionIssued": "supervised",
        "ExposurePublished": "exposed",
        "TaskCleared": "cleared",
    },
    "exposed": {
        "WarningIssued": "exposed",
        "SupervisionIssued": "exposed",
        "ExposurePublished": "exposed",
        "TaskCleared": "cleared",
    },
    "cleared": {
        "WarningIssued": "cleared",
        "SupervisionIssued": "cleared",
        "ExposurePublished": "cleared",
        "TaskReopened": "open",
    },
}
"""From a state, by an event, to a state. A task begins `open`, by `TaskAssigned`.

An event that is not listed for a state is rejected when recorded. docs/sheets.md draws this table.
"""


# A task -------------------------------------------------------------------------------------------


class SheetIssued(NamedTuple):
    """A sheet about a task: its event and its day."""

    event: str
    on: date


@dataclass(slots=True)
class Task:
    """A task as its sheets describe it, applied in the order (day, version).

    A cycle begins with the assignment, and again with each reopening. All dates but `due_on` are of
    the present cycle: nothing carries over from an earlier one.
    """

    number: str
    task: str
    """What is to be done."""
    responsible_unit: str
    due_on: date
    stage: str | None
    state: TaskState = "open"
    warned_on: date | None = None
    supervised_on: date | None = None
    rectify_by: date | None = None
    exposed_on: date | None = None
    exposed_since_supervision: bool = False
    cleared_on: date | None = None
    sheets: list[SheetIssued] = field(default_factory=list)

    def apply(self, event: str, on: date, rectify_by: date | None = None) -> None:
        """Apply a sheet about the task, or its reopening."""
        # An old ledger may hold a sheet out of turn: it is a fact, and the state stays as it is.
        self.state = TRANSITIONS[self.state].get(event, self.state)
        if event == "TaskReopened":
            self._begin_cycle()
            return
        self.sheets.append(SheetIssued(event, on))
        match event:
            case "WarningIssued":
                self.warned_on = on
            case "SupervisionIssued":
                self.supervised_on = on
                self.rectify_by = rectify_by
                self.exposed_since_supervision = False
            case "ExposurePublished":
                self.exposed_on = on
                self.exposed_since_supervision = True
            case "TaskCleared":
                self.cleared_on = on

    def _begin_cycle(self) -> None:
        self.warned_on = None
        self.supervised_on = None
        self.rectify_by = None
        self.exposed_on = None
        self.exposed_since_supervision = False
        self.cleared_on = None

    @property
    def is_open(self) -> bool:
        """From its assignment or reopening to its clearance."""
        return self.state != "cleared"

    def status(self, day: date) -> str:
        """Return the state, or `overdue` where the due date is past and no sheet has followed."""
        if self.state == "open" and day > self.due_on:
            return "overdue"
        return self.state


# What is due --------------------------------------------------------------------------------------


class DueAction(NamedTuple):
    """An action that is due for a task, and the date that makes it due."""

    action: Action
    due_on: date


def due_actions(
    task: Task,
    day: date,
    ladder: SheetLadder,
    *,
    only_clearing_left: bool,
) -> Iterator[DueAction]:
    """Yield what is due for a task on a day.

    `only_clearing_left` says that its stage is reached or its project terminated.
    """
    if not task.is_open:
        return
    if only_clearing_left:
        yield DueAction("clear", task.due_on)
        return
    # After the due date a warning has no use any more: supervision takes its place.
    if task.warned_on is None and first_warning_day(task, ladder) <= day <= task.due_on:
        yield DueAction("warn", task.due_on)
    if task.supervised_on is None and day > task.due_on:
        yield DueAction("supervise", task.due_on)
    # Each supervision sets a date of its own and is followed by one exposure at most.
    rectify_by = task.rectify_by
    if rectify_by is not None and day > rectify_by and not task.exposed_since_supervision:
        yield DueAction("expose", rectify_by)


def first_warning_day(task: Task, ladder: SheetLadder) -> date:
    """Return the first day on which a warning about a task is due."""
    return task.due_on - timedelta(days=ladder.warn_days)
