"""比亮晒: one unit on one screen.

Its place, projects by node, targets, pressing deadlines, open tasks (三.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from lifecycle.events.vocabulary import STAGES
from lifecycle.exact_numbers import MICRO
from lifecycle.ledger.store import Ledger
from lifecycle.rounding import decimal_text
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.evaluation import evaluate
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.result_view import View
from projections.scoring.score_json import unit_json
from projections.scoring.unit_scores import UnitScore
from projections.views.deadline_view import DeadlineRow, deadlines_of, listed_deadlines
from projections.views.json_rows import json_rows
from projections.views.morning_view import PRESSING_LEVELS
from projections.views.project_view import furthest_stage, iso
from projections.views.sheet_view import TaskRow, project_task_rows
from projections.views.target_view import (
    TargetProgress,
    TargetShare,
    counted_funds,
    project_target_shares,
    target_progress,
    targets_in_force,
)

_PLACES: Final = 10


@dataclass(frozen=True, slots=True)
class UnitProject:
    """A project that a unit has the credit for; amounts in 万元."""

    project: str
    name: str
    sector: str
    scale: Fraction
    funds_in_place: Fraction
    nodes: dict[str, date | None]
    terminated_on: date | None
    excluded: list[str]

    def as_json(self) -> dict[str, Any]:
        """One row of `projects`."""
        return {
            "project": self.project,
            "name": self.name,
            "sector": self.sector,
            "scale": decimal_text(self.scale, _PLACES),
            "funds_in_place": decimal_text(self.funds_in_place, _PLACES),
            "nodes": {stage: iso(day) for stage, day in self.nodes.items()},
            "terminated_on": iso(self.terminated_on),
            "excluded": self.excluded,
        }


@dataclass(frozen=True, slots=True)
class UnitBoard:
    """A unit at a view; `sequence_size` is the number of units it is ranked among."""

    view: View
    score: UnitScore
    sequence_size: int
    stages: dict[str, int]
    projects: list[UnitProject]
    targets: list[TargetProgress]
    deadlines: list[DeadlineRow]
    tasks: list[TaskRow]

    def as_json(self) -> dict[str, Any]:
        """The whole of `board --unit --format json`."""
        score = unit_json(self.score, self.view.rulebook.rulebook)
        return {
            "score": {**score, "of": self.sequence_size},
            "stages": self.stages,
            "projects": json_rows(self.projects),
            "targets": json_rows(self.targets),
            "deadlines": json_rows(self.deadlines),
            "tasks": json_rows(self.tasks),
        }


def unit_board(
    ledger: Ledger,
    view: View,
    unit: str,
) -> UnitBoard | None:
    """Compute a unit's board; None where no such unit is there."""
    result = evaluate(ledger, view)
    scores = result.scores
    score = next((score for score in scores if score.unit == unit), None)
    if score is None:
        return None
    projects = judged_at(ledger, view)
    # A dissolved unit credits its successor, which `project.unit` already says.
    credited = [project for project in projects if project.unit == unit]
    # What is under way comes first, what is over or excluded last.
    credited.sort(key=lambda project: (not is_active(project), project.facts.code))
    return UnitBoard(
        view=view,
        score=score,
        sequence_size=sum(other.sequence == score.sequence for other in scores),
        stages=_projects_by_furthest_stage(credited),
        projects=[_unit_project(project) for project in credited],
        targets=_unit_targets(
            ledger,
            view,
            result.units,
            unit,
            credited,
        ),
        deadlines=_pressing_deadlines(projects, view, unit),
        tasks=_open_tasks(projects, unit),
    )


def _projects_by_furthest_stage(projects: Sequence[JudgedProject]) -> dict[str, int]:
    counts: dict[str, int] = dict.fromkeys(STAGES, 0)
    for project in projects:
        if is_active(project):
            counts[furthest_stage(project)] += 1
    return counts


def is_active(project: JudgedProject) -> bool:
    """Whether a project counts among the unit's: neither terminated nor excluded."""
    return project.facts.terminated_on is None and not project.excluded


def _unit_project(project: JudgedProject) -> UnitProject:
    nodes: dict[str, date | None] = {}
    for stage in STAGES:
        node = project.node(stage)
        nodes[stage] = None if node is None else node.on
    return UnitProject(
        project=project.facts.code,
        name=project.information.name,
        sector=project.information.sector,
        scale=Fraction(project.scale, MICRO),
        funds_in_place=counted_funds(project),
        nodes=nodes,
        terminated_on=project.facts.terminated_on,
        excluded=[exclusion.chinese for exclusion, _version in project.excluded],
    )


def _unit_targets(
    ledger: Ledger,
    view: View,
    units: UnitsOfDay,
    unit: str,
    projects: Sequence[JudgedProject],
) -> list[TargetProgress]:
    own_targets = {}
    for key, amount in targets_in_force(ledger, view, units).items():
        _indicator, target_unit = key
        if target_unit == unit:
            own_targets[key] = amount
    shares: list[TargetShare] = []
    for project in projects:
        shares.extend(project_target_shares(project))
    return target_progress(own_targets, shares, units)


def _pressing_deadlines(
    projects: Sequence[JudgedProject],
    view: View,
    unit: str,
) -> list[DeadlineRow]:
    # A task's deadline may fall to another unit than the one with the credit.
    deadlines = [deadline for deadline in deadlines_of(projects) if deadline.unit == unit]
    rows = listed_deadlines(deadlines, view.as_of, view.rulebook.rulebook.deadline_levels)
    return [row for row in rows if row.level in PRESSING_LEVELS]


def _open_tasks(projects: Sequence[JudgedProject], unit: str) -> list[TaskRow]:
    """Return the unit's open tasks, also of projects that another unit has the credit for."""
    rows: list[TaskRow] = []
    for project in projects:
        for row in project_task_rows(project):
            if row.task.is_open and row.responsible_unit == unit:
                rows.append(row)
    return rows
