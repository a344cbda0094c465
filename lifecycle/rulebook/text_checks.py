"""Texts of a rulebook that look like others, or like none: blank, padded, with hidden characters.

An indicator with a space before its name is another indicator, whose figures nobody reports.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.rulebook_model import Rulebook

_SENTENCES: Final = frozenset({"note", "why", "document"})
"""Fields that may have lines, and that nothing refers to."""


def untidy_texts(book: Rulebook) -> Iterator[Problem]:
    """Texts that are blank, begin or end with a space, or have characters that do not show."""
    for name in type(book).model_fields:
        # The facts of a case are read, and rejected, as records are.
        if name != "case":
            yield from _untidy(name, getattr(book, name))


def _untidy(place: str, value: object) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from _untidy_text(place, value)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name not in _SENTENCES:
                yield from _untidy(f"{place}.{name}", getattr(value, name))
    elif isinstance(value, tuple):
        for number, entry in enumerate(value):
            yield from _untidy(f"{place}.{number}", entry)


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
