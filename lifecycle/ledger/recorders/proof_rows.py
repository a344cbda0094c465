"""What several proofs need of the stored tree: groups of siblings, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_schema import EVENTS_TABLE
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.log.merkle_tree import GROUP_BITS, GROUP_SIZE

_MOST_GROUPS: Final = 32
"""Groups in one statement: SQLite limits how deep a condition may be."""

_SELECT_NODES: Final = "SELECT level, number, hash FROM ledger_nodes WHERE "
_NODE_RANGE: Final = "(level = ? AND number BETWEEN ? AND ?)"
_position: Final = itemgetter(0)


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


class ProofRows(NamedTuple):
    """What the store holds of groups of siblings, in the order of their numbers."""

    events: dict[NodeGroup, list[StoredRow]]
    """The events of each group of leaves."""
    nodes: dict[NodeGroup, list[bytes]]
    """The nodes of each group above the leaves."""


def path_groups(index: int, size: int) -> Iterator[NodeGroup]:
    """Yield the group of each level on the path of a leaf in a tree of a size.

    A proof needs these, and those of the tree's right edge, whose index is `size`.
    """
    level = 0
    while size >> (GROUP_BITS * level):
        yield NodeGroup(level, index >> (GROUP_BITS * (level + 1)))
        level += 1


def select_proof_rows(
    cursor: Cursor,
    position_column: str,
    in_style: Callable[[str], str],
    groups: Sequence[NodeGroup],
) -> ProofRows:
    """Read groups of siblings by plain statements; `in_style` gives one the driver's parameters."""
    leaf_groups, node_groups = split_groups(groups)
    rows: list[StoredRow] = []
    for part in _parts(leaf_groups):
        statement = in_style(_leaves_statement(position_column, part))
        bounds: list[int] = []
        for group in part:
            # Leaves count from 0, positions from 1.
            bounds += [group.first + 1, group.last + 1]
        cursor.execute(statement, bounds)
        rows += cursor.fetchall()
    nodes: dict[NodeGroup, list[bytes]] = {group: [] for group in node_groups}
    for part in _parts(node_groups):
        conditions = " OR ".join([_NODE_RANGE] * len(part))
        bounds = []
        for group in part:
            bounds += [group.level, group.first, group.last]
        cursor.execute(in_style(_SELECT_NODES + conditions), bounds)
        for level, number, node in sorted(cursor.fetchall()):
            nodes[NodeGroup(level, number // GROUP_SIZE)].append(bytes(node))
    return ProofRows(events_by_group(leaf_groups, rows), nodes)


def split_groups(groups: Sequence[NodeGroup]) -> tuple[list[NodeGroup], list[NodeGroup]]:
    """Return the groups of leaves, and those of nodes above them."""
    leaf_groups: list[NodeGroup] = []
    node_groups: list[NodeGroup] = []
    for group in groups:
        (node_groups if group.level else leaf_groups).append(group)
    return leaf_groups, node_groups


def events_by_group(
    leaf_groups: Sequence[NodeGroup],
    rows: Sequence[StoredRow],
) -> dict[NodeGroup, list[StoredRow]]:
    """Return the rows of each group of leaves, in the order of their positions."""
    events: dict[NodeGroup, list[StoredRow]] = {group: [] for group in leaf_groups}
    for row in sorted(rows, key=_position):
        position = row[0]
        events[NodeGroup(0, (position - 1) // GROUP_SIZE)].append(row)
    return events


def _leaves_statement(position_column: str, groups: Sequence[NodeGroup]) -> str:
    select = f"SELECT {position_column}, originator_id, originator_version, topic, state"
    conditions = " OR ".join([f"({position_column} BETWEEN ? AND ?)"] * len(groups))
    return f"{select} FROM {EVENTS_TABLE} WHERE {conditions}"


def _parts(groups: Sequence[NodeGroup]) -> Iterator[Sequence[NodeGroup]]:
    for start in range(0, len(groups), _MOST_GROUPS):
        yield groups[start : start + _MOST_GROUPS]
