"""The audit pass: hash every stored byte again, compare the tree with all that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from operator import attrgetter
from typing import Final

from lifecycle.ledger.audit_chunk import (
    AuditChunk,
    event_place,
    first_difference,
    first_gap,
    first_other_prefix,
)
from lifecycle.ledger.audit_expectations import (
    GAP,
    HEAD,
    LEAF,
    NAME,
    NODE,
    NODES_INVENTED,
    AuditExpectations,
    AuditFindings,
    EventPlace,
    ExpectedLeaf,
)
from lifecycle.ledger.chunk_keys import KeysOfChunk
from lifecycle.ledger.derived_places import DerivedPlaces
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION, NOT_BYTES, StoredRow
from lifecycle.log.merkle_tree import (
    GROUP_SIZE,
    Frontier,
    TreeNode,
    hash_named,
    leaf_hash,
    leaf_input,
)
from lifecycle.log.witness_file import PREFIX_SIZE

CHUNK_SIZE: Final = GROUP_SIZE**3
"""Events read at a time: whole groups, so that stored nodes complete within a chunk."""
_STORED_LEAVES: Final = "ledger_keys"
_SELECT_LEAVES: Final = "SELECT position, leaf FROM ledger_keys WHERE position BETWEEN ? AND ?"


class AuditPass:
    """Reads the ledger once, chunk by chunk.

    `side` is a second cursor, for what is looked up meanwhile; both see the same snapshot or one
    that only grew, as events are never changed by a recorder. `keys` come chunk by chunk.
    """

    def __init__(
        self,
        recorder: LedgerRecorder,
        cursor: Cursor,
        side: Cursor,
        expected: AuditExpectations,
        findings: AuditFindings,
        derived: DerivedPlaces,
        keys: Iterator[KeysOfChunk],
    ) -> None:
        self._recorder = recorder
        self._cursor = cursor
        self._side = side
        self._findings = findings
        self._derived = derived
        self._keys = keys
        self._head = read_head(cursor)
        # Stacks with the smallest size or position on top: each is met in the ledger's order.
        self._roots = sorted(expected.roots, key=attrgetter("size"), reverse=True)
        self._leaves = sorted(expected.leaves, key=attrgetter("position"), reverse=True)
        self._lines = list(expected.lines)
        self._sound_size = 0
        """The largest size at which an expected root was right; changes come after it."""
        self.vouched_size = 0
        """The largest size at which something from outside the store says the same."""
        self._tree_differs = False
        self._complete_nodes = 0
        self._tail = AuditChunk(1, [], [])
        """The events after the last whole group, which no stored node covers yet."""
        self.tree = Frontier(hash_=hash_named(self._head.tree_hash))
        self.is_whole = False
        """Whether an event stood at every position up to the last."""

    def run(self, advance: Callable[[int], None]) -> None:
        """Read from the first event to the last, or to the first position where none stands.

        `advance` is called with the number of events in each chunk, to show progress.
        """
        # Negative positions, too: SQLite would let another program insert events there.
        rows = self._recorder.between(self._cursor, -MAX_POSITION, MAX_POSITION)
        self._check_roots()
        for chunk in _chunks(rows):
            gap = first_gap(chunk, self.tree.size + 1)
            if gap is not None:
                self._report_gap(chunk[gap], self.tree.size + 1 + gap)
                self._check_chunk(chunk[:gap], None)
                return
            self._check_chunk(chunk, next(self._keys))
            advance(len(chunk))
        self.is_whole = True
        self._check_end()

    def _report_gap(self, row: StoredRow, position: int) -> None:
        self._findings.differ(
            "gap", GAP, event_place(row, position), position=position, next=row[0]
        )

    # A chunk ------------------------------------------------------------------------------------

    def _check_chunk(self, rows: list[StoredRow], keys: KeysOfChunk) -> None:
        chunk = AuditChunk(self.tree.size + 1, rows, self._hash_leaves(rows))
        completed = self._append(chunk)
        self._check_leaves(chunk)
        self._check_prefixes(chunk)
        self._check_nodes(chunk, completed)
        self._derived.add(chunk, keys)
        grouped = self.tree.size - self.tree.size % GROUP_SIZE
        self._tail = chunk.starting_at(grouped + 1)

    def _append(self, chunk: AuditChunk) -> list[TreeNode]:
        """Append a chunk to the tree, pausing at each size for which a root is expected."""
        completed: list[TreeNode] = []
        start = 0
        while self._roots and self._roots[-1].size <= chunk.last:
            end = self._roots[-1].size - chunk.first + 1
            completed += self.tree.append(chunk.leaves[start:end])
            start = end
            self._check_roots()
        completed += self.tree.append(chunk.leaves[start:])
        return completed

    def _hash_leaves(self, rows: list[StoredRow]) -> list[bytes]:
        hash_ = self.tree.hash_
        try:
            # `leaf_hash(leaf_input(…))` written out: this line runs once for each event.
            return [
                hash_(b"\x00" + f"{row[1]}\n{row[2]}\n{row[3]}\n".encode() + row[4]) for row in rows
            ]
        except TypeError:
            return [self._hash_leaf(row) for row in rows]

    def _hash_leaf(self, row: StoredRow) -> bytes:
        """Hash a leaf of a chunk in which SQLite holds text where bytes belong."""
        state: object = row[4]
        if isinstance(state, bytes):
            return leaf_hash(leaf_input(row[1], row[2], row[3], state), self.tree.hash_)
        self._findings.differ("not_bytes", NOT_BYTES, event_place(row, row[0]), position=row[0])
        return self.tree.hash_(b"")

    # Expectations -------------------------------------------------------------------------------

    def _check_roots(self) -> None:
        """Compare the tree at its present size with the roots expected there."""
        while self._roots and self._roots[-1].size == self.tree.size:
            expected = self._roots.pop()
            if expected.root == self.tree.root():
                self._sound_size = expected.size
                if expected.vouches:
                    self.vouched_size = expected.size
                continue
            self._findings.differ(
                "root",
                expected.templates.root,
                source=expected.source,
                size=expected.size,
                first=self._sound_size + 1,
            )

    def _check_leaves(self, chunk: AuditChunk) -> None:
        while self._leaves and self._leaves[-1].position <= chunk.last:
            expected = self._leaves.pop()
            position = expected.position
            if position < chunk.first:
                continue
            place = chunk.place(position)
            if chunk.leaf(position) != expected.leaf:
                self._report_receipt(expected, place)
            elif expected.ref != place.ref:
                self._findings.differ(
                    "event_name",
                    NAME,
                    place,
                    source=expected.source,
                    position=position,
                    ref=expected.ref,
                    event=place.ref,
                )

    def _report_receipt(self, expected: ExpectedLeaf, place: EventPlace) -> None:
        self._findings.differ(
            "leaf",
            expected.templates.leaf,
            place,
            source=expected.source,
            position=expected.position,
        )

    def _report_leaf(
        self,
        source: str,
        position: int,
        place: EventPlace,
    ) -> None:
        self._findings.differ("leaf", LEAF, place, source=source, position=position)

    def _check_prefixes(self, chunk: AuditChunk) -> None:
        """Compare with the prefixes in witness files. A line that differs is not checked again."""
        if not self._lines:
            return
        prefixes = b"".join(leaf[:PREFIX_SIZE] for leaf in chunk.leaves)
        for expected in list(self._lines):
            position = first_other_prefix(chunk, prefixes, expected.line)
            if position is not None:
                self._report_leaf(expected.source, position, chunk.place(position))
                self._lines.remove(expected)

    def _check_nodes(self, chunk: AuditChunk, completed: list[TreeNode]) -> None:
        """Compare the stored tree's nodes over this chunk, lowest level first."""
        self._complete_nodes += len(completed)
        for level in sorted({node[0] for node in completed}):
            numbers = [node[1] for node in completed if node[0] == level]
            hashes = [node[2] for node in completed if node[0] == level]
            stored = self._recorder.nodes(self._side, level, numbers[0], numbers[-1])
            wrong = first_difference(hashes, stored)
            # The first changed event explains every node above it and after it.
            if wrong is not None and not self._tree_differs:
                self._tree_differs = True
                width = GROUP_SIZE**level
                number = numbers[wrong]
                self._name_changed(chunk, number * width + 1, (number + 1) * width)

    def _name_changed(
        self,
        chunk: AuditChunk,
        first: int,
        last: int,
    ) -> None:
        """Name the changed event, by the leaf hashes that the store keeps beside the keys."""
        start = max(first, chunk.first)
        self._side.execute(self._recorder.sql(_SELECT_LEAVES), (start, last))
        stored = {position: bytes(leaf) for position, leaf in self._side.fetchall()}
        for position in range(start, min(last, chunk.last) + 1):
            if stored.get(position) != chunk.leaf(position):
                self._report_leaf(_STORED_LEAVES, position, chunk.place(position))
                return
        self._findings.differ("tree", NODE, None, first=first, last=last)

    # The end ------------------------------------------------------------------------------------

    def _check_end(self) -> None:
        """Compare the ledger's end with its head, and report what was expected after it."""
        held = self.tree.size
        if held != self._head.position:
            place = EventPlace(min(held, self._head.position) + 1)
            self._findings.differ("head", HEAD, place, position=self._head.position, held=held)
        elif self.tree.pack() != self._head.frontier and not self._tree_differs:
            # Every whole group fits its stored node, so the change lies in the tail, which stands
            # in the head's frontier alone.
            self._name_changed(self._tail, held - held % GROUP_SIZE + 1, held)
        self._check_node_count()
        for root in reversed(self._roots):
            self._findings.differ(
                "never",
                root.templates.never,
                EventPlace(held + 1),
                source=root.source,
                size=root.size,
                held=held,
            )
        for leaf in reversed(self._leaves):
            self._report_receipt(leaf, EventPlace(leaf.position))

    def _check_node_count(self) -> None:
        """Report stored nodes that stand for no events: the next append would stumble over them."""
        self._cursor.execute("SELECT COUNT(*) FROM ledger_nodes")
        stored = self._cursor.fetchone()[0]
        # Every node that belongs there was compared, so what is left over was invented.
        if stored > self._complete_nodes and not self._tree_differs:
            extra = stored - self._complete_nodes
            self._findings.differ("tree", NODES_INVENTED, None, rows=extra)


def _chunks(rows: Iterator[StoredRow]) -> Iterator[list[StoredRow]]:
    while chunk := list(islice(rows, CHUNK_SIZE)):
        yield chunk
