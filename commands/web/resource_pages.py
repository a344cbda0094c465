"""The pages of the resource list (资源清单): all resources, and one with its history."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from commands.web.page_contents import PageContent, PageRequest
from commands.web.resource_rows import (
    ResourcePageFilter,
    place_tiles,
    resource_facts,
    resource_history,
    resource_texts,
)
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import RESOURCE_KINDS, RESOURCE_STATUSES


def resources_page(request: PageRequest) -> PageContent:
    """The resources of the kind, status and location that were chosen, and where they lie."""
    county, reader = request.county, request.reader
    kind, status = request.text("kind"), request.text("status")
    # Only what the page offers is ever sent; another word names nothing.
    if kind not in ("", *RESOURCE_KINDS) or status not in ("", *RESOURCE_STATUSES):
        raise HTTPException(404)
    resource_filter = ResourcePageFilter(kind, status, request.text("location"))
    rows_of_places = []
    shown = []
    for details in county.resources().values():
        if not resource_filter.takes(details.row):
            continue
        # A location that was chosen leaves the others in sight, to be chosen in turn.
        rows_of_places.append(details.row)
        if resource_filter.takes_location(details.row):
            shown.append(details)
    return {
        "resources": resource_texts(county, reader, shown),
        "places": place_tiles(rows_of_places),
        "chosen": resource_filter,
        "kinds": [(value, word(value)) for value in RESOURCE_KINDS],
        "statuses": [(value, word(value)) for value in RESOURCE_STATUSES],
        "part": "resources_part.html",
    }


def resource_page(request: PageRequest) -> PageContent:
    """A resource: what it is, who has some of it and on what that rests, its history."""
    county, reader = request.county, request.reader
    details = county.resources().get(request.text("code"))
    if details is None:
        raise HTTPException(404)
    (texts,) = resource_texts(county, reader, [details])
    return {
        "code": texts.resource,
        "name": texts.name,
        "facts": resource_facts(texts),
        "allotments": texts.allotments,
        "history": resource_history(county, reader, texts.resource),
    }
