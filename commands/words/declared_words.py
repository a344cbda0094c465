"""The terms of words that the county's rulebooks declare, beside those of the vocabularies.

What reads the ledger is told here once, before anything is typed or shown, and is asked only where
a word is not built in: most commands of most counties never read it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from commands.words.terms import PolicyTerm

# Every command starts here, and `--help` must not load the events with pydantic.
if TYPE_CHECKING:
    from lifecycle.events.vocabulary import WordList
    from lifecycle.rulebook.declared_words import DeclaredWord

ReadWords = Callable[[], "Sequence[DeclaredWord]"]
"""Reads the words that the adopted rulebooks declare."""


class LedgerWords:
    """The declared words of a ledger, read when the first of them is asked for."""

    def __init__(self, read: ReadWords, shown: Sequence[DeclaredWord] = ()) -> None:
        self.read = read
        self.shown = shown
        """The words of a rulebook that is read or shown without being adopted."""
        self._words: Sequence[DeclaredWord] | None = None

    def all(self) -> Sequence[DeclaredWord]:
        """Return the words in the order of their adoptions."""
        if self._words is None:
            self._words = self.read()
        return self._words


# Not a global: pages are made in threads, and each page reads the ledger as it then is.
_LEDGER_WORDS: Final[ContextVar[LedgerWords | None]] = ContextVar("ledger_words", default=None)


def use_words(read: ReadWords) -> None:
    """Let this context read and show the words of a ledger."""
    _LEDGER_WORDS.set(LedgerWords(read))


def show_words(words: Sequence[DeclaredWord]) -> None:
    """Let this context show the words of a rulebook that is read or shown, adopted or not."""
    ledger_words = _LEDGER_WORDS.get()
    read = _no_words if ledger_words is None else ledger_words.read
    _LEDGER_WORDS.set(LedgerWords(read, words))


def _no_words() -> Sequence[DeclaredWord]:
    return ()


def declared_words() -> Sequence[DeclaredWord]:
    """Return the words that the context's ledger declares."""
    ledger_words = _LEDGER_WORDS.get()
    if ledger_words is None:
        return ()
    return ledger_words.all()


def declared_values(word_list: WordList) -> list[str]:
    """Return the stored names of a vocabulary's declared words."""
    return [word.name for word in declared_words() if word.word_list == word_list]


def declared_terms(word_list: WordList) -> dict[str, PolicyTerm]:
    """Return the declared words of a vocabulary by their stored names, each with its term."""
    terms = {}
    for word in declared_words():
        if word.word_list == word_list:
            terms[word.name] = _term(word)
    return terms


def declared_term(value: str) -> PolicyTerm | None:
    """Return the term of a declared word, None where no rulebook declares it."""
    # Texts of every kind are shown by the same functions; only what may be a word asks the ledger.
    if not value.isascii() or not value[:1].islower():
        return None
    ledger_words = _LEDGER_WORDS.get()
    if ledger_words is None:
        return None
    return _term_among(ledger_words.shown, value) or _term_among(ledger_words.all(), value)


def _term_among(words: Sequence[DeclaredWord], value: str) -> PolicyTerm | None:
    for word in words:
        if word.name == value:
            return _term(word)
    return None


def _term(word: DeclaredWord) -> PolicyTerm:
    return PolicyTerm(word.name.replace("_", " "), word.chinese)
