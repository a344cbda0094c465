"""How far the query tables are: reading and writing the tracking row."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, delete, insert, select

from projections.readmodels.query_tables import TrackingRow, tracking

APPLICATION: Final = "lifecycle"


def read_tracking(connection: Connection) -> TrackingRow | None:
    """Return the tracking row, None where the tables were never built."""
    statement = select(tracking).where(tracking.c.application_name == APPLICATION)
    row = connection.execute(statement).one_or_none()
    return None if row is None else TrackingRow(*row)


def write_tracking(
    connection: Connection,
    position: int,
    as_of: str,
    fingerprint: str,
) -> None:
    """Replace the tracking row, in the transaction of the rows that it describes."""
    row = TrackingRow(APPLICATION, position, as_of, fingerprint)
    # Deleted and inserted, because the two databases spell "insert or update" differently.
    connection.execute(delete(tracking).where(tracking.c.application_name == APPLICATION))
    connection.execute(insert(tracking).values(row._asdict()))
