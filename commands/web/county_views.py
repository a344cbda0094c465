"""The county at the views that readers ask for, and what of it is kept from one to the next."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from operator import attrgetter
from threading import Lock
from typing import Final, NamedTuple

from cachetools import LRUCache, cachedmethod

from commands.web.county_view import CountyView
from commands.web.store_watch import StoreWatch
from lifecycle.events import COUNTY
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import LedgerError
from lifecycle.rulebook import LoadedRulebook
from projections.facts.county_facts import CountyFacts, county_facts
from projections.scoring import rulebook_in_force
from projections.scoring.result_view import View
from projections.views.kept_check import agrees_with_history
from projections.views.kept_parts import KeptParts

# With every recorded event the present view is another one; a few older ones stay in use.
_VIEWS: Final = 6
# Each has all projects of a county, which views at different positions share.
_KEPT_AXES: Final = 4
# Seconds for which pages stay at a position. Readers share what was computed for it, however fast
# clerks record.
HOLD: Final = 5.0
# Seconds between two times that the store is read again. It takes a second or two of a large
# ledger, in which other pages wait.
CHECK_SECONDS: Final = 300.0


class _HeldPosition(NamedTuple):
    """Where pages stand, and until when."""

    position: int
    until: float


class CountyViews:
    """The county at the views that readers ask for; the last of them are kept."""

    def __init__(
        self,
        ledger: Ledger,
        evidence: EvidenceStore | None = None,
        *,
        hold: float = HOLD,
    ) -> None:
        self._ledger = ledger
        self._evidence = evidence
        self._store = StoreWatch(ledger)
        self.on_change: Callable[[], None] = lambda: None
        """Called when the store turns out to be changed beneath what is kept of it."""
        self._lock = Lock()
        self._counties: LRUCache[View, CountyView] = LRUCache(_VIEWS)
        self._kept: LRUCache[View, KeptParts] = LRUCache(_KEPT_AXES)
        self._facts: LRUCache[int, CountyFacts] = LRUCache(_VIEWS)
        self._newest_facts: CountyFacts | None = None
        self._hold = hold
        self._looking = Lock()
        self._held = _HeldPosition(0, 0.0)
        self._checking = Lock()
        self._checked_at = time.monotonic()
        self.changes_seen = 0
        """How often the store turned out to be changed beneath: earlier pages show what was."""

    def position(self) -> int:
        """Where the pages stand: at the ledger's end, as it was a few seconds ago at most."""
        with self._looking:
            if self.seconds_held() <= 0 or self._store.must_look:
                head, has_grown = self._store.look()
                if not has_grown:
                    self._forget()
                self._held = _HeldPosition(head.position, time.monotonic() + self._hold)
            return self._held.position

    def seconds_held(self) -> float:
        """How long pages still stay where they stand; zero or less where the next one looks."""
        return self._held.until - time.monotonic()

    def end_hold(self) -> None:
        """Let the next page look where the ledger ends by then."""
        self._held = self._held._replace(until=0.0)

    @cachedmethod(attrgetter("_facts"), lock=attrgetter("_lock"))
    def facts_at(self, position: int) -> CountyFacts:
        """What the county's own events say by a position."""
        facts = self._newest_facts
        # The county's stream holds every publication: it is read again once it has grown.
        if facts is None or facts.position > position or self._county_grew(facts.position):
            facts = county_facts(self._ledger, position)
        self._newest_facts = facts._replace(position=position)
        return self._newest_facts

    def _county_grew(self, since: int) -> bool:
        return COUNTY.id in self._ledger.changed_streams(since)

    def adopted(self) -> list[LoadedRulebook]:
        """The rulebooks adopted by where the pages stand."""
        return rulebook_in_force.adopted(self.facts_at(self.position()))

    def at(self, view: View) -> CountyView:
        """The county at a view."""
        return self._county(view)

    @cachedmethod(attrgetter("_counties"), lock=attrgetter("_lock"))
    def _county(self, view: View) -> CountyView:
        # All that tells two positions of one page apart; the moment asked for only leads to one.
        axes = replace(view, position=0, known_at=None, county=None)
        return CountyView(self._ledger, view, self._evidence, self._kept_at(axes))

    @cachedmethod(attrgetter("_kept"), lock=attrgetter("_lock"))
    def _kept_at(self, _axes: View) -> KeptParts:
        return KeptParts(self._forget)

    def _forget(self) -> None:
        """Forget everything, so that pages are worked out from the store as it is now."""
        with self._lock:
            for cache in (self._counties, self._kept, self._facts):
                cache.clear()
            self._newest_facts = None
            self.changes_seen += 1
        self.on_change()

    # Held against history

    def check_if_due(self) -> None:
        """Read the store again, at most every few minutes, and forget what it no longer says."""
        if not self._checking.acquire(blocking=False):
            return
        try:
            if time.monotonic() - self._checked_at >= CHECK_SECONDS:
                self.check()
                self._checked_at = time.monotonic()
        finally:
            self._checking.release()

    def check(self) -> None:
        """Read the store again, and forget everything unless it still says what was read of it."""
        with self._lock:
            kept_parts = list(self._kept.values())
            facts = self._newest_facts
        self._ledger.recorder.forget_pages()
        try:
            agrees = all(agrees_with_history(self._ledger, kept) for kept in kept_parts)
            if facts is not None:
                agrees = agrees and county_facts(self._ledger, facts.position) == facts
        except LedgerError:
            # Damage: the pages that read it say which event it is.
            agrees = False
        if not agrees:
            self._forget()
