"""`region publish`: freeze the members' scores or board, with the tree of each member."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.axes_options import MONTH, axes_options
from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.passed_over_output import print_passed_over
from commands.cli.shared.publishing_flow import print_publication, unofficial_option
from commands.cli.shared.receipt_output import receipt_option
from commands.cli.shared.region_access import (
    OpenRegion,
    RequestedRegion,
    engine_options,
    open_region,
    region_options,
)
from commands.cli.shared.region_output import print_absent_members, print_conflicts
from commands.cli.shared.store_access import author
from commands.handlers.published_region import PublishedRegion
from commands.handlers.publishing import publish_board, publish_scores
from commands.words.messages import _
from lifecycle.events import last_day
from lifecycle.ledger.ledger_entry import LedgerEntry
from projections.scoring.passed_over import passed_over
from projections.scoring.result_view import View
from projections.views.requested_axes import RequestedAxes


@click.group(
    "publish", help=_("Freeze the region's result in its ledger, with the tree of each member.")
)
def command() -> None:
    """Publish."""


@command.command(
    "scores",
    help=_(
        "Freeze the members' scores of a year; a later publication supersedes them. Official "
        "only if all members count, or those that don't are named with --without."
    ),
)
@region_options
@engine_options
@axes_options()
@unofficial_option
@receipt_option
@clock_option
def scores_command(
    region: RequestedRegion,
    axes: RequestedAxes,
    unofficial: str | None,
    receipt: Path | None,
) -> None:
    """Freeze them, and sign a checkpoint."""
    with open_region(region, known_at=axes.known_at, day=axes.as_of) as opened:
        entry = publish_scores(
            opened.ledger,
            axes,
            author(opened.ledger),
            unofficial=unofficial,
            region=PublishedRegion(opened.look, opened.engine),
        )
        _print_result(opened, opened.over_members(axes.year_view(opened.ledger)), entry, receipt)


@command.command(
    "board",
    help=_(
        "Freeze the members' red and black lists (红黑榜) of a month once it is over; a later "
        "publication supersedes them. Official only if all members count, or those that don't are "
        "named with --without."
    ),
)
@click.argument("month", type=MONTH)
@region_options
@engine_options
@axes_options(year=False, as_of=False)
@unofficial_option
@receipt_option
@clock_option
def board_command(
    month: str,
    region: RequestedRegion,
    axes: RequestedAxes,
    unofficial: str | None,
    receipt: Path | None,
) -> None:
    """Freeze it, and sign a checkpoint."""
    with open_region(region, known_at=axes.known_at, day=last_day(month)) as opened:
        entry = publish_board(
            opened.ledger,
            axes,
            month,
            author(opened.ledger),
            unofficial=unofficial,
            region=PublishedRegion(opened.look, opened.engine),
        )
        view = opened.over_members(axes.month_view(opened.ledger, month))
        _print_result(opened, view, entry, receipt)


def _print_result(
    opened: OpenRegion,
    view: View,
    entry: LedgerEntry,
    receipt: Path | None,
) -> None:
    """Print which members were counted, what was passed over, and the publication."""
    print_absent_members(opened.look)
    print_conflicts(opened.conflicts(view.as_of))
    print_passed_over(passed_over(opened.ledger, view), view.rulebook.rulebook)
    print_publication(opened.ledger, entry, receipt)
