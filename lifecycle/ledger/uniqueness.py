"""The uniqueness indexes beside the events, by which a decision looks across streams."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from lifecycle.deciding.claims import CLAIMING_EVENTS, Claim, claims_of
from lifecycle.deciding.drafts import Draft
from lifecycle.deciding.sheet_numbers import SHEET_KINDS, SHEET_NUMBER
from lifecycle.events.project_events import InformationReported
from lifecycle.ledger.claim_index import in_order
from lifecycle.ledger.recorders.append_batch import (
    ClaimChanges,
    LostClaim,
    TakenClaim,
    TakenNumber,
)
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.name_index import (
    NAME_KINDS,
    NAMES_VERSION,
    NEAR,
    code_claim,
    name_claims,
    near_claims,
)
from lifecycle.ledger.recorders.stored_rows import in_parts
from lifecycle.rejections import Conflict, StoreError, msg

_SELECT_HOLDERS = "SELECT stream, position FROM ledger_claims WHERE kind = ? AND value = ?"
_SELECT_MANY = (
    "SELECT value, stream, position FROM ledger_claims WHERE kind = ? AND value IN ({places})"
)
_SELECT_KIND = "SELECT value, stream FROM ledger_claims WHERE kind = ?"
# Of a thousand equal names any few will do: no answer may cost more than the one before.
_SELECT_NEAR = (
    "SELECT stream, count(*) FROM"
    " (SELECT stream FROM ledger_claims WHERE kind = ? AND value IN ({places}) LIMIT 512) AS shared"
    " GROUP BY stream ORDER BY count(*) DESC, stream LIMIT ?"
)
MOST_NEAR: Final = 12
"""So many streams at most are looked at for near names."""
_SELECT_NUMBER = "SELECT counter FROM ledger_numbers WHERE sign = ? AND year = ?"


NUMBER_CHANGED: Final = msg(
    "the last number of {sign} in {year} is {stored} in the store and {counter} by the events: the "
    "store was changed outside lifecycle; its owner restores it by `lifecycle audit repair`"
)


def asked_claims(draft: Draft) -> Iterator[Claim]:
    """Yield the claims whose holders the decision on a record asks for."""
    if type(draft.event) not in CLAIMING_EVENTS:
        return
    for claim in claims_of(draft.event, draft.stream.name):
        # A unit is named by most of the ledger, and no decision on a record asks by whom; nor who
        # uses a word.
        if claim.kind not in ("names", "word"):
            yield claim
    if isinstance(draft.event, InformationReported):
        yield code_claim(draft.stream.id)


class UniquenessIndex:
    """The tables `ledger_claims` and `ledger_numbers` with the rows that are still pending."""

    def __init__(
        self,
        recorder: LedgerRecorder,
        cursor: Cursor,
        head: Head,
    ) -> None:
        self._recorder = recorder
        self._cursor = cursor
        self._first_head_position = head.position
        self._head_position = head.position
        self._has_name_index = head.schema_version >= NAMES_VERSION
        self._names: dict[Claim, dict[str, int]] | None = None
        """The rows that a store of an earlier version lacks, by claim."""
        self._prefetched: dict[Claim, list[tuple[str, int]]] = {}
        """The stored holders of claims that a batch was found to ask for."""
        self._added: defaultdict[Claim, dict[str, int]] = defaultdict(dict)
        self._removed: set[tuple[Claim, str]] = set()
        self._last_numbers: dict[tuple[str, int], int] = {}
        self._changed_numbers: set[tuple[str, int]] = set()

    # Claims -------------------------------------------------------------------------------------

    def add(
        self,
        claim: Claim,
        stream_id: str,
        position: int,
    ) -> None:
        """Let the stream hold the claim from the event at this position on."""
        self._added[claim][stream_id] = position

    def remove(self, claim: Claim, stream_id: str) -> None:
        """Take the claim from the stream, because a correction changed the fact it rests on."""
        self._added[claim].pop(stream_id, None)
        self._removed.add((claim, stream_id))

    def add_name(self, normalised_name: str, stream_id: str, position: int) -> None:
        """Let a project be found by its code and its name."""
        self.add(code_claim(stream_id), stream_id, position)
        for claim in near_claims(normalised_name):
            self.add(claim, stream_id, position)

    def remove_name(self, normalised_name: str, stream_id: str) -> None:
        """Let a project be found no longer by its code and a name."""
        self.remove(code_claim(stream_id), stream_id)
        for claim in near_claims(normalised_name):
            self.remove(claim, stream_id)

    def holders(self, claim: Claim) -> Sequence[str]:
        """Return the ids of the streams that hold a claim, the first that claimed it first."""
        positions: dict[str, int] = {}
        for stream_id, position in self._stored_holders(claim):
            if (claim, stream_id) not in self._removed:
                positions[stream_id] = position
        positions.update(self._added.get(claim, {}))
        return in_order(positions)

    def prefetch(self, claims: Iterable[Claim]) -> None:
        """Look up the holders of many claims at once; they count until the pending rows are taken.

        Only a unit of work that holds the write lock may: nobody else stores a claim meanwhile.
        """
        unknown: defaultdict[str, list[str]] = defaultdict(list)
        for claim in claims:
            is_stored = claim.kind not in NAME_KINDS or self._has_name_index
            if is_stored and claim not in self._prefetched:
                self._prefetched[claim] = []
                unknown[claim.kind].append(claim.value)
        for kind, values in unknown.items():
            for part in in_parts(values):
                self._query(_SELECT_MANY.format(places=", ".join("?" * len(part))), kind, *part)
                for value, stream_id, position in self._cursor.fetchall():
                    self._prefetched[Claim(kind, value)].append((stream_id, position))

    def _stored_holders(self, claim: Claim) -> Sequence[tuple[str, int]]:
        prefetched = self._prefetched.get(claim)
        if prefetched is not None:
            return prefetched
        if claim.kind in NAME_KINDS and not self._has_name_index:
            return [*self._names_by_claim().get(claim, {}).items()]
        self._query(_SELECT_HOLDERS, claim.kind, claim.value)
        holders: list[tuple[str, int]] = self._cursor.fetchall()
        return holders

    def near(self, normalised_name: str) -> Sequence[str]:
        """Return the streams that share most signatures of a name, those with most first."""
        claims = [*near_claims(normalised_name)]
        shared: Counter[str] = Counter()
        for stream_id, count in self._stored_near(claims):
            shared[stream_id] = count
        for claim in claims:
            shared.update(self._added.get(claim, {}).keys())
        for claim, stream_id in self._removed:
            if claim in claims:
                shared[stream_id] -= 1
        return [stream_id for stream_id, count in shared.most_common(MOST_NEAR) if count > 0]

    def _stored_near(self, claims: Sequence[Claim]) -> Iterator[tuple[str, int]]:
        if self._has_name_index:
            places = ", ".join("?" * len(claims))
            values = [claim.value for claim in claims]
            self._query(_SELECT_NEAR.format(places=places), NEAR, *values, MOST_NEAR)
            yield from self._cursor.fetchall()
            return
        names = self._names_by_claim()
        shared = Counter(stream_id for claim in claims for stream_id in names.get(claim, {}))
        yield from shared.most_common(MOST_NEAR)

    def _names_by_claim(self) -> dict[Claim, dict[str, int]]:
        """Return the rows that a store of an earlier version lacks; it is read whole for them."""
        if self._names is None:
            self._names = {}
            self._query(_SELECT_KIND, "identity")
            for claim, stream_id in name_claims(self._cursor.fetchall()):
                self._names.setdefault(claim, {})[stream_id] = 0
        return self._names

    def pairs(self, kind: str) -> Iterator[tuple[str, str]]:
        """Yield every claim of a kind as its value and the stream that holds it."""
        self._query(_SELECT_KIND, kind)
        # Read to the end before yielding: the caller may use the cursor for its next question.
        for value, stream_id in self._cursor.fetchall():
            if (Claim(kind, value), stream_id) not in self._removed:
                yield value, stream_id
        for claim, stream_ids in self._added.items():
            if claim.kind == kind:
                for stream_id in stream_ids:
                    yield claim.value, stream_id

    # Numbers of sheets --------------------------------------------------------------------------

    def set_last_number(
        self,
        sign: str,
        year: int,
        counter: int,
    ) -> None:
        """Note that a sheet of this sign and year took the counter."""
        self._last_numbers[sign, year] = counter
        self._changed_numbers.add((sign, year))

    def last_number(self, sign: str, year: int) -> int:
        """Return the last counter of this sign and year, 0 where there is none."""
        if (sign, year) not in self._last_numbers:
            self._query(_SELECT_NUMBER, sign, year)
            row = self._cursor.fetchone()
            counter = row[0] if row else 0
            self._confirm_number(sign, year, counter)
            self._last_numbers[sign, year] = counter
        return self._last_numbers[sign, year]

    def _confirm_number(self, sign: str, year: int, counter: int) -> None:
        """Raise `StoreError` where the sheets themselves say another last number.

        A number set back would be given twice, one put ahead would leave a gap.
        """
        # Whatever this unit of work has appended since, its sheets of a year that it asks about
        # for the first time are of other years.
        issued = self._recorder.last_sheet_number(
            self._cursor, SHEET_KINDS[sign], year, self._first_head_position
        )
        match = None if issued is None else SHEET_NUMBER.fullmatch(issued)
        by_events = 0 if match is None else int(match["counter"])
        if counter != by_events:
            # Without a lock PostgreSQL's statements see one commit after another.
            if read_head(self._cursor).position != self._head_position:
                raise Conflict(msg("another process recorded first"))
            raise StoreError(
                NUMBER_CHANGED, sign=sign, year=year, stored=counter, counter=by_events
            )

    # Storing ------------------------------------------------------------------------------------

    def _query(self, statement: str, *parameters: object) -> None:
        self._cursor.execute(self._recorder.sql(statement), parameters)

    def take_changes(self) -> ClaimChanges:
        """Return the pending rows, to be stored with the events that they come from."""
        changes = ClaimChanges()
        for claim, stream_id in self._removed:
            changes.lost.append(LostClaim(claim.kind, claim.value, stream_id))
        for claim, positions in self._added.items():
            for stream_id, position in positions.items():
                changes.taken.append(TakenClaim(claim.kind, claim.value, stream_id, position))
        for sign, year in self._changed_numbers:
            changes.numbers.append(TakenNumber(sign, year, self._last_numbers[sign, year]))
        self._prefetched.clear()
        self._added.clear()
        self._removed.clear()
        self._changed_numbers.clear()
        return changes

    def go_on_behind(self, head: Head) -> None:
        """Look up what is stored now that the ledger ends at a head."""
        self._names = None
        self._has_name_index = head.schema_version >= NAMES_VERSION
        self._head_position = head.position
