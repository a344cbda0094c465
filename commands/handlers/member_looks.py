"""What verifying a member's ledger showed, and what of it counts at a moment (spec 8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from commands.handlers.member_ledgers import NOT_FETCHED, SignedTree, add_to_witness, signed_tree
from commands.handlers.member_places import member_place, opened_place
from commands.handlers.member_verification import MemberFindings
from commands.handlers.region_file import RegionMember
from commands.handlers.region_look import LeftOut, MemberLook, MemberVerdict, RegionLook
from lifecycle.ledger.recorders import NO_STORE
from lifecycle.ledger.recorders.ledger_head import TOO_NEW
from lifecycle.ledger.store import Ledger
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
NOTHING_THERE: Final = msg("there is no store at {path}")
FILE_UNUSABLE: Final = msg("{path} cannot be used: {why}")
LEFT_OUT: Final = msg("left out: {reason}")
_INTACT: Final = (MemberVerdict.VERIFIED, MemberVerdict.TOO_OLD)


class MemberState(NamedTuple):
    """What opening and verifying a member's ledger showed, whatever moment is asked about.

    `ledger` is None where none could be opened, `tree` the last that its key signed. `reason` says
    why nothing of it counts at any moment; None where the verdict is VERIFIED.
    """

    member: RegionMember
    ledger: Ledger | None
    verdict: MemberVerdict
    reason: Problem | None = None
    tree: SignedTree | None = None


def unopened_state(
    member: RegionMember,
    error: LedgerError | OSError,
) -> MemberState:
    """Return the state of a member whose ledger cannot be opened."""
    return MemberState(member, None, _verdict_of(error, member), _reason(error))


def verified_state(
    member: RegionMember,
    ledger: Ledger,
    findings: MemberFindings,
) -> MemberState:
    """Return the state of a member whose open ledger was verified; its witness file grows."""
    try:
        if findings.error is not None:
            raise findings.error
        if findings.problems:
            verdict = _verdict_of_differences(findings.problems)
            return MemberState(member, ledger, verdict, findings.problems[0])
        tree = signed_tree(ledger, member.key)
        add_to_witness(member.witness, ledger, tree)
        return MemberState(member, ledger, MemberVerdict.VERIFIED, tree=tree)
    except Rejected as unsigned:
        reason = unsigned.problems[0]
        return MemberState(member, ledger, MemberVerdict.NOT_SIGNED, reason)
    except (LedgerError, OSError) as error:
        return MemberState(member, ledger, MemberVerdict.UNUSABLE, _reason(error))


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
    if isinstance(error, LedgerError) and error.template == NO_STORE:
        # Its advice is for whoever begins a store: a region makes none for a member.
        return Problem("missing", NOTHING_THERE, error.values)
    if isinstance(error, LedgerError):
        return Problem("unusable", error.template, error.values)
    values: dict[str, object] = {"path": error.filename, "why": error.strerror}
    return Problem("unusable", FILE_UNUSABLE, values)


# At a moment --------------------------------------------------------------------------------------


class LookMoment(NamedTuple):
    """When members are looked at: `present` is now, `known_at` the moment that is asked about."""

    present: datetime
    known_at: datetime | None = None


@dataclass(slots=True)
class _LookAround:
    """Looks at one member after another."""

    moment: LookMoment
    units_by_origin: dict[str, str] = field(default_factory=dict)

    def look_at(self, state: MemberState) -> MemberLook:
        """Return what of a member counts at the moment, or why nothing does."""
        unit = state.member.unit
        if state.ledger is None or state.tree is None:
            return MemberLook(unit, state.verdict, state.reason)
        try:
            return self._look_at_tree(state.member, state.ledger, state.tree)
        except (LedgerError, OSError) as error:
            return MemberLook(unit, MemberVerdict.UNUSABLE, _reason(error))

    def _look_at_tree(
        self,
        member: RegionMember,
        ledger: Ledger,
        tree: SignedTree,
    ) -> MemberLook:
        look = MemberLook(member.unit, MemberVerdict.VERIFIED, tree=tree)
        first = self.units_by_origin.setdefault(tree.checkpoint.origin, member.unit)
        if first != member.unit:
            # A key that was handed over and its successor name one ledger.
            same = Problem("same_ledger", SAME_LEDGER, {"unit": first})
            return replace(look, verdict=MemberVerdict.DIFFERS, reason=same)
        old = age_problem(member, tree, self.moment)
        if old is not None:
            return replace(look, verdict=MemberVerdict.TOO_OLD, reason=old)
        # What no checkpoint signs could still be rewritten without a trace.
        size = tree.checkpoint.size
        known_at = self.moment.known_at
        known = ledger.head().position if known_at is None else ledger.position_at(known_at)
        unsigned = None
        if known > size:
            unsigned = Problem("unsigned_events", UNSIGNED_EVENTS, {"count": known - size})
        position = min(known, size)
        corrections = time_corrections(ledger, position, known_at)
        return replace(
            look,
            counted=True,
            position=position,
            reason=unsigned,
            time_corrections=tuple(corrections),
        )


def age_problem(
    member: RegionMember,
    tree: SignedTree,
    moment: LookMoment,
) -> Problem | None:
    """Return why a member's last signed event is too old at a moment; None where it is not."""
    # A result of the past asks for what was recent then, whenever it is computed again.
    asked_about = moment.present
    if moment.known_at is not None:
        asked_about = min(asked_about, moment.known_at)
    days = member.max_age_days
    if days is None or asked_about - tree.recorded_at <= timedelta(days=days):
        return None
    values: dict[str, object] = {
        "recorded_at": tree.recorded_at,
        "days": days,
        "moment": asked_about,
    }
    return Problem("max_age_days", OLD, values)


def region_look(
    states: Iterable[MemberState],
    units: Iterable[str],
    moment: LookMoment,
    left_out: LeftOut,
) -> RegionLook:
    """Return what of each unit's ledger counts at a moment.

    Every unit is looked at, in one order: one that the file does not name is an absent member.
    """
    by_unit = {state.member.unit: state for state in states}
    around = _LookAround(moment)
    looks: list[MemberLook] = []
    ledgers: list[MemberLedger] = []
    intact_ledgers: dict[str, Ledger] = {}
    for unit in units:
        state = by_unit.get(unit)
        if state is None:
            absent = MemberLook(unit, MemberVerdict.MISSING, Problem("missing", NOT_IN_FILE))
            looks.append(_without_left_out(absent, left_out))
            continue
        look = _without_left_out(around.look_at(state), left_out)
        looks.append(look)
        if state.ledger is not None and look.verdict in _INTACT:
            intact_ledgers[unit] = state.ledger
        if state.ledger is not None and look.counted:
            ledgers.append(_counted_ledger(look, state.member, state.ledger))
    return RegionLook(looks, MemberProjects(tuple(ledgers), opened_place), left_out, intact_ledgers)


def _counted_ledger(
    look: MemberLook,
    member: RegionMember,
    ledger: Ledger,
) -> MemberLedger:
    # Of a member that counts both are known.
    assert look.position is not None
    assert look.tree is not None
    return MemberLedger(look.unit, ledger, look.position, member_place(member, look.tree))


def _without_left_out(
    look: MemberLook,
    left_out: LeftOut,
) -> MemberLook:
    """Return the look, of a member that a person leaves out with the person's reason."""
    if look.unit not in left_out.units:
        return look
    reason = Problem("left_out", LEFT_OUT, {"reason": left_out.reason})
    return replace(look, counted=False, reason=reason)
