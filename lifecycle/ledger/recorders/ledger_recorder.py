"""The recorder interface of the ledger: transactions, appending, what stands beside the events."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final

from lifecycle.ledger.recorders.blocking_session import BlockingSession
from lifecycle.ledger.recorders.closures import INSERT_CLOSURE, last_closure
from lifecycle.ledger.recorders.contact_rows import ContactRow, select_contacts
from lifecycle.ledger.recorders.database_facts import DatabaseFacts, DatabaseRank
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.event_appends import EventAppends
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.recorders.ledger_schema import CONTACTS_VERSION, SIDE_TABLES_VERSION
from lifecycle.ledger.recorders.login_range import LoginRange
from lifecycle.ledger.recorders.proof_rows import NodeGroup, ProofRows, select_proof_rows
from lifecycle.ledger.recorders.signing_facts import SigningFacts, select_signing_facts
from lifecycle.rejections import Problem

LOCK_SECONDS: Final = 30
# Signing the same tree twice is no error: the note that is stored stays.
_INSERT_CHECKPOINT: Final = "INSERT INTO ledger_checkpoints VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_SELECT_EVIDENCE: Final = "SELECT sha256, position FROM ledger_evidence"
_SELECT_UPGRADE: Final = (
    "SELECT position FROM ledger_upgrades WHERE schema_version >= ? ORDER BY schema_version LIMIT 1"
)


def _tell_nobody(_sessions: Sequence[BlockingSession]) -> None:
    """Tell nobody whose session is waited for."""


class LedgerRecorder(EventAppends):
    """What the ledger asks of either database, beside the library's own recorder interface."""

    report_wait: Callable[[Sequence[BlockingSession]], None] = staticmethod(_tell_nobody)
    """Told whose session a write waits for, once it has waited for some seconds."""

    @property
    def may_lack_events(self) -> bool:
        """Whether what is read may be a copy without the last events: a file without its log."""
        return False

    @property
    def is_behind(self) -> bool:
        """Whether what is read lacks what was written since, until it is opened again.

        A file that cannot be locked here is read as it lay, or a copy of it.
        """
        return False

    @property
    def must_open_again(self) -> bool:
        """Whether it is behind, and nothing can be read before that."""
        return False

    def forget_pages(self) -> None:
        """Read from now on what is stored, not what was read of it: a server answers for that."""
        return

    @abstractmethod
    def create_table(self) -> None:
        """Create the tables of an empty store."""

    @abstractmethod
    def stored_size(self, cursor: Cursor) -> int:
        """Return how many bytes the database takes, evidence not counted."""

    @abstractmethod
    def is_owner(self, cursor: Cursor) -> bool:
        """Return whether the login may change the tables' guards, as the store's owner may."""

    @abstractmethod
    def suspend_guards(self, cursor: Cursor) -> AbstractContextManager[None]:
        """Let the block change rows that are never changed otherwise, within a write transaction.

        The guards stand again when it ends, also those that another program had dropped.
        """

    def keep_checkpoint(
        self,
        cursor: Cursor,
        size: int,
        signer: str,
        note: str,
    ) -> None:
        """Store a signed note within a write transaction. One that is stored stays."""
        cursor.execute(self.sql(_INSERT_CHECKPOINT), (size, signer, note))

    def set_signer(self, cursor: Cursor, signer: str) -> None:
        """Store the first signer's public key within a write transaction."""
        cursor.execute(self.sql("UPDATE ledger_head SET signer = ?"), (signer,))

    def proof_rows(self, cursor: Cursor, groups: Sequence[NodeGroup]) -> ProofRows:
        """Return what the store holds of groups of siblings, which proofs are made of."""
        return select_proof_rows(cursor, self.position_column, self.sql, groups)

    def signing_facts(self, cursor: Cursor) -> SigningFacts:
        """Return who asks for a signature, where the store ends, and what was signed last."""
        return select_signing_facts(cursor, self.rank(cursor))

    def repeated_keys(self, cursor: Cursor) -> set[str]:
        """Return the idempotency keys that more than one event bears."""
        cursor.execute("SELECT key FROM ledger_keys GROUP BY key HAVING count(*) > 1")
        return {key for (key,) in cursor.fetchall()}

    # Contacts, beside the ledger ------------------------------------------------------------------

    @abstractmethod
    def may_read_contacts(self, cursor: Cursor) -> bool:
        """Return whether the login reads contacts; no auditor does."""

    def contacts(self, cursor: Cursor) -> list[ContactRow]:
        """Return all contacts; none in a store of before they could be kept."""
        if read_head(cursor).schema_version < CONTACTS_VERSION:
            return []
        return select_contacts(cursor)

    @abstractmethod
    def set_contact(self, cursor: Cursor, row: ContactRow) -> None:
        """Store a contact in place of the same person's, within a write transaction."""

    @abstractmethod
    def erase_contacts(self, cursor: Cursor, project: str, person: str | None) -> None:
        """Erase a person's row of a project, or for None all, within a write transaction."""

    @abstractmethod
    def move_contacts(self, cursor: Cursor, old: str, new: str) -> None:
        """Put a project's contacts under another code, within a write transaction."""

    @abstractmethod
    def replace_contacts(self, cursor: Cursor, rows: list[ContactRow]) -> None:
        """Put these rows in place of all contacts: the owner's own way."""

    def clear_former_contacts(self) -> bool:
        """Clear what the log keeps of changed rows; False where another process still reads it."""
        return True

    @abstractmethod
    def known_keys(self, cursor: Cursor, keys: list[str]) -> list[tuple[str, str, int]]:
        """Return the rows of these idempotency keys: key, content digest and position.

        A key has several where the events that had it before are void.
        """

    @abstractmethod
    def login(self, cursor: Cursor) -> str | None:
        """Return the database login, None where the database knows none."""

    @abstractmethod
    def rank(self, cursor: Cursor) -> DatabaseRank | None:
        """Return what the login is to the store.

        None on SQLite, where the file's permissions say who may write, and for a login that has
        none of the store's roles.
        """

    @abstractmethod
    def roles(self, cursor: Cursor) -> dict[str, str]:
        """Return the database's roles of the store by kind: manager, clerk, auditor."""

    @abstractmethod
    def upgrade(self, query_tables: Sequence[str]) -> bool:
        """Bring the store's tables and rights up to this version; rows stay.

        `query_tables` are those that an earlier version built beside the store. Returns whether
        there was something to do. Raises `Rejected` unless the login owns the store.
        """

    def login_ranges(self, cursor: Cursor) -> list[LoginRange]:  # noqa: ARG002 -- for the server
        """Return which login's sessions appended which positions; none on SQLite."""
        return []

    @abstractmethod
    def database_facts(self) -> DatabaseFacts:
        """Return what database the store is in."""

    def limits(self) -> list[Problem]:
        """Return what the store's database does not check or keep out, none on SQLite."""
        return []

    def blocking_sessions(self) -> list[BlockingSession]:
        """Return the server's sessions that keep others from appending now; none on SQLite."""
        return []

    def end_blocking_sessions(self) -> list[BlockingSession]:
        """End the sessions that keep others from appending, and return them."""
        return []

    @abstractmethod
    def close(self) -> None:
        """Close the connections."""

    def close_to_recording(self, cursor: Cursor, reason: str, decided_at: str) -> None:
        """Let the store take no more events, within a write transaction."""
        self._decide_closure(cursor, reason, decided_at, closed=True)

    def open_to_recording(self, cursor: Cursor, reason: str, decided_at: str) -> None:
        """Let a closed store take events again, within a write transaction."""
        self._decide_closure(cursor, reason, decided_at, closed=False)

    def _decide_closure(
        self, cursor: Cursor, reason: str, decided_at: str, *, closed: bool
    ) -> None:
        last = last_closure(cursor)
        number = 1 if last is None else last.number + 1
        position = read_head(cursor).position
        row = (number, int(closed), position, decided_at, reason)
        cursor.execute(self.sql(INSERT_CLOSURE), row)

    # Reading what stands beside the events ------------------------------------------------------

    def kept_evidence(self, cursor: Cursor) -> dict[str, int]:
        """Return the digest of each evidence file that was kept, and the event's position."""
        if read_head(cursor).schema_version < SIDE_TABLES_VERSION:
            return {}
        cursor.execute(_SELECT_EVIDENCE)
        rows: list[tuple[str, int]] = cursor.fetchall()
        return dict(rows)

    def upgraded_at(self, cursor: Cursor) -> int:
        """Return the last position that was recorded before version 0.2 kept the store."""
        head = read_head(cursor)
        if head.schema_version < SIDE_TABLES_VERSION:
            return head.position
        cursor.execute(self.sql(_SELECT_UPGRADE), (SIDE_TABLES_VERSION,))
        row = cursor.fetchone()
        return head.position if row is None else int(row[0])
