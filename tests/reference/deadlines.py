"""Deadlines (spec 3) at (D, K), of projects neither terminated nor excluded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from .effective import Event, Record, effective
from .recognition import (
    REAL_ESTATE,
    SERVICE_TAX_FLOOR,
    Project,
    credit_unit,
    excluded,
    facts,
    fixed_assets,
    paused,
    period_end,
    responsible_unit,
    scale,
    tax_of_year,
    terminated,
)
from .resources import fields_of, of_resources
from .schedule import milestones_in_force, reached_by
from .sheets import tasks_of

STALLED_DAYS = 30
LEVELS = ("red", "orange", "yellow", "blue")
ORANGE_DAYS, YELLOW_DAYS, BLUE_DAYS = 7, 30, 90
CLAUSES = {
    "assessment_period": "考(七)",
    "milestone": "考(八)2",
    "task": "意8",
    "rectification": "意8",
    "look_back": "意9",
    "follow_up": "意9",
    "stalled": "意8",
    "idle_plot": "意8",
}
BASES = {
    "assessment_period": "interpretation",
    "milestone": "policy",
    "task": "policy",
    "rectification": "assumption",
    "look_back": "policy",
    "follow_up": "assumption",
    "stalled": "assumption",
    "idle_plot": "assumption",
}


class Deadline(NamedTuple):
    """What is due when, before the day is asked about."""

    kind: str
    project: Project
    unit: str | None
    about: str | None
    due_on: date


def deadlines(
    records: Sequence[Record],
    as_of: date,
    known_at: datetime | None = None,
    idle_days: int | None = None,
) -> list[dict[str, Any]]:
    """All rows at D, by level, then due_on, then project.

    `idle_days` are those of a rulebook that watches plots.
    """
    pending: list[Deadline] = []
    plots = {} if idle_days is None else plots_of_projects(effective(records, known_at), as_of)
    for project in facts(records, as_of, known_at).projects.values():
        if terminated(project) or excluded(project):
            continue
        pending += assessment_period(project)
        pending += milestones(project, as_of)
        pending += tasks(project)
        pending += look_backs(project, as_of)
        if idle_days is not None:
            pending += idle_plots(project, plots.get(project.code, {}), idle_days)
        if not paused(project):
            pending += follow_ups(project)
            pending += stalled(project, as_of)
    rows = [row_of(deadline, as_of) for deadline in pending]
    listed = [row for row in rows if row["level"] is not None]
    return sorted(listed, key=_row_order)


def _row_order(row: dict[str, Any]) -> tuple[int, str, str]:
    return (LEVELS.index(row["level"]), row["due_on"], row["project"])


def row_of(
    deadline: Deadline,
    day: date,
) -> dict[str, Any]:
    """A row of `deadlines`."""
    left = (deadline.due_on - day).days
    fixed = {"clause": CLAUSES[deadline.kind], "basis": BASES[deadline.kind]}
    due_on = deadline.due_on.isoformat()
    return {
        **deadline._asdict(),
        "project": deadline.project.code,
        "name": deadline.project.all_units.shown(deadline.unit),
        "due_on": due_on,
        "days_left": left,
        "level": level(left),
        **fixed,
    }


def level(days_left: int) -> str | None:
    """How near it is; None for what lies too far off to be listed."""
    if days_left < 0:
        return "red"
    if days_left <= ORANGE_DAYS:
        return "orange"
    if days_left <= YELLOW_DAYS:
        return "yellow"
    if days_left <= BLUE_DAYS:
        return "blue"
    return None


def assessment_period(project: Project) -> list[Deadline]:
    """The end of 考(七)'s period, while the project is not complete."""
    end = period_end(project)
    if end is None or complete(project):
        return []
    return [Deadline("assessment_period", project, credit_unit(project), None, end)]


def complete(project: Project) -> bool:
    """Fixed assets of all months reach the scale; service: a year's tax does.

    Real estate: the land is acquired.
    """
    sector = project.information.fields["sector"]
    if sector in REAL_ESTATE:
        return project.first("LandAcquired") is not None
    if sector == "service":
        years = {event.month().year for event in project.all("TaxPaid")}
        return any(tax_of_year(project, year) >= SERVICE_TAX_FLOOR for year in years)
    return fixed_assets(project) >= scale(project)


