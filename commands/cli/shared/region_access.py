"""The region that a command works on: its own ledger, and its members' as the file names them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from commands.cli.shared.engine_with_bar import EngineWithBar
from commands.cli.shared.evidence_options import PRESENT_FILE
from commands.cli.shared.print_message import print_message
from commands.cli.shared.store_access import open_store
from commands.handlers.region_engines import (
    ANY_ENGINE,
    ENGINE_KINDS,
    EngineKind,
    RequestedEngine,
    region_engine,
)
from commands.handlers.region_file import read_region_file
from commands.handlers.region_look import NOBODY_LEFT_OUT, LeftOut, RegionLook
from commands.handlers.region_members import member_units, region_members
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine
from lifecycle.rejections import Problem, msg
from projections.scoring.result_view import View
from projections.scoring.units_of_view import registered_units
from projections.views.counted_twice import CountedTwice, counted_twice
from projections.views.requested_axes import RequestedAxes


@dataclass(frozen=True, slots=True)
class RequestedRegion:
    """The region file, the members that are left out with a reason, and what evaluates it."""

    file: Path
    left_out: LeftOut = NOBODY_LEFT_OUT
    engine: RequestedEngine = ANY_ENGINE


@dataclass(frozen=True, slots=True)
class OpenRegion:
    """A region's own ledger, and what the look at its members showed."""

    ledger: Ledger
    look: RegionLook
    engine: PartEngine | None = None

    def over_members(self, view: View) -> View:
        """Return a view of the region's ledger with the members that count, and their projects."""
        return replace(self.look.over_members(view), engine=self.engine)

    def conflicts(self, day: date) -> list[CountedTwice]:
        """Return the projects that two members that count report by a day."""
        return counted_twice(self.look.projects, day, self.engine)


def region_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--region`, `--without` and `--reason`; the command takes them as `region`."""

    @wraps(function)
    def with_region(
        *arguments: Any,
        region_file: Path,
        left_out: tuple[str, ...],
        left_out_reason: str | None,
        engine_kind: EngineKind | None = None,
        scheduler: str | None = None,
        **options: Any,
    ) -> Any:
        members_left_out = _members_left_out(left_out, left_out_reason)
        engine = _requested_engine(engine_kind, scheduler)
        region = RequestedRegion(region_file, members_left_out, engine)
        return function(*arguments, region=region, **options)

    # click lists options in the reverse of the order in which they are added.
    command = click.option(
        "--reason",
        "left_out_reason",
        metavar="TEXT",
        help=_("Why the members of --without do not count."),
    )(with_region)
    command = click.option(
        "--without",
        "left_out",
        multiple=True,
        metavar="NAME",
        help=_("Leave out this member, so that the result is official without it; repeatable."),
    )(command)
    return click.option(
        "--region",
        "region_file",
        required=True,
        type=PRESENT_FILE,
        metavar="FILE",
        help=_("The region file: the members, their ledgers and keys."),
    )(command)


def _members_left_out(
    units: tuple[str, ...],
    given_reason: str | None,
) -> LeftOut:
    reason = (given_reason or "").strip()
    if bool(units) != bool(reason):
        raise click.UsageError(_("--without and --reason are given together"))
    return LeftOut(units, reason)


def _requested_engine(
    kind: EngineKind | None,
    scheduler: str | None,
) -> RequestedEngine:
    if scheduler is not None and kind not in (None, "dask"):
        raise click.UsageError(_("--scheduler is that of dask: leave out --engine"))
    return RequestedEngine(kind, scheduler)


def engine_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--engine` and `--scheduler` below the options of the region."""
    command = click.option(
        "--scheduler",
        metavar="URL",
        help=_("Evaluate on the dask cluster of this scheduler, such as tcp://10.0.0.5:8786."),
    )(function)
    return click.option(
        "--engine",
        "engine_kind",
        type=click.Choice(ENGINE_KINDS),
        help=_(
            "What evaluates: this process, processes of this machine, or dask (without "
            "--scheduler a cluster on this machine). Results are the same. Default: processes "
            "where they pay."
        ),
    )(command)


@contextmanager
def open_region(
    requested: RequestedRegion,
    *,
    known_at: datetime | None = None,
    day: date | None = None,
) -> Iterator[OpenRegion]:
    """Open the region's ledger and every member's; each is verified, and its witness file grows.

    Members' positions are those known at the moment; `day` decides which units are members.
    """
    members = read_region_file(requested.file)
    with open_store() as ledger:
        axes = RequestedAxes(known_at=known_at)
        registered = registered_units(ledger, axes.position(ledger))
        named = {member.unit for member in members}
        now = ledger.clock()
        units = member_units(registered, named, day or now.date())
        with region_engine(requested.engine, members, _warn) as engine:

            def choose(events: int) -> PartEngine | None:
                chosen = engine.for_events(events)
                if chosen is None:
                    return None
                return EngineWithBar(chosen)

            looking = region_members(
                members,
                units,
                now,
                known_at=known_at,
                left_out=requested.left_out,
                choose_engine=choose,
                report_wait=print_waiting,
            )
            with looking as look:
                events = sum(member.position for member in look.projects.members)
                yield OpenRegion(ledger, look, choose(events))


def _warn(problem: Problem) -> None:
    print_message(problem_text(problem))


def print_waiting(unit: str) -> None:
    """Say on standard error for which member's ledger the command waits."""
    print_message(say(msg("waiting for the ledger of {unit}"), unit=unit))
