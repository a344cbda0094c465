"""One walk through the ledger: every stored byte hashed again, the tree held against all that is known of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import orjson

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
from lifecycle.log.witness_file import PREFIX_OCTETS, WitnessLine
from lifecycle.rejections import Problem, msg

CHUNK: Final = GROUP_SIZE**3
NEVER: Final = msg(
    "{source} says that there were {size} events; the store holds {held}: the last ones were taken out"
)
ROOT: Final = msg(
    "{source} says another root for the first {size} events: of the events {first} to {size} one was changed, taken out, moved or put in"
)
LEAF: Final = msg(
    "{source} says that another event stood at position {position}: it was changed, moved, or put in"
)
_GAP: Final = msg(
    "no event stands at position {position}, the next one is at {next}: it was taken out, or moved"
)
_NODE: Final = msg(
    "the stored tree does not fit the events {first} to {last}: one of them was changed, or the tree was"
)
_HEAD: Final = msg(
    "the store's head says position {position}, and the store holds {held} events: events were taken out or put in by another hand"
)
_OWN: Final = "ledger_keys"


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where the ledger differs: the event that stands there now, if there is one."""

    position: int
    stream: str | None = None
    version: int | None = None
    recorded_at: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerDifference:
    """Something that does not fit, and the first event known to differ by it."""

    problem: Problem
    place: EventPlace | None = None


@dataclass(frozen=True, slots=True)
class ExpectedRoot:
    """Somebody's word for the root at a size."""

    size: int
    root: bytes
    source: str


@dataclass(frozen=True, slots=True)
class ExpectedLeaf:
    """Somebody's word for the leaf at a position."""

    position: int
    leaf: bytes
    source: str


@dataclass(slots=True)
class AuditExpectations:
    """All that the ledger is held against beside its own tree, what was checked, what was found to differ."""

    roots: list[ExpectedRoot] = field(default_factory=list)
    leaves: list[ExpectedLeaf] = field(default_factory=list)
    lines: list[tuple[WitnessLine, str]] = field(default_factory=list)
    differences: list[LedgerDifference] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)

    def count(self, what: str, number: int = 1) -> None:
        """Note that so many of a sort were checked."""
        self.checked[what] = self.checked.get(what, 0) + number


