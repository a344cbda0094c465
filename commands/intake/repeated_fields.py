"""JSON objects that give a field twice: readers differ in which of the two they take."""

from __future__ import annotations

import json
from collections.abc import Sequence


class _Repeated(ValueError):  # noqa: N818 -- ends the parsing, no error of the program
    """Carries the name of the field."""


def repeated_field(text: str) -> str | None:
    """Return the first field that an object in the JSON text gives twice, however deep it lies.

    Raises `RecursionError` for a text nested deeper than Python parses.
    """
    try:
        json.loads(text, object_pairs_hook=_check_names)
    except _Repeated as repeated:
        return str(repeated)
    return None


def _check_names(pairs: Sequence[tuple[str, object]]) -> None:
    names = set()
    for name, _value in pairs:
        if name in names:
            raise _Repeated(name)
        names.add(name)
