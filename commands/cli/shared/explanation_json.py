"""An explanation as JSON and as rows of a table file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from commands.cli.shared.output_columns import OutputColumn, csv_columns
from commands.words.explanation_words import not_counted_reason
from lifecycle.rulebook.assessed_modules import assessed_by_period
from projections.scoring.explanation import Explanation
from projections.scoring.score_json import line_json, view_json
from projections.scoring.score_line import ScoreLine

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
    return _lines_json(explanation.lines, explanation)


def _lines_json(lines: Iterable[ScoreLine], explanation: Explanation) -> list[dict[str, Any]]:
    places = explanation.view.rulebook.rulebook.rounding.json_places
    return [line_json(line, places) for line in lines]


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
    explained = {
        "subject": explanation.subject,
        **view_json(explanation.view),
        "lines": explanation_lines(explanation),
        "not_counted": not_counted,
    }
    # Only a rulebook with modules assessed by period has this key.
    if assessed_by_period(explanation.view.rulebook.rulebook):
        explained["periods"] = _periods_json(explanation)
    return explained


def _periods_json(explanation: Explanation) -> list[dict[str, Any]]:
    rows = []
    for period, end, lines in explanation.periods:
        of_period = _lines_json(lines, explanation)
        rows.append({"period": period, "as_of": end.isoformat(), "lines": of_period})
    return rows
