"""`copy`: the same store in another database."""

from __future__ import annotations

import click

from commands.cli.shared.lacking_evidence import exit_if_lacking
from commands.cli.shared.progress_output import progress_bar
from commands.cli.shared.store_access import evidence_store_of, open_store, store_url
from commands.handlers.store_keeping import StorePlace, copy_store
from commands.words.messages import _, say
from lifecycle.ledger.recorders import store_place
from lifecycle.rejections import msg


@click.command(
    "copy",
    help=_(
        "Copy the store to another database, SQLite or PostgreSQL: the same bytes, "
        "positions, root and checkpoints, and the evidence. The store itself then accepts "
        "no further events. After an interruption, run the command again to continue."
    ),
)
@click.option("--to", "target", required=True, metavar="URL", help=_("The URL of the new store."))
@click.option(
    "--keep-open",
    default="",
    metavar="REASON",
    help=_("Let the store itself go on taking events, and say why."),
)
def command(target: str, keep_open: str) -> None:
    """Copy the store."""
    source = StorePlace(store_url(), evidence_store_of(store_url()))
    place = StorePlace(target, evidence_store_of(target))
    with (
        open_store() as ledger,
        progress_bar(_("copying"), ledger.head().position) as advance,
    ):
        result, lacking = copy_store(ledger, source, place, keep_open=keep_open, advance=advance)
    template = msg("copied {events} events to {place}; root {root}, verified")
    root = result.root.hex()[:16]
    click.echo(say(template, events=result.size, place=store_place(target), root=root))
    if not keep_open:
        click.echo(_("this store accepts no further events: record in the copy"))
    # Last: the events are copied and verified whatever evidence is missing.
    exit_if_lacking(lacking)
