"""Projects folded to facts, stream by stream, from stored rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from lifecycle.ledger.recorders.stored_rows import StoredRow
from projections.facts.effective_history import by_stream, effective
from projections.facts.project_facts import ProjectFacts
from projections.facts.project_folding import fold_project


def folded_projects(
    rows: Iterable[StoredRow],
    day: date,
) -> Iterator[ProjectFacts]:
    """Yield every project of the rows that is there by a day; rows come stream by stream."""
    for stream, stream_rows in by_stream(rows):
        _kind, _slash, code = stream.partition("/")
        facts = fold_project(code, effective(stream_rows, day))
        if facts is not None:
            yield facts
