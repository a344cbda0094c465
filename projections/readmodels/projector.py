"""The batch projector: changed streams in.

Rows, scores and position out, all in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, delete

from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine
from projections.facts.paused_collector import paused_collector
from projections.facts.units_of_day import UnitsOfDay
from projections.readmodels.project_rows import PROJECT_PREFIX, ProjectRows
from projections.readmodels.query_tables import (
    deadlines,
    figures,
    metadata,
    projects,
    sheets,
    units as units_table,
)
from projections.readmodels.score_tables import YearScoreTables
from projections.readmodels.table_axes import TableAxes
from projections.readmodels.table_engine import RowWriter
from projections.readmodels.table_parts import PartOfTables, parts_of_tables
from projections.readmodels.table_position import write_tracking
from projections.readmodels.table_rows import unit_row
from projections.readmodels.target_tables import YearTargetTables
from projections.readmodels.year_contribution import YearContribution
from projections.scoring.evaluation import scored_periods
from projections.scoring.plots_of_projects import plots_on
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View, county_of
from projections.scoring.target_amounts import targets_of_years

UNIT_PREFIX: Final = "unit/"
_MOST_NAMES: Final = 500
"""Names in one `IN (…)`: SQLite limits the parameters of a statement."""


class YearTables:
    """The tables of one year: scores and targets."""

    def __init__(
        self,
        connection: Connection,
        writer: RowWriter,
        contribution: YearContribution,
        *,
        are_empty: bool,
    ) -> None:
        view = contribution.view
        self.contribution = contribution
        self.scores = YearScoreTables(connection, writer, contribution, are_empty=are_empty)
        self.targets = YearTargetTables(connection, writer, view, are_empty=are_empty)


class Projector:
    """One update of the tables: from the changed streams, or from all where `changed` is None.

    The tables are empty in the latter case, and `engine` makes their rows in parts, if it is given.
    """

    def __init__(
        self,
        ledger: Ledger,
        connection: Connection,
        axes: TableAxes,
        changed: list[str] | None,
        engine: PartEngine | None = None,
    ) -> None:
        self._ledger = ledger
        self._connection = connection
        self._axes = axes
        self._changed = changed
        self._engine = engine
        self._writer = RowWriter(connection)
        book = axes.current.rulebook
        self._plots = plots_on(ledger, book, axes.position, axes.today)
        self._years: list[YearTables] = []
        for view, units in zip(axes.views, axes.units_of_years, strict=True):
            contribution = self._contribution(view, units)
            year = YearTables(connection, self._writer, contribution, are_empty=changed is None)
            self._years.append(year)

    def _contribution(
        self,
        view: View,
        units: UnitsOfDay,
    ) -> YearContribution:
        targets = targets_of_years(
            county_of(self._ledger, view), prepared(view.rulebook), view.axes
        )
        periods = scored_periods(self._ledger, view)
        return YearContribution(view, units, self._writer, targets, periods)

    def run(self) -> int:
        """Update every table and the position. Returns the number of projects worked through."""
        with paused_collector():
            if self._changed is not None:
                self._remove_streams(self._changed)
            project_count = self._write_projects()
            self._write_units()
            self._finish_years()
            self._writer.flush()  # the position is written after the rows that it speaks for
            axes = self._axes
            write_tracking(
                self._connection, axes.position, axes.today.isoformat(), axes.fingerprint
            )
        return project_count

    # Streams ------------------------------------------------------------------------------------

    def _remove_streams(self, stream_ids: list[str]) -> None:
        """Remove what the changed streams had contributed."""
        codes = [
            stream_id.removeprefix(PROJECT_PREFIX)
            for stream_id in stream_ids
            if stream_id.startswith(PROJECT_PREFIX)
        ]
        for batch in _batches(codes):
            for table in (projects, figures, deadlines, sheets):
                self._connection.execute(delete(table).where(table.c.project.in_(batch)))
            for year in self._years:
                year.targets.remove_projects(batch)
        for batch in _batches(stream_ids):
            for year in self._years:
                year.scores.remove_streams(batch)

    # Units --------------------------------------------------------------------------------------

    def _write_units(self) -> None:
        # A unit that comes or changes leads to a rebuild, so that known rows stay right.
        if self._changed is None:
            self._writer.add(units_table, [unit_row(unit) for unit in self._axes.units.values()])
        for year in self._years:
            for name, unit in year.contribution.units.items():
                if self._changed is None or f"{UNIT_PREFIX}{name}" in self._changed:
                    year.contribution.add_unit(unit)

    # Projects -----------------------------------------------------------------------------------

    def _write_projects(self) -> int:
        position = self._axes.position
        if self._changed is not None:
            stream_ids = [name for name in self._changed if name.startswith(PROJECT_PREFIX)]
            with self._ledger.rows_of_streams(stream_ids, position) as rows:
                return self._project_rows().add_streams(rows)
        parts = parts_of_tables(self._ledger, self._axes, self._plots, self._engine)
        if parts is not None:
            return sum(map(self._write_part, parts))
        with self._ledger.rows_of_kind("project", position) as rows:
            return self._project_rows().add_streams(rows)

    def _project_rows(self) -> ProjectRows:
        years = [year.contribution for year in self._years]
        return ProjectRows(self._axes, self._plots, self._writer, years)

    def _write_part(self, part: PartOfTables) -> int:
        """Write the rows of a part's projects; return how many projects they are of."""
        for name, rows in part.rows.items():
            self._writer.add(metadata.tables[name], rows)
        for year, share in zip(self._years, part.years, strict=True):
            year.contribution.take_share(share)
        return part.streams

    # Years --------------------------------------------------------------------------------------

    def _finish_years(self) -> None:
        for year in self._years:
            units = year.contribution.units
            year.scores.finish(units)
            year.targets.finish(self._ledger, units)


def _batches(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), _MOST_NAMES):
        yield names[start : start + _MOST_NAMES]
