"""The plots of land that projects have, which are watched until they acquire the land."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import Rulebook
from projections.facts.resource_facts import PlotAllotment, read_resources
from projections.scoring.project_codes import code_reader
from projections.scoring.result_view import View

PlotsOfProjects = Mapping[str, Sequence[PlotAllotment]]
"""Project → its plots, in the order of their codes and of the days on which it took them."""

NO_PLOTS: Final[PlotsOfProjects] = {}


def plots_at(ledger: Ledger, view: View) -> PlotsOfProjects:
    """Return the plots of projects at a view, if its rulebook watches them."""
    return plots_on(ledger, view.rulebook.rulebook, view.position, view.as_of)


def plots_on(ledger: Ledger, book: Rulebook, position: int, day: date) -> PlotsOfProjects:
    """Return the plots of projects on a day; none under a rulebook that does not watch them."""
    # Most rulebooks do not, and then no view of projects reads the streams of resources.
    if not book.watches_plots:
        return NO_PLOTS
    with ledger.rows_of_kind("resource", position) as rows:
        resources = list(read_resources(rows, day))
    code_now = code_reader(ledger, position)
    plots: dict[str, list[PlotAllotment]] = {}
    for facts in resources:
        listing = facts.course.listing
        if listing is None or listing.kind != "plot":
            continue
        for allotment in facts.course.allotments:
            plot = PlotAllotment(facts.code, allotment.on)
            plots.setdefault(code_now(allotment.project), []).append(plot)
    return plots
