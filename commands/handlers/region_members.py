"""Look at a region's members: each ledger is verified before anything of it counts (spec 8)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from typing import Final

from commands.handlers.member_ledgers import ReportWait, open_member, report_nothing
from commands.handlers.member_looks import (
    LookMoment,
    MemberState,
    region_look,
    unopened_state,
    verified_state,
)
from commands.handlers.member_verification import verified_members
from commands.handlers.region_file import RegionMember
from commands.handlers.region_look import NOBODY_LEFT_OUT, LeftOut, RegionLook
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import COST_OF_VERIFYING
from lifecycle.part_engine import EngineChoice, this_process
from lifecycle.rejections import LedgerError, Rejected, msg
from projections.facts.unit_facts import RegisteredUnit
from projections.scoring.units_of_view import registered_units

NOT_REGISTERED: Final = msg(
    "the unit {unit} is not registered in the region's ledger; registered units: {allowed}"
)
NOT_REGISTERED_THEN: Final = msg(
    "the unit {unit} was not registered in the region's ledger by {moment}; units registered by "
    "then: {allowed}"
)


@contextmanager
def region_members(
    members: Sequence[RegionMember],
    units: Collection[str],
    present: datetime,
    *,
    known_at: datetime | None = None,
    left_out: LeftOut = NOBODY_LEFT_OUT,
    choose_engine: EngineChoice = this_process,
    report_wait: ReportWait = report_nothing,
) -> Iterator[RegionLook]:
    """Open and verify every member, and give what counts of each by a moment; `present` is now.

    `units` are those registered in the region's ledger, in its order; the witness files grow.
    `choose_engine` returns what verifies them, for as many events as it takes as long to score;
    `report_wait` is told which ledger is waited for. Raises `Rejected` where the file or `left_out`
    names a unit that is not registered.
    """
    _require_registered([member.unit for member in members], units, "members", known_at)
    _require_registered(left_out.units, units, "without", known_at)
    with ExitStack() as resources:
        states = _verified_states(members, resources, choose_engine, report_wait)
        yield region_look(states, units, LookMoment(present, known_at), left_out)


def _verified_states(
    members: Sequence[RegionMember],
    resources: ExitStack,
    choose_engine: EngineChoice,
    report_wait: ReportWait,
) -> list[MemberState]:
    """Open and verify every member; ledgers stay open until `resources` are closed."""
    opened: dict[str, Ledger] = {}
    states: list[MemberState] = []
    for member in members:
        try:
            opened[member.unit] = open_member(member, resources, report_wait)
        except (LedgerError, OSError) as error:
            states.append(unopened_state(member, error))
    by_unit = {member.unit: member for member in members}
    events = sum(ledger.head().position for ledger in opened.values())
    findings = verified_members(opened, by_unit, choose_engine(events * COST_OF_VERIFYING))
    for unit, ledger in opened.items():
        states.append(verified_state(by_unit[unit], ledger, findings[unit]))
    return states


def look_of_day(
    ledger: Ledger,
    states: Sequence[MemberState],
    day: date,
    position: int,
    *,
    known_at: datetime | None = None,
    left_out: LeftOut = NOBODY_LEFT_OUT,
) -> RegionLook:
    """Return what of verified members counts, as the region's ledger names them by a position.

    Raises `Rejected` as `region_members` does.
    """
    named = [state.member.unit for state in states]
    units = member_units(registered_units(ledger, position), named, day)
    _require_registered(named, units, "members", known_at)
    _require_registered(left_out.units, units, "without", known_at)
    return region_look(states, units, LookMoment(ledger.clock(), known_at), left_out)


def member_units(
    registered: Sequence[RegisteredUnit],
    named: Collection[str],
    day: date,
) -> list[str]:
    """Return the units whose ledgers a region counts on a day, in the order of registration.

    `named` are those that the region file names.
    """
    units = []
    for unit in registered:
        is_dissolved = unit.standing(day).dissolution is not None
        # What a dissolved member left behind still counts, for its successor.
        if unit.name in named or not is_dissolved:
            units.append(unit.name)
    return units


def _require_registered(
    names: Sequence[str],
    units: Collection[str],
    place: str,
    known_at: datetime | None,
) -> None:
    # A region is often younger than the past it is asked about.
    template = NOT_REGISTERED if known_at is None else NOT_REGISTERED_THEN
    for name in names:
        if name not in units:
            allowed = list(units)
            raise Rejected.by(
                "unknown_unit",
                template,
                at=place,
                unit=name,
                moment=known_at,
                allowed=allowed,
            )
