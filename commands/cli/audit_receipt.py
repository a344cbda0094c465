"""`audit receipt`: prove for each receipt that its event still stands, unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.signing_access import present_key
from commands.cli.shared.store_access import open_store
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from lifecycle.atomic_file import write_atomically
from lifecycle.ledger.receipt_checks import check_receipts
from lifecycle.ledger.receipt_signing import sign_receipts
from lifecycle.ledger.store import Ledger
from lifecycle.log.receipts import Receipts
from lifecycle.regular_file import read_regular
from lifecycle.rejections import msg


@click.command("receipt")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
)
@click.option(
    "--sign",
    is_flag=True,
    help=_("Sign the receipts that are unsigned, with the signing key, once they are proved."),
)
def command(files: tuple[Path, ...], *, sign: bool) -> None:
    """Prove them, and sign those that are unsigned; exit 1 if any event differs."""
    with open_store() as ledger:
        # Every file is checked even after a failure: an auditor wants the whole list at once.
        receipts_by_path = {path: _proved_receipts(ledger, path) for path in files}
        if sign:
            _sign_unsigned(ledger, receipts_by_path)
    if not all(receipts_by_path.values()):
        raise click.exceptions.Exit(1)


def _proved_receipts(ledger: Ledger, path: Path) -> Receipts | None:
    """Print whether the receipts of a file still stand; return them if they do."""
    receipts = Receipts.parse(read_regular(path), path)
    differences = check_receipts(ledger, path.name, receipts)
    for difference in differences:
        print_message(problem_text(difference.problem))
    if differences:
        return None
    values: dict[str, object] = {"file": path.name, "count": len(receipts.events)}
    if receipts.tree is None:
        template = msg("{file}: events in place: {count}; the receipt is unsigned: {why}")
        click.echo(say(template, **values, why=receipts.unsigned))
    elif receipts.checkpoint is None:
        template = msg(
            "{file}: events in place: {count}, in the tree of size {size} and in today's tree; "
            "the receipt is unsigned"
        )
        click.echo(say(template, **values, size=receipts.tree.size))
    else:
        template = msg(
            "{file}: events in place: {count}, in the signed tree of size {size} and in today's "
            "tree"
        )
        click.echo(say(template, **values, size=receipts.tree.size))
    return receipts


def _sign_unsigned(ledger: Ledger, receipts_by_path: Mapping[Path, Receipts | None]) -> None:
    """Sign what is proved and unsigned, and write it back; one signature a file."""
    unsigned = [
        (path, receipts)
        for path, receipts in receipts_by_path.items()
        if receipts is not None and receipts.checkpoint is None
    ]
    if not unsigned:
        click.echo(_("no receipt is left to be signed"))
        return
    key = present_key(ledger)
    for path, receipts in unsigned:
        signed = sign_receipts(ledger, receipts, key)
        write_atomically(path, signed.encode())
        assert signed.tree is not None
        template = msg("{file}: signed, in the tree of size {size}")
        click.echo(say(template, file=path.name, size=signed.tree.size))
