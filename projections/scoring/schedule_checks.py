"""Schedules (考(八)2): the milestones in force on a day, and checks against them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from lifecycle.calendar import first_day, period_ends
from projections.facts.project_facts import Node, Plan, ProjectFacts

_NAME: Final = {
    "quarter": "{year}-Q{number}",
    "month": "{year}-{number:02}",
    "half_year": "{year}-H{number}",
}


class MilestonesInForce(NamedTuple):
    """A milestone's due day and the version of the plan that set it."""

    due_on: date
    version: int


class ScheduleCheck(NamedTuple):
    """A check at the end of a quarter, month or half-year: milestones due, whether all were met."""

    period: str
    on: date
    passed: bool
    milestones: dict[str, MilestonesInForce]


def in_force(
    plans: list[Plan],
    day: date,
) -> dict[str, MilestonesInForce]:
    """The milestones in force on a day, by stage.

    Each plan replaces the one before, but a milestone already due at or before the revision's day
    keeps its date: a revision moves no date that has passed, whether or not it names the stage.
    """
    current: dict[str, MilestonesInForce] = {}
    # Plans come in the order of their days.
    for plan in plans:
        if plan.on > day:
            break
        past = {
            stage: milestone for stage, milestone in current.items() if milestone.due_on <= plan.on
        }
        current = {
            milestone.stage: MilestonesInForce(milestone.due_on, plan.version)
            for milestone in plan.milestones
        }
        current.update(past)
    return current


def counted_nodes(
    project: ProjectFacts,
    *,
    by_tax: bool,
) -> dict[str, Node]:
    """The nodes as the policy counts them, by stage.

    With `by_tax` the investment of a service project is its first tax.
    """
    if not by_tax:
        return project.nodes
    # 考(五)4 measures service projects by tax; what they invest is no node.
    nodes = dict(project.nodes)
    nodes.pop("investment", None)
    if project.tax_node is not None:
        nodes["investment"] = project.tax_node
    return nodes


def schedule_checks(
    project: ProjectFacts,
    nodes: Mapping[str, Node],
    year: int,
    as_of: date,
    every: str,
) -> Iterator[ScheduleCheck]:
    """The checks of a year by a day, one at the end of each quarter, or other period.

    `nodes` are those that the policy counts. A project is checked in the year of its consultation,
    from then on, until it is terminated.
    """
    # 考(八)2 speaks of 2024年新决策项目: projects whose consultation was passed in the year.
    consulted = project.nodes.get("consultation")
    if consulted is None or consulted.on.year != year or not project.plans:
        return
    for number, end in enumerate(period_ends(year, every), start=1):
        if end > as_of:
            return
        if consulted.on > end or _terminated_by(project, end):
            continue
        milestones = _due_by(project, end)
        if _is_checked(milestones, nodes, first_day(end, every)):
            name = _NAME[every].format(year=year, number=number)
            yield ScheduleCheck(
                name,
                end,
                _on_schedule(milestones, nodes, end),
                milestones,
            )


def _terminated_by(project: ProjectFacts, day: date) -> bool:
    return project.terminated_on is not None and project.terminated_on <= day


def _due_by(
    project: ProjectFacts,
    day: date,
) -> dict[str, MilestonesInForce]:
    """The milestones in force on a day that are due by then."""
    milestones = in_force(project.plans, day)
    return {stage: milestone for stage, milestone in milestones.items() if milestone.due_on <= day}


def _is_checked(
    milestones: Mapping[str, MilestonesInForce],
    nodes: Mapping[str, Node],
    begins: date,
) -> bool:
    """Whether a milestone falls due within the period, or was not reached before the period began.

    What was due and reached earlier has been judged at an earlier check.
    """
    for stage, milestone in milestones.items():
        if milestone.due_on >= begins:
            return True
        node = nodes.get(stage)
        if node is None or node.on >= begins:
            return True
    return False


def _on_schedule(
    milestones: Mapping[str, MilestonesInForce],
    nodes: Mapping[str, Node],
    day: date,
) -> bool:
    """Whether every milestone due by the day was reached by then."""
    for stage in milestones:
        node = nodes.get(stage)
        if node is None or node.on > day:
            return False
    return True
