"""What a clerk's and an auditor's login may do with raw SQL: read, and append by one function.

The limits are generated from the catalogue of a real store: every verb on every table, sequence,
function and schema of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from commands.cli.main import run
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from projections import readmodels
from tests.commands.conftest import Cli
from tests.given import TOWN
from tests.postgres import running_server
from tests.trust.roles import RankedStore, ranked_store

Limit = tuple[str, str]
"""What is tried, and the object that it is tried on."""

_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'lifecycle'::regnamespace AND relkind = %s"
)
_FUNCTIONS = (
    "SELECT oid::regprocedure::text, proname, pronargs FROM pg_proc"
    " WHERE pronamespace = 'lifecycle'::regnamespace"
)
_COLUMNS = (
    "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
    " AND NOT attisdropped ORDER BY attnum"
)
_CONTACTS = {"ledger_set_contact", "ledger_erase_contacts", "ledger_move_contacts"}
_READING = {
    *("ledger_now", "ledger_rank"),
    *("ledger_signing_facts", "ledger_leaf_groups", "ledger_node_groups"),
}
_CALLABLE = {
    "manager": {
        *(*_READING, "ledger_lock", "ledger_append", *_CONTACTS),
        *("ledger_keep_checkpoint", "ledger_set_signer"),
    },
    "clerk": {*_READING, "ledger_lock", "ledger_append", *_CONTACTS},
    "auditor": _READING,
}


@pytest.fixture(scope="module")
def store() -> Iterator[RankedStore]:
    """A store that must not change."""
    with ranked_store(running_server()) as ranked:
        yield ranked


def _names(store: RankedStore, kind: str) -> list[str]:
    with store.connect("owner") as connection:
        return [str(name) for (name,) in connection.execute(_TABLES, (kind,)).fetchall()]


def _table_limits(store: RankedStore) -> list[Limit]:
    limits: list[Limit] = []
    with store.connect("owner") as connection:
        for table in _names(store, "r"):
            place = f"lifecycle.{table}"
            columns = [str(name) for (name,) in connection.execute(_COLUMNS, (place,)).fetchall()]
            limits += [(statement, place) for statement in _writes(place, columns)]
            limits += [(statement, place) for statement in _definitions(place)]
    return limits


def _writes(place: str, columns: list[str]) -> list[str]:
    merge = f"MERGE INTO {place} AS t USING {place} AS s ON false"
    writes = [
        f"INSERT INTO {place} DEFAULT VALUES",
        f"INSERT INTO {place} SELECT * FROM {place}",
        f"DELETE FROM {place}",
        f"TRUNCATE {place}",
        f"COPY {place} FROM STDIN",
        f"SELECT FROM {place} FOR UPDATE",
        f"SELECT FROM {place} FOR KEY SHARE",
        f"{merge} WHEN NOT MATCHED THEN INSERT DEFAULT VALUES",
    ]
    return writes + [f"UPDATE {place} SET {column} = {column}" for column in columns]


def _definitions(place: str) -> list[str]:
    return [
        f"DROP TABLE {place}",
        f"ALTER TABLE {place} DISABLE TRIGGER ALL",
        f"ALTER TABLE {place} OWNER TO CURRENT_USER",
        f"ALTER TABLE {place} ADD COLUMN extra text",
        f"ALTER TABLE {place} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {place} SET SCHEMA public",
        f"ALTER TABLE {place} SET (fillfactor = 50)",
        f"CREATE TRIGGER t BEFORE INSERT ON {place} EXECUTE FUNCTION lifecycle.ledger_refuse()",
        f"CREATE RULE r AS ON INSERT TO {place} DO INSTEAD NOTHING",
        f"CREATE POLICY p ON {place}",
        f"CREATE INDEX ON {place} ((1))",
        f"CREATE STATISTICS lifecycle.s ON ctid, xmin FROM {place}",
        f"COMMENT ON TABLE {place} IS 'mine'",
        f"GRANT ALL ON {place} TO PUBLIC",
        f"REVOKE ALL ON {place} FROM CURRENT_USER",
        f"CLUSTER {place}",
        f"REINDEX TABLE {place}",
        f"CREATE TABLE child () INHERITS ({place})",
        f"CREATE TABLE referring (LIKE {place} INCLUDING ALL)",
        *(f"LOCK TABLE {place} IN {mode} MODE" for mode in _LOCK_MODES),
    ]


_LOCK_MODES = (
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)


def _sequence_limits(store: RankedStore) -> list[Limit]:
    limits: list[Limit] = []
    for sequence in _names(store, "S"):
        place = f"lifecycle.{sequence}"
        limits += [
            (f"SELECT nextval('{place}')", place),
            (f"SELECT setval('{place}', 1)", place),
            (f"ALTER SEQUENCE {place} RESTART", place),
            (f"DROP SEQUENCE {place}", place),
        ]
    return limits


def _function_limits(store: RankedStore, rank: str) -> list[Limit]:
    limits: list[Limit] = []
    with store.connect("owner") as connection:
        functions = connection.execute(_FUNCTIONS).fetchall()
    for signature, name, argument_count in functions:
        place = str(signature)
        limits += [
            (f"DROP FUNCTION {place}", place),
            (f"ALTER FUNCTION {place} OWNER TO CURRENT_USER", place),
            (f"ALTER FUNCTION {place} SECURITY INVOKER", place),
            (f"ALTER FUNCTION {place} SET search_path = public", place),
            (f"ALTER FUNCTION {place} RENAME TO mine", place),
            (f"GRANT EXECUTE ON FUNCTION {place} TO PUBLIC", place),
        ]
        if name not in _CALLABLE[rank]:
            arguments = ", ".join(["NULL"] * int(str(argument_count)))
            limits.append((f"SELECT lifecycle.{name}({arguments})", place))
    return limits


_SCHEMA_LIMITS: list[Limit] = [
    (statement.format(schema), schema)
    for schema in ("lifecycle", "public", "pg_catalog")
    for statement in (
        "CREATE TABLE {}.mine (t text)",
        "CREATE VIEW {}.mine AS SELECT 1",
        "CREATE MATERIALIZED VIEW {}.mine AS SELECT 1",
        "CREATE SEQUENCE {}.mine",
        "CREATE FUNCTION {}.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE PROCEDURE {}.mine() LANGUAGE sql AS 'SELECT 1'",
        "CREATE TYPE {}.mine AS ENUM ('a')",
        "CREATE DOMAIN {}.mine AS text",
        "CREATE OPERATOR {}.=== (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = int84eq)",
        "CREATE AGGREGATE {}.mine(integer) (SFUNC = int4pl, STYPE = integer)",
        "CREATE COLLATION {}.mine (LOCALE = 'C')",
        "CREATE TEXT SEARCH CONFIGURATION {}.mine (COPY = pg_catalog.simple)",
        "DROP SCHEMA {} CASCADE",
        "ALTER SCHEMA {} OWNER TO CURRENT_USER",
        "ALTER SCHEMA {} RENAME TO mine",
        "GRANT CREATE ON SCHEMA {} TO CURRENT_USER",
    )
]

# What an insider tries beside the store's own objects: each must fail.
_ESCALATIONS: list[str] = [
    "CREATE SCHEMA mine",
    "CREATE TEMP TABLE ledger_head (one int)",
    "CREATE TEMP VIEW ledger_events AS SELECT 1",
    "CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz'",
    "CREATE EXTENSION dblink",
    "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION lifecycle.ledger_refuse()",
    "CREATE LANGUAGE plperlu",
    "CREATE CAST (bigint AS text) WITH INOUT AS IMPLICIT",
    "CREATE PUBLICATION mine FOR ALL TABLES",
    "CREATE SUBSCRIPTION mine CONNECTION 'dbname=x' PUBLICATION y WITH (connect = false)",
    "CREATE FOREIGN DATA WRAPPER mine",
    "CREATE TABLESPACE mine LOCATION '/tmp'",
    "CREATE DATABASE mine",
    "CREATE ROLE mine SUPERUSER",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER CREATEROLE",
    "ALTER ROLE CURRENT_USER REPLICATION",
    "ALTER ROLE {owner} PASSWORD 'mine'",
    "ALTER ROLE {owner} SET search_path = public",
    "ALTER ROLE ALL SET search_path = public",
    "ALTER DATABASE {database} SET search_path = public",
    "ALTER DATABASE {database} OWNER TO CURRENT_USER",
    "ALTER DATABASE {database} CONNECTION LIMIT 0",
    "DROP DATABASE {database}",
    "SET ROLE {owner}",
    "SET ROLE {superuser}",
    "SET SESSION AUTHORIZATION {owner}",
    "SET SESSION AUTHORIZATION {superuser}",
    "GRANT {owner} TO CURRENT_USER",
    "GRANT {manager_role} TO CURRENT_USER",
    "GRANT pg_signal_backend TO CURRENT_USER",
    "GRANT pg_write_all_data TO CURRENT_USER",
    "REASSIGN OWNED BY {owner} TO CURRENT_USER",
    "DROP OWNED BY {owner}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT ALL ON TABLES TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA lifecycle GRANT ALL ON TABLES TO PUBLIC",
    "SET session_replication_role = replica",
    "SET lo_compat_privileges = on",
    "SET allow_system_table_mods = on",
    "SET zero_damaged_pages = on",
    "ALTER SYSTEM SET fsync = off",
    "UPDATE pg_catalog.pg_class SET relowner = 10",
    "UPDATE pg_catalog.pg_proc SET prosecdef = false",
    "DELETE FROM pg_catalog.pg_trigger",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY (SELECT 1) TO '/tmp/mine'",
    "COPY lifecycle.ledger_claims FROM PROGRAM 'true'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile()",
    "SELECT pg_terminate_backend({process})",
    "SELECT pg_cancel_backend({process})",
    "SELECT pg_create_physical_replication_slot('mine')",
    "SELECT pg_create_logical_replication_slot('mine', 'pgoutput')",
    "SELECT pg_switch_wal()",
    "SELECT pg_create_restore_point('mine')",
    "SELECT pg_replication_origin_create('mine')",
    "SELECT pg_promote()",
    "SELECT passwd FROM pg_catalog.pg_shadow",
    "CREATE TABLE mine (t text)",
]


def test_every_object_of_the_schema_is_among_those_that_are_tried(store: RankedStore) -> None:
    tried_kinds = {"r", "S"}
    # An index has no rights of its own: whoever may touch it owns the table.
    follows_its_table = {"i"}
    kinds = "SELECT DISTINCT relkind::text FROM pg_class WHERE relnamespace = %s::regnamespace"
    with store.connect("owner") as connection:
        present_kinds = {
            str(kind) for (kind,) in connection.execute(kinds, ("lifecycle",)).fetchall()
        }
    assert present_kinds <= tried_kinds | follows_its_table
    tables = set(_names(store, "r"))
    assert tables >= {
        "ledger_events",
        "ledger_claims",
        "investor_contacts",
        *readmodels.TABLE_NAMES,
    }


@pytest.mark.parametrize("rank", ["manager", "clerk", "auditor"])
def test_every_verb_on_every_object_of_ours_is_denied(store: RankedStore, rank: str) -> None:
    limits = [
        *_table_limits(store),
        *_sequence_limits(store),
        *_function_limits(store, rank),
        *_SCHEMA_LIMITS,
    ]
    assert len(limits) > 900
    with store.connect(rank) as connection:
        passed = [(try_, place) for try_, place in limits if not _denied(connection, try_)]
    assert passed == []


@pytest.mark.parametrize("rank", ["manager", "clerk", "auditor"])
def test_every_escalation_fails(store: RankedStore, rank: str) -> None:
    with Ledger.open(store.url("owner")) as ledger:
        manager_role = ledger.database_roles()["manager"]
    names = {
        "owner": store.logins["owner"],
        "superuser": '"clerk-01"',
        "database": store.database,
        "manager_role": manager_role,
    }
    with store.connect("owner") as other, store.connect(rank) as connection:
        names["process"] = str(other.info.backend_pid)
        passed = [
            statement
            for statement in _ESCALATIONS
            if not _denied(connection, statement.format(**names))
            # A manager is what the statement would make of a clerk.
            and not (rank == "manager" and "manager_role" in statement)
        ]
    assert passed == []


def _denied(connection: psycopg.Connection[tuple[object, ...]], statement: str) -> bool:
    """Whether the server denies a statement for want of rights; whatever it did is undone."""
    connection.autocommit = not _is_transactional(statement)
    is_about_rights = statement.startswith(("GRANT", "REVOKE"))
    rights = _rights(connection) if is_about_rights else None
    try:
        if statement.startswith("COPY") and statement.endswith("STDIN"):
            with connection.cursor().copy(statement.encode()):
                pass
        else:
            connection.execute(statement.encode())
    except psycopg.Error as error:
        return isinstance(error, _DENIALS)
    else:
        # Who may grant nothing gets a warning instead of an error.
        return is_about_rights and _rights(connection) == rights
    finally:
        connection.rollback()


def _rights(connection: psycopg.Connection[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return connection.execute(_RIGHTS).fetchall()


_RIGHTS = (
    "SELECT 'r', oid, relacl::text FROM pg_class WHERE relacl IS NOT NULL UNION ALL"
    " SELECT 'f', oid, proacl::text FROM pg_proc WHERE proacl IS NOT NULL UNION ALL"
    " SELECT 's', oid, nspacl::text FROM pg_namespace UNION ALL"
    " SELECT 'd', oid, datacl::text FROM pg_database WHERE datname = current_database() UNION ALL"
    " SELECT 'm', roleid, member::text FROM pg_auth_members"
    " WHERE member = session_user::regrole ORDER BY 1, 2, 3"
)
_DENIALS = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.InvalidSchemaName,
    # Neither exists here, so nobody gets so far.
    psycopg.errors.UndefinedFile,
    psycopg.errors.FeatureNotSupported,
    psycopg.errors.ActiveSqlTransaction,
)


def _is_transactional(statement: str) -> bool:
    outside = ("CREATE DATABASE", "DROP DATABASE", "ALTER SYSTEM", "VACUUM", "CREATE TABLESPACE")
    return not statement.startswith((*outside, "CREATE SUBSCRIPTION", "REINDEX", "CLUSTER"))


@pytest.mark.parametrize("rank", ["manager", "clerk", "auditor"])
def test_every_rank_reads_everything_but_auditors_contacts(store: RankedStore, rank: str) -> None:
    unreadable = []
    with store.connect(rank) as connection:
        for table in _names(store, "r"):
            if _denied(connection, f"SELECT * FROM lifecycle.{table}"):
                unreadable.append(table)
    assert unreadable == (["investor_contacts"] if rank == "auditor" else [])
    with Ledger.open(store.url(rank)) as ledger:
        assert verify(ledger).differences == []
        comparison = readmodels.compare_tables(ledger, store.url(rank))
    assert comparison is not None
    assert comparison.differences == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "--year", "2024", "--as-of", "2024-12-31"),
        ("explain", TOWN, "--year", "2024", "--as-of", "2024-12-31"),
        ("board", "2024-03"),
        ("targets", "--year", "2024"),
        ("deadlines",),
        ("today",),
        ("sheets", "list"),
        ("project", "list"),
        ("project", "show", "P"),
        ("project", "history", "P"),
        ("status",),
        ("projections", "status"),
        ("report", "html", "--year", "2024", "{folder}/page.html"),
        ("report", "month", "2024-03", "--to", "{folder}"),
        ("audit", "bundle", "{folder}/bundle.zip"),
        ("audit", "certificate", TOWN, "{folder}/c.json", "--year", "2024"),
        ("audit", "publications"),
        pytest.param(
            ("export", "--format", "parquet", "{folder}/export"),
            marks=pytest.mark.skipif(find_spec("pyarrow") is None, reason="an extra"),
        ),
    ],
)
def test_an_auditor_s_login_makes_every_result(
    store: RankedStore,
    tmp_path: Path,
    arguments: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    filled = [argument.format(folder=tmp_path) for argument in arguments]
    with Ledger.open(store.url("owner")) as ledger:
        before = ledger.head()
    code = run(["--db", store.url("auditor"), *filled])
    printed = capsys.readouterr().err
    # Whoever has no key is told that nothing was signed.
    told = ("note: no", "nothing has been published yet")
    warnings = [line for line in printed.splitlines() if not line.startswith(told)]
    assert (code, warnings) == (0, [])
    with Ledger.open(store.url("owner")) as ledger:
        assert ledger.head() == before


def test_managers_and_clerks_keep_contacts_and_auditors_see_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    group = ("project", "contact")
    show = (*group, "show", "P", "--format", "json")
    with ranked_store(running_server()) as ranked:
        for rank in ("manager", "clerk"):
            cli = Cli(ranked.url(rank), capsys)
            person = ("--person", f"郑{rank}", "--telephone", "13757090001")
            assert cli("project", "contact", "set", "P", *person).code == 0
        rows = Cli(ranked.url("clerk"), capsys)(*show).json
        assert [(row["person"], row["changed_by"]) for row in rows] == [
            ("郑clerk", ranked.logins["clerk"]),
            ("郑manager", ranked.logins["manager"]),
        ]
        auditor = Cli(ranked.url("auditor"), capsys)
        for command in (show, (*group, "set", "P", "--person", "郑"), (*group, "erase", "P")):
            answer = auditor(*command)
            assert (answer.code != 0, "auditors may not" in answer.err) == (True, True), command
        # What an auditor backs up is the ledger, without contacts.
        assert auditor("backup", tmp_path / "b.zip").code == 0
        restored = Cli(f"sqlite:///{tmp_path / 'restored.db'}", capsys)
        assert restored("restore", tmp_path / "b.zip").code == 0
        assert restored(*show).json == []
        assert Cli(ranked.url("clerk"), capsys)("project", "contact", "erase", "P").code == 0
        assert Cli(ranked.url("clerk"), capsys)(*show).json == []


def test_who_has_no_role_does_not_even_connect(store: RankedStore) -> None:
    stranger = f"stranger_{store.database[:8]}"
    with psycopg.connect(store.server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {stranger} LOGIN".encode())
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(
                host=str(store.server.folder), user=stranger, dbname=store.database
            ).close()
        connection.execute(f"DROP ROLE {stranger}".encode())
