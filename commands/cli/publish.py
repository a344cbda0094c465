"""`publish`: freeze a result in the ledger, with all that is needed to recompute it."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.axes_options import MONTH, axes_options
from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.passed_over_output import print_passed_over
from commands.cli.shared.publication_output import print_standing
from commands.cli.shared.receipt_output import print_entry, receipt_option
from commands.cli.shared.signing_access import sign_if_possible
from commands.cli.shared.store_access import author, open_store
from commands.handlers.publishing import publish_board, publish_scores
from commands.words.messages import _
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.store import Ledger
from projections.audit.publications import PublicationCheck, publication_records
from projections.scoring.passed_over import passed_over
from projections.views.requested_axes import RequestedAxes

_unofficial_option = click.option(
    "--unofficial",
    metavar="REASON",
    help=_(
        "Publish although the rulebook is not in force, or events recorded later are left "
        "out. The result is permanently marked with the reason and supersedes nothing."
    ),
)


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
@_unofficial_option
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
        print_passed_over(passed_over(ledger, axes.year_view(ledger)))
        print_entry(ledger, entry, receipt)
        _print_standing(ledger, entry)
        _print_checkpoint(ledger)


@command.command(
    "board",
    help=_(
        "Freeze a month's red and black lists (红黑榜) once the month is over; a later "
        "publication supersedes them."
    ),
)
@click.argument("month", type=MONTH)
@axes_options(year=False, as_of=False)
@_unofficial_option
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
        print_passed_over(passed_over(ledger, axes.month_view(ledger, month)))
        print_entry(ledger, entry, receipt)
        _print_standing(ledger, entry)
        _print_checkpoint(ledger)


def _print_standing(ledger: Ledger, entry: LedgerEntry) -> None:
    """Print what was published rests on, and what it supersedes."""
    for publication in publication_records(ledger):
        if publication.recorded.ref == entry.ref:
            print_standing(PublicationCheck(publication).as_json())


def _print_checkpoint(ledger: Ledger) -> None:
    """Sign and print a checkpoint, so that auditors can hold the publication to it."""
    # Without the key the publication stands all the same; the next checkpoint covers it.
    note = sign_if_possible(ledger)
    if note is not None:
        click.echo(str(note), nl=False)
