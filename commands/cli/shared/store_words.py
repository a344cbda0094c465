"""The words that the rulebooks of the command's store declare."""

from __future__ import annotations

from pathlib import Path

from commands.cli.shared.store_access import user_store
from commands.handlers.declared_words_of_ledger import declared_words_of
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import LedgerError
from lifecycle.rulebook.declared_words import DeclaredWord


def declared_words_of_store(url: str | None) -> tuple[DeclaredWord, ...]:
    """Return the declared words of the store at a URL or path, else of the user's own.

    None where there is no store yet, or where it cannot be read.
    """
    url = url or user_store()
    path = sqlite_path(url)
    if path is not None and not Path(path).exists():
        return ()
    try:
        # A session of its own: a result is also shown after its store is closed.
        with Ledger.open(url) as ledger:
            return declared_words_of(ledger)
    except (LedgerError, OSError):
        # What a command does with the store says what is wrong with it.
        return ()
