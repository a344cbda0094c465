"""A rulebook by its id, shipped or adopted, or from a file."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from commands.cli.shared.store_access import open_store
from commands.words.declared_words import show_words
from lifecycle.regular_file import read_regular
from lifecycle.rejections import StoreError, msg
from lifecycle.rulebook import LoadedRulebook, parse, shipped, shipped_ids
from lifecycle.rulebook.declared_words import words_declared_in
from projections.facts.county_facts import county_facts
from projections.scoring import rulebook_in_force as in_force


class RulebookText(NamedTuple):
    """A rulebook's text that is not yet checked, and the file or id that it has."""

    name: str
    content: str


def is_file_name(name: str) -> bool:
    """Whether a name is that of a file rather than a rulebook's id."""
    path = Path(name)
    return path.suffix == ".toml" or path.name != name


def rulebook_text(name: str) -> RulebookText:
    """Return the text of a file, or of a rulebook by its id. Raises `StoreError`, `Rejected`."""
    if is_file_name(name):
        return RulebookText(name, _file_text(Path(name)))
    return RulebookText(name, loaded(name).content)


def _file_text(path: Path) -> str:
    try:
        # Editors on Windows begin a file with a byte order mark.
        return read_regular(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StoreError(msg("{path} is not UTF-8 text"), path=path) from error


def loaded(name: str) -> LoadedRulebook:
    """Return the rulebook, whose words are shown from now on.

    Raises `Rejected` with all its errors, or if there is none.
    """
    policy = _loaded(name)
    show_words(words_declared_in(policy.content))
    return policy


def _loaded(name: str) -> LoadedRulebook:
    if is_file_name(name):
        return parse(_file_text(Path(name)))
    try:
        with open_store() as ledger:
            books = in_force.adopted(county_facts(ledger, ledger.head().position))
    except StoreError:
        books = []  # without a store there is what is shipped
    if name in shipped_ids() and not any(book.id == name for book in books):
        return shipped(name)
    return in_force.named(books, name)
