"""Bytes of an earlier version are read as the current one; the stored bytes stay."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lifecycle.events import Stream
from lifecycle.events.unit_events import ActivityHeld
from lifecycle.rulebook import shipped
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from tests.given import TOWN, unit
from tests.ledgers import fill, new_ledger
from tests.outside_changes import change_outside

OLD = (
    '{"led_by_head":true,"occurred_on":"2024-03-01","recorded_at":"2024-03-01T09:00:00+08:00",'
    '"recorded_by":"a","topic":"赴杭"}'
).encode()


def test_an_activity_in_the_first_format_counts_like_a_current_one(tmp_path: Path) -> None:
    activity = {
        "event": "ActivityHeld",
        "unit": TOWN,
        "occurred_on": "2024-03-01",
        "activity": "x",
        "led_by_head": True,
    }
    with new_ledger(tmp_path) as ledger:
        fill(ledger, [unit(), activity], keep=False)
    change_outside(
        f"sqlite:///{tmp_path / 'ledger.db'}",
        (
            "UPDATE ledger_events SET topic='ActivityHeld/1', state=? WHERE originator_version = 2",
            (OLD,),
        ),
    )
    with new_ledger(tmp_path) as ledger:
        event = ledger.history(Stream("unit", TOWN))[1].event
        assert isinstance(event, ActivityHeld)
        assert event.activity == "赴杭"
        (score,) = evaluate(
            ledger, View(2024, date(2024, 12, 31), 2, shipped("kaihua-2024"))
        ).scores
        assert str(score.modules["activity"]) == "1/2"
        with ledger.rows_of_kind("unit") as rows:
            assert [row[4] for row in rows][1] == OLD
