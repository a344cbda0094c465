"""What a store says before anything is signed: who asks, where it ends, what was signed last."""

from __future__ import annotations

from typing import Final, NamedTuple

from lifecycle.ledger.recorders.database_facts import DatabaseRank
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head, read_head

_SELECT_SIGNED: Final = """
    SELECT (SELECT note FROM ledger_checkpoints ORDER BY size DESC LIMIT 1), EXISTS (
        SELECT 1 FROM ledger_events
        WHERE originator_id = 'county' AND substr(topic, 1, 18) = 'SigningKeyChanged/'
    )
"""


class SigningFacts(NamedTuple):
    """The login's rank, the head, the last kept checkpoint's note, and if the key ever changed."""

    rank: DatabaseRank | None
    head: Head
    last_note: str | None
    key_changed: bool


def select_signing_facts(cursor: Cursor, rank: DatabaseRank | None) -> SigningFacts:
    """Read the facts by plain statements, for a login whose rank is known."""
    head = read_head(cursor)
    cursor.execute(_SELECT_SIGNED)
    last_note, key_changed = cursor.fetchone()
    return SigningFacts(rank, head, last_note, bool(key_changed))
