"""`audit receipt`: prove for each receipt that its event still stands, unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import click

from commands.cli.shared.evidence_options import PRESENT_FILE
from commands.cli.shared.print_message import print_message
from commands.cli.shared.receipt_file import ReceiptFile
from commands.cli.shared.receipt_files import write_receipts
from commands.cli.shared.signing_access import present_key
from commands.cli.shared.store_access import open_store
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from lifecycle.atomic_file import write_atomically
from lifecycle.ledger.receipt_checks import check_receipts
from lifecycle.ledger.receipt_signing import PositionRange, entries_at, sign_receipts
from lifecycle.ledger.store import Ledger
from lifecycle.log.receipts import Receipts
from lifecycle.regular_file import read_regular
from lifecycle.rejections import msg

_RANGE: Final = re.compile(r"([1-9][0-9]{0,17})(?:-([1-9][0-9]{0,17}))?", re.ASCII)


@click.command("receipt")
@click.argument("files", nargs=-1, type=PRESENT_FILE)
@click.option(
    "--sign",
    is_flag=True,
    help=_("Sign the receipts that are unsigned, with the signing key, once they are proved."),
)
@click.option(
    "--again",
    "positions",
    multiple=True,
    metavar="POSITION",
    help=_(
        "Issue the receipt of the event at this position again, such as 12 or 12-20; may be "
        "repeated. With --to."
    ),
)
@click.option(
    "--to",
    "new_file",
    type=ReceiptFile(),
    help=_("The new file of the receipts that are issued again."),
)
def command(
    files: tuple[Path, ...],
    positions: tuple[str, ...],
    new_file: Path | None,
    *,
    sign: bool,
) -> None:
    """Prove them, and sign those that are unsigned; exit 1 if any event differs.

    A lost receipt is issued again by --again: it proves the event as it stands now, under a tree of
    today.
    """
    if bool(positions) != (new_file is not None):
        raise click.UsageError(_("--again and --to are given together"))
    if not files and new_file is None:
        raise click.UsageError(_("give receipt files, or --again POSITION --to FILE"))
    with open_store() as ledger:
        if new_file is not None:
            write_receipts(ledger, entries_at(ledger, position_ranges(positions)), new_file)
            click.echo(say(msg("{file}: receipts issued again"), file=new_file.name))
        # Every file is checked even after a failure: an auditor wants the whole list at once.
        receipts_by_path = {path: _proved_receipts(ledger, path) for path in files}
        if sign:
            _sign_unsigned(ledger, receipts_by_path)
    if not all(receipts_by_path.values()):
        raise click.exceptions.Exit(1)


def position_ranges(texts: Iterable[str]) -> list[PositionRange]:
    """Return the positions that were typed, such as 12 or 12-20. Raises `click.UsageError`."""
    ranges: list[PositionRange] = []
    for text in texts:
        match = _RANGE.fullmatch(text)
        if match is None:
            template = msg("--again takes a position such as 12, or a range such as 12-20: {text}")
            raise click.UsageError(say(template, text=text))
        first = int(match[1])
        ranges.append(PositionRange(first, int(match[2] or first)))
    return ranges


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
    # Asked for once, however many files there are.
    key = present_key(ledger)
    for path, receipts in unsigned:
        signed = sign_receipts(ledger, receipts, key)
        write_atomically(path, signed.encode())
        assert signed.tree is not None
        template = msg("{file}: signed, in the tree of size {size}")
        click.echo(say(template, file=path.name, size=signed.tree.size))
