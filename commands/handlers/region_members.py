"""Look at a region's members: each ledger is verified before anything of it counts (spec 8)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from commands.handlers.member_ledgers import (
    NOT_FETCHED,
    SignedTree,
    add_to_witness,
    open_member,
    signed_tree,
)
from commands.handlers.member_places import member_place, opened_place
from commands.handlers.member_verification import MemberFindings, verified_members
from commands.handlers.region_file import RegionMember
from commands.handlers.region_look import (
    NOBODY_LEFT_OUT,
    LeftOut,
    MemberLook,
    MemberVerdict,
    RegionLook,
)
from lifecycle.ledger.recorders.ledger_head import TOO_NEW
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import EngineChoice
from lifecycle.rejections import LedgerError, Problem, Rejected, msg
from projections.audit.bundle_stores import NEWER_BUNDLE
from projections.facts.member_projects import MemberLedger, MemberProjects
from projections.views.record_time_view import time_corrections

NOT_IN_FILE: Final = msg("the region file names no ledger of this unit")
OLD: Final = msg(
    "its last signed event was recorded {recorded_at}, more than {days} days before {moment}"
)
SAME_LEDGER: Final = msg("it is the same ledger as that of {unit}")
UNSIGNED_EVENTS: Final = msg(
    "events behind the last signed checkpoint, which do not count: {count}"
)
FILE_UNUSABLE: Final = msg("{path} cannot be used: {why}")
NOT_REGISTERED: Final = msg(
    "the unit {unit} is not registered in the region's ledger; registered units: {allowed}"
)
NOT_REGISTERED_THEN: Final = msg(
    "the unit {unit} was not registered in the region's ledger by {moment}; units registered by "
    "then: {allowed}"
)
LEFT_OUT: Final = msg("left out: {reason}")
_COST_OF_VERIFYING: Final = 7
"""How many times as long as scoring it takes to verify a ledger: processes pay sooner."""
_INTACT: Final = (MemberVerdict.VERIFIED, MemberVerdict.TOO_OLD)


def _this_process(_events: int) -> None:
    """Choose no engine."""


@dataclass(slots=True)
class _MemberTour:
    """Looks at one member after another; their ledgers stay open as long as `resources`."""

    resources: ExitStack
    present: datetime
    known_at: datetime | None
    opened: dict[str, Ledger] = field(default_factory=dict)
    absent: dict[str, MemberLook] = field(default_factory=dict)
    ledgers: list[MemberLedger] = field(default_factory=list)
    units_by_origin: dict[str, str] = field(default_factory=dict)
    intact_ledgers: dict[str, Ledger] = field(default_factory=dict)

    def open(
        self,
        member: RegionMember,
    ) -> None:
        """Open a member's ledger, or note what a look at it shows instead."""
        try:
            self.opened[member.unit] = open_member(member, self.resources)
        except (LedgerError, OSError) as error:
            verdict = _verdict_of(error, member)
            self.absent[member.unit] = MemberLook(member.unit, verdict, _reason(error))

    def take(
        self,
        look: MemberLook,
        member: RegionMember,
    ) -> None:
        """Keep an open ledger for what it may be used for after the look at it."""
        ledger = self.opened[member.unit]
        if look.verdict in _INTACT:
            self.intact_ledgers[member.unit] = ledger
        if look.counted:
            # Of a member that counts both are known.
            assert look.position is not None
            assert look.tree is not None
            place = member_place(member, look.tree)
            self.ledgers.append(MemberLedger(member.unit, ledger, look.position, place))

    def look_at(
        self,
        member: RegionMember,
        findings: MemberFindings,
    ) -> MemberLook:
        """Return what verifying an open ledger showed; one that fits is looked at further."""
        try:
            if findings.error is not None:
                raise findings.error
            if findings.problems:
                verdict = _verdict_of_differences(findings.problems)
                return MemberLook(member.unit, verdict, findings.problems[0])
            return self._look_at_tree(member, self.opened[member.unit])
        except Rejected as unsigned:
            verdict = MemberVerdict.NOT_SIGNED
            return MemberLook(member.unit, verdict, unsigned.problems[0])
        except (LedgerError, OSError) as error:
            return MemberLook(member.unit, MemberVerdict.UNUSABLE, _reason(error))

    def _look_at_tree(
        self,
        member: RegionMember,
        ledger: Ledger,
    ) -> MemberLook:
        """Return the look at a ledger that fits the witness file; the file grows."""
        tree = signed_tree(ledger, member.key)
        add_to_witness(member.witness, ledger, tree)
        look = MemberLook(member.unit, MemberVerdict.VERIFIED, tree=tree)
        origin = tree.checkpoint.origin
        first = self.units_by_origin.setdefault(origin, member.unit)
        if first != member.unit:
            # A key that was handed over and its successor name one ledger.
            same = Problem("same_ledger", SAME_LEDGER, {"unit": first})
            return replace(look, verdict=MemberVerdict.DIFFERS, reason=same)
        old = self._age_problem(member, tree)
        if old is not None:
            return replace(look, verdict=MemberVerdict.TOO_OLD, reason=old)
        # What no checkpoint signs could still be rewritten without a trace.
        size = tree.checkpoint.size
        known = ledger.head().position
        if self.known_at is not None:
            known = ledger.position_at(self.known_at)
        unsigned = None
        if known > size:
            unsigned = Problem("unsigned_events", UNSIGNED_EVENTS, {"count": known - size})
        position = min(known, size)
        corrections = time_corrections(ledger, position, self.known_at)
        return replace(
            look,
            counted=True,
            position=position,
            reason=unsigned,
            time_corrections=tuple(corrections),
        )

    def _age_problem(
        self,
        member: RegionMember,
        tree: SignedTree,
    ) -> Problem | None:
        # A result of the past asks for what was recent then, whenever it is computed again.
        moment = self.present if self.known_at is None else min(self.present, self.known_at)
        days = member.max_age_days
        if days is None or moment - tree.recorded_at <= timedelta(days=days):
            return None
        values: dict[str, object] = {
            "recorded_at": tree.recorded_at,
            "days": days,
            "moment": moment,
        }
        return Problem("max_age_days", OLD, values)


