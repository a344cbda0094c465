"""The same as rows that an ORM reads and writes: SQLAlchemy, a table for each kind of fact.

`python -m benchmarks.peers.crud URL RECORD` records one event.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Self

import orjson
from sqlalchemy import ForeignKey, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from benchmarks.peers.workload import Record


class Stored(DeclarativeBase):
    """What is recorded."""


class Derived(DeclarativeBase):
    """The read model."""


class Project(Stored):
    """A project, with its report and its entry into statistics; amounts are exact as text."""

    __tablename__ = "crud_projects"
    code: Mapped[str] = mapped_column(primary_key=True)
    occurred_on: Mapped[str]
    reporting_unit: Mapped[str]
    reported_at: Mapped[str]
    name: Mapped[str]
    investor: Mapped[str]
    sector: Mapped[str]
    kind: Mapped[str]
    planned_investment: Mapped[str]
    planned_fixed_assets: Mapped[str]
    outside_ratio: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[str]
    statistics_on: Mapped[str | None]
    investments: Mapped[list[Investment]] = relationship(back_populates="project")


class Investment(Stored):
    """What was invested in a month."""

    __tablename__ = "crud_investments"
    code: Mapped[str] = mapped_column(ForeignKey(Project.code), primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    fixed_assets: Mapped[str]
    occurred_on: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[str]
    project: Mapped[Project] = relationship(back_populates="investments")


class ProjectTotal(Derived):
    """A project's row of the read model."""

    __tablename__ = "crud_project_rows"
    project: Mapped[str] = mapped_column(primary_key=True)
    invested: Mapped[str]


class MonthlyFigure(Derived):
    """A month's row of the read model."""

    __tablename__ = "crud_figure_rows"
    project: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    fixed_assets: Mapped[str]


def _make_durable(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


class CrudStore:
    """Rows that are changed in place: no history, no position."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _make_durable)
        Stored.metadata.create_all(self._engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, records: Sequence[Record]) -> None:
        """Record facts together, in one durable commit."""
        recorded_at = datetime.now(UTC).isoformat()
        with Session(self._engine) as session:
            for record in records:
                fields = dict(record)
                kind, project_code = fields.pop("event"), fields.pop("project")
                stamps = {"recorded_by": "benchmark", "recorded_at": recorded_at}
                if kind == "InformationReported":
                    session.add(Project(code=project_code, **fields, **stamps))
                    continue
                project = session.get_one(Project, project_code)
                if kind == "StatisticsEntered":
                    project.statistics_on = fields["occurred_on"]
                    continue
                _require_statistics(project)
                session.add(Investment(code=project_code, **fields, **stamps))
            session.commit()

    def fold(self, project: str) -> Decimal:
        """Return what was invested in a project."""
        with Session(self._engine) as session:
            return _sum(session.get_one(Project, project).investments)

    def drop_read_model(self) -> None:
        """Remove the read model, if it is there."""
        Derived.metadata.drop_all(self._engine)

    def rebuild(self) -> None:
        """Fill the read model in one transaction."""
        Derived.metadata.create_all(self._engine)
        invested: dict[str, Decimal] = {}
        with Session(self._engine) as session:
            for project in session.scalars(select(Project)):
                invested[project.code] = Decimal()
            for row in session.scalars(select(Investment)):
                invested[row.code] += Decimal(row.fixed_assets)
                figure = {"month": row.month, "fixed_assets": row.fixed_assets}
                session.add(MonthlyFigure(project=row.code, **figure))
            for code, amount in invested.items():
                session.add(ProjectTotal(project=code, invested=str(amount)))
            session.commit()

    def figures_read(self) -> list[str]:
        """Return the amounts of all months, as the read model holds them."""
        with Session(self._engine) as session:
            return list(session.scalars(select(MonthlyFigure.fixed_assets)))

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()


def _require_statistics(project: Project) -> None:
    if project.statistics_on is None:
        raise ValueError(f"{project.code} is not in the statistics yet")


def _sum(investments: Sequence[Investment]) -> Decimal:
    return sum((Decimal(row.fixed_assets) for row in investments), Decimal())


if __name__ == "__main__":
    with CrudStore(sys.argv[1]) as store:
        store.append([orjson.loads(sys.argv[2])])
