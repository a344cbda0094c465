"""考(八)2: the milestones in force on a day, and the schedule checks at the ends of quarters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .effective import last_of_month
from .recognition import Facts, Project, credit_unit, excluded, node, passed_consultation


@dataclass(frozen=True)
class QuarterCheck:
    """One project at the end of one quarter."""

    project: Project
    quarter: int
    day: date
    on_schedule: bool
    unit: str | None


@dataclass(frozen=True)
class Quarter:
    """A quarter of a year: its number, its first and last day."""

    number: int
    begins: date
    ends: date


def milestones_in_force(
    project: Project,
    day: date,
) -> dict[str, date]:
    """The milestones by stage on a day.

    Each `ScheduleSet` by the day replaces the plan, but a milestone already due by then keeps its
    date.
    """
    plan: dict[str, date] = {}
    for event in project.all("ScheduleSet"):
        if event.occurred_on > day:
            continue
        already_due = {stage: due for stage, due in plan.items() if due <= event.occurred_on}
        plan = {}
        for milestone in event.fields["milestones"]:
            plan[milestone["stage"]] = date.fromisoformat(milestone["due_on"])
        plan.update(already_due)
    return plan


def due_milestones(
    project: Project,
    day: date,
) -> dict[str, date]:
    """The milestones in force on a day that are due by then."""
    plan = milestones_in_force(project, day)
    return {stage: due for stage, due in plan.items() if due <= day}


def quarters(year: int) -> Iterator[Quarter]:
    """The quarters of a year."""
    for number in (1, 2, 3, 4):
        last_month = date(year, 3 * number, 1)
        yield Quarter(number, date(year, 3 * number - 2, 1), last_of_month(last_month))


def reached_by(
    project: Project,
    stage: str,
    day: date,
) -> bool:
    """Whether the node was reached at or before the day."""
    event = node(project, stage)
    return event is not None and event.occurred_on <= day


def is_checked(
    project: Project,
    quarter: Quarter,
) -> bool:
    """Whether a project is checked at the end of this quarter."""
    passed = passed_consultation(project)
    if excluded(project) or passed is None:
        return False
    consulted_on = passed.occurred_on
    if consulted_on.year != quarter.ends.year or consulted_on > quarter.ends:
        return False
    terminations = project.all("ProjectTerminated")
    if any(event.occurred_on <= quarter.ends for event in terminations):
        return False
    # "Not reached before the quarter began" is asked about the day before its first.
    day_before = quarter.begins - timedelta(days=1)
    for stage, due in due_milestones(project, quarter.ends).items():
        if due >= quarter.begins or not reached_by(project, stage, day_before):
            return True
    return False


def is_on_schedule(
    project: Project,
    day: date,
) -> bool:
    """Whether every milestone due at or before the check was reached at or before it."""
    return all(reached_by(project, stage, day) for stage in due_milestones(project, day))


def checks(
    facts: Facts,
    year: int,
) -> list[QuarterCheck]:
    """All checks of the year by D, project by project."""
    year_checks: list[QuarterCheck] = []
    for project in facts.projects.values():
        for quarter in quarters(year):
            if quarter.ends > facts.day or not is_checked(project, quarter):
                continue
            check = QuarterCheck(
                project,
                quarter.number,
                quarter.ends,
                is_on_schedule(project, quarter.ends),
                credit_unit(project),
            )
            year_checks.append(check)
    return year_checks
