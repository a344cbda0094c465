"""`audit add-cosignature`: keep a cosignature with the checkpoint that it is on."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.evidence_options import PRESENT_FILE
from commands.cli.shared.store_access import open_store
from commands.cli.shared.written_keys import written_cosigner
from commands.handlers.cosigning import cosigner_of_note, read_note
from commands.words.messages import _, say
from lifecycle.ledger.cosignature_store import add_cosignature, cosigner_keys
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.rejections import msg


@click.command("add-cosignature")
@click.argument("file", type=PRESENT_FILE)
@click.option(
    "--cosigner",
    "written_key",
    metavar="KEY",
    help=_("The cosigner's public key, name+id+key; needed for the key's first cosignature."),
)
def command(file: Path, written_key: str | None) -> None:
    """Check it and keep it."""
    note = read_note(file)
    with open_store() as ledger:
        # The note names its cosigner by four octets; the whole key has to come from outside once.
        if written_key is None:
            key = cosigner_of_note(note, cosigner_keys(ledger))
        else:
            key = written_cosigner(written_key)
        cosignature = add_cosignature(ledger, note, key)
    click.echo(
        say(
            msg("kept: the checkpoint of {size} events was cosigned by {name} at {made_at}"),
            size=Checkpoint.parse(note.text).size,
            name=key.name,
            made_at=cosignature.made_at,
        )
    )
