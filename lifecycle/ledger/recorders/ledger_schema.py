"""The ledger's own tables beside the library's table of events, and what makes the database refuse to change the past."""

from __future__ import annotations

from typing import Final

EVENTS_TABLE: Final = "ledger_events"
SCHEMA_VERSION: Final = 1

SIDE_TABLES: Final = (
    # One row: where the ledger ends, when it last took an event, the tree's frontier, the tree's hash, the origin,
    # which names the store in checkpoints and receipts, and the first signer's public key. Locked by every append.
    (
        "CREATE TABLE IF NOT EXISTS ledger_head (one INTEGER PRIMARY KEY CHECK (one = 1), schema_version INTEGER NOT NULL,"
        " position BIGINT NOT NULL, recorded_at TEXT NOT NULL, frontier {bytes} NOT NULL, tree_hash TEXT NOT NULL, origin TEXT NOT NULL,"
        " signer TEXT NOT NULL)"
    ),
    # Idempotency keys, unique in the store, with the digest of what was recorded under each, and the event's leaf hash,
    # by which the event that was changed can be named.
    "CREATE TABLE IF NOT EXISTS ledger_keys (key TEXT PRIMARY KEY, digest TEXT NOT NULL, position BIGINT NOT NULL, leaf {bytes} NOT NULL)",
    # What streams hold against each other; follows the effective facts, so rows come and go.
    (
        "CREATE TABLE IF NOT EXISTS ledger_claims (kind TEXT NOT NULL, value TEXT NOT NULL, stream TEXT NOT NULL,"
        " position BIGINT NOT NULL, PRIMARY KEY (kind, value, stream))"
    ),
    # The last counter given to a sheet of each sign and year.
    (
        "CREATE TABLE IF NOT EXISTS ledger_numbers (sign TEXT NOT NULL, year INTEGER NOT NULL, counter BIGINT NOT NULL,"
        " PRIMARY KEY (sign, year))"
    ),
    # The tree's complete nodes at every fourth level: a proof reads these, not the history.
    (
        "CREATE TABLE IF NOT EXISTS ledger_nodes (level INTEGER NOT NULL, number BIGINT NOT NULL, hash {bytes} NOT NULL,"
        " PRIMARY KEY (level, number)){bare}"
    ),
    # Signed notes of what the tree was.
    (
        "CREATE TABLE IF NOT EXISTS ledger_checkpoints (size BIGINT NOT NULL, signer TEXT NOT NULL, note TEXT NOT NULL,"
        " PRIMARY KEY (size, signer))"
    ),
    (
        "INSERT INTO ledger_head SELECT 1, {version}, 0, '', {empty}, '{tree_hash}', '{origin}', ''"
        " WHERE NOT EXISTS (SELECT 1 FROM ledger_head) ON CONFLICT DO NOTHING"
    ),
)


def side_tables(dialect: str, tree_hash: str, origin: str) -> list[str]:
    """The statements that make them, and then what guards them."""
    own = (
        {"bytes": "BLOB", "empty": "x''", "bare": " WITHOUT ROWID"}
        if dialect == "sqlite"
        else {"bytes": "BYTEA", "empty": "''::bytea", "bare": ""}
    )
    made = [
        text.format(**own, version=SCHEMA_VERSION, tree_hash=tree_hash, origin=origin)
        for text in SIDE_TABLES
    ]
    return made + (_sqlite_guards() if dialect == "sqlite" else _postgres_guards())


# What the database itself refuses -----------------------------------------------------------------------------------------

APPEND_ONLY: Final = {
    EVENTS_TABLE: ("originator_id", "originator_version"),
    "ledger_keys": ("key",),
    "ledger_nodes": ("level", "number"),
}
"""Tables whose rows are never changed or taken out, and what is unique in each."""
KEPT: Final = (*APPEND_ONLY, "ledger_checkpoints")
_BACKWARDS: Final = "NEW.position < OLD.position OR NEW.origin <> OLD.origin OR NEW.tree_hash <> OLD.tree_hash OR (OLD.signer <> '' AND NEW.signer <> OLD.signer)"
"""What a head may not become: it only moves on, and keeps its names and its first signer."""
REFUSAL: Final = "the ledger is append-only: record a FactCorrected instead"
CLERK, AUDITOR = "lifecycle_clerk", "lifecycle_auditor"


def _sqlite_guards() -> list[str]:
    """Triggers against UPDATE and DELETE, and against REPLACE, which deletes without asking the DELETE trigger."""
    refused = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    guards = [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table} {refused}"
        for table in KEPT
        for verb in ("update", "delete")
    ]
    for table, unique in APPEND_ONLY.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in unique)
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 -- constants
        if table == EVENTS_TABLE:
            there += " OR NEW.rowid BETWEEN 0 AND (SELECT position FROM ledger_head)"
        guards.append(
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refused}"
        )
    guards += [
        f"CREATE TRIGGER IF NOT EXISTS ledger_head_no_return BEFORE UPDATE ON ledger_head WHEN {_BACKWARDS} {refused}",
        f"CREATE TRIGGER IF NOT EXISTS ledger_head_no_delete BEFORE DELETE ON ledger_head {refused}",
        f"CREATE TRIGGER IF NOT EXISTS ledger_head_no_replace BEFORE INSERT ON ledger_head WHEN (SELECT count(*) FROM ledger_head) {refused}",  # noqa: S608 -- constants
    ]
    return guards


def _postgres_guards() -> list[str]:
    """Triggers against UPDATE, DELETE and TRUNCATE; and two roles, which a database's owner grants to people."""
    refuse = f"CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    guards = [
        f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
        for table in KEPT
    ]
    guards += [
        f"CREATE OR REPLACE TRIGGER ledger_head_no_return BEFORE UPDATE ON ledger_head FOR EACH ROW WHEN ({_BACKWARDS}) EXECUTE FUNCTION ledger_refuse()",
        "CREATE OR REPLACE TRIGGER ledger_head_no_end BEFORE DELETE OR TRUNCATE ON ledger_head FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
    ]
    kept, moving = ", ".join(KEPT), "ledger_claims, ledger_numbers"
    grants = [
        f"GRANT SELECT, INSERT ON {kept} TO {CLERK}",
        f"GRANT SELECT, UPDATE ON ledger_head TO {CLERK}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {moving} TO {CLERK}",
        f"GRANT SELECT ON {kept}, ledger_head, {moving} TO {AUDITOR}",
        # The read tables belong to the clerks' role, whichever clerk makes them anew; auditors read them.
        f"IF NOT pg_has_role('{CLERK}', 'MEMBER') THEN GRANT {CLERK} TO CURRENT_USER; END IF",
        f"EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO {CLERK}', current_schema())",
        f"EXECUTE format('GRANT USAGE ON SCHEMA %I TO {AUDITOR}', current_schema())",
        f"EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE {CLERK} IN SCHEMA %I GRANT SELECT ON TABLES TO {AUDITOR}', current_schema())",
    ]
    return [
        refuse,
        *guards,
        *(_role(name) for name in (CLERK, AUDITOR)),
        *(_if_allowed(grant) for grant in grants),
    ]


def _role(name: str) -> str:
    """Roles belong to the whole server: another store may have made it, or the owner may not make roles."""
    make = f"IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN CREATE ROLE {name} NOLOGIN; END IF"
    return f"DO $$ BEGIN {make}; EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL; END $$"


def _if_allowed(grant: str) -> str:
    return f"DO $$ BEGIN {grant}; EXCEPTION WHEN undefined_object OR insufficient_privilege THEN NULL; END $$"
