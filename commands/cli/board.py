"""`board`: a month's red and black lists (红黑榜), proposals with reasons, listing them."""

from __future__ import annotations

from typing import Any

import click

from commands.cli.shared.axes_options import MONTH, axes_options
from commands.cli.shared.board_listing import list_proposals, listing_options, named_units
from commands.cli.shared.board_output import print_board, print_board_rows
from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.output_columns import csv_columns
from commands.cli.shared.passed_over_output import passed_over_rows, print_passed_over
from commands.cli.shared.row_output import format_option, print_csv, print_json
from commands.cli.shared.store_access import open_store
from commands.cli.shared.time_correction_output import with_time_corrections
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unit_board_output import print_unit_board
from commands.cli.shared.unknown_names import absent_unit
from commands.words.messages import _
from projections.scoring.part_scoring import with_all_cores
from projections.scoring.passed_over import passed_over
from projections.scoring.result_view import View
from projections.scoring.units_of_view import units_at
from projections.views.board_view import board_json, month_board
from projections.views.requested_axes import RequestedAxes
from projections.views.unit_view import unit_board


@click.command(
    "board",
    help=_(
        "The red and black lists (红黑榜) of MONTH, such as 2024-05: ranks, proposals with "
        "reasons, and units called in for a talk."
    ),
)
@click.argument(
    "month",
    required=False,
    type=MONTH,
)
@click.option(
    "--unit",
    metavar="UNIT",
    help=_(
        "Show one unit instead (比亮晒): projects, funds, targets, deadlines and tasks at "
        "the end of the month or today."
    ),
)
@listing_options
@axes_options(year=False, as_of=False)
@clock_option
@format_option
def command(
    month: str | None,
    unit: str | None,
    only: tuple[str, ...],
    axes: RequestedAxes,
    form: str,
    *,
    listing: bool,
    yes: bool,
) -> None:
    """Show it; list what is proposed."""
    if unit is not None:
        _show_unit(unit, month, axes, form)
        return
    if month is None:
        raise click.UsageError(_("give a MONTH such as 2024-05, or a unit with --unit"))
    with open_store() as ledger:
        view = with_all_cores(axes.month_view(ledger, month))
        board = board_json(month_board(ledger, view, month))
        units = named_units(ledger, board, only)
        overlooked = passed_over(ledger, view)
        shown_board = {**board, "not_counted": passed_over_rows(overlooked)}
        _show_board(with_time_corrections(shown_board, ledger, axes), view, form)
        if form == "table":
            print_passed_over(overlooked, view.rulebook.rulebook)
        # The board is shown first, so that a clerk lists what was seen.
        if listing:
            list_proposals(ledger, board, view, units, confirmed=yes)


def _show_board(
    board: dict[str, Any],
    view: View,
    form: str,
) -> None:
    book = view.rulebook.rulebook
    if form == "json":
        print_json(board)
    elif form == "csv":
        print_board_rows(board, book)
    else:
        print_board(board, book)


def _show_unit(
    unit: str,
    month: str | None,
    axes: RequestedAxes,
    form: str,
) -> None:
    """Show one unit on one screen (比亮晒), by the month's end or today."""
    with open_store() as ledger:
        unit = understood_name(ledger, "unit", unit)
        view = axes.year_view(ledger) if month is None else axes.month_view(ledger, month)
        board = unit_board(ledger, view, unit)
        if board is not None and form == "json":
            print_json(with_time_corrections(board.as_json(), ledger, axes))
        registered = list(units_at(ledger, view))
    if board is None:
        raise absent_unit(unit, view.as_of, registered)
    if form == "table":
        print_unit_board(board.as_json(), view)
    elif form == "csv":
        # CSV holds one table: that of the projects.
        projects = board.as_json()["projects"]
        print_csv(projects, csv_columns(*projects[0]) if projects else [])
