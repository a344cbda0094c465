"""Findings about a rulebook, each with a place that an editor opens: file, line and column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from commands.cli.shared.print_message import print_message
from commands.cli.shared.rulebook_choice import RulebookText
from commands.words.messages import say
from commands.words.problem_text import problem_text
from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.rulebook_review import ReviewFinding
from lifecycle.rulebook.toml_places import TomlPlaces

_LEVELS: Final = {"error": msg("error"), "doubt": msg("doubt")}


def reading_findings(problems: Sequence[Problem]) -> list[ReviewFinding]:
    """The problems that keep a rulebook from being read, as findings."""
    return [ReviewFinding("error", problem) for problem in problems]


def finding_rows(text: RulebookText, findings: Sequence[ReviewFinding]) -> list[dict[str, Any]]:
    """Each finding as a row: level, rule, place, line, column and message."""
    if not findings:
        return []
    # Text that is no TOML at all has no places: its one finding says where reading stopped.
    is_toml = findings[0].problem.rule != "toml"
    places = TomlPlaces(text.content if is_toml else "")
    rows = []
    for finding in findings:
        line, column = _line_and_column(finding.problem, places)
        rows.append(
            {
                "level": finding.level,
                "rule": finding.problem.rule,
                "place": finding.problem.field,
                "line": line,
                "column": column,
                "message": problem_text(finding.problem, of_rulebook=True),
            }
        )
    return rows


def _place(problem: Problem) -> str | None:
    """Where to look: an unknown field itself, though its finding is of the table around it."""
    name = problem.values.get("name")
    if problem.rule != "unknown_field" or name is None:
        return problem.field
    return f"{problem.field}.{name}" if problem.field else str(name)


def _line_and_column(problem: Problem, places: TomlPlaces) -> tuple[object, object]:
    if problem.rule == "toml":
        return problem.values.get("line"), problem.values.get("column")
    return places.place(_place(problem))


def print_findings(text: RulebookText, findings: Sequence[ReviewFinding]) -> None:
    """Print the findings on standard error, as compilers do: `file:line:column: level: text`."""
    for row in finding_rows(text, findings):
        place = text.name
        if row["line"] is not None:
            place = f"{text.name}:{row['line']}:{row['column']}"
        print_message(f"{place}: {say(_LEVELS[row['level']])}: {row['message']}")
