"""Results as plain values for JSON: the shapes of spec 5, points rounded once, half away from zero."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from lifecycle.rulebook.kinds import Outcome
from lifecycle.rulebook.rulebook_model import Rulebook
from projections.scoring.evaluation import Result, View
from projections.scoring.rounding import decimal_text
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore


def view_json(view: View) -> dict[str, Any]:
    """The axes a result stands on."""
    return {
        "rulebook": {"id": view.rulebook.id, "digest": view.rulebook.digest},
        "year": view.year,
        "as_of": view.as_of.isoformat(),
        "known_at": None if view.known_at is None else view.known_at.isoformat(),
    }


def score_json(result: Result) -> dict[str, Any]:
    """`score --format json`."""
    book = result.view.rulebook.rulebook
    return {**view_json(result.view), "units": [unit_json(score, book) for score in result.scores]}


def unit_json(score: UnitScore, book: Rulebook) -> dict[str, Any]:
    """One unit of `score --format json`."""
    places = book.rounding.json_places

    def shown(value: Fraction) -> str:
        return decimal_text(value, places)

    caps = {group.id: group.cap for group in book.groups}
    return {
        "unit": score.unit,
        "sequence": score.sequence,
        "rank": score.rank,
        "total": shown(score.total),
        "modules": {module: shown(points) for module, points in score.modules.items()},
        "groups": {
            group: {
                "raw": shown(raw),
                "counted": shown(counted),
                "cap": None if (cap := caps[group]) is None else shown(cap),
            }
            for group, (raw, counted) in score.groups.items()
        },
        "basis": {basis: shown(points) for basis, points in score.basis.items()},
        **_outcomes(score, book),
    }


def _outcomes(score: UnitScore, book: Rulebook) -> dict[str, Any]:
    """Grade and outcomes, of a rulebook that has any."""
    rules = {rule.id: rule for rule in book.rules if isinstance(rule, Outcome)}
    found: dict[str, Any] = {} if book.grades is None else {"grade": score.grade}
    if rules:
        found["outcomes"] = [
            {"rule": rule, "outcome": rules[rule].outcome, "clause": rules[rule].clause}
            for rule in score.outcomes
        ]
    return found


def line_json(line: ScoreLine, places: int) -> dict[str, Any]:
    """One line of `explain --format json`."""
    return {
        "rule": line.rule,
        "module": line.module,
        "points": decimal_text(line.points, places),
        "clause": line.clause,
        "basis": line.basis,
        "unit": line.unit,
        "project": line.project,
        "inputs": value_json(line.inputs, places),
        "events": list(line.events),
    }


def value_json(value: Any, places: int) -> Any:
    """An input as a JSON value: numbers as plain text, dates in ISO."""
    if isinstance(value, dict):
        return {name: value_json(inner, places) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [value_json(inner, places) for inner in value]
    if isinstance(value, Fraction):
        return decimal_text(value, places)
    return value.isoformat() if isinstance(value, (date, datetime)) else value
