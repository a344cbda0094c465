"""Which engine evaluates a region: this process, processes of this machine, or a dask cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Literal, NamedTuple

from commands.handlers.dask_engine import Report, dask_engine
from commands.handlers.member_places import require_sendable
from commands.handlers.region_file import RegionMember
from lifecycle.all_cores import engine_for, safe_start_method, usable_cores
from lifecycle.part_engine import PartEngine
from lifecycle.process_pool import ProcessPool

EngineKind = Literal["process", "processes", "dask"]
ENGINE_KINDS: Final[tuple[EngineKind, ...]] = ("process", "processes", "dask")


class RequestedEngine(NamedTuple):
    """The engine asked for, None for the one that pays; a scheduler is that of dask."""

    kind: EngineKind | None = None
    scheduler: str | None = None


ANY_ENGINE: Final = RequestedEngine()


class RegionEngine(NamedTuple):
    """The engine that was asked for, or the one that pays for so many events."""

    engine: PartEngine | None = None
    is_requested: bool = False

    def for_events(self, events: int) -> PartEngine | None:
        """Return what takes so many events; None is this process."""
        if self.is_requested:
            return self.engine
        return engine_for(events)


@contextmanager
def region_engine(
    requested: RequestedEngine,
    members: Sequence[RegionMember],
    report: Report,
) -> Iterator[RegionEngine]:
    """Open the engine for a region's members.

    `report` is called with what a person should know of a cluster's workers.
    """
    if requested.kind == "dask" or requested.scheduler is not None:
        for member in members:
            require_sendable(member)
        with dask_engine(requested.scheduler, usable_cores(), report) as engine:
            yield RegionEngine(engine, is_requested=True)
    elif requested.kind == "processes":
        pool = ProcessPool(usable_cores(), safe_start_method())
        yield RegionEngine(pool, is_requested=True)
    else:
        yield RegionEngine(is_requested=requested.kind == "process")
