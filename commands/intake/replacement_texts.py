"""A correction's replacement in a cell: `字段=值；字段=值`, or 作废 for a void."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from commands.intake.repeated_fields import repeated_field
from commands.intake.typed_fields import field_named
from commands.words.event_words import chinese_field
from commands.words.workbook_words import CHANGE_SEPARATOR, VOID

_SEPARATORS: Final = re.compile(r"[；;\r\n]+")
_EQUALS: Final = re.compile("[=＝]")


def read_replacement(text: str) -> object:
    """Return the fields that change, None for a void; what is neither stays text.

    The correction itself rejects a text, and an unknown field by its name. JSON is read too: a
    value may hold any sign there.
    """
    text = text.strip()
    if text in (VOID, "null"):
        return None
    if text.startswith(("{", "[", '"')):
        return _read_json(text)
    changes: dict[str, object] = {}
    for part in _SEPARATORS.split(text):
        if not part.strip():
            continue
        place = _EQUALS.search(part)
        if place is None:
            return text
        typed_name = part[: place.start()].strip()
        typed_value = part[place.end() :].strip()
        field = field_named(typed_name)
        name = typed_name
        if field is not None:
            name = field.name
        if name in changes:
            # Taking the last of two in silence would be a guess.
            return text
        # Nothing behind the sign clears an optional field.
        changes[name] = None
        if typed_value:
            changes[name] = typed_value if field is None else field.read(typed_value)
    return changes or text


def _read_json(text: str) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return text if repeated_field(text) else value


def replacement_text(replacement: Mapping[str, object] | None) -> str:
    """Write a replacement as `read_replacement` reads it; as JSON where the signs would not do."""
    if replacement is None:
        return VOID
    parts = []
    for name, value in replacement.items():
        field = field_named(name)
        if isinstance(value, dict) or field is None or field.shape == "evidence":
            return _json_text(replacement)
        try:
            text = field.write(value)
        except (KeyError, TypeError):
            return _json_text(replacement)
        parts.append(f"{chinese_field(name)}={text}")
    written = CHANGE_SEPARATOR.join(parts)
    # A value with a separator of its own would be read as another field.
    is_faithful = len(_SEPARATORS.split(written)) == len(parts)
    return written if is_faithful else _json_text(replacement)


def _json_text(replacement: Mapping[str, object]) -> str:
    return json.dumps(replacement, ensure_ascii=False)
