"""比亮晒: one unit on one screen: its place, its projects by node, funds, targets, what presses, its open tasks (三.4)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from lifecycle.events.vocabulary import STAGES
from lifecycle.ledger.store import Ledger
from projections.facts.narrow_events import MICRO
from projections.scoring.evaluation import View, evaluate, judged_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.rounding import decimal_text
from projections.scoring.score_json import unit_json
from projections.views import deadline_view as d, sheet_view as sheets
from projections.views.morning_view import PRESSING_LEVELS
from projections.views.target_view import (
    funds_in_year,
    project_target_shares,
    target_progress,
    targets_in_force,
)

PLACES: Final = 10


def unit_board(ledger: Ledger, view: View, unit: str) -> dict[str, Any] | None:
    """A unit's board at a view; None where no unit of that name is registered."""
    scores = evaluate(ledger, view).scores
    score = next((score for score in scores if score.unit == unit), None)
    if score is None:
        return None
    judged = judged_at(ledger, view)
    own = [one for one in judged if one.unit == unit]
    targets = targets_in_force(
        ledger, view.rulebook.rulebook.targets, view.year, view.as_of, view.position
    )
    given = [share for one in own for share in project_target_shares(one)]
    return {
        "score": {
            **unit_json(score, view.rulebook.rulebook),
            "of": sum(other.sequence == score.sequence for other in scores),
        },
        "stages": {
            stage: sum(furthest_stage(one) == stage and is_active(one) for one in own)
            for stage in STAGES
        },
        "projects": [
            _project(one)
            for one in sorted(own, key=lambda one: (not is_active(one), one.project.code))
        ],
        "targets": [
            row.row()
            for row in target_progress(
                {key: amount for key, amount in targets.items() if key[1] == unit}, given
            )
        ],
        "deadlines": _deadlines(judged, view, unit),
        "tasks": [
            sheets.task_row(one.project.code, task, view.as_of)
            for one in judged
            for task in one.project.tasks.values()
            if task.is_open and task.responsible_unit == unit
        ],
    }


def furthest_stage(judged: JudgedProject) -> str:
    """The furthest node that a project has reached."""
    return next(stage for stage in reversed(STAGES) if judged.node(stage) is not None)


def is_active(judged: JudgedProject) -> bool:
    """Whether a project counts among the unit's: neither terminated nor excluded."""
    return judged.project.terminated_on is None and not judged.excluded


def _project(judged: JudgedProject) -> dict[str, Any]:
    funds = funds_in_year(judged) if judged.recognised and judged.eligible else Fraction(0)
    return {
        "project": judged.project.code,
        "name": judged.information.name,
        "sector": judged.information.sector,
        "scale": decimal_text(Fraction(judged.scale, MICRO), PLACES),
        "funds_in_place": decimal_text(funds, PLACES),
        "nodes": {
            stage: None if (node := judged.node(stage)) is None else node.on.isoformat()
            for stage in STAGES
        },
        "terminated_on": judged.project.terminated_on and judged.project.terminated_on.isoformat(),
        "excluded": [exclusion.chinese for exclusion, _version in judged.excluded],
    }


def _deadlines(judged: list[JudgedProject], view: View, unit: str) -> list[dict[str, Any]]:
    table = view.rulebook.rulebook.deadlines
    if table is None:
        return []
    found = [each for one in judged for each in d.project_deadlines(one) if each.unit == unit]
    return [
        row
        for row in d.listed_deadlines(found, view.as_of, table.levels)
        if row["level"] in PRESSING_LEVELS
    ]
