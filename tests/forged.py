"""Events put into a store past the rules, by whoever owns it, with all else made to fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifecycle.deciding.drafts import Draft, read_record
from lifecycle.events.codec import stamp_fields, state_of, topic
from lifecycle.events.envelope import Stamp
from lifecycle.ledger.audit_expectations import AuditExpectations, AuditFindings
from lifecycle.ledger.derived_repair import replace_rows
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import run_pass
from lifecycle.log.merkle_tree import hash_named, leaf_hash, leaf_input
from tests.ledgers import CLERK, LATER


def append_unchecked(ledger: Ledger, record: Mapping[str, Any]) -> int:
    """Append a record's event at the end, whatever the rules say. Returns its position.

    Keys, claims, numbers and the tree are made to fit, as an insider would.
    """
    draft = read_record(record)
    recorder = ledger.recorder
    with recorder.cursor(write=True) as cursor:
        head = read_head(cursor)
        version = len(recorder.history(cursor, draft.stream)) + 1
        position = head.position + 1
        row = (position, draft.stream.id, version, topic(type(draft.event)), _state(draft))
        leaf = leaf_hash(leaf_input(*row[1:]), hash_named(head.tree_hash))
        recorder.append_rows(cursor, [row], [leaf], max(head.recorded_at, LATER.isoformat()))
    make_the_rest_fit(ledger)
    return position


def make_the_rest_fit(ledger: Ledger) -> None:
    """Derive claims, numbers and keys from the events, as the repair does."""
    with ledger.recorder.cursor(write=True) as cursor:
        expectations, findings = AuditExpectations(), AuditFindings()
        _audit, rows = run_pass(ledger.recorder, cursor, expectations, findings)
        assert rows is not None
        replace_rows(ledger.recorder, cursor, rows)


def _state(draft: Draft) -> bytes:
    stamp = Stamp(LATER, CLERK.login, imported_by=CLERK.login)
    return state_of(draft.fields, stamp_fields(stamp))
