"""The same with the library `eventsourcing`: its application, and a projection that follows it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Self

from benchmarks.peers.stock_application import Project, Projects, environment
from benchmarks.peers.stock_projection import drop_view, follow
from benchmarks.peers.workload import Record


class StockStore:
    """An application of the library, and its projection."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._projects = Projects(environment(url))
        self._figures: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, records: Sequence[Record]) -> None:
        """Record events together, in one durable commit."""
        self._projects.record(records)

    def fold(self, project: str) -> Decimal:
        """Return what was invested in a project."""
        aggregate: Project = self._projects.repository.get(Project.create_id(project))
        return sum(aggregate.months.values(), Decimal())

    def drop_read_model(self) -> None:
        """Remove the read model, if it is there."""
        drop_view(self._url)

    def rebuild(self) -> None:
        """Let a projection follow from the first event to the last."""
        self._figures = follow(self._url)

    def figures_read(self) -> list[str]:
        """Return the amounts of all months, as the read model held them when it was there."""
        return self._figures

    def close(self) -> None:
        """Close the connections."""
        self._projects.close()
