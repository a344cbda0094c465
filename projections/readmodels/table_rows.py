"""From facts and results to rows of the query tables.

Rows of which a county has many are built by place, in the order of their columns: by name they
would cost twice the time, and a rebuild a tenth more.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

import orjson

from lifecycle.rounding import decimal_text
from projections.facts.project_facts import ProjectFacts
from projections.facts.unit_facts import UnitFacts
from projections.readmodels.query_tables import (
    FigureRow,
    ProjectDeadlineRow,
    ScoreLineRow,
    ScorePartRow,
    ScoreRow,
    TargetShareRow,
    TargetStateRow,
    TaskSheetRow,
    UnitRow,
)
from projections.scoring.judgement import JudgedProject
from projections.scoring.point_tally import PointTally
from projections.scoring.result_view import View
from projections.scoring.score_json import inputs_json
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore
from projections.views.project_deadlines import project_deadlines
from projections.views.project_view import iso
from projections.views.target_view import TargetProgress, TargetShare

PLACES: Final = 10
"""Decimals of amounts and points that are fractions; the `_exact` column beside has all of it."""


def unit_row(unit: UnitFacts) -> UnitRow:
    """Return the row of `units`."""
    return UnitRow(unit.name, unit.shown_name, unit.sequence, unit.category, unit.order)


def figure_rows(project: ProjectFacts) -> list[FigureRow]:
    """Return the rows of `figures`: each month with investment, tax, or both."""
    taxes = {month: tax.amount for month, _version, tax in project.taxes}
    rows = [
        FigureRow(
            project.code,
            month,
            figure.fixed_assets,
            figure.self_held,
            figure.self_held_state_share,
            taxes.pop(month, None),
        )
        for month, _version, figure in project.figures
    ]
    # What is left are months with tax alone.
    for month, amount in taxes.items():
        rows.append(
            FigureRow(
                project.code,
                month,
                None,
                None,
                None,
                amount,
            )
        )
    return rows


def score_line_rows(
    year: int,
    stream_id: str,
    lines: Iterable[ScoreLine],
) -> list[ScoreLineRow]:
    """Return rows of `score_lines`, numbered within the stream that they come from."""
    return [
        ScoreLineRow(
            year,
            stream_id,
            number,
            line.unit,
            line.project,
            line.rule,
            line.module,
            decimal_text(line.points, PLACES),
            str(line.points),
            line.clause,
            line.basis,
            _json(inputs_json(line.inputs, PLACES)),
            _json(line.events),
        )
        for number, line in enumerate(lines, start=1)
    ]


def _json(value: Any) -> str:
    # Sorted keys: digests of the tables compare these texts.
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def deadline_rows(project: JudgedProject) -> list[ProjectDeadlineRow]:
    """Return rows of `deadlines`, numbered within the project."""
    return [
        ProjectDeadlineRow(
            deadline.project,
            number,
            deadline.kind,
            deadline.unit,
            deadline.about,
            deadline.due_on.isoformat(),
            deadline.clause,
            deadline.basis,
            deadline.estimated,
        )
        for number, deadline in enumerate(project_deadlines(project), start=1)
    ]


def sheet_rows(project: JudgedProject) -> list[TaskSheetRow]:
    """Return rows of `sheets`: the project's tasks as they stand on the day."""
    day = project.axes.as_of
    return [
        TaskSheetRow(
            project=project.facts.code,
            number=task.number,
            task=task.task,
            responsible_unit=project.responsible_unit(task),
            due_on=task.due_on.isoformat(),
            stage=task.stage,
            status=task.status(day),
            warned_on=iso(task.warned_on),
            supervised_on=iso(task.supervised_on),
            rectify_by=iso(task.rectify_by),
            exposed_on=iso(task.exposed_on),
            cleared_on=iso(task.cleared_on),
        )
        for task in project.facts.tasks.values()
    ]


def share_rows(
    year: int,
    project: str,
    shares: Iterable[TargetShare],
) -> list[TargetShareRow]:
    """Return rows of `target_shares`."""
    return [
        TargetShareRow(
            year,
            project,
            share.indicator,
            share.unit,
            decimal_text(share.amount, PLACES),
            str(share.amount),
        )
        for share in shares
    ]


def target_row(
    view: View,
    place: int,
    progress: TargetProgress,
) -> TargetStateRow:
    """Return a row of `targets`."""
    ratio = progress.ratio
    return TargetStateRow(
        year=view.year,
        place=place,
        indicator=progress.indicator,
        unit=progress.unit,
        as_of=view.as_of.isoformat(),
        target=decimal_text(progress.target, PLACES),
        actual=decimal_text(progress.actual, PLACES),
        actual_exact=str(progress.actual),
        ratio=None if ratio is None else decimal_text(ratio, PLACES),
    )


def score_row(
    view: View,
    place: int,
    score: UnitScore,
) -> ScoreRow:
    """Return a row of `scores`."""
    return ScoreRow(
        year=view.year,
        unit=score.unit,
        place=place,
        as_of=view.as_of.isoformat(),
        rulebook=view.rulebook.id,
        sequence=score.sequence,
        rank=score.rank,
        total=decimal_text(score.total, PLACES),
        total_exact=str(score.total),
    )


def score_part_rows(
    year: int,
    score: UnitScore,
    tally: PointTally,
) -> list[ScorePartRow]:
    """Return rows of `score_parts`: modules, groups and bases, counted and raw.

    Outcomes in order.
    """
    parts: list[tuple[str, str, Fraction, Fraction]] = []
    for name, counted in score.modules.items():
        parts.append(("module", name, counted, tally.module_points(name)))
    for name, (raw, counted) in score.groups.items():
        parts.append(("group", name, counted, raw))
    for name, points in score.basis.items():
        parts.append(("basis", name, points, points))
    # An outcome has no points; its place among the outcomes stands there instead.
    for place, rule in enumerate(score.outcomes):
        parts.append(("outcome", rule, Fraction(place), Fraction(place)))
    return [
        ScorePartRow(
            year,
            score.unit,
            part,
            name,
            decimal_text(counted, PLACES),
            str(counted),
            str(raw),
        )
        for part, name, counted, raw in parts
    ]
