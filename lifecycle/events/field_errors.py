"""Pydantic's errors in the words of our catalogues: which field, what is wrong, what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lifecycle.events import Event
from lifecycle.events.field_types import FORMS
from lifecycle.rejections import Problem, msg


class RuleText(NamedTuple):
    """The id of a rule, and the message that rejects a value by it."""

    rule: str
    template: str


_PYDANTIC_ERRORS: Final[dict[str, RuleText]] = {
    "missing": RuleText("missing", msg("is missing")),
    "literal_error": RuleText("vocabulary", msg("must be one of {expected}")),
    "string_type": RuleText("type", msg("must be text")),
    "string_too_long": RuleText("length", msg("may have at most {max_length} characters")),
    "string_too_short": RuleText("text_empty", msg("must not be empty")),
    "string_pattern_mismatch": RuleText("form", msg("must look like {form}")),
    "too_long": RuleText("length", msg("may have at most {max_length} entries")),
    "too_short": RuleText("length", msg("must have at least {min_length} entry")),
    "list_type": RuleText("type", msg("must be a list")),
    "tuple_type": RuleText("type", msg("must be a list")),
    "int_type": RuleText("type", msg("must be a whole number, without quotes")),
    "int_parsing": RuleText("type", msg("must be a whole number, without quotes")),
    "int_from_float": RuleText("type", msg("must be a whole number, without quotes")),
    "int_parsing_size": RuleText("type", msg("must be a whole number, without quotes")),
    "finite_number": RuleText("type", msg("must be a whole number, without quotes")),
    "bool_type": RuleText("type", msg("must be true or false")),
    "bool_parsing": RuleText("type", msg("must be true or false")),
    "date_type": RuleText("type", msg("must be a date such as 2024-03-31")),
    "date_parsing": RuleText("type", msg("must be a date such as 2024-03-31")),
    "date_from_datetime_parsing": RuleText("type", msg("must be a date such as 2024-03-31")),
    "date_from_datetime_inexact": RuleText("type", msg("must be a date such as 2024-03-31")),
    "dict_type": RuleText(
        "type", msg("must be an object or null; in a cell FIELD=VALUE, several separated by ；")
    ),
    "model_type": RuleText("type", msg("must be an object")),
    "greater_than_equal": RuleText("range", msg("must be at least {ge}")),
    "greater_than": RuleText("range", msg("must be more than {gt}")),
    "union_tag_invalid": RuleText("vocabulary", msg("must be one of {expected}")),
    "less_than_equal": RuleText("range", msg("must be at most {le}")),
}
"""The errors of pydantic's own types."""

OWN_TEMPLATES: Final[dict[str, str]] = {
    "unknown_field": msg("{name} is not a field here; most similar: {nearest}; allowed: {allowed}"),
    "vocabulary": msg("must be one of {expected}"),
    "word_twice": msg("the word {name} is built in or declared already; choose another name"),
    "limit_event": msg(
        "{name} is no event of projects; most similar: {nearest}; "
        'allowed: names of events, or ["any"] alone'
    ),
    "unknown_limit": msg(
        "no table limits has the id {name}; most similar: {nearest}; allowed: {allowed}"
    ),
    "time_limit": msg(
        "give limit, the id of a time limit, if, and only if, the measure is one of {allowed}"
    ),
    "limit_length": msg("give exactly one of {names}"),
    "measure": msg("unknown measure {name}; most similar: {nearest}; allowed: {allowed}"),
    "of_unit": msg("{measure} measures units: only the filters category and sequence apply"),
    "each_of_units": msg("{measure} measures units, not projects"),
    "change": msg("give at least one of {fields}"),
    "points": msg("give exactly one of {names}"),
    "target_period": msg(
        "period must be a half-year, quarter or month of {year}; the target of the "
        "year itself has none"
    ),
    "month": msg("a monthly figure must be dated within its month {month}"),
    "occurred_on": msg(
        "must be the day of reported_at in Shanghai time, {day}; omit it or give that day"
    ),
    "foreign_day": msg("{day} does not belong to the arrangement of {year}"),
    "weekday_worked": msg("{day} is neither a Saturday nor a Sunday, so it is worked anyway"),
    "off_and_worked": msg("{day} is listed both as off and as worked"),
    "member_tree": msg("{unit} counts, so its position and its signed tree are needed"),
    "reward_measure": msg(
        "a reward goes by what a project brings: {measure} measures something else"
    ),
    "unknown_period": msg("{name} is no period of each; allowed: {allowed}"),
    "too_many_best": msg("best is {best}, and only {number} periods are taken"),
    "no_quotient": msg("this kind of rule needs a target, or as with a quotient: {allowed}"),
    "reward_shares": msg("the shares of the stages sum to {sum} and not to 1"),
}
"""The templates of our own errors whose messages contain values.

Pydantic returns a message with its values filled in, which has no translation. A message
without values is its own template.
"""


