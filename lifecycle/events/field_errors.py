"""What pydantic found wrong with a record or a rulebook, in the words of our catalogues: field, what is wrong, what is allowed."""

from __future__ import annotations

import re
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lifecycle.events import Event
from lifecycle.events.field_types import FORMS
from lifecycle.rejections import Problem, msg


def problems_of(error: ValidationError, kind: type[Event] | None) -> list[Problem]:
    """Say what pydantic found in the words of our catalogues: field, what is wrong, what is allowed."""
    found = error.errors(include_url=False)
    # An entry that is wrong is left out, so that its list may seem too short: the entry alone is told.
    entries = {details["loc"][:1] for details in found if len(details["loc"]) > 1}
    return [
        _problem(details, kind)
        for details in found
        if details["type"] != "too_short" or details["loc"] not in entries
    ]


_TEMPLATES: Final[dict[str, tuple[str, str]]] = {
    "missing": ("missing", msg("is missing")),
    "literal_error": ("vocabulary", msg("must be one of {expected}")),
    "string_type": ("type", msg("must be text")),
    "string_too_long": ("length", msg("may have at most {max_length} characters")),
    "string_too_short": ("text_empty", msg("must not be empty")),
    "string_pattern_mismatch": ("form", msg("must look like {form}")),
    "too_long": ("length", msg("may have at most {max_length} entries")),
    "too_short": ("length", msg("must have at least {min_length} entry")),
    "list_type": ("type", msg("must be a list")),
    "tuple_type": ("type", msg("must be a list")),
    "dict_type": ("type", msg("must be an object or null")),
    "model_type": ("type", msg("must be an object")),
    "greater_than_equal": ("range", msg("must be at least {ge}")),
    "greater_than": ("range", msg("must be more than {gt}")),
    "union_tag_invalid": ("vocabulary", msg("must be one of {expected}")),
    "less_than_equal": ("range", msg("must be at most {le}")),
}


def _problem(details: ErrorDetails, kind: type[Event] | None) -> Problem:
    place = ".".join(str(part) for part in details["loc"]) or None
    values = dict(details.get("ctx", {}))
    if details["type"] == "extra_forbidden":
        if kind is None or len(details["loc"]) > 1:
            return Problem("unknown_field", msg("is not a field here"), {}, place)
        return Problem(
            "unknown_field",
            msg("is not a field here; allowed: {allowed}"),
            {"allowed": [*kind.model_fields]},
            place,
        )
    if details["type"] == "literal_error":
        values["expected"] = re.findall(r"'([^']*)'", values["expected"])
    if details["type"] == "union_tag_invalid":
        values["expected"] = re.findall(r"'([^']*)'", values["expected_tags"])
    if details["type"] == "string_pattern_mismatch":
        values["form"] = FORMS[values["pattern"]]
    rule, template = _TEMPLATES.get(details["type"], (details["type"], details["msg"]))
    if (
        template == details["msg"]
    ):  # an error of our own making: its message is the catalogue's, filled in
        template = _OWN.get(details["type"], details["msg"])
    return Problem(rule, template, values, place)


_OWN: Final[dict[str, str]] = {
    "unknown_field": msg("{name} is not a field here; most similar: {nearest}; allowed: {allowed}"),
    "measure": msg("unknown measure {name}; most similar: {nearest}; allowed: {allowed}"),
    "of_unit": msg("{measure} measures units: only the filters category and sequence apply"),
    "points": msg("give exactly one of {names}"),
    "month": msg("a monthly figure must be dated within its month {month}"),
    "occurred_on": msg(
        "must be the day of reported_at in Shanghai time, {day}; omit it or give that day"
    ),
}
"""Templates of our own errors that hold values; those without any are their own template."""
