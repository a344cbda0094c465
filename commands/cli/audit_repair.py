"""`audit repair`: restore from the events what the store keeps beside them."""

from __future__ import annotations

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.store_access import open_store
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from lifecycle.ledger.derived_repair import repair_derived
from lifecycle.rejections import msg


@click.command("repair")
def command() -> None:
    """Repair, and say how many rows of each place were replaced."""
    with open_store() as ledger:
        replaced, remaining = repair_derived(ledger)
    if any(replaced.values()):
        _print_replaced(replaced)
    elif not remaining:
        click.echo(_("nothing to repair: everything beside the events matches them"))
    if remaining:
        print_message(_("these differences lie in the events themselves, which no repair changes:"))
        for problem in remaining:
            print_message(problem_text(problem))
        click.get_current_context().exit(1)


def _print_replaced(replaced: dict[str, int]) -> None:
    click.echo(
        say(
            msg(
                "repaired from the events; rows replaced: claims {claims}, sheet numbers "
                "{numbers}, keys {keys}, last record time {head}, tree and end of the ledger {tree}"
            ),
            **replaced,
        )
    )
