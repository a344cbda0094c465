"""Rulebooks as text, written: what `tomllib` reads, with exact decimals, as TOML again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from lifecycle.events.field_types import plain

_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def written(data: Mapping[str, Any]) -> str:
    """A rulebook's data as TOML: single values, then tables, then lists of tables, each in the order they stand in."""
    lines = [
        f"{_key(name)} = {_value(value)}"
        for name, value in data.items()
        if not _table(value) and not _tables(value)
    ]
    for name, value in data.items():
        if _table(value):
            lines += ["", f"[{_key(name)}]", *_fields(value)]
    for name, value in data.items():
        if _tables(value):
            for entry in value:
                lines += ["", f"[[{_key(name)}]]", *_fields(entry)]
    return "\n".join(lines) + "\n"


def _table(value: Any) -> bool:
    return isinstance(value, dict)


def _tables(value: Any) -> bool:
    return (
        isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)
    )


def _fields(table: Mapping[str, Any]) -> Iterator[str]:
    return (f"{_key(name)} = {_value(value)}" for name, value in table.items())


def _key(name: str) -> str:
    return (
        name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else _text(name)
    )


def _text(value: str) -> str:
    told = "".join(
        _ESCAPES.get(char, char if char.isprintable() else f"\\u{ord(char):04x}") for char in value
    )
    return f'"{told}"'


def _value(value: Any) -> str:  # noqa: PLR0911 -- one line for each kind of value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{ " + ", ".join(_fields(value)) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)
