"""Texts of a rulebook that look like others, or like none: blank, padded, with hidden characters.

An indicator with a space before its name is another indicator, whose figures nobody reports.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.rulebook_model import Rulebook

_READ_ELSEWHERE: Final = frozenset({"note", "why", "document", "case"})
"""Sentences, which may have lines, and cases, whose facts are read as records are."""


def untidy_texts(book: Rulebook) -> Iterator[Problem]:
    """Texts that are blank, padded or have hidden characters, and lists with a name twice."""
    yield from _untidy_fields("", book)


def _untidy_fields(place: str, table: BaseModel) -> Iterator[Problem]:
    for name, field in type(table).model_fields.items():
        value = getattr(table, name)
        # A list that may be absent, and is there without an entry, takes nothing at all.
        if value == () and field.default is None:
            template = msg("takes nothing: name at least one, or leave the field out")
            yield Problem("list_empty", template, {}, f"{place}{name}")
        elif name not in _READ_ELSEWHERE:
            yield from _untidy(f"{place}{name}", value)


def _untidy(place: str, value: object) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from _untidy_text(place, value)
    elif isinstance(value, BaseModel):
        yield from _untidy_fields(f"{place}.", value)
    elif isinstance(value, tuple):
        yield from _repeated(place, value)
        for number, entry in enumerate(value):
            yield from _untidy(f"{place}.{number}", entry)


def _repeated(place: str, entries: tuple[object, ...]) -> Iterator[Problem]:
    """Names that a list has twice: one of them was to be another."""
    names = [entry for entry in entries if isinstance(entry, str)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem("name_repeated", msg("has {name} more than once"), {"name": name}, place)


def _untidy_text(place: str, text: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem("text_empty", msg("must not be empty"), {}, place)
    elif text != text.strip():
        template = msg('begins or ends with a space: "{text}"')
        yield Problem("text_padded", template, {"text": _shown(text)}, place)
    elif not text.isprintable():
        template = msg('has characters that do not show: "{text}"')
        yield Problem("text_hidden", template, {"text": _shown(text)}, place)


def _shown(text: str) -> str:
    """The text with an escape for each character that does not show."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
