"""The batch projector: changed streams in.

Rows, scores and position out, all in one transaction.
"""

from __future__ import annotations

import gc
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from operator import itemgetter
from typing import Final, Literal

from sqlalchemy import Connection, delete

from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.store import Ledger
from projections.facts.effective_history import by_stream, effective
from projections.facts.narrow_events import DatedEvent
from projections.facts.project_facts import ProjectFacts
from projections.facts.project_folding import fold_project
from projections.facts.units_of_day import UnitsOfDay
from projections.readmodels.query_tables import (
    deadlines,
    figures,
    projects,
    sheets,
    units as units_table,
)
from projections.readmodels.score_tables import YearScoreTables
from projections.readmodels.table_axes import TableAxes
from projections.readmodels.table_engine import RowWriter
from projections.readmodels.table_position import write_tracking
from projections.readmodels.table_rows import deadline_rows, figure_rows, sheet_rows, unit_row
from projections.readmodels.target_tables import YearTargetTables
from projections.scoring.evaluation import scored_periods
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.plots_of_projects import plots_on
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View, county_of
from projections.scoring.target_amounts import targets_of_years
from projections.views.project_view import project_row

PROJECT_PREFIX: Final = "project/"
UNIT_PREFIX: Final = "unit/"
_MOST_NAMES: Final = 500
"""Names in one `IN (…)`: SQLite limits the parameters of a statement."""

StreamRows = tuple[str, list[StoredRow]]
"""A stream's id and its rows, all of them."""


class YearTables:
    """The tables of one year: scores and targets."""

    def __init__(
        self,
        connection: Connection,
        writer: RowWriter,
        view: View,
        units: UnitsOfDay,
        *,
        are_empty: bool,
    ) -> None:
        self.view = view
        self.units = units
        self.scores = YearScoreTables(connection, writer, view, are_empty=are_empty)
        self.targets = YearTargetTables(connection, writer, view, are_empty=are_empty)

    def add_project(self, stream_id: str, project: JudgedProject) -> None:
        """Add what a project contributes."""
        self.scores.add_project(stream_id, project)
        self.targets.add_project(project)


class Projector:
    """One update of the tables: from the changed streams, or from all where `changed` is None.

    The tables are empty in the latter case.
    """

    def __init__(
        self,
        ledger: Ledger,
        connection: Connection,
        axes: TableAxes,
        changed: list[str] | None,
    ) -> None:
        self._ledger = ledger
        self._connection = connection
        self._axes = axes
        self._changed = changed
        self._writer = RowWriter(connection)
        self._policy = prepared(axes.current)
        self._today = ScoringAxes(
            axes.today.year,
            axes.today,
            calendar=axes.calendar,
        )
        book = axes.current.rulebook
        self._plots = plots_on(ledger, book, axes.position, axes.today)
        self._years = [
            YearTables(connection, self._writer, view, units, are_empty=changed is None)
            for view, units in zip(axes.views, axes.units_of_years, strict=True)
        ]

    def run(self) -> int:
        """Update every table and the position. Returns the number of projects worked through."""
        with _paused_collector():
            if self._changed is not None:
                self._remove_streams(self._changed)
            self._begin_years()
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

    def _streams(self, kind: Literal["unit", "project"]) -> Iterator[StreamRows]:
        """Read the streams of a kind that this update is about."""
        reading: AbstractContextManager[Iterator[StoredRow]]
        if self._changed is None:
            reading = self._ledger.rows_of_kind(kind, self._axes.position)
        else:
            stream_ids = [name for name in self._changed if name.startswith(f"{kind}/")]
            reading = self._ledger.rows_of_streams(stream_ids, self._axes.position)
        with reading as rows:
            yield from by_stream(rows)

    # Units --------------------------------------------------------------------------------------

    def _write_units(self) -> None:
        # A unit that comes or changes leads to a rebuild, so that known rows stay right.
        if self._changed is None:
            self._writer.add(units_table, [unit_row(unit) for unit in self._axes.units.values()])
        for year in self._years:
            for name, unit in year.units.items():
                if self._changed is None or f"{UNIT_PREFIX}{name}" in self._changed:
                    year.scores.add_unit(unit)

    # Projects -----------------------------------------------------------------------------------

    def _write_projects(self) -> int:
        count = 0
        for stream_id, rows in self._streams("project"):
            count += 1
            events = effective(rows, self._axes.today)
            facts = fold_project(stream_id.removeprefix(PROJECT_PREFIX), events)
            if facts is not None:
                self._write_project(stream_id, facts, events)
        return count

    def _write_project(
        self,
        stream_id: str,
        facts: ProjectFacts,
        events: list[DatedEvent],
    ) -> None:
        units = self._axes.units
        project = JudgedProject(facts, self._policy, self._today, units)
        project.plots = self._plots.get(facts.code, ())
        self._writer.add(projects, [project_row(project)])
        self._writer.add(figures, figure_rows(facts))
        self._writer.add(deadlines, deadline_rows(project))
        self._writer.add(sheets, sheet_rows(project))
        for year in self._years:
            facts_of_year = _facts_at(facts, events, year.view.as_of)
            if facts_of_year is None:
                continue
            policy, axes = year.scores.policy, year.view.axes
            is_same = facts_of_year is facts and policy is self._policy
            if is_same and year.units.standings == units.standings:
                # Nothing happened since that day, so what was computed for today holds.
                project_of_year = project.at(axes)
            else:
                project_of_year = JudgedProject(facts_of_year, policy, axes, year.units)
            year.add_project(stream_id, project_of_year)

    # Years --------------------------------------------------------------------------------------

    def _begin_years(self) -> None:
        for year in self._years:
            policy = year.scores.policy
            targets = targets_of_years(county_of(self._ledger, year.view), policy, year.view.axes)
            periods = scored_periods(self._ledger, year.view)
            year.scores.begin(year.units, targets, periods)

    def _finish_years(self) -> None:
        for year in self._years:
            year.scores.finish(year.units)
            year.targets.finish(self._ledger, year.units)


def _facts_at(
    facts: ProjectFacts,
    events: list[DatedEvent],
    day: date,
) -> ProjectFacts | None:
    """Return the project's facts as of an earlier day.

    The same object where nothing happened since.
    """
    if facts.last_on <= day:
        return facts
    end = bisect_right(events, day, key=itemgetter(0))
    return fold_project(facts.code, events[:end])


def _batches(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), _MOST_NAMES):
        yield names[start : start + _MOST_NAMES]


@contextmanager
def _paused_collector() -> Iterator[None]:
    """Pause the garbage collector: folds make no cycles, and looking for them costs 5 %."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
