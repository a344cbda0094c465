"""The roles of a store on PostgreSQL: their names, and what each may do."""

from __future__ import annotations

import hashlib
from typing import Any, Final, Literal

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from lifecycle.ledger.recorders.driver_cursor import Cursor

RoleKind = Literal["manager", "clerk", "auditor"]
ROLE_KINDS: Final[tuple[RoleKind, ...]] = ("manager", "clerk", "auditor")
_LONGEST_NAME: Final = 63
"""Octets of an identifier; PostgreSQL cuts off the rest without an error."""

_SELECT_DATABASE: Final = "SELECT current_database()"
_SELECT_ROLES_OF_STORE: Final = "SELECT kind, role FROM lifecycle.ledger_roles"
# A role that another database grants rights to serves another store.
_SELECT_FOREIGN: Final = """
    SELECT role.rolname, EXISTS (
        SELECT FROM pg_catalog.pg_shdepend AS used
        JOIN pg_catalog.pg_database AS other ON other.oid = used.dbid
        WHERE used.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
            AND used.refobjid = role.oid AND other.datname <> current_database()
    )
    FROM pg_catalog.pg_roles AS role WHERE role.rolname = ANY(%s)
"""
_SELECT_GRANTEES: Final = """
    SELECT DISTINCT role.rolname FROM pg_catalog.pg_class AS class
    CROSS JOIN LATERAL pg_catalog.aclexplode(class.relacl) AS granted
    JOIN pg_catalog.pg_roles AS role ON role.oid = granted.grantee
    WHERE class.relnamespace = 'lifecycle'::pg_catalog.regnamespace
        AND granted.grantee <> class.relowner
"""
_SELECT_OPEN: Final = """
    SELECT 'database', bool_or(
        has_database_privilege('public', current_database(), "right")
    ) FROM unnest(ARRAY['CONNECT', 'TEMPORARY', 'CREATE']) AS listed("right")
    UNION ALL
    SELECT 'schema', has_schema_privilege('public', oid, 'CREATE')
    FROM pg_catalog.pg_namespace WHERE nspname = 'public'
"""
_READERS_MAY: Final = (
    "GRANT USAGE ON SCHEMA lifecycle TO {}",
    "GRANT SELECT ON ALL TABLES IN SCHEMA lifecycle TO {}",
    # The query tables come later, and only their owner makes them.
    "ALTER DEFAULT PRIVILEGES IN SCHEMA lifecycle GRANT SELECT ON TABLES TO {}",
)
# Who audits the ledger needs no telephone numbers.
_CONTACTS_ARE_FOR_RECORDERS: Final = "REVOKE ALL ON lifecycle.investor_contacts FROM {}"
_CALLERS: Final[dict[str, tuple[RoleKind, ...]]] = {
    "ledger_now": ROLE_KINDS,
    "ledger_rank": ROLE_KINDS,
    "ledger_signing_facts": ROLE_KINDS,
    "ledger_leaf_groups": ROLE_KINDS,
    "ledger_node_groups": ROLE_KINDS,
    "ledger_lock": ("manager", "clerk"),
    "ledger_append": ("manager", "clerk"),
    "ledger_set_contact": ("manager", "clerk"),
    "ledger_erase_contacts": ("manager", "clerk"),
    "ledger_move_contacts": ("manager", "clerk"),
    "ledger_keep_checkpoint": ("manager",),
    "ledger_set_signer": ("manager",),
}
"""Who may call which function; all others are for these functions alone."""
_KEEP_ROLE: Final = (
    "INSERT INTO lifecycle.ledger_roles (kind, role) VALUES (%s, %s)"
    " ON CONFLICT (kind) DO UPDATE SET role = EXCLUDED.role"
)

Connection = psycopg.Connection[Any]


def role_names(suffix: str = "") -> dict[RoleKind, str]:
    """Return the names of a store's roles, with a suffix where the server has several stores."""
    names: dict[RoleKind, str] = {}
    for kind in ROLE_KINDS:
        name = f"lifecycle_{kind}{suffix and f'_{suffix}'}"
        encoded = name.encode()
        if len(encoded) > _LONGEST_NAME:
            digest = hashlib.sha256(encoded).hexdigest()[:8]
            start = encoded[: _LONGEST_NAME - len(digest) - 1].decode(errors="ignore")
            name = f"{start}_{digest}"
        names[kind] = name
    return names


def store_roles(connection: Connection) -> dict[str, str]:
    """Return the roles that the store has, by kind; none where the owner could create none."""
    rows = connection.execute(_SELECT_ROLES_OF_STORE).fetchall()
    return {str(kind): str(role) for kind, role in rows}


