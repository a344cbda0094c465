"""Copy a store to another database: the same bytes, positions, leaves and root (spec 5, Moving).

A copy begins closed and is opened once it is complete and verified, so that a copy that was
interrupted takes no events. Started again, it goes on where it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from lifecycle import __version__
from lifecycle.events.codec import stamp_of_state
from lifecycle.ledger.derived_places import StoredKeys
from lifecycle.ledger.progress import Progress, ignore_progress
from lifecycle.ledger.recorders import holds_store, open_recorder
from lifecycle.ledger.recorders.append_batch import AppendBatch, KeyAppend
from lifecycle.ledger.recorders.closures import (
    IN_PROGRESS,
    last_closure,
    present_closure,
)
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.recorders.ledger_schema import SCHEMA_VERSION, SIDE_TABLES_VERSION
from lifecycle.ledger.recorders.name_index import NAMES_VERSION, fill_name_index
from lifecycle.ledger.recorders.stored_rows import StoredRow, stored_bytes
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.ledger.verification import verify
from lifecycle.log.merkle_tree import hash_named, leaf_hash, leaf_input
from lifecycle.rejections import Rejected, StoreError, msg

_BATCH: Final = 2_000
COPY_FAILED: Final = "the copy failed"
_EMPTY: Final = msg("the store has no events to copy: run `lifecycle init` at the new place")
_EXISTS: Final = msg("there is a store at the target already; nothing was changed")


class SideTable(NamedTuple):
    """A table beside the events, and its columns."""

    name: str
    columns: tuple[str, ...]

    @property
    def select(self) -> str:
        """The statement that reads its rows."""
        return f"SELECT {', '.join(self.columns)} FROM {self.name}"  # noqa: S608 -- constants

    @property
    def insert(self) -> str:
        """The statement that writes a row."""
        places = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES ({places})"  # noqa: S608 -- constants


# What follows the effective facts, so that its rows come and go.
_CHANGING_TABLES: Final = (
    SideTable("ledger_claims", ("kind", "value", "stream", "position")),
    SideTable("ledger_numbers", ("sign", "year", "counter")),
)
_GROWING_TABLES: Final = (SideTable("ledger_checkpoints", ("size", "signer", "note")),)
# Those that stores of before 0.2.0 lack.
_NEW_TABLES: Final = (
    SideTable("ledger_evidence", ("sha256", "position")),
    SideTable("ledger_upgrades", ("schema_version", "position", "lifecycle")),
)
_SET_SIGNER: Final = "UPDATE ledger_head SET signer = ?"
_COUNT_UPGRADES: Final = "SELECT count(*) FROM ledger_upgrades WHERE schema_version = ?"
_INSERT_UPGRADE: Final = "INSERT INTO ledger_upgrades VALUES (?, ?, ?)"


class CopyResult(NamedTuple):
    """A complete copy: how many events it has and its root, both equal to the source's."""

    size: int
    root: bytes


def _do_nothing() -> None:
    """Complete nothing beside the store."""


