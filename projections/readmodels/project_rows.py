"""From a project's stored rows to its rows in the query tables; any process can make them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from lifecycle.ledger.recorders.stored_rows import StoredRow
from projections.facts.effective_history import by_stream, effective, events_by
from projections.facts.narrow_events import DatedEvent
from projections.facts.project_facts import ProjectFacts
from projections.facts.project_folding import fold_project
from projections.readmodels.query_tables import deadlines, figures, projects, sheets
from projections.readmodels.row_sink import RowSink
from projections.readmodels.table_axes import TableAxes
from projections.readmodels.table_rows import deadline_rows, figure_rows, sheet_rows
from projections.readmodels.year_contribution import YearContribution
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.plots_of_projects import PlotsOfProjects
from projections.scoring.prepared_policy import prepared
from projections.views.project_view import project_row

PROJECT_PREFIX: Final = "project/"


class _RowsOfYear(NamedTuple):
    """A year that takes projects, and whether it judges those of the same facts as today does."""

    contribution: YearContribution
    judges_alike: bool


class ProjectRows:
    """Gives what each project says: its own rows to a sink, the rest to the years."""

    def __init__(
        self,
        axes: TableAxes,
        plots: PlotsOfProjects,
        sink: RowSink,
        years: Sequence[YearContribution],
    ) -> None:
        self._axes = axes
        self._plots = plots
        self._sink = sink
        self._policy = prepared(axes.current)
        self._years = [_RowsOfYear(year, self._judges_alike(year)) for year in years]
        self._today = ScoringAxes(
            axes.today.year,
            axes.today,
            calendar=axes.calendar,
        )

    def _judges_alike(self, year: YearContribution) -> bool:
        """Return whether a project of the same facts is today what it was at the year's view."""
        return year.policy is self._policy and year.units.standings == self._axes.units.standings

    def add_streams(self, rows: Iterable[StoredRow]) -> int:
        """Take the stored rows of projects, stream by stream; return how many streams they are."""
        count = 0
        for stream_id, stream_rows in by_stream(rows):
            count += 1
            events = effective(stream_rows, self._axes.today)
            facts = fold_project(stream_id.removeprefix(PROJECT_PREFIX), events)
            if facts is not None:
                self._add_project(stream_id, facts, events)
        return count

    def _add_project(
        self,
        stream_id: str,
        facts: ProjectFacts,
        events: list[DatedEvent],
    ) -> None:
        units = self._axes.units
        project = JudgedProject(facts, self._policy, self._today, units)
        project.plots = self._plots.get(facts.code, ())
        self._sink.add(projects, [project_row(project)])
        self._sink.add(figures, figure_rows(facts))
        self._sink.add(deadlines, deadline_rows(project))
        self._sink.add(sheets, sheet_rows(project))
        for year, judges_alike in self._years:
            facts_of_year = _facts_at(facts, events, year.view.as_of)
            if facts_of_year is None:
                continue
            axes = year.view.axes
            if judges_alike and facts_of_year is facts:
                # Nothing happened since that day, so what was computed for today holds.
                project_of_year = project.at(axes)
            else:
                project_of_year = JudgedProject(facts_of_year, year.policy, axes, year.units)
            year.add_project(stream_id, project_of_year)


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
    return fold_project(facts.code, events_by(events, day))
