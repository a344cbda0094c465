"""The codes that projects have at a position: names of a former code are read as the new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lifecycle.events import Stream
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.store import Ledger
from projections.facts.moved_projects import codes_passed


def code_reader(ledger: Ledger, position: int) -> Callable[[str], str]:
    """Return what reads a project's code as the one that it has now (spec 7, `project move`)."""
    codes: dict[str, str] = {}

    def rows_of(code: str) -> Sequence[StoredRow]:
        with ledger.rows_of_streams([Stream("project", code).id], position) as rows:
            return list(rows)

    def code_now(code: str) -> str:
        if code not in codes:
            codes[code] = codes_passed(code, rows_of)[-1]
        return codes[code]

    return code_now
