"""What becomes of a resource from event to event, and the first event that cannot be (spec 7).

Its events count in the order (day, version), whatever the order in which they were recorded: a
change or an allotment of an earlier day may leave too little for one that is recorded already.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from lifecycle.events.field_types import plain
from lifecycle.events.resource_events import (
    CHANGEABLE,
    ResourceAllotted,
    ResourceChanged,
    ResourceEvent,
    ResourceListed,
    ResourceReleased,
    ResourceWithdrawn,
)
from lifecycle.rejections import Problem, msg

# An area has at most 24 digits, so that Python's 28 keep sums of thousands of them exact.
_NOTHING: Final = Decimal(0)


class ResourceEntry(NamedTuple):
    """An event of a resource. Entries sort as they count: (day, version)."""

    on: date
    version: int
    event: ResourceEvent


class Areas(NamedTuple):
    """An area of land in mu and one of floors in m²."""

    mu: Decimal = _NOTHING
    floor_m2: Decimal = _NOTHING

    def plus(self, other: Areas) -> Areas:
        """Return the sums."""
        return Areas(self.mu + other.mu, self.floor_m2 + other.floor_m2)

    def minus(self, other: Areas) -> Areas:
        """Return the differences."""
        return Areas(self.mu - other.mu, self.floor_m2 - other.floor_m2)

    @property
    def is_negative(self) -> bool:
        """Whether either is below 0."""
        return self.mu < 0 or self.floor_m2 < 0


@dataclass(frozen=True, slots=True)
class Allotment:
    """What a project took of a resource, and by which version of its stream."""

    project: str
    on: date
    version: int
    areas: Areas


@dataclass(slots=True)
class ResourceCourse:
    """A resource after some of its events."""

    listing: ResourceListed | None = None
    """The listing with the fields that changes gave since."""
    allotments: list[Allotment] = field(default_factory=list)
    """What is allotted and not released, in order."""
    withdrawn_on: date | None = None

    @property
    def listed(self) -> Areas:
        """What there is of it."""
        if self.listing is None:
            return Areas()
        return areas_of(self.listing)

    @property
    def free(self) -> Areas:
        """Listed − allotted + released."""
        free = self.listed
        for allotment in self.allotments:
            free = free.minus(allotment.areas)
        return free

    def holds(self, project: str) -> bool:
        """Return whether a project has some of it."""
        return any(allotment.project == project for allotment in self.allotments)

    def apply(self, entry: ResourceEntry) -> None:
        """Take the next event."""
        event = entry.event
        match event:
            case ResourceListed():
                self.listing = event
            case ResourceChanged():
                self._change(event)
            case ResourceAllotted():
                areas = self.areas_taken(event)
                allotment = Allotment(event.project, entry.on, entry.version, areas)
                self.allotments.append(allotment)
            case ResourceReleased():
                remaining = [each for each in self.allotments if each.project != event.project]
                self.allotments = remaining
            case ResourceWithdrawn():
                self.withdrawn_on = entry.on

    def areas_taken(self, event: ResourceAllotted) -> Areas:
        """Return what an allotment takes: all that is free where it names no area."""
        if event.area_mu is None and event.floor_area_m2 is None:
            return self.free
        return areas_of(event)

    def _change(self, event: ResourceChanged) -> None:
        if self.listing is None:
            return
        changes: dict[str, object] = {}
        for name in CHANGEABLE:
            value = getattr(event, name)
            if value is not None:
                changes[name] = value
        self.listing = self.listing.model_copy(update=changes)


def areas_of(event: ResourceListed | ResourceAllotted) -> Areas:
    """Return the areas that an event names; one that it leaves out is 0."""
    return Areas(Decimal(event.area_mu or 0), Decimal(event.floor_area_m2 or 0))


def course_of(entries: Iterable[ResourceEntry]) -> ResourceCourse:
    """Return a resource after its events, which come in the order that counts."""
    course = ResourceCourse()
    for entry in entries:
        course.apply(entry)
    return course


# What cannot be -----------------------------------------------------------------------------------


def course_problem(resource: str, entries: Iterable[ResourceEntry]) -> Problem | None:
    """Return the first problem along a course, whose entries come in the order that counts."""
    course = ResourceCourse()
    for entry in entries:
        problem = _problem_before(resource, course, entry)
        if problem is not None:
            return problem
        course.apply(entry)
        if course.free.is_negative:
            return _too_little(resource, course, entry)
    return None


def _problem_before(resource: str, course: ResourceCourse, entry: ResourceEntry) -> Problem | None:
    """Return the problem with an entry by what is so before it."""
    event = entry.event
    values: dict[str, object] = {"resource": resource, "day": entry.on}
    if isinstance(event, ResourceListed):
        return None
    if course.listing is None:
        template = msg("{resource} is not listed on {day}; ResourceListed (资源入库) comes first")
        return Problem("resource_not_listed", template, values, "occurred_on")
    if isinstance(event, ResourceReleased):
        return _release_problem(course, event, values)
    if course.withdrawn_on is not None:
        values["withdrawn"] = course.withdrawn_on
        return Problem("resource_withdrawn", _WITHDRAWN, values, "occurred_on")
    problem = None
    if isinstance(event, ResourceChanged):
        problem = _price_problem(course.listing, event)
    elif isinstance(event, ResourceAllotted) and course.areas_taken(event) == Areas():
        template = msg("nothing of {resource} is free on {day}, or no area above 0 is allotted")
        problem = Problem("nothing_allotted", template, values, "area_mu")
    return problem


def _release_problem(
    course: ResourceCourse, event: ResourceReleased, values: dict[str, object]
) -> Problem | None:
    if course.holds(event.project):
        return None
    holders = sorted({allotment.project for allotment in course.allotments})
    template = msg("{project} has nothing of {resource} on {day}; projects that do: {allowed}")
    values |= {"project": event.project, "allowed": holders}
    return Problem("nothing_to_release", template, values, "project")


def _price_problem(listing: ResourceListed, event: ResourceChanged) -> Problem | None:
    price = event.price or listing.price
    price_per = event.price_per or listing.price_per
    if (price is None) == (price_per is None):
        return None
    return price_without_unit()


def price_without_unit() -> Problem:
    """Return the problem with a price that does not say per what it is, or the reverse."""
    template = msg("a price and price_per (per mu, or per m² and year) are given together")
    return Problem("price_per", template, {}, "price_per")


def _too_little(resource: str, course: ResourceCourse, entry: ResourceEntry) -> Problem:
    """Return the problem with an entry after which less than nothing is free."""
    is_land = course.free.mu < 0
    values: dict[str, object] = {"resource": resource, "day": entry.on, "version": entry.version}
    free = course.free
    field_name = "area_mu" if is_land else "floor_area_m2"
    if isinstance(entry.event, ResourceAllotted):
        taken = course.allotments[-1].areas
        free = free.plus(taken)
        values |= {"project": entry.event.project, "areas": _measure(taken, is_land=is_land)}
        template = _TOO_LITTLE_LAND if is_land else _TOO_LITTLE_FLOOR
    else:
        values["areas"] = _measure(course.listed.minus(free), is_land=is_land)
        free = course.listed
        template = _LESS_LAND if is_land else _LESS_FLOOR
    values["free"] = _measure(free, is_land=is_land)
    return Problem("too_little_free", template, values, field_name)


def _measure(areas: Areas, *, is_land: bool) -> str:
    return plain(areas.mu if is_land else areas.floor_m2)


_WITHDRAWN: Final = msg(
    "{resource} was withdrawn on {withdrawn}; nothing of {day} but a release may follow"
)
_TOO_LITTLE_LAND: Final = msg(
    "{resource} has {free} mu free on {day}, too little for the {areas} mu allotted to {project} "
    "(event {version})"
)
_TOO_LITTLE_FLOOR: Final = msg(
    "{resource} has {free} m² free on {day}, too little for the {areas} m² allotted to {project} "
    "(event {version})"
)
_LESS_LAND: Final = msg(
    "{resource} would have {free} mu from {day} on (event {version}), but {areas} mu are allotted"
)
_LESS_FLOOR: Final = msg(
    "{resource} would have {free} m² from {day} on (event {version}), but {areas} m² are allotted"
)
