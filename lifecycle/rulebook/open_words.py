"""Words of open vocabularies as a rulebook names them: built in, or declared by itself (spec 6)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from lifecycle.events.vocabulary import BUILT_IN, WORD_LISTS, WordList
from lifecycle.rejections import msg
from lifecycle.rulebook.declared_words import words_declared_by, words_of

KnownWords = Mapping[WordList, Collection[str]]
"""The context in which a rulebook is validated: every word that it may name, by vocabulary."""


def known_words(data: Mapping[str, Any]) -> KnownWords:
    """Return the words that a rulebook with this data may name."""
    declared = tuple(words_declared_by(data))
    words: dict[WordList, Collection[str]] = {}
    for word_list in WORD_LISTS:
        names = (*BUILT_IN[word_list], *words_of(declared, word_list))
        words[word_list] = tuple(dict.fromkeys(names))
    return words


def words_known(info: ValidationInfo, word_list: WordList) -> Collection[str]:
    """Return the words of a vocabulary that the rulebook being validated may name."""
    # A part that is validated without its rulebook, as tests do, has the words built in.
    context: KnownWords = info.context or BUILT_IN
    return context[word_list]


def _known_word(word_list: WordList) -> BeforeValidator:
    def check(word: Any, info: ValidationInfo) -> Any:
        known = words_known(info, word_list)
        if isinstance(word, str) and word in known:
            return word
        raise PydanticCustomError(
            "vocabulary",
            msg("must be one of {expected}"),
            {"expected": list(known)},
        )

    check_word: Callable[[Any, ValidationInfo], Any] = check
    return BeforeValidator(check_word)


Sector = Annotated[str, _known_word("sectors")]
Trait = Annotated[str, _known_word("traits")]
Chain = Annotated[str, _known_word("chains")]
Site = Annotated[str, _known_word("sites")]
Category = Annotated[str, _known_word("categories")]
Stage = Annotated[str, _known_word("stages")]
"""A stage that a rule may ask for; schedules and tasks have the seven nodes alone."""
Figure = Annotated[str, _known_word("figures")]
