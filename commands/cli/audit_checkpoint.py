"""`audit checkpoint`: sign the tree as it is now."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.signing_access import present_key
from commands.cli.shared.store_access import open_store
from commands.handlers.signing import sign_checkpoint, sign_for_witness
from commands.words.messages import _


@click.command("checkpoint")
@click.option(
    "--witness",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("The auditor's file; a store that was rolled back is rejected."),
)
def command(witness: Path | None) -> None:
    """Sign, and print the note."""
    with open_store() as ledger:
        if witness is None:
            note = sign_checkpoint(ledger, present_key(ledger))
        else:
            # Loading the key may ask for a passphrase, in vain if the auditor's file contradicts
            # the store.
            note = sign_for_witness(ledger, lambda: present_key(ledger), witness)
    click.echo(str(note), nl=False)
