"""A task and the ladder of its five sheets (五单, 意8): one table of states, what is due on a day, what is refused (spec 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from lifecycle.rejections import Rejected, msg
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
"""What may be due, in the order of the ladder, and the event that answers it."""

STEPS: Final[dict[TaskState, dict[str, TaskState]]] = {
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
"""The states of a task: from which, by which event, to which. An event that is not named there is refused when recording.

A task begins `open`, by `TaskAssigned`. docs/sheets.md draws this table.
"""


class SheetIssued(NamedTuple):
    """A sheet about a task: its event and its day."""

    event: str
    on: date


@dataclass(slots=True)
class Task:
    """A task as its sheets tell it, taken in the order (day, version); dates and `rectify_by` are of the current cycle."""

    number: str
    task: str
    responsible_unit: str
    due_on: date
    stage: str | None
    state: TaskState = "open"
    warned_on: date | None = None
    supervised_on: date | None = None
    rectify_by: date | None = None
    exposed_on: date | None = None
    answered: bool = False
    cleared_on: date | None = None
    sheets: list[SheetIssued] = field(default_factory=list)

    def follow(self, event: str, on: date, rectify_by: date | None = None) -> None:
        """Take a sheet about the task, or its reopening, with which a new cycle begins."""
        self.state = STEPS[self.state].get(event, self.state)
        if event == "TaskReopened":
            self.warned_on = self.supervised_on = self.rectify_by = self.exposed_on = (
                self.cleared_on
            ) = None
            self.answered = False
            return
        self.sheets.append(SheetIssued(event, on))
        if event == "WarningIssued":
            self.warned_on = on
        elif event == "SupervisionIssued":
            self.supervised_on, self.rectify_by, self.answered = on, rectify_by, False
        elif event == "ExposurePublished":
            self.exposed_on, self.answered = on, True
        else:
            self.cleared_on = on

    @property
    def is_open(self) -> bool:
        """From its assignment or reopening to its clearing."""
        return self.state != "cleared"

    def status(self, day: date) -> str:
        """Its state, `overdue` where nothing was issued yet and the day is past."""
        return "overdue" if self.state == "open" and day > self.due_on else self.state


class Due(NamedTuple):
    """What is due for a task: the action, and the date that makes it so."""

    action: Action
    due_on: date


def due(task: Task, day: date, ladder: SheetLadder, *, done: bool) -> Iterator[Due]:
    """What is due for a task on a day; `done` says that its stage is reached or its project terminated."""
    if not task.is_open:
        return
    if done:
        yield Due("clear", task.due_on)
        return
    if task.warned_on is None and _warns_from(task, ladder) <= day <= task.due_on:
        yield Due("warn", task.due_on)
    if task.supervised_on is None and day > task.due_on:
        yield Due("supervise", task.due_on)
    if task.rectify_by is not None and day > task.rectify_by and not task.answered:
        yield Due("expose", task.rectify_by)


def _warns_from(task: Task, ladder: SheetLadder) -> date:
    return task.due_on - timedelta(days=ladder.warn_days)


def refuse(
    task: Task, action: Action | Literal["reopen"], day: date, ladder: SheetLadder, *, done: bool
) -> None:
    """Let through what is due; clearing needs an open task alone, reopening a cleared one. Raises `Rejected`, saying why it is not."""
    if action == "reopen":
        if task.is_open:
            raise Rejected.by(
                "task_open",
                msg("the task {number} is open; only a cleared task can be reopened"),
                at="about",
                number=task.number,
            )
        return
    if not task.is_open:
        raise Rejected.by(
            "task_closed",
            msg("{number} was cleared on {day} and is not open"),
            at="about",
            number=task.number,
            day=task.cleared_on,
        )
    if action == "clear" or any(
        found.action == action for found in due(task, day, ladder, done=done)
    ):
        return
    if done:
        raise Rejected.by(
            "to_clear",
            msg(
                "{number} is due for clearance: its stage is reached or its project is "
                "terminated; no other sheet is issued"
            ),
            at="about",
            number=task.number,
        )
    raise _REFUSALS[action](task, day, ladder)


def _no_warning(task: Task, day: date, ladder: SheetLadder) -> Rejected:
    if task.warned_on is not None:
        template = msg("{number} already has a warning of {day}; each cycle has at most one")
        return Rejected.by(
            "second_warning", template, at="about", number=task.number, day=task.warned_on
        )
    template = msg(
        "a warning about {number}, due on {due_on}, can be issued from {first} to "
        "{due_on}, not on {day}"
    )
    return Rejected.by(
        "warning_day",
        template,
        at="occurred_on",
        number=task.number,
        due_on=task.due_on,
        first=_warns_from(task, ladder),
        day=day,
    )


def _no_supervision(task: Task, day: date, _: SheetLadder) -> Rejected:
    if task.supervised_on is not None:
        template = msg("{number} already has a supervision of {day}; each cycle has at most one")
        return Rejected.by(
            "second_supervision", template, at="about", number=task.number, day=task.supervised_on
        )
    template = msg(
        "{number} is due on {due_on}; supervision is possible after that day, not on {day}"
    )
    return Rejected.by(
        "not_overdue", template, at="occurred_on", number=task.number, due_on=task.due_on, day=day
    )


def _no_exposure(task: Task, day: date, _: SheetLadder) -> Rejected:
    if task.rectify_by is None:
        return Rejected.by(
            "not_supervised",
            msg("{number} has not been supervised; exposure requires a supervision"),
            at="about",
            number=task.number,
        )
    if task.answered:
        template = msg("{number} was already exposed on {day}, after its last supervision")
        return Rejected.by(
            "second_exposure", template, at="about", number=task.number, day=task.exposed_on
        )
    template = msg(
        "{number} must be rectified by {rectify_by}; exposure is possible after that day, "
        "not on {day}"
    )
    return Rejected.by(
        "before_rectification",
        template,
        at="occurred_on",
        number=task.number,
        rectify_by=task.rectify_by,
        day=day,
    )


_REFUSALS: Final = {"warn": _no_warning, "supervise": _no_supervision, "expose": _no_exposure}
