"""The audit pass: every stored byte is hashed again, and the tree compared with all that is known of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Final

import orjson

from lifecycle.ledger.audit_expectations import (
    GAP,
    HEAD,
    LEAF,
    NEVER,
    NODE,
    ROOT,
    AuditExpectations,
    AuditFindings,
    EventPlace,
)
from lifecycle.ledger.recorders.ledger_recorder import (
    MAX_POSITION,
    NOT_BYTES,
    Cursor,
    LedgerRecorder,
    StoredRow,
    read_head,
)
from lifecycle.log.merkle_tree import (
    GROUP_SIZE,
    Frontier,
    TreeNode,
    hash_named,
    leaf_hash,
    leaf_input,
)
from lifecycle.log.witness_file import PREFIX_SIZE, WitnessLine

CHUNK_SIZE: Final = GROUP_SIZE**3
"""Events read at a time: whole groups, so that stored nodes complete within a chunk."""
_STORED_LEAVES: Final = "ledger_keys"
_SELECT_LEAVES: Final = "SELECT position, leaf FROM ledger_keys WHERE position BETWEEN ? AND ?"


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Consecutive events from the position `first` on, and their leaf hashes."""

    first: int
    rows: list[StoredRow]
    leaves: list[bytes]

    @property
    def last(self) -> int:
        return self.first + len(self.leaves) - 1

    def leaf(self, position: int) -> bytes:
        return self.leaves[position - self.first]

    def place(self, position: int) -> EventPlace:
        return _place(self.rows[position - self.first], position)

    def starting_at(self, position: int) -> _Chunk:
        start = position - self.first
        return _Chunk(position, self.rows[start:], self.leaves[start:])


class AuditPass:
    """Reads the ledger once, chunk by chunk.

    `side` is a second cursor, for what is looked up meanwhile; both see the same snapshot or one
    that only grew, as events are never changed by a recorder.
    """

    def __init__(
        self,
        recorder: LedgerRecorder,
        cursor: Cursor,
        side: Cursor,
        expected: AuditExpectations,
        findings: AuditFindings,
    ) -> None:
        self._recorder = recorder
        self._cursor = cursor
        self._side = side
        self._findings = findings
        self._head = read_head(cursor)
        # Stacks with the smallest size or position on top: each is met in the ledger's order.
        self._roots = sorted(expected.roots, key=attrgetter("size"), reverse=True)
        self._leaves = sorted(expected.leaves, key=attrgetter("position"), reverse=True)
        self._lines = list(expected.lines)
        self._sound_size = 0
        """The largest size at which an expected root was right: changes lie behind it."""
        self._tree_differs = False
        self._tail = _Chunk(1, [], [])
        """The events behind the last whole group, which no stored node covers yet."""
        self.tree = Frontier(hash_=hash_named(self._head.tree_hash))

    def run(self, advance: Callable[[int], None]) -> None:
        """Read from the first event to the last, or to the first position where none stands.

        `advance` is called with the number of events in each chunk, to show progress.
        """
        # Negative positions, too: SQLite would let another program insert events there.
        rows = self._recorder.between(self._cursor, -MAX_POSITION, MAX_POSITION)
        self._check_roots()
        is_whole = True
        while is_whole and (chunk := list(islice(rows, CHUNK_SIZE))):
            gap = _first_gap(chunk, self.tree.size + 1)
            if gap is not None:
                is_whole = False
                self._report_gap(chunk[gap], self.tree.size + 1 + gap)
                del chunk[gap:]
            self._check_chunk(chunk)
            advance(len(chunk))
        if is_whole:
            self._check_end()

    def _report_gap(self, row: StoredRow, position: int) -> None:
        self._findings.differ("gap", GAP, _place(row, position), position=position, next=row[0])

    # A chunk ------------------------------------------------------------------------------------

    def _check_chunk(self, rows: list[StoredRow]) -> None:
        chunk = _Chunk(self.tree.size + 1, rows, self._hash_leaves(rows))
        completed = self._append(chunk)
        self._check_leaves(chunk)
        self._check_prefixes(chunk)
        self._check_nodes(chunk, completed)
        grouped = self.tree.size - self.tree.size % GROUP_SIZE
        self._tail = chunk.starting_at(grouped + 1)

    def _append(self, chunk: _Chunk) -> list[TreeNode]:
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
        self._findings.differ("not_bytes", NOT_BYTES, _place(row, row[0]), position=row[0])
        return self.tree.hash_(b"")

    # Expectations -------------------------------------------------------------------------------

    def _check_roots(self) -> None:
        """Compare the tree at its present size with the roots expected there."""
        while self._roots and self._roots[-1].size == self.tree.size:
            expected = self._roots.pop()
            if expected.root == self.tree.root():
                self._sound_size = expected.size
                continue
            self._findings.differ(
                "root",
                ROOT,
                source=expected.source,
                size=expected.size,
                first=self._sound_size + 1,
            )

    def _check_leaves(self, chunk: _Chunk) -> None:
        while self._leaves and self._leaves[-1].position <= chunk.last:
            expected = self._leaves.pop()
            position = expected.position
            if position < chunk.first or chunk.leaf(position) == expected.leaf:
                continue
            self._report_leaf(expected.source, position, chunk.place(position))

    def _report_leaf(self, source: str, position: int, place: EventPlace) -> None:
        self._findings.differ("leaf", LEAF, place, source=source, position=position)

    def _check_prefixes(self, chunk: _Chunk) -> None:
        """Compare with the prefixes in witness files. A line that differs is not looked at again."""
        if not self._lines:
            return
        prefixes = b"".join(leaf[:PREFIX_SIZE] for leaf in chunk.leaves)
        for expected in list(self._lines):
            position = _first_other_prefix(chunk, prefixes, expected.line)
            if position is not None:
                self._report_leaf(expected.source, position, chunk.place(position))
                self._lines.remove(expected)

    def _check_nodes(self, chunk: _Chunk, completed: list[TreeNode]) -> None:
        """Compare the stored tree's nodes over this chunk, lowest level first."""
        for level in sorted({node[0] for node in completed}):
            numbers = [node[1] for node in completed if node[0] == level]
            hashes = [node[2] for node in completed if node[0] == level]
            stored = self._recorder.nodes(self._side, level, numbers[0], numbers[-1])
            wrong = _first_difference(hashes, stored)
            # The first changed event explains every node above it and behind it.
            if wrong is not None and not self._tree_differs:
                self._tree_differs = True
                width = GROUP_SIZE**level
                number = numbers[wrong]
                self._name_changed(chunk, number * width + 1, (number + 1) * width)

    def _name_changed(self, chunk: _Chunk, first: int, last: int) -> None:
        """Name the event that was changed, by the leaf hashes that the store keeps beside the keys."""
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
        """Compare the ledger's end with its head, and report what was expected behind it."""
        held = self.tree.size
        if held != self._head.position:
            place = EventPlace(min(held, self._head.position) + 1)
            self._findings.differ("head", HEAD, place, position=self._head.position, held=held)
        elif self.tree.pack() != self._head.frontier and not self._tree_differs:
            # Every whole group fits its stored node, so the change lies in the tail, which stands
            # in the head's frontier alone.
            self._name_changed(self._tail, held - held % GROUP_SIZE + 1, held)
        for root in reversed(self._roots):
            self._findings.differ(
                "never",
                NEVER,
                EventPlace(held + 1),
                source=root.source,
                size=root.size,
                held=held,
            )
        for leaf in reversed(self._leaves):
            self._report_leaf(leaf.source, leaf.position, EventPlace(leaf.position))


