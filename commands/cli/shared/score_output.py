"""Scores as tables on a terminal, and the axes of a result in one line."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any, Final

from commands.cli.shared.output_columns import OutputColumn, unit_column
from commands.cli.shared.table_output import console, print_table
from commands.words import table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.messages import say
from commands.words.point_text import halved, points
from commands.words.vocabulary_words import word
from lifecycle.rejections import msg
from lifecycle.rulebook import Rulebook
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from lifecycle.rulebook.reads import factors_of_total
from projections.scoring.result_view import View
from projections.scoring.score_json import view_json

# What points rest on, as `score --format json` names it.
BASES: Final = ("policy", "interpretation", "assumption")


def axes_line(view: View) -> str:
    """Return a view's axes in one line."""
    return axes_json_line(view_json(view), view.rulebook.rulebook)


def axes_json_line(axes: dict[str, Any], book: Rulebook) -> str:
    """Return the axes of a result's JSON in one line."""
    # Twelve digits tell rulebooks apart; JSON has the whole digest.
    line = say(
        msg("year {year}, as of {as_of}, rulebook {id} {digest}"),
        year=axes["year"],
        as_of=axes["as_of"],
        id=book.id,
        digest=axes["rulebook"]["digest"][:12],
    )
    if axes["known_at"]:
        line += say(msg(", as known at {moment}"), moment=axes["known_at"])
    return line


def module_columns(
    book: Rulebook,
    *,
    groups: bool = False,
    conclusions: bool = True,
) -> list[OutputColumn]:
    """Return a column for the total and one for each module, and each group if asked for.

    `conclusions` are the grade and the outcomes, where the rulebook has any.
    """
    shown = points(book.rounding.shown)
    columns = [OutputColumn("total", headings.TOTAL, number=True, show=shown)]
    if conclusions and book.grades is not None:
        columns.append(OutputColumn("grade", headings.GRADE))
    if conclusions and any(isinstance(rule, Outcome) for rule in book.rules):
        columns.append(OutputColumn("outcomes", headings.OUTCOMES, show=_outcome_names))
    names = {module.id: module.chinese for module in book.modules_of_year}
    if groups:
        names |= {group.id: group.chinese for group in book.groups}
        # Without what factors of the total add, the groups do not add up to it.
        names |= {_factor_key(rule.id): rule.chinese for rule in factors_of_total(book)}
    for part, chinese in names.items():
        columns.append(OutputColumn(part, halved(chinese), number=True, show=shown))
    return columns


def _factor_key(rule: str) -> str:
    """The name of a column of what a factor adds; a module may have the rule's own name."""
    return f"total_factors.{rule}"


def _outcome_names(outcomes: Sequence[Any]) -> str:
    """Name the outcomes, whether as rows of JSON or as names."""
    names = [outcome["outcome"] if isinstance(outcome, dict) else outcome for outcome in outcomes]
    return "、".join(names)


def flat_score_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return a unit's row with modules, groups, basis, grade and outcomes beside each other."""
    flat = {name: row[name] for name in ("sequence", "rank", "unit", "name", "total")}
    flat |= row["modules"]
    flat |= row["basis"]
    for group, parts in row["groups"].items():
        flat[group] = str(parts["counted"])
    for multiplied in row.get("total_factors", ()):
        flat[_factor_key(multiplied["rule"])] = multiplied["added"]
    flat["grade"] = row.get("grade")
    flat["outcomes"] = [outcome["outcome"] for outcome in row.get("outcomes", [])]
    return flat


def score_columns(book: Rulebook) -> list[OutputColumn]:
    """Return the columns of `score --format csv`."""
    columns = [
        OutputColumn("sequence", FIELDS["sequence"]),
        OutputColumn("rank", headings.RANK, number=True),
        OutputColumn("unit", FIELDS["unit"]),
        *module_columns(book, groups=True),
    ]
    for basis in BASES:
        columns.append(OutputColumn(basis, word(basis), number=True))
    return columns


def print_scores(scores: dict[str, Any], book: Rulebook) -> None:
    """Print `score --format json` as a table for each sequence."""
    out = console()
    out.print(axes_json_line(scores, book), style="dim")
    columns = [
        OutputColumn("rank", headings.RANK, number=True),
        unit_column(whole=True),
        *module_columns(book, groups=True),
    ]
    for sequence, rows in groupby(scores["units"], key=lambda row: row["sequence"]):
        print_table([flat_score_row(row) for row in rows], columns, sequence)
    out.print(_basis_line(scores, book), style="dim")


def _basis_line(scores: dict[str, Any], book: Rulebook) -> str:
    shown = points(book.rounding.shown)
    sums = {}
    for basis in BASES:
        # Signed, limits included: the sums agree with the totals that they stand below.
        unit_points = [Fraction(row["rests_on"][basis]) for row in scores["units"]]
        sums[basis] = shown(sum(unit_points))
    template = msg(
        "points by basis: policy {policy}, interpretation {interpretation}, assumption {assumption}"
    )
    return say(template, **sums)
