"""The claims of one stream, replayed event by event as the ledger's index moved them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from lifecycle.deciding.corrections import VOID, Change, Correction, amendments
from lifecycle.deciding.decision_state import Claim, claims_of
from lifecycle.events import FactCorrected, RecordedEvent
from lifecycle.events.codec import with_fields


class ClaimReplay:
    """What a stream claims after each of its events, and the position that made each claim.

    An effective event that repeats a claim leaves its position; a correction that takes the last
    event with a claim ends it, and one that brings it back starts it at its own position.
    """

    def __init__(self) -> None:
        self.positions: dict[Claim, int] = {}
        """The claims that stand, each with the position of the event or correction that made it."""
        self._facts: dict[int, RecordedEvent] = {}
        self._claims: dict[int, Sequence[Claim]] = {}
        """The claims of each effective event, by version."""
        self._holding = Counter[Claim]()
        """How many effective events make each claim."""
        self._roots: dict[int, int] = {}
        """The fact that each correction is about in the end, by the correction's version."""
        self._corrections: defaultdict[int, list[Correction]] = defaultdict(list)
        """The corrections about each fact, directly or through another correction."""
        self._changes: dict[int, Change] = {}

    def add(self, recorded: RecordedEvent) -> None:
        """Replay the stream's next event. Raises `Rejected` where a correction leaves no event."""
        event = recorded.event
        if isinstance(event, FactCorrected):
            correction = Correction(recorded.version, event.corrects, event.replacement)
            self._correct(correction, recorded.position)
            return
        self._facts[recorded.version] = recorded
        claims = claims_of(event, recorded.stream.name)
        self._set_claims(recorded.version, claims, recorded.position)

    def _correct(self, correction: Correction, position: int) -> None:
        is_direct = correction.corrects not in self._roots
        root = self._roots.get(correction.corrects, correction.corrects)
        self._roots[correction.version] = root
        self._corrections[root].append(correction)
        if is_direct:
            change = _after(self._changes.setdefault(root, {}), correction)
        else:
            # It voids a correction, which may revive any earlier one about the same fact.
            change = amendments(self._corrections[root]).get(root, {})
        self._changes[root] = change
        self._set_claims(root, self._changed_claims(root, change), position)

    def _changed_claims(self, version: int, change: Change) -> Sequence[Claim]:
        fact = self._facts.get(version)
        if fact is None or change is VOID:
            return ()
        event = with_fields(fact.event, change) if change else fact.event
        return claims_of(event, fact.stream.name)

    def _set_claims(
        self,
        version: int,
        claims: Sequence[Claim],
        position: int,
    ) -> None:
        before = self._claims.get(version, ())
        self._claims[version] = claims
        # Counted up before it is counted down: a claim that the change keeps never ends.
        self._holding.update(claims)
        self._holding.subtract(before)
        for claim in before:
            if not self._holding[claim]:
                self.positions.pop(claim, None)
        for claim in claims:
            self.positions.setdefault(claim, position)


def _after(change: Change, correction: Correction) -> Change:
    """Return a fact's change, moved by one more live correction: the newest applies last."""
    if change is VOID or correction.replacement is VOID:
        return VOID
    change.update(correction.replacement)
    return change