def ensure_roles(connection: Connection) -> dict[RoleKind, str]:
    """Return the store's roles, created where need be; none where the login may not create roles.

    The first store of a server has the plain names, further ones those with the database's name.
    """
    database = connection.info.dbname
    plain = role_names()
    suffixed = role_names(database)
    foreign = _foreign_use(connection, [*plain.values(), *suffixed.values()])
    # An administrator may have prepared either set for an owner who may not create roles.
    if all(name in foreign for name in suffixed.values()):
        return suffixed
    if all(name in foreign for name in plain.values()) and not any(
        foreign[name] for name in plain.values()
    ):
        return plain
    if not any(name in foreign for name in plain.values()) and _create(connection, plain):
        return plain
    return suffixed if _create(connection, suffixed) else {}


def _foreign_use(connection: Connection, names: list[str]) -> dict[str, bool]:
    """Return those of the roles that exist, and whether another database uses them."""
    rows = connection.execute(_SELECT_FOREIGN, (names,)).fetchall()
    return {str(name): bool(is_foreign) for name, is_foreign in rows}


def _create(connection: Connection, names: dict[RoleKind, str]) -> bool:
    """Create roles; False where another process was first, or where the login may not."""
    try:
        with connection.transaction():
            for name in names.values():
                exists = "SELECT FROM pg_catalog.pg_roles WHERE rolname = %s"
                if connection.execute(exists, (name,)).fetchone() is None:
                    connection.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(name)))
    except (
        psycopg.errors.DuplicateObject,
        psycopg.errors.UniqueViolation,
        psycopg.errors.InsufficientPrivilege,
    ):
        return False
    return True


# Rights -------------------------------------------------------------------------------------------


def revoke_all(connection: Connection) -> None:
    """Take every right on the store's schema from everybody but its owner."""
    connection.execute("REVOKE ALL ON SCHEMA lifecycle FROM PUBLIC")
    connection.execute("REVOKE ALL ON ALL TABLES IN SCHEMA lifecycle FROM PUBLIC")
    connection.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA lifecycle FROM PUBLIC")
    for (grantee,) in connection.execute(_SELECT_GRANTEES).fetchall():
        role = Identifier(str(grantee))
        for objects in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            statement = SQL("REVOKE ALL ON ALL {} IN SCHEMA lifecycle FROM {} CASCADE")
            connection.execute(statement.format(SQL(objects), role))


def grant_roles(connection: Connection, names: dict[RoleKind, str]) -> None:
    """Let the roles read, clerks and managers append, managers sign; contacts no auditor reads."""
    readers = _listed(names, ROLE_KINDS)
    for template in _READERS_MAY:
        connection.execute(SQL(template).format(readers))
    auditor = Identifier(names["auditor"])
    connection.execute(SQL(_CONTACTS_ARE_FOR_RECORDERS).format(auditor))
    for function, kinds in _CALLERS.items():
        statement = SQL("GRANT EXECUTE ON FUNCTION lifecycle.{} TO {}")
        connection.execute(statement.format(Identifier(function), _listed(names, kinds)))
    for kind, name in names.items():
        connection.execute(_KEEP_ROLE, (kind, name))


def _listed(names: dict[RoleKind, str], kinds: tuple[RoleKind, ...]) -> Composed:
    return SQL(", ").join(Identifier(names[kind]) for kind in kinds)


def close_database(connection: Connection, names: dict[RoleKind, str]) -> None:
    """Take from PUBLIC what lets any login of the server into the database, where we may."""
    for statement in _closing(connection.info.dbname).values():
        _try(connection, statement)
    if names:
        database = Identifier(connection.info.dbname)
        grant = SQL("GRANT CONNECT ON DATABASE {} TO {}")
        _try(connection, grant.format(database, _listed(names, ROLE_KINDS)))


def _closing(database: str) -> dict[str, Composed]:
    revoke = SQL("REVOKE CONNECT, TEMPORARY, CREATE ON DATABASE {} FROM PUBLIC")
    return {
        "database": revoke.format(Identifier(database)),
        "schema": SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC").format(),
    }


def _try(connection: Connection, statement: Composed) -> None:
    # Without the right to grant there is an error or a warning, and nothing changes; what is still
    # open is looked up in the end.
    try:
        with connection.transaction():
            connection.execute(statement)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidSchemaName):
        return


def still_open(cursor: Cursor) -> list[str]:
    """Return the commands by which an administrator closes what any login may still do."""
    cursor.execute(_SELECT_DATABASE)
    commands = _closing(cursor.fetchone()[0])
    cursor.execute(_SELECT_OPEN)
    return [commands[place].as_string() for place, is_open in cursor.fetchall() if is_open]