class AuditPass:
    """Goes through the ledger once, chunk by chunk; `side` is a second cursor, for what is looked up meanwhile."""

    def __init__(
        self, recorder: LedgerRecorder, cursor: Cursor, side: Cursor, expected: AuditExpectations
    ) -> None:
        self._recorder = recorder
        self._cursor = cursor
        self._side = side
        self._expected = expected
        self._head = read_head(cursor)
        self._roots = sorted(expected.roots, key=lambda known: -known.size)
        self._leaves = sorted(expected.leaves, key=lambda known: -known.position)
        self._lines = list(expected.lines)
        self._sound = 0
        self._tree_differs = False
        self._edge: tuple[list[StoredRow], list[bytes]] = ([], [])
        self.tree = Frontier(hash_=hash_named(self._head.tree_hash))

    def run(self, advance: Callable[[int], None]) -> None:
        """From the first event to the last, or to the first position where none stands."""
        rows = self._recorder.between(self._cursor, -MAX_POSITION, MAX_POSITION)
        self._check_roots()
        whole = True
        while whole and (chunk := list(islice(rows, CHUNK))):
            whole = self._contiguous(chunk)
            self._take(chunk)
            advance(len(chunk))
        self._end(whole=whole)

    def _differs(
        self, rule: str, template: str, place: EventPlace | None = None, /, **values: object
    ) -> None:
        self._expected.differences.append(LedgerDifference(Problem(rule, template, values), place))

    def _contiguous(self, chunk: list[StoredRow]) -> bool:
        """Whether positions go on by one; a chunk is cut at the first that does not."""
        first = self.tree.size + 1
        if chunk[0][0] == first and chunk[-1][0] == first + len(chunk) - 1:
            return True
        at = next(at for at, row in enumerate(chunk) if row[0] != first + at)
        self._differs(
            "gap", _GAP, _place(chunk[at], first + at), position=first + at, next=chunk[at][0]
        )
        del chunk[at:]
        return False

    def _take(self, chunk: list[StoredRow]) -> None:
        first, leaves = self.tree.size + 1, self._hashed(chunk)
        nodes: list[TreeNode] = []
        done = 0
        while self._roots and self._roots[-1].size < first + len(leaves):
            upto = self._roots[-1].size - first + 1
            nodes += self.tree.append(leaves[done:upto])
            done = upto
            self._check_roots()
        nodes += self.tree.append(leaves[done:])
        self._check_leaves(chunk, leaves, first)
        self._check_prints(chunk, leaves, first)
        self._check_nodes(chunk, leaves, first, nodes)
        edge = (self.tree.size - self.tree.size % GROUP_SIZE) - first + 1
        self._edge = (chunk[edge:], leaves[edge:])

    def _hashed(self, chunk: list[StoredRow]) -> list[bytes]:
        hash_ = self.tree.hash_
        try:
            return [
                hash_(b"\x00" + f"{row[1]}\n{row[2]}\n{row[3]}\n".encode() + row[4])
                for row in chunk
            ]
        except TypeError:
            return [self._hashed_one(row) for row in chunk]

    def _hashed_one(self, row: StoredRow) -> bytes:
        """SQLite lets another hand store text where bytes were."""
        state: object = row[4]
        if isinstance(state, bytes):
            return leaf_hash(leaf_input(row[1], row[2], row[3], state), self.tree.hash_)
        self._differs("not_bytes", NOT_BYTES, _place(row, row[0]), position=row[0])
        return self.tree.hash_(b"")

    def _check_roots(self) -> None:
        """What is known of the tree at its present size."""
        while self._roots and self._roots[-1].size == self.tree.size:
            known = self._roots.pop()
            if known.root == self.tree.root():
                self._sound = known.size
            else:
                self._differs(
                    "root", ROOT, source=known.source, size=known.size, first=self._sound + 1
                )

    def _check_leaves(self, chunk: list[StoredRow], leaves: list[bytes], first: int) -> None:
        while self._leaves and self._leaves[-1].position < first + len(leaves):
            known = self._leaves.pop()
            at = known.position - first
            if at >= 0 and leaves[at] != known.leaf:
                self._differs(
                    "leaf",
                    LEAF,
                    _place(chunk[at], known.position),
                    source=known.source,
                    position=known.position,
                )

    def _check_prints(self, chunk: list[StoredRow], leaves: list[bytes], first: int) -> None:
        """The prints in witness files, each file's line up to its first that differs."""
        if not self._lines:
            return
        mine = b"".join(leaf[:PREFIX_OCTETS] for leaf in leaves)
        for line, source in list(self._lines):
            start = max(line.first, first)
            end = min(line.checkpoint.size + 1, first + len(leaves))
            if start >= end:
                continue
            theirs = line.prints[
                PREFIX_OCTETS * (start - line.first) : PREFIX_OCTETS * (end - line.first)
            ]
            own = mine[PREFIX_OCTETS * (start - first) : PREFIX_OCTETS * (end - first)]
            if theirs != own:
                at = (
                    start
                    + next(
                        at
                        for at in range(0, len(own), PREFIX_OCTETS)
                        if own[at : at + PREFIX_OCTETS] != theirs[at : at + PREFIX_OCTETS]
                    )
                    // PREFIX_OCTETS
                )
                self._differs(
                    "leaf", LEAF, _place(chunk[at - first], at), source=source, position=at
                )
                self._lines.remove((line, source))

    def _check_nodes(
        self, chunk: list[StoredRow], leaves: list[bytes], first: int, nodes: list[TreeNode]
    ) -> None:
        """The stored tree's nodes over this chunk, lowest level first."""
        for level in sorted({node[0] for node in nodes}):
            mine = [node for node in nodes if node[0] == level]
            stored = self._recorder.nodes(self._side, level, mine[0][1], mine[-1][1])
            wrong = next(
                (at for at, node in enumerate(mine) if at >= len(stored) or stored[at] != node[2]),
                None,
            )
            if wrong is not None and not self._tree_differs:
                self._tree_differs = True
                width = GROUP_SIZE**level
                self._name_changed(
                    chunk, leaves, first, mine[wrong][1] * width + 1, (mine[wrong][1] + 1) * width
                )

    def _name_changed(
        self, chunk: list[StoredRow], leaves: list[bytes], first: int, start: int, end: int
    ) -> None:
        """Which of a few events was changed, by the leaf hashes that the store keeps beside the keys."""
        statement = self._recorder.sql(
            "SELECT position, leaf FROM ledger_keys WHERE position BETWEEN ? AND ?"
        )
        self._side.execute(statement, (max(start, first), end))
        stored = {row[0]: bytes(row[1]) for row in self._side.fetchall()}
        for position in range(max(start, first), min(end, first + len(leaves) - 1) + 1):
            if stored.get(position) != leaves[position - first]:
                self._differs(
                    "leaf",
                    LEAF,
                    _place(chunk[position - first], position),
                    source=_OWN,
                    position=position,
                )
                return
        self._differs("tree", _NODE, None, first=start, last=end)

    def _end(self, *, whole: bool) -> None:
        held, head = self.tree.size, self._head
        if whole and held != head.position:
            self._differs(
                "head",
                _HEAD,
                EventPlace(min(held, head.position) + 1),
                position=head.position,
                held=held,
            )
        elif whole and self.tree.pack() != head.frontier and not self._tree_differs:
            self._name_last()
        for known in reversed(self._roots if whole else []):
            self._differs(
                "never",
                NEVER,
                EventPlace(held + 1),
                source=known.source,
                size=known.size,
                held=held,
            )
        for leaf in reversed(self._leaves if whole else []):
            self._differs(
                "leaf", LEAF, EventPlace(leaf.position), source=leaf.source, position=leaf.position
            )

    def _name_last(self) -> None:
        """The events behind the last full sixteen stand in the frontier alone."""
        first = self.tree.size - self.tree.size % GROUP_SIZE + 1
        self._name_changed(*self._edge, first, first, self.tree.size)


def _place(row: StoredRow, position: int) -> EventPlace:
    """The event that stands there, as far as it can be read."""
    try:
        recorded_at = str(orjson.loads(row[4])["recorded_at"])
    except (ValueError, KeyError, TypeError):
        recorded_at = None
    return EventPlace(position, str(row[1]), row[2], recorded_at)