def milestones(
    project: Project,
    day: date,
) -> list[Deadline]:
    """Each milestone in force at D that is not reached by D."""
    plan = milestones_in_force(project, day)
    return [
        Deadline("milestone", project, credit_unit(project), stage, due)
        for stage, due in plan.items()
        if not reached_by(project, stage, day)
    ]


def tasks(project: Project) -> list[Deadline]:
    """Each open task, and its last `rectify_by` if its cycle has one."""
    rows = []
    for task in tasks_of(project):
        if task.is_open:
            unit = responsible_unit(project, task.responsible_unit)
            rows.append(Deadline("task", project, unit, task.number, task.due_on))
            if task.rectify_by is not None:
                rows.append(Deadline("rectification", project, unit, task.number, task.rectify_by))
    return rows


def half_years(day: date) -> list[tuple[str, date, date]]:
    """The half-year before the one that the day lies in, and that one.

    Name, first day, last day.
    """
    year = day.year
    first = (f"{year}-H1", date(year, 1, 1), date(year, 6, 30))
    second = (f"{year}-H2", date(year, 7, 1), date(year, 12, 31))
    before = (f"{year - 1}-H2", date(year - 1, 7, 1), date(year - 1, 12, 31))
    if day <= first[2]:
        return [before, first]
    return [first, second]


def look_backs(
    project: Project,
    day: date,
) -> list[Deadline]:
    """意9: projects signed in an earlier year and without a `ReviewHeld` in the half-year."""
    signed = project.first("AgreementSigned")
    rows = []
    for name, begin, end in half_years(day):
        reviewed = any(begin <= event.occurred_on <= end for event in project.all("ReviewHeld"))
        if signed is not None and signed.occurred_on.year < begin.year and not reviewed:
            rows.append(Deadline("look_back", project, credit_unit(project), name, end))
    return rows


def follow_ups(project: Project) -> list[Deadline]:
    """The next day that the last follow-up by D names, if it names one."""
    talks = project.all("FollowedUp")
    if not talks or "next_on" not in talks[-1].fields:
        return []
    next_on = date.fromisoformat(talks[-1].fields["next_on"])
    return [Deadline("follow_up", project, credit_unit(project), None, next_on)]


def stalled(
    project: Project,
    day: date,
) -> list[Deadline]:
    """Nothing has happened for 30 days before statistics entry.

    Listed only once the day has passed.
    """
    due_on = max(event.occurred_on for event in project.events) + timedelta(days=STALLED_DAYS)
    if reached_by(project, "statistics", day) or day <= due_on:
        return []
    return [Deadline("stalled", project, credit_unit(project), None, due_on)]


def plots_of_projects(
    events: Sequence[Event],
    day: date,
) -> dict[str, dict[str, list[date]]]:
    """Project → plot → the days of its allotments that were not given back."""
    plots: dict[str, dict[str, list[date]]] = {}
    for code, stream in of_resources(events, day).items():
        if fields_of(stream).get("kind") != "plot":
            continue
        for event in stream:
            taken = plots.setdefault(str(event.fields.get("project")), {})
            if event.kind == "ResourceAllotted":
                taken.setdefault(code, []).append(event.occurred_on)
            if event.kind == "ResourceReleased":
                taken.pop(code, None)
    return plots


def idle_plots(
    project: Project,
    plots: dict[str, list[date]],
    idle_days: int,
) -> list[Deadline]:
    """The first allotment of each plot on whose day, or later, no land was acquired."""
    rows = []
    for code, days in plots.items():
        waiting = [
            day
            for day in days
            if all(land.occurred_on < day for land in project.all("LandAcquired"))
        ]
        if waiting:
            due_on = min(waiting) + timedelta(days=idle_days)
            rows.append(Deadline("idle_plot", project, credit_unit(project), code, due_on))
    return rows
