"""The projects' effective events in memory, for results that are worked out again and again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lifecycle.events import Stream
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.store import Ledger
from projections.facts.effective_history import by_stream, effective, events_by
from projections.facts.ledger_growth import LedgerGrowth
from projections.facts.narrow_events import DatedEvent
from projections.facts.project_facts import ProjectFacts
from projections.facts.project_folding import fold_project
from projections.facts.values_by_code import ValuesByCode


@dataclass(frozen=True, slots=True)
class KeptHistories:
    """Every project's effective events up to a position, whatever their day, in order of the codes.

    Nothing here changes once it is made: later histories share what did not grow.
    """

    position: int
    events_by_code: ValuesByCode[list[DatedEvent]]

    @classmethod
    def read(cls, ledger: Ledger, position: int) -> KeptHistories:
        """Read all of them from the ledger. Raises `StoreError` where a row is damaged."""
        events_by_code = {}
        with ledger.rows_of_kind("project", position) as rows:
            for stream_id, stream_rows in by_stream(rows):
                events_by_code[Stream.of(stream_id).name] = effective(stream_rows)
        # In order of the codes, so that results list projects alike however they are stored.
        return cls(position, ValuesByCode(events_by_code))

    def grown(self, growth: LedgerGrowth, position: int) -> KeptHistories | None:
        """Return the histories at a later position, of which only streams that grew are read.

        None where such a stream no longer begins with what was read of it before: then the store
        was changed beneath.
        """
        grown = {}
        for code, rows in growth.project_rows.items():
            if not self._begin(code, rows):
                return None
            grown[code] = effective(rows)
        return KeptHistories(position, self.events_by_code.exchanged(grown))

    def _begin(self, code: str, rows: Sequence[StoredRow]) -> bool:
        """Whether a project's rows up to the position are those that were read."""
        read_before = [row for row in rows if row[0] <= self.position]
        return effective(read_before) == self.events_by_code.get(code, [])

    def agrees_with(self, ledger: Ledger) -> bool:
        """Read the store again, and return whether it still says what was read of it."""
        # What is left over at the end is a project that the store no longer has.
        unseen = dict(self.events_by_code)
        with ledger.rows_of_kind("project", self.position) as rows:
            for stream_id, stream_rows in by_stream(rows):
                code = Stream.of(stream_id).name
                if effective(stream_rows) != unseen.pop(code, None):
                    return False
        return not unseen

    def events(self, code: str, day: date) -> Sequence[DatedEvent]:
        """Return a project's effective events by a day; none where it is not there by then."""
        return events_by(self.events_by_code.get(code, []), day)

    def facts(self, code: str, day: date) -> ProjectFacts | None:
        """Return a project's facts by a day; None where it is not there by then."""
        return fold_project(code, self.events(code, day))

    def project_facts(self, day: date) -> Iterator[ProjectFacts]:
        """Yield the facts of every project that is there by a day."""
        for code in self.events_by_code:
            facts = self.facts(code, day)
            if facts is not None:
                yield facts
