"""Which declared words an event uses: words of open vocabularies that are not built in (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final, NamedTuple, get_args, get_origin

from lifecycle.events import BY_NAME, Event
from lifecycle.events.vocabulary import OpenWords, WordList


class WordUse(NamedTuple):
    """A declared word in a field of an event."""

    field: str
    word_list: WordList
    word: str
    built_in: tuple[str, ...]
    """The words that the field takes without being declared."""


class WordField(NamedTuple):
    """A field with a word, or a list of words, of an open vocabulary."""

    name: str
    words: OpenWords


def open_words_of(annotation: Any, marks: tuple[Any, ...] = ()) -> OpenWords | None:
    """Return the open vocabulary of a field's type, None where it has none."""
    for mark in marks:
        if isinstance(mark, OpenWords):
            return mark
    if get_origin(annotation) is Annotated:
        return open_words_of(annotation.__origin__, annotation.__metadata__)
    for inner in get_args(annotation):
        words = open_words_of(inner)
        if words is not None:
            return words
    return None


def _word_fields(kind: type[Event]) -> tuple[WordField, ...]:
    fields: list[WordField] = []
    for name, info in kind.model_fields.items():
        words = open_words_of(info.annotation, tuple(info.metadata))
        if words is not None:
            fields.append(WordField(name, words))
    return tuple(fields)


WORD_FIELDS: Final = {
    kind: fields for kind in BY_NAME.values() if (fields := _word_fields(kind)) != ()
}
"""The events that use words of open vocabularies, each with the fields that do."""


def word_uses(event: Event) -> Iterator[WordUse]:
    """Yield the words that an event uses and no vocabulary has built in."""
    for name, words in WORD_FIELDS.get(type(event), ()):
        value = getattr(event, name)
        if value is None:
            continue
        used_words = (value,) if isinstance(value, str) else value
        for word in used_words:
            if word not in words.built_in:
                yield WordUse(name, words.word_list, word, words.built_in)
