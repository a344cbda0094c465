"""`publish`: freeze a result in the ledger, with all that is needed to obtain it again."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.board import month_view
from commands.cli.record import receipt_option, show
from commands.cli.shared.command_context import axes_options, known_at_option, opened, view_of, who
from commands.cli.shared.key_access import signed_if_possible
from commands.handlers.publishing import publish_board, publish_scores
from commands.words.messages import _
from lifecycle.ledger.store import Ledger


@click.group(
    "publish", help=_("Freeze a result in the ledger, with all that is needed to obtain it again.")
)
def command() -> None:
    """Publish."""


@command.command(
    "scores", help=_("Freeze a year's scores; a later publication supersedes, nothing is altered.")
)
@axes_options()
@receipt_option
def scores_command(
    year: int | None,
    as_of: str | None,
    known_at: str | None,
    rulebook_id: str | None,
    receipt: Path | None,
) -> None:
    """Freeze them, sign the tree."""
    with opened() as ledger:
        view = view_of(ledger, year, as_of, known_at, rulebook_id)
        show(ledger, publish_scores(ledger, view, who(ledger)), receipt)
        sign(ledger)


@command.command(
    "board",
    help=_(
        "Freeze a month's board (红黑榜), once the month is over; a later publication supersedes."
    ),
)
@click.argument("month")
@known_at_option
@click.option(
    "--rulebook",
    "rulebook_id",
    metavar="ID",
    help=_("The rulebook by its id; the one in force if left out."),
)
@receipt_option
def board_command(
    month: str, known_at: str | None, rulebook_id: str | None, receipt: Path | None
) -> None:
    """Freeze it, sign the tree."""
    with opened() as ledger:
        view = month_view(ledger, month, known_at, rulebook_id)
        show(ledger, publish_board(ledger, view, month, who(ledger)), receipt)
        sign(ledger)


def sign(ledger: Ledger) -> None:
    """Each publication is followed by a checkpoint."""
    note = signed_if_possible(ledger)
    if note is not None:
        click.echo(str(note), nl=False)
