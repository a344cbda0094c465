"""考(八)2: the milestones in force on a day and the checks of the schedule at the ends of quarters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .recognition import Facts, Project, credit_unit, excluded, node, passed_consultation


@dataclass(frozen=True)
class Check:
    """One project at the end of one quarter."""

    project: Project
    quarter: int
    day: date
    on_schedule: bool
    unit: str


def milestones_in_force(
    project: Project,
    day: date,
) -> dict[str, date]:
    """Each `ScheduleSet` by the day replaces the plan, but a milestone already due by then keeps its date."""
    plan: dict[str, date] = {}
    for event in project.all("ScheduleSet"):
        if event.occurred_on <= day:
            passed = {stage: due for stage, due in plan.items() if due <= event.occurred_on}
            named = {
                each["stage"]: date.fromisoformat(each["due_on"])
                for each in event.fields["milestones"]
            }
            plan = {**named, **passed}
    return plan


def quarters(year: int) -> list[tuple[int, date, date]]:
    """Number, first day and last day of each quarter."""
    first_days = [date(year, month, 1) for month in (1, 4, 7, 10)]
    ends = [day - timedelta(days=1) for day in (*first_days[1:], date(year + 1, 1, 1))]
    return list(zip((1, 2, 3, 4), first_days, ends, strict=True))


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
    year: int,
    begin: date,
    end: date,
) -> bool:
    """Whether a project is checked at the end of this quarter."""
    passed = passed_consultation(project)
    if (
        excluded(project)
        or passed is None
        or passed.occurred_on.year != year
        or passed.occurred_on > end
    ):
        return False
    if any(event.occurred_on <= end for event in project.all("ProjectTerminated")):
        return False
    due = {stage: day for stage, day in milestones_in_force(project, end).items() if day <= end}
    # "Not reached before the quarter began" is asked about the day before its first.
    return any(
        begin <= day or not reached_by(project, stage, begin - timedelta(days=1))
        for stage, day in due.items()
    )


def is_on_schedule(
    project: Project,
    end: date,
) -> bool:
    """Every milestone due at or before the check was reached at or before it."""
    plan = milestones_in_force(project, end)
    return all(reached_by(project, stage, end) for stage, due in plan.items() if due <= end)


def checks(
    facts: Facts,
    year: int,
) -> list[Check]:
    """All checks of the year by D, project by project."""
    return [
        Check(project, quarter, end, is_on_schedule(project, end), credit_unit(project))
        for project in facts.projects.values()
        for quarter, begin, end in quarters(year)
        if end <= facts.day and is_checked(project, year, begin, end)
    ]
