"""`region board`: the red and black lists (红黑榜) of the members in a month."""

from __future__ import annotations

from typing import Any

import click

from commands.cli.shared.axes_options import MONTH, axes_options
from commands.cli.shared.board_listing import list_proposals, listing_options, named_units
from commands.cli.shared.board_output import print_board, print_board_rows
from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.passed_over_output import passed_over_rows, print_passed_over
from commands.cli.shared.region_access import (
    RequestedRegion,
    engine_options,
    open_region,
    region_options,
)
from commands.cli.shared.region_output import (
    print_absent_members,
    print_conflicts,
    region_json,
    warn_of_absent_members,
)
from commands.cli.shared.row_output import format_option, print_json
from commands.cli.shared.time_correction_output import with_time_corrections
from commands.handlers.region_look import RegionLook
from commands.words.messages import _
from lifecycle.events import last_day
from lifecycle.rejections import Rejected, msg
from projections.scoring.passed_over import passed_over
from projections.scoring.result_view import View
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
@engine_options
@listing_options
@axes_options(year=False, as_of=False)
@clock_option
@format_option
def command(
    month: str,
    region: RequestedRegion,
    only: tuple[str, ...],
    axes: RequestedAxes,
    form: str,
    *,
    listing: bool,
    yes: bool,
) -> None:
    """Show it; list what is proposed."""
    # Members are those of the month's last day, whichever day of it the board is of.
    with open_region(region, known_at=axes.known_at, day=last_day(month)) as opened:
        view = opened.over_members(axes.month_view(opened.ledger, month))
        board = board_json(month_board(opened.ledger, view, month))
        # Before anything is printed: a mistyped --only is no board without proposals.
        units = named_units(opened.ledger, board, only)
        overlooked = passed_over(opened.ledger, view)
        conflicts = opened.conflicts(view.as_of)
        top = region_json(opened.look, conflicts)
        shown_board = {**top, **board, "not_counted": passed_over_rows(overlooked)}
        shown_board = with_time_corrections(shown_board, opened.ledger, axes)
        _show_board(shown_board, opened.look, view, form)
        if form == "table":
            print_conflicts(conflicts)
            print_passed_over(overlooked, view.rulebook.rulebook)
        if listing:
            _require_official(opened.look)
            list_proposals(opened.ledger, board, view, units, confirmed=yes)


def _show_board(
    board: dict[str, Any],
    look: RegionLook,
    view: View,
    form: str,
) -> None:
    book = view.rulebook.rulebook
    if form == "json":
        print_json(board)
    elif form == "csv":
        print_board_rows(board, book)
        warn_of_absent_members(look)
    else:
        print_absent_members(look)
        print_board(board, book)


def _require_official(look: RegionLook) -> None:
    """Reject listings by a board that does not count every member: a listing costs points."""
    if not look.is_official:
        raise Rejected.by(
            "not_official",
            msg(
                "{counted} of {count} members count, so nobody can be listed: leave the others "
                "out by name with --without and --reason"
            ),
            counted=look.counted,
            count=len(look.members),
        )
