"""Schedules: which milestones are in force on a day, and what a check at a quarter's end finds (考(八)2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from lifecycle.calendar import first_day, period_ends
from projections.facts.project_facts import Node, Plan, ProjectFacts

_SIGN: Final = {"quarter": "Q", "month": "", "half_year": "H"}
_WIDTH: Final = {"quarter": 1, "month": 2, "half_year": 1}


class MilestonesInForce(NamedTuple):
    """A milestone's due day and the version of the plan that set it."""

    due_on: date
    version: int


def in_force(plans: list[Plan], day: date) -> dict[str, MilestonesInForce]:
    """The milestones in force on a day.

    Each plan replaces the one before, but a milestone already due at or before the revision's day keeps its date: a
    revision moves no date that has passed, whether or not it names the stage.
    """
    current: dict[str, MilestonesInForce] = {}
    for plan in plans:
        if plan.on > day:
            break
        passed = {
            stage: milestone for stage, milestone in current.items() if milestone.due_on <= plan.on
        }
        current = {
            milestone.stage: MilestonesInForce(milestone.due_on, plan.version)
            for milestone in plan.milestones
        } | passed
    return current


class ScheduleCheck(NamedTuple):
    """A check at a quarter's end: whether on schedule, and the milestones looked at."""

    quarter: str
    on: date
    passed: bool
    milestones: dict[str, MilestonesInForce]


def reached(project: ProjectFacts, *, by_tax: bool) -> dict[str, Node]:
    """The nodes as the policy counts them, by stage; a service project's investment is its first tax."""
    if not by_tax:
        return project.nodes
    nodes = {stage: node for stage, node in project.nodes.items() if stage != "investment"}
    return nodes if project.tax_node is None else nodes | {"investment": project.tax_node}


def checks(
    project: ProjectFacts, counted: Mapping[str, Node], year: int, as_of: date, every: str
) -> Iterator[ScheduleCheck]:
    """The checks of a year by a day, on the nodes as they are counted: of a project consulted in that year, at the end of each quarter, or other period, that it is checked."""
    consulted = project.nodes.get("consultation")
    if consulted is None or consulted.on.year != year or not project.plans:
        return
    for number, end in enumerate(period_ends(year, every), start=1):
        if end > as_of:
            return
        if consulted.on > end or (
            project.terminated_on is not None and project.terminated_on <= end
        ):
            continue
        due = {
            stage: milestone
            for stage, milestone in in_force(project.plans, end).items()
            if milestone.due_on <= end
        }
        nodes = {stage: counted.get(stage) for stage in due}
        begins = first_day(end, every)
        if any(
            milestone.due_on >= begins or (node := nodes[stage]) is None or node.on >= begins
            for stage, milestone in due.items()
        ):
            on_schedule = all(node is not None and node.on <= end for node in nodes.values())
            yield ScheduleCheck(
                f"{year}-{_SIGN[every]}{number:0{_WIDTH[every]}}", end, on_schedule, due
            )
