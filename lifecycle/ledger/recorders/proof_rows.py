"""Reads what several proofs need of the stored tree in one exchange with the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.ledger_schema import EVENTS_TABLE
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.log.merkle_tree import GROUP_BITS, GROUP_SIZE, TreeNode

_MOST_GROUPS: Final = 32
"""Groups in one statement: SQLite limits how deep a condition may be."""

_SELECT_NODES: Final = "SELECT level, number, hash FROM ledger_nodes WHERE "
_NODE_RANGE: Final = "(level = ? AND number BETWEEN ? AND ?)"


class NodeGroup(NamedTuple):
    """Sixteen siblings of a stored level; level 0 are the leaves, hashed from the events."""

    level: int
    number: int

    @property
    def first(self) -> int:
        """Return the number of the first sibling within its level."""
        return self.number * GROUP_SIZE

    @property
    def last(self) -> int:
        """Return the number of the last sibling that the level may have."""
        return self.first + GROUP_SIZE - 1


def path_groups(index: int, size: int) -> Iterator[NodeGroup]:
    """Yield the group of each level on the path of a leaf in a tree of a size.

    A proof needs these, and those of the tree's right edge, whose index is `size`.
    """
    level = 0
    while size >> (GROUP_BITS * level):
        yield NodeGroup(level, index >> (GROUP_BITS * (level + 1)))
        level += 1


def rows_of_groups(
    recorder: LedgerRecorder,
    cursor: Cursor,
    groups: Sequence[NodeGroup],
) -> Iterator[StoredRow]:
    """Iterate over the stored rows of whole groups of leaves, in no order."""
    position = recorder.position_column
    select = f"SELECT {position}, originator_id, originator_version, topic, state"
    condition = f"({position} BETWEEN ? AND ?)"
    for part in _parts(groups):
        conditions = " OR ".join([condition] * len(part))
        statement = f"{select} FROM {EVENTS_TABLE} WHERE {conditions}"
        bounds: list[int] = []
        for group in part:
            # Leaves count from 0, positions from 1.
            bounds += [group.first + 1, group.last + 1]
        cursor.execute(recorder.sql(statement), bounds)
        yield from cursor.fetchall()


def nodes_of_groups(
    recorder: LedgerRecorder,
    cursor: Cursor,
    groups: Sequence[NodeGroup],
) -> Iterator[TreeNode]:
    """Iterate over the stored nodes of whole groups, in no order."""
    for part in _parts(groups):
        statement = _SELECT_NODES + " OR ".join([_NODE_RANGE] * len(part))
        bounds: list[int] = []
        for group in part:
            bounds += [group.level, group.first, group.last]
        cursor.execute(recorder.sql(statement), bounds)
        yield from cursor.fetchall()


def _parts(groups: Sequence[NodeGroup]) -> Iterator[Sequence[NodeGroup]]:
    for start in range(0, len(groups), _MOST_GROUPS):
        yield groups[start : start + _MOST_GROUPS]
