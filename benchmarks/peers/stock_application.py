"""An application of the library `eventsourcing` as its documentation shows: aggregate, events.

`python -m benchmarks.peers.stock_application URL RECORD` records one event.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks.peers.workload import Record, sqlite_file

_AUTHOR: Final = "benchmark"


class Project(Aggregate):
    """A project: what it was reported as, and what was invested month by month."""

    @event("InformationReported")
    def __init__(  # noqa: PLR0913 -- the fields of the report
        self,
        *,
        project: str,
        occurred_on: str,
        reporting_unit: str,
        reported_at: str,
        name: str,
        investor: str,
        sector: str,
        kind: str,
        planned_investment: Decimal,
        planned_fixed_assets: Decimal,
        outside_ratio: Decimal,
        recorded_by: str,
    ) -> None:
        self.project = project
        self.occurred_on = occurred_on
        self.reporting_unit = reporting_unit
        self.reported_at = reported_at
        self.name = name
        self.investor = investor
        self.sector = sector
        self.kind = kind
        self.planned_investment = planned_investment
        self.planned_fixed_assets = planned_fixed_assets
        self.outside_ratio = outside_ratio
        self.recorded_by = recorded_by
        self.statistics_on: str | None = None
        self.months: dict[str, Decimal] = {}

    @classmethod
    def create_id(cls, project: str) -> UUID:
        """Return the identity of a project, from its code."""
        return uuid5(NAMESPACE_URL, f"/projects/{project}")

    @event("StatisticsEntered")
    def enter_statistics(self, occurred_on: str, recorded_by: str) -> None:  # noqa: ARG002
        """Let the project enter the statistics."""
        self.statistics_on = occurred_on

    def report_investment(
        self, project: str, month: str, fixed_assets: Decimal, occurred_on: str, recorded_by: str
    ) -> None:
        """Report what was invested in a month, once, and only after the entry into statistics."""
        if self.statistics_on is None:
            raise ValueError(f"{project} is not in the statistics yet")
        if month in self.months:
            raise ValueError(f"{project} already has a figure for {month}")
        self._report_investment(project, month, fixed_assets, occurred_on, recorded_by)

    @event("InvestmentReported")
    def _report_investment(
        self,
        project: str,  # noqa: ARG002
        month: str,
        fixed_assets: Decimal,
        occurred_on: str,  # noqa: ARG002
        recorded_by: str,  # noqa: ARG002
    ) -> None:
        self.months[month] = fixed_assets


class Projects(Application[UUID]):
    """The library's application."""

    def record(self, records: Sequence[Record]) -> None:
        """Let each record change its project, and save all of them in one commit."""
        changed: dict[str, Project] = {}
        for record in records:
            fields = dict(record)
            kind, code = fields.pop("event"), fields["project"]
            if kind == "InformationReported":
                changed[code] = Project(**_exact(fields), recorded_by=_AUTHOR)
                continue
            if code not in changed:
                changed[code] = self.repository.get(Project.create_id(code))
            if kind == "StatisticsEntered":
                changed[code].enter_statistics(fields["occurred_on"], _AUTHOR)
            else:
                changed[code].report_investment(**_exact(fields), recorded_by=_AUTHOR)
        self.save(*changed.values())


_AMOUNTS: Final = frozenset(
    {"planned_investment", "planned_fixed_assets", "outside_ratio", "fixed_assets"}
)


def _exact(fields: Record) -> dict[str, Any]:
    exact: dict[str, Any] = {}
    for name, value in fields.items():
        exact[name] = Decimal(value) if name in _AMOUNTS else value
    return exact


def environment(url: str) -> dict[str, str]:
    """Return the library's settings for a store."""
    path = sqlite_file(url)
    if path is not None:
        return {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "PROJECTS_SQLITE_DBNAME": str(path),
            "FIGURES_SQLITE_DBNAME": str(path.with_suffix(".figures")),
        }
    from psycopg.conninfo import conninfo_to_dict

    settings = conninfo_to_dict(url.replace("postgresql+psycopg://", "postgresql://", 1))
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(settings["dbname"]),
        "POSTGRES_HOST": str(settings["host"]),
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": str(settings["user"]),
        "POSTGRES_PASSWORD": "none",
    }


if __name__ == "__main__":
    projects = Projects(environment(sys.argv[1]))
    projects.record([orjson.loads(sys.argv[2])])
    projects.close()
