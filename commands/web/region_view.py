"""A region at a view: its own ledger, over its members as they were last verified (spec 8)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from functools import cached_property
from operator import attrgetter
from threading import Lock
from typing import Final

from cachetools import LRUCache, cachedmethod

from commands.handlers.region_look import LeftOut, MemberLook, RegionLook
from commands.handlers.region_members import look_of_day
from commands.handlers.watched_members import MembersNow, WatchedMembers
from commands.web.accounts import Reader
from commands.web.county_view import CountyView
from commands.web.county_views import HOLD, CountyViews
from commands.words import member_words
from commands.words.messages import labelled
from commands.words.record_time_words import printed_time_correction
from lifecycle.events import Stream
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.store import Ledger
from projections.audit.publication_problems import check_publications
from projections.audit.publications import PublicationCheck
from projections.facts.member_projects import member_code
from projections.scoring.result_view import View
from projections.views.counted_twice import CountedTwice, counted_twice

# Older views hold on to what their members had then.
_VIEWS: Final = 6


class RegionReader(Reader):
    """Who reads a region's pages: no role sees names of persons, which are the members' matter."""

    @property
    def sees_persons(self) -> bool:
        """False for everybody."""
        return False


def as_region_reader(reader: Reader) -> Reader:
    """The same reader, of a region's pages."""
    return RegionReader(reader.name, reader.role, reader.unit)


class RegionView(CountyView):
    """A region at a view; `look` says what of each member counts in it."""

    def __init__(
        self,
        ledger: Ledger,
        view: View,
        look: RegionLook,
        now: MembersNow,
        evidence: EvidenceStore | None = None,
    ) -> None:
        super().__init__(ledger, look.over_members(view), evidence)
        self.look = look
        self.verified_at = now.verified_at
        self._generation = now.generation, now.aged

    @property
    def members_state(self) -> Hashable:
        """Which look at the members the view rests on."""
        return self._generation

    @property
    def standing(self) -> str:
        """How many members count, and whether that is official."""
        counted, count = self.look.counted, len(self.look.members)
        return member_words.standing(counted, count, is_official=self.look.is_official)

    @cached_property
    def conflicts(self) -> list[CountedTwice]:
        """The projects that two members that count report."""
        return counted_twice(self.look.projects, self.view.as_of)

    def member(self, unit: str) -> MemberLook | None:
        """What the look at a member showed; None for a unit that is none."""
        for look in self.look.members:
            if look.unit == unit:
                return look
        return None

    def source_of(self, unit: str, code: str) -> tuple[Ledger, View, Stream]:
        """Where the events of a member's project are: its ledger, the view of it, the stream."""
        own_code = code.removeprefix(member_code(unit, ""))
        for member in self.look.projects.members:
            if member.unit == unit:
                own_view = replace(self.view, position=member.position)
                return member.ledger, own_view, Stream("project", own_code)
        raise KeyError(unit)

    def time_correction_lines(self) -> list[str]:
        """Which record times were corrected, the members' too."""
        lines = super().time_correction_lines()
        for member in self.look.members:
            if member.counted:
                for row in member.time_corrections:
                    lines.append(labelled(member.unit, printed_time_correction(row)))
        return lines

    def publications(self) -> list[PublicationCheck]:
        """Each published result, and what computing it again from the members' ledgers gives."""
        return check_publications(self.ledger, self.look.intact_ledgers)


def _region_key(_regions: RegionViews, view: View, now: MembersNow) -> Hashable:
    return view, now.generation, now.aged


class RegionViews(CountyViews):
    """The region at the views that readers ask for, over its members as they are now."""

    def __init__(
        self,
        ledger: Ledger,
        watched: WatchedMembers,
        left_out: LeftOut,
        evidence: EvidenceStore | None = None,
        *,
        hold: float = HOLD,
    ) -> None:
        super().__init__(ledger, evidence, hold=hold)
        self._watched = watched
        self._left_out = left_out
        self._regions: LRUCache[Hashable, RegionView] = LRUCache(_VIEWS)
        self._regions_lock = Lock()

    def at(self, view: View) -> RegionView:
        """The region at a view. Raises `Rejected` where a member is no unit of the view's moment.

        What waits for the members must not keep others from views that are there.
        """
        return self._over_members(view, self._watched.now())

    @cachedmethod(attrgetter("_regions"), key=_region_key, lock=attrgetter("_regions_lock"))
    def _over_members(self, view: View, now: MembersNow) -> RegionView:
        look = look_of_day(
            self._ledger,
            now.states,
            view.as_of,
            view.position,
            known_at=view.known_at,
            left_out=self._left_out,
        )
        return RegionView(self._ledger, view, look, now, self._evidence)
