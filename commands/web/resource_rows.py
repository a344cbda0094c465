"""Rows about resources (资源清单): the list, the overview by location, what allotments rest on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from typing import Final, NamedTuple

from commands.web.accounts import Reader
from commands.web.county_view import CountyView
from commands.web.project_rows import HistoryRow, history_rows
from commands.words import page_words, resource_words
from commands.words.amount_text import grouped_amount
from commands.words.vocabulary_words import word
from lifecycle.deciding.resource_course import Allotment, Areas, areas_of
from lifecycle.events import FactCorrected, Stream
from lifecycle.events.field_types import plain
from lifecycle.events.folded_text import folded_name
from projections.views.resource_view import ResourceDetails, ResourceRow

_FULL_BAR: Final = 100


class ResourcePageFilter(NamedTuple):
    """What the reader chose; an empty text takes every resource."""

    kind: str
    status: str
    location: str

    def takes(self, row: ResourceRow) -> bool:
        """Whether kind and status fit; the overview shows every location of what does."""
        return self.kind in ("", row.listing.kind) and self.status in ("", row.status)

    def takes_location(self, row: ResourceRow) -> bool:
        """Whether the location contains the text."""
        return folded_name(self.location) in folded_name(row.listing.location)


# The list -----------------------------------------------------------------------------------------


class AllotmentTexts(NamedTuple):
    """What a project has of a resource, by which event and document.

    `project` is empty where the reader may not know it.
    """

    project: str
    name: str
    areas: str
    on: str
    version: int
    event: str
    source_ref: str


class ResourceTexts(NamedTuple):
    """A resource in words; an area that it lacks is empty."""

    resource: str
    kind: str
    name: str
    location: str
    land: str
    free_land: str
    floors: str
    free_floors: str
    industries: str
    price: str
    available_on: str
    status: str
    allotments: list[AllotmentTexts]


def resource_texts(
    county: CountyView,
    reader: Reader,
    resources: Iterable[ResourceDetails],
) -> list[ResourceTexts]:
    """Resources as a list shows them."""
    return [_resource_texts(county, reader, details) for details in resources]


def _resource_texts(county: CountyView, reader: Reader, details: ResourceDetails) -> ResourceTexts:
    row = details.row
    listing = row.listing
    allotments = []
    for allotment in row.allotments:
        allotments.append(allotment_texts(county, reader, details, allotment))
    return ResourceTexts(
        resource=row.resource,
        kind=word(listing.kind),
        name=listing.name,
        location=listing.location,
        land=_area(listing.area_mu),
        free_land=_area(listing.area_mu and plain(row.free.mu)),
        floors=_area(listing.floor_area_m2),
        free_floors=_area(listing.floor_area_m2 and plain(row.free.floor_m2)),
        industries="、".join(listing.industries),
        price=resource_words.price_text(listing.price, listing.price_per),
        available_on=word(listing.available_on),
        status=word(row.status),
        allotments=allotments,
    )


def _area(area: str | None) -> str:
    return grouped_amount(area) if area else ""


def allotment_texts(
    county: CountyView,
    reader: Reader,
    details: ResourceDetails,
    allotment: Allotment,
) -> AllotmentTexts:
    """What a project has of a resource; a unit is told of its own projects alone."""
    recorded = details.recorded(allotment)
    project = allotment.project
    # The area is everyone's: it is missing from what is free.
    name = page_words.LEFT_OUT
    source_ref = None
    if shows_project(county, reader, project):
        name = _project_name(county, project)
        source_ref = recorded.event.source_ref
    else:
        project = ""
    return AllotmentTexts(
        project=project,
        name=name,
        areas=resource_words.areas_text(*allotment.areas),
        on=allotment.on.isoformat(),
        version=allotment.version,
        event=recorded.ref,
        source_ref=source_ref or "",
    )


def _project_name(county: CountyView, code: str) -> str:
    """A project's name; empty where its report lies after the day."""
    project = county.projects().get(code)
    return "" if project is None else project.information.name


def shows_project(county: CountyView, reader: Reader, code: str) -> bool:
    """Whether the reader may know which project has a resource."""
    project = county.projects().get(code)
    if project is None:
        return reader.sees()
    return reader.sees(project.unit, project.information.reporting_unit)


class SettledTexts(NamedTuple):
    """What a project has of a resource, on the project's own page."""

    resource: str
    name: str
    location: str
    allotment: AllotmentTexts


