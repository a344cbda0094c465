"""The time limits and cadences that run for a project on a day (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from lifecycle.rulebook.limit_policy import TimeLimit
from projections.scoring.judgement import JudgedProject
from projections.scoring.limit_due_days import cadence_events


class RunningLimit(NamedTuple):
    """A limit that a project has begun and not ended, and the day by which it is due."""

    limit: TimeLimit
    due_on: date
    estimated: bool


def running_limits(project: JudgedProject) -> Iterator[RunningLimit]:
    """The limits that run on the day that the project is judged at, however far off."""
    for limit, fits in project.policy.limits:
        if fits is not None and not fits(project):
            continue
        runs_from = _runs_from(project, limit)
        if runs_from is None:
            continue
        due = limit.due_after(runs_from, project.axes.working_days)
        yield RunningLimit(limit, due.day, due.estimated)


def _runs_from(project: JudgedProject, limit: TimeLimit) -> date | None:
    """The day that a limit runs from; None where it has not begun, or has ended."""
    begun = project.node(limit.from_stage)
    if begun is None:
        return None
    is_cadence = limit.to_stage is None
    end = limit.until if is_cadence else limit.to_stage
    if end is not None and project.node(end) is not None:
        return None
    if not is_cadence:
        return begun.on
    # Whoever pauses a project asks nobody to keep calling on it.
    if project.facts.is_paused:
        return None
    return max([begun.on, *(node.on for node in cadence_events(project, limit))])
