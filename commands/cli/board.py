"""`board`: a month's red and black lists (红黑榜), proposals with reasons, listing them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from commands.cli.shared.axes_options import MONTH, axes_options
from commands.cli.shared.board_output import print_board, rank_columns
from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.output_columns import OutputColumn, csv_columns
from commands.cli.shared.passed_over_output import passed_over_rows, print_passed_over
from commands.cli.shared.print_message import print_message
from commands.cli.shared.receipt_output import print_entry
from commands.cli.shared.row_output import format_option, print_csv, print_json
from commands.cli.shared.store_access import author, open_store
from commands.cli.shared.time_correction_output import with_time_corrections
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unit_board_output import print_unit_board
from commands.cli.shared.unknown_names import absent_unit
from commands.handlers.listing_units import UnitListing, list_units
from commands.words.board_words import candidate_reason
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.events import last_day
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from projections.scoring.passed_over import passed_over
from projections.scoring.result_view import View
from projections.scoring.units_of_view import units_at
from projections.views.board_view import black_list_run, board_json, month_board, previous_month
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
@click.option(
    "--list",
    "listing",
    is_flag=True,
    help=_("Record the proposals as UnitListed events; on a terminal each one is confirmed."),
)
@click.option(
    "--only",
    multiple=True,
    metavar="UNIT",
    help=_("With --list: this unit only; may be repeated."),
)
@click.option(
    "--yes",
    is_flag=True,
    help=_("With --list: record without confirmation."),
)
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
        view = axes.month_view(ledger, month)
        board = board_json(month_board(ledger, view, month))
        units = _units_of(ledger, board, only)
        overlooked = passed_over(ledger, view)
        shown_board = {**board, "not_counted": passed_over_rows(overlooked)}
        _show_board(with_time_corrections(shown_board, ledger, axes), view, form)
        if form == "table":
            print_passed_over(overlooked)
        # The board is shown first, so that a clerk lists what was seen.
        if listing:
            _list_proposals(ledger, board, view, units, confirmed=yes)


def _show_board(
    board: dict[str, Any],
    view: View,
    form: str,
) -> None:
    book = view.rulebook.rulebook
    if form == "json":
        print_json(board)
    elif form == "csv":
        rows = [{**unit, **unit["modules"]} for unit in board["units"]]
        print_csv(rows, [OutputColumn("sequence", "sequence"), *rank_columns(book)])
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


# Listing -----------------------------------------------------------------------------------------


def _units_of(
    ledger: Ledger,
    board: dict[str, Any],
    only: Sequence[str],
) -> list[str]:
    """Return the units that `--only` names. Raises `Rejected` for one that the board lacks."""
    registered = [row["unit"] for row in board["units"]]
    units = [understood_name(ledger, "unit", name) for name in only]
    for unit in units:
        if unit not in registered:
            raise absent_unit(unit, date.fromisoformat(board["as_of"]), registered)
    return units


def _list_proposals(
    ledger: Ledger,
    board: dict[str, Any],
    view: View,
    only: Sequence[str],
    *,
    confirmed: bool,
) -> None:
    """Record the proposals of a month that is over, those of `only` if it names units."""
    month = board["month"]
    # Scores of a month that goes on may change, and a listing costs points.
    if view.as_of != last_day(month):
        template = msg("{month} is not over: units can be listed after its last day")
        raise Rejected.by("month_not_over", template, month=month)
    proposals = _unlisted_proposals(board, only)
    if not proposals:
        click.echo(_("all proposals are already listed"))
        return
    if not confirmed:
        proposals = _confirmed_proposals(ledger, proposals, view, month)
    listings = [
        UnitListing(proposal["unit"], proposal["board"], candidate_reason(proposal))
        for proposal in proposals
    ]
    for entry in list_units(ledger, month, listings, author(ledger)):
        print_entry(ledger, entry)


def _unlisted_proposals(board: dict[str, Any], only: Sequence[str]) -> list[dict[str, Any]]:
    listed = {(listing["unit"], listing["board"]) for listing in board["listed"]}
    proposals = []
    for candidate in board["candidates"]:
        # A unit may be on both boards in different months, so unit and board together identify a
        # listing.
        is_listed = (candidate["unit"], candidate["board"]) in listed
        if not is_listed and (not only or candidate["unit"] in only):
            proposals.append(candidate)
    return proposals


def _confirmed_proposals(
    ledger: Ledger,
    proposals: list[dict[str, Any]],
    view: View,
    month: str,
) -> list[dict[str, Any]]:
    """Return the proposals that a clerk confirms. Raises `Rejected` without a terminal."""
    if not sys.stdin.isatty():
        raise Rejected.by(
            "not_confirmed",
            msg("{count} proposals need confirmation: run this on a terminal, or add --yes"),
            count=len(proposals),
        )
    units = units_at(ledger, view)
    # Ranks start from zero each year, so January has no month before.
    month_before = previous_month(month)
    confirmed = []
    for proposal in proposals:
        name = proposal["unit"]
        print_message(
            f"{word(proposal['board'])}  {proposal['name']}  {candidate_reason(proposal)}"
        )
        if proposal["board"] == "black" and month_before:
            _warn_of_interview(black_list_run(units[name], month_before, view.as_of))
        if click.confirm(
            _("List it?"),
            default=True,
            err=True,
        ):
            confirmed.append(proposal)
    return confirmed


def _warn_of_interview(black_months: list[str]) -> None:
    """Say that a unit which was on the black board the month before is called in (三.4)."""
    if black_months:
        template = msg(
            "  on the black list since {month}: if listed again, the unit is called in for "
            "a talk (约谈)"
        )
        print_message(say(template, month=black_months[0]))