def settled_rows(county: CountyView, reader: Reader, code: str) -> list[SettledTexts]:
    """What a project has of the resources, by code and then in the order in which it took it."""
    rows = []
    for details in county.resources().values():
        for allotment in details.row.allotments:
            if allotment.project == code:
                texts = allotment_texts(county, reader, details, allotment)
                listing = details.row.listing
                rows.append(
                    SettledTexts(details.row.resource, listing.name, listing.location, texts)
                )
    return rows


# The overview by location -------------------------------------------------------------------------


class AreaBar(NamedTuple):
    """How much of an area is free, in words and as a bar of 100."""

    text: str
    taken: int


class PlaceTile(NamedTuple):
    """A location, how many resources it has, and their areas of land and of floors."""

    location: str
    resources: int
    bars: list[AreaBar]


def place_tiles(rows: Iterable[ResourceRow]) -> list[PlaceTile]:
    """The locations in the order of their names; what was withdrawn adds no area."""
    by_place: dict[str, list[ResourceRow]] = {}
    for row in rows:
        by_place.setdefault(row.listing.location, []).append(row)
    return [_place_tile(place, by_place[place]) for place in sorted(by_place)]


def _place_tile(location: str, rows: list[ResourceRow]) -> PlaceTile:
    listed = Areas()
    free = Areas()
    for row in rows:
        # Nobody can have what was withdrawn.
        if row.status != "withdrawn":
            listed = listed.plus(areas_of(row.listing))
            free = free.plus(row.free)
    bars = []
    if listed.mu:
        bars.append(_bar(free.mu, listed.mu, resource_words.land_text))
    if listed.floor_m2:
        bars.append(_bar(free.floor_m2, listed.floor_m2, resource_words.floors_text))
    return PlaceTile(location, len(rows), bars)


def _bar(free: Decimal, listed: Decimal, text: Callable[[str, str], str]) -> AreaBar:
    taken_share = (listed - free) / listed
    words = text(grouped_amount(plain(free)), grouped_amount(plain(listed)))
    return AreaBar(words, int(taken_share * _FULL_BAR))


# One resource -------------------------------------------------------------------------------------


def resource_facts(texts: ResourceTexts) -> list[tuple[str, str]]:
    """A resource's facts by their headings; empty ones are left out."""
    facts = (
        (resource_words.KIND, texts.kind),
        (resource_words.LOCATION, texts.location),
        (resource_words.STATUS, texts.status),
        (resource_words.LAND, _with_unit(texts.land, resource_words.MU)),
        (resource_words.FREE_LAND, _with_unit(texts.free_land, resource_words.MU)),
        (resource_words.FLOORS, _with_unit(texts.floors, resource_words.M2)),
        (resource_words.FREE_FLOORS, _with_unit(texts.free_floors, resource_words.M2)),
        (resource_words.INDUSTRIES, texts.industries),
        (resource_words.PRICE, texts.price),
        (resource_words.AVAILABLE_ON, texts.available_on),
    )
    return [(heading, value) for heading, value in facts if value]


def _with_unit(area: str, unit: str) -> str:
    return f"{area}{unit}" if area else ""


def resource_history(county: CountyView, reader: Reader, code: str) -> list[HistoryRow]:
    """Every event of a resource; a unit is not told what others have of it."""
    stream = Stream("resource", code)
    rows = history_rows(county.ledger, county.view, stream, reader)
    hidden: set[int] = set()
    for recorded in county.ledger.stored_history(stream, county.view.position):
        event = recorded.event
        projects = [getattr(event, "project", None)]
        corrected_version = None
        if isinstance(event, FactCorrected):
            # A correction says what it changes, so that it is hidden with its event.
            corrected_version = event.corrects
            projects.append((event.replacement or {}).get("project"))
        if corrected_version in hidden or _hides_any(county, reader, projects):
            hidden.add(recorded.version)
    return [_shown_row(row, hidden) for row in rows]


def _hides_any(county: CountyView, reader: Reader, codes: Iterable[object]) -> bool:
    return any(isinstance(code, str) and not shows_project(county, reader, code) for code in codes)


def _shown_row(row: HistoryRow, hidden: Collection[int]) -> HistoryRow:
    if row.version not in hidden:
        return row
    corrected = page_words.LEFT_OUT if row.corrected else ""
    return row._replace(fields=page_words.LEFT_OUT, corrected=corrected)
