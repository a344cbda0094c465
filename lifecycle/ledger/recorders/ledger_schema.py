"""The ledger's tables beside the library's table of events, and the database's own guards on them.

The guards make the database reject whatever would change the past, whichever program asks for it.
"""

from __future__ import annotations

from typing import Final, Literal

from lifecycle import __version__

Dialect = Literal["sqlite", "postgresql"]

EVENTS_TABLE: Final = "ledger_events"
SCHEMA_VERSION: Final = 4
READABLE_VERSIONS: Final = (1, 2, 3, 4)
SIDE_TABLES_VERSION: Final = 2
"""Version 1 has no `ledger_evidence`, no `ledger_upgrades` and no `ledger_closures`.

Version 3 finds projects by rows of `ledger_claims`, see `name_index`.
"""
CONTACTS_VERSION: Final = 4
"""The first version of a store that has `investor_contacts`."""

# One row: where the ledger ends, when it last took an event, the tree's frontier and hash, the
# origin, which names the store in checkpoints and receipts, and the first signer's public key.
# Every append locks it.
_HEAD_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ledger_head"
    " (one INTEGER PRIMARY KEY CHECK (one = 1), schema_version INTEGER NOT NULL,"
    " position BIGINT NOT NULL, recorded_at TEXT NOT NULL, frontier {bytes} NOT NULL,"
    " tree_hash TEXT NOT NULL, origin TEXT NOT NULL,"
    " signer TEXT NOT NULL)"
)
# Idempotency keys with the digest of what was recorded under each, and the event's leaf hash, by
# which an event that was changed can be named. Of the events that are not void each has its own;
# the key of a void one may be used again.
_KEYS_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ledger_keys (key TEXT NOT NULL, digest TEXT NOT NULL,"
    " position BIGINT NOT NULL, leaf {bytes} NOT NULL, PRIMARY KEY (key, position))"
)
# What streams claim against each other. It follows the effective facts, so rows come and go.
_CLAIMS_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ledger_claims"
    " (kind TEXT NOT NULL, value TEXT NOT NULL, stream TEXT NOT NULL,"
    " position BIGINT NOT NULL, PRIMARY KEY (kind, value, stream))"
)
# The last counter given to a sheet of each sign and year.
_NUMBERS_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ledger_numbers"
    " (sign TEXT NOT NULL, year INTEGER NOT NULL, counter BIGINT NOT NULL,"
    " PRIMARY KEY (sign, year))"
)
# The tree's complete nodes at every fourth level: a proof reads these, not the history.
_NODES_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ledger_nodes"
    " (level INTEGER NOT NULL, number BIGINT NOT NULL, hash {bytes} NOT NULL,"
    " PRIMARY KEY (level, number)){without_rowid}"
)
# Signed notes on what the tree was.
_CHECKPOINTS_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ledger_checkpoints"
    " (size BIGINT NOT NULL, signer TEXT NOT NULL, note TEXT NOT NULL,"
    " PRIMARY KEY (size, signer))"
)
# Each evidence file that was kept, and the event with which it was: what is named but has no row
# here may never have been kept.
_EVIDENCE_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ledger_evidence (sha256 TEXT PRIMARY KEY, position BIGINT NOT NULL)"
)
# From which position on the store had each version of these tables, and which program made them:
# an earlier program says from here which one to use.
_UPGRADES_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ledger_upgrades"
    " (schema_version INTEGER PRIMARY KEY, position BIGINT NOT NULL, lifecycle TEXT NOT NULL)"
)
# Whether the store takes events: the last row says. A copied store and a restored one do not.
_CLOSURES_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ledger_closures"
    " (number INTEGER PRIMARY KEY, closed INTEGER NOT NULL, position BIGINT NOT NULL,"
    " decided_at TEXT NOT NULL, reason TEXT NOT NULL)"
)
# Personal data, which must be erasable (个人信息保护法 第四十七条): no event, no guard, no leaf.
CREATE_CONTACTS: Final = (
    "CREATE TABLE IF NOT EXISTS investor_contacts"
    " (project TEXT NOT NULL, person TEXT NOT NULL CHECK (length(person) BETWEEN 1 AND 60),"
    " telephone TEXT NOT NULL CHECK (length(telephone) <= 60),"
    " position TEXT NOT NULL CHECK (length(position) <= 60),"
    " remark TEXT NOT NULL CHECK (length(remark) <= 300),"
    " changed_by TEXT NOT NULL, changed_at TEXT NOT NULL,"
    " PRIMARY KEY (project, person)){without_rowid}"
)
# Two processes may create the tables at once; the head is inserted by the first.
_FIRST_HEAD: Final = (
    "INSERT INTO ledger_head SELECT 1, {version}, 0, '', {empty}, '{tree_hash}', '{origin}', ''"
    " WHERE NOT EXISTS (SELECT 1 FROM ledger_head) ON CONFLICT DO NOTHING"
)
# After the first head: a new store has this version from position 0 on.
_THIS_UPGRADE: Final = (
    "INSERT INTO ledger_upgrades SELECT {version}, position, '{lifecycle}' FROM ledger_head"
    " WHERE NOT EXISTS"
    " (SELECT 1 FROM ledger_upgrades WHERE schema_version = {version}) ON CONFLICT DO NOTHING"
)
_SIDE_TABLES: Final = (
    _HEAD_TABLE,
    _KEYS_TABLE,
    _CLAIMS_TABLE,
    _NUMBERS_TABLE,
    _NODES_TABLE,
    _CHECKPOINTS_TABLE,
    _EVIDENCE_TABLE,
    _UPGRADES_TABLE,
    _CLOSURES_TABLE,
    CREATE_CONTACTS,
    _FIRST_HEAD,
)
_WORDS: Final[dict[Dialect, dict[str, str]]] = {
    "sqlite": {"bytes": "BLOB", "empty": "x''", "without_rowid": " WITHOUT ROWID"},
    "postgresql": {"bytes": "BYTEA", "empty": "''::bytea", "without_rowid": ""},
}


