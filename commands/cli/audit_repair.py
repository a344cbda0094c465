"""`audit repair`: restore from the events what the store keeps beside them."""

from __future__ import annotations

import click

from commands.cli.shared.store_access import open_store
from commands.words.messages import _, say
from lifecycle.ledger.derived_repair import repair_derived
from lifecycle.rejections import msg


@click.command("repair")
def command() -> None:
    """Repair, and say how many rows of each place were replaced."""
    with open_store() as ledger:
        replaced = repair_derived(ledger)
    if not any(replaced.values()):
        click.echo(_("nothing to repair: everything beside the events matches them"))
        return
    click.echo(
        say(
            msg(
                "repaired from the events; rows replaced: claims {claims}, sheet numbers "
                "{numbers}, keys {keys}, last record time {head}, tree and end of the ledger {tree}"
            ),
            **replaced,
        )
    )
