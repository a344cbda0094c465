"""What a look at a region's members showed: who counts, is a result official (spec 8)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from commands.handlers.member_ledgers import SignedTree
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, Rejected, msg
from projections.facts.member_projects import MemberProjects
from projections.scoring.result_view import View
from projections.views.record_time_view import TimeCorrectionRow

NOT_COUNTED: Final = msg("{unit} is not counted: {reason}")


class MemberVerdict(StrEnum):
    """What a look at a member showed; only VERIFIED lets it count.

    MISSING: nothing could be opened there. UNUSABLE: the bundle or the witness file is damaged.
    """

    VERIFIED = "VERIFIED"
    DIFFERS = "DIFFERS"
    NOT_SIGNED = "NOT_SIGNED"
    TOO_OLD = "TOO_OLD"
    NEWER_VERSION = "NEWER_VERSION"
    UNUSABLE = "UNUSABLE"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class MemberLook:
    """What a look at a member showed, and the last tree that its key signed.

    `position` is the last event that counts; both are None where nothing could be verified.
    """

    unit: str
    verdict: MemberVerdict
    reason: Problem | None = None
    counted: bool = False
    position: int | None = None
    tree: SignedTree | None = None
    time_corrections: tuple[TimeCorrectionRow, ...] = ()
    """The corrections of its record times that bear on what counts of it."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The members that a person leaves out of the region's numbers, and why."""

    units: tuple[str, ...] = ()
    reason: str = ""


NOBODY_LEFT_OUT: Final = LeftOut()


@dataclass(frozen=True, slots=True)
class RegionLook:
    """All members of a region as they were looked at, and the projects of those that count."""

    members: list[MemberLook]
    projects: MemberProjects
    left_out: LeftOut
    intact_ledgers: dict[str, Ledger] = field(default_factory=dict)
    """The ledgers that verify, by unit, those that are too old or left out included."""

    def over_members(self, view: View) -> View:
        """Return a view of the region's ledger with the members that count, and their projects."""
        return replace(view, projects=self.projects, uncounted=self.uncounted)

    @property
    def counted(self) -> int:
        """How many members count."""
        return sum(member.counted for member in self.members)

    @property
    def uncounted(self) -> frozenset[str]:
        """The members that do not count."""
        return frozenset(member.unit for member in self.members if not member.counted)

    @property
    def is_official(self) -> bool:
        """Whether all count, or a person named every one that does not, with the reason.

        A result of no member at all is none.
        """
        return self.counted > 0 and self.uncounted.issubset(self.left_out.units)

    def require_counted(self, unit: str) -> None:
        """Reject a member that does not count, with the reason."""
        for member in self.members:
            if member.unit == unit and not member.counted and member.reason is not None:
                raise Rejected.by("not_counted", NOT_COUNTED, unit=unit, reason=member.reason)
