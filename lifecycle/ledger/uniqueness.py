"""The indexes beside the events that let a decision ask about other streams: claims, sheet numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lifecycle.deciding.decision_state import Claim
from lifecycle.ledger.recorders.ledger_recorder import Cursor, LedgerRecorder


class ClaimIndex:
    """The tables `ledger_claims` and `ledger_numbers` as a session sees them: stored rows and what waits to be stored."""

    def __init__(self, recorder: LedgerRecorder, cursor: Cursor) -> None:
        self._recorder = recorder
        self._cursor = cursor
        self._added: defaultdict[Claim, dict[str, int]] = defaultdict(dict)
        self._removed: set[tuple[Claim, str]] = set()
        self._numbers: dict[tuple[str, int], int] = {}
        self._numbers_given: set[tuple[str, int]] = set()

    def add(self, claim: Claim, stream_id: str, position: int) -> None:
        """The stream holds the claim from the event at this position."""
        self._added[claim][stream_id] = position

    def remove(self, claim: Claim, stream_id: str) -> None:
        """A correction took the claim away."""
        self._added[claim].pop(stream_id, None)
        self._removed.add((claim, stream_id))

    def holder(self, kind: str, value: str, other_than: str) -> str | None:
        """The id of the first stream, other than one, that holds the claim."""
        claim = Claim(kind, value)
        self._query(
            "SELECT stream, position FROM ledger_claims WHERE kind = ? AND value = ?", kind, value
        )
        held = {
            row[0]: row[1]
            for row in self._cursor.fetchall()
            if (claim, row[0]) not in self._removed
        }
        held |= self._added.get(claim, {})
        return min(
            (stream for stream in held if stream != other_than), key=held.__getitem__, default=None
        )

    def pairs(self, kind: str) -> Iterator[tuple[Claim, str]]:
        """Every claim of a kind with its stream."""
        self._query("SELECT value, stream FROM ledger_claims WHERE kind = ?", kind)
        stored = [(Claim(kind, value), stream) for value, stream in self._cursor.fetchall()]
        yield from (pair for pair in stored if pair not in self._removed)
        yield from (
            (claim, stream)
            for claim, streams in self._added.items()
            if claim.kind == kind
            for stream in streams
        )

    def of_kind(self, kind: str) -> Iterator[Claim]:
        """Every claim of a kind."""
        return (claim for claim, _ in self.pairs(kind))

    def number_given(self, sign: str, year: int, counter: int) -> None:
        """A sheet of this sign and year took the counter."""
        self._numbers[sign, year] = counter
        self._numbers_given.add((sign, year))

    def last_number(self, sign: str, year: int) -> int:
        """The last counter given, 0 without any."""
        if (sign, year) not in self._numbers:
            self._query(
                "SELECT counter FROM ledger_numbers WHERE sign = ? AND year = ?", sign, year
            )
            row = self._cursor.fetchone()
            self._numbers[sign, year] = row[0] if row else 0
        return self._numbers[sign, year]

    def _query(self, statement: str, *parameters: object) -> None:
        self._cursor.execute(self._recorder.sql(statement), parameters)

    def flush(self, cursor: Cursor) -> None:
        """Store what waits, through a write transaction, which is asked from now on."""
        self._cursor = cursor
        sql = self._recorder.sql
        if self._removed:
            gone = [(*claim, stream) for claim, stream in self._removed]
            cursor.executemany(
                sql("DELETE FROM ledger_claims WHERE kind = ? AND value = ? AND stream = ?"), gone
            )
        if self._added:
            new = [
                (*claim, stream, position)
                for claim, streams in self._added.items()
                for stream, position in streams.items()
            ]
            cursor.executemany(
                sql("INSERT INTO ledger_claims VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"), new
            )
        if self._numbers_given:
            given = [(sign, year, self._numbers[sign, year]) for sign, year in self._numbers_given]
            cursor.executemany(
                sql(
                    "INSERT INTO ledger_numbers VALUES (?, ?, ?) ON CONFLICT (sign, year) DO UPDATE SET counter = EXCLUDED.counter"
                ),
                given,
            )
        self._added.clear()
        self._removed.clear()
        self._numbers_given.clear()
