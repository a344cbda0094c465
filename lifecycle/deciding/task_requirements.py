"""Which act on a task is rejected on a day, and why: the ladder's other side (五单, 意8)."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from lifecycle.deciding.task_ladder import Action, Task, due_actions, first_warning_day
from lifecycle.rejections import Problem, Rejected, msg
from lifecycle.rulebook.sheet_policy import SheetLadder


def require_allowed(
    task: Task,
    action: Action | Literal["reopen"],
    day: date,
    ladder: SheetLadder,
    *,
    only_clearing_left: bool,
) -> None:
    """Let an action pass that may be taken on a day. Raises `Rejected`, saying why it may not.

    Any open task may be cleared and any cleared one reopened; all else must be due.
    """
    problem = _state_problem(task, action)
    if problem is None and action not in ("clear", "reopen"):
        due = due_actions(task, day, ladder, only_clearing_left=only_clearing_left)
        if action in [step.action for step in due]:
            return
        problem = _to_clear(task) if only_clearing_left else _NOT_DUE[action](task, day, ladder)
    if problem is not None:
        raise Rejected([problem])


def _state_problem(task: Task, action: str) -> Problem | None:
    if action == "reopen":
        if not task.is_open:
            return None
        return Problem(
            "task_open",
            msg("the task {number} is open; only a cleared task can be reopened"),
            {"number": task.number},
            "about",
        )
    if task.is_open:
        return None
    return Problem(
        "task_closed",
        msg("{number} was cleared on {day} and is not open"),
        {"number": task.number, "day": task.cleared_on},
        "about",
    )


def _to_clear(task: Task) -> Problem:
    return Problem(
        "to_clear",
        msg(
            "{number} is due for clearance: its stage is reached or its project is "
            "terminated; no other sheet is issued"
        ),
        {"number": task.number},
        "about",
    )


def _warning_not_due(task: Task, day: date, ladder: SheetLadder) -> Problem:
    if task.warned_on is not None:
        return Problem(
            "second_warning",
            msg("{number} already has a warning of {day}; each cycle has at most one"),
            {"number": task.number, "day": task.warned_on},
            "about",
        )
    return Problem(
        "warning_day",
        msg(
            "a warning about {number}, due on {due_on}, can be issued from {first} to "
            "{due_on}, not on {day}"
        ),
        {
            "number": task.number,
            "due_on": task.due_on,
            "first": first_warning_day(task, ladder),
            "day": day,
        },
        "occurred_on",
    )


def _supervision_not_due(task: Task, day: date, _: SheetLadder) -> Problem:
    if task.supervised_on is not None:
        return Problem(
            "second_supervision",
            msg("{number} already has a supervision of {day}; each cycle has at most one"),
            {"number": task.number, "day": task.supervised_on},
            "about",
        )
    return Problem(
        "not_overdue",
        msg("{number} is due on {due_on}; supervision is possible after that day, not on {day}"),
        {"number": task.number, "due_on": task.due_on, "day": day},
        "occurred_on",
    )


def _exposure_not_due(task: Task, day: date, _: SheetLadder) -> Problem:
    if task.rectify_by is None:
        return Problem(
            "not_supervised",
            msg("{number} has not been supervised; exposure requires a supervision"),
            {"number": task.number},
            "about",
        )
    if task.exposed_since_supervision:
        return Problem(
            "second_exposure",
            msg("{number} was already exposed on {day}, after its last supervision"),
            {"number": task.number, "day": task.exposed_on},
            "about",
        )
    return Problem(
        "before_rectification",
        msg(
            "{number} must be rectified by {rectify_by}; exposure is possible after that day, "
            "not on {day}"
        ),
        {"number": task.number, "rectify_by": task.rectify_by, "day": day},
        "occurred_on",
    )


_NOT_DUE: Final = {
    "warn": _warning_not_due,
    "supervise": _supervision_not_due,
    "expose": _exposure_not_due,
}
