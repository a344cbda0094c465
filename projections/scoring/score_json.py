"""Results as JSON (spec 5): the only place where their exact numbers become text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from typing import Any, Final

from lifecycle.rounding import decimal_text
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from lifecycle.rulebook.reads import factors_of_total
from lifecycle.rulebook.rulebook_model import Rulebook
from projections.scoring.counted_items import EventFields
from projections.scoring.evaluation import Result
from projections.scoring.result_view import View
from projections.scoring.score_line import LineInputs, ScoreLine
from projections.scoring.unit_scores import UnitScore

_SHOWN_WHERE_NONE: Final = frozenset({"band", "place"})
"""Inputs that say by null that there is none; any other input that is None is left out."""


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
    units = [unit_json(score, book) for score in result.scores]
    return {**view_json(result.view), "units": units}


def unit_json(
    score: UnitScore,
    book: Rulebook,
) -> dict[str, Any]:
    """One unit of `score --format json`."""
    places = book.rounding.json_places
    row: dict[str, Any] = {
        "unit": score.unit,
        "name": score.name,
        "sequence": score.sequence,
        "rank": score.rank,
        "total": decimal_text(score.total, places),
        "modules": _points_json(score.modules, places),
        "groups": _groups_json(score, book, places),
        "basis": _points_json(score.basis, places),
        "rests_on": _points_json(score.rests_on, places),
    }
    if factors_of_total(book):
        row["total_factors"] = _total_factors_json(score, places)
    # Keys of a rulebook that has no grades, or no outcomes, are left out: publications made before
    # there were any hold none either.
    if book.grades is not None:
        row["grade"] = score.grade
    if any(isinstance(rule, Outcome) for rule in book.rules):
        row["outcomes"] = _outcomes_json(score, book)
    return row


def _points_json(
    points_by_name: Mapping[str, Fraction],
    places: int,
) -> dict[str, str]:
    return {name: decimal_text(points, places) for name, points in points_by_name.items()}


def _groups_json(
    score: UnitScore,
    book: Rulebook,
    places: int,
) -> dict[str, Any]:
    caps = {group.id: group.cap for group in book.groups}
    rows = {}
    for name, (raw, counted) in score.groups.items():
        cap = caps[name]
        rows[name] = {
            "raw": decimal_text(raw, places),
            "counted": decimal_text(counted, places),
            "cap": None if cap is None else decimal_text(cap, places),
        }
    return rows


def _total_factors_json(score: UnitScore, places: int) -> list[dict[str, str]]:
    """What multiplies the groups and modules together; a factor of 1 is left out."""
    return [
        {
            "rule": multiplied.rule,
            "sum_of_groups": decimal_text(multiplied.sum_of_groups, places),
            "factor": decimal_text(multiplied.factor, places),
            "added": decimal_text(multiplied.added, places),
        }
        for multiplied in score.total_factors
    ]


def _outcomes_json(
    score: UnitScore,
    book: Rulebook,
) -> list[dict[str, str]]:
    rules = {rule.id: rule for rule in book.rules if isinstance(rule, Outcome)}
    rows = []
    for name in score.outcomes:
        rule = rules[name]
        rows.append({"rule": rule.id, "outcome": rule.outcome, "clause": rule.clause})
    return rows


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
        "inputs": inputs_json(line.inputs, places),
        "events": list(line.events),
    }


def inputs_json(
    inputs: LineInputs,
    places: int,
) -> dict[str, Any]:
    """What a line was computed from, by the names of its fields."""
    fields: dict[str, Any] = {}
    _add_record(fields, inputs, places)
    return fields


def _add_record(
    fields: dict[str, Any],
    record: Any,
    places: int,
) -> None:
    """Add a record's fields; those of a record within it stand beside its own."""
    # This runs for each record of each line of a rebuild: types are compared instead of tested by
    # `isinstance`, the most frequent first.
    record_type: Any = type(record)
    for name, value in zip(_json_names(record_type), record, strict=True):
        value_type: Any = type(value)
        if value_type is str or value_type is int:
            fields[name] = value
        elif value_type is Fraction:
            fields[name] = decimal_text(value, places)
        elif value is None:
            if name in _SHOWN_WHERE_NONE:
                fields[name] = None
        elif value_type is EventFields:
            _add_event_fields(fields, value, places)
        elif _is_record_type(value_type):
            _add_record(fields, value, places)
        else:
            fields[name] = value_json(value, places)


def _add_event_fields(
    fields: dict[str, Any],
    event_fields: EventFields,
    places: int,
) -> None:
    for name, value in event_fields.fields.items():
        fields[name] = value if type(value) is str else value_json(value, places)


@cache
def _json_names(record_type: Any) -> tuple[str, ...]:
    """The names of a record's fields in JSON."""
    # A name that Python, or every tuple, uses itself ends in an underscore.
    return tuple([name.rstrip("_") for name in record_type._fields])


@cache
def _is_record_type(value_type: Any) -> bool:
    return issubclass(value_type, tuple) and hasattr(value_type, "_fields")


def value_json(value: Any, places: int) -> Any:
    """A value for JSON: exact numbers as plain text, days in ISO."""
    value_type: Any = type(value)
    if value_type is Fraction:
        return decimal_text(value, places)
    if value_type is date or value_type is datetime:
        return value.isoformat()
    if value_type is dict:
        return {name: value_json(inner, places) for name, inner in value.items()}
    if value_type is list or value_type is tuple:
        return [value_json(inner, places) for inner in value]
    if _is_record_type(value_type):
        fields: dict[str, Any] = {}
        _add_record(fields, value, places)
        return fields
    return value
