"""An explanation as JSON and as rows of a table file."""

from __future__ import annotations

from typing import Any, Final

from commands.cli.shared.output_columns import OutputColumn, csv_columns
from commands.words.explanation_words import not_counted_reason
from projections.scoring.explanation import Explanation
from projections.scoring.score_json import line_json, view_json

_CSV_FIELDS: Final = (
    "module",
    "rule",
    "points",
    "clause",
    "basis",
    "unit",
    "project",
    "inputs",
    "events",
)


def explanation_csv_columns() -> list[OutputColumn]:
    """Return the columns of `explain --format csv`."""
    return csv_columns(*_CSV_FIELDS, numbers={"points"})


def explanation_lines(explanation: Explanation) -> list[dict[str, Any]]:
    """Return the lines of points as rows."""
    places = explanation.view.rulebook.rulebook.rounding.json_places
    return [line_json(line, places) for line in explanation.lines]


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """Return `explain --format json`."""
    not_counted = []
    for row in explanation.not_counted:
        not_counted.append(
            {
                "project": row.project,
                "rule": row.rule,
                "reason": not_counted_reason(row),
                "clause": row.clause,
            }
        )
    return {
        "subject": explanation.subject,
        **view_json(explanation.view),
        "lines": explanation_lines(explanation),
        "not_counted": not_counted,
    }
