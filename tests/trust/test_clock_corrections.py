"""Corrections of record times put into the store outside lifecycle, the tree recomputed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events import COUNTY, Stamp
from lifecycle.events.codec import stamp_fields, state_of, topic
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.log.merkle_tree import leaf_hash, leaf_input
from tests.given import TOWN, unit

JUNE = datetime(2024, 6, 1, 9, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
Record = dict[str, Any]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Two units, recorded an hour apart."""
    times = iter([JUNE, JUNE + HOUR])
    url = f"sqlite:///{tmp_path / 'l.db'}"
    with Ledger.open(url, create=True, clock=lambda: next(times)) as ledger:
        for name in (TOWN, "另一镇"):
            ledger.record(read_record(unit(name)), Author("甲"))
        yield ledger


def correcting(first: int, last: int, moment: datetime) -> Record:
    return {
        "event": "RecordTimeCorrected",
        "occurred_on": "2024-06-01",
        "first": first,
        "last": last,
        "recorded_at": moment.isoformat(),
        "reason": "时钟误设",
        "approved_by": "张主任",
    }


def put_in(ledger: Ledger, record: Record, stamp: datetime) -> None:
    """Append an event of the county past every rule, as the owner of the file can."""
    draft = read_record(record)
    head = ledger.head()
    version = len(ledger.history(COUNTY)) + 1
    state = state_of(draft.fields, stamp_fields(Stamp(stamp, "甲")))
    name = topic(type(draft.event))
    row = (head.position + 1, COUNTY.id, version, name, state)
    leaf = leaf_hash(leaf_input(COUNTY.id, version, name, state))
    with ledger.recorder.cursor(write=True) as cursor:
        ledger.recorder.append_rows(cursor, [row], [leaf], stamp.isoformat())
        statement = ledger.recorder.sql("INSERT INTO ledger_keys VALUES (?, ?, ?, ?)")
        cursor.execute(statement, (draft.key, draft.digest, row[0], leaf))


def rules_found(ledger: Ledger) -> set[str]:
    return {difference.problem.rule for difference in verify(ledger).differences}


def test_a_lawful_one_is_no_difference(ledger: Ledger) -> None:
    put_in(ledger, correcting(2, 2, JUNE), JUNE + 2 * HOUR)
    assert rules_found(ledger) == set()


@pytest.mark.parametrize(
    "record",
    [
        # Events hidden from an earlier moment, or known before the event before them.
        correcting(1, 1, JUNE + 2 * HOUR),
        correcting(2, 2, JUNE - HOUR),
        # Positions that are not there, and a time after the correction's own.
        correcting(2, 9, JUNE + HOUR),
        correcting(1, 2, JUNE + 5 * HOUR),
    ],
)
def test_one_that_record_would_reject_is_named(ledger: Ledger, record: Record) -> None:
    put_in(ledger, record, JUNE + 2 * HOUR)
    assert "unlawful" in rules_found(ledger)


def test_a_correction_of_a_correction_is_named(ledger: Ledger) -> None:
    put_in(ledger, correcting(2, 2, JUNE), JUNE + 2 * HOUR)
    voided = {
        "event": "FactCorrected",
        "occurred_on": "2024-06-01",
        "corrects": 1,
        "replacement": None,
        "reason": "误录",
        "approved_by": "张主任",
    }
    put_in(ledger, voided, JUNE + 3 * HOUR)
    assert "unlawful" in rules_found(ledger)


def test_a_stamp_that_falls_without_a_correction_is_named(ledger: Ledger) -> None:
    put_in(ledger, correcting(2, 2, JUNE), JUNE + 2 * HOUR)
    meeting = {"event": "MeetingHeld", "occurred_on": "2024-06-01", "meeting": "ad_hoc"}
    put_in(ledger, meeting, JUNE + HOUR)
    assert "time_order" in rules_found(ledger)
