"""Words of open vocabularies as a rulebook names them: built in, or declared by itself (spec 6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from lifecycle.events.read_by import ReadInContext
from lifecycle.events.vocabulary import BUILT_IN, WORD_LISTS, WordList
from lifecycle.rejections import msg
from lifecycle.rulebook.declared_words import words_declared_by, words_of
from lifecycle.rulebook.nearest_names import nearest

KnownWords = Mapping[str, Collection[str]]
"""The context in which a rulebook is validated: every word that it may name, by vocabulary.

Beside them, under `limits`, the ids of its time limits.
"""
_LIMITS: Final = "limits"


def known_words(data: Mapping[str, Any]) -> KnownWords:
    """Return the words that a rulebook with this data may name."""
    declared = tuple(words_declared_by(data))
    words: dict[str, Collection[str]] = {_LIMITS: _limit_ids(data)}
    for word_list in WORD_LISTS:
        names = (*BUILT_IN[word_list], *words_of(declared, word_list))
        words[word_list] = tuple(dict.fromkeys(names))
    return words


def _limit_ids(data: Mapping[str, Any]) -> list[str]:
    """The ids of the time limits; the models say what is wrong with a malformed table."""
    tables = data.get(_LIMITS)
    if not isinstance(tables, list):
        return []
    return [str(table["id"]) for table in tables if isinstance(table, dict) and "id" in table]


def words_known(info: ValidationInfo, word_list: WordList) -> Collection[str]:
    """Return the words of a vocabulary that the rulebook being validated may name."""
    # A part that is validated without its rulebook, as tests do, has the words built in.
    if info.context is None:
        return BUILT_IN[word_list]
    context: KnownWords = info.context
    return context[word_list]


def _known_word(word_list: WordList) -> ReadInContext:
    def check(word: Any, info: ValidationInfo) -> Any:
        known = words_known(info, word_list)
        if isinstance(word, str) and word in known:
            return word
        raise PydanticCustomError(
            "vocabulary",
            msg("must be one of {expected}"),
            {"expected": list(known)},
        )

    return ReadInContext(check)


def _known_limit(limit: Any, info: ValidationInfo) -> Any:
    if info.context is None:
        return limit
    ids: Collection[str] = info.context[_LIMITS]
    if limit in ids:
        return limit
    raise PydanticCustomError(
        "unknown_limit",
        msg("no table limits has the id {name}; most similar: {nearest}; allowed: {allowed}"),
        {"name": limit, "nearest": nearest(str(limit), ids), "allowed": sorted(ids)},
    )


Sector = Annotated[str, _known_word("sectors")]
Trait = Annotated[str, _known_word("traits")]
Chain = Annotated[str, _known_word("chains")]
Site = Annotated[str, _known_word("sites")]
Category = Annotated[str, _known_word("categories")]
Stage = Annotated[str, _known_word("stages")]
"""A stage that a rule may ask for; schedules and tasks have the seven nodes alone."""
Figure = Annotated[str, _known_word("figures")]
LimitId = Annotated[str, ReadInContext(_known_limit)]
"""The id of one of the rulebook's own time limits."""
