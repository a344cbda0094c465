"""A stock `eventsourcing` application over our store, as a user of the library would write it.

Nothing here is part of the product. It imports two things of it: the reader of stored bytes
`recorded_from`, and the name of the events table.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Thread
from typing import Any, Final

from eventsourcing.application import Application
from eventsourcing.persistence import (
    ApplicationRecorder,
    ListenNotifySubscription,
    Mapper,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteDatastore,
    SQLiteTrackingRecorder,
)
from eventsourcing.utils import get_topic
from psycopg.sql import SQL

from lifecycle.events.codec import recorded_from, topic
from lifecycle.events.envelope import RecordedEvent
from lifecycle.events.project_events import ConsultationHeld
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.recorders.ledger_schema import EVENTS_TABLE
from lifecycle.ledger.recorders.postgres_url import connection_settings

POLL_SECONDS: Final = 0.05


@dataclass(frozen=True)
class LedgerEvent:
    """One of our events in the shape that the library asks of a domain event."""

    originator_id: str
    originator_version: int
    recorded: RecordedEvent


class LedgerMapper(Mapper[str]):
    """Reads our stored bytes; topics are stable names of events, not paths of Python classes."""

    def to_domain_event(self, stored_event: StoredEvent) -> LedgerEvent:
        stream_id, version = str(stored_event.originator_id), stored_event.originator_version
        position = getattr(
            stored_event, "id", 0
        )  # notifications have one, an aggregate's events none
        recorded = recorded_from(
            position,
            stream_id,
            version,
            stored_event.topic,
            stored_event.state,
        )
        return LedgerEvent(stream_id, version, recorded)


class LedgerApplication(Application[str]):
    """The library's own application, with the name of our table and our mapper."""

    name = EVENTS_TABLE.removesuffix("_events")  # on PostgreSQL the table is `<name>_events`

    def construct_mapper(self) -> Mapper[str]:
        return LedgerMapper(self.construct_transcoder())


# SQLite: the library's recorder has one table name and no subscriptions ---------------------------


class PollingSubscription(ListenNotifySubscription[ApplicationRecorder]):
    """The library's subscription, woken by a clock instead of the database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._poll_thread = Thread(target=self._poll)
        self._poll_thread.start()

    def _poll(self) -> None:
        while not self._has_been_stopped:
            self._has_been_notified.set()
            self._pull_thread.join(POLL_SECONDS)

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        super().__exit__(*args, **kwargs)
        self._poll_thread.join()


class SqliteLedgerReader(SQLiteApplicationRecorder):
    """The library's recorder over our table, with subscriptions by polling."""

    def __init__(self, datastore: SQLiteDatastore) -> None:
        super().__init__(datastore, events_table_name=EVENTS_TABLE)

    def subscribe(self, gt: int | None = None, topics: Any = ()) -> Any:
        return PollingSubscription(self, gt=gt, topics=topics)


# A user's projection: how often each kind of event was recorded -----------------------------------


class SqliteCounts(SQLiteTrackingRecorder):
    """The view in a SQLite file."""

    def construct_create_table_statements(self) -> list[str]:
        table = "CREATE TABLE IF NOT EXISTS counts (kind TEXT PRIMARY KEY, number INTEGER)"
        return [*super().construct_create_table_statements(), table]

    def count(self, kind: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO counts VALUES (?, 1)"
                " ON CONFLICT (kind) DO UPDATE SET number = number + 1",
                (kind,),
            )

    def counts(self) -> dict[str, int]:
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute("SELECT kind, number FROM counts")
            return {row["kind"]: row["number"] for row in cursor.fetchall()}


class PostgresCounts(PostgresTrackingRecorder):
    """The view in a PostgreSQL database, here the ledger's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS counts (kind TEXT PRIMARY KEY, number INTEGER)"
            ).format()
        )

    def count(self, kind: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO counts VALUES (%s, 1)"
                " ON CONFLICT (kind) DO UPDATE SET number = counts.number + 1",
                (kind,),
            )

    def counts(self) -> dict[str, int]:
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute("SELECT kind, number FROM counts")
            return {row["kind"]: row["number"] for row in cursor.fetchall()}


class EventCounts(Projection[Any]):
    """Counts the events of each kind."""

    name = "eventcounts"

    def process_event(self, domain_event: LedgerEvent, tracking: Tracking) -> None:
        self.view.count(type(domain_event.recorded.event).__name__, tracking)


class Consultations(EventCounts):
    """Asks the database for the events of one topic alone."""

    name = "consultations"
    topics = (topic(ConsultationHeld),)


def view_class(url: str) -> type[TrackingRecorder]:
    """The view's class for a store's database."""
    return PostgresCounts if sqlite_path(url) is None else SqliteCounts


def environment(url: str, view: str) -> dict[str, str]:
    """The library's settings: the ledger is read and never created, the view is the user's own."""
    shared = {"ORIGINATOR_ID_TYPE": "text", "LEDGER_CREATE_TABLE": "no"}
    path = sqlite_path(url)
    if path is not None:
        return shared | {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "LEDGER_SQLITE_DBNAME": str(path),
            "LEDGER_APPLICATION_RECORDER_TOPIC": get_topic(SqliteLedgerReader),
            f"{view.upper()}_SQLITE_DBNAME": str(path.with_name(f"{view}.db")),
        }
    settings = connection_settings(url)
    return shared | {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "LEDGER_POSTGRES_SCHEMA": "lifecycle",
        "POSTGRES_DBNAME": settings["dbname"],
        "POSTGRES_HOST": settings["host"],
        "POSTGRES_PORT": str(settings["port"]),
        "POSTGRES_USER": settings["user"],
        "POSTGRES_PASSWORD": settings["password"] or "none",
    }
