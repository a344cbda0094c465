"""`score`: totals, modules and ranks."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.passed_over_output import of_unit, passed_over_rows, print_passed_over
from commands.cli.shared.row_output import format_option, print_csv, print_json
from commands.cli.shared.rulebook_year import view_of_year
from commands.cli.shared.score_output import flat_score_row, print_scores, score_columns
from commands.cli.shared.store_access import open_store
from commands.cli.shared.time_correction_output import with_time_corrections
from commands.cli.shared.understood_names import understood_filter
from commands.cli.shared.unknown_names import absent_unit
from commands.words.messages import _
from projections.scoring.evaluation import evaluate
from projections.scoring.part_scoring import with_all_cores
from projections.scoring.passed_over import passed_over
from projections.scoring.score_json import score_json
from projections.views.requested_axes import RequestedAxes


@click.command(
    "score", help=_("Show the totals, modules and ranks of a year, or those of UNIT only.")
)
@click.argument("unit", required=False)
@axes_options()
@format_option
def command(
    unit: str | None,
    axes: RequestedAxes,
    form: str,
) -> None:
    """Show the scores of a year."""
    with open_store() as ledger:
        unit = understood_filter(ledger, "unit", unit)
        view = with_all_cores(view_of_year(axes, ledger))
        year_scores = with_time_corrections(score_json(evaluate(ledger, view)), ledger, axes)
        overlooked = passed_over(ledger, view)
    rows = year_scores["units"]
    if unit is not None:
        year_scores["units"] = [row for row in rows if row["unit"] == unit]
        # A filter that names nothing known is an error, never an empty answer (spec 5).
        if not year_scores["units"]:
            raise absent_unit(unit, view.as_of, [row["unit"] for row in rows])
        overlooked = of_unit(overlooked, unit)
    book = view.rulebook.rulebook
    if form == "json":
        print_json({**year_scores, "not_counted": passed_over_rows(overlooked)})
    elif form == "csv":
        print_csv([flat_score_row(row) for row in year_scores["units"]], score_columns(book))
    else:
        print_scores(year_scores, book)
        print_passed_over(overlooked, book)
