"""Every event is a row, also one that cannot be read, at the moment at which it counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from projections.views.recorded_event_rows import recorded_event_rows
from tests.given import TOWN, correction, of, reported, unit
from tests.trust.test_unreadable_events import appending

JUNE = datetime(2024, 6, 1, 9, tzinfo=SHANGHAI)
WRONG = datetime(2026, 6, 1, 9, tzinfo=SHANGHAI)
COUNTED = datetime(2024, 6, 2, 9, tzinfo=SHANGHAI)


def record(url: str, now: datetime, *records: dict[str, Any]) -> None:
    with Ledger.open(url, create=True, clock=lambda: now) as ledger:
        for each in records:
            ledger.record(read_record(each), Author("clerk-01"))


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A unit and its project, recorded in June."""
    url = f"sqlite:///{tmp_path / 'l.db'}"
    record(url, JUNE, unit(), reported())
    return url


def test_a_corrected_record_time_is_the_one_that_counts(store: str) -> None:
    record(store, WRONG, of("ConsultationHeld", "2024-05-01", outcome="passed"))
    correction_of_times = {
        "event": "RecordTimeCorrected",
        "occurred_on": "2024-06-03",
        "first": 3,
        "last": 3,
        "recorded_at": COUNTED.isoformat(),
        "reason": "时钟误设",
        "approved_by": "张主任",
    }
    record(store, JUNE + timedelta(days=2), correction_of_times)
    with Ledger.open(store) as ledger:
        rows = list(recorded_event_rows(ledger, 4))
        assert [row.recorded_at for row in rows] == [
            JUNE,
            JUNE,
            COUNTED,
            JUNE + timedelta(days=2),
        ]
        assert list(recorded_event_rows(ledger, 2)) == rows[:2]
    assert rows[2][:6] == (3, "project", "P", 2, "ConsultationHeld", date(2024, 5, 1))
    assert rows[0].stream == TOWN
    assert rows[3].stream_kind == "county"


def test_an_event_that_cannot_be_read_stands_on_its_recording_s_day(store: str) -> None:
    appending(store)("project/P", "ConsultationHeld/1", {"occurred_on": "2024-02-31"})
    record(store, datetime.now(SHANGHAI) + timedelta(seconds=1), correction(2, None))
    with Ledger.open(store) as ledger:
        *_others, unreadable, void = recorded_event_rows(ledger, 4)
    assert (unreadable.event, unreadable.corrects) == ("ConsultationHeld", None)
    assert unreadable.occurred_on == unreadable.recorded_at.date()
    assert (void.event, void.corrects) == ("FactCorrected", 2)
