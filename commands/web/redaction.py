"""Leaving out names of persons and telephone numbers from what pages show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from commands.web.page_chart import PageChart
from commands.words import telephone_numbers
from commands.words.page_words import LEFT_OUT
from projections.scoring.score_line import ScoreLine

# Fields that hold the name of a person.
PERSON_FIELDS: Final = frozenset(
    {
        "lead_person",
        "person",
        "submitted_by",
        "reviewed_by",
        "approved_by",
        "recorded_by",
        "imported_by",
        "on_behalf_of",
    }
)


def without_telephones(value: Any) -> Any:
    """A value of any shape, with every telephone number in its texts left out."""
    if isinstance(value, str):
        return telephone_numbers.without_telephones(value)
    return _in_every_part(value, without_telephones)


def without_persons(value: Any) -> Any:
    """A value of any shape, without telephone numbers and without names in fields of persons."""
    if isinstance(value, str):
        return telephone_numbers.without_telephones(value)
    if isinstance(value, dict):
        redacted = {}
        for name, part in value.items():
            holds_person = name in PERSON_FIELDS and bool(part)
            redacted[name] = LEFT_OUT if holds_person else without_persons(part)
        return redacted
    return _in_every_part(value, without_persons)


def _in_every_part(value: Any, redact: Callable[[Any], Any]) -> Any:
    """The value with each of its parts redacted; one without parts stays as it is."""
    if isinstance(value, dict):
        return {name: redact(part) for name, part in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_make"):
        # A named tuple keeps its type: templates and formulas go by its fields.
        return type(value)._make(redact(part) for part in value)
    if isinstance(value, (list, tuple)):
        return [redact(part) for part in value]
    if isinstance(value, PageChart):
        return replace(value, rows=redact(value.rows))
    return value


def nameless_line(line: ScoreLine) -> ScoreLine:
    """A score line without names of persons."""
    return line._replace(inputs=without_persons(line.inputs))
