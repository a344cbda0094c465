"""What a command prints once an event is recorded, and the file that keeps its receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.receipt_file import ReceiptFile
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, msg

F = TypeVar("F", bound=Callable[..., Any])
# What tells two facts with the same content apart.
_DISTINGUISHING: Final = frozenset({"key", "note"})


def receipt_option(function: F) -> F:
    """Add `--receipt FILE`."""
    return click.option(
        "--receipt",
        type=ReceiptFile(),
        help=_("Write the receipt to this file; keep it in another place."),
    )(function)


def print_entry(
    ledger: Ledger,
    entry: LedgerEntry,
    receipt_file: Path | None = None,
) -> None:
    """Print what was recorded: the event's name and its receipt, which a file may keep too."""
    for problem in _applicable(entry.warnings):
        print_message(say(msg("note: {text}"), text=problem_text(problem)))
    # The receipt of the first time proves the event; another one would not be the clerk's.
    if entry.already:
        template = msg("already recorded, at position {position}; nothing was recorded")
        click.echo(say(template, position=entry.position))
        if receipt_file is not None:
            _say_without_receipt(receipt_file)
        return
    click.echo(say(msg("recorded {ref}"), ref=entry.ref))
    tree = ledger.tree()
    if receipt_file is not None:
        keep_receipts(ledger, [entry], receipt_file)
    click.echo(
        say(
            msg("receipt: position {position}, leaf {leaf}, tree {size}, root {root}"),
            position=entry.position,
            # Sixteen digits are enough to read over the telephone; the file holds the whole hash.
            leaf=entry.leaf[:16],
            size=tree.size,
            root=tree.root().hex()[:16],
        )
    )


def _applicable(warnings: Iterable[Problem]) -> list[Problem]:
    """Leave out the advice to give a key or a note where the command takes neither."""
    options = {parameter.name for parameter in click.get_current_context().command.params}
    if options & _DISTINGUISHING:
        return list(warnings)
    # The line that nothing was recorded follows, and is all that there is to say.
    return [problem for problem in warnings if problem.rule != "already_recorded"]


def keep_receipts(
    ledger: Ledger,
    entries: Iterable[LedgerEntry],
    file: Path,
) -> None:
    """Write the receipts of what was just recorded to a file; no file if nothing was."""
    recorded = [entry for entry in entries if not entry.already]
    # A file without events would look like a proof and be none.
    if not recorded:
        _say_without_receipt(file)
        return
    # Signatures take 30 ms to load, and most commands are run without a receipt file.
    from commands.cli.shared.receipt_files import write_receipts  # noqa: PLC0415

    write_receipts(ledger, recorded, file)


def _say_without_receipt(file: Path) -> None:
    template = msg("note: {path} was not written: a receipt is of what is recorded now")
    print_message(say(template, path=file))
