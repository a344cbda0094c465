"""What a ledger grew by between two positions: the streams with new events, projects with rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lifecycle.events import Stream, StreamKind
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.store import Ledger
from projections.facts.effective_history import by_stream
from projections.facts.moved_projects import is_correction, mention_moves

MOST_EVENTS: Final = 2_000
"""Of so many new events more than a few streams are: working everything out again costs less."""


@dataclass(frozen=True, slots=True)
class LedgerGrowth:
    """The streams with events after a position, each project with all its rows up to a later one.

    A project that got its events after the later position may be among them: its rows say so.
    """

    after: int
    kinds: frozenset[StreamKind]
    project_rows: Mapping[str, Sequence[StoredRow]]

    @property
    def moves_projects(self) -> bool:
        """Whether a project moves, or a void takes back that it did: other streams name it."""
        return any(map(self._moves, self.project_rows.values()))

    def _moves(self, rows: Sequence[StoredRow]) -> bool:
        # Corrections are few; only where one was recorded are all rows looked through.
        is_corrected = any(row[0] > self.after and is_correction(row) for row in rows)
        return is_corrected and mention_moves(rows)


def ledger_growth(
    ledger: Ledger,
    after: int,
    position: int,
) -> LedgerGrowth | None:
    """Return what a ledger grew by from one position to a later one; None where that is much."""
    if position - after > MOST_EVENTS:
        return None
    stream_ids = [] if position == after else ledger.changed_streams(after)
    streams = [Stream.of(stream_id) for stream_id in stream_ids]
    project_ids = [stream.id for stream in streams if stream.kind == "project"]
    project_rows = {}
    with ledger.rows_of_streams(project_ids, position) as rows:
        for stream_id, stream_rows in by_stream(rows):
            project_rows[Stream.of(stream_id).name] = stream_rows
    kinds = frozenset(stream.kind for stream in streams)
    return LedgerGrowth(after, kinds, project_rows)
