"""Options that take a word of a vocabulary, by its stored or its Chinese name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import click

from commands.words.declared_words import declared_terms
from commands.words.messages import say
from commands.words.terms import PolicyTerm
from lifecycle.events.vocabulary import WordList
from lifecycle.rejections import msg


class VocabularyWord(click.ParamType[str]):
    """An option's type: a word that the vocabulary lacks is an error, never an empty answer."""

    name = "word"

    def __init__(
        self,
        terms: Mapping[str, PolicyTerm],
        words: Iterable[str],
        word_list: WordList | None = None,
    ) -> None:
        self._terms = {word: terms[word] for word in words}
        self._word_list = word_list

    def convert(
        self,
        value: str,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return the stored name of what was typed. Raises `BadParameter`."""
        terms = self._terms
        if value not in terms and self._word_list is not None:
            # Only a word that is not built in asks the ledger for those that rulebooks declare.
            terms = {**terms, **declared_terms(self._word_list)}
        stored_names = {term.chinese: word for word, term in terms.items()}
        stored = stored_names.get(value, value)
        if stored in terms:
            return stored
        allowed = [f"{term.chinese} ({word})" for word, term in terms.items()]
        template = msg("{word} is not one of the words {allowed}")
        message = say(template, word=value, allowed=allowed)
        raise click.BadParameter(message, ctx=ctx, param=param)

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,
        incomplete: str,
    ) -> list[click.shell_completion.CompletionItem]:
        """Complete a word by either name."""
        # Only a shell that completes pays for it.
        from click.shell_completion import CompletionItem  # noqa: PLC0415

        items = []
        for word, term in self._terms.items():
            for name in (word, term.chinese):
                if name.startswith(incomplete):
                    items.append(CompletionItem(name, help=str(term)))
        return items
