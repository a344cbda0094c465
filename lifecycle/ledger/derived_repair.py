"""Restore from the events what the store keeps beside them: claims, numbers, keys, the tree."""

from __future__ import annotations

from itertools import islice
from typing import Final, NamedTuple

from lifecycle.deciding.corrected_stream import CorrectedStream
from lifecycle.ledger.audit_expectations import AuditExpectations, AuditFindings
from lifecycle.ledger.audit_pass import CHUNK_SIZE
from lifecycle.ledger.derived_differences import (
    DERIVED_RULES,
    LAWFULNESS,
    TREE_RULES,
    DerivedRows,
)
from lifecycle.ledger.derived_places import KeyRow
from lifecycle.ledger.known_facts import KnownFacts
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import ADD_NODE, read_head
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION, stored_bytes
from lifecycle.ledger.session_logins import AUTHORSHIP
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import run_pass
from lifecycle.log.merkle_tree import Frontier, TreeNode, hash_named, leaf_hash, leaf_input
from lifecycle.rejections import Problem, Rejected, msg

NOT_OWNER: Final = msg("only the owner of the database repairs the store")
EVENTS_DIFFER: Final = msg(
    "the events themselves differ, so nothing can be repaired from them: run `lifecycle audit "
    "verify` and restore a backup"
)
SAME_KEY: Final = msg(
    "the event at position {position} has the idempotency key {key} of another event, so one of "
    "them was not recorded by lifecycle: nothing was repaired"
)
_OF_EVENTS: Final = frozenset({LAWFULNESS, AUTHORSHIP})
"""Rules of events that stand as they were recorded: what follows from them can be restored."""
_DELETE_CLAIM: Final = "DELETE FROM ledger_claims WHERE kind = ? AND value = ? AND stream = ?"
_INSERT_CLAIM: Final = "INSERT INTO ledger_claims VALUES (?, ?, ?, ?)"
_DELETE_NUMBER: Final = "DELETE FROM ledger_numbers WHERE sign = ? AND year = ?"
_INSERT_NUMBER: Final = "INSERT INTO ledger_numbers VALUES (?, ?, ?)"
_DELETE_KEY: Final = "DELETE FROM ledger_keys WHERE key = ? AND position = ?"
_INSERT_KEY: Final = "INSERT INTO ledger_keys VALUES (?, ?, ?, ?)"
_SET_TREE: Final = "UPDATE ledger_head SET position = ?, frontier = ?"
_SET_TIME: Final = "UPDATE ledger_head SET recorded_at = ?"


class RepairResult(NamedTuple):
    """What was repaired, and what no repair changes because the events are the reason."""

    replaced: dict[str, int]
    """How many rows of each place were replaced."""
    remaining: list[Problem]


def repair_derived(ledger: Ledger) -> RepairResult:
    """Replace every derived row that differs from the events; no event is touched.

    Raises `Rejected` where the login is not the owner's, or where the events differ from what is
    known of them; what differs is named.
    """
    expected = AuditExpectations()
    findings = AuditFindings()
    recorder = ledger.recorder
    KnownFacts(ledger.head(), expected, findings).add_store_records(ledger)
    # Under the write lock nobody records between comparing and repairing.
    with recorder.cursor(write=True) as cursor:
        if not recorder.is_owner(cursor):
            raise Rejected([Problem("not_owner", NOT_OWNER)])
        stored_time = read_head(cursor).recorded_at
        _audit, rows = run_pass(recorder, cursor, expected, findings)
        differing_rules = {difference.problem.rule for difference in findings.differences}
        tree_differs = bool(differing_rules & TREE_RULES)
        if rows is None or not _events_verify(differing_rules, rows):
            reasons = _problems_without(findings, DERIVED_RULES | TREE_RULES | _OF_EVENTS)
            raise Rejected([Problem("events_differ", EVENTS_DIFFER), *reasons])
        replace_rows(recorder, cursor, rows)
        if tree_differs:
            rebuild_tree(recorder, cursor)
    replaced = {
        "claims": len(rows.missing_claims) + len(rows.invented_claims),
        "numbers": len(rows.numbers),
        "keys": len(rows.missing_keys) + len(rows.invented_keys),
        "head": int(stored_time != rows.recorded_at),
        "tree": int(tree_differs),
    }
    return RepairResult(replaced, _problems_without(findings, DERIVED_RULES | TREE_RULES))


