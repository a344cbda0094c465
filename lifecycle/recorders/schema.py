"""The ledger's own tables beside the library's table of events, and what makes the database refuse to change the past."""

from __future__ import annotations

from typing import Final

EVENTS_TABLE: Final = "ledger_events"
SCHEMA_VERSION: Final = 1

SIDE_TABLES: Final = (
    # One row: where the ledger ends, when it last took an event, the tree's frontier, the tree's hash, and the origin,
    # which names the store in checkpoints and receipts. Locked by every append.
    "CREATE TABLE IF NOT EXISTS ledger_head (one INTEGER PRIMARY KEY CHECK (one = 1), schema_version INTEGER NOT NULL,"
    " position BIGINT NOT NULL, recorded_at TEXT NOT NULL, frontier {bytes} NOT NULL, tree_hash TEXT NOT NULL, origin TEXT NOT NULL)",
    # Idempotency keys, unique in the store, with the digest of what was recorded under each, and the event's leaf hash,
    # by which the event that was changed can be named.
    "CREATE TABLE IF NOT EXISTS ledger_keys (key TEXT PRIMARY KEY, digest TEXT NOT NULL, position BIGINT NOT NULL, leaf {bytes} NOT NULL)",
    # What streams hold against each other; follows the effective facts, so rows come and go.
    "CREATE TABLE IF NOT EXISTS ledger_claims (kind TEXT NOT NULL, value TEXT NOT NULL, stream TEXT NOT NULL,"
    " position BIGINT NOT NULL, PRIMARY KEY (kind, value, stream))",
    # The last counter given to a sheet of each sign and year.
    "CREATE TABLE IF NOT EXISTS ledger_numbers (sign TEXT NOT NULL, year INTEGER NOT NULL, counter BIGINT NOT NULL,"
    " PRIMARY KEY (sign, year))",
    # The tree's complete nodes at every fourth level: a proof reads these, not the history.
    "CREATE TABLE IF NOT EXISTS ledger_nodes (level INTEGER NOT NULL, number BIGINT NOT NULL, hash {bytes} NOT NULL,"
    " PRIMARY KEY (level, number)){bare}",
    "INSERT INTO ledger_head VALUES (1, {version}, 0, '', {empty}, '{tree_hash}', '{origin}') ON CONFLICT DO NOTHING",
)


def side_tables(dialect: str, tree_hash: str, origin: str) -> list[str]:
    """The statements that make them."""
    own = {"bytes": "BLOB", "empty": "x''", "bare": " WITHOUT ROWID"} if dialect == "sqlite" else {"bytes": "BYTEA", "empty": "''", "bare": ""}
    return [text.format(**own, version=SCHEMA_VERSION, tree_hash=tree_hash, origin=origin) for text in SIDE_TABLES]
