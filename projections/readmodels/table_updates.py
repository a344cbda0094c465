"""Bring the query tables to the ledger's end: by the changed streams, or by a rebuild."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, inspect

from lifecycle.all_cores import engine_for
from lifecycle.events import Stream
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import EngineChoice, PartEngine
from projections.facts.moved_projects import mention_moves
from projections.readmodels.project_rows import PROJECT_PREFIX
from projections.readmodels.projector import UNIT_PREFIX, Projector
from projections.readmodels.query_tables import (
    CONTENT_TABLES,
    TrackingRow,
    metadata,
    tracking,
)
from projections.readmodels.table_axes import TableAxes, table_axes
from projections.readmodels.table_engine import open_engine, transaction
from projections.readmodels.table_position import read_tracking
from projections.scoring.prepared_policy import prepared


@dataclass(frozen=True, slots=True)
class TableUpdate:
    """The result of an update: position, projects worked through, whether rebuilt."""

    position: int
    streams: int
    rebuilt: bool


def tables_exist(url: str) -> bool:
    """Return whether any of a store's query tables stands there. Raises `StoreError`."""
    with open_engine(url) as engine, transaction(engine, write=False) as connection:
        names = inspect(connection).get_table_names()
        return any(table.name in names for table in (tracking, *CONTENT_TABLES))


def tables_position(url: str) -> int | None:
    """Return the position of a store's tables, None where there are none. Raises `StoreError`."""
    with open_engine(url) as engine, transaction(engine, write=False) as connection:
        if not inspect(connection).has_table(tracking.name):
            return None
        row = read_tracking(connection)
        return None if row is None else row.notification_id


def catch_up(
    ledger: Ledger,
    url: str,
    choose_engine: EngineChoice = engine_for,
) -> TableUpdate:
    """Bring the tables to the ledger's end.

    They are rebuilt where they are missing, damaged, of another day or by another rulebook; then
    `choose_engine` returns what makes their rows. Raises `StoreError`.
    """
    axes = table_axes(ledger)
    with open_engine(url) as engine:
        # Looking needs no lock, and mostly there is nothing to do.
        with transaction(engine, write=False) as connection:
            row = _usable_tracking(connection)
        if row is not None and axes.match(row):
            return TableUpdate(axes.position, 0, rebuilt=False)
        with transaction(engine, write=True) as connection:
            # Again, now holding the lock: another process may have been here meanwhile.
            axes = table_axes(ledger)
            changed = _changed_streams(ledger, connection, axes)
            return _update(ledger, connection, axes, changed, choose_engine)


def rebuild(
    ledger: Ledger,
    url: str,
    choose_engine: EngineChoice = engine_for,
) -> TableUpdate:
    """Rebuild every table from history, by the engine chosen for it. Raises `StoreError`."""
    with open_engine(url) as engine, transaction(engine, write=True) as connection:
        return _update(ledger, connection, table_axes(ledger), None, choose_engine)


def _update(
    ledger: Ledger,
    connection: Connection,
    axes: TableAxes,
    changed: list[str] | None,
    choose_engine: EngineChoice,
) -> TableUpdate:
    engine: PartEngine | None = None
    if changed is None:
        _empty_tables(connection)
        engine = choose_engine(axes.position)
    project_count = Projector(ledger, connection, axes, changed, engine).run()
    return TableUpdate(axes.position, project_count, rebuilt=changed is None)


def _empty_tables(connection: Connection) -> None:
    """Leave every table empty and with the columns of this version."""
    # On a server a reader's open transaction would keep DROP waiting, and then every other reader.
    if connection.dialect.name == "postgresql" and _usable_tracking(connection) is not None:
        for table in (tracking, *CONTENT_TABLES):
            connection.execute(delete(table))
        return
    metadata.drop_all(connection)
    metadata.create_all(connection)


def _usable_tracking(connection: Connection) -> TrackingRow | None:
    """Return the tracking row if every table has its columns.

    A damaged table leads to a rebuild.
    """
    inspector = inspect(connection)
    names = set(inspector.get_table_names())
    for table in (tracking, *CONTENT_TABLES):
        if table.name not in names:
            return None
        columns = [column["name"] for column in inspector.get_columns(table.name)]
        if columns != [column.name for column in table.columns]:
            return None
    return read_tracking(connection)


def _changed_streams(
    ledger: Ledger,
    connection: Connection,
    axes: TableAxes,
) -> list[str] | None:
    """Return the streams to update the tables from; None where only a rebuild will do."""
    row = _usable_tracking(connection)
    if row is None or not axes.extend(row):
        return None
    # Rules that look at the whole year have no contribution of a single stream to exchange.
    if any(prepared(view.rulebook).whole for view in axes.views):
        return None
    changed = ledger.changed_streams(row.notification_id)
    # A plot allotted or given back changes the deadlines of projects without their streams.
    if axes.current.rulebook.watches_plots and any(map(_is_resource, changed)):
        return None
    if _projects_moved(ledger, changed, axes.position):
        return None
    if any(_passed_on(stream_id, axes) for stream_id in changed):
        return None
    return changed


def _is_resource(stream_id: str) -> bool:
    return Stream.of(stream_id).kind == "resource"


def _projects_moved(
    ledger: Ledger,
    changed: list[str],
    position: int,
) -> bool:
    """Return whether a project moves, which changes what other streams' facts name."""
    streams = [stream_id for stream_id in changed if stream_id.startswith(PROJECT_PREFIX)]
    with ledger.rows_of_streams(streams, position) as rows:
        return mention_moves(rows)


def _passed_on(stream_id: str, axes: TableAxes) -> bool:
    """Return whether a stream is a dissolved unit's, whose facts count as another unit's."""
    name = stream_id.removeprefix(UNIT_PREFIX)
    is_unit = stream_id.startswith(UNIT_PREFIX)
    return is_unit and any(name not in units for units in (axes.units, *axes.units_of_years))
