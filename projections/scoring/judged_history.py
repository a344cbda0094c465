"""Units and projects as history has them at a view, judged; no points are computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lifecycle.events import Stream
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.store import Ledger
from projections.facts import effective_history as histories
from projections.facts.project_folding import fold_project
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.plots_of_projects import NO_PLOTS, PlotsOfProjects, plots_at
from projections.scoring.prepared_policy import Policy, prepared
from projections.scoring.result_view import View
from projections.scoring.units_of_view import units_at


def judged_projects(
    rows: Iterable[StoredRow],
    policy: Policy,
    axes: ScoringAxes,
    units: UnitsOfDay,
    plots: PlotsOfProjects = NO_PLOTS,
) -> Iterator[JudgedProject]:
    """Every project that is there by the day, judged; `plots` are those of projects on the day."""
    for stream, stream_rows in histories.by_stream(rows):
        _kind, _slash, code = stream.partition("/")
        facts = fold_project(code, histories.effective(stream_rows, axes.as_of))
        if facts is not None:
            project = JudgedProject(facts, policy, axes, units)
            if code in plots:
                project.plots = plots[code]
            yield project


def judged_at(
    ledger: Ledger,
    view: View,
    codes: Sequence[str] | None = None,
) -> list[JudgedProject]:
    """The projects that are there by the view's day, or those named, judged by its rulebook."""
    policy = prepared(view.rulebook)
    units = units_at(ledger, view)
    plots = plots_at(ledger, view)
    if codes is None:
        reading = ledger.rows_of_kind("project", view.position)
    else:
        streams = [Stream("project", code).id for code in codes]
        reading = ledger.rows_of_streams(streams, view.position)
    with reading as rows:
        return list(
            judged_projects(
                rows,
                policy,
                view.axes,
                units,
                plots,
            )
        )
