"""The effective facts of one stream, found by version, by what they move and by what they read.

A correction takes a fact out or puts another in its place; all the indexes follow by that one fact.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterator, KeysView, Sequence

from lifecycle.deciding.claims import Claim, claims_of
from lifecycle.deciding.rule_topics import (
    IN_ORDER_OF_DAYS,
    READ_BY_ALL,
    WHATEVER_THE_VERSION,
    Topic,
    moved_topics,
    read_topics,
)
from lifecycle.events import RecordedEvent


class EffectiveFacts:
    """The facts of a stream that no correction voids, as corrections left them."""

    def __init__(self, stream_name: str) -> None:
        self._stream_name = stream_name
        self._facts: dict[int, RecordedEvent] = {}
        self._moving: defaultdict[Topic, list[int]] = defaultdict(list)
        """The versions of the facts that move a topic, in order."""
        self._reading: defaultdict[Topic, list[int]] = defaultdict(list)
        """The versions of the facts whose rules look at a topic, in order."""
        self._holding = Counter[Claim]()
        """How many facts make each claim."""

    # By version ---------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[RecordedEvent]:
        for version in sorted(self._facts):
            yield self._facts[version]

    def __getitem__(self, version: int) -> RecordedEvent:
        return self._facts[version]

    def get(self, version: int) -> RecordedEvent | None:
        """Return the fact of a version; None where it is void or cannot be read."""
        return self._facts.get(version)

    @property
    def versions(self) -> KeysView[int]:
        """The versions of the facts, in no order."""
        return self._facts.keys()

    def enter(self, fact: RecordedEvent) -> None:
        """Take a fact in."""
        self._facts[fact.version] = fact
        self._holding.update(claims_of(fact.event, self._stream_name))
        for topic in moved_topics(fact.event):
            insort(self._moving[topic], fact.version)
        for topic in read_topics(fact.event):
            insort(self._reading[topic], fact.version)

    def exchange(self, version: int, fact: RecordedEvent | None) -> None:
        """Put a fact in the place of its version's; None takes that one out."""
        before = self._facts.get(version)
        if before is not None:
            self._leave(before)
        if fact is not None:
            self.enter(fact)

    def _leave(self, fact: RecordedEvent) -> None:
        del self._facts[fact.version]
        self._holding.subtract(claims_of(fact.event, self._stream_name))
        for topic in moved_topics(fact.event):
            _remove(self._moving[topic], fact.version)
        for topic in read_topics(fact.event):
            _remove(self._reading[topic], fact.version)

    # By topic and claim -------------------------------------------------------------------------

    def claims(self) -> set[Claim]:
        """Return what the facts claim, each by itself."""
        return {claim for claim, holders in self._holding.items() if holders > 0}

    def moving(self, topic: Topic) -> Sequence[int]:
        """Return the versions of the facts that move a topic, in order."""
        return self._moving.get(topic, ())

    def deciding(self, topic: Topic, before: int | None = None) -> Sequence[int]:
        """Return the versions below a version, or all, that settle what a topic says there."""
        versions = self.moving(topic)
        end = len(versions) if before is None else bisect_left(versions, before)
        # All that changes a task, pause or resource counts, by days; of all else the last event.
        start = 0 if topic[0] in IN_ORDER_OF_DAYS else max(end - 1, 0)
        return versions[start:end]

    def readers(self, topic: Topic, after: int) -> Iterator[int]:
        """Yield the versions whose rules look at what the fact of a version says of a topic."""
        if topic in READ_BY_ALL:
            yield from (version for version in self._facts if version > after)
            return
        versions = self._reading.get(topic, [])
        if topic in WHATEVER_THE_VERSION:
            # Days order them, so that one revived later may stand before one recorded since.
            yield from versions
            return
        yield from versions[bisect_left(versions, after + 1) :]

    def looked_at(self, fact: RecordedEvent) -> list[int]:
        """Return the versions that a fact's rules may look at, in order: those before it.

        Pauses and resources are looked at whichever was recorded first.
        """
        versions: set[int] = set()
        for topic in (*READ_BY_ALL, *read_topics(fact.event)):
            before = None if topic in WHATEVER_THE_VERSION else fact.version
            versions.update(self.deciding(topic, before))
        versions.discard(fact.version)
        return sorted(versions)


def _remove(versions: list[int], version: int) -> None:
    """Remove a version from a sorted list without searching all of it."""
    del versions[bisect_left(versions, version)]
