"""Move a store of 0.1.0 on PostgreSQL out of the clerks' reach: into a schema of its owner's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from psycopg.sql import SQL, Identifier

from lifecycle.ledger.recorders.postgres_roles import Connection, role_names
from lifecycle.ledger.recorders.postgres_setup import SCHEMA

_STORE_TABLES: Final = (
    "ledger_events",
    "ledger_head",
    "ledger_keys",
    "ledger_claims",
    "ledger_numbers",
    "ledger_nodes",
    "ledger_checkpoints",
)
"""The tables of a store of 0.1.0."""
_LIBRARY_OBJECTS: Final = (
    "DROP FUNCTION IF EXISTS {}.ledger_refuse() CASCADE",
    "DROP FUNCTION IF EXISTS {}.es_insert_events_text CASCADE",
    "DROP TYPE IF EXISTS {}.stored_event_text CASCADE",
)
"""What 0.1.0 made beside the tables and nobody uses any more."""
# In a store of 0.1.0 no key could be used again once its event was void.
_SEVERAL_EVENTS_OF_A_KEY: Final = (
    " DROP CONSTRAINT ledger_keys_pkey, ADD CONSTRAINT ledger_keys_pkey PRIMARY KEY (key, position)"
)
_SELECT_TRIGGERS: Final = """
    SELECT tgname FROM pg_catalog.pg_trigger
    WHERE tgrelid = %s::pg_catalog.regclass AND NOT tgisinternal
"""
# Everything in the old schema that belongs to clerks: their role's query tables, and whatever a
# clerk put there, to run in the owner's session.
_SELECT_OBJECTS: Final = """
    WITH clerks AS (
        SELECT role.oid FROM pg_catalog.pg_roles AS role, pg_catalog.pg_roles AS clerk
        WHERE clerk.rolname = %(clerk)s AND NOT role.rolsuper
            AND pg_catalog.pg_has_role(role.oid, clerk.oid, 'MEMBER')
            AND role.rolname <> current_user
    ), owned AS (
        SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS class, oid, relowner AS owner,
            relnamespace AS space FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm',
            'f', 'S')
        UNION ALL SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, proowner, pronamespace
            FROM pg_catalog.pg_proc
        UNION ALL SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass, oid, oprowner, oprnamespace
            FROM pg_catalog.pg_operator
        UNION ALL SELECT 'pg_catalog.pg_opclass'::pg_catalog.regclass, oid, opcowner, opcnamespace
            FROM pg_catalog.pg_opclass
        UNION ALL SELECT 'pg_catalog.pg_opfamily'::pg_catalog.regclass, oid, opfowner, opfnamespace
            FROM pg_catalog.pg_opfamily
        UNION ALL SELECT 'pg_catalog.pg_collation'::pg_catalog.regclass, oid, collowner,
            collnamespace FROM pg_catalog.pg_collation
        UNION ALL SELECT 'pg_catalog.pg_conversion'::pg_catalog.regclass, oid, conowner,
            connamespace FROM pg_catalog.pg_conversion
        UNION ALL SELECT 'pg_catalog.pg_ts_config'::pg_catalog.regclass, oid, cfgowner,
            cfgnamespace FROM pg_catalog.pg_ts_config
        UNION ALL SELECT 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, oid, dictowner,
            dictnamespace FROM pg_catalog.pg_ts_dict
        UNION ALL SELECT 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, oid, stxowner,
            stxnamespace FROM pg_catalog.pg_statistic_ext
        UNION ALL SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, type.oid, typowner,
            typnamespace FROM pg_catalog.pg_type AS type
            WHERE typelem = 0 AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_class WHERE reltype = type.oid AND relkind <> 'c'
            )
    )
    SELECT object.type, object.identity FROM owned
    CROSS JOIN LATERAL pg_catalog.pg_identify_object(owned.class, owned.oid, 0) AS object
    WHERE owned.space = %(schema)s::pg_catalog.regnamespace
        AND owned.owner IN (SELECT oid FROM clerks)
"""


def move_store(
    connection: Connection,
    schema: str,
    query_tables: Sequence[str],
) -> None:
    """Move a store's tables into the schema `lifecycle`, and drop what clerks put beside them.

    The query tables are dropped, too, to be rebuilt by the owner. Rows stay as they are; guards,
    rights and functions are set up afterwards.
    """
    # Nothing in the old schema may stand in for what is called here.
    connection.execute("SET LOCAL search_path = pg_catalog, pg_temp")
    old = Identifier(schema)
    connection.execute(SQL("LOCK TABLE {}.ledger_head IN ACCESS EXCLUSIVE MODE").format(old))
    connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(SCHEMA)))
    for table in _STORE_TABLES:
        _move_table(connection, schema, table)
    keys = SQL("ALTER TABLE {}.ledger_keys").format(Identifier(SCHEMA))
    connection.execute(keys + SQL(_SEVERAL_EVENTS_OF_A_KEY))
    for table in query_tables:
        statement = SQL("DROP TABLE IF EXISTS {}.{} CASCADE").format(old, Identifier(table))
        connection.execute(statement)
    _drop_objects(connection, schema)
    for template in _LIBRARY_OBJECTS:
        connection.execute(SQL(template).format(old))


def _move_table(connection: Connection, schema: str, table: str) -> None:
    place = SQL("{}.{}").format(Identifier(schema), Identifier(table))
    rows = connection.execute(_SELECT_TRIGGERS, (place.as_string(connection),)).fetchall()
    for (trigger,) in rows:
        statement = SQL("DROP TRIGGER {} ON {}").format(Identifier(trigger), place)
        connection.execute(statement)
    connection.execute(SQL("ALTER TABLE {} OWNER TO CURRENT_USER").format(place))
    connection.execute(SQL("ALTER TABLE {} SET SCHEMA {}").format(place, Identifier(SCHEMA)))


def _drop_objects(connection: Connection, schema: str) -> None:
    """Drop what clerks own in the schema, and take from their role what 0.1.0 gave it there."""
    clerk = role_names()["clerk"]
    parameters = {"clerk": clerk, "schema": schema}
    for kind, identity in connection.execute(_SELECT_OBJECTS, parameters).fetchall():
        # Both come from the catalogue, quoted. An earlier one may have taken this one along.
        connection.execute(f"DROP {kind} IF EXISTS {identity} CASCADE".encode())
    for role in role_names().values():
        exists = connection.execute(
            "SELECT FROM pg_catalog.pg_roles WHERE rolname = %s", (role,)
        ).fetchone()
        if exists is not None:
            statement = SQL("REVOKE ALL ON SCHEMA {} FROM {} CASCADE")
            connection.execute(statement.format(Identifier(schema), Identifier(role)))
