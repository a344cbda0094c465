"""The read model of the stock library: its `ProjectionRunner`, which commits event by event."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from eventsourcing.persistence import Tracking, TrackingRecorder
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteTrackingRecorder
from eventsourcing.utils import get_topic
from psycopg.sql import SQL

from benchmarks.peers.stock_application import Projects, environment
from benchmarks.peers.workload import sqlite_file
from tests.interop.followers import PollingSubscription

_PROJECT_ROWS: Final = (
    "CREATE TABLE IF NOT EXISTS project_rows (project TEXT PRIMARY KEY, invested TEXT)"
)
_FIGURE_ROWS: Final = (
    "CREATE TABLE IF NOT EXISTS figure_rows (project TEXT, month TEXT, fixed_assets TEXT,"
    " PRIMARY KEY (project, month))"
)
_ADD_PROJECT: Final = "INSERT INTO project_rows VALUES (?, '0')"
_ADD_FIGURE: Final = "INSERT INTO figure_rows VALUES (?, ?, ?)"
_SELECT_INVESTED: Final = "SELECT invested FROM project_rows WHERE project = ?"
_SET_INVESTED: Final = "UPDATE project_rows SET invested = ? WHERE project = ?"
_SELECT_AMOUNTS: Final = "SELECT fixed_assets FROM figure_rows"
_PATIENCE: Final = 600.0
"""Seconds until a projection that does not end counts as broken."""


class FiguresView:
    """What a projection's event changes, committed with the position that it stands at."""

    mark = "?"
    datastore: Any
    _insert_tracking: Any

    def _sql(self, statement: str) -> Any:
        return statement.replace("?", self.mark)

    def add_project(self, code: str, tracking: Tracking) -> None:
        """Add a project, without investment so far."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self._sql(_ADD_PROJECT), (code,))

    def pass_over(self, tracking: Tracking) -> None:
        """Note an event that changes nothing here."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)

    def add_figure(self, code: str, month: str, amount: Decimal, tracking: Tracking) -> None:
        """Add a month's figure, also to what was invested in the project."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self._sql(_ADD_FIGURE), (code, month, str(amount)))
            # Exact decimals are text in SQLite, which cannot add them.
            cursor.execute(self._sql(_SELECT_INVESTED), (code,))
            invested = Decimal(cursor.fetchone()["invested"]) + amount
            cursor.execute(self._sql(_SET_INVESTED), (str(invested), code))

    def amounts(self) -> list[str]:
        """Return the amounts of all months."""
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute(_SELECT_AMOUNTS)
            return [row["fixed_assets"] for row in cursor.fetchall()]


class SqliteFigures(FiguresView, SQLiteTrackingRecorder):
    """The view in a SQLite file."""

    def construct_create_table_statements(self) -> list[str]:
        """Return the library's table and ours."""
        return [*super().construct_create_table_statements(), _PROJECT_ROWS, _FIGURE_ROWS]


class PostgresFigures(FiguresView, PostgresTrackingRecorder):
    """The view in the application's PostgreSQL database."""

    mark = "%s"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for statement in (_PROJECT_ROWS, _FIGURE_ROWS):
            self.sql_create_statements.append(SQL(statement).format())


class Figures(Projection[Any]):
    """What was invested in projects and months."""

    name = "figures"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Change the view by one event; most kinds change nothing here."""
        match type(domain_event).__name__:
            case "InformationReported":
                self.view.add_project(domain_event.project, tracking)
            case "InvestmentReported":
                figure = domain_event.project, domain_event.month, domain_event.fixed_assets
                self.view.add_figure(*figure, tracking)
            case _:
                self.view.pass_over(tracking)


class PolledRecorder(SQLiteApplicationRecorder):
    """The library's recorder for SQLite, which has no subscriptions of its own."""

    def subscribe(self, gt: int | None = None, topics: Any = ()) -> Any:
        """Return a subscription that looks for new events by itself."""
        return PollingSubscription(self, gt=gt, topics=topics)


def follow(url: str) -> list[str]:
    """Let the projection follow to the last event; return the amounts that its view holds."""
    settings = environment(url)
    view_class: type[TrackingRecorder] = PostgresFigures
    if sqlite_file(url) is not None:
        settings["PROJECTS_APPLICATION_RECORDER_TOPIC"] = get_topic(PolledRecorder)
        view_class = SqliteFigures
    runner: ProjectionRunner[Any, Any] = ProjectionRunner(
        application_class=Projects,
        projection_class=Figures,
        view_class=view_class,
        env=settings,
    )
    with runner:
        runner.wait(runner.app.recorder.max_notification_id(), timeout=_PATIENCE)
        amounts: list[str] = runner.view.amounts()
        return amounts


def drop_view(url: str) -> None:
    """Remove the view and how far it is."""
    path = sqlite_file(url)
    if path is not None:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(f"{path.stem}.figures{suffix}").unlink(missing_ok=True)
        return
    import psycopg

    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        for table in ("project_rows", "figure_rows", "figures_tracking"):
            connection.execute(f"DROP TABLE IF EXISTS {table}".encode())
