"""Projects folded to facts, stream by stream: from stored rows, or from wherever a result's are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Protocol

from lifecycle.ledger.recorders.stored_rows import StoredRow
from projections.facts.effective_history import by_stream, effective
from projections.facts.project_facts import ProjectFacts
from projections.facts.project_folding import fold_project


class ProjectSource(Protocol):
    """Where the projects of a result come from, if not from the ledger that the result is of."""

    def project_facts(
        self,
        day: date,
        codes: Sequence[str] | None = None,
    ) -> Iterator[ProjectFacts]:
        """Yield every project that is there by a day, or those of the codes."""

    def units_with_projects(
        self,
        day: date,
        names: set[str],
    ) -> set[str]:
        """Return those of the units that a project names by a day."""


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
