"""The resource list (资源清单), and what of it suits a project (意8; spec 7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from lifecycle.deciding.corrections import effective as effective_events
from lifecycle.deciding.resource_course import Allotment, Areas
from lifecycle.events import RecordedEvent, Stream
from lifecycle.events.field_types import plain
from lifecycle.events.folded_text import folded_name
from lifecycle.events.project_events import InformationReported
from lifecycle.events.resource_events import ResourceListed
from lifecycle.events.vocabulary import ResourceStatus
from lifecycle.ledger.store import Ledger
from projections.facts.resource_facts import ResourceFacts, read_resources
from projections.scoring.project_codes import code_reader
from projections.scoring.result_view import View
from projections.views.project_view import iso

SITES_OF_KINDS: Final = {
    "plot": "new_land",
    "standard_plant": "standard_factory",
    "idle_plant": "idle_revitalised",
    "building": "idle_revitalised",
    "tourism_asset": "idle_revitalised",
}
"""What a project that settles there answers for its `site`."""

_SHORTEST_PART: Final = 2
"""A shorter industry is compared whole: one character is part of too many names."""


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """A resource as of a day."""

    resource: str
    listing: ResourceListed
    free: Areas
    allotments: Sequence[Allotment]
    """Each with the code that its project has now."""
    status: ResourceStatus

    @property
    def projects(self) -> list[str]:
        """The projects that have some of it, in the order in which they took it."""
        # A project may take several parts of one resource.
        return list(dict.fromkeys(allotment.project for allotment in self.allotments))

    def as_json(self) -> dict[str, Any]:
        """One row of `resources list --format json`."""
        listing = self.listing
        return {
            "resource": self.resource,
            "kind": listing.kind,
            "name": listing.name,
            "location": listing.location,
            "area_mu": listing.area_mu,
            "floor_area_m2": listing.floor_area_m2,
            "free_area_mu": _listed_area(self.free.mu, listing.area_mu),
            "free_floor_area_m2": _listed_area(self.free.floor_m2, listing.floor_area_m2),
            "projects": self.projects,
            "available_on": iso(listing.available_on),
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class ResourceDetails:
    """A resource with what its row leaves out."""

    row: ResourceRow
    facts: ResourceFacts

    def as_json(self) -> dict[str, Any]:
        """What `resources show --format json` prints, but for the history."""
        listing = self.row.listing
        allotments = [self._allotment(allotment) for allotment in self.row.allotments]
        return {
            **self.row.as_json(),
            "industries": list(listing.industries),
            "price": listing.price,
            "price_per": listing.price_per,
            "allotments": allotments,
        }

    def recorded(self, allotment: Allotment) -> RecordedEvent:
        """Return the event that an allotment rests on."""
        return self.facts.events[allotment.version]

    def _allotment(self, allotment: Allotment) -> dict[str, Any]:
        """Return an allotment with the event and the document that it rests on."""
        recorded, listing = self.recorded(allotment), self.row.listing
        return {
            "project": allotment.project,
            "area_mu": _listed_area(allotment.areas.mu, listing.area_mu),
            "floor_area_m2": _listed_area(allotment.areas.floor_m2, listing.floor_area_m2),
            "occurred_on": allotment.on.isoformat(),
            "event": recorded.ref,
            "source_ref": recorded.event.source_ref,
        }


def _listed_area(area: Decimal, listed: str | None) -> str | None:
    """Return an area as text; None where the resource has none of its kind."""
    return None if listed is None else plain(area)


def resource_rows(ledger: Ledger, view: View) -> list[ResourceRow]:
    """List the resources as of the view's day, in the order of their codes."""
    return [details.row for details in resource_details(ledger, view)]


def resource_details(ledger: Ledger, view: View) -> list[ResourceDetails]:
    """Return the resources as of the view's day with all that is known of them."""
    with ledger.rows_of_kind("resource", view.position) as rows:
        resources = list(read_resources(rows, view.as_of))
    code_now = code_reader(ledger, view.position)
    details: list[ResourceDetails] = []
    for facts in resources:
        row = _row(facts, code_now)
        if row is not None:
            details.append(ResourceDetails(row, facts))
    return details