def _problems_without(findings: AuditFindings, rules: frozenset[str]) -> list[Problem]:
    problems = [difference.problem for difference in findings.differences]
    return [problem for problem in problems if problem.rule not in rules]


def _events_verify(differing_rules: set[str], rows: DerivedRows) -> bool:
    """Return whether what differs follows from the events, and these are as they were recorded."""
    if differing_rules - DERIVED_RULES - TREE_RULES - _OF_EVENTS:
        return False
    # Where the tree differs, only the leaf hash kept beside each key says what was recorded.
    return not differing_rules & TREE_RULES or not (rows.missing_keys or rows.invented_keys)


def rebuild_tree(recorder: LedgerRecorder, cursor: Cursor) -> None:
    """Store the tree over the events anew: its nodes, and the head's position and frontier."""
    tree = Frontier(hash_=hash_named(read_head(cursor).tree_hash))
    nodes: list[TreeNode] = []
    rows = recorder.between(cursor, 1, MAX_POSITION)
    while chunk := list(islice(rows, CHUNK_SIZE)):
        leaves = [
            leaf_hash(leaf_input(row[1], row[2], row[3], stored_bytes(row)), tree.hash_)
            for row in chunk
        ]
        nodes += tree.append(leaves)
    with recorder.suspend_guards(cursor):
        cursor.execute("DELETE FROM ledger_nodes")
        cursor.executemany(recorder.sql(ADD_NODE), nodes)
        cursor.execute(recorder.sql(_SET_TREE), (tree.size, tree.pack()))


def replace_rows(
    recorder: LedgerRecorder,
    cursor: Cursor,
    rows: DerivedRows,
) -> None:
    """Replace the rows that differ, through a write transaction of the owner's."""
    _replace_claims(recorder, cursor, rows)
    _replace_numbers(recorder, cursor, rows)
    _replace_keys(recorder, cursor, rows)
    cursor.execute(recorder.sql(_SET_TIME), (rows.recorded_at,))


def _replace_claims(
    recorder: LedgerRecorder,
    cursor: Cursor,
    rows: DerivedRows,
) -> None:
    for claim in rows.invented_claims:
        cursor.execute(recorder.sql(_DELETE_CLAIM), claim[:3])
    for claim in rows.missing_claims:
        cursor.execute(recorder.sql(_INSERT_CLAIM), claim)


def _replace_numbers(
    recorder: LedgerRecorder,
    cursor: Cursor,
    rows: DerivedRows,
) -> None:
    for (sign, year), counter in rows.numbers.items():
        cursor.execute(recorder.sql(_DELETE_NUMBER), (sign, year))
        if counter:
            cursor.execute(recorder.sql(_INSERT_NUMBER), (sign, year, counter))


def _replace_keys(
    recorder: LedgerRecorder,
    cursor: Cursor,
    rows: DerivedRows,
) -> None:
    # Also where no key differs: whoever changed claims may have dropped the guards.
    with recorder.suspend_guards(cursor):
        for row in rows.invented_keys:
            cursor.execute(recorder.sql(_DELETE_KEY), (row.key, row.position))
        for row in rows.missing_keys:
            _require_own_key(recorder, cursor, row)
            cursor.execute(recorder.sql(_INSERT_KEY), row)


def _require_own_key(recorder: LedgerRecorder, cursor: Cursor, missing: KeyRow) -> None:
    """Raise `Rejected` where another event that is not void has the key of one that is not."""
    if _is_void(recorder, cursor, missing.position):
        return
    for key, _digest, position in recorder.known_keys(cursor, [missing.key]):
        if position != missing.position and not _is_void(recorder, cursor, position):
            values: dict[str, object] = {"position": missing.position, "key": key}
            raise Rejected([Problem("same_key", SAME_KEY, values)])


def _is_void(recorder: LedgerRecorder, cursor: Cursor, position: int) -> bool:
    recorded = recorder.event_at(cursor, position)
    history = recorder.stored_history(cursor, recorded.stream)
    return CorrectedStream(recorded.stream, history).is_void(recorded.version)
