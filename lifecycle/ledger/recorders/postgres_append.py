"""The call of the append function: a batch as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    if not values:
        return "{}"
    first = values[0]
    if isinstance(first, int):
        return "{" + ",".join(map(str, values)) + "}"
    if isinstance(first, (bytes, memoryview)):
        # A backslash in an array's text is written twice.
        return '{"\\\\x' + '","\\\\x'.join([value.hex() for value in values]) + '"}'
    together = "".join(values)
    texts: Iterable[str] = values
    # Few texts need it, and looking at each costs as much as the rest of an append.
    if '"' in together or "\\" in together:
        texts = map(_escaped, values)
    return '{"' + '","'.join(texts) + '"}'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _sm3_parameters(batch: AppendBatch, head: Head | None) -> list[object]:
    if head is None:
        return [None] * 5
    tree = head.tree()
    completed: list[TreeNode] = tree.append(batch.leaves)
    return [_array(batch.leaves), tree.pack(), *_columns(completed, 3)]
