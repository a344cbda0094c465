"""Names of persons and telephone numbers: left out of boards and of what is sent, shown to those with the role."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from commands.web.charts import Chart
from commands.words import telephone_numbers
from projections.scoring.score_line import ScoreLine

LEFT_OUT: Final = "〔从略〕"
PERSONS: Final = frozenset(
    {
        "lead_person",
        "person",
        "submitted_by",
        "reviewed_by",
        "approved_by",
        "recorded_by",
        "imported_by",
        "on_behalf_of",
    }
)
"""Fields that hold a person's name."""


def without_telephones(value: Any) -> Any:
    """A value with every telephone number in its texts left out; dictionaries and lists through and through."""
    if isinstance(value, str):
        return telephone_numbers.without_telephones(value)
    if isinstance(value, dict):
        return {name: without_telephones(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_telephones(inner) for inner in value]
    if isinstance(value, Chart):
        return replace(value, rows=without_telephones(value.rows))
    return value


def without_persons(value: Any) -> Any:
    """The same, and every field that holds a person's name."""
    if isinstance(value, dict):
        return {
            name: LEFT_OUT if name in PERSONS and inner else without_persons(inner)
            for name, inner in value.items()
        }
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        # A named tuple keeps its type: a line's formula goes by it.
        return type(value)(*map(without_persons, value))
    if isinstance(value, (list, tuple)):
        return [without_persons(inner) for inner in value]
    return without_telephones(value)


def nameless(line: ScoreLine) -> ScoreLine:
    """A line of points without names."""
    return line._replace(inputs=without_persons(line.inputs))
