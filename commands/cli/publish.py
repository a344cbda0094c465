"""`publish`: freeze a result in the ledger, with all that is needed to recompute it."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.axes_options import MONTH, axes_options
from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.passed_over_output import print_passed_over
from commands.cli.shared.publishing_flow import print_publication, unofficial_option
from commands.cli.shared.receipt_output import receipt_option
from commands.cli.shared.store_access import author, open_store
from commands.handlers.publishing import publish_board, publish_scores
from commands.words.messages import _
from projections.scoring.passed_over import passed_over
from projections.views.requested_axes import RequestedAxes


@click.group(
    "publish", help=_("Freeze a result in the ledger, with everything needed to recompute it.")
)
def command() -> None:
    """Publish."""


@command.command(
    "scores",
    help=_("Freeze a year's scores; a later publication supersedes them and alters nothing."),
)
@axes_options()
@unofficial_option
@receipt_option
@clock_option
def scores_command(
    axes: RequestedAxes,
    unofficial: str | None,
    receipt: Path | None,
) -> None:
    """Freeze a year's scores, and sign a checkpoint."""
    with open_store() as ledger:
        entry = publish_scores(ledger, axes, author(ledger), unofficial=unofficial)
        view = axes.year_view(ledger)
        print_passed_over(passed_over(ledger, view), view.rulebook.rulebook)
        print_publication(ledger, entry, receipt)


@command.command(
    "board",
    help=_(
        "Freeze a month's red and black lists (红黑榜) once the month is over; a later "
        "publication supersedes them."
    ),
)
@click.argument("month", type=MONTH)
@axes_options(year=False, as_of=False)
@unofficial_option
@receipt_option
@clock_option
def board_command(
    month: str,
    axes: RequestedAxes,
    unofficial: str | None,
    receipt: Path | None,
) -> None:
    """Freeze a month's board, and sign a checkpoint."""
    with open_store() as ledger:
        entry = publish_board(ledger, axes, month, author(ledger), unofficial=unofficial)
        view = axes.month_view(ledger, month)
        print_passed_over(passed_over(ledger, view), view.rulebook.rulebook)
        print_publication(ledger, entry, receipt)
