"""`audit receipt`: prove for each receipt that its event still stands, unchanged."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.store_access import open_store
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import check_receipts
from lifecycle.log.receipts import Receipts
from lifecycle.rejections import msg


@click.command(
    "receipt", help=_("Prove for each receipt that its event is still in place, unchanged.")
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
)
def command(files: tuple[Path, ...]) -> None:
    """Prove them; exit 1 if any event differs."""
    with open_store() as ledger:
        # Every file is checked even after a failure: an auditor wants the whole list at once.
        proved = [_prove_file(ledger, path) for path in files]
    if not all(proved):
        raise click.exceptions.Exit(1)


def _prove_file(ledger: Ledger, path: Path) -> bool:
    """Print whether the receipts of a file still stand, and return it."""
    receipt = Receipts.parse(path.read_bytes(), path)
    differences = check_receipts(ledger, path.name, receipt)
    for difference in differences:
        print_message(problem_text(difference.problem))
    if differences:
        return False
    template = msg(
        "{file}: events in place: {count}, in the tree of size {size} and in today's tree"
    )
    click.echo(
        say(
            template,
            file=path.name,
            count=len(receipt.events),
            size=receipt.tree_size,
        )
    )
    return True
