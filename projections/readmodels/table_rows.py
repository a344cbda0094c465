"""From facts to rows of the read tables; the order of a row's values is the order of its table's columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Final

import orjson

from projections.facts.project_facts import ProjectFacts
from projections.facts.unit_facts import UnitFacts
from projections.scoring.evaluation import View
from projections.scoring.judgement import JudgedProject
from projections.scoring.rounding import decimal_text
from projections.scoring.score_json import inputs_json
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import PointTally, UnitScore
from projections.views.deadline_view import project_deadlines as of_project_deadlines
from projections.views.project_view import iso, project_row
from projections.views.target_view import TargetProgress, TargetShare

PLACES: Final = 10

Rows = list[Sequence[Any]]


def of_unit(unit: UnitFacts) -> Sequence[Any]:
    """A row of `units`."""
    return unit.name, unit.sequence, unit.category, unit.order


def of_project(judged: JudgedProject) -> Sequence[Any]:
    """A row of `projects`."""
    return project_row(judged)


def of_figures(project: ProjectFacts) -> Rows:
    """Rows of `figures`: each month's investment and tax, as reported."""
    code, taxes = project.code, {month: tax.amount for month, _version, tax in project.taxes}
    rows: Rows = [
        (code, month, e.fixed_assets, e.self_held, e.self_held_state_share, taxes.pop(month, None))
        for month, _version, e in project.figures
    ]
    rows.extend([(code, month, None, None, None, amount) for month, amount in taxes.items()])
    return rows


def of_lines(year: int, stream: str, lines: Iterable[ScoreLine]) -> Rows:
    """Rows of `score_lines`, numbered within the stream that they come from."""
    return [
        (
            year,
            stream,
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
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def of_deadlines(judged: JudgedProject) -> Rows:
    """Rows of `deadlines`, numbered within the project."""
    return [
        (
            each.project,
            number,
            each.kind,
            each.unit,
            each.about,
            each.due_on.isoformat(),
            each.clause,
            each.basis,
            each.estimated,
        )
        for number, each in enumerate(of_project_deadlines(judged), start=1)
    ]


def of_sheets(judged: JudgedProject) -> Rows:
    """Rows of `sheets`: the project's tasks as they stand on the day."""
    code, day = judged.project.code, judged.axes.as_of
    return [
        (
            code,
            task.number,
            task.task,
            task.responsible_unit,
            iso(task.due_on),
            task.stage,
            task.status(day),
            iso(task.warned_on),
            iso(task.supervised_on),
            iso(task.rectify_by),
            iso(task.exposed_on),
            iso(task.cleared_on),
        )
        for task in judged.project.tasks.values()
    ]


def of_shares(year: int, project: str, given: Iterable[TargetShare]) -> Rows:
    """Rows of `target_shares`."""
    return [
        (
            year,
            project,
            share.indicator,
            share.unit,
            decimal_text(share.amount, PLACES),
            str(share.amount),
        )
        for share in given
    ]


def of_target(view: View, place: int, row: TargetProgress) -> Sequence[Any]:
    """A row of `targets`."""
    told = row.as_json()
    return (
        view.year,
        place,
        row.indicator,
        row.unit,
        view.as_of.isoformat(),
        told["target"],
        told["actual"],
        str(row.actual),
        told["ratio"],
    )


def of_score(view: View, place: int, score: UnitScore) -> Sequence[Any]:
    """A row of `scores`."""
    total = score.total
    return (
        view.year,
        score.unit,
        place,
        view.as_of.isoformat(),
        view.rulebook.id,
        score.sequence,
        score.rank,
        decimal_text(total, PLACES),
        str(total),
    )


def of_parts(year: int, score: UnitScore, tally: PointTally) -> Rows:
    """Rows of `score_parts`: modules, groups and bases, counted and raw; outcomes in their order."""
    parts: list[tuple[str, str, Fraction, Fraction]] = [
        ("module", name, points, tally.modules[name]) for name, points in score.modules.items()
    ]
    parts += [("group", name, counted, raw) for name, (raw, counted) in score.groups.items()]
    parts += [("basis", name, points, points) for name, points in score.basis.items()]
    parts += [
        ("outcome", rule, Fraction(place), Fraction(place))
        for place, rule in enumerate(score.outcomes)
    ]
    return [
        (year, score.unit, part, name, decimal_text(points, PLACES), str(points), str(raw))
        for part, name, points, raw in parts
    ]
