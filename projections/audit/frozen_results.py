"""The result that a publication freezes, and that recomputing it must give again (spec 4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine
from projections.facts.member_projects import MemberProjects
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from projections.views.board_view import board_json, month_board
from projections.views.counted_twice import counted_twice


def frozen_scores(
    ledger: Ledger,
    view: View,
) -> dict[str, Any]:
    """Return a year's scores as `ScoresPublished` freezes them."""
    return _with_conflicts(score_json(evaluate(ledger, view)), view)


def frozen_board(
    ledger: Ledger,
    view: View,
    month: str,
) -> dict[str, Any]:
    """Return a month's board as `BoardPublished` freezes it."""
    return _with_conflicts(board_json(month_board(ledger, view, month)), view)


def _with_conflicts(
    result: dict[str, Any],
    view: View,
) -> dict[str, Any]:
    """Return a region's result with the projects that two members report; a county's as it is."""
    if isinstance(view.projects, MemberProjects):
        result["counted_twice"] = _conflict_rows(view.projects, view.as_of, view.engine)
    return result


def _conflict_rows(
    projects: MemberProjects,
    day: date,
    engine: PartEngine | None,
) -> list[dict[str, Any]]:
    rows = []
    for conflict in counted_twice(projects, day, engine):
        row = {
            "same_identity": conflict.same_identity,
            "project_codes": list(conflict.project_codes),
            # Not in the order of record times: a member may correct those later.
            "projects": sorted(report.project for report in conflict.reports),
        }
        rows.append(row)
    return rows