def _row(facts: ResourceFacts, code_now: Callable[[str], str]) -> ResourceRow | None:
    course = facts.course
    if course.listing is None:
        return None
    allotments: list[Allotment] = []
    for each in course.allotments:
        allotments.append(Allotment(code_now(each.project), each.on, each.version, each.areas))
    return ResourceRow(facts.code, course.listing, course.free, allotments, _status(facts))


def _status(facts: ResourceFacts) -> ResourceStatus:
    course = facts.course
    if course.withdrawn_on is not None:
        return "withdrawn"
    if not course.allotments:
        return "free"
    return "taken" if course.free == Areas() else "partly"


# What suits a project -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MatchingResource:
    """A resource that is large enough for a project and available."""

    row: ResourceRow
    same_site: bool
    shares_industry: bool
    surplus_mu: Decimal | None
    """What is left of what is free; None where the project needs no land."""
    surplus_floor_m2: Decimal | None

    @property
    def order(self) -> tuple[bool, bool, Decimal, Decimal, str]:
        """The best first: the site, an industry, the least surplus."""
        nothing = Decimal(0)
        return (
            not self.same_site,
            not self.shares_industry,
            self.surplus_mu or nothing,
            self.surplus_floor_m2 or nothing,
            self.row.resource,
        )

    def as_json(self) -> dict[str, Any]:
        """One row of `resources match --format json`."""
        return {
            **self.row.as_json(),
            "same_site": self.same_site,
            "industry_in_common": self.shares_industry,
            "surplus_area_mu": _text(self.surplus_mu),
            "surplus_floor_area_m2": _text(self.surplus_floor_m2),
        }


def _text(area: Decimal | None) -> str | None:
    return None if area is None else plain(area)


def reported_needs(
    ledger: Ledger,
    view: View,
    project: str,
) -> InformationReported | None:
    """Return a project's report, which says what it needs; None where none stands by the day."""
    history = ledger.history(Stream("project", project), view.position)
    for recorded in effective_events(history):
        if isinstance(recorded.event, InformationReported) and recorded.event.on <= view.as_of:
            return recorded.event
    return None


def matching_resources(
    rows: Sequence[ResourceRow],
    report: InformationReported,
    day: date,
    terms: Mapping[str, Collection[str]],
) -> list[MatchingResource]:
    """Return the resources that suffice and are available on a day, the most suitable first.

    `terms` gives the names in words of chains and sectors, which resources spell freely. A project
    without stated needs is offered everything of which something is free.
    """
    industries: set[str] = set()
    for value in (*report.chains, report.sector):
        industries |= {folded_name(term) for term in (value, *terms.get(value, ()))}
    matches: list[MatchingResource] = []
    for row in rows:
        match = _match(row, report, industries)
        if match is not None and _is_available(row, day):
            matches.append(match)
    return sorted(matches, key=lambda match: match.order)


def _is_available(row: ResourceRow, day: date) -> bool:
    available_on = row.listing.available_on
    is_offered = row.status in ("free", "partly")
    return is_offered and (available_on is None or available_on <= day)


def _match(
    row: ResourceRow,
    report: InformationReported,
    industries: Collection[str],
) -> MatchingResource | None:
    surplus_mu = _surplus(row.free.mu, report.needs_area_mu)
    surplus_floor_m2 = _surplus(row.free.floor_m2, report.needs_floor_area_m2)
    # A resource that is used up suits nobody, not even a project without stated needs.
    if (surplus_mu or 0) < 0 or (surplus_floor_m2 or 0) < 0 or row.free == Areas():
        return None
    return MatchingResource(
        row,
        SITES_OF_KINDS[row.listing.kind] == report.site,
        _shares_industry(row.listing.industries, industries),
        surplus_mu,
        surplus_floor_m2,
    )


def _surplus(free: Decimal, need: str | None) -> Decimal | None:
    return None if need is None else free - Decimal(need)


def _shares_industry(texts: Collection[str], industries: Collection[str]) -> bool:
    """Return whether a text names one of the industries, or contains it or is part of it."""
    for text in texts:
        folded = folded_name(text)
        if folded in industries:
            return True
        for industry in industries:
            shorter, longer = sorted((folded, industry), key=len)
            if len(shorter) >= _SHORTEST_PART and shorter in longer:
                return True
    return False
