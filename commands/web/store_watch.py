"""The end of a served ledger, and whether the store still begins with what it was before."""

from __future__ import annotations

from threading import Lock

from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.rejections import StoreError

FileSigns = tuple[int, int] | None
"""Size and moment of the last change; None for a store that is no file."""


class StoreWatch:
    """Looks at the end of a ledger again and again; safe for threads.

    A file that is copied over a store's stays the same file, and SQLite goes on with the pages that
    it has in memory. SQLite itself writes to the file only now and then, from its log: whenever
    the file has changed, the tree is held against the one of the look before. So is a file that
    cannot be locked here, each time that it is opened or copied again.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._path = None if ledger.url is None else sqlite_path(ledger.url)
        self._lock = Lock()
        self._signs = self._file_signs()
        self._head: Head | None = None

    def look(self) -> tuple[Head, bool]:
        """Return the ledger's end, and whether it grew from the end at the look before."""
        with self._lock:
            signs = self._file_signs()
            is_written = signs != self._signs or self._ledger.recorder.is_behind
            if is_written:
                self._ledger.recorder.forget_pages()
            with self._ledger.recorder.cursor(write=False) as cursor:
                head = read_head(cursor)
                has_grown = True
                if is_written and self._head is not None:
                    tree = StoredTree(self._ledger.recorder, cursor, head)
                    has_grown = _grew(self._head, head, tree)
            self._signs, self._head = signs, head
            return head, has_grown

    @property
    def must_look(self) -> bool:
        """Whether nothing can be read before a look: a file that is not locked has changed."""
        return self._ledger.recorder.must_open_again

    def _file_signs(self) -> FileSigns:
        if self._path is None:
            return None
        try:
            status = self._path.stat()
        except OSError:  # reading the store says what is wrong
            return None
        return status.st_size, status.st_mtime_ns


def _grew(
    before: Head,
    now: Head,
    tree: StoredTree,
) -> bool:
    if now.origin != before.origin or now.position < before.position:
        return False
    try:
        # An empty tree is the beginning of every other.
        return before.position == 0 or tree.root(before.position) == before.tree().root()
    except StoreError:  # nodes of the tree are missing: the pages that need events say more
        return False
