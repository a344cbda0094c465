"""Where each project under way stands on a day: its last node, and whether it is behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, Literal, NamedTuple

from lifecycle.events.vocabulary import STAGES
from projections.scoring.judgement import JudgedProject
from projections.views.project_deadlines import Deadline, is_complete, project_deadlines

Standing = Literal["overdue", "stalled", "on_track", "complete", "paused"]
STANDINGS: Final[tuple[Standing, ...]] = ("overdue", "stalled", "on_track", "complete", "paused")
"""From the one that asks for a decision first."""

# A look-back or a follow-up is the office's own duty: missing it is no delay of the project.
_DUTIES_OF_PROJECTS: Final = (
    "assessment_period",
    "milestone",
    "task",
    "rectification",
    "idle_plot",
)


class ProjectStanding(NamedTuple):
    """A project at its last node on the day.

    `delay` is the deadline of the project that has been past for longest, None where none is.
    """

    project: JudgedProject
    stage: str
    standing: Standing
    delay: Deadline | None


def project_standings(projects: Iterable[JudgedProject], day: date) -> Iterator[ProjectStanding]:
    """Yield each project under way; what is excluded or terminated is left out."""
    for project in projects:
        if project.excluded or project.facts.terminated_on is not None:
            continue
        past = [row for row in project_deadlines(project) if row.due_on < day]
        delays = [row for row in past if _is_of_project(row)]
        delay = min(delays, key=lambda row: row.due_on, default=None)
        is_stalled = any(row.kind == "stalled" for row in past)
        yield ProjectStanding(
            project,
            _last_stage(project),
            _standing(project, is_overdue=delay is not None, is_stalled=is_stalled),
            delay,
        )


def _is_of_project(deadline: Deadline) -> bool:
    # A cadence is kept by whoever follows the project.
    if deadline.kind == "limit":
        return not deadline.recurs
    return deadline.kind in _DUTIES_OF_PROJECTS


def _last_stage(project: JudgedProject) -> str:
    reached = [stage for stage in STAGES if project.node(stage) is not None]
    # A report of information opens a project, so the first node is where each one begins.
    return reached[-1] if reached else STAGES[0]


def _standing(project: JudgedProject, *, is_overdue: bool, is_stalled: bool) -> Standing:
    if is_overdue:
        return "overdue"
    if is_stalled:
        return "stalled"
    if project.facts.is_paused:
        return "paused"
    policy = project.policy.book.deadlines
    # Without deadlines the policy does not say what is left to reach.
    if policy is not None and is_complete(project, policy):
        return "complete"
    return "on_track"
