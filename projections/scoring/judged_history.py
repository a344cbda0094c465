"""Units and projects as history has them at a view, judged; no points are computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from lifecycle.events import Stream
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.store import Ledger
from projections.facts.folded_projects import folded_projects
from projections.facts.project_facts import ProjectFacts
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
    return judged_facts(folded_projects(rows, axes.as_of), policy, axes, units, plots)


def judged_facts(
    projects: Iterable[ProjectFacts],
    policy: Policy,
    axes: ScoringAxes,
    units: UnitsOfDay,
    plots: PlotsOfProjects = NO_PLOTS,
) -> Iterator[JudgedProject]:
    """Each project judged, one by one as its facts come in."""
    for facts in projects:
        project = JudgedProject(facts, policy, axes, units)
        if facts.code in plots:
            project.plots = plots[facts.code]
        yield project


@contextmanager
def facts_at(
    ledger: Ledger,
    view: View,
    codes: Sequence[str] | None = None,
) -> Iterator[Iterator[ProjectFacts]]:
    """Iterate over the projects that are there by the view's day, or those named: their facts."""
    if view.projects is not None:
        yield view.projects.project_facts(view.as_of, codes)
        return
    if codes is None:
        reading = ledger.rows_of_kind("project", view.position)
    else:
        streams = [Stream("project", code).id for code in codes]
        reading = ledger.rows_of_streams(streams, view.position)
    with reading as rows:
        yield folded_projects(rows, view.as_of)


def judged_at(
    ledger: Ledger,
    view: View,
    codes: Sequence[str] | None = None,
) -> list[JudgedProject]:
    """The projects that are there by the view's day, or those named, judged by its rulebook."""
    policy = prepared(view.rulebook)
    units = units_at(ledger, view)
    plots = plots_at(ledger, view)
    with facts_at(ledger, view, codes) as projects:
        return list(
            judged_facts(
                projects,
                policy,
                view.axes,
                units,
                plots,
            )
        )
