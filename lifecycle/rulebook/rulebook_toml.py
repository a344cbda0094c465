"""Write rulebooks as TOML with exact decimals.

From data alone, or derived from a text whose comments are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import tomlkit
from tomlkit.items import Comment, Item, Table, Whitespace

from lifecycle.events.field_types import plain
from lifecycle.rulebook.rulebook_library import TomlData, read_toml


def write_toml(data: Mapping[str, Any]) -> str:
    """Write data as TOML: single values, then tables, then lists of tables."""
    document = tomlkit.document()
    values, tables, table_lists = _by_shape(data)
    for name, value in values.items():
        document.add(name, _item(value))
    for name, fields in tables.items():
        document.add(name, _table(fields))
    for name, rows in table_lists.items():
        table_list = tomlkit.aot()
        for row in rows:
            table_list.append(_table(row))
        document.add(name, table_list)
    return tomlkit.dumps(document)


def derive_toml(content: str, data: Mapping[str, Any]) -> str:
    """Write data in the form of an existing text.

    Whatever is equal in both stays as it is written there, comments, order and layout included.
    """
    document = tomlkit.parse(content)
    # tomlkit reads decimals as binary floats, so equality is decided on the exactly read data
    # beside it.
    _update_table(document, read_toml(content), data)
    return tomlkit.dumps(document)


# Deriving -----------------------------------------------------------------------------------------


def _update_table(
    table: Any,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    for name in before:
        if name not in after:
            del table[name]
    for name, value in after.items():
        if name not in before:
            _add_field(table, name, value)
        else:
            _update_entry(
                table,
                name,
                before[name],
                value,
            )


def _add_field(table: Any, name: str, value: Any) -> None:
    """Add a field directly behind the last one.

    For tomlkit, the comment above the next table is the end of this one.
    """
    trailing = []
    if isinstance(table, Table):
        body = table.value.body
        while body and isinstance(body[-1][1], (Comment, Whitespace)):
            trailing.append(body.pop())
    table[name] = _item(value)
    if isinstance(table, Table):
        table.value.body.extend(reversed(trailing))


def _update_list(
    items: Any,
    before: Sequence[Any],
    after: Sequence[Any],
) -> None:
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        _update_entry(
            items,
            place,
            old,
            new,
        )


def _update_entry(
    holder: Any,
    key: str | int,
    before: Any,
    after: Any,
) -> None:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        _update_table(holder[key], before, after)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        _update_list(holder[key], before, after)
    else:
        holder[key] = _item(after)


# From data alone ----------------------------------------------------------------------------------


def _by_shape(data: Mapping[str, Any]) -> tuple[TomlData, TomlData, TomlData]:
    """Split data into single values, tables and lists of tables.

    TOML reads a value after `[table]` as the table's.
    """
    values: TomlData = {}
    tables: TomlData = {}
    table_lists: TomlData = {}
    for name, value in data.items():
        if isinstance(value, dict):
            tables[name] = value
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            table_lists[name] = value
        else:
            values[name] = value
    return values, tables, table_lists


def _table(fields: Mapping[str, Any]) -> Item:
    table = tomlkit.table()
    for name, value in fields.items():
        table.add(name, _item(value))
    return table


def _item(value: Any) -> Item:
    """Make a value within a line: decimals exact, tables inline, lists in brackets."""
    if isinstance(value, Decimal):
        return tomlkit.value(plain(value))
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        for name, inner in value.items():
            inline.append(name, _item(inner))
        return inline
    if isinstance(value, list):
        array = tomlkit.array()
        for inner in value:
            array.append(_item(inner))
        return array
    item: Item = tomlkit.item(value)
    return item