def _verdict_of(
    error: LedgerError | OSError,
    member: RegionMember,
) -> MemberVerdict:
    """Return why nothing could be opened, as a word."""
    if not isinstance(error, LedgerError):
        return MemberVerdict.MISSING
    if error.template in (TOO_NEW, NEWER_BUNDLE):
        return MemberVerdict.NEWER_VERSION
    # A bundle that there is and that cannot be laid out is damaged.
    if member.bundle is not None and error.template != NOT_FETCHED:
        return MemberVerdict.UNUSABLE
    return MemberVerdict.MISSING


def _verdict_of_differences(problems: Sequence[Problem]) -> MemberVerdict:
    rules = {problem.rule for problem in problems}
    if rules == {"signer"}:
        return MemberVerdict.NOT_SIGNED
    return MemberVerdict.DIFFERS


def _reason(error: LedgerError | OSError) -> Problem:
    if isinstance(error, Rejected):
        return error.problems[0]
    if isinstance(error, LedgerError):
        return Problem("unusable", error.template, error.values)
    values: dict[str, object] = {"path": error.filename, "why": error.strerror}
    return Problem("unusable", FILE_UNUSABLE, values)


@contextmanager
def region_members(
    members: Sequence[RegionMember],
    units: Collection[str],
    present: datetime,
    *,
    known_at: datetime | None = None,
    left_out: LeftOut = NOBODY_LEFT_OUT,
    choose_engine: EngineChoice = _this_process,
) -> Iterator[RegionLook]:
    """Open and verify every member, and give what counts of each by a moment; `present` is now.

    `units` are those registered in the region's ledger, in its order; the witness files grow.
    `choose_engine` returns what verifies them, for as many events as it takes as long to score.
    Raises `Rejected` where the file or `left_out` names a unit that is not registered.
    """
    _require_registered([member.unit for member in members], units, "members", known_at)
    _require_registered(left_out.units, units, "without", known_at)
    by_unit = {member.unit: member for member in members}
    # Every unit is looked at, in one order: an entry left out of the file is an absent member.
    looks: list[MemberLook] = []
    with ExitStack() as resources:
        tour = _MemberTour(resources, present, known_at)
        for unit in units:
            if unit in by_unit:
                tour.open(by_unit[unit])
        events = sum(ledger.head().position for ledger in tour.opened.values())
        findings = verified_members(
            tour.opened, by_unit, choose_engine(events * _COST_OF_VERIFYING)
        )
        for unit in units:
            look = _look_at_unit(tour, unit, by_unit.get(unit), findings.get(unit))
            look = _without_left_out(look, left_out)
            looks.append(look)
            if unit in tour.opened:
                tour.take(look, by_unit[unit])
        projects = MemberProjects(tuple(tour.ledgers), opened_place)
        yield RegionLook(looks, projects, left_out, tour.intact_ledgers)


def _look_at_unit(
    tour: _MemberTour,
    unit: str,
    member: RegionMember | None,
    findings: MemberFindings | None,
) -> MemberLook:
    if member is None:
        absent = Problem("missing", NOT_IN_FILE)
        return MemberLook(unit, MemberVerdict.MISSING, absent)
    if findings is None:
        return tour.absent[unit]
    return tour.look_at(member, findings)


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


def _without_left_out(
    look: MemberLook,
    left_out: LeftOut,
) -> MemberLook:
    """Return the look, of a member that a person leaves out with the person's reason."""
    if look.unit not in left_out.units:
        return look
    reason = Problem("left_out", LEFT_OUT, {"reason": left_out.reason})
    return replace(look, counted=False, reason=reason)
