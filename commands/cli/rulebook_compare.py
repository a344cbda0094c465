"""`rulebook compare`: the same history under two rulebooks, A and B."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.row_output import format_option, print_csv, print_json
from commands.cli.shared.rulebook_choice import loaded
from commands.cli.shared.rulebook_year import axes_of_rulebook
from commands.cli.shared.store_access import open_store
from commands.cli.shared.table_output import console, print_table
from commands.words import table_headings as headings
from commands.words.comparison_words import rank_change_text, rule_or_limit_name
from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from commands.words.point_text import points
from commands.words.rank_words import rank_cell
from lifecycle.rejections import msg
from lifecycle.rulebook import LoadedRulebook
from projections.scoring.result_view import View
from projections.scoring.score_json import view_json
from projections.views.requested_axes import RequestedAxes
from projections.views.rulebook_comparison import (
    ProjectDifference,
    UnitComparison,
    compare_rulebooks,
    comparison_json,
    project_json,
)

_CSV_FIELDS: Final = (
    "sequence",
    "unit",
    "total_a",
    "total_b",
    "rank_a",
    "rank_b",
    "module",
    "rule",
    "a",
    "b",
    "difference",
    "project",
    "clause",
)
_CSV_TEXTS: Final = ("sequence", "unit", "module", "rule", "project", "clause")


@click.command("compare")
@click.argument("a")
@click.argument("b")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help=_("How many of the projects that gain or lose most are named, each with its rule."),
)
@axes_options(rulebook=False)
@format_option
def command(
    a: str,
    b: str,
    limit: int,
    axes: RequestedAxes,
    form: str,
) -> None:
    """Compare two rulebooks over the history of a year."""
    book_a, book_b = loaded(a), loaded(b)
    with open_store() as ledger:
        view = axes_of_rulebook(axes, ledger, book_a).year_view(ledger, rulebook=book_a)
        comparison = compare_rulebooks(ledger, view, book_b)
    comparisons, projects = comparison.units, comparison.projects[:limit]
    if form == "json":
        print_json(_json(view, book_a, book_b, comparisons, projects))
    elif form == "csv":
        places = _json_places(book_a, book_b)
        units = _unit_rows(comparisons, book_a, book_b)
        _print_csv(units, [project_json(row, places) for row in projects])
    else:
        template = msg("year {year}, as of {as_of}: A {a}, B {b}")
        line = say(
            template,
            year=view.year,
            as_of=view.as_of,
            a=book_a.id,
            b=book_b.id,
        )
        console().print(line, style="dim")
        _print_totals(comparisons, book_a, book_b)
        _print_differences(comparisons, book_a, book_b)
        _print_projects(projects, book_a, book_b)


# JSON and CSV -------------------------------------------------------------------------------------


def _json(
    view: View,
    book_a: LoadedRulebook,
    book_b: LoadedRulebook,
    comparisons: Sequence[UnitComparison],
    projects: Sequence[ProjectDifference],
) -> dict[str, Any]:
    places = _json_places(book_a, book_b)
    axes = view_json(view)
    # The view's rulebook is A; here A and B are named side by side.
    del axes["rulebook"]
    return {
        "a": {"id": book_a.id, "digest": book_a.digest},
        "b": {"id": book_b.id, "digest": book_b.digest},
        **axes,
        "units": _unit_rows(comparisons, book_a, book_b),
        "projects": [project_json(row, places) for row in projects],
    }


def _unit_rows(
    comparisons: Sequence[UnitComparison],
    book_a: LoadedRulebook,
    book_b: LoadedRulebook,
) -> list[dict[str, Any]]:
    places = _json_places(book_a, book_b)
    return [comparison_json(comparison, places) for comparison in comparisons]


def _json_places(book_a: LoadedRulebook, book_b: LoadedRulebook) -> int:
    # Points of both are shown with the finer rounding, so that no difference is rounded away.
    return max(book_a.rulebook.rounding.json_places, book_b.rulebook.rounding.json_places)


def _print_csv(units: Sequence[dict[str, Any]], projects: Sequence[dict[str, Any]]) -> None:
    """Print a row for each rule whose points differ, at least one for each unit, and projects."""
    columns = [OutputColumn(name, name, number=name not in _CSV_TEXTS) for name in _CSV_FIELDS]
    rows: list[dict[str, Any]] = []
    for unit in units:
        totals = {
            "unit": unit["unit"],
            "sequence": unit["sequence"],
            "total_a": unit["total"]["a"],
            "total_b": unit["total"]["b"],
            "rank_a": unit["rank"]["a"],
            "rank_b": unit["rank"]["b"],
        }
        # A unit without differences keeps a row, so that every unit's ranks are in the file.
        rows += [totals | rule for rule in _csv_differences(unit) or [{}]]
    print_csv([*rows, *projects], columns)


def _csv_differences(unit: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a unit's differences, which add up to that of its totals: by rule, then by limits."""
    if Fraction(unit["limits"]) == 0:
        return list(unit["rules"])
    return [*unit["rules"], {"rule": "limits", "difference": unit["limits"]}]


# Tables -------------------------------------------------------------------------------------------