def side_tables(
    dialect: Dialect,
    tree_hash: str,
    origin: str,
    *,
    for_copy: bool = False,
) -> list[str]:
    """Return the statements that create the side tables and their guards.

    The tables for a copy do not say since when they have this version: the copied rows do.
    """
    values = {
        "version": SCHEMA_VERSION,
        "tree_hash": tree_hash,
        "origin": origin,
        "lifecycle": __version__,
    }
    templates = _SIDE_TABLES if for_copy else (*_SIDE_TABLES, _THIS_UPGRADE)
    statements = [template.format(**_WORDS[dialect], **values) for template in templates]
    guards = _sqlite_guards() if dialect == "sqlite" else _postgres_guards()
    return statements + guards


# What the database itself rejects ---------------------------------------------------------------

_UNIQUE_COLUMNS: Final = {
    EVENTS_TABLE: ("originator_id", "originator_version"),
    "ledger_keys": ("key", "position"),
    "ledger_nodes": ("level", "number"),
    "ledger_evidence": ("sha256",),
    "ledger_upgrades": ("schema_version",),
    "ledger_closures": ("number",),
}
"""Tables whose rows are never changed or deleted, and what is unique in each."""
APPEND_ONLY_TABLES: Final = (*_UNIQUE_COLUMNS, "ledger_checkpoints")
REPAIRED_TABLES: Final = ("ledger_keys", "ledger_nodes", "ledger_head")
"""Guarded tables that follow from the events, so that the owner may restore them from these."""
_IS_BACKWARDS: Final = (
    "NEW.position < OLD.position OR NEW.origin <> OLD.origin OR NEW.tree_hash <> OLD.tree_hash"
    " OR (OLD.signer <> '' AND NEW.signer <> OLD.signer)"
)
"""How a head must not change: it only moves on, and keeps its names and its first signer."""
REJECTION: Final = "the ledger is append-only: record a FactCorrected instead"
CREATE_TRIGGER: Final = "CREATE OR REPLACE TRIGGER"
"""How a guard's statement begins on PostgreSQL."""


def _sqlite_guards() -> list[str]:
    """Return triggers against UPDATE, DELETE and REPLACE."""
    reject = f"BEGIN SELECT RAISE(ABORT, '{REJECTION}'); END"
    guards: list[str] = []
    for table in APPEND_ONLY_TABLES:
        guards += [
            _sqlite_trigger(f"{table}_no_update", f"update ON {table}", reject),
            _sqlite_trigger(f"{table}_no_delete", f"delete ON {table}", reject),
        ]
    # REPLACE deletes without asking the DELETE trigger, so an insert must not hit an existing row.
    for table, columns in _UNIQUE_COLUMNS.items():
        same_row = " AND ".join(f"{column} = NEW.{column}" for column in columns)
        exists = f"EXISTS (SELECT 1 FROM {table} WHERE {same_row})"  # noqa: S608 -- constants
        if table == EVENTS_TABLE:
            exists += " OR NEW.rowid BETWEEN 0 AND (SELECT position FROM ledger_head)"
        guards.append(
            _sqlite_trigger(f"{table}_no_replace", f"INSERT ON {table} WHEN {exists}", reject)
        )
    guards += [
        _sqlite_trigger(
            "ledger_head_no_return", f"UPDATE ON ledger_head WHEN {_IS_BACKWARDS}", reject
        ),
        _sqlite_trigger("ledger_head_no_delete", "DELETE ON ledger_head", reject),
        _sqlite_trigger(
            "ledger_head_no_replace",
            "INSERT ON ledger_head WHEN (SELECT count(*) FROM ledger_head)",
            reject,
        ),
    ]
    return guards


def _sqlite_trigger(
    name: str,
    event: str,
    action: str,
) -> str:
    return f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} {action}"


def _postgres_guards() -> list[str]:
    """Return triggers against UPDATE, DELETE and TRUNCATE."""
    reject = (
        "CREATE OR REPLACE FUNCTION lifecycle.ledger_refuse() RETURNS trigger LANGUAGE plpgsql"
        " SET search_path = pg_catalog, lifecycle, pg_temp"
        f" AS $$ BEGIN RAISE EXCEPTION '{REJECTION}'; END $$"
    )
    guards = [
        postgres_trigger(
            f"{table}_append_only",
            f"UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT",
        )
        for table in APPEND_ONLY_TABLES
    ]
    guards += [
        postgres_trigger(
            "ledger_head_no_return",
            f"UPDATE ON ledger_head FOR EACH ROW WHEN ({_IS_BACKWARDS})",
        ),
        postgres_trigger(
            "ledger_head_no_end", "DELETE OR TRUNCATE ON ledger_head FOR EACH STATEMENT"
        ),
    ]
    return [reject, *guards]


def postgres_trigger(name: str, event: str) -> str:
    """Return the statement that makes PostgreSQL reject an event on a table."""
    return f"{CREATE_TRIGGER} {name} BEFORE {event} EXECUTE FUNCTION lifecycle.ledger_refuse()"
