"""A rulebook by its id, shipped or adopted, or from a file."""

from __future__ import annotations

from pathlib import Path

from commands.cli.shared.store_access import open_store
from lifecycle.regular_file import read_regular
from lifecycle.rejections import StoreError, msg
from lifecycle.rulebook import LoadedRulebook, parse, shipped, shipped_ids
from projections.scoring import rulebook_in_force as in_force


def loaded(name: str) -> LoadedRulebook:
    """Return the rulebook. Raises `Rejected` with all its errors, or if there is none."""
    path = Path(name)
    if path.suffix == ".toml" or path.name != name:
        try:
            return parse(read_regular(path).decode())
        except UnicodeDecodeError as error:
            raise StoreError(msg("{path} is not UTF-8 text"), path=path) from error
    try:
        with open_store() as ledger:
            books = in_force.adopted(ledger, ledger.head().position)
    except StoreError:
        books = []  # without a store there is what is shipped
    if name in shipped_ids() and not any(book.id == name for book in books):
        return shipped(name)
    return in_force.named(books, name)
