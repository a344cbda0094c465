"""Results of a county at a view, from parts that grew with its ledger; equal to those of history.

`tests/agreement/test_kept_parts.py` holds them against what is worked out from scratch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar

from lifecycle.ledger.store import Ledger
from projections.scoring.evaluation import Result, evaluate
from projections.scoring.judgement import JudgedProject
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View, county_of
from projections.scoring.year_shares import YearShares, project_share
from projections.views.board_candidates import costs_of_missed_checks
from projections.views.county_parts import CountyParts
from projections.views.deadline_view import DeadlineRow, listed_deadlines
from projections.views.project_deadlines import project_deadlines
from projections.views.project_sums import ProjectSums
from projections.views.sheet_view import (
    DueSheet,
    TaskRow,
    project_due_sheets,
    project_open_tasks,
)
from projections.views.sorted_rows import SortedRows
from projections.views.target_view import (
    TargetProgress,
    summed_shares,
    target_additions,
    target_progress,
    targets_in_force,
)

Row = TypeVar("Row")


def result_of_parts(ledger: Ledger, view: View, parts: CountyParts) -> Result:
    """Return the scores on a day of the parts' position, with the lines that a board looks at."""
    policy = prepared(view.rulebook)
    keep = costs_of_missed_checks(view)
    registered, units = parts.registered(), parts.units(view)
    shares = None
    # A region's ledgers are scored in parts, by its engine.
    if view.projects is None and policy.counts_projects:
        empty = partial(YearShares, policy, units, keep)
        shares = parts.collected("year", view, empty, project_share)

    def work_out() -> Result:
        return evaluate(
            ledger,
            view,
            keep=keep,
            registered=registered,
            units=units,
            shares=None if shares is None else [shares.total],
        )

    # Members and periods within the year are read from their ledgers each time.
    if view.projects is not None or policy.periods:
        return work_out()
    basis = registered, units, shares, county_of(ledger, view).targets
    result = parts.derived(f"result {view.as_of}", basis, work_out)
    return replace(result, view=view)


def targets_of_parts(ledger: Ledger, view: View, parts: CountyParts) -> list[TargetProgress]:
    """Return the year's targets, and what is reached of them by a day of the parts' position."""
    sums = parts.collected("targets", view, ProjectSums, target_additions)
    units = parts.units(view)

    def work_out() -> list[TargetProgress]:
        return target_progress(targets_in_force(ledger, view, units), summed_shares(sums), units)

    basis = sums, units, county_of(ledger, view).targets
    return parts.derived(f"progress {view.year} {view.as_of}", basis, work_out)


def deadlines_of_parts(view: View, parts: CountyParts) -> list[DeadlineRow]:
    """Return what is due, the most urgent first."""
    levels = view.rulebook.rulebook.deadline_levels

    def rows_of(project: JudgedProject) -> list[DeadlineRow]:
        return listed_deadlines(project_deadlines(project), view.as_of, levels)

    return _sorted_rows("deadlines", view, parts, attrgetter("sort_key"), rows_of)


def open_tasks_of_parts(view: View, parts: CountyParts) -> list[TaskRow]:
    """Return the tasks that are not cleared, the longest overdue first."""
    return _sorted_rows("tasks", view, parts, attrgetter("due_order"), project_open_tasks)


def due_sheets_of_parts(view: View, parts: CountyParts) -> list[DueSheet]:
    """Return the sheets that ought to be issued by the day, in the order of the ladder."""
    return _sorted_rows("sheets", view, parts, attrgetter("place"), project_due_sheets)


def _sorted_rows(
    name: str,
    view: View,
    parts: CountyParts,
    key: Callable[[Row], Any],
    rows_of: Callable[[JudgedProject], Iterable[Row]],
) -> list[Row]:
    def values_of(project: JudgedProject) -> tuple[Row, ...]:
        return tuple(rows_of(project))

    return parts.collected(name, view, partial(SortedRows, key), values_of).rows