def _first_gap(rows: list[StoredRow], first: int) -> int | None:
    """Return the index of the first row whose position does not follow the one before."""
    if rows[0][0] == first and rows[-1][0] == first + len(rows) - 1:
        return None  # positions are unique and sorted, so there is no room for a gap
    for index, row in enumerate(rows):
        if row[0] != first + index:
            return index
    return None


def _first_difference(hashes: list[bytes], stored: list[bytes]) -> int | None:
    """Return the index of the first hash that is stored otherwise or not at all."""
    for index, hash_ in enumerate(hashes):
        if index >= len(stored) or stored[index] != hash_:
            return index
    return None


def _first_other_prefix(chunk: _Chunk, prefixes: bytes, line: WitnessLine) -> int | None:
    """Return the first position of the chunk at which a witness file's line has another prefix."""
    start = max(line.first_position, chunk.first)
    end = min(line.checkpoint.size, chunk.last) + 1
    if start >= end:
        return None
    ours = _slice(prefixes, start - chunk.first, end - chunk.first)
    theirs = _slice(line.leaf_prefixes, start - line.first_position, end - line.first_position)
    if ours == theirs:
        return None  # nearly always: one comparison for the whole range
    for position in range(start, end):
        index = position - start
        if _slice(ours, index, index + 1) != _slice(theirs, index, index + 1):
            return position
    return None


def _slice(prefixes: bytes, start: int, end: int) -> bytes:
    return prefixes[PREFIX_SIZE * start : PREFIX_SIZE * end]


def _place(row: StoredRow, position: int) -> EventPlace:
    """Return the event that stands there, as far as it can be read."""
    recorded_at: str | None
    try:
        recorded_at = str(orjson.loads(row[4])["recorded_at"])
    except (ValueError, KeyError, TypeError):
        recorded_at = None
    return EventPlace(position, str(row[1]), row[2], recorded_at)
