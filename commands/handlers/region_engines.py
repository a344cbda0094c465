"""Which engine evaluates a region: this process, processes of this machine, or a dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal, NamedTuple

from commands.handlers.dask_engine import Report, dask_engine
from commands.handlers.member_places import require_sendable
from commands.handlers.region_look import RegionLook
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


@contextmanager
def region_engine(
    requested: RequestedEngine,
    look: RegionLook,
    report: Report,
) -> Iterator[PartEngine | None]:
    """Open the engine for the members that count; None is this process alone.

    `report` is called with what a person should know of a cluster's workers.
    """
    members = look.projects.members
    if requested.kind == "dask" or requested.scheduler is not None:
        for member in members:
            if member.place is not None:
                require_sendable(member.place)
        with dask_engine(requested.scheduler, usable_cores(), report) as engine:
            yield engine
    elif requested.kind == "processes":
        yield ProcessPool(usable_cores(), safe_start_method())
    elif requested.kind == "process":
        yield None
    else:
        yield engine_for(sum(member.position for member in members))
