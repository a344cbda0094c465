"""How far the read tables are, as a tracking recorder of the event sourcing library."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder
from sqlalchemy import Connection, Engine, delete, insert, select

from projections.readmodels.query_tables import metadata, tracking
from projections.readmodels.table_engine import transaction

APPLICATION: Final = "lifecycle"


@dataclass(frozen=True, slots=True)
class TrackingRow:
    """The tracking row."""

    application_name: str
    position: int
    as_of: str | None = None
    fingerprint: str | None = None
    digest: str | None = None

    def matches(self, position: int, today: date, fingerprint: str) -> bool:
        """Whether nothing is to be done."""
        return (self.position, self.as_of, self.fingerprint) == (
            position,
            today.isoformat(),
            fingerprint,
        )


def read_tracking(
    connection: Connection, application_name: str = APPLICATION
) -> TrackingRow | None:
    """The row of an application."""
    row = connection.execute(
        select(tracking).where(tracking.c.application_name == application_name)
    ).one_or_none()
    return None if row is None else TrackingRow(*row)


def write_tracking(connection: Connection, tracked: TrackingRow) -> None:
    """Put the row in place, in the transaction of the rows it speaks of."""
    connection.execute(
        delete(tracking).where(tracking.c.application_name == tracked.application_name)
    )
    values = (
        tracked.application_name,
        tracked.position,
        tracked.as_of,
        tracked.fingerprint,
        tracked.digest,
    )
    connection.execute(
        insert(tracking).values(dict(zip(tracking.columns.keys(), values, strict=True)))
    )


class TableTrackingRecorder(TrackingRecorder):
    """The library's interface over the tracking table, for whoever follows the ledger by notifications."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with transaction(engine, write=True) as connection:
            metadata.create_all(connection, tables=[tracking])

    def insert_tracking(self, tracking: Tracking) -> None:
        """Move on; never back, nor to the same place. Raises `IntegrityError`."""
        with transaction(self._engine, write=True) as connection:
            before = read_tracking(connection, tracking.application_name)
            if before is not None and before.position >= tracking.notification_id:
                raise IntegrityError(f"{tracking.application_name} is at {before.position} already")
            write_tracking(
                connection, TrackingRow(tracking.application_name, tracking.notification_id)
            )

    def max_tracking_id(self, application_name: str) -> int | None:
        """How far an application is."""
        with transaction(self._engine, write=False) as connection:
            tracked = read_tracking(connection, application_name)
            return None if tracked is None else tracked.position
