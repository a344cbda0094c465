"""A rebuild in parts: processes make the rows of ranges of projects, and one writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine
from projections.facts.ledger_parts import (
    LedgerPart,
    OpenLedger,
    opened_for_parts,
    parts_of_ledger,
    place_here,
    read_from,
    rows_of_part,
)
from projections.facts.paused_collector import paused_collector
from projections.readmodels.project_rows import ProjectRows
from projections.readmodels.row_sink import CollectedRows, RowsByTable
from projections.readmodels.table_axes import TableAxes
from projections.readmodels.year_contribution import YearContribution, YearShare
from projections.scoring.plots_of_projects import PlotsOfProjects

_MOST_EVENTS: Final = 10_000
"""Events of a part: their rows wait in memory until those before them are written."""


class TablesInParts(NamedTuple):
    """What is the same for all parts of a rebuild. The units are without their facts."""

    axes: TableAxes
    plots: PlotsOfProjects
    open_ledger: OpenLedger


class PartOfTables(NamedTuple):
    """What a part's projects give the tables: rows, a share of each year, how many they are."""

    rows: RowsByTable
    years: list[YearShare]
    streams: int


def part_of_tables(
    tables: TablesInParts,
    part: LedgerPart,
) -> PartOfTables:
    """Open the ledger of a part, and make the rows of its projects."""
    axes = tables.axes
    sink = CollectedRows()
    years = [
        YearContribution(view, units, sink)
        for view, units in zip(axes.views, axes.units_of_years, strict=True)
    ]
    project_rows = ProjectRows(axes, tables.plots, sink, years)
    with (
        tables.open_ledger(part.place) as ledger,
        rows_of_part(ledger, part) as stored_rows,
        paused_collector(),
    ):
        streams = project_rows.add_streams(stored_rows)
    return PartOfTables(sink.rows, [year.share() for year in years], streams)


def parts_of_tables(
    ledger: Ledger,
    axes: TableAxes,
    plots: PlotsOfProjects,
    engine: PartEngine | None,
) -> Iterator[PartOfTables] | None:
    """Let an engine make the rows of every project, in the order of the ledger.

    Return None where there is no engine, or no other process can open the ledger.
    """
    place = place_here(ledger)
    if engine is None or engine.is_remote or place is None:
        return None
    most_events = min(engine.events_of_part, _MOST_EVENTS)
    parts = parts_of_ledger(ledger, place, axes.position, most_events)
    tables = TablesInParts(_without_unit_facts(axes), plots, opened_for_parts())
    return read_from(ledger, engine.outcomes(part_of_tables, tables, parts))


def _without_unit_facts(axes: TableAxes) -> TableAxes:
    of_years = tuple(units.without_facts() for units in axes.units_of_years)
    return replace(axes, units=axes.units.without_facts(), units_of_years=of_years)
