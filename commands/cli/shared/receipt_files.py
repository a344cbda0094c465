"""Receipt files: written after recording, and completed later by the holder of the key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from commands.cli.shared.print_message import print_message
from commands.cli.shared.signing_access import present_key
from commands.handlers.receipting import give_receipts
from commands.words.messages import say
from lifecycle.atomic_file import write_atomically
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg


def write_receipts(
    ledger: Ledger,
    entries: Sequence[LedgerEntry],
    file: Path,
) -> None:
    """Write the receipts of what was just recorded; say so where they could not be signed."""
    # Recording never asks for a passphrase.
    receipts, failure = give_receipts(ledger, entries, lambda: present_key(ledger, ask=False))
    write_atomically(file, receipts.encode())
    if failure is None:
        return
    why: object = failure
    if isinstance(failure, Rejected):
        why = failure.problems
    template = msg(
        "note: the receipt is unsigned: {why}; whoever holds the key completes it with `lifecycle "
        "audit receipt {file} --sign`"
    )
    print_message(say(template, why=why, file=file))