class StoreCopy:
    """A copy under way, from an open store to a URL.

    The target is created, or is a copy of the same store that was interrupted. Raises `Rejected`
    where another store is there already.
    """

    def __init__(self, source: Ledger, url: str) -> None:
        self._source = source.recorder
        self._now = source.clock
        head = source.head()
        if not head.position:
            raise Rejected.by("nothing_to_copy", _EMPTY)
        # What is there already is opened as it is: no table is made in another store.
        recorder = open_recorder(
            url,
            create=not holds_store(url),
            tree_hash=head.tree_hash,
            copied_origin=head.origin,
        )
        self.target = Ledger(recorder, source.clock)
        try:
            self._require_copy_of(head)
        except BaseException:
            self.target.close()
            raise

    def _require_copy_of(self, source_head: Head) -> None:
        """Close a new copy to recording; raise `Rejected` for any other store."""
        with self.target.recorder.cursor(write=False) as cursor:
            head = read_head(cursor)
            closure = last_closure(cursor)
        is_new = head.position == 0 and closure is None
        is_begun = closure is not None and closure.closed and closure.reason == IN_PROGRESS
        is_same = (head.origin, head.tree_hash) == (source_head.origin, source_head.tree_hash)
        if not is_same or not (is_new or is_begun):
            raise Rejected.by("store_exists", _EXISTS)
        if is_new:
            with self.target.recorder.cursor(write=True) as cursor:
                self.target.recorder.close_to_recording(cursor, IN_PROGRESS, self._moment())

    def _moment(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def run(
        self,
        decision: str,
        *,
        stays_closed: bool = False,
        closes_source: str = "",
        advance: Progress = ignore_progress,
        complete: Callable[[], None] = _do_nothing,
    ) -> CopyResult:
        """Copy everything, verify the copy, and open it to recording unless it `stays_closed`.

        `decision` is the reason for either. `closes_source` is the reason for which the source
        takes no more events. `complete` brings what belongs to the copy, before it is opened.
        Raises `StoreError` where the copy differs; it then stays closed.
        """
        with self._source.cursor(write=False, is_snapshot=True) as cursor:
            self._copy_events(cursor, advance)
        # What was recorded meanwhile, with the source held still.
        closes = bool(closes_source)
        # A write transaction holds everybody else off already.
        with self._source.cursor(write=closes, is_snapshot=not closes) as cursor:
            self._copy_events(cursor, advance)
            head = read_head(cursor)
            self._copy_beside(cursor, head)
            if closes_source:
                self._close_source(cursor, closes_source)
        try:
            result = self._verified(head)
            complete()
        except BaseException:
            # Otherwise neither store would take events.
            self._reopen_source(closes_source)
            raise
        self._decide_on_target(decision, stays_closed=stays_closed)
        return result

    def _decide_on_target(self, decision: str, *, stays_closed: bool) -> None:
        recorder = self.target.recorder
        with recorder.cursor(write=True) as cursor:
            if stays_closed:
                recorder.close_to_recording(cursor, decision, self._moment())
            else:
                recorder.open_to_recording(cursor, decision, self._moment())

    def _close_source(self, cursor: Cursor, reason: str) -> None:
        closure = last_closure(cursor)
        # A copy that is run again finds its source closed already.
        if closure is None or not closure.closed:
            self._source.close_to_recording(cursor, reason, self._moment())

    def _reopen_source(self, reason: str) -> None:
        """Let the source take events again, if it was closed for this copy."""
        if not reason:
            return
        with self._source.cursor(write=True) as cursor:
            closure = present_closure(cursor)
            if closure is not None and closure.reason == reason:
                self._source.open_to_recording(cursor, COPY_FAILED, self._moment())

    # Events -------------------------------------------------------------------------------------

    def _copy_events(self, source_cursor: Cursor, advance: Progress) -> None:
        head = read_head(source_cursor)
        copied = self.target.head()
        self._require_same_beginning(source_cursor, copied)
        if copied.position >= head.position:
            return
        with self._source.cursor(write=False) as key_cursor:
            keys = StoredKeys(self._source, key_cursor, head.position)
            # Those of the events that are there already.
            keys.upto(copied.position)
            rows = self._source.between(source_cursor, copied.position + 1, head.position)
            for batch_rows in _batches(rows):
                batch = _batch_of(batch_rows, keys, head)
                with self.target.recorder.cursor(write=True) as cursor:
                    self.target.recorder.append_copied(cursor, batch)
                advance(len(batch_rows))

    def _require_same_beginning(self, source_cursor: Cursor, copied: Head) -> None:
        """Raise `StoreError` unless the copy so far is how the source begins."""
        tree = StoredTree(self._source, source_cursor)
        size = copied.position
        if size and (size > tree.size or tree.root(size) != copied.tree().root()):
            raise StoreError(
                msg("the target contains other events than the source: delete it and start again")
            )

    # What stands beside the events --------------------------------------------------------------

    def _copy_beside(self, source_cursor: Cursor, head: Head) -> None:
        """Copy what does not follow event by event, in one transaction of the target's."""
        growing = list(_GROWING_TABLES)
        if head.schema_version >= SIDE_TABLES_VERSION:
            growing.extend(_NEW_TABLES)
        with self.target.recorder.cursor(write=True) as cursor:
            for table in _CHANGING_TABLES:
                cursor.execute(f"DELETE FROM {table.name}")  # noqa: S608 -- a constant
            # An interrupted copy has some of the rows that are never deleted.
            for table in (*_CHANGING_TABLES, *growing):
                self._insert_missing(source_cursor, cursor, table)
            if head.schema_version < SCHEMA_VERSION:
                self._date_upgrade(cursor, head.position)
            if head.schema_version < NAMES_VERSION:
                fill_name_index(cursor, self.target.recorder.sql)
            # Who may not read contacts copies the ledger without them.
            if self._source.may_read_contacts(source_cursor):
                contacts = self._source.contacts(source_cursor)
                self.target.recorder.replace_contacts(cursor, contacts)
            cursor.execute(self.target.recorder.sql(_SET_SIGNER), (head.signer,))

    def _insert_missing(self, source_cursor: Cursor, cursor: Cursor, table: SideTable) -> None:
        source_cursor.execute(table.select)
        rows = source_cursor.fetchall()
        cursor.execute(table.select)
        present = {tuple(row) for row in cursor.fetchall()}
        missing = [tuple(row) for row in rows if tuple(row) not in present]
        if missing:
            cursor.executemany(self.target.recorder.sql(table.insert), missing)

    def _date_upgrade(self, cursor: Cursor, position: int) -> None:
        """Say since when the copy has this version: up to a position the source had another."""
        cursor.execute(self.target.recorder.sql(_COUNT_UPGRADES), (SCHEMA_VERSION,))
        if not cursor.fetchone()[0]:
            cursor.execute(
                self.target.recorder.sql(_INSERT_UPGRADE), (SCHEMA_VERSION, position, __version__)
            )

    def _verified(self, head: Head) -> CopyResult:
        result = verify(self.target)
        if result.differences:
            problem = result.differences[0].problem
            raise StoreError(problem.template, **problem.values)
        if result.root != head.tree().root():
            raise StoreError(msg("the copy has another root than the source"))
        return CopyResult(result.size, result.root)


def _batches(rows: Iterator[StoredRow]) -> Iterator[list[StoredRow]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _batch_of(rows: list[StoredRow], keys: StoredKeys, head: Head) -> AppendBatch:
    hash_ = hash_named(head.tree_hash)
    stored: list[StoredRow] = []
    leaves: list[bytes] = []
    for row in rows:
        position, stream_id, version, topic, _state = row
        state = stored_bytes(row)
        stored.append((position, stream_id, version, topic, state))
        leaves.append(leaf_hash(leaf_input(stream_id, version, topic, state), hash_))
    last = stored[-1]
    recorded_at = head.recorded_at
    if last[0] < head.position:
        stamp = stamp_of_state(last[0], last[1], last[2], last[4])
        recorded_at = stamp.recorded_at.isoformat()
    key_rows: list[KeyAppend] = [*keys.upto(last[0])]
    return AppendBatch(stored, leaves, key_rows, recorded_at)
