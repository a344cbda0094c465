"""Compare claims, sheet numbers, keys and the head's record time with what the events yield."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lifecycle.ledger.audit_expectations import AuditFindings
from lifecycle.ledger.derived_places import (
    ClaimRow,
    DerivedPlaces,
    KeyRow,
    comparable_claim,
)
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.name_index import NAME_KINDS, NAMES_VERSION, NEAR
from lifecycle.rejections import msg

CLAIM_MISSING: Final = msg(
    "the uniqueness claim {kind} “{value}” of {stream} is missing: the event at position "
    "{position} makes it (rows that differ: {rows})"
)
CLAIM_INVENTED: Final = msg(
    "the uniqueness claim {kind} “{value}” of {stream}, position {position}, rests on no event "
    "(rows that differ: {rows})"
)
NUMBER: Final = msg(
    "the last number of {sign} in {year} is {stored} in the store and {counter} by the events "
    "(rows that differ: {rows})"
)
KEY_MISSING: Final = msg(
    "the idempotency key of the event at position {position} is missing or was changed "
    "(rows that differ: {rows})"
)
KEY_INVENTED: Final = msg(
    "the idempotency key {key}, position {position}, belongs to no event (rows that differ: {rows})"
)
HEAD_TIME: Final = msg(
    "the store's head says that it last recorded at {stored}; the last event says {recorded_at}"
)
DERIVED_RULES: Final = frozenset({"claims", "numbers", "keys", "head_time"})
"""The rules of places that are repaired from the events."""
TREE_RULES: Final = frozenset({"head", "tree"})
"""The rules of the tree's own places, which the events with their kept leaf hashes restore."""
LAWFULNESS: Final = "unlawful"
"""The rule of events that stand unchanged, though `record` would have rejected them."""
_SELECT_CLAIMS: Final = "SELECT kind, value, stream, position FROM ledger_claims WHERE kind <> ?"
_SELECT_NEAR: Final = "SELECT value, stream FROM ledger_claims WHERE kind = ?"
_SELECT_NUMBERS: Final = "SELECT sign, year, counter FROM ledger_numbers"
_SELECT_KEYS_BEYOND: Final = (
    "SELECT key, digest, position, leaf FROM ledger_keys WHERE position < 1 OR position > ?"
    " ORDER BY position, key"
)


@dataclass(frozen=True, slots=True)
class DerivedRows:
    """The rows that differ: what the store lacks, and what it holds without reason."""

    missing_claims: list[ClaimRow]
    invented_claims: list[ClaimRow]
    numbers: dict[tuple[str, int], int]
    """The last counter by the events of each sign and year whose row differs; 0 for no row."""
    missing_keys: list[KeyRow]
    invented_keys: list[KeyRow]
    recorded_at: str


def compare_derived(
    recorder: LedgerRecorder,
    cursor: Cursor,
    head: Head,
    last_position: int,
    derived: DerivedPlaces,
    findings: AuditFindings,
) -> DerivedRows | None:
    """Note the first difference of each derived place, and return every row that differs.

    None where an event cannot be read, so that nothing can be recomputed. `cursor` must see the
    state in which the events were read.
    """
    if not derived.is_readable:
        return None
    missing, invented = _compare_claims(recorder, cursor, head, derived)
    rows = DerivedRows(
        missing_claims=_in_order(missing),
        invented_claims=_in_order(invented),
        numbers=_compare_numbers(cursor, derived.numbers, findings),
        missing_keys=derived.missing_keys,
        invented_keys=derived.invented_keys + _keys_beyond(recorder, cursor, last_position),
        recorded_at=derived.recorded_at,
    )
    _note_claims(rows, findings)
    _note_keys(rows, findings)
    if rows.recorded_at != head.recorded_at:
        findings.differ(
            "head_time", HEAD_TIME, stored=head.recorded_at or "—", recorded_at=rows.recorded_at
        )
    return rows


