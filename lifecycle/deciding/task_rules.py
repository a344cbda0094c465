"""The rules on the tasks that sheets are about (五单, spec 3).

What is due for a task on a day is another question, which the ladder answers before a sheet is
issued. These rules hold for records of any origin, an old ledger's included.
"""

from __future__ import annotations

from lifecycle.deciding.decision_state import TaskChange, opens
from lifecycle.deciding.proposal import Proposal
from lifecycle.events.sheet_events import TaskCleared, TaskFollowUp, TaskReopened
from lifecycle.rejections import Problem, msg


def task_exists(proposal: Proposal[TaskFollowUp]) -> Problem | None:
    """A sheet about a task names a task of its project."""
    tasks = proposal.state.tasks
    number = proposal.event.about
    if number in tasks:
        return None
    return Problem(
        "no_task",
        msg("{project} has no task {number}; its tasks are {allowed}"),
        {"project": proposal.stream.name, "number": number, "allowed": list(tasks)},
        "about",
    )


def task_changes_in_turn(proposal: Proposal[TaskCleared | TaskReopened]) -> Problem | None:
    """A task is cleared while it is open, and reopened while it is cleared."""
    event = proposal.event
    number = event.about
    last_change = _last_change(proposal)
    if last_change is None:
        return Problem(
            "task_order",
            msg("the task {number} is assigned only after {day}"),
            {"number": number, "day": event.on},
            "occurred_on",
        )
    if last_change.opens != opens(event):
        return None
    if last_change.opens:
        return Problem(
            "task_open",
            msg("the task {number} is open; only a cleared task can be reopened"),
            {"number": number},
            "about",
        )
    return Problem(
        "task_closed",
        msg("the task {number} is not open; only an open task can be cleared"),
        {"number": number},
        "about",
    )


def _last_change(proposal: Proposal[TaskCleared | TaskReopened]) -> TaskChange | None:
    """The last change of the task by the day of the event, which may be recorded late."""
    last_change = None
    for change in proposal.state.tasks[proposal.event.about]:
        if change.on <= proposal.event.on:
            last_change = change
    return last_change