def _points_text(
    book_a: LoadedRulebook,
    book_b: LoadedRulebook,
) -> Callable[[Any], str]:
    return points(max(book_a.rulebook.rounding.shown, book_b.rulebook.rounding.shown))


def _print_totals(
    comparisons: Sequence[UnitComparison],
    book_a: LoadedRulebook,
    book_b: LoadedRulebook,
) -> None:
    # A leadership looks first at who gains or loses most.
    by_change = sorted(comparisons, key=_size_of_change, reverse=True)
    rows = [_totals_row(comparison) for comparison in by_change]
    print_table(rows, _totals_columns(_points_text(book_a, book_b)))


def _size_of_change(comparison: UnitComparison) -> Fraction:
    return abs(comparison.difference)


def _totals_columns(show: Callable[[Any], str]) -> list[OutputColumn]:
    return [
        OutputColumn("sequence", FIELDS["sequence"]),
        OutputColumn("unit", FIELDS["unit"], whole=True),
        OutputColumn("a", headings.TOTAL_A, number=True, show=show),
        OutputColumn("b", headings.TOTAL_B, number=True, show=show),
        OutputColumn("difference", headings.DIFFERENCE, number=True, show=show),
        OutputColumn("ranks", headings.RANK),
        OutputColumn("change", headings.RANKS_MOVED),
    ]


def _totals_row(comparison: UnitComparison) -> dict[str, Any]:
    ranks = [rank_cell(score.rank) for score in (comparison.a, comparison.b)]
    return {
        "sequence": comparison.sequence,
        "unit": comparison.unit,
        "a": comparison.a.total,
        "b": comparison.b.total,
        "difference": comparison.difference,
        "ranks": " → ".join(ranks),
        "change": rank_change_text(comparison.places_gained),
    }


def _print_differences(
    comparisons: Sequence[UnitComparison],
    book_a: LoadedRulebook,
    book_b: LoadedRulebook,
) -> None:
    show = _points_text(book_a, book_b)

    # A dash, unlike 0, says that a rulebook has no such rule.
    def show_side(value: Any) -> str:
        if value is None:
            return "—"
        return show(value)

    columns = [
        OutputColumn("unit", FIELDS["unit"], whole=True),
        OutputColumn("module", headings.MODULE),
        OutputColumn("rule", headings.RULE, show=str),
        OutputColumn("a", "A", number=True, show=show_side),
        OutputColumn("b", "B", number=True, show=show_side),
        OutputColumn("difference", headings.DIFFERENCE, number=True, show=show),
    ]
    rows = [
        *_rule_rows(comparisons, book_a, book_b),
        *_limit_rows(comparisons),
    ]
    print_table(rows, columns, str(headings.WHERE_FROM))


def _print_projects(
    projects: Sequence[ProjectDifference],
    book_a: LoadedRulebook,
    book_b: LoadedRulebook,
) -> None:
    if not projects:
        return
    show = _points_text(book_a, book_b)
    columns = [
        OutputColumn("project", FIELDS["project"], whole=True),
        OutputColumn("unit", FIELDS["unit"], whole=True),
        OutputColumn("rule", headings.RULE, show=str),
        OutputColumn("clause", headings.CLAUSE),
        OutputColumn("a", "A", number=True, show=show),
        OutputColumn("b", "B", number=True, show=show),
        OutputColumn("difference", headings.DIFFERENCE, number=True, show=show),
    ]
    rule_names = _rule_names(book_a, book_b)
    rows = []
    for project in projects:
        row = project._asdict()
        row["rule"] = rule_or_limit_name(project.rule, rule_names)
        row["difference"] = project.difference
        rows.append(row)
    print_table(rows, columns, str(headings.PROJECTS_MOVED_MOST))


def _rule_names(book_a: LoadedRulebook, book_b: LoadedRulebook) -> dict[str, str]:
    """Name each rule of the two; a rule or module that both have goes by A's name."""
    names: dict[str, str] = {}
    for book in (book_b.rulebook, book_a.rulebook):
        names.update({rule.id: rule.chinese for rule in book.rules})
    return names


def _rule_rows(
    comparisons: Sequence[UnitComparison],
    book_a: LoadedRulebook,
    book_b: LoadedRulebook,
) -> Iterator[dict[str, Any]]:
    rule_names = _rule_names(book_a, book_b)
    module_names: dict[str, str] = {}
    for book in (book_b.rulebook, book_a.rulebook):
        module_names.update({module.id: module.chinese for module in book.modules})
    for comparison in comparisons:
        for row in comparison.rules:
            yield {
                "unit": comparison.unit,
                "module": module_names.get(row.module, row.module),
                "rule": rule_or_limit_name(row.rule, rule_names),
                "a": row.a,
                "b": row.b,
                "difference": row.difference,
            }


def _limit_rows(comparisons: Sequence[UnitComparison]) -> Iterator[dict[str, Any]]:
    for comparison in comparisons:
        if comparison.by_limits:
            yield {
                "unit": comparison.unit,
                "rule": headings.GROUP_AND_TOTAL_LIMITS.chinese,
                "difference": comparison.by_limits,
            }