def problems_of(error: ValidationError, kind: type[Event] | None) -> list[Problem]:
    """Return one problem for each error that pydantic found in an event of a kind.

    `kind` is None for values outside an event, and for rulebooks.
    """
    errors = error.errors(include_url=False)
    places = {details["loc"] for details in errors}
    problems: list[Problem] = []
    for details in errors:
        # Pydantic drops a wrong entry, after which its list may seem too short.
        if details["type"] == "too_short" and _is_around(details["loc"], places):
            continue
        problems.append(_problem(details, kind))
    return problems


def _is_around(place: tuple[int | str, ...], places: Iterable[tuple[int | str, ...]]) -> bool:
    """Whether another error lies within the place."""
    depth = len(place)
    return any(len(inner) > depth and inner[:depth] == place for inner in places)


def _problem(details: ErrorDetails, kind: type[Event] | None) -> Problem:
    place = ".".join(str(part) for part in details["loc"]) or None
    error_type = details["type"]
    if error_type == "extra_forbidden":
        return _unknown_field(details, kind, place)
    if error_type == "union_tag_not_found":
        # A rule without its kind: the field that is missing is the one that pydantic reads first.
        return Problem("missing", msg("is missing"), {}, _place_of_tag(details))
    values = _values(details)
    if error_type in _PYDANTIC_ERRORS:
        rule, template = _PYDANTIC_ERRORS[error_type]
        return Problem(rule, template, values, place)
    template = OWN_TEMPLATES.get(error_type, details["msg"])
    return Problem(error_type, template, values, place)


def _place_of_tag(details: ErrorDetails) -> str:
    tag = details["ctx"]["discriminator"].strip("'")
    return ".".join(str(part) for part in (*details["loc"], tag))


def _unknown_field(
    details: ErrorDetails,
    kind: type[Event] | None,
    place: str | None,
) -> Problem:
    nested = len(details["loc"]) > 1
    if kind is None or nested:
        return Problem("unknown_field", msg("is not a field here"), {}, place)
    return Problem(
        "unknown_field",
        msg("is not a field here; allowed: {allowed}"),
        {"allowed": list(kind.model_fields)},
        place,
    )


def _values(details: ErrorDetails) -> dict[str, Any]:
    """What the message shows: lists instead of pydantic's sentences, an example for a pattern."""
    values = dict(details.get("ctx", {}))
    match details["type"]:
        case "literal_error":
            values["expected"] = _quoted(values["expected"])
        case "union_tag_invalid":
            values["expected"] = _quoted(values["expected_tags"])
        case "string_pattern_mismatch":
            values["form"] = FORMS[values["pattern"]]
    return values


def _quoted(sentence: str) -> list[str]:
    """Return the values that pydantic lists; what is no text stands there as Python writes it."""
    quoted = re.findall(r"'([^']*)'", sentence)
    return quoted or [sentence.lower()]
