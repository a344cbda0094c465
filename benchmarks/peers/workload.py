"""What every peer records: projects of twenty events, each as a line of JSONL would bring it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol

from lifecycle.calendar import add_months

PROJECTS: Final = 200
MONTHS: Final = 18
EVENTS_PER_PROJECT: Final = 2 + MONTHS
_FIRST_MONTH: Final = date(2023, 1, 1)
UNIT: Final = "华埠镇"
UNIT_RECORD: Final = {
    "event": "UnitRegistered",
    "unit": UNIT,
    "occurred_on": "2021-01-01",
    "sequence": "乡镇",
    "category": "township",
}

Record = dict[str, Any]


class Peer(Protocol):
    """A program that records the events of projects, folds one project, and fills a read model.

    The read model has a row for each project with what was invested, and one for each month.
    """

    def append(self, records: Sequence[Record]) -> None:
        """Record events together, in one durable commit."""

    def fold(self, project: str) -> Decimal:
        """Return what was invested in a project, from all that is stored of it."""

    def drop_read_model(self) -> None:
        """Remove the read model, if it is there."""

    def rebuild(self) -> None:
        """Fill the read model from all that is stored."""

    def figures_read(self) -> list[str]:
        """Return the amounts of all months, as the read model holds them."""

    def close(self) -> None:
        """Close the store."""


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite URL; None for PostgreSQL. Loads nothing, as start-up is timed."""
    prefix = "sqlite:///"
    return Path(url.removeprefix(prefix)) if url.startswith(prefix) else None


def code(index: int) -> str:
    """Return a project's code."""
    return f"KH-{index:04d}"


def beginnings() -> Iterator[Record]:
    """Yield the first two events of each project: its report, and its entry into statistics."""
    for index in range(PROJECTS):
        yield {
            "event": "InformationReported",
            "project": code(index),
            "occurred_on": "2022-03-01",
            "reporting_unit": UNIT,
            "reported_at": "2022-03-01T09:30:00+08:00",
            "name": f"年产{index}万套精密器件项目",
            "investor": f"浙江第{index}实业有限公司",
            "sector": "industrial",
            "kind": "new",
            "planned_investment": str(4_000 + index),
            "planned_fixed_assets": "2000.5",
            "outside_ratio": "0.85",
        }
        yield {
            "event": "StatisticsEntered",
            "project": code(index),
            "occurred_on": "2022-12-01",
        }


def figure(index: int, number: int) -> Record:
    """Return what was invested in a project in a month, by the month's number from 0."""
    month = add_months(_FIRST_MONTH, number)
    return {
        "event": "InvestmentReported",
        "project": code(index),
        "occurred_on": (add_months(month, 1) - timedelta(days=1)).isoformat(),
        "month": f"{month:%Y-%m}",
        "fixed_assets": f"{100 + index}.{number:02d}",
    }


def figures(number: int) -> list[Record]:
    """Return a month's figure of each project."""
    return [figure(index, number) for index in range(PROJECTS)]


def invested(index: int) -> Decimal:
    """Return what all months of a project add up to."""
    amounts = (figure(index, number)["fixed_assets"] for number in range(MONTHS))
    return sum(map(Decimal, amounts), Decimal())
