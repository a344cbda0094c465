"""Reads on PostgreSQL, in one exchange each, what signatures and proofs need of the store.

The functions keep their plans, which statements cannot behind a pool of connections: planning
takes longer than reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

import psycopg

from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import head_of
from lifecycle.ledger.recorders.proof_rows import (
    NodeGroup,
    ProofRows,
    events_by_group,
    split_groups,
)
from lifecycle.ledger.recorders.signing_facts import SigningFacts
from lifecycle.log.merkle_tree import GROUP_SIZE, HASH_SIZE

_SELECT_FACTS: Final = "SELECT * FROM lifecycle.ledger_signing_facts()"
# Without parameters both calls go in one message.
_SELECT_GROUPS: Final = (
    "SELECT * FROM lifecycle.ledger_leaf_groups('{leaves}');"
    " SELECT * FROM lifecycle.ledger_node_groups('{levels}', '{numbers}')"
)


def call_signing_facts(cursor: Cursor) -> SigningFacts:
    """Read what a signature is judged by."""
    cursor.execute(_SELECT_FACTS)
    row = cursor.fetchone()
    if row is None:
        return SigningFacts(None, head_of(cursor, None), None, key_changed=False)
    rank, last_note, key_changed, *head_row = row
    return SigningFacts(rank, head_of(cursor, tuple(head_row)), last_note, key_changed)


def call_proof_rows(cursor: Cursor, groups: Sequence[NodeGroup]) -> ProofRows:
    """Read groups of siblings by the store's functions."""
    leaf_groups, node_groups = split_groups(groups)
    statement = _SELECT_GROUPS.format(
        # Leaves count from 0, positions from 1.
        leaves=_array(group.first + 1 for group in leaf_groups),
        levels=_array(group.level for group in node_groups),
        numbers=_array(group.first for group in node_groups),
    )
    server_cursor = cast("psycopg.Cursor[Any]", cursor)
    server_cursor.execute(statement.encode())
    rows = server_cursor.fetchall()
    server_cursor.nextset()
    nodes: dict[NodeGroup, list[bytes]] = {}
    for level, first, joined in server_cursor.fetchall():
        group = NodeGroup(level, first // GROUP_SIZE)
        nodes[group] = _hashes(joined)
    return ProofRows(events_by_group(leaf_groups, rows), nodes)


def _array(numbers: Iterable[int]) -> str:
    """Return the text of an array."""
    members = ",".join(map(str, numbers))
    return f"{{{members}}}"


def _hashes(joined: bytes | None) -> list[bytes]:
    # The tree may have no node of the group yet.
    if joined is None:
        return []
    starts = range(0, len(joined), HASH_SIZE)
    return [joined[start : start + HASH_SIZE] for start in starts]
