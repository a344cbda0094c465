"""`audit checkpoint`: sign the tree as it is now."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.signing_access import present_key
from commands.cli.shared.store_access import open_store
from commands.cli.shared.typed_path import TypedPath
from commands.handlers.signing import WitnessedCheckpoint, sign_checkpoint, sign_for_witness
from commands.words.messages import _, say
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.rejections import msg


@click.command("checkpoint")
@click.option(
    "--witness",
    type=TypedPath(path_type=Path, dir_okay=False),
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
            witnessed = sign_for_witness(ledger, lambda: present_key(ledger), witness)
            note = witnessed.note
            _report_kept(witnessed)
    click.echo(str(note), nl=False)


def _report_kept(witnessed: WitnessedCheckpoint) -> None:
    """Say which checkpoint was witnessed where none could be signed now."""
    if witnessed.unsigned is None:
        return
    template = msg(
        "note: nothing was signed ({why}); the witness file has the last kept checkpoint, at "
        "position {size}; events recorded after it and not witnessed: {count}"
    )
    size = Checkpoint.parse(witnessed.note.text).size
    print_message(say(template, why=witnessed.unsigned, size=size, count=witnessed.left_out))
