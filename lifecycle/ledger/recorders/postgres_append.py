"""The parameters of the append function: a batch as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lifecycle.ledger.recorders.append_batch import AppendBatch
from lifecycle.ledger.recorders.ledger_head import Head
from lifecycle.log.merkle_tree import TreeNode

_ARRAY_TYPES: Final = (
    *("text", "bigint", "text", "bytea"),
    *("text", "text"),
    *("text", "text", "text"),
    *("text", "text", "text", "bigint"),
    *("text", "integer", "bigint"),
    *("text", "bigint"),
)
_PLACES: Final = ", ".join(f"%s::{name}[]" for name in _ARRAY_TYPES)
APPEND: Final = (
    f"SELECT lifecycle.ledger_append(%s, {_PLACES},"
    " %s::bytea[], %s::bytea, %s::integer[], %s::bigint[], %s::bytea[])"
)


def append_parameters(batch: AppendBatch, head: Head | None) -> list[object]:
    """Return the parameters of `APPEND`.

    `head` is given for a store of SM3 alone, whose hashes the database cannot compute.
    """
    changes = batch.changes
    decided_at = batch.rows[0][0] - 1
    streams, versions, topics, states = _columns([row[1:] for row in batch.rows], 4)
    keys, digests = _columns([key[:2] for key in batch.keys], 2)
    return [
        decided_at,
        *(streams, versions, topics, states),
        *(keys, digests),
        *_columns(changes.lost, 3),
        *_columns(changes.taken, 4),
        *_columns(changes.numbers, 3),
        *_columns(batch.evidence, 2),
        *_sm3_parameters(batch, head),
    ]


def _columns(rows: Sequence[Sequence[Any]], width: int) -> list[str]:
    return [_array([row[index] for row in rows]) for index in range(width)]


def _array(values: Sequence[Any]) -> str:
    """Return an array's text; the driver's own way takes a third of an import."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: object) -> str:
    if isinstance(value, (bytes, memoryview)):
        return f'"\\\\x{value.hex()}"'
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _sm3_parameters(batch: AppendBatch, head: Head | None) -> list[object]:
    if head is None:
        return [None] * 5
    tree = head.tree()
    completed: list[TreeNode] = tree.append(batch.leaves)
    return [_array(batch.leaves), tree.pack(), *_columns(completed, 3)]
