"""What a rulebook's file says wrongly as TOML, and where: `tomllib` answers in English alone."""

from __future__ import annotations

import re
import tomllib
from typing import Final

from lifecycle.rejections import Problem, msg

_PLACE: Final = re.compile(
    r"(.*) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)", re.ASCII | re.DOTALL
)

_NO_NAME: Final = msg(
    "is not valid TOML at line {line}, column {column}: a field's name or a bracket is expected; "
    "names are written in Latin letters"
)

_MISTAKES: Final = {
    "Cannot overwrite a value": msg(
        "is not valid TOML at line {line}, column {column}: a field is written twice in a table"
    ),
    "Invalid value": msg(
        "is not valid TOML at line {line}, column {column}: a value is missing or misspelled; "
        'text stands in straight quotes, as in "text"'
    ),
    "Cannot declare": msg(
        "is not valid TOML at line {line}, column {column}: a table is written twice; tables that "
        "repeat have double brackets, such as [[rules]]"
    ),
    "Invalid date or datetime": msg(
        "is not valid TOML at line {line}, column {column}: the calendar has no such day"
    ),
    "Expected newline": msg(
        "is not valid TOML at line {line}, column {column}: more follows the value on its line"
    ),
    "Unclosed array": msg(
        "is not valid TOML at line {line}, column {column}: a list is not closed, or a comma is "
        "missing in it"
    ),
    "Unclosed inline table": msg(
        "is not valid TOML at line {line}, column {column}: braces are not closed, or a comma is "
        "missing in them"
    ),
    "Expected '='": msg(
        "is not valid TOML at line {line}, column {column}: the equals sign after a field's name "
        "is missing"
    ),
    "Illegal character": msg(
        "is not valid TOML at line {line}, column {column}: a text in quotes is not closed on its "
        "line"
    ),
    "Expected ']'": msg(
        "is not valid TOML at line {line}, column {column}: the brackets around a table's name "
        "are not closed"
    ),
    "Unescaped": msg(
        "is not valid TOML at line {line}, column {column}: a backslash in a text is written twice"
    ),
    "Invalid initial character": _NO_NAME,
    "Invalid statement": _NO_NAME,
}
"""How `tomllib` begins a message → what it means to the author of a rulebook."""


def toml_problem(content: str, error: tomllib.TOMLDecodeError) -> Problem:
    """The problem with a text that is no TOML; its values have the line and the column."""
    match = _PLACE.fullmatch(str(error))
    if match is None:
        return Problem("toml", msg("is not valid TOML: {why}"), {"why": error})
    if match[2] is None:
        line, column = content.count("\n") + 1, len(content) - content.rfind("\n")
    else:
        line, column = int(match[2]), int(match[3])
    place: dict[str, object] = {"line": line, "column": column}
    for beginning, template in _MISTAKES.items():
        if match[1].startswith(beginning):
            return Problem("toml", template, place)
    return Problem("toml", msg("is not valid TOML: {why}"), {**place, "why": error})
