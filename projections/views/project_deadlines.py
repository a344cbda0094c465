"""The deadlines of one project on a day, however far off.

Nine kinds, of projects neither terminated nor excluded (spec 3; limits: spec 6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from lifecycle.calendar import HalfYear, half_year
from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook.deadline_policy import DEFAULT_FOLLOW_UP, Deadlines, UrgencyDays
from lifecycle.rulebook.parts import Sourced
from projections.facts.narrow_events import micro
from projections.scoring.judgement import JudgedProject
from projections.scoring.running_limits import running_limits
from projections.scoring.schedule_checks import in_force


class Deadline(NamedTuple):
    """What is due when, whatever the day that asks; clause and basis are the rulebook's.

    `about` is the stage of a milestone, the number of a task, the half-year of a look-back, the
    code of an idle plot, the id of a limit, else None. A limit has a `subject` that readers know,
    and may have levels of its own; it `recurs` where it is a cadence.
    """

    kind: str
    project: str
    unit: str | None
    about: str | None
    due_on: date
    clause: str
    basis: str
    estimated: bool
    """Whether it rests on working days of a year without an official arrangement yet."""
    name: str | None
    """What the unit is called on the day."""
    subject: str | None = None
    levels: UrgencyDays | None = None
    recurs: bool = False

    def is_forecast(self, day: date) -> bool:
        """Whether it only comes to pass if nothing happens until then: a project that may stall."""
        return self.kind == "stalled" and self.due_on >= day


def project_deadlines(project: JudgedProject) -> list[Deadline]:
    """Return every deadline of a project on the day it is judged at, however far off.

    There is none for a terminated or excluded project; under a rulebook without deadlines there are
    limits alone.
    """
    if project.facts.terminated_on is not None or project.excluded:
        return []
    policy = project.policy.book.deadlines
    limits = list(_limits(project))
    if policy is None:
        return limits
    return [
        *_assessment_period(project, policy),
        *_milestones(project, policy),
        *_tasks(project, policy),
        *_look_backs(project, policy),
        *_follow_ups(project, policy),
        *_stalled(project, policy),
        *_idle_plots(project, policy),
        *limits,
    ]


def _deadline(
    project: JudgedProject,
    kind: str,
    due_on: date,
    source: Sourced,
    *,
    about: str | None = None,
    unit: str | None = None,
    estimated: bool = False,
) -> Deadline:
    code = project.facts.code
    # A task binds the unit that it was assigned to; all else the one with the credit.
    concerned = unit or project.unit
    return Deadline(
        kind,
        code,
        concerned,
        about,
        due_on,
        source.clause,
        source.basis,
        estimated,
        project.units.shown_name_or_none(concerned),
    )


def _assessment_period(
    project: JudgedProject,
    policy: Deadlines,
) -> Iterator[Deadline]:
    if project.period_end is not None and not is_complete(project, policy):
        yield _deadline(
            project,
            "assessment_period",
            project.period_end,
            policy.assessment_period,
        )


def is_complete(project: JudgedProject, policy: Deadlines) -> bool:
    """Whether the project has nothing left to reach.

    The scale invested, a year's tax, or the land, by its sector.
    """
    sector = project.information.sector
    rows = [row for row in policy.assessment_period.complete if sector in row.sector]
    # The rulebook names every sector that it knows once; of another one it expects nothing.
    if not rows:
        return True
    row = rows[0]
    if row.by == "land_acquired":
        return "land" in project.facts.nodes
    if row.at_least is None:
        # All months count, not only those of the assessed year.
        return project.invested >= project.scale
    tax_by_year: Counter[str] = Counter()
    for month, _version, tax in project.facts.taxes:
        tax_by_year[month[:4]] += micro(tax.amount)
    return any(tax >= row.at_least * MICRO for tax in tax_by_year.values())


def _milestones(project: JudgedProject, policy: Deadlines) -> Iterator[Deadline]:
    for stage, milestone in in_force(project.facts.plans, project.axes.as_of).items():
        if stage not in project.nodes:
            yield _deadline(
                project,
                "milestone",
                milestone.due_on,
                policy.milestone,
                about=stage,
            )


def _tasks(project: JudgedProject, policy: Deadlines) -> Iterator[Deadline]:
    for task in project.facts.tasks.values():
        if not task.is_open:
            continue
        unit = project.responsible_unit(task)
        yield _deadline(
            project,
            "task",
            task.due_on,
            policy.task,
            about=task.number,
            unit=unit,
        )
        # The supervision of an earlier cycle is forgotten when a task is reopened.
        if task.rectify_by is not None:
            yield _deadline(
                project,
                "rectification",
                task.rectify_by,
                policy.rectification,
                about=task.number,
                unit=unit,
                estimated=not project.axes.working_days.knows(task.rectify_by),
            )


def _look_backs(project: JudgedProject, policy: Deadlines) -> Iterator[Deadline]:
    signed = project.facts.nodes.get("signing")
    if signed is None:
        return
    for period in _watched_half_years(project.axes.as_of):
        # 往年: a project is looked back on from the year after its signing.
        signed_earlier = signed.on.year < period.first.year
        reviewed = any(period.first <= day <= period.last for day in project.facts.reviews)
        if signed_earlier and not reviewed:
            yield _deadline(
                project,
                "look_back",
                period.last,
                policy.look_back,
                about=period.name,
            )


@lru_cache(maxsize=64)
def _watched_half_years(day: date) -> tuple[HalfYear, HalfYear]:
    """Return the half-year before the day's, which may be overdue, and the day's own."""
    current = half_year(day)
    return half_year(current.first - timedelta(days=1)), current


def _follow_ups(project: JudgedProject, policy: Deadlines) -> Iterator[Deadline]:
    follow_ups = project.facts.follow_ups
    if not follow_ups or project.facts.is_paused:
        return
    # Only the last counts: each follow-up says anew what is next, or that nothing is.
    next_on = follow_ups[-1].next_on
    if next_on is not None:
        yield _deadline(project, "follow_up", next_on, policy.follow_up or DEFAULT_FOLLOW_UP)


def _stalled(project: JudgedProject, policy: Deadlines) -> Iterator[Deadline]:
    if project.facts.is_paused:
        return
    # Any event moves the day, a correction none: it says something about an earlier day.
    if project.node(policy.stalled.until) is None:
        due_on = project.facts.last_on + timedelta(days=policy.stalled.days)
        yield _deadline(
            project,
            "stalled",
            due_on,
            policy.stalled,
        )


def _idle_plots(project: JudgedProject, policy: Deadlines) -> Iterator[Deadline]:
    """Plots that the project has, without land acquired on the day of the allotment or later."""
    if policy.idle_plot is None:
        return
    last_acquired = max((parcel.on for parcel in project.facts.parcels), default=date.min)
    watched: set[str] = set()
    for plot in project.plots:
        # Of several allotments of a plot the first that still waits says when it is idle.
        if plot.on <= last_acquired or plot.resource in watched:
            continue
        watched.add(plot.resource)
        due_on = plot.on + timedelta(days=policy.idle_plot.days)
        yield _deadline(project, "idle_plot", due_on, policy.idle_plot, about=plot.resource)


def _limits(project: JudgedProject) -> Iterator[Deadline]:
    """The time limits and cadences of the rulebook that run for the project."""
    for limit, due_on, estimated in running_limits(project):
        deadline = _deadline(
            project,
            "limit",
            due_on,
            limit,
            about=limit.id,
            estimated=estimated,
        )
        yield deadline._replace(
            subject=limit.chinese,
            levels=limit.levels,
            recurs=limit.to_stage is None,
        )
