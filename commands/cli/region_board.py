"""`region board`: the red and black lists (红黑榜) of the members in a month."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import MONTH, axes_options
from commands.cli.shared.board_output import print_board, rank_columns
from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.passed_over_output import passed_over_rows, print_passed_over
from commands.cli.shared.region_access import RequestedRegion, open_region, region_options
from commands.cli.shared.region_output import (
    print_absent_members,
    print_conflicts,
    region_json,
)
from commands.cli.shared.row_output import format_option, print_csv, print_json
from commands.cli.shared.time_correction_output import with_time_corrections
from commands.words.messages import _
from lifecycle.events import last_day
from projections.scoring.passed_over import passed_over
from projections.views.board_view import board_json, month_board
from projections.views.requested_axes import RequestedAxes


@click.command(
    "board",
    help=_(
        "The red and black lists (红黑榜) of the members in MONTH, such as 2024-05, by the "
        "region's rulebook: ranks, proposals with reasons, members called in for a talk."
    ),
)
@click.argument("month", type=MONTH)
@region_options
@axes_options(year=False, as_of=False)
@format_option
def command(
    month: str,
    region: RequestedRegion,
    axes: RequestedAxes,
    form: str,
) -> None:
    """Show it."""
    with open_region(region, known_at=axes.known_at, day=last_day(month)) as opened:
        view = opened.over_members(axes.month_view(opened.ledger, month))
        board = board_json(month_board(opened.ledger, view, month))
        board = with_time_corrections(board, opened.ledger, axes)
        overlooked = passed_over(opened.ledger, view)
        conflicts = opened.conflicts(view.as_of)
        look = opened.look
    book = view.rulebook.rulebook
    if form == "json":
        top = region_json(look, conflicts)
        print_json({**top, **board, "not_counted": passed_over_rows(overlooked)})
    elif form == "csv":
        rows = [{**unit, **unit["modules"]} for unit in board["units"]]
        print_csv(rows, [OutputColumn("sequence", "sequence"), *rank_columns(book)])
    else:
        print_absent_members(look)
        print_board(board, book)
        print_conflicts(conflicts)
        print_passed_over(overlooked)
