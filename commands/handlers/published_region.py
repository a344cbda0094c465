"""What a region's publication says of its members, and when it would not be official (spec 8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from commands.handlers.region_look import MemberLook, RegionLook
from lifecycle.events.county_events import PublishedMember
from lifecycle.part_engine import PartEngine
from lifecycle.rejections import Problem, Rejected, msg
from projections.scoring.result_view import View

NONE_COUNTED: Final = msg(
    "none of the {count} members counts, so there is no result to publish; `lifecycle region "
    "verify` says why"
)
NOT_ALL_COUNTED: Final = msg(
    "members are not counted: {units}; leave them out by name with --without and --reason, or "
    "publish with --unofficial REASON: such a result is marked for ever and supersedes nothing"
)
EVENTS_LEFT_OUT: Final = msg(
    "--known-at leaves out the last {count} signed events of {unit}; leave it out, or publish "
    "with --unofficial REASON: such a result is marked for ever and supersedes nothing"
)


@dataclass(frozen=True, slots=True)
class PublishedRegion:
    """A region's members as they were looked at for a publication."""

    look: RegionLook
    engine: PartEngine | None = None

    def over_members(self, view: View) -> View:
        """Return a view over the members that count, for the engine to evaluate."""
        return replace(self.look.over_members(view), engine=self.engine)

    def members(self) -> list[PublishedMember]:
        """Return every member with the tree that its key had signed, in the region's order."""
        left_out = self.look.left_out
        members = []
        for member in self.look.members:
            reason = left_out.reason if member.unit in left_out.units else None
            members.append(_published_member(member, reason))
        return members

    def require_any_counted(self) -> None:
        """Reject a result of no member at all: no reason makes it one."""
        if not self.look.counted:
            raise Rejected.by("not_official", NONE_COUNTED, count=len(self.look.members))

    def problems(self) -> Iterator[Problem]:
        """Yield why the result would not be official for its members."""
        named = self.look.left_out.units
        absent = [unit for unit in self._uncounted_in_order() if unit not in named]
        if absent:
            yield Problem("not_official", NOT_ALL_COUNTED, {"units": absent})
        for member in self.look.members:
            if member.tree is None or member.position is None or not member.counted:
                continue
            count = member.tree.checkpoint.size - member.position
            if count:
                values: dict[str, object] = {"unit": member.unit, "count": count}
                yield Problem("not_at_the_end", EVENTS_LEFT_OUT, values)

    def _uncounted_in_order(self) -> list[str]:
        return [member.unit for member in self.look.members if not member.counted]


def _published_member(
    member: MemberLook,
    left_out: str | None,
) -> PublishedMember:
    verdict = member.verdict.value
    tree = member.tree
    if tree is None:
        return PublishedMember(
            unit=member.unit, verdict=verdict, counted=member.counted, left_out=left_out
        )
    return PublishedMember(
        unit=member.unit,
        verdict=verdict,
        counted=member.counted,
        position=member.position,
        origin=tree.checkpoint.origin,
        tree_size=tree.checkpoint.size,
        root=tree.checkpoint.root.hex(),
        checkpoint=str(tree.note),
        left_out=left_out,
    )