def _compare_claims(
    recorder: LedgerRecorder, cursor: Cursor, head: Head, derived: DerivedPlaces
) -> tuple[set[ClaimRow], set[ClaimRow]]:
    """Return the claims that the store lacks, and those that it holds without reason."""
    claims = derived.claims()
    cursor.execute(recorder.sql(_SELECT_CLAIMS), (NEAR,))
    stored = {comparable_claim(*row) for row in cursor.fetchall()}
    if head.schema_version < NAMES_VERSION:
        # Its next write brings these rows, whatever an earlier program left of them.
        claims = {claim for claim in claims if claim.kind not in NAME_KINDS}
        stored = {claim for claim in stored if claim.kind not in NAME_KINDS}
        return claims - stored, stored - claims
    missing, invented = _compare_near_names(recorder, cursor, derived)
    return claims - stored | missing, stored - claims | invented


def _compare_near_names(
    recorder: LedgerRecorder, cursor: Cursor, derived: DerivedPlaces
) -> tuple[set[ClaimRow], set[ClaimRow]]:
    cursor.execute(recorder.sql(_SELECT_NEAR), (NEAR,))
    stored_sum = sum(hash(tuple(row)) for row in iter(cursor.fetchone, None))
    # Equal sums of hashes, whose seed nobody knows, spare holding a million rows twice.
    if sum(hash(row) for row in derived.near_names()) == stored_sum:
        return set(), set()
    claims = {ClaimRow(NEAR, value, stream, 0) for value, stream in derived.near_names()}
    cursor.execute(recorder.sql(_SELECT_NEAR), (NEAR,))
    stored = {ClaimRow(NEAR, value, stream, 0) for value, stream in cursor.fetchall()}
    return claims - stored, stored - claims


def _in_order(claims: set[ClaimRow]) -> list[ClaimRow]:
    return sorted(claims, key=_claim_order)


def _claim_order(claim: ClaimRow) -> tuple[int, ClaimRow]:
    return claim.position, claim


def _keys_beyond(
    recorder: LedgerRecorder,
    cursor: Cursor,
    last_position: int,
) -> list[KeyRow]:
    """Return the keys at positions where no event stands."""
    cursor.execute(recorder.sql(_SELECT_KEYS_BEYOND), (last_position,))
    return [
        KeyRow(key, digest, position, bytes(leaf))
        for key, digest, position, leaf in cursor.fetchall()
    ]


def _note_claims(rows: DerivedRows, findings: AuditFindings) -> None:
    differing = [(claim, CLAIM_MISSING) for claim in rows.missing_claims]
    differing += [(claim, CLAIM_INVENTED) for claim in rows.invented_claims]
    if not differing:
        return
    claim, template = min(differing, key=_first_claim)
    findings.differ("claims", template, rows=len(differing), **claim._asdict())


def _first_claim(differing: tuple[ClaimRow, str]) -> tuple[int, ClaimRow]:
    return _claim_order(differing[0])


def _compare_numbers(
    cursor: Cursor,
    numbers: dict[tuple[str, int], int],
    findings: AuditFindings,
) -> dict[tuple[str, int], int]:
    cursor.execute(_SELECT_NUMBERS)
    stored = {(sign, year): counter for sign, year, counter in cursor.fetchall()}
    differing: dict[tuple[str, int], int] = {}
    for place in sorted({*stored, *numbers}):
        if stored.get(place) != numbers.get(place):
            differing[place] = numbers.get(place, 0)
    if differing:
        (sign, year), counter = next(iter(differing.items()))
        findings.differ(
            "numbers",
            NUMBER,
            sign=sign,
            year=year,
            stored=stored.get((sign, year), 0),
            counter=counter,
            rows=len(differing),
        )
    return differing


def _note_keys(rows: DerivedRows, findings: AuditFindings) -> None:
    count = len(rows.missing_keys) + len(rows.invented_keys)
    if rows.missing_keys:
        position = rows.missing_keys[0].position
        findings.differ("keys", KEY_MISSING, position=position, rows=count)
    elif rows.invented_keys:
        first = rows.invented_keys[0]
        findings.differ("keys", KEY_INVENTED, key=first.key, position=first.position, rows=count)
