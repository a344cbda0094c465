"""The rules on land and buildings that are offered to investors (spec 7)."""

from __future__ import annotations

from bisect import insort

from lifecycle.deciding.project_rules import alike_problem
from lifecycle.deciding.proposal import Proposal
from lifecycle.deciding.resource_course import ResourceEntry, course_problem, price_without_unit
from lifecycle.events.resource_events import (
    ResourceAllotted,
    ResourceEvent,
    ResourceListed,
    ResourceReleased,
)
from lifecycle.rejections import Problem, msg


def resource_is_listed(proposal: Proposal[ResourceEvent]) -> Problem | None:
    """A resource begins with its listing."""
    entries = proposal.state.resource_entries
    if any(isinstance(entry.event, ResourceListed) for entry in entries):
        return None
    return Problem(
        "resource_not_listed",
        msg("there is no resource {resource}; ResourceListed (资源入库) comes first"),
        {"resource": proposal.stream.name},
        "resource",
    )


def resource_is_new(proposal: Proposal[ResourceListed]) -> Problem | None:
    """A resource is listed once, under a code that no other has or looks like."""
    for entry in proposal.state.resource_entries:
        if isinstance(entry.event, ResourceListed):
            return Problem(
                "second_listing",
                msg(
                    "{resource} is already listed as “{name}”; record ResourceChanged (资源变更), "
                    "or choose another code"
                ),
                {"resource": proposal.stream.name, "name": entry.event.name},
                "resource",
            )
    return alike_problem(proposal, "second_listing", "resource")


def listed_price_says_per_what(proposal: Proposal[ResourceListed]) -> Problem | None:
    """A price means nothing without what it is for."""
    event = proposal.event
    if (event.price is None) == (event.price_per is None):
        return None
    return price_without_unit()


def allotted_project_is_reported(
    proposal: Proposal[ResourceAllotted | ResourceReleased],
) -> Problem | None:
    """Only a project that was reported takes land or buildings."""
    project = proposal.event.project
    if proposal.context.is_project(project):
        return None
    return Problem(
        "project_not_reported",
        msg("there is no project {project}; InformationReported (项目信息) comes first"),
        {"project": project},
        "project",
    )


def course_holds(proposal: Proposal[ResourceEvent]) -> Problem | None:
    """At no day more is allotted than there is, and everything comes after the listing."""
    entries = list(proposal.state.resource_entries)
    insort(entries, ResourceEntry(proposal.event.on, proposal.version, proposal.event))
    return course_problem(proposal.stream.name, entries)
